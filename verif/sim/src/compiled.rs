//! [`Compiled`]: the compiled engine.

use crate::exec::{Location, Machine};
use crate::kernel::{Lane, Limbs};
use crate::lower::{Lift, Lowered};
use crate::native::Native;
use crate::snapshot::Places;
use crate::tier::Tier;
use olivine_interp::{
    Engine, Interface, MemoryInfo, Snapshot, SnapshotError, Undefined, VIOLATIONS_MAX, Violation,
    observable,
};
use olivine_netlist::{Bits, Design, Direction, DomainId, ModuleId, PortId};
use olivine_trace::Signal;
use std::sync::{Arc, OnceLock};

/// Bytes of machine code from which on the bytecode is faster: code that is run through once a cycle
/// and does not stay in the second-level cache is read more slowly than data.
const CODE_BYTES: usize = 3 << 20;

/// The compiled engine: bit for bit the [interpreter](olivine_interp::Interp), much faster.
///
/// Every module body is lowered once for all its occurrences, so a large array costs little more
/// to compile than a small one. Internal signals cost nothing until one is read.
#[derive(Clone, Debug)]
pub struct Compiled {
    interface: Interface,
    design: Arc<Design>,
    kernel: Arc<Lowered>,
    engine: Engines,
    /// By port, by limb.
    ports: Vec<Vec<Location>>,
    resets: Vec<bool>,
    /// The design without lifted functions, if there are such, for who looks inside.
    gates: OnceLock<Arc<Lowered>>,
    /// Found when somebody asks: naming everything takes longer than compiling it.
    observed: OnceLock<Observed>,
    /// By signal, by limb; empty until one is read.
    watched: Vec<Vec<Location>>,
    /// Whether internal signals are settled.
    watch_settled: bool,
    undefined: Undefined,
    tuning: Tuning,
    /// Whether there is machine code for this processor, and too much of it.
    too_large: bool,
    memories: Vec<MemoryInfo>,
    /// The kernel's memory and lane of each.
    memory_lanes: Vec<(u32, u32)>,
    violations: Vec<Violation>,
    /// Found when somebody takes a snapshot.
    places: OnceLock<Arc<Places>>,
}

/// The signals, and where they are in the kernel.
#[derive(Clone, Debug)]
struct Observed {
    signals: Vec<Signal>,
    limbs: Vec<Limbs>,
}

/// What computes.
#[derive(Clone, Debug)]
enum Engines {
    Bytecode(Box<Machine>),
    /// Machine code; internal signals are computed by a bytecode machine that is given its state,
    /// once one is read.
    Native(Box<Native>, Option<Box<Machine>>),
}

/// Trade-offs of compilation; they change speed and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tuning {
    /// Modules with at least this many occurrences (at least 2) become vectors of lanes; fewer are
    /// spelled out. Below some number a vector operation costs more than the scalar ones it
    /// stands for.
    pub vector_lanes: u32,
    /// What executes; `None` is the best that this processor can. One that it cannot becomes the
    /// next below that it can.
    pub tier: Option<Tier>,
    /// Whether modules that say what function of floats they are (see
    /// [`FloatFunction`](olivine_netlist::FloatFunction)) are computed gate by gate all the same.
    /// Otherwise machine code computes the function, and the bytecode the gates.
    pub gate_level: bool,
    /// What is needed under a condition alone (an enable, a side of a choice) is skipped by a jump
    /// when that does not hold, if it has at least so many instructions of machine code.
    pub least_body: u32,
    /// What stands still is left out of the code of an edge, as long as it does. That is found by
    /// trying, once so many instructions of a run are behind; `None` is never.
    pub still_after: Option<u64>,
    /// States that hardly ever change, and inputs, are numbers in code of its own that runs for as
    /// long as they keep these values, where nothing is left out. That is found by trying, once so
    /// many instructions of a run are behind; `None` is never. It takes out up to half of a
    /// processor's instructions; whether that shows depends on where the system puts the code, so
    /// it is left to who measures.
    pub known_after: Option<u64>,
}

impl Tuning {
    /// What is to execute.
    pub(crate) fn tier(&self) -> Tier {
        Tier::chosen(self.tier, Tier::is_available)
    }

    /// What machine code of this design lifts.
    pub(crate) fn lift(&self, design: &Design) -> Option<Lift> {
        Lift::of(design).filter(|_| self.tier().has_floats() && !self.gate_level)
    }
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            vector_lanes: 4,
            tier: None,
            gate_level: false,
            least_body: 8,
            still_after: Some(1 << 26),
            known_after: None,
        }
    }
}

impl Compiled {
    /// Compiles a validated design, at power-up.
    pub fn new(design: &Design, undefined: Undefined) -> Self {
        Self::tuned(design, undefined, Tuning::default())
    }

    /// [`Compiled::new`] with other trade-offs.
    pub fn tuned(design: &Design, undefined: Undefined, tuning: Tuning) -> Self {
        let domains = design.top().domains.len();
        let lift = tuning.lift(design);
        let mut lowered = Lowered::new(design, undefined, tuning, lift);
        let native = Native::new(&lowered.kernel, domains, undefined, tuning);
        let too_large = tuning.tier.is_none()
            && native.as_ref().is_some_and(|native| native.code_bytes() > CODE_BYTES);
        let engine = match native.filter(|_| !too_large) {
            Some(native) => Engines::Native(Box::new(native), None),
            None => {
                if lift.is_some() {
                    lowered = Lowered::new(design, undefined, tuning, None);
                }
                Engines::Bytecode(Box::new(Machine::new(&lowered.kernel, domains, undefined)))
            }
        };
        let (memories, memory_lanes) = memories(design, &lowered);
        let locate = |limbs: &Limbs| engine.locations(&lowered, limbs);
        Self {
            ports: lowered.kernel.ports.iter().map(locate).collect(),
            interface: Interface::of(design),
            engine,
            resets: vec![false; domains],
            gates: OnceLock::new(),
            observed: OnceLock::new(),
            watched: Vec::new(),
            watch_settled: false,
            undefined,
            tuning,
            too_large,
            memories,
            memory_lanes,
            violations: Vec::new(),
            places: OnceLock::new(),
            design: Arc::new(design.clone()),
            kernel: Arc::new(lowered),
        }
    }

    /// What executes.
    pub fn tier(&self) -> Tier {
        match &self.engine {
            Engines::Bytecode(_) => Tier::Bytecode,
            Engines::Native(native, _) => native.tier(),
        }
    }

    /// What executes and why, in a line.
    pub fn choice(&self) -> String {
        let (tier, best) = (self.tier(), Tier::best());
        let lifted: Vec<&str> = self.lifted().collect();
        let lifted = match lifted.as_slice() {
            [] => String::new(),
            names => format!("; computed as floats, not gates: {}", names.join(", ")),
        };
        let why = match self.tuning.tier {
            Some(asked) if asked == tier => format!("{tier}: asked for"),
            Some(Tier::Portable) => format!(
                "{tier}: {} was asked for, which is built with the feature `portable` alone",
                Tier::Portable
            ),
            Some(asked) => format!("{tier}: {asked} was asked for, this processor cannot run it"),
            None if tier == best && tier != Tier::Bytecode => {
                format!("{tier}: the widest vectors that this processor has")
            }
            None if best == Tier::Bytecode => {
                format!("{tier}: there is no vector tier for this processor")
            }
            None if self.too_large => format!(
                "{tier}: the machine code of a cycle is more than the processor keeps near itself"
            ),
            None => format!("{tier}: the system gives no memory for machine code"),
        };
        why + &lifted
    }

    pub(crate) fn native(&self) -> Option<&Native> {
        match &self.engine {
            Engines::Native(native, _) => Some(native),
            Engines::Bytecode(_) => None,
        }
    }

    pub(crate) fn design(&self) -> &Design {
        &self.design
    }

    /// How often a module occurs.
    pub(crate) fn occurrences(&self, module: ModuleId) -> u32 {
        let variants = self.kernel.occurrences.variants.iter();
        variants.filter(|variant| variant.module == module).map(|variant| variant.lanes).sum()
    }

    /// The modules of which machine code computes functions of floats instead of gates, by name.
    pub fn lifted(&self) -> impl Iterator<Item = &str> {
        self.kernel.kernel.lifted.iter().map(String::as_str)
    }

    /// What the design was compiled to, in a line: for those who tune it.
    pub fn describe(&self) -> String {
        match &self.engine {
            Engines::Bytecode(machine) => machine.describe(),
            Engines::Native(native, _) => native.describe(),
        }
    }

    /// Steps a domain a number of times without a look at anything between: inputs stay, reset is
    /// not active; where it was, it is again behind the last edge. As [`Engine::step`] that many
    /// times, faster.
    pub fn run(&mut self, domain: DomainId, cycles: u64) {
        let reset = std::mem::take(&mut self.resets[domain.index()]);
        match &mut self.engine {
            Engines::Bytecode(_) => (0..cycles).for_each(|_| self.step(domain)),
            Engines::Native(..) => self.native_edges(domain, cycles),
        }
        self.set_reset(domain, reset);
    }

    /// Edges in machine code, as many at a time as hold all properties.
    fn native_edges(&mut self, domain: DomainId, mut cycles: u64) {
        self.watch_settled = false;
        while cycles > 0
            && let Engines::Native(native, _) = &mut self.engine
        {
            if native.rest(domain) == 0 {
                native.adapt(&self.kernel.kernel, domain);
            }
            cycles -= native.edges(domain, cycles.min(native.rest(domain)));
            let failing: Vec<u32> = native.failed(domain).collect();
            let last = native.cycle() - 1;
            self.violated(&failing, last);
        }
    }

    fn places(&self) -> &Arc<Places> {
        self.places.get_or_init(|| Arc::new(Places::of(&self.design, &self.kernel)))
    }

    fn settle(&mut self) {
        match &mut self.engine {
            Engines::Native(native, _) => native.settle(),
            Engines::Bytecode(machine) => {
                if !machine.is_settled() {
                    machine.settle();
                    self.watch_settled = false;
                }
            }
        }
    }

    /// The design cell by cell, states as in the kernel that runs.
    fn gates(&self) -> &Arc<Lowered> {
        self.gates.get_or_init(|| {
            if self.kernel.kernel.lifted.is_empty() {
                return self.kernel.clone();
            }
            Arc::new(Lowered::new(&self.design, self.undefined, self.tuning, None))
        })
    }

    fn observed(&self) -> &Observed {
        self.observed.get_or_init(|| {
            let (signals, values) = observable(&self.design.flatten());
            let gates = self.gates();
            Observed { signals, limbs: values.iter().map(|v| gates.limbs(*v)).collect() }
        })
    }

    fn settle_watched(&mut self) {
        self.settle();
        let limbs =
            if self.watched.is_empty() { self.observed().limbs.clone() } else { Vec::new() };
        let gates = self.gates().clone();
        let kernel = &gates.kernel;
        let machine = match &mut self.engine {
            Engines::Bytecode(machine) => machine,
            Engines::Native(_, twin) => twin.get_or_insert_with(|| {
                Box::new(Machine::new(kernel, self.resets.len(), self.undefined))
            }),
        };
        if self.watched.is_empty() {
            let lanes = limbs.iter().flat_map(|limbs| limbs.iter().copied());
            machine.watch(kernel, lanes);
            let location = |lane: &Lane| machine.location(kernel, *lane);
            self.watched = limbs.iter().map(|limbs| limbs.iter().map(location).collect()).collect();
        }
        if self.watch_settled {
            return;
        }
        match &mut self.engine {
            Engines::Bytecode(machine) => machine.settle_watched(),
            Engines::Native(native, Some(twin)) => twin.mirror(kernel, native),
            Engines::Native(_, None) => unreachable!("made above"),
        }
        self.watch_settled = true;
    }

    fn bits(width: u32, at: &[Location], load: impl Fn(Location) -> u64) -> Bits {
        match at {
            [one] => Bits::new(width, load(*one)),
            _ => {
                let words: Vec<u64> = at.iter().map(|at| load(*at)).collect();
                Bits::from_words(width, &words)
            }
        }
    }

    /// Notes properties that do not hold; of the edge to come, or of the last one.
    fn violated(&mut self, properties: &[u32], cycle: u64) {
        let room = VIOLATIONS_MAX - self.violations.len();
        for &index in properties.iter().take(room) {
            let property = &self.kernel.kernel.properties[index as usize];
            self.violations.push(Violation {
                cycle,
                path: property.path.clone(),
                kind: property.kind,
                place: property.place,
            });
        }
    }
}

impl Engines {
    fn locations(&self, lowered: &Lowered, limbs: &Limbs) -> Vec<Location> {
        let location = |lane: &Lane| match self {
            Self::Bytecode(machine) => machine.location(&lowered.kernel, *lane),
            Self::Native(native, _) => native.location(*lane),
        };
        limbs.iter().map(location).collect()
    }

    fn load(&self, at: Location) -> u64 {
        match self {
            Self::Bytecode(machine) => machine.load(at),
            Self::Native(native, _) => native.load(at),
        }
    }

    fn set_input(&mut self, slot: u32, value: u64) {
        match self {
            Self::Bytecode(machine) => machine.set_input(slot, value),
            Self::Native(native, _) => native.set_input(slot, 0, value),
        }
    }
}

/// The memories in the order of the flattened design, with their place in the kernel.
fn memories(design: &Design, lowered: &Lowered) -> (Vec<MemoryInfo>, Vec<(u32, u32)>) {
    let mut found = Vec::new();
    for placement in &lowered.occurrences.placements {
        let module = lowered.occurrences.variants[placement.variant as usize].module;
        for (index, memory) in design.module(module).memories.iter().enumerate() {
            let path = format!("{}{}", lowered.occurrences.path(design, placement), memory.name);
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
            self.engine.set_input(first + k as u32, *word);
        }
        self.watch_settled = false;
    }

    fn set_u64(&mut self, port: PortId, value: u64) {
        let info = &self.interface.ports[port.index()];
        assert_eq!(info.direction, Direction::Input, "`{}` is no input", info.name);
        let first = self.kernel.kernel.input_slots[port.index()];
        self.engine.set_input(first, value & (u64::MAX >> (64 - info.width.min(64))));
        for limb in 1..info.width.div_ceil(64) {
            self.engine.set_input(first + limb, 0);
        }
        self.watch_settled = false;
    }

    fn get(&mut self, port: PortId) -> Bits {
        self.settle();
        let width = self.interface.ports[port.index()].width;
        Self::bits(width, &self.ports[port.index()], |at| self.engine.load(at))
    }

    fn get_u64(&mut self, port: PortId) -> u64 {
        self.settle();
        self.engine.load(self.ports[port.index()][0])
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        self.resets[domain.index()] = active;
        if active && self.design.top().domains[domain.index()].resets_at_once() {
            self.watch_settled = false;
            match &mut self.engine {
                Engines::Bytecode(machine) => machine.reset(domain),
                Engines::Native(native, _) => native.reset(domain),
            }
        }
    }

    fn step(&mut self, domain: DomainId) {
        let reset = self.resets[domain.index()];
        self.watch_settled = false;
        match &mut self.engine {
            Engines::Bytecode(machine) => {
                machine.settle();
                let failing = if reset { Vec::new() } else { machine.failed(domain) };
                let cycle = machine.cycle();
                machine.edge(domain, reset);
                self.violated(&failing, cycle);
            }
            Engines::Native(native, _) => {
                if native.rest(domain) == 0 {
                    native.adapt(&self.kernel.kernel, domain);
                }
                let cycle = native.cycle();
                native.edge(domain, reset);
                if !reset {
                    let failing: Vec<u32> = native.failed(domain).collect();
                    self.violated(&failing, cycle);
                }
            }
        }
    }

    fn step_by(&mut self, domain: DomainId, edges: u64) {
        if self.resets[domain.index()] || self.native().is_none() {
            return (0..edges).for_each(|_| self.step(domain));
        }
        self.native_edges(domain, edges);
    }

    fn cycle(&self) -> u64 {
        match &self.engine {
            Engines::Bytecode(machine) => machine.cycle(),
            Engines::Native(native, _) => native.cycle(),
        }
    }

    fn signals(&self) -> &[Signal] {
        &self.observed().signals
    }

    fn read(&mut self, index: usize) -> Bits {
        self.settle_watched();
        let machine = match &self.engine {
            Engines::Bytecode(machine) => machine,
            Engines::Native(_, twin) => twin.as_ref().expect("made when signals settle"),
        };
        let width = self.observed().signals[index].width;
        Self::bits(width, &self.watched[index], |at| machine.load(at))
    }

    fn memories(&self) -> &[MemoryInfo] {
        &self.memories
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        let (memory, lane) = self.memory_lanes[index];
        let width = self.memories[index].width;
        let limb = |k| match &self.engine {
            Engines::Bytecode(machine) => machine.word(memory, lane, address, k),
            Engines::Native(native, _) => native.word(memory, lane, address, k),
        };
        let words: Vec<u64> = (0..width.div_ceil(64)).map(limb).collect();
        Bits::from_words(width, &words)
    }

    fn snapshot(&self) -> Result<Snapshot, SnapshotError> {
        let mut snapshot = Snapshot {
            design: self.interface.name.clone(),
            cycle: self.cycle(),
            resets: self.resets.clone(),
            inputs: Vec::new(),
            registers: Vec::new(),
            memories: Vec::new(),
        };
        let (places, kernel) = (self.places(), &self.kernel.kernel);
        match &self.engine {
            Engines::Bytecode(machine) => places.save(&**machine, kernel, 0, &mut snapshot),
            Engines::Native(native, _) => places.save(&**native, kernel, 0, &mut snapshot),
        }
        Ok(snapshot)
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        let places = self.places().clone();
        let kernel = &self.kernel.kernel;
        match &mut self.engine {
            Engines::Bytecode(machine) => {
                places.restore(&mut **machine, kernel, 0, snapshot)?;
                machine.hold(kernel);
                machine.start_at(snapshot.cycle);
            }
            Engines::Native(native, _) => {
                places.restore(&mut **native, kernel, 0, snapshot)?;
                native.start_at(snapshot.cycle);
            }
        }
        self.resets.clone_from(&snapshot.resets);
        self.watch_settled = false;
        Ok(())
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.violations)
    }
}
