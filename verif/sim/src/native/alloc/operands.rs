//! Where operands are, and which of them gives its register to the result.

use super::{Allocator, scalar_code};
use crate::native::asm::Rm;
use crate::native::ops::{Bin, Class, Inst, Op, V};
use crate::native::target::Target;

impl<T: Target> Allocator<'_, T> {
    /// Where the operands are: in registers, or where they are used once more from memory, in it.
    pub(super) fn operands(&mut self, inst: &Inst) -> [Rm; 4] {
        let mut from = [Rm::Reg(0); 4];
        for (k, v) in inst.from.iter().enumerate() {
            from[k] = match self.in_memory(inst, k) {
                Some(at) => Rm::Mem(scalar_code::BASE, at as i32),
                None => Rm::Reg(self.fetch(*v, &inst.from)),
            };
        }
        from
    }

    /// Where an operand is in memory, if it is to be read from there.
    fn in_memory(&self, inst: &Inst, k: usize) -> Option<u32> {
        let value = inst.from[k];
        let known = &self.values[value.0 as usize];
        let alone = inst.from.iter().filter(|other| **other == value).count() == 1;
        if !scalar_code::from_memory(inst.op).contains(&k) || known.register.is_some() || !alone {
            return None;
        }
        // With a register to spare it is better there, if it is used again.
        let next = |v: &V| self.values[v.0 as usize].next_use();
        let later = known.uses.get(known.behind + 1);
        let sooner = |held: &Option<V>| held.as_ref().and_then(next) < later.copied();
        if later.is_some() && !self.files[0].holds.iter().all(|held| held.is_some() && sooner(held))
        {
            return None;
        }
        match known.again {
            Some(Op::Load(cell)) if cell.size == 8 => Some(cell.at),
            Some(_) => None,
            None => known.kept,
        }
    }

    /// An instruction with its operands in the other order, if that is as good and the first is in
    /// memory.
    pub(super) fn turned(&self, inst: &Inst) -> Inst {
        let mut turned = inst.clone();
        if let Op::Scalar(Bin::And | Bin::Or | Bin::Xor | Bin::Add | Bin::Mul) = inst.op {
            turned.from.swap(0, 1);
            if self.in_memory(inst, 1).is_some() || self.in_memory(&turned, 1).is_none() {
                turned.from.swap(0, 1);
            }
        }
        turned
    }

    /// The operand of a scalar operation whose register the result takes: one that is not used
    /// again, so that nothing has to be copied.
    pub(super) fn given(&self, inst: &Inst, from: &[Rm]) -> Option<usize> {
        let last = inst.from.len().checked_sub(1)?;
        let any = [0, last];
        let may = match inst.op {
            Op::Scalar(Bin::Sub | Bin::AndNot) => &any[..1],
            Op::Scalar(_) => &any[..],
            Op::Choose | Op::ChooseCompare(_) | Op::ChooseNumber(..) | Op::ChooseTest(_) => &any,
            Op::MulHigh | Op::Parity | Op::Fetch { .. } => &[],
            Op::Extract { .. } | Op::ExtractBit(_) | Op::MaskBits => &[],
            op if op.class() == Some(Class::Scalar) => &any[..1],
            _ => &[],
        };
        let alone = |v: V| inst.from.iter().filter(|other| **other == v).count() == 1;
        let ends = |v: V| self.values[v.0 as usize].next_use().is_none();
        let in_register = |k: usize| matches!(from[k], Rm::Reg(_));
        may.iter().copied().find(|k| in_register(*k) && ends(inst.from[*k]) && alone(inst.from[*k]))
    }
}
