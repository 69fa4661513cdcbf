//! [`Target`]: an instruction set of vectors.

use super::alloc::{NEAR, function};
use super::asm::Asm;
use super::code::Code;
use super::layout::Shape;
use super::ops::{Class, Op};
use super::program::Program;
use crate::exec::Storage;

/// What makes code of programs.
pub(super) trait Backend {
    /// The form of its vectors in the storage.
    const SHAPE: Shape;
    /// Whether it has the operations bit by bit on three operands.
    const TERNARY: bool;

    /// A function of (storage, cycles) for each program; `None` if this system gives no memory to
    /// execute.
    fn code(programs: &[Program], storage: &mut Storage) -> Option<Code>;
}

impl<T: Target> Backend for T {
    const SHAPE: Shape = <T as Target>::SHAPE;
    const TERNARY: bool = <T as Target>::TERNARY;

    fn code(programs: &[Program], storage: &mut Storage) -> Option<Code> {
        let near = storage.allocate(NEAR, 64);
        let functions: Vec<_> = programs.iter().map(|p| function::<T>(p, near, storage)).collect();
        Code::new(&functions)
    }
}

/// How an instruction set does the operations that are not of one lane.
pub(super) trait Target {
    /// The form of its vectors in the storage.
    const SHAPE: Shape;
    /// Vector registers that values are given.
    const VECTORS: &'static [u8];
    /// Mask registers that values are given; without any, masks are vectors, all bits of a lane
    /// alike.
    const MASKS: Option<&'static [u8]>;
    /// Whether one instruction does any operation bit by bit on three operands.
    const TERNARY: bool;

    /// How many of the first operands may be in the register of the result.
    fn shared(op: Op) -> usize {
        op.shared()
    }

    /// An operation whose result is a vector, or the store of one.
    fn vector(asm: &mut Asm, tables: &[[u32; 16]], op: Op, to: u8, from: &[u8]);
    /// An operation whose result is a mask, or the store of one.
    fn mask(asm: &mut Asm, op: Op, to: u8, from: &[u8]);
    /// A lane becomes a scalar.
    fn extract(asm: &mut Asm, op: Op, to: u8, from: u8);
    /// Compares a mask with zero: afterwards "equal" is a mask without a bit, "below" one with all
    /// bits of a chunk.
    fn test_mask(asm: &mut Asm, mask: u8);
    /// A register's value in another, if it is another.
    fn copy(asm: &mut Asm, class: Class, to: u8, from: u8);
}
