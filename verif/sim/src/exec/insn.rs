//! [`Insn`]: one instruction of the bytecode, and what its kernel may touch.

use super::memory::Words;
use crate::kernel::Open;
use olivine_interp::Undefined;

/// A kernel: what an instruction does, over all its lanes or elements. It gets the base of the
/// storage.
pub(crate) type Run = unsafe fn(*mut u8, &Insn, &mut Context);

/// One instruction. Offsets are in bytes from the base of the storage.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Insn {
    pub run: Run,
    pub to: u32,
    pub a: u32,
    pub b: u32,
    pub c: u32,
    /// Chunks of a vector kernel, elements of a scalar one.
    pub count: u32,
    /// How far each operand moves with a chunk: 0 for one that serves all lanes.
    pub steps: [u16; 3],
    pub shift: u8,
    /// Ones in the bits of the result.
    pub mask: u64,
}

/// What kernels use beside the storage.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// Operand offsets and parameters of scalar batches, lanes of gathers.
    pub pool: Vec<u32>,
    /// Reads of memories, by index in an instruction.
    pub reads: Vec<ReadPlan>,
    /// Undefined cells, by index in an instruction.
    pub opens: Vec<Open>,
    /// The memories.
    pub memories: Vec<Words>,
    /// What undefined values are.
    pub undefined: Undefined,
    /// Edges so far.
    pub cycle: u64,
}

/// An asynchronous read.
#[derive(Clone, Debug)]
pub(crate) struct ReadPlan {
    /// Index into [`Context::memories`].
    pub memory: u32,
    /// Limb of the word.
    pub limb: u32,
    /// The memory's lane that lane 0 reads.
    pub first_lane: u32,
    /// Storage of the address, and how far it is to the next lane's.
    pub address: (super::elem::Elem, u32),
    /// Storage of the data.
    pub data: super::elem::Elem,
    /// What is read out of range.
    pub open: Open,
}

impl Context {
    /// An open value in a lane.
    pub fn open(&self, open: &Open, lane: usize) -> u64 {
        open_limb(self.undefined, open, open.limb, lane, self.cycle)
    }
}

/// A limb of an open value in a lane at a time.
pub(crate) fn open_limb(policy: Undefined, open: &Open, limb: u32, lane: usize, time: u64) -> u64 {
    match policy {
        Undefined::Zero => 0,
        _ => policy.value(&open.paths[lane], time, open.width).words()[limb as usize],
    }
}
