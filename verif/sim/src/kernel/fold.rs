//! What nodes mean, on constants.

use super::NodeOp;

/// `width` ones, `width` at most 64.
pub(crate) fn ones(width: u32) -> u64 {
    if width == 0 { 0 } else { u64::MAX >> (64 - width) }
}

/// `value` as a number of `bits` bits in two's complement.
fn signed(value: u64, bits: u32) -> i64 {
    let spare = 64 - bits;
    ((value << spare) as i64) >> spare
}

/// The value of a node of this width whose operands have these values; `None` for what is no
/// function of them.
pub(crate) fn fold(op: &NodeOp, width: u32, operands: &[u64]) -> Option<u64> {
    let value = match (op, operands) {
        (NodeOp::Const(value), _) => *value,
        (NodeOp::Not(_), &[a]) => !a,
        (NodeOp::And(..), &[a, b]) => a & b,
        (NodeOp::AndNot(..), &[a, b]) => a & !b,
        (NodeOp::Or(..), &[a, b]) => a | b,
        (NodeOp::Xor(..), &[a, b]) => a ^ b,
        (NodeOp::Add(..), &[a, b]) => a.wrapping_add(b),
        (NodeOp::Sub(..), &[a, b]) => a.wrapping_sub(b),
        (NodeOp::Mul(..), &[a, b]) => a.wrapping_mul(b),
        (NodeOp::MulHigh(..), &[a, b]) => ((u128::from(a) * u128::from(b)) >> 64) as u64,
        (NodeOp::Eq(..), &[a, b]) => u64::from(a == b),
        (NodeOp::Less(..), &[a, b]) => u64::from(a < b),
        (NodeOp::LessSigned { bits, .. }, &[a, b]) => {
            u64::from(signed(a, *bits) < signed(b, *bits))
        }
        (NodeOp::ShiftLeft(..), &[a, b]) => {
            if b < 64 {
                a << b
            } else {
                0
            }
        }
        (NodeOp::ShiftRight(..), &[a, b]) => {
            if b < 64 {
                a >> b
            } else {
                0
            }
        }
        (NodeOp::ShiftRightSigned { bits, .. }, &[a, b]) => (signed(a, *bits) >> b.min(63)) as u64,
        (NodeOp::Mux { .. }, &[c, a, b]) => {
            if c != 0 {
                a
            } else {
                b
            }
        }
        (NodeOp::Select(..), [index, options @ ..]) => {
            let last = options.len() - 1;
            options[usize::try_from(*index).map_or(last, |i| i.min(last))]
        }
        (NodeOp::Join(parts), values) => {
            parts.iter().zip(values).fold(0, |all, ((_, shift), v)| all | v << shift)
        }
        (NodeOp::Slice(_, low), &[a]) => a >> low,
        (NodeOp::SignExtend(_, bits), &[a]) => signed(a, *bits) as u64,
        (NodeOp::Test { low, width, .. }, &[a]) => u64::from((a >> low) & ones(*width) != 0),
        (NodeOp::Parity(_), &[a]) => u64::from(a.count_ones() % 2),
        _ => return None,
    };
    Some(value & ones(width))
}
