//! The state of a memory and what an edge does to it.

use crate::{choices::Policy, values::Values};
use olivine_netlist::{Bits, Collision, DomainId, Memory, ReadKind, ReadPort, ValueId, WritePort};

/// The words of a memory and what its synchronous read ports hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MemoryState {
    pub words: Vec<Bits>,
    /// By read port; what an asynchronous port holds is never looked at.
    pub held: Vec<Bits>,
}

/// A write that takes place at an edge.
struct Write {
    address: usize,
    data: Bits,
    /// Ones where the word is written; `None` writes all of it.
    mask: Option<Bits>,
}

/// What a read port answers where the netlist leaves it open.
pub(crate) fn undefined_read(policy: &Policy, memory: &Memory, port: usize, time: u64) -> Bits {
    policy.value(|| format!("{}.read[{port}]", memory.name), time, memory.width)
}

impl MemoryState {
    /// As at power-up.
    pub fn new(memory: &Memory, policy: &Policy) -> Self {
        let path = |address: u32| format!("{}[{address}]", memory.name);
        let word = |address: u32| match memory.init.get(address as usize) {
            Some(word) => word.clone(),
            None => policy.value(|| path(address), 0, memory.width),
        };
        let held = |port| undefined_read(policy, memory, port, 0);
        Self {
            words: (0..memory.depth).map(word).collect(),
            held: (0..memory.reads.len()).map(held).collect(),
        }
    }

    /// Its words, then what its synchronous read ports hold.
    pub fn remembered(&self, memory: &Memory) -> impl Iterator<Item = &Bits> {
        let held = self.held.iter().zip(&memory.reads);
        let held = held.filter(|(_, read)| read.kind != ReadKind::Async).map(|(bits, _)| bits);
        self.words.iter().chain(held)
    }

    /// As [`MemoryState::remembered`], to change.
    pub fn remembered_mut(&mut self, memory: &Memory) -> impl Iterator<Item = &mut Bits> {
        let held = self.held.iter_mut().zip(&memory.reads);
        let held = held.filter(|(_, read)| read.kind != ReadKind::Async).map(|(bits, _)| bits);
        self.words.iter_mut().chain(held)
    }

    /// The word at `address`, if there is one.
    pub fn word(&self, address: Option<u64>) -> Option<&Bits> {
        self.words.get(usize::try_from(address?).ok()?)
    }

    /// One edge of `domain`, with the values settled before it; `time` counts it already.
    pub fn edge(
        &mut self,
        memory: &Memory,
        domain: DomainId,
        values: &Values,
        policy: &Policy,
        time: u64,
    ) {
        let mine = memory.writes.iter().filter(|w| w.domain == domain);
        let writes: Vec<Write> = mine.filter_map(|w| self.write(memory, w, values)).collect();
        for (port, read) in memory.reads.iter().enumerate() {
            if reads_now(read, domain, values) {
                let answer = self.read(read, values, &writes);
                self.held[port] =
                    answer.unwrap_or_else(|| undefined_read(policy, memory, port, time));
            }
        }
        for write in &writes {
            write.apply(&mut self.words[write.address]);
        }
    }

    /// What a port writes at this edge: nothing if it is not enabled, out of range or masked out.
    fn write(&self, memory: &Memory, port: &WritePort, values: &Values) -> Option<Write> {
        let enabled = port.enable.is_none_or(|e| values.any(e));
        let address = usize::try_from(values.to_u64(port.address)?).ok()?;
        if !enabled || address >= self.words.len() {
            return None;
        }
        let mask = port.mask.map(|m| word_mask(&values.get(m), memory.width));
        let masked_out = mask.as_ref().is_some_and(|m| !m.any());
        let data = values.get(port.data);
        (!masked_out).then_some(Write { address, data, mask })
    }

    /// What a synchronous port reads at this edge; `None` if it is undefined.
    fn read(&self, port: &ReadPort, values: &Values, writes: &[Write]) -> Option<Bits> {
        let ReadKind::Sync { collision, .. } = port.kind else { return None };
        let address = usize::try_from(values.to_u64(port.address)?).ok()?;
        let mut word = self.words.get(address)?.clone();
        let mut hits = writes.iter().filter(|w| w.address == address).peekable();
        match collision {
            Collision::Old => Some(word),
            Collision::Undefined => hits.peek().is_none().then_some(word),
            Collision::New => {
                hits.for_each(|w| w.apply(&mut word));
                Some(word)
            }
        }
    }
}

impl Write {
    fn apply(&self, word: &mut Bits) {
        *word = match &self.mask {
            None => self.data.clone(),
            Some(mask) => self.data.and(mask).or(&word.and(&mask.not())),
        };
    }
}

fn reads_now(port: &ReadPort, domain: DomainId, values: &Values) -> bool {
    let enabled = |e: Option<ValueId>| e.is_none_or(|e| values.any(e));
    matches!(port.kind, ReadKind::Sync { domain: d, enable, .. } if d == domain && enabled(enable))
}

/// Each bit of `mask` repeated over its part of a word.
fn word_mask(mask: &Bits, width: u32) -> Bits {
    let part = width / mask.width();
    let bits: Vec<bool> = (0..width).map(|i| mask.bit(i / part)).collect();
    Bits::from_bools(&bits)
}
