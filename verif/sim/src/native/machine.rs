//! [`Native`]: a kernel as machine code, with its state.

use super::activity::Activity;
use super::checks::Together;
use super::code::Code;
use super::emit256::Avx2;
use super::emit512::Avx512;
use super::layout::Layout;
use super::opened::{Opened, opened};
use super::ops::Cell;
use super::ports::{in_code, may_open, operands};
use super::program::{Edge, Program};
use super::speculation::Speculation;
use super::target::Backend;
use crate::exec::{Elem, Flags, Location, MemoryEdge, Storage, Words, memory_edge, open_limb};
use crate::kernel::{Kernel, KernelMemory, Lane, NodeId, NodeOp, Open, Owner};
use crate::{Tier, Tuning};
use olivine_interp::Undefined;
use olivine_netlist::DomainId;
use rustc_hash::FxHashSet as HashSet;
use std::collections::BTreeMap;

/// The function that settles outputs; those of the domains follow it.
const LOOK: usize = 0;

/// A kernel as machine code, with its state.
#[derive(Clone, Debug)]
pub(crate) struct Native {
    pub(super) storage: Storage,
    pub(super) layout: Layout,
    code: Code,
    pub(super) domains: Vec<Domain>,
    words: Vec<Words>,
    pointed: Pointed,
    /// Undefined cells, and reads that can be out of range, each with its place.
    opens: Vec<(Cell, Open)>,
    undefined: Undefined,
    cycle: u64,
    settled: bool,
    tier: Tier,
}

/// Whether the storage has the pointers to the words of memories; a copy has those of others.
#[derive(Debug, Default)]
struct Pointed(bool);

impl Clone for Pointed {
    fn clone(&self) -> Self {
        Self(false)
    }
}

/// What an edge does beside the code.
#[derive(Clone, Debug)]
pub(super) struct Domain {
    pub edge: Edge,
    memories: Vec<MemoryEdge>,
    /// What the code reads of memories and may be left open.
    opened: Vec<Opened>,
    /// Conditions, each with the property's index.
    conditions: Vec<(Location, u32)>,
    hold: Flags,
    /// What it leaves out while it stands still.
    pub activity: Activity,
    /// What is taken as known, while nothing is left out.
    pub speculation: Speculation,
    /// How many instructions of an edge each module has.
    work: BTreeMap<Owner, u64>,
    /// States with their number of lanes and value after reset.
    resets: Vec<(usize, u32, u64)>,
}

impl Native {
    /// A machine at power-up; `None` if this processor or this system cannot run the tier's code.
    pub fn new(
        kernel: &Kernel,
        domains: usize,
        undefined: Undefined,
        tuning: Tuning,
    ) -> Option<Self> {
        let tier = tuning.tier();
        if !tier.is_available() {
            return None;
        }
        match tier {
            Tier::Bytecode => None,
            #[cfg(any(feature = "portable", not(target_arch = "x86_64")))]
            Tier::Portable => {
                Self::compiled::<super::portable::Portable>(kernel, domains, undefined, tuning)
            }
            #[cfg(not(any(feature = "portable", not(target_arch = "x86_64"))))]
            Tier::Portable => None,
            Tier::Avx2 => Self::compiled::<Avx2>(kernel, domains, undefined, tuning),
            Tier::Avx512 => Self::compiled::<Avx512>(kernel, domains, undefined, tuning),
        }
    }

    fn compiled<T: Backend>(
        kernel: &Kernel,
        domains: usize,
        undefined: Undefined,
        tuning: Tuning,
    ) -> Option<Self> {
        let mut storage = Storage::default();
        let mut layout = Layout::new(kernel, T::SHAPE, tuning.least_body, &mut storage);
        let outputs = nodes(kernel.ports.iter().flat_map(|port| port.iter().copied()));
        let mut programs = vec![(outputs, Vec::new(), None)];
        for domain in (0..domains as u32).map(DomainId) {
            let edge = edge(kernel, domain, &mut storage);
            programs.push((needs(kernel, domain), states(kernel, domain), Some(edge)));
        }
        for node in programs.iter().flat_map(|(seen, ..)| seen) {
            layout.see(kernel, &mut storage, *node);
        }
        let edges = programs.iter_mut().filter_map(|(.., edge)| edge.as_mut());
        edges.for_each(|edge| edge.conditions = alone(kernel, &layout, edge.domain));
        let mut made = Vec::new();
        let mut domains = Vec::new();
        for (seen, states, edge) in &programs {
            let (edge, storage) = (edge.as_ref(), &mut storage);
            let seen = layout.places(seen);
            let program = Program::new::<T>(kernel, &layout, &seen, states, edge, None, storage);
            domains.extend(edge.map(|edge| Domain::new(kernel, &layout, edge, &program, tuning)));
            made.push(program);
        }
        Some(Self {
            code: T::code(&made, &mut storage)?,
            domains,
            words: kernel.memories.iter().map(|m| Words::new(m.width, m.depth, &m.init)).collect(),
            pointed: Pointed::default(),
            opens: opens(kernel, &layout),
            storage,
            layout,
            undefined,
            cycle: 0,
            settled: false,
            tier: tuning.tier(),
        })
    }

    /// Settles outputs.
    pub fn settle(&mut self) {
        if !self.settled {
            self.prepare();
            // SAFETY: the code was made for this storage.
            unsafe { self.code.run(LOOK, self.storage.base(), 1) };
            self.settled = true;
        }
    }

    /// Puts what the code reads beside states and inputs where it expects it.
    fn prepare(&mut self) {
        if !self.pointed.0 {
            for (at, words) in self.layout.pointers.iter().zip(&self.words) {
                self.storage.store(Elem::U64, *at, words.pointer() as u64);
            }
            self.pointed.0 = true;
        }
        if self.undefined == Undefined::Zero {
            return;
        }
        for (cell, open) in &self.opens {
            for lane in 0..open.paths.len() {
                let value = open_limb(self.undefined, open, open.limb, lane, self.cycle);
                let at = Layout::location(*cell, lane as u32);
                self.storage.store(at.elem, at.offset, value);
            }
        }
    }

    /// One edge of a domain. The conditions of its properties are those of before.
    pub fn edge(&mut self, domain: DomainId, reset: bool) {
        self.prepare();
        self.cycle += 1;
        self.settled = false;
        let index = domain.index();
        self.run(index, 1);
        self.fill_open(index);
        let base = self.storage.base();
        for edge in &self.domains[index].memories {
            let words = &mut self.words[edge.memory as usize];
            // SAFETY: places were made for this storage.
            unsafe { edge.run(base, words, self.undefined, self.cycle) };
        }
        if reset {
            self.reset(domain);
        }
    }

    /// Edges of a domain, 1 or more, in the code that fits; gives how many there were.
    fn run(&mut self, domain: usize, edges: u64) -> u64 {
        let Domain { activity, speculation, .. } = &mut self.domains[domain];
        let (storage, whole) = (&mut self.storage, LOOK + 1 + domain);
        let (code, function, edges, special) = match activity.code() {
            Some(code) => (code, 0, edges, false),
            None => match speculation.enter(storage, edges) {
                (Some(code), edges) => (code, 0, edges, true),
                (None, edges) => (&self.code, whole, edges, false),
            },
        };
        // SAFETY: the code was made for this storage.
        let done = edges - unsafe { code.run(function, storage.base(), edges) };
        activity.count(done);
        speculation.count(done, special);
        done
    }

    /// Gives the states of a domain their values after reset, without an edge.
    pub fn reset(&mut self, domain: DomainId) {
        for &(state, lanes, value) in &self.domains[domain.index()].resets {
            for lane in 0..lanes {
                self.layout.set_state(&mut self.storage, state, lane, value);
            }
        }
        self.disturb();
        self.settled = false;
    }

    /// States were changed from outside: nothing is known to stand still.
    fn disturb(&mut self) {
        for domain in &self.domains {
            domain.activity.disturb(&mut self.storage);
        }
    }

    /// Edges of a domain, 1 or more, without a look at anything between them; reset is not active.
    /// Ends early behind an edge before which a property did not hold, and may do so behind any
    /// other; gives how many edges there were.
    pub fn edges(&mut self, domain: DomainId, cycles: u64) -> u64 {
        let timed = self.undefined != Undefined::Zero && !self.opens.is_empty();
        if self.domains[domain.index()].works_outside() || timed {
            self.edge(domain, false);
            return 1;
        }
        self.prepare();
        self.settled = false;
        let done = self.run(domain.index(), cycles);
        self.cycle += done;
        self.fill_open(domain.index());
        done
    }

    /// Gives what the last edge of a domain read and is left open its values.
    fn fill_open(&mut self, domain: usize) {
        if self.domains[domain].opened.is_empty() || !self.has_stopped(domain) {
            return;
        }
        for opened in &self.domains[domain].opened {
            opened.fill(&self.layout, &mut self.storage, self.undefined, self.cycle);
        }
        for noted in self.layout.any_opened.iter().flatten().flatten() {
            self.storage.store(Elem::U64, noted.at, 0);
        }
        self.disturb();
    }

    /// Whether the code has noted that the last edge is the last for now.
    fn has_stopped(&self, domain: usize) -> bool {
        let stop = self.domains[domain].edge.stop;
        stop.is_some_and(|stop| self.storage.load(Elem::U64, stop.at) != 0)
    }

    /// The properties of a domain that did not hold before its last edge.
    pub fn failed(&self, domain: DomainId) -> impl Iterator<Item = u32> {
        let Domain { conditions, hold, .. } = &self.domains[domain.index()];
        let stopped = self.has_stopped(domain.index());
        // SAFETY: the places were made for this storage.
        let all_hold = !stopped || unsafe { hold.all(self.storage.first()) };
        let conditions = conditions.iter().filter(move |_| !all_hold);
        conditions.filter(|(at, _)| self.load(*at) == 0).map(|(_, property)| *property)
    }

    /// Gives a lane of an input slot a value.
    pub fn set_input(&mut self, slot: u32, lane: u32, value: u64) {
        let at = Layout::location(self.layout.inputs[slot as usize], lane);
        self.storage.store(at.elem, at.offset, value);
        self.settled = false;
    }

    /// A lane of an input slot.
    pub fn input(&self, slot: u32, lane: u32) -> u64 {
        self.load(Layout::location(self.layout.inputs[slot as usize], lane))
    }

    /// A lane of a state.
    pub fn state(&self, state: u32, lane: u32) -> u64 {
        self.layout.state(&self.storage, state as usize, lane)
    }

    /// Gives a lane of a state a value.
    pub fn set_state(&mut self, state: u32, lane: u32, value: u64) {
        self.layout.set_state(&mut self.storage, state as usize, lane, value);
        self.disturb();
        self.settled = false;
    }

    /// After so many edges.
    pub fn start_at(&mut self, cycle: u64) {
        self.cycle = cycle;
        self.settled = false;
    }

    /// Where a lane of an output's node is, settled.
    pub fn location(&self, lane: Lane) -> Location {
        Layout::location(self.layout.seen[&lane.0], lane.1)
    }

    /// What is at a location.
    pub fn load(&self, at: Location) -> u64 {
        self.storage.load(at.elem, at.offset)
    }

    /// The memories' words.
    pub fn words(&mut self) -> &mut Vec<Words> {
        self.pointed.0 = false;
        &mut self.words
    }

    /// A limb of a word of a memory.
    pub fn word(&self, memory: u32, lane: u32, address: u32, limb: u32) -> u64 {
        let words = &self.words[memory as usize];
        words.get(lane, u64::from(address), limb).expect("an address in range")
    }

    /// What it was made for.
    pub fn tier(&self) -> Tier {
        self.tier
    }

    /// Edges so far.
    pub fn cycle(&self) -> u64 {
        self.cycle
    }

    /// How many instructions of an edge each module has.
    pub fn work(&self, domain: DomainId) -> &BTreeMap<Owner, u64> {
        &self.domains[domain.index()].work
    }

    /// Bytes of code.
    pub fn code_bytes(&self) -> usize {
        self.code.bytes()
    }

    /// Bytes of code and of storage, in words.
    pub fn describe(&self) -> String {
        let (code, storage) = (self.code.bytes(), self.storage.used());
        let still: usize = self.domains.iter().map(|domain| domain.activity.parts()).sum();
        let still = match still {
            0 => String::new(),
            1 => ", without 1 part that stands still".into(),
            n => format!(", without {n} parts that stand still"),
        };
        let known: usize = self.domains.iter().map(|domain| domain.speculation.known()).sum();
        let known = match known {
            0 => String::new(),
            n => format!(", {n} states and inputs taken as known"),
        };
        format!("{code} bytes of code, {storage} bytes of state{still}{known}")
    }
}

impl Domain {
    /// Whether memories are moved beside the code.
    pub fn works_outside(&self) -> bool {
        !self.memories.is_empty()
    }

    fn new(
        kernel: &Kernel,
        layout: &Layout,
        edge: &Edge,
        program: &Program,
        tuning: Tuning,
    ) -> Self {
        let domain = edge.domain;
        let location = |lane: Lane| {
            let cell = layout.seen[&lane.0];
            Layout::location(cell, lane.1)
        };
        let held = |state: (u32, u32)| Layout::location(layout.states[state.0 as usize], state.1);
        let outside = |(_, memory): &(usize, &KernelMemory)| !in_code(memory, domain);
        let moved = |(index, memory)| {
            let edge = memory_edge(index as u32, memory, domain, &location, &held);
            (!edge.writes.is_empty() || !edge.reads.is_empty()).then_some(edge)
        };
        let states = kernel.states.iter().enumerate().filter(|(_, s)| s.domain == domain);
        let properties = kernel.properties.iter().enumerate().filter(|(_, p)| p.domain == domain);
        let conditions: Vec<(Location, u32)> =
            properties.map(|(i, p)| (location(p.condition), i as u32)).collect();
        Self {
            memories: kernel
                .memories
                .iter()
                .enumerate()
                .filter(outside)
                .filter_map(moved)
                .collect(),
            opened: opened(kernel, layout, domain),
            activity: Activity::new(tuning, program.insts.len()),
            speculation: Speculation::new(tuning, program.insts.len()),
            edge: edge.clone(),
            work: program.work.clone(),
            hold: Flags::new(conditions.iter().map(|(at, _)| *at)),
            conditions,
            resets: states
                .filter_map(|(i, s)| s.reset.map(|value| (i, s.init.len() as u32, value)))
                .collect(),
        }
    }
}

fn opens(kernel: &Kernel, layout: &Layout) -> Vec<(Cell, Open)> {
    let mut all: Vec<(Cell, Open)> =
        layout.opens.iter().copied().zip(kernel.undefined.iter().cloned()).collect();
    for node in kernel.graph.nodes() {
        if let NodeOp::Read(read, address) = node.op
            && kernel.leaves_range(read, address)
        {
            let index = read as usize;
            all.push((layout.beyond[index], kernel.reads[index].open.clone()));
        }
    }
    all
}

/// An edge, with a place to note why it is the last for now, if there can be a reason.
fn edge(kernel: &Kernel, domain: DomainId, storage: &mut Storage) -> Edge {
    let checks = kernel.properties.iter().any(|p| p.domain == domain);
    let opens = |memory: &KernelMemory| memory.reads.iter().any(|r| may_open(kernel, memory, r));
    let stops = checks || !kernel.zeroed && kernel.memories.iter().any(opens);
    let stop = stops.then(|| Cell { at: storage.allocate(8, 8), size: 8 });
    let together = Together::of(kernel, domain, storage);
    Edge { domain, stop, conditions: HashSet::default(), together, leaves: Vec::new() }
}

/// The cells of conditions of one lane.
fn alone(kernel: &Kernel, layout: &Layout, domain: DomainId) -> HashSet<u32> {
    let properties = kernel.properties.iter().filter(|p| p.domain == domain);
    let alone = properties.filter(|p| kernel.graph.lanes(p.condition.0) == 1);
    alone.map(|p| layout.seen[&p.condition.0].at).collect()
}

/// Each node once.
fn nodes(lanes: impl Iterator<Item = Lane>) -> Vec<NodeId> {
    let mut nodes: Vec<NodeId> = lanes.map(|(node, _)| node).collect();
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

pub(super) fn states(kernel: &Kernel, domain: DomainId) -> Vec<u32> {
    let of_domain = |s: &u32| kernel.states[*s as usize].domain == domain;
    (0..kernel.states.len() as u32).filter(of_domain).collect()
}

/// What an edge looks at: conditions, and what memories are given outside of the code.
pub(super) fn needs(kernel: &Kernel, domain: DomainId) -> Vec<NodeId> {
    let mut lanes: Vec<Lane> = Vec::new();
    let properties = kernel.properties.iter().filter(|p| p.domain == domain);
    lanes.extend(properties.map(|p| p.condition));
    for memory in kernel.memories.iter().filter(|m| !in_code(m, domain)) {
        lanes.extend(operands(memory, domain));
    }
    nodes(lanes.into_iter())
}
