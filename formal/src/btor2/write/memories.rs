//! Memories as arrays.

use super::{Memory, Writer};
use crate::btor2::model::{NodeId, NodeKind};
use crate::btor2::sort::Sort;
use crate::roles::{InputRole, StateRole};
use olivine_netlist::{Bits, Collision, MemoryId, ReadKind, WritePort};

/// Bits of an address of so many words.
fn address_bits(depth: u32) -> u32 {
    depth.next_power_of_two().trailing_zeros().max(1)
}

impl Writer<'_> {
    pub(super) fn memories(&mut self) {
        let system = self.system;
        for &id in &system.memories {
            let memory = &system.flat.memories[id.index()];
            let known = memory.init.len() as u32;
            let made = if memory.writes.is_empty() && known == memory.depth {
                Memory::Table(memory.init.clone())
            } else {
                let (address, data) = (address_bits(memory.depth), memory.width);
                let sort = Sort::Array { address, data };
                let path = |i: u32| (i >= known).then(|| format!("{}[{i}]", memory.name));
                let paths = (0..memory.depth).map(path).collect();
                let undefined = StateRole::Words(memory.name.clone(), paths);
                Memory::Array(match self.same_word(&memory.init, memory.depth) {
                    Some(word) => {
                        let role = StateRole::Known(Some(memory.name.clone()));
                        self.state(sort, role, Some(word))
                    }
                    None if known == 0 => self.state(sort, undefined, None),
                    None => {
                        let words = self.first_words(sort, address, &memory.init, undefined);
                        let role = StateRole::Known(Some(memory.name.clone()));
                        self.state(sort, role, Some(words))
                    }
                })
            };
            self.memories.insert(id.index(), made);
        }
    }

    /// The word that all words begin with.
    fn same_word(&mut self, init: &[Bits], depth: u32) -> Option<NodeId> {
        let first = init.first()?;
        let same = init.len() as u32 == depth && init.iter().all(|word| word == first);
        same.then(|| self.constant(first.clone()))
    }

    /// What an array begins with: words written into one that is anything, and stays so.
    fn first_words(
        &mut self,
        sort: Sort,
        address: u32,
        init: &[Bits],
        undefined: StateRole,
    ) -> NodeId {
        let any = self.state(sort, undefined, None);
        let mut words = self.state_node(any);
        self.model.states[any].next = Some(words);
        for (i, word) in init.iter().enumerate() {
            let here = self.constant(Bits::new(address, i as u64));
            let word = self.constant(word.clone());
            words = self.shared(sort, NodeKind::Apply("write", vec![words, here, word], vec![]));
        }
        words
    }

    /// The address in an array's width, and whether it is in range; nothing if it always is.
    fn addressed(&mut self, memory: MemoryId, address: NodeId) -> (NodeId, Option<NodeId>) {
        let depth = self.system.flat.memories[memory.index()].depth;
        let (wanted, given) = (address_bits(depth), self.width(address));
        let inside = if given >= 32 || 1u64 << given > u64::from(depth) {
            let width = given.max(32);
            let wide = self.extended(address, width, false);
            let end = self.constant(Bits::new(width, depth.into()));
            Some(self.apply("ult", &[wide, end], &[], 1))
        } else {
            None
        };
        let resized = match given >= wanted {
            true => self.slice(address, 0, wanted),
            false => self.extended(address, wanted, false),
        };
        (resized, inside)
    }

    /// The word at an address, `beyond` where there is none.
    fn read(
        &mut self,
        memory: MemoryId,
        contents: Option<NodeId>,
        address: NodeId,
        beyond: InputRole,
    ) -> NodeId {
        let width = self.system.flat.memories[memory.index()].width;
        let (address, inside) = self.addressed(memory, address);
        let word = match (&self.memories[&memory.index()], contents) {
            (_, Some(contents)) => self.apply("read", &[contents, address], &[], width),
            (Memory::Table(words), None) => {
                let words = words.clone();
                self.table(address, &words)
            }
            (Memory::Array(index), None) => {
                let array = self.state_node(*index);
                self.apply("read", &[array, address], &[], width)
            }
        };
        match inside {
            None => word,
            Some(inside) => {
                let free = self.input(Sort::Bits(width), beyond);
                self.ite(inside, word, free)
            }
        }
    }

    fn table(&mut self, address: NodeId, words: &[Bits]) -> NodeId {
        let mut level: Vec<NodeId> = words.iter().map(|w| self.constant(w.clone())).collect();
        let mut bit = 0;
        while level.len() > 1 {
            let choice = self.slice(address, bit, 1);
            let join = |pair: &[NodeId]| match *pair {
                [low, high] => self.ite(choice, high, low),
                _ => pair[0],
            };
            level = level.chunks(2).map(join).collect();
            bit += 1;
        }
        level[0]
    }

    fn path(&self, memory: MemoryId, port: u32) -> String {
        format!("{}.read[{port}]", self.system.flat.memories[memory.index()].name)
    }

    /// What an asynchronous read port answers.
    pub(super) fn async_read(&mut self, memory: MemoryId, port: u32) -> NodeId {
        let read = &self.system.flat.memories[memory.index()].reads[port as usize];
        let address = self.value(read.address);
        let beyond = InputRole::Undefined { path: self.path(memory, port), later: false };
        self.read(memory, None, address, beyond)
    }

    /// Whether a write port writes in the step, if its address is in range.
    fn active(&mut self, port: &WritePort) -> NodeId {
        let (enable, turn) = (self.bit(port.enable), self.turn(port.domain));
        self.and(enable, turn)
    }

    /// A memory after the step.
    fn written(&mut self, memory: MemoryId, before: NodeId) -> NodeId {
        let system = self.system;
        let declared = &system.flat.memories[memory.index()];
        let sort = self.model.node(before).sort;
        let mut words = before;
        for port in &declared.writes {
            let address = self.value(port.address);
            let (address, inside) = self.addressed(memory, address);
            let mut data = self.value(port.data);
            if let Some(mask) = port.mask {
                let mask = self.spread(mask.index(), declared.width);
                let old = self.apply("read", &[words, address], &[], declared.width);
                let not = self.not(mask);
                let (kept, taken) = (self.and(old, not), self.and(data, mask));
                data = self.or(kept, taken);
            }
            let operands = vec![words, address, data];
            let written = self.shared(sort, NodeKind::Apply("write", operands, vec![]));
            let mut active = self.active(port);
            if let Some(inside) = inside {
                active = self.and(active, inside);
            }
            words = self.ite(active, written, words);
        }
        words
    }

    /// A mask of parts as one of bits.
    fn spread(&mut self, mask: usize, width: u32) -> NodeId {
        let mask = self.values[mask].expect("operands come first");
        let parts = self.width(mask);
        let each = width / parts;
        let mut all: Option<NodeId> = None;
        for part in 0..parts {
            let bit = self.slice(mask, part, 1);
            let (ones, zeros) = (self.constant(Bits::ones(each)), self.constant(Bits::zero(each)));
            let bits = self.ite(bit, ones, zeros);
            all = Some(match all {
                None => bits,
                Some(low) => self.concat(bits, low),
            });
        }
        all.expect("a mask has a bit")
    }

    pub(super) fn nexts_of_memories(&mut self) {
        let system = self.system;
        for &memory in &system.memories {
            if let Memory::Array(index) = self.memories[&memory.index()] {
                let next = self.written(memory, self.state_node(index));
                self.model.states[index].next = Some(next);
            }
        }
    }

    /// What a synchronous read port holds after the step.
    pub(super) fn next_of_held(&mut self, memory: MemoryId, port: u32, state: usize) -> NodeId {
        let system = self.system;
        let declared = &system.flat.memories[memory.index()];
        let held = self.state_node(state);
        let read = &declared.reads[port as usize];
        let ReadKind::Sync { domain, enable, collision } = read.kind else { return held };
        let address = self.value(read.address);
        let contents = match (&self.memories[&memory.index()], collision) {
            (Memory::Array(index), Collision::New) => {
                let before = self.state_node(*index);
                Some(self.written(memory, before))
            }
            _ => None,
        };
        let beyond = InputRole::Undefined { path: self.path(memory, port), later: true };
        let mut answer = self.read(memory, contents, address, beyond.clone());
        if collision == Collision::Undefined && !declared.writes.is_empty() {
            let hit = self.collides(&declared.writes, address);
            let free = self.free_answer(declared.width, beyond);
            answer = self.ite(hit, free, answer);
        }
        let (enable, turn) = (self.bit(enable), self.turn(domain));
        let reads_now = self.and(enable, turn);
        self.ite(reads_now, answer, held)
    }

    /// The input of a role, made once.
    fn free_answer(&mut self, width: u32, role: InputRole) -> NodeId {
        let made = self.model.inputs.iter().find(|(_, known)| *known == role);
        match made {
            Some(&(node, _)) => node,
            None => self.input(Sort::Bits(width), role),
        }
    }

    /// Whether the step writes anything at the address.
    fn collides(&mut self, writes: &[WritePort], address: NodeId) -> NodeId {
        let mut any = self.constant(Bits::zero(1));
        for port in writes {
            let written = self.value(port.address);
            let width = self.width(written).max(self.width(address));
            let (a, b) =
                (self.extended(written, width, false), self.extended(address, width, false));
            let same = self.apply("eq", &[a, b], &[], 1);
            let mut hit = self.active(port);
            if let Some(mask) = port.mask {
                let mask = self.value(mask);
                let some = self.apply("redor", &[mask], &[], 1);
                hit = self.and(hit, some);
            }
            let hit = self.and(hit, same);
            any = self.or(any, hit);
        }
        any
    }
}
