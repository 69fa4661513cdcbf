//! A step of a [`Machine`] whose memories are whole.

use super::Rejection;
use super::clauses::{Clauses, Word};
use super::correspondence::Slot;
use super::machine::{Machine, Values};
use crate::solver::{Deadline, SatLit};
use olivine_netlist::{Collision, Memory, MemoryId, Op, ReadKind, ReadPort, ValueId, WritePort};
use std::collections::HashMap;

/// A state: registers, what read ports hold, and which contents each memory has.
pub(super) struct Whole {
    registers: Vec<Option<Word>>,
    held: Vec<HashMap<usize, Word>>,
    contents: Vec<usize>,
    next_contents: usize,
    /// What has been read: data by contents and address.
    reads: HashMap<(usize, Word), Word>,
}

/// What a step does.
pub(super) struct Stepped {
    registers: Vec<Option<Word>>,
    held: Vec<HashMap<usize, Word>>,
    /// By memory.
    pub writes: Vec<Vec<Write>>,
    /// By property.
    pub bad: Vec<SatLit>,
}

/// What a write port does.
pub(super) struct Write {
    active: SatLit,
    address: Word,
    data: Word,
    /// By bit.
    pub enables: Word,
}

impl Write {
    /// Whether both write a bit of the same word, or neither does, with the same value.
    pub fn same_as(
        &self,
        other: &Self,
        bit: usize,
        clauses: &mut Clauses,
        deadline: Deadline,
    ) -> Result<bool, Rejection> {
        if !clauses.equal(self.enables[bit], other.enables[bit], deadline)? {
            return Ok(false);
        }
        let elsewhere = !same_address(clauses, &self.address, &other.address);
        let data = clauses.xor(self.data[bit], other.data[bit]);
        let wrong = clauses.any(&[elsewhere, data]);
        let wrong = clauses.and(self.enables[bit], wrong);
        let no = !clauses.yes();
        clauses.equal(wrong, no, deadline)
    }
}

impl Whole {
    /// Any state; every memory has contents of its own.
    pub fn any(machine: &Machine<'_>, clauses: &mut Clauses) -> Self {
        Self::new(machine, clauses, false)
    }

    /// Any state at power-up.
    pub fn power_up(machine: &Machine<'_>, clauses: &mut Clauses) -> Self {
        Self::new(machine, clauses, true)
    }

    fn new(machine: &Machine<'_>, clauses: &mut Clauses, known: bool) -> Self {
        let mut registers = Vec::new();
        for (register, needed) in machine.flat.registers.iter().zip(&machine.registers) {
            registers.push(needed.then(|| match &register.init {
                Some(init) if known => clauses.constant(init),
                _ => clauses.free(register.width),
            }));
        }
        let mut held = Vec::new();
        for (memory, ports) in machine.flat.memories.iter().zip(&machine.memories) {
            let ports = ports.iter().flatten();
            held.push(ports.map(|&port| (port, clauses.free(memory.width))).collect());
        }
        let count = machine.flat.memories.len();
        let contents = (0..count).collect();
        Self { registers, held, contents, next_contents: count, reads: HashMap::new() }
    }

    /// The memories of each group have the same contents.
    pub fn share(&mut self, groups: &[Vec<usize>]) {
        for group in groups {
            group.iter().for_each(|&memory| self.contents[memory] = self.contents[group[0]]);
        }
    }

    /// The state after a step.
    pub fn after(&mut self, stepped: Stepped) {
        (self.registers, self.held) = (stepped.registers, stepped.held);
        self.contents = (self.next_contents..).take(self.contents.len()).collect();
        self.next_contents += self.contents.len();
    }

    /// A bit; it is needed.
    pub fn get(&self, slot: Slot) -> SatLit {
        match slot {
            Slot::Register(index, bit) => self.registers[index].as_ref().map(|word| word[bit]),
            Slot::Held(memory, port, bit) => self.held[memory].get(&port).map(|word| word[bit]),
        }
        .expect("located slots are needed")
    }

    /// Replaces a bit.
    pub fn set(&mut self, slot: Slot, lit: SatLit) {
        let word = match slot {
            Slot::Register(index, bit) => self.registers[index].as_mut().map(|w| &mut w[bit]),
            Slot::Held(memory, port, bit) => self.held[memory].get_mut(&port).map(|w| &mut w[bit]),
        };
        *word.expect("located slots are needed") = lit;
    }

    fn read(&mut self, clauses: &mut Clauses, memory: usize, width: u32, address: &Word) -> Word {
        let key = (self.contents[memory], address.clone());
        self.reads.entry(key).or_insert_with(|| clauses.free(width)).clone()
    }
}

impl Machine<'_> {
    /// Where needed state is, by its name, with its width.
    pub(super) fn slots(&self) -> HashMap<String, (Slot, u32)> {
        let mut slots = HashMap::new();
        for (index, register) in self.flat.registers.iter().enumerate() {
            if self.registers[index] {
                slots.insert(register.name.clone(), (Slot::Register(index, 0), register.width));
            }
        }
        for (index, memory) in self.flat.memories.iter().enumerate() {
            for &port in self.memories[index].iter().flatten() {
                let name = format!("{}.read[{port}]", memory.name);
                slots.insert(name, (Slot::Held(index, port, 0), memory.width));
            }
        }
        slots
    }

    /// A step; an edge of this domain, or of any. `merge` is told each value once it is there.
    pub(super) fn whole_step(
        &self,
        clauses: &mut Clauses,
        state: &mut Whole,
        reset: SatLit,
        domain: Option<usize>,
        merge: impl Fn(&mut Clauses, &mut Values, u32) -> Result<(), Rejection>,
    ) -> Result<Stepped, Rejection> {
        let mut values = Values {
            words: vec![Word::new(); self.flat.cells.len()],
            reset,
            turns: self.whose_turn(clauses, domain),
        };
        for &value in &self.order {
            values.words[value.index()] = match self.flat.cell(value).op {
                Op::ReadData { memory, port } => {
                    self.whole_read_data(clauses, state, &values, memory, port as usize)
                }
                _ => self.cell(clauses, &values, value, &state.registers, &[]),
            };
            merge(clauses, &mut values, value.0)?;
        }
        let mut registers = Vec::new();
        for (register, now) in self.flat.registers.iter().zip(&state.registers) {
            let next = now.clone().map(|now| self.register(clauses, &values, register, now));
            registers.push(next);
        }
        let (mut writes, mut held) = (Vec::new(), Vec::new());
        for (index, memory) in self.flat.memories.iter().enumerate() {
            let needed = self.memories[index].is_some();
            let ports = memory.writes.iter().filter(|_| needed);
            let own: Vec<Write> = ports.map(|w| write(clauses, &values, memory, w)).collect();
            let mut after = HashMap::new();
            for (port, now) in state.held[index].clone() {
                let read = &memory.reads[port];
                let next = self.next_held(clauses, state, &values, index, read, &own, &now);
                after.insert(port, next);
            }
            writes.push(own);
            held.push(after);
        }
        let (_, bad) = self.properties(clauses, &values);
        Ok(Stepped { registers, held, writes, bad })
    }

    /// By domain of the flat design: the first needed one that is chosen, else the last.
    fn whose_turn(&self, clauses: &mut Clauses, domain: Option<usize>) -> Vec<SatLit> {
        let mut turns = vec![!clauses.yes(); self.flat.domains.len()];
        let mut open = clauses.yes();
        for (i, id) in self.domains.iter().enumerate() {
            let chosen = match domain {
                Some(only) => clauses.bit(i == only),
                None if i + 1 == self.domains.len() => clauses.yes(),
                None => clauses.free(1)[0],
            };
            turns[id.index()] = clauses.and(open, chosen);
            open = clauses.and(open, !chosen);
        }
        turns
    }

    fn whole_read_data(
        &self,
        clauses: &mut Clauses,
        state: &mut Whole,
        values: &Values,
        memory: MemoryId,
        port: usize,
    ) -> Word {
        let read = &self.flat.memories[memory.index()].reads[port];
        match read.kind {
            ReadKind::Sync { .. } => state.held[memory.index()][&port].clone(),
            ReadKind::Async => {
                let address = values.word(read.address);
                let undefined = clauses.free(self.flat.memories[memory.index()].width);
                self.whole_read(clauses, state, memory.index(), address, &[], &undefined)
            }
        }
    }

    /// What is at an address after these writes.
    fn whole_read(
        &self,
        clauses: &mut Clauses,
        state: &mut Whole,
        memory: usize,
        address: &Word,
        writes: &[Write],
        undefined: &Word,
    ) -> Word {
        let declared = &self.flat.memories[memory];
        let full = declared.init.len() == declared.depth as usize;
        if declared.writes.is_empty() && full {
            let words: Vec<Word> = declared.init.iter().map(|w| clauses.constant(w)).collect();
            return clauses.pick(address, &words, undefined);
        }
        let mut data = state.read(clauses, memory, declared.width, address);
        for write in writes {
            let here = same_address(clauses, &write.address, address);
            for (i, bit) in data.iter_mut().enumerate() {
                let taken = clauses.and(here, write.enables[i]);
                *bit = clauses.choose(taken, &write.data[i..=i], &[*bit])[0];
            }
        }
        let reach = if address.len() < 64 { 1u64 << address.len() } else { u64::MAX };
        if reach <= u64::from(declared.depth) {
            return data;
        }
        let in_range = super::cells::below(clauses, address, u64::from(declared.depth));
        clauses.choose(in_range, &data, undefined)
    }

    #[allow(clippy::too_many_arguments)] // What a port sees in a step.
    fn next_held(
        &self,
        clauses: &mut Clauses,
        state: &mut Whole,
        values: &Values,
        memory: usize,
        read: &ReadPort,
        writes: &[Write],
        now: &Word,
    ) -> Word {
        let ReadKind::Sync { domain, enable, collision } = read.kind else { return now.clone() };
        let address = values.word(read.address);
        let undefined = clauses.free(self.flat.memories[memory].width);
        let seen = if collision == Collision::New { writes } else { &[] };
        let mut answer = self.whole_read(clauses, state, memory, address, seen, &undefined);
        if collision == Collision::Undefined {
            for (write, port) in writes.iter().zip(&self.flat.memories[memory].writes) {
                if port.domain == domain {
                    let here = same_address(clauses, &write.address, address);
                    let hit = clauses.and(here, write.active);
                    answer = clauses.choose(hit, &undefined, &answer);
                }
            }
        }
        let enable = values.bit(clauses, enable);
        let reads = clauses.and(values.turns[domain.index()], enable);
        clauses.choose(reads, &answer, now)
    }
}

fn write(clauses: &mut Clauses, values: &Values, memory: &Memory, port: &WritePort) -> Write {
    let enable = values.bit(clauses, port.enable);
    let whole = |v: ValueId| values.word(v).clone();
    let mask = port.mask.map_or_else(|| vec![clauses.yes()], whole);
    let some_part = clauses.any(&mask);
    let active = clauses.all(&[values.turns[port.domain.index()], enable, some_part]);
    let part = memory.width as usize / mask.len();
    let enables = (0..memory.width as usize).map(|i| clauses.and(active, mask[i / part]));
    let enables = enables.collect();
    Write { active, address: whole(port.address), data: whole(port.data), enables }
}

/// Whether two addresses are one, the shorter extended with zeros.
pub(super) fn same_address(clauses: &mut Clauses, a: &Word, b: &Word) -> SatLit {
    let width = a.len().max(b.len());
    let no = !clauses.yes();
    let wide = |word: &Word| {
        let mut wide = word.clone();
        wide.resize(width, no);
        wide
    };
    let (a, b) = (wide(a), wide(b));
    !clauses.differ(&a, &b)
}
