//! [`Snapshot`]: everything that an engine remembers.

use olivine_netlist::{Design, Direction, MemoryId, Module, ReadKind, RegisterId};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Everything that a design remembers from one cycle to the next, its inputs included, in an order
/// that is the same for every engine: what one engine has run up to, another can go on from.
///
/// A value is its words of 64 bits, the lowest first. Violations that were not taken are no part of
/// it, nor is the seed of undefined values: an engine goes on with its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Snapshot {
    /// Name of the top module.
    pub design: String,
    /// Edges since power-up.
    pub cycle: u64,
    /// By clock domain: whether its reset is active.
    pub resets: Vec<bool>,
    /// The inputs, in the order of ports.
    pub inputs: Vec<u64>,
    /// The registers, in the order of the flattened design.
    pub registers: Vec<u64>,
    /// The memories in that order: of each all words, then what its synchronous read ports hold.
    pub memories: Vec<u64>,
}

/// Why there is no snapshot, or no way back to one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotError {
    /// This engine, by its name, cannot give or take its state.
    Unsupported(&'static str),
    /// The snapshot is of another design: what it says and what is expected.
    OtherDesign {
        /// Of the snapshot.
        found: String,
        /// Of the engine.
        expected: String,
    },
}

impl fmt::Display for SnapshotError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsupported(engine) => write!(
                f,
                "engine `{engine}` has no snapshots; take the interpreter or the compiled simulator"
            ),
            Self::OtherDesign { found, expected } => {
                write!(f, "the snapshot is of {found}, this design is {expected}")
            }
        }
    }
}

impl std::error::Error for SnapshotError {}

/// The form of a design's snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotShape {
    design: String,
    domains: usize,
    inputs: usize,
    registers: usize,
    memories: usize,
}

impl SnapshotShape {
    /// For snapshots of `design`.
    pub fn of(design: &Design) -> Self {
        Self::of_flat(&design.flatten())
    }

    /// For snapshots of a design that is flat.
    pub fn of_flat(flat: &Module) -> Self {
        let words = |width: u32| width.div_ceil(64) as usize;
        let inputs = flat.ports.iter().filter(|port| port.direction == Direction::Input);
        let memories = flat.memories.iter().map(|memory| {
            let held = memory.reads.iter().filter(|read| read.kind != ReadKind::Async).count();
            words(memory.width) * (memory.depth as usize + held)
        });
        Self {
            design: flat.name.clone(),
            domains: flat.domains.len(),
            inputs: inputs.map(|port| words(port.width)).sum(),
            registers: flat.registers.iter().map(|register| words(register.width)).sum(),
            memories: memories.sum(),
        }
    }

    /// Whether a snapshot has this form.
    ///
    /// # Errors
    /// [`SnapshotError::OtherDesign`].
    pub fn check(&self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        let found = Self {
            design: snapshot.design.clone(),
            domains: snapshot.resets.len(),
            inputs: snapshot.inputs.len(),
            registers: snapshot.registers.len(),
            memories: snapshot.memories.len(),
        };
        if found == *self {
            return Ok(());
        }
        let (found, expected) = (found.to_string(), self.to_string());
        Err(SnapshotError::OtherDesign { found, expected })
    }
}

impl fmt::Display for SnapshotShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { design, domains, inputs, registers, memories } = self;
        write!(
            f,
            "`{design}` (clock domains: {domains}; words of inputs, registers and memories: \
             {inputs}, {registers}, {memories})"
        )
    }
}

/// Where each register and memory of a flat design is in its snapshots.
#[derive(Clone, Debug, Default)]
pub struct SnapshotParts {
    registers: Vec<Range<usize>>,
    /// By memory: its words, then by read port what that holds, nothing for asynchronous ones.
    memories: Vec<(Range<usize>, Vec<Range<usize>>)>,
}

impl SnapshotParts {
    /// Of a flat design.
    pub fn of(flat: &Module) -> Self {
        let mut parts = Self::default();
        let limbs = |width: u32| width.div_ceil(64) as usize;
        let next = |at: &mut usize, words: usize| {
            *at += words;
            *at - words..*at
        };
        let mut at = 0;
        for register in &flat.registers {
            parts.registers.push(next(&mut at, limbs(register.width)));
        }
        at = 0;
        for memory in &flat.memories {
            let words = next(&mut at, limbs(memory.width) * memory.depth as usize);
            let held = memory.reads.iter().map(|read| {
                let holds = read.kind != ReadKind::Async;
                next(&mut at, if holds { limbs(memory.width) } else { 0 })
            });
            parts.memories.push((words, held.collect()));
        }
        parts
    }

    /// The words of a register's value.
    pub fn register<'s>(&self, snapshot: &'s Snapshot, register: RegisterId) -> &'s [u64] {
        &snapshot.registers[self.registers[register.index()].clone()]
    }

    /// All words of a memory.
    pub fn memory<'s>(&self, snapshot: &'s Snapshot, memory: MemoryId) -> &'s [u64] {
        &snapshot.memories[self.memories[memory.index()].0.clone()]
    }

    /// What a read port of a memory holds; nothing for an asynchronous one.
    pub fn held<'s>(&self, snapshot: &'s Snapshot, memory: MemoryId, port: u32) -> &'s [u64] {
        &snapshot.memories[self.memories[memory.index()].1[port as usize].clone()]
    }
}
