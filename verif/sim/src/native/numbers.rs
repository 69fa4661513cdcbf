//! [`Numbers`]: new values of a program.

use super::ops::{Inst, Op, Operands, V};
use crate::kernel::Owner;

/// Numbers values on, each with the module that it is made for.
pub(super) struct Numbers<'a> {
    pub values: &'a mut u32,
    pub owners: &'a mut Vec<Owner>,
    /// The module that values are made for now.
    pub owner: Owner,
}

impl Numbers<'_> {
    /// A new value.
    pub fn next(&mut self) -> V {
        let v = V(*self.values);
        *self.values += 1;
        self.owners.push(self.owner);
        v
    }

    /// A new value, made by an instruction behind these.
    pub fn push(&mut self, insts: &mut Vec<Inst>, op: Op, from: Operands) -> V {
        let to = self.next();
        insts.push(Inst { op, to: Some(to), from });
        to
    }
}
