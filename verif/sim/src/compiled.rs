//! [`Compiled`]: the compiled engine.

use crate::exec::{Location, Machine};
use crate::kernel::Limbs;
use crate::lower::Lowered;
use olivine_interp::{
    Engine, Interface, MemoryInfo, Undefined, VIOLATIONS_MAX, Violation, observable,
};
use olivine_netlist::{Bits, Design, Direction, DomainId, PortId};
use olivine_trace::Signal;
use std::sync::{Arc, OnceLock};

/// The compiled engine: bit for bit the [interpreter](olivine_interp::Interp), much faster.
///
/// Every module body is lowered once for all its occurrences, so a large array costs little more
/// to compile than a small one. Internal signals cost nothing until one is read.
#[derive(Clone, Debug)]
pub struct Compiled {
    interface: Interface,
    design: Arc<Design>,
    kernel: Arc<Lowered>,
    machine: Machine,
    /// By port, by limb.
    ports: Vec<Vec<Location>>,
    resets: Vec<bool>,
    /// Found when somebody asks: naming everything takes longer than compiling it.
    observed: OnceLock<Observed>,
    /// By signal, by limb; empty until one is read.
    watched: Vec<Vec<Location>>,
    /// Whether internal signals are settled.
    watch_settled: bool,
    memories: Vec<MemoryInfo>,
    /// The kernel's memory and lane of each.
    memory_lanes: Vec<(u32, u32)>,
    violations: Vec<Violation>,
}

/// The signals, and where they are in the kernel.
#[derive(Clone, Debug)]
struct Observed {
    signals: Vec<Signal>,
    limbs: Vec<Limbs>,
}

/// Trade-offs of compilation; they change speed and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Modules with at least this many occurrences (at least 2) become vectors of lanes; fewer are
    /// spelled out. Below some number a vector operation costs more than the scalar ones it
    /// stands for.
    pub vector_lanes: u32,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { vector_lanes: 6 }
    }
}

impl Compiled {
    /// Compiles a validated design, at power-up.
    pub fn new(design: &Design, undefined: Undefined) -> Self {
        Self::tuned(design, undefined, Tuning::default())
    }

    /// [`Compiled::new`] with other trade-offs.
    pub fn tuned(design: &Design, undefined: Undefined, tuning: Tuning) -> Self {
        let lowered = Lowered::new(design, undefined, tuning);
        let machine = Machine::new(&lowered.kernel, design.top().domains.len(), undefined);
        let (memories, memory_lanes) = memories(design, &lowered);
        let locate = |limbs: &Limbs| locations(&lowered, &machine, limbs);
        Self {
            ports: lowered.kernel.ports.iter().map(locate).collect(),
            interface: Interface::of(design),
            machine,
            resets: vec![false; design.top().domains.len()],
            observed: OnceLock::new(),
            watched: Vec::new(),
            watch_settled: false,
            memories,
            memory_lanes,
            violations: Vec::new(),
            design: Arc::new(design.clone()),
            kernel: Arc::new(lowered),
        }
    }

    /// What the design was compiled to, in a line: for those who tune it.
    pub fn describe(&self) -> String {
        self.machine.describe()
    }

    fn settle(&mut self) {
        if !self.machine.is_settled() {
            self.machine.settle();
            self.watch_settled = false;
        }
    }

    fn observed(&self) -> &Observed {
        self.observed.get_or_init(|| {
            let (signals, values) = observable(&self.design.flatten());
            Observed { signals, limbs: values.iter().map(|v| self.kernel.limbs(*v)).collect() }
        })
    }

    fn settle_watched(&mut self) {
        self.settle();
        if self.watched.is_empty() {
            let limbs = self.observed().limbs.clone();
            let lanes = limbs.iter().flat_map(|limbs| limbs.iter().copied());
            self.machine.watch(&self.kernel.kernel, lanes);
            let locate = |limbs: &Limbs| locations(&self.kernel, &self.machine, limbs);
            self.watched = limbs.iter().map(locate).collect();
        }
        if !self.watch_settled {
            self.machine.settle_watched();
            self.watch_settled = true;
        }
    }

    fn bits(&self, width: u32, at: &[Location]) -> Bits {
        match at {
            [one] => Bits::new(width, self.machine.load(*one)),
            _ => {
                let words: Vec<u64> = at.iter().map(|at| self.machine.load(*at)).collect();
                Bits::from_words(width, &words)
            }
        }
    }

    fn sample(&mut self, domain: DomainId) {
        let Some(properties) = self.machine.failing(domain) else { return };
        let room = VIOLATIONS_MAX - self.violations.len();
        for &index in properties.iter().filter(|p| self.machine.fails(**p)).take(room) {
            let property = &self.kernel.kernel.properties[index as usize];
            self.violations.push(Violation {
                cycle: self.machine.cycle(),
                path: property.path.clone(),
                kind: property.kind,
                place: property.place,
            });
        }
    }
}

fn locations(lowered: &Lowered, machine: &Machine, limbs: &Limbs) -> Vec<Location> {
    limbs.iter().map(|lane| machine.location(&lowered.kernel, *lane)).collect()
}

/// The memories in the order of the flattened design, with their place in the kernel.
fn memories(design: &Design, lowered: &Lowered) -> (Vec<MemoryInfo>, Vec<(u32, u32)>) {
    let mut found = Vec::new();
    for placement in &lowered.occurrences.placements {
        let module = lowered.occurrences.variants[placement.variant as usize].module;
        for (index, memory) in design.module(module).memories.iter().enumerate() {
            let path = format!("{}{}", placement.prefix, memory.name);
            let info = MemoryInfo { path, width: memory.width, depth: memory.depth };
            found.push((info, (lowered.memory(placement.variant, index), placement.lane)));
        }
    }
    found.into_iter().unzip()
}

impl Engine for Compiled {
    fn engine_name(&self) -> &'static str {
        "sim"
    }

    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn set(&mut self, port: PortId, value: &Bits) {
        let info = &self.interface.ports[port.index()];
        assert_eq!(info.direction, Direction::Input, "`{}` is no input", info.name);
        assert_eq!(info.width, value.width(), "`{}` has another width", info.name);
        let first = self.kernel.kernel.input_slots[port.index()];
        for (k, word) in value.words().iter().enumerate() {
            self.machine.set_input(first + k as u32, *word);
        }
        self.watch_settled = false;
    }

    fn set_u64(&mut self, port: PortId, value: u64) {
        let info = &self.interface.ports[port.index()];
        assert_eq!(info.direction, Direction::Input, "`{}` is no input", info.name);
        let first = self.kernel.kernel.input_slots[port.index()];
        self.machine.set_input(first, value & (u64::MAX >> (64 - info.width.min(64))));
        for limb in 1..info.width.div_ceil(64) {
            self.machine.set_input(first + limb, 0);
        }
        self.watch_settled = false;
    }

    fn get(&mut self, port: PortId) -> Bits {
        self.settle();
        self.bits(self.interface.ports[port.index()].width, &self.ports[port.index()])
    }

    fn get_u64(&mut self, port: PortId) -> u64 {
        self.settle();
        self.machine.load(self.ports[port.index()][0])
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        self.resets[domain.index()] = active;
    }

    fn step(&mut self, domain: DomainId) {
        self.settle();
        let reset = self.resets[domain.index()];
        if !reset {
            self.sample(domain);
        }
        self.machine.edge(domain, reset);
        self.watch_settled = false;
    }

    fn cycle(&self) -> u64 {
        self.machine.cycle()
    }

    fn signals(&self) -> &[Signal] {
        &self.observed().signals
    }

    fn read(&mut self, index: usize) -> Bits {
        self.settle_watched();
        self.bits(self.observed().signals[index].width, &self.watched[index])
    }

    fn memories(&self) -> &[MemoryInfo] {
        &self.memories
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        let (memory, lane) = self.memory_lanes[index];
        let width = self.memories[index].width;
        let limb = |k| self.machine.word(memory, lane, address, k);
        let words: Vec<u64> = (0..width.div_ceil(64)).map(limb).collect();
        Bits::from_words(width, &words)
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.violations)
    }
}
