//! Memories, every word a state of its own.

use super::Lowering;
use crate::gates::Lit;
use crate::system::{Input, State};
use crate::words::{self, Word};
use olivine_netlist::{Collision, MemoryId, ReadKind, WritePort};

/// A memory after the step.
#[derive(Default)]
pub(super) struct Written {
    /// The words; none if the memory is outside the cone.
    pub words: Vec<Word>,
    pub writes: Vec<Write>,
}

/// What a write port does in the step.
pub(super) struct Write {
    /// Whether it writes anything if the address is in range.
    pub active: Lit,
    pub address: Word,
    pub data: Word,
    /// By bit of the word.
    pub mask: Word,
}

impl Lowering<'_> {
    fn words(&self, memory: MemoryId) -> Vec<Word> {
        if let Some(constant) = self.constant_words(memory) {
            return constant;
        }
        let states = self.system.states.iter().zip(&self.states);
        let mine = |s: &State| matches!(s, State::Word(m, _) if *m == memory);
        states.filter(|(s, _)| mine(s)).map(|(_, word)| word.clone()).collect()
    }

    /// What an asynchronous read port answers.
    pub(super) fn async_read(&mut self, memory: MemoryId, port: u32) -> Word {
        let read = &self.system.flat.memories[memory.index()].reads[port as usize];
        let address = self.value(read.address).clone();
        let beyond = self.input(Input::Answer(memory, port)).clone();
        if self.is_whole(memory) {
            return self.whole_read(memory, &address, &beyond, &[]);
        }
        let words = self.words(memory);
        words::select(&mut self.gates, &address, &words, &beyond)
    }

    /// All memories of the cone after the step, by their ids.
    pub(super) fn memories(&mut self) -> Vec<Written> {
        let count = self.system.flat.memories.len() as u32;
        (0..count).map(|i| self.written(MemoryId(i))).collect()
    }

    fn written(&mut self, memory: MemoryId) -> Written {
        if !self.system.memories.contains(&memory) {
            return Written::default();
        }
        let mut words = self.words(memory);
        let declared = &self.system.flat.memories[memory.index()];
        let writes: Vec<Write> =
            declared.writes.iter().map(|w| self.write(w, declared.width as usize)).collect();
        for (address, word) in words.iter_mut().enumerate() {
            for write in &writes {
                let here = words::equals_number(&mut self.gates, &write.address, address as u64);
                let hit = self.gates.and(write.active, here);
                for (i, bit) in word.iter_mut().enumerate() {
                    let taken = self.gates.and(hit, write.mask[i]);
                    *bit = self.gates.mux(taken, write.data[i], *bit);
                }
            }
        }
        Written { words, writes }
    }

    fn write(&mut self, port: &WritePort, width: usize) -> Write {
        let (enable, turn) = (self.bit(port.enable), self.turn(port.domain));
        let parts = port.mask.map_or_else(|| Word::from([Lit::ONE]), |m| self.value(m).clone());
        let any_part = self.gates.any(parts.iter().copied());
        let enabled = self.gates.and(turn, enable);
        Write {
            active: self.gates.and(enabled, any_part),
            address: self.value(port.address).clone(),
            data: self.value(port.data).clone(),
            mask: (0..width).map(|i| parts[i / (width / parts.len())]).collect(),
        }
    }

    /// What a synchronous read port holds after the step.
    pub(super) fn next_of_held(&mut self, memory: MemoryId, port: u32, written: &Written) -> Word {
        let read = &self.system.flat.memories[memory.index()].reads[port as usize];
        let held = self.state(State::Held(memory, port)).clone();
        let ReadKind::Sync { domain, enable, collision } = read.kind else { return held };
        let address = self.value(read.address).clone();
        let free = self.input(Input::NextAnswer(memory, port)).clone();
        let mut answer = if self.is_whole(memory) {
            let new: &[Write] = if collision == Collision::New { &written.writes } else { &[] };
            self.whole_read(memory, &address, &free, new)
        } else {
            let after = match collision {
                Collision::New => written.words.clone(),
                Collision::Old | Collision::Undefined => self.words(memory),
            };
            words::select(&mut self.gates, &address, &after, &free)
        };
        if collision == Collision::Undefined {
            // Only writes of the same domain collide: a step is an edge of one domain alone.
            let hits = written.writes.iter().map(|w| self.hits(w, &address)).collect::<Vec<_>>();
            let hit = self.gates.any(hits);
            answer = words::mux(&mut self.gates, hit, &free, &answer);
        }
        let (enable, turn) = (self.bit(enable), self.turn(domain));
        let reads_now = self.gates.and(turn, enable);
        words::mux(&mut self.gates, reads_now, &answer, &held)
    }

    pub(super) fn hits(&mut self, write: &Write, address: &Word) -> Lit {
        let width = write.address.len().max(address.len());
        let wide = |word: &Word| -> Word {
            word.iter().copied().chain(std::iter::repeat(Lit::ZERO)).take(width).collect()
        };
        let same = words::equal(&mut self.gates, &wide(&write.address), &wide(address));
        self.gates.and(write.active, same)
    }
}
