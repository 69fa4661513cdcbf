//! [`TransitionSystem`]: a design as states, inputs, assumptions and targets, on words.

use crate::roles::InputRole;
use olivine_interp::undefined_path;
use olivine_netlist::{
    Bits, Direction, DomainId, Memory, MemoryId, Module, Op, PortId, PropertyId, PropertyKind,
    ReadKind, Register, RegisterId, ValueId,
};

/// One step is one edge of one clock domain. A step samples the properties of its domain and then
/// gives the states of the domain their next values; all others keep theirs. With several domains
/// each step is free in whose edge it is, which is every interleaving.
///
/// Only what the properties depend on is here: their cone of influence.
#[derive(Debug)]
pub(crate) struct TransitionSystem {
    /// The flat design.
    pub flat: Module,
    /// The cells of the cone, operands first.
    pub order: Vec<ValueId>,
    /// What is remembered from step to step.
    pub states: Vec<State>,
    /// The memories of the cone.
    pub memories: Vec<MemoryId>,
    /// What is free in each step.
    pub inputs: Vec<Input>,
    /// Constraints on every step.
    pub assumptions: Vec<PropertyId>,
    /// What engines look for: the failing of assertions and the reaching of covers.
    pub targets: Vec<PropertyId>,
    /// The only target speaks of runs without end; this counts for it.
    pub watch: Option<Watch>,
}

/// Turns "again and again" into something that one sample violates: so many rounds without a
/// sample in which the condition holds. A round is over when everything fair has been met since
/// the one before it, each condition of a fair run once and an edge of each clock domain. If there
/// are never so many, the condition holds again and again in every fair run; and of finitely many
/// states, in which it fails to, some run has any number of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watch {
    /// What a fair run meets again and again.
    pub fair: Vec<PropertyId>,
    /// How many rounds are too many; at least 1.
    pub rounds: u32,
    /// Whether every round counts, as if the condition never held: then no round too many means
    /// that there is no fair run.
    pub none: bool,
    zero: Bits,
}

/// Something remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// A register.
    Register(RegisterId),
    /// A word of a memory.
    Word(MemoryId, u32),
    /// What a synchronous read port holds.
    Held(MemoryId, u32),
    /// Of a [`Watch`]: by fair condition, then by domain of the system if there are several,
    /// whether it was met since the last round.
    Met,
    /// Of a [`Watch`]: bit i says that more than i rounds are over.
    Rounds,
}

/// Something free in each step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// An input port.
    Port(PortId),
    /// A cell of undefined value.
    Undefined(ValueId),
    /// What an asynchronous read port answers out of range.
    Answer(MemoryId, u32),
    /// What a synchronous read port answers at the step's edge, where that is undefined.
    NextAnswer(MemoryId, u32),
}

/// What a set of properties depends on.
pub(crate) struct Cone {
    values: Vec<bool>,
    registers: Vec<bool>,
    memories: Vec<bool>,
    reads: Vec<Vec<bool>>,
}

impl Cone {
    /// The cone of these values in a flat module.
    pub fn of(flat: &Module, roots: impl IntoIterator<Item = ValueId>) -> Self {
        let mut cone = Self {
            values: vec![false; flat.cells.len()],
            registers: vec![false; flat.registers.len()],
            memories: vec![false; flat.memories.len()],
            reads: flat.memories.iter().map(|m| vec![false; m.reads.len()]).collect(),
        };
        let mut waiting: Vec<ValueId> = roots.into_iter().collect();
        while let Some(value) = waiting.pop() {
            if !std::mem::replace(&mut cone.values[value.index()], true) {
                cone.visit(flat, value, &mut waiting);
            }
        }
        cone
    }

    fn visit(&mut self, flat: &Module, value: ValueId, waiting: &mut Vec<ValueId>) {
        flat.combinational_operands(value, |operand| waiting.push(operand));
        match flat.cell(value).op {
            Op::Register(id) => {
                self.registers[id.index()] = true;
                for case in &flat.registers[id.index()].cases {
                    waiting.extend(case.condition);
                    waiting.push(case.value);
                }
            }
            Op::ReadData { memory, port } => {
                let declared = &flat.memories[memory.index()];
                self.reads[memory.index()][port as usize] = true;
                let read = &declared.reads[port as usize];
                waiting.push(read.address);
                if let ReadKind::Sync { enable, .. } = read.kind {
                    waiting.extend(enable);
                }
                if !std::mem::replace(&mut self.memories[memory.index()], true) {
                    for write in &declared.writes {
                        waiting.extend([write.address, write.data]);
                        waiting.extend(write.enable.into_iter().chain(write.mask));
                    }
                }
            }
            _ => {}
        }
    }

    /// Which registers, memories, and synchronous read ports are in it.
    pub fn state(&self, flat: &Module) -> (Vec<RegisterId>, Vec<MemoryId>, Vec<(MemoryId, u32)>) {
        let ids = |taken: &[bool]| -> Vec<u32> {
            (0..).zip(taken).filter_map(|(i, taken)| taken.then_some(i)).collect()
        };
        let memories = ids(&self.memories).into_iter().map(MemoryId);
        let held = memories.clone().flat_map(|m| {
            let sync = move |&port: &u32| {
                flat.memories[m.index()].reads[port as usize].kind != ReadKind::Async
            };
            ids(&self.reads[m.index()]).into_iter().filter(sync).map(move |port| (m, port))
        });
        let held = held.collect();
        (ids(&self.registers).into_iter().map(RegisterId).collect(), memories.collect(), held)
    }

    /// The registers in it.
    pub fn registers<'a>(&'a self, flat: &'a Module) -> impl Iterator<Item = &'a Register> {
        let taken = flat.registers.iter().zip(&self.registers);
        taken.filter_map(|(register, taken)| taken.then_some(register))
    }

    /// The memories in it.
    pub fn memories<'a>(&'a self, flat: &'a Module) -> impl Iterator<Item = &'a Memory> {
        let taken = flat.memories.iter().zip(&self.memories);
        taken.filter_map(|(memory, taken)| taken.then_some(memory))
    }
}

/// The property of a flat module with this name.
pub(crate) fn find_property(flat: &Module, name: &str) -> Option<PropertyId> {
    flat.properties.iter().position(|p| p.name == name).map(|i| PropertyId(i as u32))
}

/// The number of bits of a memory.
pub(crate) fn memory_bits(memory: &Memory) -> u64 {
    u64::from(memory.width) * u64::from(memory.depth)
}

impl TransitionSystem {
    /// The part of a flat module that these targets and all assumptions depend on.
    pub fn new(flat: Module, targets: Vec<PropertyId>) -> Self {
        Self::with(flat, targets, true)
    }

    /// The same, memories without a state for each word: they are taken as a whole.
    pub fn with_whole_memories(flat: Module, targets: Vec<PropertyId>) -> Self {
        Self::with(flat, targets, false)
    }

    fn with(flat: Module, targets: Vec<PropertyId>, by_word: bool) -> Self {
        Self::watched(flat, targets, by_word, None)
    }

    /// The part that one target of runs without end depends on, with a count of so many rounds.
    pub fn of_live(flat: Module, target: PropertyId, rounds: u32, none: bool) -> Self {
        let fair = fairness(&flat);
        let zero = Bits::zero(rounds.max(1));
        let watch = Watch { fair, rounds, none, zero };
        Self::watched(flat, vec![target], true, Some(watch))
    }

    fn watched(
        flat: Module,
        targets: Vec<PropertyId>,
        by_word: bool,
        watch: Option<Watch>,
    ) -> Self {
        let assumptions = assumptions(&flat);
        let fair = watch.iter().flat_map(|watch| &watch.fair);
        let asked = targets.iter().chain(&assumptions).chain(fair);
        let cone = Cone::of(&flat, asked.map(|p| flat.properties[p.index()].condition));
        let order = flat.combinational_order().expect("a validated design has no loop");
        let order: Vec<ValueId> = order.into_iter().filter(|v| cone.values[v.index()]).collect();
        let mut states = states(&flat, &cone, by_word);
        if watch.is_some() {
            states.extend([State::Met, State::Rounds]);
        }
        let inputs = inputs(&flat, &order);
        let memories = (0..flat.memories.len()).filter(|&i| cone.memories[i]);
        let memories = memories.map(|i| MemoryId(i as u32)).collect();
        let mut system =
            Self { flat, order, states, memories, inputs, assumptions, targets, watch };
        let met = system.met_width();
        if let Some(watch) = &mut system.watch {
            watch.zero = Bits::zero(met.max(watch.rounds));
        }
        system
    }

    /// Bits of [`State::Met`].
    fn met_width(&self) -> u32 {
        let domains = self.domains().len();
        let fair = self.watch.as_ref().map_or(0, |watch| watch.fair.len());
        (fair + if domains > 1 { domains } else { 0 }) as u32
    }

    /// The domains whose edges can change a state or sample a property of the system, ascending.
    pub fn domains(&self) -> Vec<DomainId> {
        let flat = &self.flat;
        let fair = self.watch.iter().flat_map(|watch| &watch.fair);
        let properties = self.targets.iter().chain(&self.assumptions).chain(fair);
        let mut domains: Vec<DomainId> =
            properties.map(|p| flat.properties[p.index()].domain).collect();
        for &state in &self.states {
            match state {
                State::Register(r) => domains.push(flat.registers[r.index()].domain),
                State::Held(m, port) => {
                    let read = &flat.memories[m.index()].reads[port as usize];
                    if let ReadKind::Sync { domain, .. } = read.kind {
                        domains.push(domain);
                    }
                }
                State::Word(..) | State::Met | State::Rounds => {}
            }
        }
        for memory in &self.memories {
            domains.extend(flat.memories[memory.index()].writes.iter().map(|w| w.domain));
        }
        domains.sort_unstable();
        domains.dedup();
        domains
    }

    /// A state's path, as it is in certificates and among undefined values.
    pub fn state_name(&self, state: State) -> String {
        match state {
            State::Register(r) => self.flat.registers[r.index()].name.clone(),
            State::Word(m, address) => {
                format!("{}[{address}]", self.flat.memories[m.index()].name)
            }
            State::Held(m, port) => format!("{}.read[{port}]", self.flat.memories[m.index()].name),
            State::Met => MET.to_string(),
            State::Rounds => ROUNDS.to_string(),
        }
    }

    /// Width of a state in bits.
    pub fn state_width(&self, state: State) -> u32 {
        match state {
            State::Register(r) => self.flat.registers[r.index()].width,
            State::Word(m, _) | State::Held(m, _) => self.flat.memories[m.index()].width,
            State::Met => self.met_width(),
            State::Rounds => self.watch.as_ref().map_or(0, |watch| watch.rounds - 1),
        }
    }

    /// Width of an input in bits.
    pub fn input_width(&self, input: Input) -> u32 {
        match input {
            Input::Port(p) => self.flat.ports[p.index()].width,
            Input::Undefined(v) => self.flat.width(v),
            Input::Answer(m, _) | Input::NextAnswer(m, _) => self.flat.memories[m.index()].width,
        }
    }

    /// What an input is in files of others.
    pub fn input_role(&self, input: Input) -> InputRole {
        let read =
            |m: MemoryId, port| format!("{}.read[{port}]", self.flat.memories[m.index()].name);
        let (path, later) = match input {
            Input::Port(port) => {
                return InputRole::Port(self.flat.ports[port.index()].name.clone());
            }
            Input::Undefined(value) => (undefined_path(&self.flat, value), false),
            Input::Answer(m, port) => (read(m, port), false),
            Input::NextAnswer(m, port) => (read(m, port), true),
        };
        InputRole::Undefined { path, later }
    }

    /// The input ports of the design, with their widths.
    pub fn input_ports(&self) -> Vec<(String, u32)> {
        let inputs = self.flat.ports.iter().filter(|p| p.direction == Direction::Input);
        inputs.map(|port| (port.name.clone(), port.width)).collect()
    }

    /// A state's value at power-up; `None` if it is undefined.
    pub fn power_up(&self, state: State) -> Option<&Bits> {
        match state {
            State::Register(r) => self.flat.registers[r.index()].init.as_ref(),
            State::Word(m, address) => self.flat.memories[m.index()].init.get(address as usize),
            State::Held(..) => None,
            State::Met | State::Rounds => self.watch.as_ref().map(|watch| &watch.zero),
        }
    }
}

/// What [`State::Met`] is called in certificates. No path of a design has such a sign in it.
pub(crate) const MET: &str = "#met";

/// As [`MET`], of [`State::Rounds`].
pub(crate) const ROUNDS: &str = "#rounds";

/// What a flat module says of fair runs.
pub(crate) fn fairness(flat: &Module) -> Vec<PropertyId> {
    properties(flat, |kind| kind == PropertyKind::Fair)
}

/// The assumptions of a flat module.
pub(crate) fn assumptions(flat: &Module) -> Vec<PropertyId> {
    properties(flat, |kind| kind == PropertyKind::Assume)
}

/// The properties of a flat module whose kind is wanted.
pub(crate) fn properties(flat: &Module, wanted: impl Fn(PropertyKind) -> bool) -> Vec<PropertyId> {
    let all = flat.properties.iter().enumerate().filter(|(_, p)| wanted(p.kind));
    all.map(|(i, _)| PropertyId(i as u32)).collect()
}

fn states(flat: &Module, cone: &Cone, by_word: bool) -> Vec<State> {
    let registers = (0..flat.registers.len()).filter(|&i| cone.registers[i]);
    let mut states: Vec<State> = registers.map(|i| State::Register(RegisterId(i as u32))).collect();
    for (i, memory) in flat.memories.iter().enumerate().filter(|(i, _)| cone.memories[*i]) {
        let id = MemoryId(i as u32);
        let words = if by_word { 0..memory.depth } else { 0..0 };
        states.extend(words.map(|address| State::Word(id, address)));
        for (port, read) in memory.reads.iter().enumerate() {
            if cone.reads[i][port] && read.kind != ReadKind::Async {
                states.push(State::Held(id, port as u32));
            }
        }
    }
    states
}

fn inputs(flat: &Module, order: &[ValueId]) -> Vec<Input> {
    let input = |&value: &ValueId| match flat.cell(value).op {
        Op::Input(port) => Some(Input::Port(port)),
        Op::Undefined => Some(Input::Undefined(value)),
        Op::ReadData { memory, port } => {
            match flat.memories[memory.index()].reads[port as usize].kind {
                ReadKind::Async => Some(Input::Answer(memory, port)),
                ReadKind::Sync { .. } => Some(Input::NextAnswer(memory, port)),
            }
        }
        _ => None,
    };
    order.iter().filter_map(input).collect()
}
