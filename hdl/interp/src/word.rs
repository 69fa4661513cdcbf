//! The common case: cells whose operands and result fit one 64-bit word, without [`Bits`].
//!
//! [`evaluate`](crate::evaluate) says what operators mean; this says it again for machine words,
//! and is tested against it.
//!
//! [`Bits`]: olivine_netlist::Bits

use crate::values::Values;
use olivine_netlist::{Module, Op, ValueId};

/// An operator on words. Operands are indices of words.
#[derive(Clone, Debug)]
pub(crate) struct WordStep {
    to: u32,
    /// Ones in the bits of the result's width.
    mask: u64,
    op: WordOp,
}

#[derive(Clone, Debug)]
enum WordOp {
    Copy(u32),
    Not(u32),
    And(u32, u32),
    Or(u32, u32),
    Xor(u32, u32),
    /// True if the word equals the constant.
    Is(u32, u64),
    ReduceOr(u32),
    ReduceXor(u32),
    Add(u32, u32),
    Sub(u32, u32),
    Mul(u32, u32),
    /// With the operands' spare bits.
    MulSigned(u32, u32, [u8; 2]),
    Eq(u32, u32),
    LessUnsigned(u32, u32),
    /// With the operands' spare bits.
    LessSigned(u32, u32, u8),
    ShiftLeft(u32, u32),
    ShiftRight(u32, u32),
    /// With the operand's spare bits.
    ShiftRightSigned(u32, u32, u8),
    Mux(u32, u32, u32),
    Select(u32, Box<[u32]>),
    /// Words with the shift that brings each to its place.
    Concat(Box<[(u32, u8)]>),
    Slice(u32, u8),
    /// With the operand's spare bits.
    ExtendSigned(u32, u8),
}

/// `word` as two's complement with `spare` unused bits at the top.
fn signed(word: u64, spare: u8) -> i64 {
    ((word << spare) as i64) >> spare
}

/// Shifts the word out entirely for amounts of 64 and more.
fn shift(amount: u64, by: impl Fn(u32) -> u64, beyond: u64) -> u64 {
    if amount < 64 { by(amount as u32) } else { beyond }
}

impl WordStep {
    /// The step for a cell, if it and its operands fit words.
    pub fn new(flat: &Module, values: &Values, value: ValueId) -> Option<Self> {
        let cell = flat.cell(value);
        let mut fits = cell.width <= 64;
        cell.op.operands(|operand| fits &= values.width(operand) <= 64);
        if !fits {
            return None;
        }
        let at = |v: ValueId| values.start(v);
        let spare = |v: ValueId| 64 - values.width(v) as u8;
        let op = match &cell.op {
            Op::Wire(a) | Op::Extend(a) => WordOp::Copy(at(*a)),
            Op::Not(a) => WordOp::Not(at(*a)),
            Op::And(a, b) => WordOp::And(at(*a), at(*b)),
            Op::Or(a, b) => WordOp::Or(at(*a), at(*b)),
            Op::Xor(a, b) => WordOp::Xor(at(*a), at(*b)),
            Op::ReduceAnd(a) => WordOp::Is(at(*a), u64::MAX >> spare(*a)),
            Op::ReduceOr(a) => WordOp::ReduceOr(at(*a)),
            Op::ReduceXor(a) => WordOp::ReduceXor(at(*a)),
            Op::Add(a, b) => WordOp::Add(at(*a), at(*b)),
            Op::Sub(a, b) => WordOp::Sub(at(*a), at(*b)),
            Op::MulUnsigned(a, b) => WordOp::Mul(at(*a), at(*b)),
            Op::MulSigned(a, b) => WordOp::MulSigned(at(*a), at(*b), [spare(*a), spare(*b)]),
            Op::Eq(a, b) => WordOp::Eq(at(*a), at(*b)),
            Op::LessUnsigned(a, b) => WordOp::LessUnsigned(at(*a), at(*b)),
            Op::LessSigned(a, b) => WordOp::LessSigned(at(*a), at(*b), spare(*a)),
            Op::ShiftLeft(a, b) => WordOp::ShiftLeft(at(*a), at(*b)),
            Op::ShiftRight(a, b) => WordOp::ShiftRight(at(*a), at(*b)),
            Op::ShiftRightSigned(a, b) => WordOp::ShiftRightSigned(at(*a), at(*b), spare(*a)),
            Op::Mux { condition, then, otherwise } => {
                WordOp::Mux(at(*condition), at(*then), at(*otherwise))
            }
            Op::Select { index, options } => {
                WordOp::Select(at(*index), options.iter().map(|o| at(*o)).collect())
            }
            Op::Concat(parts) => WordOp::Concat(placed(values, parts)),
            Op::Slice { value, low } => WordOp::Slice(at(*value), *low as u8),
            Op::ExtendSigned(a) => WordOp::ExtendSigned(at(*a), spare(*a)),
            Op::Const(_) | Op::Input(_) | Op::Undefined | Op::Register(_) => return None,
            Op::ReadData { .. } | Op::InstanceOutput { .. } => return None,
        };
        Some(Self { to: at(value), mask: u64::MAX >> spare(value), op })
    }

    /// Does it.
    pub fn run(&self, words: &mut [u64]) {
        let at = |i: u32| words[i as usize];
        let result = match &self.op {
            WordOp::Copy(a) => at(*a),
            WordOp::Not(a) => !at(*a),
            WordOp::And(a, b) => at(*a) & at(*b),
            WordOp::Or(a, b) => at(*a) | at(*b),
            WordOp::Xor(a, b) => at(*a) ^ at(*b),
            WordOp::Is(a, constant) => u64::from(at(*a) == *constant),
            WordOp::ReduceOr(a) => u64::from(at(*a) != 0),
            WordOp::ReduceXor(a) => u64::from(at(*a).count_ones() % 2),
            WordOp::Add(a, b) => at(*a).wrapping_add(at(*b)),
            WordOp::Sub(a, b) => at(*a).wrapping_sub(at(*b)),
            WordOp::Mul(a, b) => at(*a).wrapping_mul(at(*b)),
            WordOp::MulSigned(a, b, [sa, sb]) => {
                signed(at(*a), *sa).wrapping_mul(signed(at(*b), *sb)) as u64
            }
            WordOp::Eq(a, b) => u64::from(at(*a) == at(*b)),
            WordOp::LessUnsigned(a, b) => u64::from(at(*a) < at(*b)),
            WordOp::LessSigned(a, b, s) => u64::from(signed(at(*a), *s) < signed(at(*b), *s)),
            WordOp::ShiftLeft(a, b) => shift(at(*b), |n| at(*a) << n, 0),
            WordOp::ShiftRight(a, b) => shift(at(*b), |n| at(*a) >> n, 0),
            WordOp::ShiftRightSigned(a, b, s) => {
                let value = signed(at(*a), *s);
                shift(at(*b), |n| (value >> n) as u64, (value >> 63) as u64)
            }
            WordOp::Mux(c, a, b) => at(if at(*c) != 0 { *a } else { *b }),
            WordOp::Select(index, options) => {
                let last = options.len() - 1;
                at(options[usize::try_from(at(*index)).map_or(last, |i| i.min(last))])
            }
            WordOp::Concat(parts) => parts.iter().fold(0, |all, (a, n)| all | at(*a) << n),
            WordOp::Slice(a, low) => at(*a) >> low,
            WordOp::ExtendSigned(a, s) => signed(at(*a), *s) as u64,
        };
        words[self.to as usize] = result & self.mask;
    }
}

fn placed(values: &Values, parts: &[ValueId]) -> Box<[(u32, u8)]> {
    let mut shift = 0;
    let place = |part: &ValueId| {
        let at = shift;
        shift += values.width(*part);
        (values.start(*part), at as u8)
    };
    parts.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{evaluate, undefined_bits};
    use olivine_netlist::{Bits, Place};

    /// Every operator on operands `a` and `b` of width `n`, `c` of one bit, `d` of width `k`.
    fn operators(n: u32, k: u32) -> Vec<(Op, u32)> {
        let [a, b, c, d] = [0, 1, 2, 3].map(ValueId);
        let mut list = vec![
            (Op::Wire(a), n),
            (Op::Not(a), n),
            (Op::And(a, b), n),
            (Op::Or(a, b), n),
            (Op::Xor(a, b), n),
            (Op::ReduceAnd(a), 1),
            (Op::ReduceOr(a), 1),
            (Op::ReduceXor(a), 1),
            (Op::Add(a, b), n),
            (Op::Sub(a, b), n),
            (Op::Eq(a, b), 1),
            (Op::LessUnsigned(a, b), 1),
            (Op::LessSigned(a, b), 1),
            (Op::ShiftLeft(a, d), n),
            (Op::ShiftRight(a, d), n),
            (Op::ShiftRightSigned(a, d), n),
            (Op::Mux { condition: c, then: a, otherwise: b }, n),
            (Op::Select { index: d, options: Box::new([a, b, a]) }, n),
            (Op::Slice { value: a, low: n / 3 }, n - n / 3),
            (Op::Extend(a), 64),
            (Op::ExtendSigned(a), 64),
        ];
        if n + k <= 64 {
            list.push((Op::MulUnsigned(a, d), n + k));
            list.push((Op::MulSigned(a, d), n + k));
        }
        if n + k < 64 {
            list.push((Op::Concat(Box::new([d, c, a])), n + k + 1));
        }
        list
    }

    #[test]
    fn words_mean_what_bits_mean() {
        let mut compared = 0;
        for (n, k) in [(1, 1), (2, 3), (7, 3), (8, 6), (31, 33), (32, 32), (63, 7), (64, 64)] {
            for (op, width) in operators(n, k) {
                let mut m = Module::new("m", Place::UNKNOWN);
                for width in [n, n, 1, k] {
                    m.add(Op::Undefined, width, Place::UNKNOWN);
                }
                let value = m.add(op.clone(), width, Place::UNKNOWN);
                for time in 0..40 {
                    compared += 1;
                    check(&m, value, time);
                }
            }
        }
        assert_eq!(compared, (21 * 8 + 2 * 6 + 4) * 40);
    }

    /// Random operands; small ones, zeros and ones in every fourth try.
    fn operand(path: &str, time: u64, width: u32) -> Bits {
        match undefined_bits(7, path, time, 64).low_u64() % 8 {
            0 => Bits::zero(width),
            1 => Bits::ones(width),
            2 => Bits::new(width, time % 5),
            _ => undefined_bits(1, path, time, width),
        }
    }

    fn check(m: &Module, value: ValueId, time: u64) {
        let mut values = Values::new(m);
        let operands: Vec<Bits> =
            (0..4).map(|i| operand(&format!("{i}"), time, m.cells[i].width)).collect();
        for (i, bits) in operands.iter().enumerate() {
            values.set(ValueId(i as u32), bits);
        }
        let step = WordStep::new(m, &values, value).expect("it fits");
        step.run(values.words_mut());
        let cell = m.cell(value);
        let mut refs = Vec::new();
        cell.op.operands(|o| refs.push(&operands[o.index()]));
        let expect = evaluate(&cell.op, cell.width, &refs);
        assert_eq!(Some(values.get(value)), expect, "{:?} of {refs:?}", cell.op);
    }
}
