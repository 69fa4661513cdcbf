//! From a transition system to BTOR2.

mod cells;
mod memories;
mod properties;

use super::model::{Btor2, Node, NodeId, NodeKind, StateOf};
use super::sort::Sort;
use crate::options::{Options, Start};
use crate::placed::flattened;
use crate::prove::selected;
use crate::roles::{InputRole, StateRole};
use crate::system::{State, TransitionSystem, fairness, find_property};
use olivine_netlist::{
    Bits, Design, DomainId, Fault, Faults, PropertyId, PropertyKind, Register, ValueId,
};
use std::collections::HashMap;

impl Btor2 {
    /// The assertions of a design and its properties of runs without end, in runs that start as
    /// the options say. Covers are not in it.
    ///
    /// # Errors
    /// As [`prove`](crate::prove); nothing of these kinds is among what is asked for (P001).
    pub fn of(design: &Design, options: &Options) -> Result<Self, Faults> {
        let rows = selected(design, options)?;
        let flat = flattened(design);
        let taken = rows.iter().filter(|row| row.kind != PropertyKind::Cover);
        let mut targets: Vec<PropertyId> =
            taken.filter_map(|row| find_property(&flat, &row.property)).collect();
        if targets.is_empty() {
            let message = format!("nothing to write: `{}` has covers alone", flat.name);
            let help = "the form is for what is always true: assert something";
            return Err(Faults::new(design, vec![Fault::new("P001", flat.place, message, help)]));
        }
        if targets.iter().any(|p| flat.properties[p.index()].kind == PropertyKind::Live) {
            targets.extend(fairness(&flat));
        }
        let system = TransitionSystem::with_whole_memories(flat, targets);
        Ok(Self::new(&system, options.start))
    }

    /// A system whose targets are assertions, properties of runs without end, and what is fair.
    pub(crate) fn new(system: &TransitionSystem, start: Start) -> Self {
        let mut writer = Writer::new(system, start);
        writer.leaves();
        writer.cells();
        writer.nexts();
        writer.properties();
        writer.model
    }
}

/// A system on its way.
struct Writer<'a> {
    system: &'a TransitionSystem,
    model: Btor2,
    known: HashMap<Node, NodeId>,
    /// By cell.
    values: Vec<Option<NodeId>>,
    domains: Vec<DomainId>,
    /// By domain: the step is an edge of it.
    turns: Vec<NodeId>,
    /// Samples count.
    begun: NodeId,
    /// By memory of the system: its array, or nothing if it is constant.
    memories: HashMap<usize, Memory>,
    /// By state of the system: its index in the file.
    held: HashMap<usize, usize>,
}

/// What a memory is in the file.
enum Memory {
    /// It is never written: its words.
    Table(Vec<Bits>),
    /// State, by its index.
    Array(usize),
}

impl<'a> Writer<'a> {
    fn new(system: &'a TransitionSystem, start: Start) -> Self {
        let domains = system.domains();
        let edges = if let Start::AfterReset { edges } = start { edges } else { 0 };
        let names = domains.iter().map(|d| system.flat.domains[d.index()].name.clone());
        let model = Btor2 {
            nodes: Vec::new(),
            states: Vec::new(),
            inputs: Vec::new(),
            constraints: Vec::new(),
            bad: Vec::new(),
            justice: Vec::new(),
            domains: names.collect(),
            edges: edges * domains.len() as u32,
            begun: NodeId(0),
            ports: system.input_ports(),
        };
        let mut writer = Self {
            system,
            model,
            known: HashMap::new(),
            values: vec![None; system.flat.cells.len()],
            domains,
            turns: Vec::new(),
            begun: NodeId(0),
            memories: HashMap::new(),
            held: HashMap::new(),
        };
        writer.clocks();
        writer
    }

    fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(self.model.nodes.len() as u32);
        self.model.nodes.push(node);
        id
    }

    fn shared(&mut self, sort: Sort, kind: NodeKind) -> NodeId {
        let node = Node { sort, kind };
        if let Some(&known) = self.known.get(&node) {
            return known;
        }
        let id = self.push(node.clone());
        self.known.insert(node, id);
        id
    }

    fn input(&mut self, sort: Sort, role: InputRole) -> NodeId {
        let kind = NodeKind::Input(self.model.inputs.len());
        let id = self.push(Node { sort, kind });
        self.model.inputs.push((id, role));
        id
    }

    /// Its index among the states. What it begins with stands before it.
    fn state(&mut self, sort: Sort, role: StateRole, init: Option<NodeId>) -> usize {
        let index = self.model.states.len();
        let node = self.push(Node { sort, kind: NodeKind::State(index) });
        self.model.states.push(StateOf { node, role, init, next: None });
        index
    }

    fn state_node(&self, index: usize) -> NodeId {
        self.model.states[index].node
    }

    /// One bit that is zero at first.
    fn own_bit(&mut self) -> (usize, NodeId) {
        let zero = self.constant(Bits::zero(1));
        let index = self.state(Sort::Bits(1), StateRole::Known(None), Some(zero));
        (index, self.state_node(index))
    }

    fn clocks(&mut self) {
        let edges = self.model.edges;
        let one = self.constant(Bits::new(1, 1));
        let mut passed = Vec::new();
        for _ in 0..edges {
            let (index, node) = self.own_bit();
            self.model.states[index].next = Some(passed.last().copied().unwrap_or(one));
            passed.push(node);
        }
        self.begun = passed.last().copied().unwrap_or(one);
        self.model.begun = self.begun;
        let mut nobody_yet = one;
        for i in 0..self.domains.len() {
            let last = i + 1 == self.domains.len();
            let chosen = match last {
                true => one,
                false => {
                    let name = self.model.domains[i].clone();
                    self.input(Sort::Bits(1), InputRole::Turn(name))
                }
            };
            let free = self.and(nobody_yet, chosen);
            let not_chosen = self.not(chosen);
            nobody_yet = self.and(nobody_yet, not_chosen);
            let turn = self.turn_under_reset(i, &passed, free);
            self.turns.push(turn);
        }
    }

    /// Under reset the domains take turns; then the step is free in whose edge it is.
    fn turn_under_reset(&mut self, domain: usize, passed: &[NodeId], free: NodeId) -> NodeId {
        let mut turn = free;
        for (edge, &behind) in passed.iter().enumerate().rev() {
            let value = u64::from(edge % self.domains.len() == domain);
            let mine = self.constant(Bits::new(1, value));
            turn = self.ite(behind, turn, mine);
        }
        turn
    }

    /// Active for the edges before samples count.
    fn reset(&mut self) -> NodeId {
        self.not(self.begun)
    }

    fn turn(&self, domain: DomainId) -> NodeId {
        let index = self.domains.iter().position(|&d| d == domain);
        self.turns[index.expect("the cone's domains are all here")]
    }

    fn value(&self, value: ValueId) -> NodeId {
        self.values[value.index()].expect("operands come first")
    }

    /// One bit; one if there is none.
    fn bit(&mut self, value: Option<ValueId>) -> NodeId {
        match value {
            Some(value) => self.value(value),
            None => self.constant(Bits::new(1, 1)),
        }
    }

    /// The states, as cells see them.
    fn leaves(&mut self) {
        let (system, flat) = (self.system, &self.system.flat);
        for (i, &state) in system.states.iter().enumerate() {
            let name = system.state_name(state);
            let sort = Sort::Bits(system.state_width(state));
            let init = system.power_up(state).map(|bits| self.constant(bits.clone()));
            let role = match init {
                Some(_) => StateRole::Known(Some(name)),
                None => StateRole::Undefined(name),
            };
            let index = self.state(sort, role, init);
            self.held.insert(i, index);
            let node = self.state_node(index);
            match state {
                State::Register(r) => {
                    let register = &flat.registers[r.index()];
                    self.values[register.value.index()] = Some(self.seen(register, node));
                }
                State::Held(m, port) => {
                    let read = &flat.memories[m.index()].reads[port as usize];
                    self.values[read.value.index()] = Some(node);
                }
                State::Word(..) | State::Met | State::Rounds => {
                    unreachable!("memories are whole here, and rounds are not counted")
                }
            }
        }
        self.memories();
    }

    /// Where its reset is asynchronous, a register is seen with its reset value while that is active.
    fn seen(&mut self, register: &Register, node: NodeId) -> NodeId {
        let domain = &self.system.flat.domains[register.domain.index()];
        match &register.reset {
            Some(reset) if domain.resets_at_once() => {
                let (active, value) = (self.reset(), self.constant(reset.clone()));
                self.ite(active, value, node)
            }
            _ => node,
        }
    }

    fn nexts(&mut self) {
        for (i, &state) in self.system.states.iter().enumerate() {
            let next = match state {
                State::Register(r) => {
                    let register = &self.system.flat.registers[r.index()];
                    self.next_of_register(register)
                }
                State::Held(m, port) => self.next_of_held(m, port, self.held[&i]),
                State::Word(..) | State::Met | State::Rounds => continue,
            };
            let index = self.held[&i];
            self.model.states[index].next = Some(next);
        }
        self.nexts_of_memories();
    }

    fn next_of_register(&mut self, register: &Register) -> NodeId {
        let held = self.value(register.value);
        let mut next = held;
        for case in &register.cases {
            let condition = self.bit(case.condition);
            let value = self.value(case.value);
            next = self.ite(condition, value, next);
        }
        if let Some(reset) = &register.reset {
            let (active, value) = (self.reset(), self.constant(reset.clone()));
            next = self.ite(active, value, next);
        }
        let turn = self.turn(register.domain);
        self.ite(turn, next, held)
    }
}
