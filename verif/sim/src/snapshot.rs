//! Snapshots of the compiled engines.

use crate::exec::Machine;
use crate::kernel::Kernel;
use crate::lower::Lowered;
use crate::native::Native;
use olivine_interp::{Snapshot, SnapshotError, SnapshotShape};
use olivine_netlist::{Design, Direction};

/// What a snapshot of a design lists, as places in its kernel.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    shape: SnapshotShape,
    /// Input slots.
    inputs: Vec<u32>,
    /// States of registers' limbs, each with its lane.
    registers: Vec<(u32, u32)>,
    memories: Vec<MemoryPlace>,
}

/// A memory of the flattened design.
#[derive(Clone, Debug)]
struct MemoryPlace {
    memory: u32,
    lane: u32,
    depth: u32,
    limbs: u32,
    /// States of what its synchronous read ports hold, each with its lane.
    held: Vec<(u32, u32)>,
}

/// A machine whose parts can be looked at and changed one by one; lanes are those of its kernel.
pub(crate) trait Parts {
    fn input(&self, slot: u32, lane: u32) -> u64;
    fn set_input(&mut self, slot: u32, lane: u32, value: u64);
    fn state(&self, kernel: &Kernel, state: u32, lane: u32) -> u64;
    fn set_state(&mut self, kernel: &Kernel, state: u32, lane: u32, value: u64);
    fn word(&self, memory: u32, lane: u32, address: u32, limb: u32) -> u64;
    fn set_word(&mut self, memory: u32, lane: u32, address: u32, limb: u32, value: u64);
}

impl Places {
    /// Of a design and its kernel.
    pub fn of(design: &Design, lowered: &Lowered) -> Self {
        let ports = design.top().ports.iter().zip(&lowered.kernel.input_slots);
        let inputs = ports.filter(|(port, _)| port.direction == Direction::Input);
        let mut memories = Vec::new();
        for placement in &lowered.occurrences.placements {
            let (variant, lane) = (placement.variant, placement.lane);
            let module = lowered.occurrences.variants[variant as usize].module;
            for (index, memory) in design.module(module).memories.iter().enumerate() {
                memories.push(MemoryPlace {
                    memory: lowered.memory(variant, index),
                    lane,
                    depth: memory.depth,
                    limbs: memory.width.div_ceil(64),
                    held: lowered.held(variant, index, lane),
                });
            }
        }
        Self {
            shape: SnapshotShape::of(design),
            inputs: inputs.flat_map(|(port, slot)| *slot..slot + port.width.div_ceil(64)).collect(),
            registers: lowered.registers(),
            memories,
        }
    }

    /// Fills in inputs, registers and memories of a snapshot. A kernel for many stimuli has lane
    /// `l` of stimulus `s` at `l · stimuli + s`.
    pub fn save(&self, parts: &impl Parts, kernel: &Kernel, stimulus: u32, into: &mut Snapshot) {
        let lane = |lane: u32| lane * kernel.stimuli + stimulus;
        let state = |&(state, at): &(u32, u32)| parts.state(kernel, state, lane(at));
        into.inputs = self.inputs.iter().map(|slot| parts.input(*slot, stimulus)).collect();
        into.registers = self.registers.iter().map(state).collect();
        into.memories.clear();
        for memory in &self.memories {
            for address in 0..memory.depth {
                let word = |limb| parts.word(memory.memory, lane(memory.lane), address, limb);
                into.memories.extend((0..memory.limbs).map(word));
            }
            into.memories.extend(memory.held.iter().map(state));
        }
    }

    /// Puts inputs, registers and memories of a snapshot back.
    ///
    /// # Errors
    /// If the snapshot is of another design.
    pub fn restore(
        &self,
        parts: &mut impl Parts,
        kernel: &Kernel,
        stimulus: u32,
        from: &Snapshot,
    ) -> Result<(), SnapshotError> {
        self.shape.check(from)?;
        let lane = |lane: u32| lane * kernel.stimuli + stimulus;
        for (slot, value) in self.inputs.iter().zip(&from.inputs) {
            parts.set_input(*slot, stimulus, *value);
        }
        for ((state, at), value) in self.registers.iter().zip(&from.registers) {
            parts.set_state(kernel, *state, lane(*at), *value);
        }
        let mut values = from.memories.iter().copied();
        let mut next = || values.next().expect("the shape was checked");
        for memory in &self.memories {
            for address in 0..memory.depth {
                for limb in 0..memory.limbs {
                    parts.set_word(memory.memory, lane(memory.lane), address, limb, next());
                }
            }
            for (state, at) in &memory.held {
                parts.set_state(kernel, *state, lane(*at), next());
            }
        }
        Ok(())
    }
}

impl Parts for Native {
    fn input(&self, slot: u32, lane: u32) -> u64 {
        self.input(slot, lane)
    }

    fn set_input(&mut self, slot: u32, lane: u32, value: u64) {
        self.set_input(slot, lane, value);
    }

    fn state(&self, _: &Kernel, state: u32, lane: u32) -> u64 {
        self.state(state, lane)
    }

    fn set_state(&mut self, _: &Kernel, state: u32, lane: u32, value: u64) {
        self.set_state(state, lane, value);
    }

    fn word(&self, memory: u32, lane: u32, address: u32, limb: u32) -> u64 {
        self.word(memory, lane, address, limb)
    }

    fn set_word(&mut self, memory: u32, lane: u32, address: u32, limb: u32, value: u64) {
        self.words()[memory as usize].set(lane, u64::from(address), limb, value);
    }
}

impl Parts for Machine {
    fn input(&self, slot: u32, _: u32) -> u64 {
        self.input(slot)
    }

    fn set_input(&mut self, slot: u32, _: u32, value: u64) {
        self.set_input(slot, value);
    }

    fn state(&self, kernel: &Kernel, state: u32, lane: u32) -> u64 {
        self.load(self.state_location(kernel, state, lane))
    }

    fn set_state(&mut self, kernel: &Kernel, state: u32, lane: u32, value: u64) {
        self.set_state(kernel, state, lane, value);
    }

    fn word(&self, memory: u32, lane: u32, address: u32, limb: u32) -> u64 {
        self.word(memory, lane, address, limb)
    }

    fn set_word(&mut self, memory: u32, lane: u32, address: u32, limb: u32, value: u64) {
        self.set_word(memory, lane, address, limb, value);
    }
}
