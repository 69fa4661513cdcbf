//! Values as Verilog expressions.
//!
//! Why widths are safe: Verilog widens the operands of an expression to its widest operand and
//! to what it is assigned to. Here every expression is as wide as its value, is assigned to a
//! name of that width, and has operands of just the widths its operator asks for, so that there
//! is nothing to widen. The exceptions: products and arithmetic shifts, which are written as
//! whole right-hand sides only, with names (or the shifted value within `$signed`) as operands;
//! parts of `{}` and arguments of `$signed`, which Verilog takes as they are. Signs: `$signed`
//! stands only where all operands of its operator have it, and never below an unsigned operator
//! that would undo it, comparisons excepted, whose operands are a context of their own.

use crate::plan::{Plan, Spot, is_two_way};
use crate::{Undefined, literal};
use olivine_netlist::{Bits, Cell, Kind, Op, ValueId};

/// The widest shift amount that all tools take.
pub(crate) const SHIFT_BITS_MAX: u32 = 31;
/// As many bits of a wider amount count; they can say more than the greatest width.
const SHIFT_BITS_USED: u32 = 21;
const _: () = assert!(olivine_netlist::MAX_WIDTH < 1 << SHIFT_BITS_USED);

/// An expression, and how tightly it binds.
pub(crate) struct Text {
    pub(crate) text: String,
    form: Form,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A name, literal, selection, concatenation or call.
    Atom,
    /// `~` before an atom.
    Inverse,
    /// A chain of one associative operator.
    Chain(&'static str),
    /// Anything else.
    Loose,
}

impl Text {
    fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), form: Form::Atom }
    }

    fn loose(text: String) -> Self {
        Self { text, form: Form::Loose }
    }

    /// As an operand of `operator`.
    fn operand(self, operator: &str) -> String {
        match self.form {
            Form::Atom | Form::Inverse => self.text,
            Form::Chain(own) if own == operator => self.text,
            _ => format!("({})", self.text),
        }
    }
}

impl Plan<'_> {
    /// `value` as an expression; a constant of an enumeration `hint` by its name.
    pub(crate) fn value(&self, value: ValueId, hint: &Kind) -> Text {
        if let Some(bits) = self.constant(value) {
            return Text::atom(self.literal(&bits, hint));
        }
        let part = self.flow.parts[value.index()];
        let base = self.module.cell(part.base);
        if matches!((&base.op, &base.label), (Op::Undefined, None)) {
            return Text::atom(self.undefined(self.module.width(value)));
        }
        match self.spot(value) {
            Some(spot) => Text::atom(spot.text()),
            None => self.cell(part.base, hint),
        }
    }

    /// [`Plan::value`] without a hint, as it stands.
    pub(crate) fn plain(&self, value: ValueId) -> String {
        self.value(value, &Kind::Bits).text
    }

    /// `value` where an operand of `&` may stand.
    pub(crate) fn factor(&self, value: ValueId) -> String {
        self.value(value, &Kind::Bits).operand("&")
    }

    /// Bits `low .. low + width` of a value that has a name or is constant.
    pub(crate) fn piece(&self, value: ValueId, low: u32, width: u32) -> String {
        if let Some(bits) = self.constant(value) {
            return literal::literal(&bits.slice(low, width));
        }
        match self.spot(value) {
            Some(spot) => spot.sub(low, width).text(),
            None => self.undefined(width),
        }
    }

    /// A constant, by name if it is a variant of `hint`.
    pub(crate) fn literal(&self, bits: &Bits, hint: &Kind) -> String {
        let name = self.enums.constant(hint, bits).map(str::to_string);
        name.unwrap_or_else(|| literal::literal(bits))
    }

    /// What is written for an undefined value.
    pub(crate) fn undefined(&self, width: u32) -> String {
        match self.options.undefined {
            Undefined::Free | Undefined::Zero => literal::literal(&Bits::zero(width)),
            Undefined::Unknown => literal::unknown(width),
        }
    }

    /// The bits of a constant without a name.
    pub(crate) fn constant(&self, value: ValueId) -> Option<Bits> {
        let part = self.flow.parts[value.index()];
        let base = self.module.cell(part.base);
        match (&base.op, &base.label) {
            (Op::Const(bits), None) => Some(bits.slice(part.low, self.module.width(value))),
            _ => None,
        }
    }

    /// The operator that defines `value`, as an expression.
    pub(crate) fn cell(&self, value: ValueId, hint: &Kind) -> Text {
        let cell = self.module.cell(value);
        match &cell.op {
            Op::Const(bits) => Text::atom(self.literal(bits, hint)),
            Op::Undefined => Text::atom(self.undefined(cell.width)),
            Op::Wire(a) => self.value(*a, hint),
            Op::Not(a) => self.inverse(*a),
            Op::And(a, b) => self.chain("&", *a, *b),
            Op::Or(a, b) => self.chain("|", *a, *b),
            Op::Xor(a, b) => self.chain("^", *a, *b),
            Op::Add(a, b) => self.chain("+", *a, *b),
            Op::Sub(a, b) => self.infix("-", *a, *b),
            Op::MulUnsigned(a, b) => self.infix("*", *a, *b),
            Op::MulSigned(a, b) => self.signed("*", *a, *b),
            Op::ReduceAnd(a) => self.reduction('&', *a),
            Op::ReduceOr(a) => self.reduction('|', *a),
            Op::ReduceXor(a) => self.reduction('^', *a),
            Op::Eq(a, b) => self.equality("==", *a, *b),
            Op::LessUnsigned(a, b) | Op::LessSigned(a, b) => self.less(&cell.op, *a, *b, false),
            Op::ShiftLeft(a, b) | Op::ShiftRight(a, b) => {
                let operator = if matches!(cell.op, Op::ShiftLeft(..)) { "<<" } else { ">>" };
                let a = self.value(*a, &Kind::Bits).operand(operator);
                Text::loose(format!("{a} {operator} {}", self.amount(*b)))
            }
            Op::ShiftRightSigned(a, b) => {
                Text::loose(format!("$signed({}) >>> {}", self.plain(*a), self.amount(*b)))
            }
            Op::Mux { condition, then, otherwise } => {
                self.choice(*condition, *then, *otherwise, hint)
            }
            Op::Select { index, options } => self.select(*index, options, hint),
            Op::Concat(parts) => self.concat(parts),
            Op::Slice { value, low } => Text::atom(self.piece(*value, *low, cell.width)),
            Op::Extend(a) => self.extend(cell, *a),
            Op::ExtendSigned(a) => self.extend_signed(cell, *a),
            Op::InstanceOutput { instance, port, element } => {
                let name = self.output_name(*instance, *port).unwrap_or_default();
                let total = self.module.instances[instance.index()].elements() * cell.width;
                let low = element * cell.width;
                let spot = Spot { name, total, low, width: cell.width };
                Text::atom(spot.text())
            }
            Op::Input(_) | Op::Register(_) | Op::ReadData { .. } => {
                Text::atom(self.own_name(value).unwrap_or_default())
            }
        }
    }

    fn chain(&self, operator: &'static str, a: ValueId, b: ValueId) -> Text {
        let a = self.value(a, &Kind::Bits).operand(operator);
        let b = self.value(b, &Kind::Bits).operand(operator);
        Text { text: format!("{a} {operator} {b}"), form: Form::Chain(operator) }
    }

    fn infix(&self, operator: &str, a: ValueId, b: ValueId) -> Text {
        let a = self.value(a, &Kind::Bits).operand(operator);
        let b = self.value(b, &Kind::Bits).operand(operator);
        Text::loose(format!("{a} {operator} {b}"))
    }

    fn signed(&self, operator: &str, a: ValueId, b: ValueId) -> Text {
        let (a, b) = (self.plain(a), self.plain(b));
        Text::loose(format!("$signed({a}) {operator} $signed({b})"))
    }

    /// What a value is shifted by. Amounts that tools refuse are cut to one that still shifts
    /// everything out.
    fn amount(&self, amount: ValueId) -> String {
        let width = self.module.width(amount);
        if width <= SHIFT_BITS_MAX {
            return self.value(amount, &Kind::Bits).operand("<<");
        }
        let high = self.piece(amount, SHIFT_BITS_USED, width - SHIFT_BITS_USED);
        let low = self.piece(amount, 0, SHIFT_BITS_USED);
        let everything = literal::literal(&Bits::ones(SHIFT_BITS_USED));
        format!("((|{high}) ? {everything} : {low})")
    }

    fn equality(&self, operator: &str, a: ValueId, b: ValueId) -> Text {
        let kind = match self.kind(a) {
            Kind::Enum(_) => self.kind(a),
            _ => self.kind(b),
        };
        let a = self.value(a, kind).operand(operator);
        let b = self.value(b, kind).operand(operator);
        Text::loose(format!("{a} {operator} {b}"))
    }

    /// A comparison, or its opposite.
    fn less(&self, op: &Op, a: ValueId, b: ValueId, opposite: bool) -> Text {
        let operator = if opposite { ">=" } else { "<" };
        match op {
            Op::LessSigned(..) => self.signed(operator, a, b),
            _ => self.infix(operator, a, b),
        }
    }

    fn inverse(&self, a: ValueId) -> Text {
        let part = self.flow.parts[a.index()];
        if self.constant(a).is_none() && self.spot(a).is_none() {
            match &self.module.cell(part.base).op {
                Op::Eq(x, y) => return self.equality("!=", *x, *y),
                op @ (Op::LessUnsigned(x, y) | Op::LessSigned(x, y)) => {
                    return self.less(op, *x, *y, true);
                }
                _ => {}
            }
        }
        let inner = self.value(a, &Kind::Bits);
        let text = match inner.form {
            Form::Atom => format!("~{}", inner.text),
            _ => format!("~({})", inner.text),
        };
        Text { text, form: Form::Inverse }
    }

    fn reduction(&self, operator: char, a: ValueId) -> Text {
        let inner = self.value(a, &Kind::Bits);
        Text::loose(match inner.form {
            Form::Atom => format!("{operator}{}", inner.text),
            _ => format!("{operator}({})", inner.text),
        })
    }

    fn choice(&self, condition: ValueId, then: ValueId, otherwise: ValueId, hint: &Kind) -> Text {
        let condition = self.value(condition, &Kind::Bits).operand("?");
        let then = self.value(then, hint).operand("?");
        let otherwise = self.value(otherwise, hint).operand("?");
        Text::loose(format!("{condition} ? {then} : {otherwise}"))
    }

    /// A selection that is an expression; the others are `case` statements.
    fn select(&self, index: ValueId, options: &[ValueId], hint: &Kind) -> Text {
        debug_assert!(is_two_way(self.module, index, options));
        match options {
            [first, second] => self.choice(index, *second, *first, hint),
            _ => self.value(options[0], hint),
        }
    }

    fn concat(&self, parts: &[ValueId]) -> Text {
        let mut pieces = Vec::new();
        self.pieces(parts, &mut pieces);
        let written = pieces.iter().map(Piece::text);
        let written: Vec<_> = written.collect();
        match (pieces.as_slice(), written.as_slice()) {
            ([Piece::Spot(_) | Piece::Text(_, 2..)], [one]) => Text::atom(one.clone()),
            (_, all) => Text::atom(format!("{{{}}}", all.join(", "))),
        }
    }

    /// The pieces of a concatenation, the most significant first: nested concatenations opened,
    /// neighbouring bits joined, equal pieces counted.
    fn pieces<'s>(&'s self, parts: &[ValueId], pieces: &mut Vec<Piece<'s>>) {
        for &part in parts.iter().rev() {
            let base = self.flow.parts[part.index()].base;
            let named = self.spot(part);
            let piece = match (named, &self.module.cell(base).op) {
                (Some(spot), _) => Piece::Spot(spot),
                (None, Op::Concat(inner)) => {
                    self.pieces(inner, pieces);
                    continue;
                }
                _ => Piece::Text(self.plain(part), 1),
            };
            let left = match pieces.last_mut() {
                Some(last) => last.absorb(piece),
                None => Some(piece),
            };
            pieces.extend(left);
        }
    }

    fn extend(&self, cell: &Cell, a: ValueId) -> Text {
        if let Some(bits) = self.constant(a) {
            return Text::atom(literal::literal(&bits.extend(cell.width)));
        }
        match cell.width - self.module.width(a) {
            0 => self.value(a, &Kind::Bits),
            more => {
                let zeros = literal::literal(&Bits::zero(more));
                Text::atom(format!("{{{zeros}, {}}}", self.plain(a)))
            }
        }
    }

    fn extend_signed(&self, cell: &Cell, a: ValueId) -> Text {
        let width = self.module.width(a);
        if let Some(bits) = self.constant(a) {
            return Text::atom(literal::literal(&bits.extend_signed(cell.width)));
        }
        if width == cell.width {
            return self.value(a, &Kind::Bits);
        }
        let sign = self.piece(a, width - 1, 1);
        let whole = self.plain(a);
        match cell.width - width {
            more if width == 1 => Text::atom(format!("{{{}{{{whole}}}}}", more + 1)),
            1 => Text::atom(format!("{{{sign}, {whole}}}")),
            more => Text::atom(format!("{{{{{more}{{{sign}}}}}, {whole}}}")),
        }
    }
}

/// A part of a concatenation.
enum Piece<'a> {
    Spot(Spot<'a>),
    /// An expression and how many times it stands there.
    Text(String, u32),
}

impl<'a> Piece<'a> {
    /// Takes in `next`, the less significant neighbour; gives it back if it does not fit.
    fn absorb(&mut self, next: Self) -> Option<Self> {
        match (&mut *self, &next) {
            (Self::Spot(high), Self::Spot(low))
                if high.name == low.name && high.low == low.low + low.width =>
            {
                (high.low, high.width) = (low.low, high.width + low.width);
                return None;
            }
            (Self::Spot(high), Self::Spot(low)) if high == low => {
                *self = Self::Text(high.text(), 2)
            }
            (Self::Text(text, count), _) if *text == next.text() => *count += 1,
            _ => return Some(next),
        }
        None
    }

    fn text(&self) -> String {
        match self {
            Self::Spot(spot) => spot.text(),
            Self::Text(text, 1) => text.clone(),
            Self::Text(text, count) => format!("{{{count}{{{text}}}}}"),
        }
    }
}
