//! [`Interp`]: the interpreter.

use crate::memory::{MemoryState, undefined_read};
use crate::{Choices, Engine, Interface, MemoryInfo, Undefined, VIOLATIONS_MAX, Violation};
use crate::{Snapshot, SnapshotError, SnapshotShape};
use crate::{choices::Policy, evaluate, observe::observable, values::Values, word::WordStep};
use olivine_netlist::{
    Bits, Design, Direction, DomainId, Module, Op, PortId, ReadKind, Register, ValueId,
};
use olivine_trace::Signal;
use smallvec::SmallVec;
use std::sync::OnceLock;

/// The interpreter: every cell evaluated in order, one after the other, once for each change.
///
/// It flattens the design and does what the netlist's documentation says, nothing else; other
/// engines are compared with it. Where the netlist leaves a value open it takes
/// [`Undefined::value`], with these paths and times:
///
/// | what | path | time |
/// |---|---|---|
/// | a cell [`Op::Undefined`] | its label, else `undefined[i]`, `i` its index in the flat module | the cycle |
/// | a register without `init` | its path | 0 |
/// | a memory word without `init` | `memory[address]` | 0 |
/// | a synchronous read port at power-up | `memory.read[port]` | 0 |
/// | an asynchronous read out of range | `memory.read[port]` | the cycle |
/// | a synchronous read out of range, or of [`Collision::Undefined`] | `memory.read[port]` | the cycle after the edge |
///
/// A write collides when it is enabled, in range, and its mask has at least one bit set. Reset
/// acts on registers alone: memories are read and written under it. An asynchronous reset acts when
/// it is made active; no edge changes what it has set until it is made inactive.
///
/// [`Collision::Undefined`]: olivine_netlist::Collision::Undefined
#[derive(Clone, Debug)]
pub struct Interp {
    flat: Module,
    steps: Vec<Step>,
    interface: Interface,
    undefined: Policy,
    cycle: u64,
    resets: Vec<bool>,
    memories: Vec<MemoryState>,
    /// Inputs and registers live in their cells; the others are right if `settled`.
    values: Values,
    settled: bool,
    /// Signals, and the value behind each; found when somebody asks.
    observed: OnceLock<(Vec<Signal>, Vec<ValueId>)>,
    memory_infos: Vec<MemoryInfo>,
    violations: Vec<Violation>,
}

/// How one cell settles.
#[derive(Clone, Debug)]
enum Step {
    /// On words.
    Word(WordStep),
    /// As [`evaluate`] says.
    Bits(ValueId),
    Undefined(ValueId),
    ReadData(ValueId),
}

impl Interp {
    /// An interpreter of a validated design, at power-up.
    ///
    /// # Panics
    /// If the design has a combinational loop, which validation refuses.
    pub fn new(design: &Design, undefined: Undefined) -> Self {
        Self::with_policy(design, Policy::Rule(undefined))
    }

    /// As [`Interp::new`], with undefined values that are chosen one by one.
    ///
    /// # Panics
    /// As [`Interp::new`]; and later if a choice has another width than what it is for.
    pub fn with_choices(design: &Design, choices: Choices) -> Self {
        Self::with_policy(design, Policy::Chosen(choices.into()))
    }

    fn with_policy(design: &Design, undefined: Policy) -> Self {
        let flat = design.flatten();
        let memory_infos = flat.memories.iter().map(|m| MemoryInfo {
            path: m.name.clone(),
            width: m.width,
            depth: m.depth,
        });
        let values = power_up(&flat, &undefined);
        Self {
            steps: steps(&flat, &values),
            interface: Interface::of(design),
            cycle: 0,
            resets: vec![false; flat.domains.len()],
            memories: flat.memories.iter().map(|m| MemoryState::new(m, &undefined)).collect(),
            undefined,
            values,
            settled: false,
            observed: OnceLock::new(),
            memory_infos: memory_infos.collect(),
            violations: Vec::new(),
            flat,
        }
    }

    fn observed(&self) -> &(Vec<Signal>, Vec<ValueId>) {
        self.observed.get_or_init(|| observable(&self.flat))
    }

    fn settle(&mut self) {
        if self.settled {
            return;
        }
        for step in &self.steps {
            let (value, bits) = match step {
                Step::Word(step) => {
                    step.run(self.values.words_mut());
                    continue;
                }
                Step::Bits(value) => (*value, self.evaluate(*value)),
                Step::Undefined(value) => (*value, self.undefined(*value)),
                Step::ReadData(value) => (*value, self.read_data(*value)),
            };
            self.values.set(value, &bits);
        }
        self.settled = true;
    }

    fn evaluate(&self, value: ValueId) -> Bits {
        let cell = self.flat.cell(value);
        let mut operands = SmallVec::<[Bits; 4]>::new();
        cell.op.operands(|operand| operands.push(self.values.get(operand)));
        let operands: SmallVec<[&Bits; 4]> = operands.iter().collect();
        evaluate(&cell.op, cell.width, &operands).expect("a flat module has no instance outputs")
    }

    fn undefined(&self, value: ValueId) -> Bits {
        let path = || undefined_path(&self.flat, value);
        self.undefined.value(path, self.cycle, self.flat.width(value))
    }

    fn read_data(&self, value: ValueId) -> Bits {
        let Op::ReadData { memory, port } = self.flat.cell(value).op else {
            unreachable!("only read data settles this way")
        };
        let declared = &self.flat.memories[memory.index()];
        let state = &self.memories[memory.index()];
        let (port, read) = (port as usize, &declared.reads[port as usize]);
        if read.kind != ReadKind::Async {
            return state.held[port].clone();
        }
        let word = state.word(self.values.to_u64(read.address)).cloned();
        word.unwrap_or_else(|| undefined_read(&self.undefined, declared, port, self.cycle))
    }

    fn sample(&mut self, domain: DomainId) {
        for property in self.flat.properties.iter().filter(|p| p.domain == domain) {
            let holds = self.values.any(property.condition);
            let room = self.violations.len() < VIOLATIONS_MAX;
            if !holds && property.kind.is_violated_by_a_sample() && room {
                self.violations.push(Violation {
                    cycle: self.cycle,
                    path: property.name.clone(),
                    kind: property.kind,
                    place: property.place,
                });
            }
        }
    }

    fn next(&self, register: &Register) -> Option<Bits> {
        if let (Some(reset), true) = (&register.reset, self.resets[register.domain.index()]) {
            return Some(reset.clone());
        }
        let holds = |c: Option<ValueId>| c.is_none_or(|c| self.values.any(c));
        let case = register.cases.iter().rev().find(|case| holds(case.condition))?;
        Some(self.values.get(case.value))
    }
}

/// The next value of a snapshot.
fn taken(words: &mut &[u64], width: u32) -> Bits {
    let (first, rest) = words.split_at(width.div_ceil(64) as usize);
    *words = rest;
    Bits::from_words(width, first)
}

/// The cells of the input ports.
fn inputs(flat: &Module) -> impl Iterator<Item = ValueId> {
    flat.ports.iter().filter(|p| p.direction == Direction::Input).map(|p| p.value)
}

fn steps(flat: &Module, values: &Values) -> Vec<Step> {
    let order = flat.combinational_order().expect("a validated design has no loop");
    let step = |value: ValueId| match flat.cell(value).op {
        Op::Const(_) | Op::Input(_) | Op::Register(_) => None,
        Op::Undefined => Some(Step::Undefined(value)),
        Op::ReadData { .. } => Some(Step::ReadData(value)),
        _ => Some(WordStep::new(flat, values, value).map_or(Step::Bits(value), Step::Word)),
    };
    order.into_iter().filter_map(step).collect()
}

/// Constants, and registers at power-up; all else zero.
fn power_up(flat: &Module, undefined: &Policy) -> Values {
    let mut values = Values::new(flat);
    for (i, cell) in flat.cells.iter().enumerate() {
        if let Op::Const(bits) = &cell.op {
            values.set(ValueId(i as u32), bits);
        }
    }
    for r in &flat.registers {
        let open = || undefined.value(|| r.name.clone(), 0, r.width);
        values.set(r.value, &r.init.clone().unwrap_or_else(open));
    }
    values
}

/// The path under which a cell [`Op::Undefined`] of a flat module takes its values.
pub fn undefined_path(flat: &Module, value: ValueId) -> String {
    let label = flat.cell(value).label.as_ref();
    label.map_or_else(|| format!("undefined[{}]", value.0), |l| l.name.clone())
}

impl Engine for Interp {
    fn engine_name(&self) -> &'static str {
        "interp"
    }

    fn interface(&self) -> &Interface {
        &self.interface
    }

    fn set(&mut self, port: PortId, value: &Bits) {
        let info = &self.interface.ports[port.index()];
        assert_eq!(info.direction, Direction::Input, "`{}` is no input", info.name);
        assert_eq!(info.width, value.width(), "`{}` has another width", info.name);
        self.values.set(self.flat.ports[port.index()].value, value);
        self.settled = false;
    }

    fn get(&mut self, port: PortId) -> Bits {
        self.settle();
        self.values.get(self.flat.ports[port.index()].value)
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        self.resets[domain.index()] = active;
        if active && self.flat.domains[domain.index()].resets_at_once() {
            for register in self.flat.registers.iter().filter(|r| r.domain == domain) {
                if let Some(reset) = &register.reset {
                    self.values.set(register.value, reset);
                }
            }
            self.settled = false;
        }
    }

    fn step(&mut self, domain: DomainId) {
        self.settle();
        if !self.resets[domain.index()] {
            self.sample(domain);
        }
        let mine = self.flat.registers.iter().filter(|r| r.domain == domain);
        let next: Vec<(ValueId, Bits)> =
            mine.filter_map(|r| Some((r.value, self.next(r)?))).collect();
        self.cycle += 1;
        for (memory, state) in self.flat.memories.iter().zip(&mut self.memories) {
            state.edge(memory, domain, &self.values, &self.undefined, self.cycle);
        }
        for (register, bits) in next {
            self.values.set(register, &bits);
        }
        self.settled = false;
    }

    fn cycle(&self) -> u64 {
        self.cycle
    }

    fn signals(&self) -> &[Signal] {
        &self.observed().0
    }

    fn read(&mut self, index: usize) -> Bits {
        self.settle();
        self.values.get(self.observed().1[index])
    }

    fn memories(&self) -> &[MemoryInfo] {
        &self.memory_infos
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        self.memories[index].words[address as usize].clone()
    }

    fn snapshot(&self) -> Result<Snapshot, SnapshotError> {
        let words = |value: ValueId| self.values.get(value).words().to_vec();
        Ok(Snapshot {
            design: self.flat.name.clone(),
            cycle: self.cycle,
            resets: self.resets.clone(),
            inputs: inputs(&self.flat).flat_map(words).collect(),
            registers: self.flat.registers.iter().flat_map(|r| words(r.value)).collect(),
            memories: self
                .flat
                .memories
                .iter()
                .zip(&self.memories)
                .flat_map(|(memory, state)| state.remembered(memory))
                .flat_map(|bits| bits.words().to_vec())
                .collect(),
        })
    }

    fn restore(&mut self, snapshot: &Snapshot) -> Result<(), SnapshotError> {
        SnapshotShape::of_flat(&self.flat).check(snapshot)?;
        self.cycle = snapshot.cycle;
        self.resets.clone_from(&snapshot.resets);
        let mut words = snapshot.inputs.as_slice();
        for value in inputs(&self.flat) {
            self.values.set(value, &taken(&mut words, self.flat.width(value)));
        }
        let mut words = snapshot.registers.as_slice();
        for register in &self.flat.registers {
            self.values.set(register.value, &taken(&mut words, register.width));
        }
        let mut words = snapshot.memories.as_slice();
        for (memory, state) in self.flat.memories.iter().zip(&mut self.memories) {
            for bits in state.remembered_mut(memory) {
                *bits = taken(&mut words, memory.width);
            }
        }
        self.settled = false;
        Ok(())
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.violations)
    }
}
