//! [`Machine`]: the part of a flat design that some properties depend on, step by step.

use super::clauses::{Clauses, Word};
use super::core::Switches;
use super::followed::Followed;
use super::memory::memory_after;
use super::rounds::Rounds;
use crate::solver::SatLit;
use olivine_netlist::{
    Bits, DomainId, Memory, MemoryId, Module, Op, PropertyId, PropertyKind, ReadKind, Register,
    ValueId,
};
use std::collections::HashMap;

/// A flat design and what of it is needed.
pub(super) struct Machine<'a> {
    pub flat: &'a Module,
    properties: Vec<PropertyId>,
    /// The domains of what is needed.
    pub domains: Vec<DomainId>,
    pub order: Vec<ValueId>,
    pub registers: Vec<bool>,
    /// By memory, if it is needed: the read ports that are.
    pub memories: Vec<Option<Vec<usize>>>,
    /// By memory, if only some of its words are followed: how.
    pub followed: Vec<Option<Followed>>,
    /// Of a property of runs without end, which is the first one.
    pub rounds: Option<Rounds>,
    /// For a proof core: what can be made to be anything.
    pub switches: Option<Switches>,
}

/// What is remembered: the bits of all needed registers and memories, one after the other.
pub(super) type State = Word;

/// What a step is.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Step {
    /// An edge of this one of the machine's domains, resets active.
    Reset(usize),
    /// An edge of any domain, resets inactive.
    Run,
}

/// One step.
pub(super) struct Moment {
    pub state: State,
    pub next: State,
    /// No assumption fails.
    pub legal: SatLit,
    /// By property: it fails.
    pub bad: Vec<SatLit>,
}

/// All values in one step.
pub(super) struct Values {
    pub words: Vec<Word>,
    pub reset: SatLit,
    /// By domain of the flat design; for those that are not needed, zero.
    pub turns: Vec<SatLit>,
}

impl Values {
    pub fn word(&self, value: ValueId) -> &Word {
        &self.words[value.index()]
    }

    /// A one-bit value; one if there is none.
    pub fn bit(&self, clauses: &Clauses, value: Option<ValueId>) -> SatLit {
        value.map_or(clauses.yes(), |v| self.words[v.index()][0])
    }
}

impl<'a> Machine<'a> {
    /// What these properties and all assumptions depend on.
    pub fn new(flat: &'a Module, properties: &[PropertyId]) -> Self {
        Self::counting(flat, properties, None)
    }

    /// The same; the first property is one of runs without end, and so many rounds without its
    /// condition are a failure.
    pub fn counting(flat: &'a Module, properties: &[PropertyId], rounds: Option<u32>) -> Self {
        let mut machine = Self {
            flat,
            properties: properties.to_vec(),
            domains: Vec::new(),
            order: Vec::new(),
            registers: vec![false; flat.registers.len()],
            memories: vec![None; flat.memories.len()],
            followed: flat.memories.iter().map(|_| None).collect(),
            rounds: rounds.map(|most| Rounds::new(flat, most)),
            switches: None,
        };
        let needed = machine.mark();
        let order = flat.combinational_order().expect("a validated design has no loop");
        machine.order = order.into_iter().filter(|v| needed[v.index()]).collect();
        machine.domains = machine.find_domains();
        machine
    }

    /// Marks until nothing more is needed.
    fn mark(&mut self) -> Vec<bool> {
        let flat = self.flat;
        let mut needed = vec![false; flat.cells.len()];
        let asked = self.properties.iter().map(|p| &flat.properties[p.index()]);
        let assumed = flat.properties.iter().filter(|p| self.relies_on(p.kind));
        let mut waiting: Vec<ValueId> = asked.chain(assumed).map(|p| p.condition).collect();
        while let Some(value) = waiting.pop() {
            if std::mem::replace(&mut needed[value.index()], true) {
                continue;
            }
            let op = &flat.cell(value).op;
            op.operands(|operand| waiting.push(operand));
            if let Op::Register(r) = op {
                self.registers[r.index()] = true;
                for case in &flat.registers[r.index()].cases {
                    waiting.push(case.value);
                    waiting.extend(case.condition);
                }
            }
            if let Op::ReadData { memory, port } = op {
                let ports = self.memories[memory.index()].get_or_insert_default();
                ports.push(*port as usize);
                let memory = &flat.memories[memory.index()];
                let read = &memory.reads[*port as usize];
                waiting.push(read.address);
                if let ReadKind::Sync { enable, .. } = read.kind {
                    waiting.extend(enable);
                }
                for write in &memory.writes {
                    waiting.extend([write.address, write.data]);
                    waiting.extend(write.enable);
                    waiting.extend(write.mask);
                }
            }
        }
        needed
    }

    /// Whether a property of this kind matters, whatever is asked.
    fn relies_on(&self, kind: PropertyKind) -> bool {
        kind == PropertyKind::Assume || kind == PropertyKind::Fair && self.rounds.is_some()
    }

    fn find_domains(&self) -> Vec<DomainId> {
        let flat = self.flat;
        let mut used = vec![false; flat.domains.len()];
        for (i, property) in flat.properties.iter().enumerate() {
            let asked = self.properties.contains(&PropertyId(i as u32));
            used[property.domain.index()] |= asked || self.relies_on(property.kind);
        }
        for (register, _) in flat.registers.iter().zip(&self.registers).filter(|(_, n)| **n) {
            used[register.domain.index()] = true;
        }
        for (memory, ports) in self.needed_memories() {
            memory.writes.iter().for_each(|w| used[w.domain.index()] = true);
            for &port in ports {
                if let ReadKind::Sync { domain, .. } = memory.reads[port].kind {
                    used[domain.index()] = true;
                }
            }
        }
        let all = (0..used.len()).filter(|&i| used[i]);
        all.map(|i| DomainId(i as u32)).collect()
    }

    /// Widths of what is remembered, with the value at power-up where there is one.
    fn layout(&self) -> Vec<(u32, Option<&Bits>)> {
        let registers = self.flat.registers.iter().zip(&self.registers).filter(|(_, n)| **n);
        let mut layout: Vec<_> = registers.map(|(r, _)| (r.width, r.init.as_ref())).collect();
        for index in 0..self.memories.len() {
            layout.extend(self.layout_of(index));
        }
        layout
    }

    /// As [`Machine::layout`], of a memory; nothing if it is not needed.
    fn layout_of(&self, index: usize) -> Vec<(u32, Option<&Bits>)> {
        let Some(ports) = &self.memories[index] else { return Vec::new() };
        let memory = &self.flat.memories[index];
        if let Some(followed) = &self.followed[index] {
            return followed.layout(self.flat, memory, ports);
        }
        let words = (0..memory.depth as usize).map(|i| (memory.width, memory.init.get(i)));
        words.chain(ports.iter().map(|_| (memory.width, None))).collect()
    }

    fn names_of(&self, index: usize) -> Vec<String> {
        let Some(ports) = &self.memories[index] else { return Vec::new() };
        let memory = &self.flat.memories[index];
        if let Some(followed) = &self.followed[index] {
            return followed.names(memory, ports);
        }
        let name = &memory.name;
        let words = (0..memory.depth).map(|address| format!("{name}[{address}]"));
        words.chain(ports.iter().map(|port| format!("{name}.read[{port}]"))).collect()
    }

    /// By part of the layout: its switch.
    fn layout_switches(&self) -> Vec<Option<SatLit>> {
        let Some(switches) = &self.switches else { return vec![None; self.layout().len()] };
        let registers = (0..self.registers.len()).filter(|&i| self.registers[i]);
        let mut all: Vec<Option<SatLit>> =
            registers.map(|i| switches.registers.get(&i).copied()).collect();
        for i in 0..self.memories.len() {
            let count = self.layout_of(i).len();
            all.extend(std::iter::repeat_n(switches.memories.get(&i).copied(), count));
        }
        all
    }

    fn needed_memories(&self) -> impl Iterator<Item = (&Memory, &Vec<usize>)> {
        let all = self.flat.memories.iter().zip(&self.memories);
        all.filter_map(|(memory, ports)| Some((memory, ports.as_ref()?)))
    }

    /// Where each part of the state is, by its name: the first bit and the width.
    pub fn places(&self) -> HashMap<String, (usize, u32)> {
        let registers = self.flat.registers.iter().zip(&self.registers).filter(|(_, n)| **n);
        let mut names: Vec<String> = registers.map(|(r, _)| r.name.clone()).collect();
        names.extend((0..self.memories.len()).flat_map(|index| self.names_of(index)));
        let mut places = HashMap::new();
        let mut first = 0;
        for (name, (width, _)) in names.into_iter().zip(self.layout()) {
            places.insert(name, (first, width));
            first += width as usize;
        }
        if let Some(rounds) = &self.rounds {
            for (name, width) in [("#met", rounds.conditions(self)), ("#rounds", rounds.levels())] {
                places.insert(name.to_string(), (first, width));
                first += width as usize;
            }
        }
        places
    }

    /// Any state at all.
    pub fn any_state(&self, clauses: &mut Clauses) -> State {
        let mut state: State =
            self.layout().iter().flat_map(|(width, _)| clauses.free(*width)).collect();
        state.extend(clauses.free(self.counting_bits()));
        state
    }

    /// Bits of state behind the design's own.
    fn counting_bits(&self) -> u32 {
        self.rounds.as_ref().map_or(0, |rounds| rounds.conditions(self) + rounds.levels())
    }

    /// Any state at power-up.
    pub fn power_up(&self, clauses: &mut Clauses) -> State {
        let switches = self.layout_switches();
        let part = |((width, init), switch): ((u32, Option<&Bits>), _)| match init {
            Some(bits) => {
                let known = clauses.constant(bits);
                switched(clauses, switch, known)
            }
            None => clauses.free(width),
        };
        let parts = self.layout().into_iter().zip(switches);
        let mut state: State = parts.flat_map(part).collect();
        let nothing_yet = clauses.bit(false);
        state.extend((0..self.counting_bits()).map(|_| nothing_yet));
        state
    }

    /// A step from a state.
    pub fn step(&self, clauses: &mut Clauses, state: &State, step: Step) -> Moment {
        let mut rest = &state[..];
        let mut take = |width: u32| {
            let (first, after) = rest.split_at(width as usize);
            rest = after;
            first.to_vec()
        };
        let registers: Vec<Option<Word>> = self
            .flat
            .registers
            .iter()
            .zip(&self.registers)
            .map(|(r, needed)| needed.then(|| take(r.width)))
            .collect();
        let mut remembered = |index: usize| {
            self.memories[index].as_ref()?;
            Some(self.layout_of(index).into_iter().map(|(width, _)| take(width)).collect())
        };
        let memories: Vec<Option<Vec<Word>>> =
            (0..self.memories.len()).map(&mut remembered).collect();
        let mut values = Values {
            words: vec![Word::new(); self.flat.cells.len()],
            reset: clauses.bit(step != Step::Run),
            turns: self.turns(clauses, step),
        };
        for &value in &self.order {
            let word = self.cell(clauses, &values, value, &registers, &memories);
            let switch = self.switches.as_ref().and_then(|s| s.values.get(&value).copied());
            values.words[value.index()] = switched(clauses, switch, word);
        }
        let mut next = State::new();
        for (i, (register, now)) in self.flat.registers.iter().zip(registers).enumerate() {
            if let Some(now) = now {
                let after = self.register(clauses, &values, register, now);
                let switch = self.switches.as_ref().and_then(|s| s.registers.get(&i).copied());
                next.extend(switched(clauses, switch, after));
            }
        }
        let (legal, mut bad) = self.properties(clauses, &values);
        for (i, now) in memories.into_iter().enumerate() {
            let (Some(now), Some(ports)) = (now, &self.memories[i]) else { continue };
            let memory = &self.flat.memories[i];
            let after = match &self.followed[i] {
                Some(followed) => {
                    followed.restrict(clauses, &values, memory, ports, &now, &mut bad);
                    followed.after(clauses, &values, memory, ports, &now)
                }
                None => memory_after(clauses, &values, memory, ports, now),
            };
            let switch = self.switches.as_ref().and_then(|s| s.memories.get(&i).copied());
            next.extend(switched(clauses, switch, after));
        }
        if let Some(rounds) = &self.rounds {
            let before = &state[next.len()..];
            let counted = rounds.step(self, clauses, &values, before);
            next.extend(counted.next);
            bad[0] = counted.too_many;
        }
        Moment { state: state.clone(), next, legal, bad }
    }

    /// What a needed synchronous port holds, among what is remembered of its memory.
    pub(super) fn held_at(&self, memory: MemoryId, port: usize) -> usize {
        let ports = self.memories[memory.index()].as_ref();
        let index = ports.and_then(|ports| ports.iter().position(|&p| p == port));
        let first = match &self.followed[memory.index()] {
            Some(followed) => followed.held_from(),
            None => self.flat.memories[memory.index()].depth as usize,
        };
        first + index.expect("needed ports are here")
    }

    fn turns(&self, clauses: &mut Clauses, step: Step) -> Vec<SatLit> {
        let mut turns = vec![clauses.bit(false); self.flat.domains.len()];
        let mine = match step {
            Step::Reset(only) => (0..self.domains.len()).map(|i| clauses.bit(i == only)).collect(),
            Step::Run => clauses.free(self.domains.len() as u32),
        };
        clauses.clause(&mine);
        for (i, &one) in mine.iter().enumerate() {
            mine[..i].iter().for_each(|&other| clauses.clause(&[!one, !other]));
            turns[self.domains[i].index()] = one;
        }
        turns
    }

    /// What a step sees of a register in this state: its reset value, if an asynchronous reset is
    /// active.
    pub(super) fn seen(
        &self,
        clauses: &mut Clauses,
        active: SatLit,
        register: &Register,
        state: Word,
    ) -> Word {
        let at_once = self.flat.domains[register.domain.index()].resets_at_once();
        match register.reset.as_ref().filter(|_| at_once) {
            Some(reset) => {
                let reset = clauses.constant(reset);
                clauses.choose(active, &reset, &state)
            }
            None => state,
        }
    }

    pub(super) fn register(
        &self,
        clauses: &mut Clauses,
        values: &Values,
        register: &Register,
        state: Word,
    ) -> Word {
        let now = self.seen(clauses, values.reset, register, state);
        let mut next = now.clone();
        for case in &register.cases {
            let condition = values.bit(clauses, case.condition);
            next = clauses.choose(condition, values.word(case.value), &next);
        }
        if let Some(reset) = &register.reset {
            let reset = clauses.constant(reset);
            next = clauses.choose(values.reset, &reset, &next);
        }
        clauses.choose(values.turns[register.domain.index()], &next, &now)
    }

    /// The first property that is asked about.
    pub(super) fn first(&self) -> PropertyId {
        self.properties[0]
    }

    /// All of them.
    pub(super) fn asked(&self) -> &[PropertyId] {
        &self.properties
    }

    pub(super) fn properties(
        &self,
        clauses: &mut Clauses,
        values: &Values,
    ) -> (SatLit, Vec<SatLit>) {
        let mut broken = Vec::new();
        let mut bad = vec![!clauses.yes(); self.properties.len()];
        for (i, property) in self.flat.properties.iter().enumerate() {
            let turn = values.turns[property.domain.index()];
            let asked = self.properties.iter().position(|p| p.index() == i);
            if asked.is_none() && property.kind != PropertyKind::Assume {
                continue;
            }
            let condition = values.word(property.condition)[0];
            let wrong = if property.kind == PropertyKind::Cover { condition } else { !condition };
            let sampled = clauses.and(turn, wrong);
            match asked {
                Some(asked) => bad[asked] = sampled,
                None => {
                    let switch = self.switches.as_ref().and_then(|s| s.assumptions.get(&i));
                    let switch = switch.copied().unwrap_or(clauses.yes());
                    broken.push(clauses.and(sampled, switch));
                }
            }
        }
        (!clauses.any(&broken), bad)
    }
}

/// The word, or anything where there is a switch and it is off.
fn switched(clauses: &mut Clauses, switch: Option<SatLit>, word: Word) -> Word {
    let Some(switch) = switch else { return word };
    let anything = clauses.free(word.len() as u32);
    clauses.choose(switch, &word, &anything)
}
