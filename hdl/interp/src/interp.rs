//! [`Interp`]: the interpreter.

use crate::memory::{MemoryState, undefined_read};
use crate::{Engine, Interface, MemoryInfo, Undefined, Violation, evaluate};
use olivine_netlist::{
    Bits, Design, Direction, DomainId, Module, Op, PortId, PropertyKind, Register, ValueId,
};
use olivine_trace::Signal;
use smallvec::SmallVec;
use std::collections::HashSet;

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
/// acts on registers alone: memories are read and written under it.
///
/// [`Collision::Undefined`]: olivine_netlist::Collision::Undefined
#[derive(Clone, Debug)]
pub struct Interp {
    flat: Module,
    order: Vec<ValueId>,
    interface: Interface,
    undefined: Undefined,
    state: InterpState,
    /// The value of each cell, right if `settled`.
    values: Vec<Bits>,
    settled: bool,
    signals: Vec<Signal>,
    /// The value behind each signal.
    observed: Vec<ValueId>,
    memories: Vec<MemoryInfo>,
    violations: Vec<Violation>,
}

/// Everything an [`Interp`] remembers from one cycle to the next, its inputs included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterpState {
    cycle: u64,
    inputs: Vec<Bits>,
    resets: Vec<bool>,
    registers: Vec<Bits>,
    memories: Vec<MemoryState>,
}

impl Interp {
    /// An interpreter of a validated design, at power-up.
    ///
    /// # Panics
    /// If the design has a combinational loop, which validation refuses.
    pub fn new(design: &Design, undefined: Undefined) -> Self {
        let flat = design.flatten();
        let order = flat.combinational_order().expect("a validated design has no loop");
        let (signals, observed) = observable(&flat);
        let memories = flat.memories.iter().map(|m| MemoryInfo {
            path: m.name.clone(),
            width: m.width,
            depth: m.depth,
        });
        Self {
            order,
            interface: Interface::of(design),
            undefined,
            state: InterpState::power_up(&flat, undefined),
            values: flat.cells.iter().map(|c| Bits::zero(c.width)).collect(),
            settled: false,
            signals,
            observed,
            memories: memories.collect(),
            violations: Vec::new(),
            flat,
        }
    }

    /// The state, to go back to with [`Interp::restore`]. Violations not yet taken are no part
    /// of it.
    pub fn snapshot(&self) -> InterpState {
        self.state.clone()
    }

    /// Goes back to a state of an interpreter of the same design.
    pub fn restore(&mut self, state: &InterpState) {
        self.state.clone_from(state);
        self.settled = false;
    }

    fn settle(&mut self) {
        if !self.settled {
            for i in 0..self.order.len() {
                let value = self.order[i];
                self.values[value.index()] = self.evaluate(value);
            }
            self.settled = true;
        }
    }

    fn evaluate(&self, value: ValueId) -> Bits {
        let cell = self.flat.cell(value);
        match &cell.op {
            Op::Input(port) => self.state.inputs[port.index()].clone(),
            Op::Undefined => {
                let path = undefined_path(&self.flat, value);
                self.undefined.value(&path, self.state.cycle, cell.width)
            }
            Op::Register(register) => self.state.registers[register.index()].clone(),
            Op::ReadData { memory, port } => self.read_data(memory.index(), *port as usize),
            op => {
                let mut operands = SmallVec::<[&Bits; 4]>::new();
                op.operands(|operand| operands.push(&self.values[operand.index()]));
                evaluate(op, cell.width, &operands).expect("a flat module has no instance outputs")
            }
        }
    }

    fn read_data(&self, memory: usize, port: usize) -> Bits {
        let (declared, state) = (&self.flat.memories[memory], &self.state.memories[memory]);
        let read = &declared.reads[port];
        if read.kind != olivine_netlist::ReadKind::Async {
            return state.held[port].clone();
        }
        let word = state.word(&self.values[read.address.index()]).cloned();
        word.unwrap_or_else(|| undefined_read(self.undefined, declared, port, self.state.cycle))
    }

    fn sample(&mut self, domain: DomainId) {
        for property in self.flat.properties.iter().filter(|p| p.domain == domain) {
            let holds = self.values[property.condition.index()].any();
            if !holds && property.kind != PropertyKind::Cover {
                self.violations.push(Violation {
                    cycle: self.state.cycle,
                    path: property.name.clone(),
                    kind: property.kind,
                    place: property.place,
                });
            }
        }
    }

    fn next(&self, register: &Register) -> Option<Bits> {
        if let (Some(reset), true) = (&register.reset, self.state.resets[register.domain.index()]) {
            return Some(reset.clone());
        }
        let holds = |c: Option<ValueId>| c.is_none_or(|c| self.values[c.index()].any());
        let case = register.cases.iter().rev().find(|case| holds(case.condition))?;
        Some(self.values[case.value.index()].clone())
    }
}

impl InterpState {
    fn power_up(flat: &Module, undefined: Undefined) -> Self {
        let inputs = flat.ports.iter().map(|p| Bits::zero(p.width));
        let register = |r: &Register| {
            let init = r.init.clone();
            init.unwrap_or_else(|| undefined.value(&r.name, 0, r.width))
        };
        Self {
            cycle: 0,
            inputs: inputs.collect(),
            resets: vec![false; flat.domains.len()],
            registers: flat.registers.iter().map(register).collect(),
            memories: flat.memories.iter().map(|m| MemoryState::new(m, undefined)).collect(),
        }
    }
}

/// The path under which a cell [`Op::Undefined`] of a flat module takes its values.
pub fn undefined_path(flat: &Module, value: ValueId) -> String {
    let label = flat.cell(value).label.as_ref();
    label.map_or_else(|| format!("undefined[{}]", value.0), |l| l.name.clone())
}

/// Ports, registers and labelled values of a flat module, each path once, with their values.
fn observable(flat: &Module) -> (Vec<Signal>, Vec<ValueId>) {
    let port = |p: &olivine_netlist::Port| (p.name.clone(), p.kind.clone(), p.value);
    let register = |r: &Register| (r.name.clone(), r.kind.clone(), r.value);
    let labels = flat.cells.iter().enumerate().filter_map(|(i, cell)| {
        let label = cell.label.as_ref()?;
        Some((label.name.clone(), label.kind.clone(), ValueId(i as u32)))
    });
    let ports_and_registers =
        flat.ports.iter().map(port).chain(flat.registers.iter().map(register));
    let mut seen = HashSet::new();
    ports_and_registers
        .chain(labels)
        .filter(|(path, ..)| seen.insert(path.clone()))
        .map(|(path, kind, value)| (Signal { path, width: flat.width(value), kind }, value))
        .unzip()
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
        if self.state.inputs[port.index()] != *value {
            self.state.inputs[port.index()] = value.clone();
            self.settled = false;
        }
    }

    fn get(&mut self, port: PortId) -> Bits {
        self.settle();
        self.values[self.flat.ports[port.index()].value.index()].clone()
    }

    fn set_reset(&mut self, domain: DomainId, active: bool) {
        self.state.resets[domain.index()] = active;
    }

    fn step(&mut self, domain: DomainId) {
        self.settle();
        if !self.state.resets[domain.index()] {
            self.sample(domain);
        }
        let mine = |r: &Register| if r.domain == domain { self.next(r) } else { None };
        let next: Vec<Option<Bits>> = self.flat.registers.iter().map(mine).collect();
        self.state.cycle += 1;
        for (memory, state) in self.flat.memories.iter().zip(&mut self.state.memories) {
            state.edge(memory, domain, &self.values, self.undefined, self.state.cycle);
        }
        for (register, next) in self.state.registers.iter_mut().zip(next) {
            if let Some(next) = next {
                *register = next;
            }
        }
        self.settled = false;
    }

    fn cycle(&self) -> u64 {
        self.state.cycle
    }

    fn signals(&self) -> &[Signal] {
        &self.signals
    }

    fn read(&mut self, index: usize) -> Bits {
        self.settle();
        self.values[self.observed[index].index()].clone()
    }

    fn memories(&self) -> &[MemoryInfo] {
        &self.memories
    }

    fn read_word(&mut self, index: usize, address: u32) -> Bits {
        self.state.memories[index].words[address as usize].clone()
    }

    fn take_violations(&mut self) -> Vec<Violation> {
        std::mem::take(&mut self.violations)
    }
}
