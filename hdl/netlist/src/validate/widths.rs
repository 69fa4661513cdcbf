//! Widths of operators and operands, as [`Op`] states them.

use super::{Checker, MAX_WIDTH};
use crate::fault::count;
use crate::{Encoding, Kind, Op, Place, ValueId};

pub(super) fn check(c: &mut Checker<'_>) {
    let m = c.module;
    for (i, cell) in m.cells.iter().enumerate() {
        let value = ValueId(i as u32);
        check_width(
            c,
            cell.place,
            || format!("value `{}`", m.value_name(c.design, value)),
            cell.width,
        );
        if let Some(label) = &cell.label {
            check_kind(c, cell.place, &label.name, &label.kind, cell.width);
        }
        check_op(c, value);
    }
    for p in &m.ports {
        check_width(c, p.place, || format!("port `{}`", p.name), p.width);
        check_kind(c, p.place, &p.name, &p.kind, p.width);
    }
}

/// A width that can be had.
pub(super) fn check_width(
    c: &mut Checker<'_>,
    place: Place,
    what: impl Fn() -> String,
    width: u32,
) {
    if width == 0 || width > MAX_WIDTH {
        let message = format!("{} is {} wide", what(), count(width, "bit"));
        c.fault("N020", place, message, format!("widths go from 1 to {MAX_WIDTH}"));
    }
}

/// A kind that can read `width` bits.
pub(super) fn check_kind(c: &mut Checker<'_>, place: Place, name: &str, kind: &Kind, width: u32) {
    let (what, fits) = match kind {
        Kind::Bits | Kind::Unsigned | Kind::Signed => return,
        Kind::Bit => ("a truth value, which is 1 bit".to_string(), width == 1),
        Kind::Float { exponent, mantissa } => {
            let whole = 1 + u64::from(*exponent) + u64::from(*mantissa);
            let fits = u64::from(width) == whole && *exponent > 0;
            (format!("a float of 1 + {exponent} + {mantissa} bits"), fits)
        }
        Kind::Enum(e) => {
            let tags = e.variants.len();
            let possible = tags > 0 && (e.encoding != Encoding::OneHot || tags <= 64);
            let fits = possible && e.encoding.width(tags) <= width;
            let name = match e.encoding {
                Encoding::Binary => format!("enumeration `{}`", e.name),
                other => format!("{} enumeration `{}`", other.name(), e.name),
            };
            (format!("the {name} of {tags} variants"), fits)
        }
    };
    if !fits {
        let message = format!("`{name}` is {} wide, but read as {what}", count(width, "bit"));
        c.fault("N025", place, message, "change the width or the kind");
    }
}

/// The operator's equation asks for these widths; the sentence is the fault's help.
fn rule(op: &Op) -> &'static str {
    match op {
        Op::Wire(_) | Op::Not(_) => "the operand is as wide as the result",
        Op::And(..) | Op::Or(..) | Op::Xor(..) | Op::Add(..) | Op::Sub(..) => {
            "both operands are as wide as the result: extend or slice them"
        }
        Op::ReduceAnd(_) | Op::ReduceOr(_) | Op::ReduceXor(_) => "the result is 1 bit wide",
        Op::MulUnsigned(..) | Op::MulSigned(..) => {
            "the result is as wide as both operands together: slice it afterwards"
        }
        Op::Eq(..) | Op::LessUnsigned(..) | Op::LessSigned(..) => {
            "the operands are of one width and the result is 1 bit wide"
        }
        Op::ShiftLeft(..) | Op::ShiftRight(..) | Op::ShiftRightSigned(..) => {
            "the first operand is as wide as the result"
        }
        Op::Mux { .. } => "the condition is 1 bit wide, both choices are as wide as the result",
        Op::Select { .. } => "there is an option, and each is as wide as the result",
        Op::Concat(_) => "the result is as wide as all parts together",
        Op::Slice { .. } => "the slice lies within its operand",
        Op::Extend(_) | Op::ExtendSigned(_) => "the operand is not wider than the result",
        _ => "the constant is as wide as the result",
    }
}

fn fits(c: &Checker<'_>, op: &Op, w: u32) -> bool {
    let width = |v: &ValueId| c.module.width(*v);
    let sum = |parts: &[ValueId]| parts.iter().map(|p| u64::from(width(p))).sum::<u64>();
    match op {
        Op::Wire(a) | Op::Not(a) => width(a) == w,
        Op::And(a, b) | Op::Or(a, b) | Op::Xor(a, b) | Op::Add(a, b) | Op::Sub(a, b) => {
            width(a) == w && width(b) == w
        }
        Op::ReduceAnd(_) | Op::ReduceOr(_) | Op::ReduceXor(_) => w == 1,
        Op::MulUnsigned(a, b) | Op::MulSigned(a, b) => sum(&[*a, *b]) == u64::from(w),
        Op::Eq(a, b) | Op::LessUnsigned(a, b) | Op::LessSigned(a, b) => {
            width(a) == width(b) && w == 1
        }
        Op::ShiftLeft(a, _) | Op::ShiftRight(a, _) | Op::ShiftRightSigned(a, _) => width(a) == w,
        Op::Mux { condition, then, otherwise } => {
            width(condition) == 1 && width(then) == w && width(otherwise) == w
        }
        Op::Select { options, .. } => !options.is_empty() && options.iter().all(|o| width(o) == w),
        Op::Concat(parts) => sum(parts) == u64::from(w),
        Op::Slice { value, low } => u64::from(*low) + u64::from(w) <= u64::from(width(value)),
        Op::Extend(a) | Op::ExtendSigned(a) => width(a) <= w,
        Op::Const(_) | Op::Input(_) | Op::Undefined => true,
        Op::Register(_) | Op::ReadData { .. } | Op::InstanceOutput { .. } => true,
    }
}

fn check_op(c: &mut Checker<'_>, value: ValueId) {
    let m = c.module;
    let cell = m.cell(value);
    if let Op::Const(bits) = &cell.op
        && bits.width() != cell.width
    {
        let message =
            format!("{} is {} wide, its constant {bits}", c.show(value), count(cell.width, "bit"));
        c.fault("N024", cell.place, message, rule(&cell.op));
    }
    if fits(c, &cell.op, cell.width) {
        return;
    }
    let low = if let Op::Slice { low, .. } = cell.op {
        format!(" from bit {low}")
    } else {
        String::new()
    };
    let name = cell.op.name();
    let message = format!(
        "the widths of {} = {name} of {}{low} do not fit",
        c.show(value),
        count(cell.width, "bit")
    );
    let mut operands = Vec::new();
    cell.op.operands(|v| operands.push(v));
    let texts: Vec<_> = operands
        .iter()
        .map(|v| {
            (m.cell(*v).place, format!("{} is {} wide", c.show(*v), count(m.width(*v), "bit")))
        })
        .collect();
    c.fault("N021", cell.place, message, rule(&cell.op)).labels.extend(texts);
}
