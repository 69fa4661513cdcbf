//! What is likely to agree inside: state of one name.

use super::Joint;
use olivine_netlist::{
    Bits, DomainId, Memory, MemoryId, Op, ReadKind, ReadPort, RegisterId, ValueId,
};

/// Deepest memory whose words are compared one by one.
const DEEPEST: u32 = 256;

impl Joint {
    /// Asserts that state of one name and shape on both sides agrees.
    pub(super) fn lemmas(&mut self) {
        for (first, second) in self.register_pairs() {
            let [a, b] = [first, second].map(|r| &self.module.registers[r.index()]);
            let (values, domain, place) = ([a.value, b.value], a.domain, a.place);
            let name = format!("registers {} and {} agree", a.name, b.name);
            let agree = self.equal(values, place);
            self.assert(name, agree, domain, place);
        }
        for (first, second) in self.memory_pairs() {
            self.words(first, second);
            self.held(first, second);
        }
    }

    fn register_pairs(&self) -> Vec<(RegisterId, RegisterId)> {
        let registers = &self.module.registers;
        let shape = |r: usize| (registers[r].width, registers[r].domain);
        let pairs = pairs(registers.iter().map(|r| r.name.as_str()));
        let alike = pairs.into_iter().filter(|&(a, b)| shape(a) == shape(b));
        alike.map(|(a, b)| (RegisterId(a as u32), RegisterId(b as u32))).collect()
    }

    fn memory_pairs(&self) -> Vec<(MemoryId, MemoryId)> {
        let memories = &self.module.memories;
        let shape = |m: usize| (memories[m].width, memories[m].depth);
        let pairs = pairs(memories.iter().map(|m| m.name.as_str()));
        let alike = pairs.into_iter().filter(|&(a, b)| shape(a) == shape(b));
        alike.map(|(a, b)| (MemoryId(a as u32), MemoryId(b as u32))).collect()
    }

    fn placed(&self, id: MemoryId) -> &Memory {
        &self.module.memories[id.index()]
    }

    /// Each word of two memories, seen through read ports of its own.
    fn words(&mut self, first: MemoryId, second: MemoryId) {
        let memory = self.placed(first);
        let (depth, place, name) = (memory.depth, memory.place, memory.name.clone());
        let other = self.placed(second).name.clone();
        let Some(domain) = memory.writes.first().map(|w| w.domain) else { return };
        if depth > DEEPEST {
            return;
        }
        for address in 0..depth {
            let bits = Bits::new(DEEPEST.ilog2() + 1, u64::from(address));
            let width = bits.width();
            let address_value = self.module.add(Op::Const(bits), width, place);
            let words = [first, second].map(|m| self.word(m, address_value));
            let agree = self.equal(words, place);
            let name = format!("words {name}[{address}] and {other}[{address}] agree");
            self.assert(name, agree, domain, place);
        }
    }

    fn word(&mut self, memory: MemoryId, address: ValueId) -> ValueId {
        let declared = self.placed(memory);
        let (width, place, port) = (declared.width, declared.place, declared.reads.len() as u32);
        let value = self.module.add(Op::ReadData { memory, port }, width, place);
        let read = ReadPort { address, kind: ReadKind::Async, place, value };
        self.module.memories[memory.index()].reads.push(read);
        value
    }

    /// What synchronous ports of one number hold.
    fn held(&mut self, first: MemoryId, second: MemoryId) {
        let ports = |m: MemoryId| self.placed(m).reads.iter();
        let sync = |read: &ReadPort| match read.kind {
            ReadKind::Sync { domain, .. } => Some(domain),
            ReadKind::Async => None,
        };
        let pairs: Vec<(usize, [ValueId; 2], DomainId)> = ports(first)
            .zip(ports(second))
            .enumerate()
            .filter(|(_, (a, b))| sync(a) == sync(b))
            .filter_map(|(i, (a, b))| Some((i, [a.value, b.value], sync(a)?)))
            .collect();
        let [name, other] = [first, second].map(|m| self.placed(m).name.clone());
        let place = self.placed(first).place;
        for (port, values, domain) in pairs {
            let agree = self.equal(values, place);
            let name = format!("reads {name}.read[{port}] and {other}.read[{port}] agree");
            self.assert(name, agree, domain, place);
        }
    }
}

/// Indices of `first.NAME` and `second.NAME`, for every name that both sides have.
fn pairs<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Vec<(usize, usize)> {
    let seconds: std::collections::HashMap<&str, usize> = names
        .clone()
        .enumerate()
        .filter_map(|(i, name)| Some((name.strip_prefix("second.")?, i)))
        .collect();
    let firsts = names.enumerate().filter_map(|(i, name)| Some((i, name.strip_prefix("first.")?)));
    firsts.filter_map(|(i, name)| Some((i, *seconds.get(name)?))).collect()
}
