//! Multipliers of several structures, right and wrong ones, in the text form.

use crate::common::module;
use olivine_netlist::Design;

/// What is wrong with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// A row is left out.
    RowDropped,
    /// A carry is not moved up.
    CarryInPlace,
    /// A digit's sign is that of the next one.
    SignMisread,
    /// The last row has a bit less.
    RowNarrow,
}

/// Lines of a module on their way.
struct Lines {
    width: u32,
    text: String,
    count: u32,
}

impl Lines {
    fn new(width: u32) -> Self {
        let double = 2 * width;
        let text = format!(
            "input a : {width}\ninput b : {width}\noutput y : {double} = y
            a : {width} = input a\nb : {width} = input b\nnone : {double} = {double}'h0\nno : 1 = 1'h0
            wide : {double} = extend(a)\n"
        );
        Self { width, text, count: 0 }
    }

    fn value(&mut self, width: u32, op: &str) -> String {
        self.count += 1;
        let name = format!("v{}", self.count);
        self.text += &format!("{name} : {width} = {op}\n");
        name
    }

    fn double(&mut self, op: &str) -> String {
        self.value(2 * self.width, op)
    }

    fn moved(&mut self, value: &str, by: u32) -> String {
        if by == 0 {
            return value.to_string();
        }
        let below = self.value(by, &format!("{by}'h0"));
        let above = self.value(2 * self.width - by, &format!("slice({value}, 0)"));
        self.double(&format!("concat({below}, {above})"))
    }

    fn rows(&mut self, fault: Fault) -> Vec<String> {
        let mut rows = Vec::new();
        for i in 0..self.width {
            let bit = self.value(1, &format!("slice(b, {i})"));
            let last = i == self.width - 1;
            let mut row = "wide".to_string();
            if last && fault == Fault::RowNarrow {
                let narrow = self.value(self.width - 1, "slice(a, 0)");
                row = self.double(&format!("extend({narrow})"));
            }
            let row = self.double(&format!("mux({bit}, {row}, none)"));
            if !(fault == Fault::RowDropped && i == 2) {
                rows.push(self.moved(&row, i));
            }
        }
        rows
    }

    fn added(&mut self, rows: &[String]) -> String {
        let mut sum = rows[0].clone();
        for row in &rows[1..] {
            sum = self.double(&format!("add({sum}, {row})"));
        }
        sum
    }

    /// Three into two until two are left.
    fn tree(&mut self, mut rows: Vec<String>, fault: Fault) -> String {
        let mut last_carry = fault == Fault::CarryInPlace;
        while rows.len() > 2 {
            let mut fewer = Vec::new();
            for group in rows.chunks(3) {
                let [a, b, c] = group else {
                    fewer.extend_from_slice(group);
                    continue;
                };
                let half = self.double(&format!("xor({a}, {b})"));
                fewer.push(self.double(&format!("xor({c}, {half})")));
                let both = self.double(&format!("and({b}, {a})"));
                let one = self.double(&format!("and({half}, {c})"));
                let carry = self.double(&format!("or({one}, {both})"));
                let by = u32::from(!std::mem::take(&mut last_carry));
                fewer.push(self.moved(&carry, by));
            }
            rows = fewer;
        }
        self.added(&rows)
    }

    fn end(self, product: &str) -> Design {
        let double = 2 * self.width;
        module(&format!("{}y : {double} = wire({product})\n", self.text))
    }
}

/// Rows one after the other.
pub fn array(width: u32) -> Design {
    let mut lines = Lines::new(width);
    let rows = lines.rows(Fault::None);
    let sum = lines.added(&rows);
    lines.end(&sum)
}

/// The operator.
pub fn operator(width: u32) -> Design {
    let mut lines = Lines::new(width);
    let product = lines.double("mul_unsigned(a, b)");
    lines.end(&product)
}

/// Rows by a tree of carry-save adders.
pub fn wallace(width: u32, fault: Fault) -> Design {
    let mut lines = Lines::new(width);
    let rows = lines.rows(fault);
    let sum = lines.tree(rows, fault);
    lines.end(&sum)
}

/// Digits of two bits, from -2 to 2.
pub fn booth(width: u32, fault: Fault) -> Design {
    let mut lines = Lines::new(width);
    let twice = lines.moved("wide", 1);
    let mut rows = Vec::new();
    for low in (0..=width).step_by(2) {
        let [below, first, mut second] = [low, low + 1, low + 2].map(|i| {
            let inside = (1..=width).contains(&i);
            if inside { lines.value(1, &format!("slice(b, {})", i - 1)) } else { "no".to_string() }
        });
        if low == 2 && fault == Fault::SignMisread {
            second = first.clone();
        }
        let one = lines.value(1, &format!("xor({below}, {first})"));
        let same = lines.value(1, &format!("not({one})"));
        let turn = lines.value(1, &format!("xor({second}, {first})"));
        let two = lines.value(1, &format!("and({same}, {turn})"));
        let row = lines.double(&format!("mux({two}, {twice}, none)"));
        let row = lines.double(&format!("mux({one}, wide, {row})"));
        let inverted = lines.double(&format!("not({row})"));
        let row = lines.double(&format!("mux({second}, {inverted}, {row})"));
        rows.push(lines.moved(&row, low));
        let negative = lines.double(&format!("extend({second})"));
        rows.push(lines.moved(&negative, low));
    }
    let sum = lines.tree(rows, fault);
    lines.end(&sum)
}

/// Every bit by itself: full adders row after row.
pub fn of_bits(width: u32, fault: Fault) -> Design {
    let mut lines = Lines::new(width);
    let mut sum: Vec<String> = vec!["no".to_string(); 2 * width as usize];
    for i in 0..width {
        let mut carry = "no".to_string();
        for j in 0..width {
            let at = (i + j) as usize;
            let x = lines.value(1, &format!("slice(a, {j})"));
            let y = lines.value(1, &format!("slice(b, {i})"));
            let product = lines.value(1, &format!("and({x}, {y})"));
            if fault == Fault::RowDropped && (i, j) == (1, 1) {
                continue;
            }
            let half = lines.value(1, &format!("xor({}, {product})", sum[at]));
            let both = lines.value(1, &format!("and({}, {product})", sum[at]));
            let one = lines.value(1, &format!("and({half}, {carry})"));
            sum[at] = lines.value(1, &format!("xor({half}, {carry})"));
            carry = lines.value(1, &format!("or({both}, {one})"));
        }
        sum[(i + width) as usize] = carry;
    }
    let joined = lines.double(&format!("concat({})", sum.join(", ")));
    lines.end(&joined)
}
