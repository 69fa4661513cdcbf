//! The back half: a [`Kernel`] becomes a [`Machine`], a flat bytecode over one block of storage.
//!
//! Nodes of many lanes become vector instructions, each a loop over all lanes; nodes of one lane
//! become batches, each a loop over like operations. A cycle settles all that outputs, next
//! states and properties depend on, then an edge commits the states of its clock domain: each
//! state has a present and a next place, and the next places of a domain are copied over the
//! present ones as one block.

mod action;
mod data;
mod edge;
mod elem;
mod encode;
mod insn;
mod memory;
mod scalar;
mod schedule;
mod select;
mod storage;
mod vector;
mod word;

use crate::kernel::{Kernel, Lane, Limbs, NodeId, NodeOp};
use edge::{Location, MemoryEdge, ReadEdge, WriteEdge};
use elem::{CHUNK, Elem};
use insn::{Context, Insn};
use memory::Words;
use olivine_interp::Undefined;
use olivine_netlist::DomainId;
use select::Selector;
use storage::Storage;

/// A kernel made to run, with its state.
#[derive(Clone, Debug)]
pub(crate) struct Machine {
    storage: Storage,
    context: Context,
    selector: Selector,
    /// Settles outputs, next states and properties.
    code: Vec<Insn>,
    /// Settles what is only looked at.
    watch: Vec<Insn>,
    domains: Vec<Domain>,
    /// One per property of the kernel.
    conditions: Vec<Location>,
}

/// The states of one clock domain.
#[derive(Clone, Debug, Default)]
struct Domain {
    /// Present states: offset and bytes. The next ones are as many bytes further on.
    block: (u32, u32),
    /// Next states that must be fetched: slots, then vectors as instructions.
    slots: Vec<(u32, u32)>,
    vectors: Vec<Insn>,
    /// What reset makes of next states: place and value.
    resets: Vec<(Location, u64)>,
    memories: Vec<MemoryEdge>,
    /// Indices of its properties.
    properties: Vec<u32>,
}

impl Machine {
    /// A machine at power-up.
    pub fn new(kernel: &Kernel, domains: usize, undefined: Undefined) -> Self {
        let words = kernel.memories.iter().map(|m| Words::new(m.width, m.depth, &m.init));
        let mut machine = Self {
            storage: Storage::default(),
            context: Context {
                pool: Vec::new(),
                reads: Vec::new(),
                opens: kernel.undefined.clone(),
                memories: words.collect(),
                undefined,
                cycle: 0,
            },
            selector: Selector::default(),
            code: Vec::new(),
            watch: Vec::new(),
            domains: vec![Domain::default(); domains],
            conditions: Vec::new(),
        };
        for _ in 0..kernel.inputs {
            let slot = machine.storage.allocate(8, 8);
            machine.selector.inputs.push(slot);
        }
        machine.place_states(kernel);
        machine.selector.select(kernel, &mut machine.storage, &roots(kernel));
        machine.alias_next(kernel);
        machine.encode_code();
        machine.connect(kernel);
        machine
    }

    /// Present and next places of all states, domain by domain.
    fn place_states(&mut self, kernel: &Kernel) {
        self.selector.states = vec![0; kernel.states.len()];
        for (d, domain) in self.domains.iter_mut().enumerate() {
            let of_domain = |s: &usize| kernel.states[*s].domain.index() == d;
            let mine: Vec<usize> = (0..kernel.states.len()).filter(of_domain).collect();
            let is_slot = |s: &&usize| kernel.states[**s].init.len() == 1;
            let ordered = mine.iter().filter(is_slot).chain(mine.iter().filter(|s| !is_slot(s)));
            let start = self.storage.allocate(0, CHUNK);
            for &s in ordered {
                let state = &kernel.states[s];
                let lanes = state.init.len() as u32;
                self.selector.states[s] = if lanes == 1 {
                    self.storage.allocate(8, 8)
                } else {
                    self.storage.allocate(Elem::of(state.width).storage(lanes), CHUNK)
                };
            }
            let end = self.storage.allocate(0, CHUNK);
            domain.block = (start, end - start);
            self.storage.allocate(end - start, CHUNK);
            for &s in &mine {
                let (elem, offset) = (state_elem(kernel, s), self.selector.states[s]);
                for (lane, value) in kernel.states[s].init.iter().enumerate() {
                    let at = offset + lane as u32 * elem.bytes();
                    self.storage.store(elem, at, *value);
                    self.storage.store(elem, at + domain.block.1, *value);
                }
            }
        }
    }

    /// The place of a state after the coming edge.
    fn next_place(&self, kernel: &Kernel, state: usize) -> u32 {
        let domain = &self.domains[kernel.states[state].domain.index()];
        self.selector.states[state] + domain.block.1
    }

    /// Next states of many lanes are computed where they belong, or copied there.
    fn alias_next(&mut self, kernel: &Kernel) {
        for (index, state) in kernel.states.iter().enumerate() {
            let (Some(next), lanes) = (state.next, state.init.len() as u32) else { continue };
            if lanes == 1 {
                continue;
            }
            let elem = state_elem(kernel, index);
            let place = self.next_place(kernel, index);
            let operand = self.selector.vector_whole(kernel, &mut self.storage, next, elem, lanes);
            let info = &mut self.selector.vars[operand.var.0 as usize];
            if info.offset.is_none() {
                info.offset = Some(place);
            } else {
                let count = elem.bytes() * lanes;
                let from = operand.var;
                self.domains[state.domain.index()].vectors.push(Insn {
                    run: data::copy,
                    to: place,
                    a: from.0,
                    b: 0,
                    c: 0,
                    count,
                    steps: [0; 3],
                    shift: 0,
                    mask: 0,
                });
            }
        }
    }

    fn encode_code(&mut self) {
        encode::encode(
            &mut self.selector,
            &mut self.storage,
            &mut self.context.pool,
            &mut self.code,
        );
        self.context.reads.clone_from(&self.selector.plans);
        // Copies of next states name their source's variable until it has its place.
        for insn in self.domains.iter_mut().flat_map(|d| &mut d.vectors) {
            insn.a = self.selector.offset(action::Var(insn.a));
        }
    }

    fn location(&self, kernel: &Kernel, (node, lane): Lane) -> Location {
        if kernel.graph.lanes(node) == 1 {
            let offset = self.selector.offset(self.selector.scalar(node));
            return Location { offset, elem: Elem::U64 };
        }
        let elem = Elem::of(kernel.graph.width(node));
        let operand = self.selector.vector(node, elem);
        Location { offset: self.selector.offset(operand.var) + lane * elem.bytes(), elem }
    }

    /// Edges, resets, memories and properties of each domain.
    fn connect(&mut self, kernel: &Kernel) {
        for (index, state) in kernel.states.iter().enumerate() {
            let place = self.next_place(kernel, index);
            let lanes = state.init.len() as u32;
            let elem = state_elem(kernel, index);
            let next = state.next.filter(|_| lanes == 1);
            let from = next.map(|next| self.location(kernel, (next, 0)).offset);
            let domain = &mut self.domains[state.domain.index()];
            domain.slots.extend(from.map(|from| (place, from)));
            if let Some(value) = state.reset {
                let lane = |lane| Location { offset: place + lane * elem.bytes(), elem };
                domain.resets.extend((0..lanes).map(|l| (lane(l), value)));
            }
        }
        for index in 0..kernel.memories.len() as u32 {
            for d in 0..self.domains.len() as u32 {
                let edge = self.memory_edge(kernel, index, DomainId(d));
                if !edge.writes.is_empty() || !edge.reads.is_empty() {
                    self.domains[d as usize].memories.push(edge);
                }
            }
        }
        for (index, property) in kernel.properties.iter().enumerate() {
            self.conditions.push(self.location(kernel, property.condition));
            self.domains[property.domain.index()].properties.push(index as u32);
        }
    }

    fn memory_edge(&self, kernel: &Kernel, index: u32, domain: DomainId) -> MemoryEdge {
        let memory = &kernel.memories[index as usize];
        let lanes = memory.paths.len();
        let list = |l: &Vec<Lane>| l.iter().map(|l| self.location(kernel, *l)).collect::<Vec<_>>();
        let by_lane = |limbs: &Vec<Vec<Lane>>| {
            let of_lane = |lane| limbs.iter().map(move |limb| limb[lane]);
            (0..lanes).flat_map(of_lane).map(|l| self.location(kernel, l)).collect::<Vec<_>>()
        };
        let writes = memory.writes.iter().filter(|w| w.domain == domain).map(|w| WriteEdge {
            enable: w.enable.as_ref().map(list),
            address: list(&w.address),
            data: by_lane(&w.data),
            mask: w.mask.as_ref().map(by_lane),
        });
        let held = |(state, lane): (u32, u32)| {
            let elem = state_elem(kernel, state as usize);
            let offset = self.next_place(kernel, state as usize) + lane * elem.bytes();
            Location { offset, elem }
        };
        let reads = memory.reads.iter().filter(|r| r.domain == domain).map(|r| {
            let of_lane = |lane: usize| r.held.iter().map(move |limb| limb[lane]);
            ReadEdge {
                enable: r.enable.as_ref().map(list),
                address: list(&r.address),
                collision: r.collision,
                held: (0..lanes).flat_map(of_lane).map(held).collect(),
                open: crate::kernel::Open { paths: r.paths.clone(), width: memory.width, limb: 0 },
            }
        });
        MemoryEdge {
            memory: index,
            lanes: lanes as u32,
            limbs: memory.limbs(),
            depth: u64::from(memory.depth),
            writes: writes.collect(),
            reads: reads.collect(),
        }
    }

    /// Adds to what [`Machine::settle_watched`] settles.
    pub fn watch(&mut self, kernel: &Kernel, lanes: impl Iterator<Item = Lane>) {
        let roots: Vec<NodeId> = lanes.map(|(node, _)| node).collect();
        self.selector.select(kernel, &mut self.storage, &roots);
        encode::encode(
            &mut self.selector,
            &mut self.storage,
            &mut self.context.pool,
            &mut self.watch,
        );
        self.context.reads.clone_from(&self.selector.plans);
    }

    /// Settles outputs, next states and properties.
    pub fn settle(&mut self) {
        let base = self.storage.base();
        for insn in &self.code {
            // SAFETY: the code was made for this storage.
            unsafe { (insn.run)(base, insn, &mut self.context) }
        }
    }

    /// Settles what is watched, after [`Machine::settle`].
    pub fn settle_watched(&mut self) {
        let base = self.storage.base();
        for insn in &self.watch {
            // SAFETY: the code was made for this storage.
            unsafe { (insn.run)(base, insn, &mut self.context) }
        }
    }

    /// Gives an input slot a value; true if that is a change.
    pub fn set_input(&mut self, slot: u32, value: u64) -> bool {
        let offset = self.selector.inputs[slot as usize];
        let changes = self.storage.slot(offset) != value;
        self.storage.store(Elem::U64, offset, value);
        changes
    }

    /// A settled value, limb by limb.
    pub fn read(&self, kernel: &Kernel, limbs: &Limbs) -> Vec<u64> {
        limbs.iter().map(|lane| self.lane(kernel, *lane)).collect()
    }

    /// A settled lane.
    pub fn lane(&self, kernel: &Kernel, lane: Lane) -> u64 {
        if let NodeOp::Const(value) = kernel.graph.node(lane.0).op {
            return value;
        }
        let Location { offset, elem } = self.location(kernel, lane);
        self.storage.load(elem, offset)
    }

    /// Whether a property's condition holds, settled.
    pub fn holds(&self, property: u32) -> bool {
        let Location { offset, elem } = self.conditions[property as usize];
        self.storage.load(elem, offset) != 0
    }

    /// The properties of a domain, if any of them does not hold.
    pub fn failing(&self, domain: DomainId) -> Option<&[u32]> {
        let properties = &self.domains[domain.index()].properties;
        let fails = properties.iter().any(|p| !self.holds(*p));
        fails.then_some(properties)
    }

    /// A word of a memory, limb by limb.
    pub fn word(&self, kernel: &Kernel, memory: u32, lane: u32, address: u32) -> Vec<u64> {
        let limbs = 0..kernel.memories[memory as usize].limbs();
        let words = &self.context.memories[memory as usize];
        let limb = |k| words.get(lane, u64::from(address), k).expect("an address in range");
        limbs.map(limb).collect()
    }

    /// Edges so far.
    pub fn cycle(&self) -> u64 {
        self.context.cycle
    }

    /// One edge of a domain, after [`Machine::settle`].
    pub fn edge(&mut self, domain: DomainId, reset: bool) {
        let base = self.storage.base();
        let domain = &self.domains[domain.index()];
        self.context.cycle += 1;
        // SAFETY: the domain's places were made for this storage.
        unsafe {
            // Memories first: their operands may be values that lie where next states do, and
            // reset overwrites those.
            for edge in &domain.memories {
                let words = &mut self.context.memories[edge.memory as usize];
                edge.run(base, words, self.context.undefined, self.context.cycle);
            }
            for &(to, from) in &domain.slots {
                let value = base.add(from as usize).cast::<u64>().read();
                base.add(to as usize).cast::<u64>().write(value);
            }
            for insn in &domain.vectors {
                (insn.run)(base, insn, &mut self.context);
            }
            if reset {
                for (place, value) in &domain.resets {
                    place.elem.store(base.add(place.offset as usize), *value);
                }
            }
            let (start, bytes) = domain.block;
            let present = base.add(start as usize);
            let next = present.add(bytes as usize);
            std::ptr::copy_nonoverlapping(next, present, bytes as usize);
        }
    }
}

fn state_elem(kernel: &Kernel, state: usize) -> Elem {
    let state = &kernel.states[state];
    if state.init.len() == 1 { Elem::U64 } else { Elem::of(state.width) }
}

/// What a cycle must settle.
fn roots(kernel: &Kernel) -> Vec<NodeId> {
    let mut roots: Vec<NodeId> = kernel.states.iter().filter_map(|s| s.next).collect();
    let mut add = |lane: &Lane| roots.push(lane.0);
    kernel.ports.iter().flat_map(|p| p.iter()).for_each(&mut add);
    kernel.properties.iter().for_each(|p| add(&p.condition));
    for memory in &kernel.memories {
        for write in &memory.writes {
            write.address.iter().chain(write.enable.iter().flatten()).for_each(&mut add);
            write.data.iter().chain(write.mask.iter().flatten()).flatten().for_each(&mut add);
        }
        for read in &memory.reads {
            read.address.iter().chain(read.enable.iter().flatten()).for_each(&mut add);
        }
    }
    roots
}
