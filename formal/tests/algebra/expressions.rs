//! Random expressions, each written in two ways, now and then wrongly: every verdict against all
//! patterns.

use crate::by;
use crate::common::module;
use olivine_formal::fuzz::explicit::Explicit;
use olivine_formal::fuzz::judge;
use olivine_formal::{Certificate, Engine, Evidence, Options};
use olivine_netlist::Design;
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::BTreeMap;

/// A value as each side writes it.
#[derive(Clone)]
struct Both {
    width: u32,
    sides: [String; 2],
}

struct Writer<'a> {
    choices: std::slice::Iter<'a, u32>,
    text: String,
    count: u32,
    values: Vec<Both>,
}

const WIDEST: u32 = 9;

impl Writer<'_> {
    fn below(&mut self, bound: u32) -> u32 {
        self.choices.next().copied().unwrap_or(0) % bound
    }

    fn value(&mut self, width: u32, op: &str) -> String {
        self.count += 1;
        let name = format!("v{}", self.count);
        self.text += &format!("{name} : {width} = {op}\n");
        name
    }

    fn number(&mut self, width: u32, number: u32) -> String {
        let number = number & ((1 << width) - 1);
        self.value(width, &format!("{width}'h{number:x}"))
    }

    fn any(&mut self) -> Both {
        let index = self.below(self.values.len() as u32);
        self.values[index as usize].clone()
    }

    /// A value of this width: cut, or with zeros or its sign above.
    fn of_width(&mut self, width: u32) -> Both {
        let value = self.any();
        let op = match value.width {
            own if own == width => return value,
            own if own > width => {
                let low = self.below(2).min(own - width);
                [format!("slice(#, {low})"), format!("slice(#, {low})")]
            }
            own => match self.below(3) {
                0 => ["extend_signed(#)".into(), "extend_signed(#)".into()],
                _ => {
                    let zeros = self.number(width - own, 0);
                    ["extend(#)".into(), format!("concat(#, {zeros})")]
                }
            },
        };
        let sides = [0, 1].map(|i| self.value(width, &op[i].replace('#', &value.sides[i])));
        Both { width, sides }
    }

    /// One more value, the second side's by other means.
    fn step(&mut self) {
        let width = 1 + self.below(WIDEST - 1);
        let [x, y, z] = [0; 3].map(|_| self.of_width(width));
        let first = |v: &Both| v.sides[0].clone();
        let (a, b, c) = (first(&x), first(&y), first(&z));
        let [p, q, r] = [&x, &y, &z].map(|v| v.sides[1].clone());
        let wrong = self.below(16) == 0;
        let kind = self.below(11);
        let two = |name: &str, a: &str, b: &str| format!("{name}({a}, {b})");
        let (plain, other) = match kind {
            0 => (self.value(width, &two("add", &a, &b)), self.as_bits(&p, &q, width, wrong)),
            1 => (self.value(width, &two("sub", &a, &b)), self.as_complement(&p, &q, width, wrong)),
            2 => {
                let sum = self.value(width, &two("add", &b, &c));
                let sum = self.value(width, &two("add", &sum, &a));
                (sum, self.with_carry(&[p, q, r], width, wrong))
            }
            3 => {
                let or = self.value(width, &two("or", &a, &b));
                let sum = self.value(width, &two("add", &p, &q));
                let less = if wrong { "or" } else { "and" };
                let both = self.value(width, &two(less, &q, &p));
                (or, self.value(width, &two("sub", &sum, &both)))
            }
            4 => {
                let xor = self.value(width, &two("xor", &a, &b));
                let or = self.value(width, &two("or", &q, &p));
                let less = if wrong { "xor" } else { "and" };
                let both = self.value(width, &two(less, &q, &p));
                (xor, self.value(width, &two("sub", &or, &both)))
            }
            5 => {
                let bit = self.of_width(1);
                let mux = self.value(width, &format!("mux({}, {a}, {b})", bit.sides[0]));
                let options = if wrong { two("select", "?", &p) } else { two("select", "?", &q) };
                let options = options.replace(')', &format!(", {p})")).replace('?', &bit.sides[1]);
                (mux, self.value(width, &options))
            }
            6 => {
                let not = self.value(width, &format!("not({a})"));
                let ones = self.number(width, if wrong { 0 } else { u32::MAX });
                (not, self.value(width, &two("sub", &ones, &p)))
            }
            7 => {
                let by = self.below(width);
                let amount = self.number(4, by);
                let plain = self.value(width, &two("shift_left", &a, &amount));
                let factor = self.number(width, 1 << (by + u32::from(wrong)));
                let product = self.value(2 * width, &two("mul_unsigned", &factor, &p));
                (plain, self.value(width, &format!("slice({product}, 0)")))
            }
            8 => self.product(&x, &y, wrong),
            9 => {
                let bit = self.of_width(1);
                let condition = self.value(1, &two("eq", &a, &b));
                let plain = self.value(1, &two("and", &condition, &bit.sides[0]));
                let differ = self.value(width, &two("sub", &q, &p));
                let some = self.value(1, &format!("reduce_or({differ})"));
                let none = if wrong { some } else { self.value(1, &format!("not({some})")) };
                let other = self.value(1, &two("and", &bit.sides[1], &none));
                self.values.push(Both { width: 1, sides: [plain, other] });
                return;
            }
            _ => {
                // Bits that are taken apart and joined, or left in the wrong order.
                let plain = self.value(width, &two("add", &a, &b));
                let sum = self.value(width, &two("add", &q, &p));
                let bits: Vec<String> =
                    (0..width).map(|i| self.value(1, &format!("slice({sum}, {i})"))).collect();
                let mut bits = bits;
                if wrong {
                    bits.reverse();
                }
                (plain, self.value(width, &format!("concat({})", bits.join(", "))))
            }
        };
        self.values.push(Both { width, sides: [plain, other] });
    }

    /// A sum as what differs and twice what both have.
    fn as_bits(&mut self, p: &str, q: &str, width: u32, wrong: bool) -> String {
        let differ = self.value(width, &format!("xor({p}, {q})"));
        let both = self.value(width, &format!("and({p}, {q})"));
        let one = self.number(2, u32::from(!wrong));
        let twice = self.value(width, &format!("shift_left({both}, {one})"));
        self.value(width, &format!("add({twice}, {differ})"))
    }

    fn as_complement(&mut self, p: &str, q: &str, width: u32, wrong: bool) -> String {
        let not = self.value(width, &format!("not({q})"));
        let sum = self.value(width, &format!("add({not}, {p})"));
        let one = self.number(width, u32::from(!wrong));
        self.value(width, &format!("add({one}, {sum})"))
    }

    /// Three by a carry-save adder; the carry in one of its forms.
    fn with_carry(&mut self, [p, q, r]: &[String; 3], width: u32, wrong: bool) -> String {
        let half = self.value(width, &format!("xor({p}, {q})"));
        let sum = self.value(width, &format!("xor({half}, {r})"));
        let both = self.value(width, &format!("and({p}, {q})"));
        let either = match self.below(2) {
            0 => half,
            _ => self.value(width, &format!("or({p}, {q})")),
        };
        let one = self.value(width, &format!("and({r}, {either})"));
        let join = if wrong { "and" } else { "or" };
        let carry = self.value(width, &format!("{join}({one}, {both})"));
        let twice = self.value(width, &format!("add({carry}, {carry})"));
        self.value(width, &format!("add({twice}, {sum})"))
    }

    /// The full product, and the sum of products with both parts of a factor; cut to fit.
    fn product(&mut self, x: &Both, y: &Both, wrong: bool) -> (String, String) {
        let (width, signed) = (x.width, self.below(2) == 1);
        let (mul, extend) =
            if signed { ("mul_signed", "extend_signed") } else { ("mul_unsigned", "extend") };
        let plain = self.value(2 * width, &format!("{mul}({}, {})", x.sides[0], y.sides[0]));
        let extend = if wrong { "extend" } else { extend };
        let [p, q] = [&x.sides[1], &y.sides[1]]
            .map(|side| self.value(2 * width, &format!("{extend}({side})")));
        let whole = self.value(4 * width, &format!("mul_unsigned({q}, {p})"));
        let other = self.value(2 * width, &format!("slice({whole}, 0)"));
        let low = self.below(width);
        let [first, second] =
            [plain, other].map(|v| self.value(width, &format!("slice({v}, {low})")));
        (first, second)
    }
}

/// A module that asserts that the last values are equal, both ways of writing it.
fn written(choices: &[u32]) -> Design {
    let text = "input a : 2\ninput b : 2\ninput c : 1\na : 2 = input a\nb : 2 = input b
        c : 1 = input c\n";
    let leaves = [("a", 2), ("b", 2), ("c", 1)];
    let leaves = leaves.map(|(name, width)| Both { width, sides: [name.into(), name.into()] });
    let mut writer = Writer {
        choices: choices.iter(),
        text: text.to_string(),
        count: 0,
        values: leaves.to_vec(),
    };
    for _ in 0..3 + writer.below(6) {
        writer.step();
    }
    let last = writer.values.len() - 1;
    let Both { sides: [first, second], .. } = writer.values[last].clone();
    let same = writer.value(1, &format!("eq({first}, {second})"));
    let text = format!("{}assert \"the same\" {same}", writer.text);
    module(&text)
}

/// Whether the checker takes the bare claim.
fn is_taken_bare(design: &Design) -> bool {
    let options = Options::default();
    let claimed = Certificate {
        design: design.digest(),
        start: options.start,
        properties: vec!["the same".to_string()],
        evidence: Evidence::Algebra { merges: Vec::new() },
        given: Vec::new(),
    };
    claimed.check(design, None).is_ok()
}

#[test]
fn random_expressions_against_all_patterns() {
    let mut runner = TestRunner::deterministic();
    let choices = vec(proptest::arbitrary::any::<u32>(), 120);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..CASES {
        let choices = choices.new_tree(&mut runner).unwrap().current();
        let design = written(&choices);
        let words = judge(&design, &by(Engine::Algebra)).unwrap_or_else(|why| panic!("{why}"));
        let word = words[0];
        *seen.entry(word).or_default() += 1;
        if word != "proved" {
            let explicit = Explicit::new(&design, 0, 5).expect("it is small");
            let hit = explicit.search(Options::default().start, 1).hits[0];
            assert!(hit.is_none() || !is_taken_bare(&design), "{design}");
            *seen.entry(if hit.is_none() { "missed" } else { "wrong" }).or_default() += 1;
        }
    }
    assert!(seen["proved"] > CASES / 4 && seen["wrong"] > CASES / 20, "{seen:?}");
}

const CASES: u32 = 500;
