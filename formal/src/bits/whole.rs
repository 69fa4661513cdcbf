//! Memories taken as a whole: no state for each word, a read is a free value that belongs to its
//! address. What is shown so holds for every content.

use super::memory::{Write, Written};
use super::{BitSystem, Latch, Lowering};
use crate::gates::Lit;
use crate::system::TransitionSystem;
use crate::words::{self, Word};
use olivine_netlist::{Memory, MemoryId, ValueId};

/// Most bits of a constant memory whose words are expanded.
const CONSTANT_BITS: u64 = 1 << 18;

/// One step of a system whose memories are whole.
pub(crate) struct WholeSystem {
    /// The gates. Free variables after those of the inputs are read data.
    pub bits: BitSystem,
    /// In the order in which they were made.
    pub reads: Vec<Read>,
    /// By memory: the write ports, in the order in which they take effect.
    pub writes: Vec<Vec<WholeWrite>>,
    /// By cell; empty outside the cone.
    pub values: Vec<Word>,
    /// The cells of the cone, each with the number of gates once it was made.
    pub made: Vec<(ValueId, usize)>,
}

/// What a memory holds at an address.
pub(crate) struct Read {
    /// The memory.
    pub memory: MemoryId,
    /// Where.
    pub address: Word,
    /// Free variables.
    pub data: Word,
}

/// What a write port does in the step.
pub(crate) struct WholeWrite {
    /// Whether it writes at all.
    pub active: Lit,
    /// Where.
    pub address: Word,
    /// What.
    pub data: Word,
    /// By bit: whether it is written.
    pub enables: Word,
}

/// What is gathered on the way.
#[derive(Default)]
pub(super) struct Contents {
    reads: Vec<Read>,
    pub made: Vec<(ValueId, usize)>,
}

impl WholeSystem {
    /// Lowers a system made by [`TransitionSystem::with_whole_memories`].
    pub fn new(system: &TransitionSystem) -> Self {
        let mut lowering = Lowering::new(system);
        lowering.whole = Some(Contents::default());
        lowering.cells();
        let written = lowering.memories();
        let latches: Vec<Latch> = lowering.latches(&written);
        let writes = written.into_iter().map(|w| lowering.whole_writes(w)).collect();
        let values = lowering.values.clone();
        let contents = lowering.whole.take().unwrap_or_default();
        let bits = lowering.system_of(latches);
        Self { bits, reads: contents.reads, writes, values, made: contents.made }
    }
}

/// Whether a memory always holds the same, and is small enough to be expanded.
pub(crate) fn is_constant(memory: &Memory) -> bool {
    let full = memory.init.len() == memory.depth as usize;
    memory.writes.is_empty() && full && crate::system::memory_bits(memory) <= CONSTANT_BITS
}

impl Lowering<'_> {
    pub(super) fn is_whole(&self, memory: MemoryId) -> bool {
        self.whole.is_some() && !is_constant(&self.system.flat.memories[memory.index()])
    }

    pub(super) fn constant_words(&self, memory: MemoryId) -> Option<Vec<Word>> {
        let memory = &self.system.flat.memories[memory.index()];
        let expanded = self.whole.is_some() && is_constant(memory);
        expanded.then(|| memory.init.iter().map(words::constant).collect())
    }

    /// What is at an address after these writes; `beyond` where the address is out of range.
    pub(super) fn whole_read(
        &mut self,
        memory: MemoryId,
        address: &Word,
        beyond: &Word,
        writes: &[Write],
    ) -> Word {
        let declared = &self.system.flat.memories[memory.index()];
        let (width, depth) = (declared.width, u64::from(declared.depth));
        let data: Word = (0..width).map(|_| self.gates.free()).collect();
        let read = Read { memory, address: address.clone(), data: data.clone() };
        self.whole.get_or_insert_default().reads.push(read);
        let mut answer = data;
        for write in writes {
            let hit = self.hits(write, address);
            for (i, bit) in answer.iter_mut().enumerate() {
                let taken = self.gates.and(hit, write.mask[i]);
                *bit = self.gates.mux(taken, write.data[i], *bit);
            }
        }
        let reach = if address.len() < 64 { 1u64 << address.len() } else { u64::MAX };
        if reach <= depth {
            return answer;
        }
        let limit: Word =
            (0..address.len()).map(|i| Lit::constant(i < 64 && depth >> i & 1 == 1)).collect();
        let in_range = words::less_unsigned(&mut self.gates, address, &limit);
        words::mux(&mut self.gates, in_range, &answer, beyond)
    }

    fn whole_writes(&mut self, written: Written) -> Vec<WholeWrite> {
        let whole = |write: Write| WholeWrite {
            enables: write.mask.iter().map(|&m| self.gates.and(write.active, m)).collect(),
            active: write.active,
            address: write.address,
            data: write.data,
        };
        written.writes.into_iter().map(whole).collect()
    }
}
