//! Fewer instructions of the same meaning, in straight-line code.

use super::ops::{Bin, Inst, Op, Shift, V};
use smallvec::smallvec;

const FULL: u64 = 0xffff_ffff;

/// Removes masking whose bits nobody looks at, and joins pairs that one instruction can do: two
/// operations bit by bit only where there are `ternary` ones.
pub(super) fn optimise(insts: Vec<Inst>, values: u32, ternary: bool) -> Vec<Inst> {
    let insts = without_idle_masks(used(insts, values), values);
    used(joined(used(insts, values), values, ternary), values)
}

/// The instructions whose results are used, in the end by a store.
fn used(insts: Vec<Inst>, values: u32) -> Vec<Inst> {
    let mut needed = vec![false; values as usize];
    let mut kept: Vec<Inst> = Vec::with_capacity(insts.len());
    for inst in insts.into_iter().rev() {
        if inst.to.is_none_or(|to| needed[to.0 as usize]) {
            inst.from.iter().for_each(|v| needed[v.0 as usize] = true);
            kept.push(inst);
        }
    }
    kept.reverse();
    kept
}

/// All bits up to the highest one that is set.
fn up_to(bits: u64) -> u64 {
    if bits == 0 { 0 } else { u64::MAX >> bits.leading_zeros() }
}

/// The bits of an operand that matter, if these of the result do; lanes of 32 bits.
fn demand(op: Op, operand: usize, of_result: u64) -> u64 {
    let bits = match op {
        Op::VectorWith { op: Bin::And, value, wide: false } => of_result & value,
        Op::VectorWith { op: Bin::Or, value, wide: false } => of_result & !value,
        Op::VectorWith { op: Bin::Xor, wide: false, .. } => of_result,
        Op::VectorWith { op: Bin::Add | Bin::Sub | Bin::Mul, wide: false, .. } => up_to(of_result),
        Op::Vector { op: Bin::And | Bin::AndNot | Bin::Or | Bin::Xor, wide: false } => of_result,
        Op::Vector { op: Bin::Add | Bin::Sub | Bin::Mul, wide: false } => up_to(of_result),
        Op::VectorShift { op: Shift::Left, by, wide: false } => of_result >> by,
        Op::VectorShift { op: Shift::Right, by, wide: false } => of_result << by,
        Op::Blend { wide: false } if operand > 0 => of_result,
        Op::VectorTest { value, wide: false } => value,
        _ => FULL,
    };
    bits & FULL
}

/// Without conjunctions that clear only bits that do not matter.
fn without_idle_masks(mut insts: Vec<Inst>, values: u32) -> Vec<Inst> {
    let mut matters = vec![0u64; values as usize];
    for inst in insts.iter().rev() {
        let of_result = inst.to.map_or(FULL, |to| matters[to.0 as usize]);
        for (k, v) in inst.from.iter().enumerate() {
            matters[v.0 as usize] |= demand(inst.op, k, of_result);
        }
    }
    let mut same: Vec<V> = (0..values).map(V).collect();
    insts.retain_mut(|inst| {
        inst.from.iter_mut().for_each(|v| *v = same[v.0 as usize]);
        if let (Op::VectorWith { op: Bin::And, value, wide: false }, Some(to)) = (inst.op, inst.to)
            && matters[to.0 as usize] & !value == 0
        {
            same[to.0 as usize] = inst.from[0];
            return false;
        }
        true
    });
    insts
}

/// What makes each value, and how often it is used.
struct Uses {
    makers: Vec<Option<usize>>,
    counts: Vec<u32>,
}

impl Uses {
    fn of(insts: &[Inst], values: u32) -> Self {
        let mut uses =
            Self { makers: vec![None; values as usize], counts: vec![0; values as usize] };
        for (at, inst) in insts.iter().enumerate() {
            if let Some(to) = inst.to {
                uses.makers[to.0 as usize] = Some(at);
            }
            inst.from.iter().for_each(|v| uses.counts[v.0 as usize] += 1);
        }
        uses
    }

    /// What makes a value, if that stands still.
    fn maker<'i>(&self, insts: &'i [Inst], v: V) -> Option<&'i Inst> {
        self.makers[v.0 as usize].map(|at| &insts[at]).filter(|inst| !inst.from.is_empty())
    }

    /// What makes a value that is used once.
    fn only<'i>(&self, insts: &'i [Inst], v: V) -> Option<&'i Inst> {
        let maker = self.makers[v.0 as usize].filter(|_| self.counts[v.0 as usize] == 1);
        maker.map(|at| &insts[at])
    }
}

/// With pairs as one instruction.
fn joined(mut insts: Vec<Inst>, values: u32, ternary: bool) -> Vec<Inst> {
    let mut uses = Uses::of(&insts, values);
    for at in 0..insts.len() {
        let three = || if ternary { logic(&insts, &uses, &insts[at]) } else { None };
        let Some(new) = pair(&insts, &uses, &insts[at]).or_else(three) else { continue };
        new.from.iter().for_each(|v| uses.counts[v.0 as usize] += 1);
        for v in insts[at].from.clone() {
            uses.counts[v.0 as usize] -= 1;
            // What was made for this use alone is made no more.
            if uses.counts[v.0 as usize] == 0
                && let Some(maker) = uses.makers[v.0 as usize]
            {
                let inner = std::mem::take(&mut insts[maker].from);
                inner.iter().for_each(|v| uses.counts[v.0 as usize] -= 1);
            }
        }
        insts[at] = new;
    }
    insts
}

/// An instruction that does the work of this one and of one that feeds it alone.
fn pair(insts: &[Inst], uses: &Uses, inst: &Inst) -> Option<Inst> {
    let new = |op, from: &[V]| Some(Inst { op, to: inst.to, from: from.into() });
    match (inst.op, inst.from.as_slice()) {
        (Op::Choose, &[otherwise, condition, then]) => {
            choice(insts, uses, inst, [otherwise, condition, then])
        }
        (Op::MaskNot, &[v]) => {
            let maker = uses.only(insts, v)?;
            new(inverted(maker.op)?, &maker.from)
        }
        (Op::Blend { wide }, &[mask, then, otherwise]) => {
            let maker = uses.only(insts, then)?;
            if maker.from.as_slice() != [otherwise] {
                return None;
            }
            let op = match maker.op {
                Op::VectorShift { op, by, wide: w } if w == wide => Op::ShiftWhere { op, by, wide },
                Op::VectorWith { op, value, wide: w } if w == wide => {
                    Op::WithWhere { op, value, wide }
                }
                _ => return None,
            };
            new(op, &[otherwise, mask])
        }
        (Op::Vector { op: op @ (Bin::Or | Bin::Add | Bin::Xor), wide }, &[a, b]) => {
            let masked = |v: V, other: V| match uses.only(insts, v)? {
                Inst { op: Op::Masked { value, wide: w }, from, .. } if *w == wide => {
                    new(Op::WithWhere { op, value: *value, wide }, &[other, from[0]])
                }
                _ => None,
            };
            masked(b, a).or_else(|| masked(a, b))
        }
        _ => None,
    }
}

/// The comparison or test with the opposite result.
fn inverted(op: Op) -> Option<Op> {
    match op {
        Op::VectorCompare { op, wide } => Some(Op::VectorCompareNot { op, wide }),
        Op::VectorCompareWith { op, value, wide } => {
            Some(Op::VectorCompareWithNot { op, value, wide })
        }
        Op::VectorTest { value, wide } => Some(Op::VectorTestNot { value, wide }),
        _ => None,
    }
}

/// The truth table of an operation of two operands, given theirs.
fn truth(op: Bin, a: u8, b: u8) -> Option<u8> {
    match op {
        Bin::And => Some(a & b),
        Bin::AndNot => Some(a & !b),
        Bin::Or => Some(a | b),
        Bin::Xor => Some(a ^ b),
        Bin::Add | Bin::Sub | Bin::Mul => None,
    }
}

/// Two operations bit by bit as one of three operands.
fn logic(insts: &[Inst], uses: &Uses, inst: &Inst) -> Option<Inst> {
    const TABLES: [u8; 3] = [0xf0, 0xcc, 0xaa];
    let Op::Vector { op, wide } = inst.op else { return None };
    let [a, b] = [inst.from[0], inst.from[1]];
    for (inner, outer, inner_first) in [(a, b, true), (b, a, false)] {
        if a == b {
            return None;
        }
        let Some(maker) = uses.only(insts, inner) else { continue };
        let (inside, from, value) = match maker.op {
            Op::Vector { op, wide: w } if w == wide => (
                truth(op, TABLES[1], TABLES[2]),
                smallvec![outer, maker.from[0], maker.from[1]],
                None,
            ),
            Op::VectorWith { op, value, wide: w } if w == wide => {
                (truth(op, TABLES[1], TABLES[2]), smallvec![outer, maker.from[0]], Some(value))
            }
            _ => continue,
        };
        let Some(inside) = inside else { continue };
        let (first, second) = if inner_first { (inside, TABLES[0]) } else { (TABLES[0], inside) };
        let table = truth(op, first, second)?;
        let op = match value {
            None => Op::Logic { table, wide },
            Some(value) => Op::LogicWith { table, value, wide },
        };
        return Some(Inst { op, to: inst.to, from });
    }
    None
}

/// A choice that decides by itself what another instruction would decide for it.
fn choice(insts: &[Inst], uses: &Uses, inst: &Inst, from: [V; 3]) -> Option<Inst> {
    let [mut otherwise, mut condition, mut then] = from;
    let mut maker = uses.maker(insts, condition)?;
    let inverted = maker.op == Op::ScalarNumber(Bin::Xor, 1);
    if inverted {
        condition = maker.from[0];
        (otherwise, then) = (then, otherwise);
        let plain =
            Inst { op: Op::Choose, to: inst.to, from: smallvec![otherwise, condition, then] };
        let Some(inner) = uses.maker(insts, condition) else { return Some(plain) };
        maker = inner;
    }
    let alone = uses.counts[condition.0 as usize] == 1;
    let (op, operands) = match maker.op {
        Op::CompareNumber(how, value) => (Op::ChooseNumber(how, value), &maker.from),
        Op::Test(bits) => (Op::ChooseTest(bits), &maker.from),
        Op::Compare(how) if alone => (Op::ChooseCompare(how), &maker.from),
        _ if inverted => (Op::Choose, &smallvec![condition]),
        _ => return None,
    };
    let from = [otherwise].into_iter().chain(operands.iter().copied()).chain([then]).collect();
    Some(Inst { op, to: inst.to, from })
}
