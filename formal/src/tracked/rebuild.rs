//! A memory made into the words that are followed.

use crate::sabotage::{Bug, planted};
use olivine_netlist::{
    Bits, Case, Collision, DomainId, Kind, Memory, MemoryId, Module, Op, Place, ReadKind, ReadPort,
    Register, RegisterId, ValueId, WritePort,
};

/// What a memory has become.
pub(super) struct Rebuilt {
    words: Vec<Word>,
    /// By read port, if it is synchronous: the address that it read last.
    last: Vec<Option<ValueId>>,
}

/// A word that is followed.
struct Word {
    /// The register of its address.
    register: RegisterId,
    address: ValueId,
    value: ValueId,
}

impl Rebuilt {
    /// Whether the memory is depended on where these registers are.
    pub fn is_among(&self, registers: &[RegisterId]) -> bool {
        registers.contains(&self.words[0].register)
    }

    /// Whether what a read port shows in a step was read at the address of this word.
    pub fn reads_word(
        &self,
        flat: &mut Module,
        memory: MemoryId,
        port: u32,
        word: usize,
    ) -> ValueId {
        let read = &flat.memories[memory.index()].reads[port as usize];
        let (place, now) = (read.place, read.address);
        let address = self.last[port as usize].unwrap_or(now);
        same_address(flat, self.words[word].address, address, place)
    }
}

/// A memory on its way.
pub(super) struct Rebuild<'a> {
    flat: &'a mut Module,
    memory: Memory,
    words: usize,
    /// Of an address: of the widest port.
    reach: u32,
    place: Place,
}

impl<'a> Rebuild<'a> {
    /// So many words are followed.
    pub fn new(flat: &'a mut Module, memory: MemoryId, words: usize) -> Self {
        let memory = flat.memories[memory.index()].clone();
        let reads = memory.reads.iter().map(|r| r.address);
        let addresses = reads.chain(memory.writes.iter().map(|w| w.address));
        let widest = addresses.map(|a| flat.width(a)).max().unwrap_or(1);
        let reach = widest - u32::from(planted(Bug::TrackedNarrow) && widest > 1);
        Self { flat, words, reach, place: memory.place, memory }
    }

    /// Reads give what they give then; the memory itself is read no more.
    pub fn run(mut self) -> Rebuilt {
        let words: Vec<Word> = (0..self.words).map(|i| self.word(i)).collect();
        let after: Vec<ValueId> = words.iter().map(|w| self.written(w)).collect();
        for (word, &after) in words.iter().zip(&after) {
            let Op::Register(register) = self.flat.cell(word.value).op else { continue };
            let case = Case { condition: None, value: after, place: self.place };
            self.flat.registers[register.index()].cases.push(case);
        }
        let mut last = Vec::new();
        for (port, read) in self.memory.reads.clone().into_iter().enumerate() {
            match read.kind {
                ReadKind::Async => {
                    let answer = self.answer(&read, words.iter().map(|w| (w, w.value)));
                    self.replace(read.value, Op::Wire(answer));
                    last.push(None);
                }
                ReadKind::Sync { domain, enable, collision } => {
                    let same = |w: &WritePort| w.domain == domain;
                    let meets = self.memory.writes.iter().any(same);
                    let new = collision == Collision::New && meets;
                    let seen = words.iter().zip(&after);
                    let seen = seen.map(|(w, &after)| (w, if new { after } else { w.value }));
                    let mut answer = self.answer(&read, seen);
                    if collision == Collision::Undefined && meets && !planted(Bug::TrackedCollision)
                    {
                        answer = self.unless_written(&read, answer);
                    }
                    last.push(Some(self.held(port, &read, (domain, enable), answer)));
                }
            }
        }
        Rebuilt { words, last }
    }

    fn word(&mut self, index: usize) -> Word {
        let name = format!("{}#{index}", self.memory.name);
        let domain = self.memory.writes[0].domain;
        let (register, address) =
            self.register(format!("{name}.address"), self.reach, domain, None);
        let full = self.memory.init.len() == self.memory.depth as usize;
        let mut init = self.memory.init.first().cloned();
        let same = self.memory.init.iter().all(|word| Some(word) == init.as_ref());
        if !(full && same || planted(Bug::TrackedStart)) {
            init = None;
        }
        let (_, value) = self.register(format!("{name}.word"), self.memory.width, domain, init);
        Word { register, address, value }
    }

    /// A register without a reset value and without cases.
    fn register(
        &mut self,
        name: String,
        width: u32,
        domain: DomainId,
        init: Option<Bits>,
    ) -> (RegisterId, ValueId) {
        let id = RegisterId(self.flat.registers.len() as u32);
        let value = self.flat.add(Op::Register(id), width, self.place);
        self.declare(name, width, domain, init, value);
        (id, value)
    }

    fn declare(
        &mut self,
        name: String,
        width: u32,
        domain: DomainId,
        init: Option<Bits>,
        value: ValueId,
    ) {
        self.flat.registers.push(Register {
            name,
            width,
            kind: Kind::Bits,
            domain,
            reset: None,
            init,
            crossing: false,
            cases: Vec::new(),
            place: self.place,
            value,
        });
    }

    /// The word after the writes of a step.
    fn written(&mut self, word: &Word) -> ValueId {
        let mut value = word.value;
        let forgotten = usize::from(planted(Bug::TrackedWriteForgotten));
        for write in self.memory.writes.clone().iter().skip(forgotten) {
            let data = self.masked(write, value);
            let here = same_address(self.flat, write.address, word.address, self.place);
            let hit = self.both(write.enable, here);
            let op = Op::Mux { condition: hit, then: data, otherwise: value };
            value = self.add(op, self.memory.width);
        }
        value
    }

    /// The word with the parts that the port writes.
    fn masked(&mut self, write: &WritePort, word: ValueId) -> ValueId {
        let Some(mask) = write.mask else { return write.data };
        let parts = self.flat.width(mask);
        let width = self.memory.width / parts;
        let mut list = Vec::new();
        for part in 0..parts {
            let condition = self.add(Op::Slice { value: mask, low: part }, 1);
            let then = self.add(Op::Slice { value: write.data, low: part * width }, width);
            let otherwise = self.add(Op::Slice { value: word, low: part * width }, width);
            list.push(self.add(Op::Mux { condition, then, otherwise }, width));
        }
        self.add(Op::Concat(list.into()), self.memory.width)
    }

    /// What a read gives that sees the words with these values.
    fn answer<'w>(
        &mut self,
        read: &ReadPort,
        words: impl DoubleEndedIterator<Item = (&'w Word, ValueId)>,
    ) -> ValueId {
        let mut answer = self.add(Op::Undefined, self.memory.width);
        // The first of two with one address counts, so that two reads of it agree.
        for (word, value) in words.rev() {
            let mut here = same_address(self.flat, read.address, word.address, self.place);
            if planted(Bug::TrackedReadElsewhere) {
                here = self.add(Op::Const(Bits::bit_of(true)), 1);
            }
            let there = self.in_range(word.address);
            let hit = self.both(there, here);
            let op = Op::Mux { condition: hit, then: value, otherwise: answer };
            answer = self.add(op, self.memory.width);
        }
        answer
    }

    /// Whether the memory has such a word; `None` if it has of any address.
    fn in_range(&mut self, address: ValueId) -> Option<ValueId> {
        let depth = u64::from(self.memory.depth);
        if self.reach < 64 && depth >> self.reach != 0 || planted(Bug::TrackedBeyond) {
            return None;
        }
        let limit = self.add(Op::Const(Bits::new(self.reach, depth)), self.reach);
        Some(self.add(Op::LessUnsigned(address, limit), 1))
    }

    /// The answer, or anything where a write of the same edge meets it.
    fn unless_written(&mut self, read: &ReadPort, mut answer: ValueId) -> ValueId {
        for write in self.memory.writes.clone() {
            let here = same_address(self.flat, write.address, read.address, self.place);
            let some_part = write.mask.map(|mask| self.add(Op::ReduceOr(mask), 1));
            let hit = self.both(some_part, here);
            let hit = self.both(write.enable, hit);
            let anything = self.add(Op::Undefined, self.memory.width);
            let op = Op::Mux { condition: hit, then: anything, otherwise: answer };
            answer = self.add(op, self.memory.width);
        }
        answer
    }

    /// What a synchronous port holds becomes a register; the address that it read last another.
    fn held(
        &mut self,
        port: usize,
        read: &ReadPort,
        (domain, enable): (DomainId, Option<ValueId>),
        answer: ValueId,
    ) -> ValueId {
        let name = format!("{}.read[{port}]", self.memory.name);
        let id = RegisterId(self.flat.registers.len() as u32);
        self.replace(read.value, Op::Register(id));
        self.declare(name.clone(), self.memory.width, domain, None, read.value);
        let width = self.flat.width(read.address);
        let (last, address) = self.register(format!("{name}#address"), width, domain, None);
        for (register, value) in [(id, answer), (last, read.address)] {
            let case = Case { condition: enable, value, place: self.place };
            self.flat.registers[register.index()].cases.push(case);
        }
        address
    }

    fn replace(&mut self, value: ValueId, op: Op) {
        self.flat.cells[value.index()].op = op;
    }

    fn add(&mut self, op: Op, width: u32) -> ValueId {
        self.flat.add(op, width, self.place)
    }

    /// Both; the first is one if it is not there.
    fn both(&mut self, first: Option<ValueId>, second: ValueId) -> ValueId {
        match first {
            Some(first) => self.add(Op::And(first, second), 1),
            None => second,
        }
    }
}

/// Whether two addresses are one, the shorter extended with zeros.
fn same_address(flat: &mut Module, a: ValueId, b: ValueId, place: Place) -> ValueId {
    let width = flat.width(a).max(flat.width(b));
    let mut wide = |value: ValueId| match flat.width(value) {
        own if own == width => value,
        _ => flat.add(Op::Extend(value), width, place),
    };
    let (a, b) = (wide(a), wide(b));
    flat.add(Op::Eq(a, b), 1, place)
}
