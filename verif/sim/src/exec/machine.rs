//! [`Machine`]: a kernel made to run, with its state.

use super::edge::{Location, MemoryEdge};
use super::elem::Elem;
use super::encode;
use super::insn::{Context, Insn};
use super::refresh::{Mark, Marks, Refresh, RegionSet, Span, refresh_all};
use super::select::Selector;
use super::storage::Storage;
use crate::kernel::{Kernel, Lane, NodeId, State};
use crate::native::Native;
use olivine_netlist::DomainId;

/// A kernel made to run, with its state.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    pub(super) storage: Storage,
    pub(super) context: Context,
    pub(super) selector: Selector,
    pub(super) code: Vec<Insn>,
    /// Settles what is only looked at.
    pub(super) watch: Vec<Insn>,
    pub(super) regions: Vec<Region>,
    /// Regions that must run.
    pub(super) dirty: RegionSet,
    /// What other regions see of each region, and what edges commit.
    pub(super) refreshes: Vec<Refresh>,
    /// What [`Marks`] have beyond the first.
    pub(super) marks: Vec<Mark>,
    /// By input slot: who depends on it.
    pub(super) inputs: Vec<Marks>,
    /// By memory: who depends on its words.
    pub(super) readers: Vec<Marks>,
    /// Regions whose values change with time alone.
    pub(super) timed: Vec<u32>,
    pub(super) domains: Vec<Domain>,
    /// By property: where its condition is, whether it failed last, and its domain.
    pub(super) conditions: Vec<Condition>,
    /// Properties by region.
    pub(super) checks: Vec<Check>,
}

/// What runs together.
#[derive(Clone, Debug)]
pub(super) struct Region {
    pub code: Span,
    /// What other regions see of it.
    pub outputs: Span,
    /// Properties whose conditions it makes.
    pub checks: Span,
}

/// Properties whose conditions are one variable.
#[derive(Clone, Debug)]
pub(super) struct Check {
    /// The conditions' first byte, their type and how many there are.
    pub at: u32,
    pub elem: Elem,
    pub lanes: u32,
    pub properties: Vec<u32>,
    /// Whether one of them failed last.
    pub fails: bool,
}

impl Check {
    /// True if the condition holds in every lane.
    ///
    /// # Safety
    /// The condition lies in the storage at `base`.
    unsafe fn holds(&self, base: *const u8) -> bool {
        // SAFETY: the caller's promise.
        let at = unsafe { base.add(self.at as usize) };
        if self.elem == Elem::U64 {
            // SAFETY: as above.
            return unsafe { at.cast::<u64>().read() } != 0;
        }
        // SAFETY: conditions of one bit are bytes.
        let lanes = unsafe { std::slice::from_raw_parts(at, self.lanes as usize) };
        lanes.iter().fold(1, |all, lane| all & lane) != 0
    }
}

/// A property.
#[derive(Clone, Copy, Debug)]
pub(super) struct Condition {
    pub at: Location,
    pub domain: u32,
    pub fails: bool,
}

/// A clock domain.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    /// By region: the next states it makes.
    pub commits: Vec<Span>,
    /// Regions that have run since the last edge.
    pub pending: RegionSet,
    pub memories: Vec<MemoryEdge>,
    /// Held read data.
    pub held: Span,
    /// What reset makes of states, and the regions that make their next values.
    pub resets: Vec<Reset>,
    pub reset_regions: RegionSet,
    /// Properties in order, and how many of them fail.
    pub properties: Vec<u32>,
    pub failing: u32,
}

/// A state's value after reset.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reset {
    pub at: u32,
    pub elem: Elem,
    pub lanes: u32,
    pub value: u64,
    pub marks: Marks,
}

impl Machine {
    /// Settles outputs, next states and properties.
    pub fn settle(&mut self) {
        for word in 0..self.dirty.words() {
            // A region makes only later ones run.
            while let Some(region) = self.dirty.take_first(word) {
                for domain in &mut self.domains {
                    domain.pending.insert(region);
                }
                self.run(region);
            }
        }
    }

    fn run(&mut self, region: u32) {
        let base = self.storage.base();
        let region = &self.regions[region as usize];
        for insn in region.code.of(&self.code) {
            // SAFETY: the code was made for this storage.
            unsafe { (insn.run)(base, insn, &mut self.context) }
        }
        let outputs = region.outputs.of(&self.refreshes);
        // SAFETY: the refreshes were made for this storage.
        unsafe { refresh_all(outputs, base, &self.marks, &mut self.dirty) }
        for check in region.checks.of_mut(&mut self.checks) {
            // SAFETY: the conditions lie in this storage.
            let holds = unsafe { check.holds(base) };
            if holds && !check.fails {
                continue;
            }
            check.fails = !holds;
            for &index in &check.properties {
                let condition = &mut self.conditions[index as usize];
                // SAFETY: as above.
                let fails = unsafe { condition.at.load(base) } == 0;
                if fails != condition.fails {
                    condition.fails = fails;
                    let failing = &mut self.domains[condition.domain as usize].failing;
                    *failing = if fails { *failing + 1 } else { *failing - 1 };
                }
            }
        }
    }

    /// One edge of a domain, after [`Machine::settle`].
    pub fn edge(&mut self, domain: DomainId, reset: bool) {
        let base = self.storage.base();
        let Self { context, marks, refreshes, dirty, .. } = self;
        let domain = &mut self.domains[domain.index()];
        context.cycle += 1;
        // SAFETY: the domain's places were made for this storage.
        unsafe {
            for edge in &domain.memories {
                let words = &mut context.memories[edge.memory as usize];
                if edge.run(base, words, context.undefined, context.cycle) {
                    dirty.mark(self.readers[edge.memory as usize], marks);
                }
            }
            for word in 0..domain.pending.words() {
                while let Some(region) = domain.pending.take_first(word) {
                    let commits = domain.commits[region as usize].of(refreshes);
                    refresh_all(commits, base, marks, dirty);
                }
            }
            refresh_all(domain.held.of(refreshes), base, marks, dirty);
            if reset {
                domain.reset(base, marks, dirty);
            }
        }
        self.timed.iter().for_each(|region| self.dirty.insert(*region));
    }

    /// Gives the states of a domain their values after reset, without an edge.
    pub fn reset(&mut self, domain: DomainId) {
        let base = self.storage.base();
        // SAFETY: the domain's places were made for this storage.
        unsafe { self.domains[domain.index()].reset(base, &self.marks, &mut self.dirty) }
    }

    /// Gives an input slot a value.
    pub fn set_input(&mut self, slot: u32, value: u64) {
        let offset = self.selector.inputs[slot as usize];
        if self.storage.slot(offset) != value {
            self.storage.store(Elem::U64, offset, value);
            self.dirty.mark(self.inputs[slot as usize], &self.marks);
        }
    }

    /// True if nothing has changed since [`Machine::settle`].
    pub fn is_settled(&self) -> bool {
        self.dirty.is_empty()
    }

    /// The properties of a domain that do not hold, settled.
    pub fn failed(&self, domain: DomainId) -> Vec<u32> {
        let domain = &self.domains[domain.index()];
        if domain.failing == 0 {
            return Vec::new();
        }
        let fails = |p: &&u32| self.conditions[**p as usize].fails;
        domain.properties.iter().filter(fails).copied().collect()
    }

    /// Adds to what [`Machine::settle_watched`] settles.
    pub fn watch(&mut self, kernel: &Kernel, lanes: impl Iterator<Item = Lane>) {
        let roots: Vec<NodeId> = lanes.map(|(node, _)| node).collect();
        self.selector.select(kernel, &mut self.storage, &roots);
        let vars = std::mem::take(&mut self.selector.fresh);
        let (pool, code) = (&mut self.context.pool, &mut self.watch);
        let placed = encode::place(&mut self.selector, &vars, &mut self.storage, |_| ());
        encode::encode(&mut self.selector, &placed, pool, code);
        self.context.reads.clone_from(&self.selector.plans);
    }

    /// Settles what is watched, after [`Machine::settle`].
    pub fn settle_watched(&mut self) {
        let base = self.storage.base();
        for insn in &self.watch {
            // SAFETY: the code was made for this storage.
            unsafe { (insn.run)(base, insn, &mut self.context) }
        }
    }

    /// Settles what is watched for the inputs, states, memories and time of another machine.
    pub fn mirror(&mut self, kernel: &Kernel, native: &mut Native) {
        for slot in 0..kernel.inputs {
            let offset = self.selector.inputs[slot as usize];
            self.storage.store(Elem::U64, offset, native.input(slot, 0));
        }
        for (index, state) in kernel.states.iter().enumerate() {
            for lane in 0..state.init.len() as u32 {
                let value = native.state(index as u32, lane);
                self.set_state(kernel, index as u32, lane, value);
            }
        }
        self.start_at(native.cycle());
        std::mem::swap(&mut self.context.memories, native.words());
        self.settle();
        self.settle_watched();
        std::mem::swap(&mut self.context.memories, native.words());
    }

    /// Where a lane of a state is.
    pub fn state_location(&self, kernel: &Kernel, state: u32, lane: u32) -> Location {
        let State { width, init, .. } = &kernel.states[state as usize];
        let elem = if init.len() == 1 { Elem::U64 } else { Elem::of(*width) };
        let offset = self.selector.state_offset(state) + lane * elem.bytes();
        Location { offset, elem }
    }

    /// Gives a lane of a state a value, to be followed by [`Machine::start_at`].
    pub fn set_state(&mut self, kernel: &Kernel, state: u32, lane: u32, value: u64) {
        let at = self.state_location(kernel, state, lane);
        self.storage.store(at.elem, at.offset, value);
    }

    /// Settles all anew, after so many edges.
    pub fn start_at(&mut self, cycle: u64) {
        self.dirty = RegionSet::new(self.regions.len(), true);
        self.context.cycle = cycle;
    }

    /// What read ports are to hold when they do not read: what they hold now.
    pub fn hold(&mut self, kernel: &Kernel) {
        for (index, domain) in self.domains.iter().enumerate() {
            for edge in &domain.memories {
                let reads = &kernel.memories[edge.memory as usize].reads;
                let mine = reads.iter().filter(|read| read.domain.index() == index);
                for (port, read) in edge.reads.iter().zip(mine) {
                    let limbs = read.held.len();
                    for (place, at) in port.held.iter().enumerate() {
                        let (state, lane) = read.held[place % limbs][place / limbs];
                        let now = self.state_location(kernel, state, lane);
                        let value = self.storage.load(now.elem, now.offset);
                        self.storage.store(at.elem, at.offset, value);
                    }
                }
            }
        }
    }

    /// Where a lane of a node that is settled or watched is.
    pub fn location(&self, kernel: &Kernel, lane: Lane) -> Location {
        self.selector.location(kernel, lane)
    }

    /// What is at a location.
    pub fn load(&self, at: Location) -> u64 {
        self.storage.load(at.elem, at.offset)
    }

    /// A limb of a word of a memory.
    pub fn word(&self, memory: u32, lane: u32, address: u32, limb: u32) -> u64 {
        let words = &self.context.memories[memory as usize];
        words.get(lane, u64::from(address), limb).expect("an address in range")
    }

    /// Gives a limb of a word of a memory a value, to be followed by [`Machine::start_at`].
    pub fn set_word(&mut self, memory: u32, lane: u32, address: u32, limb: u32, value: u64) {
        self.context.memories[memory as usize].set(lane, u64::from(address), limb, value);
    }

    /// An input slot.
    pub fn input(&self, slot: u32) -> u64 {
        self.storage.slot(self.selector.inputs[slot as usize])
    }

    /// Numbers of regions, instructions and bytes.
    pub fn describe(&self) -> String {
        let (batches, elements) = self.selector.batched;
        format!(
            "{} regions, {} instructions ({batches} batches of {elements} scalar operations), {} \
             values seen across regions, {} bytes",
            self.regions.len(),
            self.code.len(),
            self.regions.iter().map(|r| r.outputs.end - r.outputs.start).sum::<u32>(),
            self.storage.used(),
        )
    }

    /// Edges so far.
    pub fn cycle(&self) -> u64 {
        self.context.cycle
    }
}

impl Domain {
    /// Gives states their values after reset. What makes their next values is committed again at
    /// the next edge, changed or not.
    ///
    /// # Safety
    /// The states lie in the storage at `base`.
    unsafe fn reset(&mut self, base: *mut u8, marks: &[Mark], dirty: &mut RegionSet) {
        for reset in &self.resets {
            let mut changed = false;
            for lane in 0..reset.lanes {
                // SAFETY: the caller's promise.
                unsafe {
                    let at = base.add((reset.at + lane * reset.elem.bytes()) as usize);
                    changed |= reset.elem.load(at) != reset.value;
                    reset.elem.store(at, reset.value);
                }
            }
            if changed {
                dirty.mark(reset.marks, marks);
            }
        }
        self.pending.insert_all(&self.reset_regions);
    }
}
