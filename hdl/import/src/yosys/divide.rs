//! Division, which the waist has no operator for: bit by bit, as on paper.

use super::cells::Operands;
use super::module::Reader;
use olivine_netlist::{Op, ValueId};

/// Reads a division or remainder. `$div` rounds towards zero and `$mod` has the sign of the
/// dividend; `$divfloor` rounds down and `$modfloor` has the sign of the divisor. By zero:
/// undefined.
pub(super) fn read(r: &mut Reader<'_>, kind: &str, o: &Operands) -> Option<ValueId> {
    if !["$div", "$mod", "$divfloor", "$modfloor"].contains(&kind) {
        return None;
    }
    let width = r.module.width(o.a).max(r.module.width(o.b)).max(o.width);
    let [a, b] = [o.a, o.b].map(|v| r.resize(v, width, o.signed));
    let [na, nb] = [a, b].map(|v| sign(r, v, o.signed));
    let [pa, pb] = [(a, na), (b, nb)].map(|(v, negative)| negate_if(r, negative, v));
    let (quotient, remainder) = unsigned(r, pa, pb);
    let opposite = r.add(Op::Xor(na, nb), 1);
    let inexact = r.add(Op::ReduceOr(remainder), 1);
    let uneven = r.add(Op::And(opposite, inexact), 1);
    let result = match kind {
        "$div" => negate_if(r, opposite, quotient),
        "$mod" => negate_if(r, na, remainder),
        "$divfloor" => {
            let down = negate_if(r, opposite, quotient);
            let step = r.resize(uneven, width, false);
            r.add(Op::Sub(down, step), width)
        }
        _ => {
            let signed = negate_if(r, na, remainder);
            let sum = r.add(Op::Add(signed, b), width);
            r.mux(uneven, sum, signed)
        }
    };
    let nonzero = r.truth(b);
    let free = r.add(Op::Undefined, width);
    let result = r.mux(nonzero, result, free);
    Some(r.resize(result, o.width, false))
}

fn sign(r: &mut Reader<'_>, value: ValueId, signed: bool) -> ValueId {
    let low = r.module.width(value) - 1;
    if signed { r.add(Op::Slice { value, low }, 1) } else { r.number(1, 0) }
}

fn negate_if(r: &mut Reader<'_>, condition: ValueId, value: ValueId) -> ValueId {
    let width = r.module.width(value);
    let zero = r.number(width, 0);
    let negated = r.add(Op::Sub(zero, value), width);
    r.mux(condition, negated, value)
}

/// Quotient and remainder, from the most significant bit on.
fn unsigned(r: &mut Reader<'_>, a: ValueId, b: ValueId) -> (ValueId, ValueId) {
    let width = r.module.width(a);
    let wide = r.resize(b, width + 1, false);
    let mut rest = r.number(width, 0);
    let mut digits = Vec::new();
    for bit in (0..width).rev() {
        let next = r.add(Op::Slice { value: a, low: bit }, 1);
        let longer = r.add(Op::Concat([next, rest].into()), width + 1);
        let below = r.add(Op::LessUnsigned(longer, wide), 1);
        let less = r.add(Op::Sub(longer, wide), width + 1);
        let kept = r.mux(below, longer, less);
        rest = r.add(Op::Slice { value: kept, low: 0 }, width);
        digits.push(r.invert(below));
    }
    digits.reverse();
    (r.add(Op::Concat(digits.into()), width), rest)
}
