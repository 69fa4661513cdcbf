//! [`evaluate`]: the meaning of every operator.

use olivine_netlist::{Bits, Op};

/// The value of a cell of width `width` whose operands, in the order of [`Op::operands`], have
/// these values. `None` for operators that are no function of their operands: inputs, undefined
/// values, registers, read data and instance outputs.
///
/// The operands have the widths that the operator asks for, as validation assures.
pub fn evaluate(op: &Op, width: u32, operands: &[&Bits]) -> Option<Bits> {
    let value = match (op, operands) {
        (Op::Const(bits), _) => bits.clone(),
        (Op::Wire(_), &[a]) => a.clone(),
        (Op::Not(_), &[a]) => a.not(),
        (Op::And(..), &[a, b]) => a.and(b),
        (Op::Or(..), &[a, b]) => a.or(b),
        (Op::Xor(..), &[a, b]) => a.xor(b),
        (Op::ReduceAnd(_), &[a]) => Bits::bit_of(a.all()),
        (Op::ReduceOr(_), &[a]) => Bits::bit_of(a.any()),
        (Op::ReduceXor(_), &[a]) => Bits::bit_of(a.parity()),
        (Op::Add(..), &[a, b]) => a.wrapping_add(b),
        (Op::Sub(..), &[a, b]) => a.wrapping_sub(b),
        (Op::MulUnsigned(..), &[a, b]) => a.mul(b, false),
        (Op::MulSigned(..), &[a, b]) => a.mul(b, true),
        (Op::Eq(..), &[a, b]) => Bits::bit_of(a == b),
        (Op::LessUnsigned(..), &[a, b]) => Bits::bit_of(a.less_unsigned(b)),
        (Op::LessSigned(..), &[a, b]) => Bits::bit_of(a.less_signed(b)),
        (Op::ShiftLeft(..), &[a, b]) => a.shift_left(amount(b)),
        (Op::ShiftRight(..), &[a, b]) => a.shift_right(amount(b), false),
        (Op::ShiftRightSigned(..), &[a, b]) => a.shift_right(amount(b), a.sign()),
        (Op::Mux { .. }, &[condition, then, otherwise]) => {
            if condition.any() {
                then.clone()
            } else {
                otherwise.clone()
            }
        }
        (Op::Select { .. }, [index, options @ ..]) => select(index, options).clone(),
        (Op::Concat(_), parts) => concat(width, parts),
        (Op::Slice { low, .. }, &[a]) => a.slice(*low, width),
        (Op::Extend(_), &[a]) => a.extend(width),
        (Op::ExtendSigned(_), &[a]) => a.extend_signed(width),
        _ => return None,
    };
    Some(value)
}

/// A shift amount; beyond 64 bits it is beyond every width.
fn amount(bits: &Bits) -> u64 {
    bits.to_u64().unwrap_or(u64::MAX)
}

fn select<'a>(index: &Bits, options: &[&'a Bits]) -> &'a Bits {
    let last = options.len() - 1;
    let chosen = index.to_u64().map_or(last, |i| last.min(usize::try_from(i).unwrap_or(last)));
    options[chosen]
}

fn concat(width: u32, parts: &[&Bits]) -> Bits {
    let Some((first, rest)) = parts.split_first() else { return Bits::zero(width) };
    rest.iter().fold((*first).clone(), |low, high| low.concat(high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use olivine_netlist::ValueId;

    const A: ValueId = ValueId(0);
    const B: ValueId = ValueId(1);
    const C: ValueId = ValueId(2);

    /// Each operand and the result as `(width, value)`.
    #[track_caller]
    fn check<const N: usize>(op: &Op, operands: [(u32, u64); N], expect: (u32, u64)) {
        let operands = operands.map(|(width, value)| Bits::new(width, value));
        let refs: Vec<&Bits> = operands.iter().collect();
        let expect = Bits::new(expect.0, expect.1);
        assert_eq!(evaluate(op, expect.width(), &refs), Some(expect), "{}", op.name());
    }

    #[test]
    fn bitwise() {
        check(&Op::Const(Bits::new(4, 9)), [], (4, 9));
        check(&Op::Wire(A), [(4, 9)], (4, 9));
        check(&Op::Not(A), [(4, 9)], (4, 6));
        check(&Op::And(A, B), [(4, 12), (4, 10)], (4, 8));
        check(&Op::Or(A, B), [(4, 12), (4, 10)], (4, 14));
        check(&Op::Xor(A, B), [(4, 12), (4, 10)], (4, 6));
        check(&Op::ReduceAnd(A), [(3, 7)], (1, 1));
        check(&Op::ReduceAnd(A), [(3, 6)], (1, 0));
        check(&Op::ReduceOr(A), [(3, 4)], (1, 1));
        check(&Op::ReduceOr(A), [(3, 0)], (1, 0));
        check(&Op::ReduceXor(A), [(3, 7)], (1, 1));
        check(&Op::ReduceXor(A), [(3, 5)], (1, 0));
    }

    #[test]
    fn arithmetic() {
        check(&Op::Add(A, B), [(8, 200), (8, 100)], (8, 44));
        check(&Op::Sub(A, B), [(8, 1), (8, 2)], (8, 255));
        check(&Op::MulUnsigned(A, B), [(8, 255), (4, 15)], (12, 3825));
        check(&Op::MulSigned(A, B), [(8, 0x80), (8, 0x80)], (16, 0x4000));
        check(&Op::MulSigned(A, B), [(8, 0xff), (4, 7)], (12, 0xff9));
        check(&Op::Eq(A, B), [(8, 3), (8, 3)], (1, 1));
        check(&Op::LessUnsigned(A, B), [(8, 0x80), (8, 1)], (1, 0));
        check(&Op::LessSigned(A, B), [(8, 0x80), (8, 1)], (1, 1));
    }

    #[test]
    fn shifts_run_out_at_the_width() {
        check(&Op::ShiftLeft(A, B), [(8, 0x81), (3, 1)], (8, 2));
        check(&Op::ShiftLeft(A, B), [(8, 0x81), (8, 8)], (8, 0));
        check(&Op::ShiftRight(A, B), [(8, 0x81), (64, 1)], (8, 0x40));
        check(&Op::ShiftRight(A, B), [(8, 0x81), (64, u64::MAX)], (8, 0));
        check(&Op::ShiftRightSigned(A, B), [(8, 0x81), (3, 1)], (8, 0xc0));
        check(&Op::ShiftRightSigned(A, B), [(8, 0x81), (64, u64::MAX)], (8, 0xff));
        let (word, far) = (Bits::ones(8), Bits::from_words(65, &[0, 1]));
        assert_eq!(evaluate(&Op::ShiftLeft(A, B), 8, &[&word, &far]), Some(Bits::zero(8)));
    }

    #[test]
    fn choices() {
        let mux = Op::Mux { condition: A, then: B, otherwise: C };
        check(&mux, [(1, 1), (8, 3), (8, 5)], (8, 3));
        check(&mux, [(1, 0), (8, 3), (8, 5)], (8, 5));
        let select = Op::Select { index: A, options: Box::new([B, C]) };
        check(&select, [(7, 0), (8, 3), (8, 5)], (8, 3));
        check(&select, [(7, 1), (8, 3), (8, 5)], (8, 5));
        check(&select, [(7, 99), (8, 3), (8, 5)], (8, 5));
    }

    #[test]
    fn parts() {
        check(&Op::Concat(Box::new([A, B, C])), [(4, 1), (1, 1), (3, 2)], (8, 0b0101_0001));
        check(&Op::Slice { value: A, low: 3 }, [(8, 0xa8)], (4, 5));
        check(&Op::Extend(A), [(4, 9)], (70, 9));
        check(&Op::ExtendSigned(A), [(4, 9)], (8, 0xf9));
    }

    #[test]
    fn what_is_no_function_has_no_value() {
        assert_eq!(evaluate(&Op::Undefined, 1, &[]), None);
    }
}
