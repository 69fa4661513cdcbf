//! Shifts.

use super::cells::Operands;
use super::json::SourceCell;
use super::module::Reader;
use olivine_netlist::{Op, ValueId};

/// Reads a shift. The operand is extended by its own sign to the wider of it and the result; what
/// enters is zero, but for `$sshr` of a signed operand, and undefined for `$shiftx`.
pub(super) fn read(
    r: &mut Reader<'_>,
    cell: &SourceCell,
    kind: &str,
    o: &Operands,
) -> Option<ValueId> {
    let signed = cell.flag("A_SIGNED");
    let width = r.module.width(o.a).max(o.width);
    let wide = |r: &mut Reader<'_>| r.resize(o.a, width, signed);
    let shifted = match kind {
        "$shl" | "$sshl" => {
            let a = wide(r);
            r.add(Op::ShiftLeft(a, o.b), width)
        }
        "$sshr" if signed => {
            let a = wide(r);
            r.add(Op::ShiftRightSigned(a, o.b), width)
        }
        "$shr" | "$sshr" => {
            let a = wide(r);
            r.add(Op::ShiftRight(a, o.b), width)
        }
        "$shift" => {
            let a = wide(r);
            either_way(r, a, o.b, cell.flag("B_SIGNED"))
        }
        "$shiftx" => return Some(undefined_outside(r, o, cell.flag("B_SIGNED"))),
        _ => return None,
    };
    Some(r.resize(shifted, o.width, false))
}

/// To the right by `by`; to the left, if it is negative.
fn either_way(r: &mut Reader<'_>, a: ValueId, by: ValueId, signed: bool) -> ValueId {
    let (width, bits) = (r.module.width(a), r.module.width(by));
    let right = r.add(Op::ShiftRight(a, by), width);
    if !signed {
        return right;
    }
    let negative = r.add(Op::Slice { value: by, low: bits - 1 }, 1);
    let zero = r.number(bits, 0);
    let magnitude = r.add(Op::Sub(zero, by), bits);
    let left = r.add(Op::ShiftLeft(a, magnitude), width);
    r.mux(negative, left, right)
}

/// `a[b +: width]`, undefined where that lies outside of `a`.
fn undefined_outside(r: &mut Reader<'_>, o: &Operands, signed: bool) -> ValueId {
    let wide = r.module.width(o.a).max(o.width);
    let a = r.resize(o.a, wide, false);
    let result = either_way(r, a, o.b, signed);
    let result = r.resize(result, o.width, false);
    let (inside, bits) = (r.module.width(o.a), r.module.width(o.b));
    let farthest = u64::from(o.width) + if bits < 32 { (1 << bits) - 1 } else { 1 << 32 };
    if !signed && farthest <= u64::from(inside) {
        return result;
    }
    let ones = olivine_netlist::Bits::ones(inside);
    let all = r.add(Op::Const(ones), inside);
    let all = r.resize(all, wide, false);
    let defined = either_way(r, all, o.b, signed);
    let defined = r.resize(defined, o.width, false);
    let outside = r.invert(defined);
    let free = r.add(Op::Undefined, o.width);
    let free = r.add(Op::And(free, outside), o.width);
    r.add(Op::Or(result, free), o.width)
}
