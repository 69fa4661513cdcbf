//! Memories of a [`Machine`] of which a certificate follows some words alone.
//!
//! A word is an address, any and never changed, and what is there. Elsewhere a read gives anything,
//! so whatever the addresses are, each run of the design is one of the machine. A property may be
//! said to fail only where a word's address is the one that a read port had: of each failing run
//! there is one with this address, whichever port is said.

use super::Rejection;
use super::cells::below;
use super::clauses::{Clauses, Word};
use super::machine::{Machine, Values};
use super::memory::written;
use super::whole::same_address;
use crate::certificate::Tracked;
use crate::solver::SatLit;
use olivine_netlist::{Bits, Collision, Memory, Module, PropertyId, ReadKind, ReadPort, WritePort};

/// How the words of a memory are followed.
pub(super) struct Followed {
    /// Of each word, by property of the machine: the read port whose address it has.
    words: Vec<Vec<Option<usize>>>,
    /// Bits of an address.
    reach: u32,
    /// The synchronous ports of which the address is remembered.
    remembered: Vec<usize>,
}

/// What is remembered of such a memory: an address and a word for each that is followed, what each
/// read port holds, then addresses.
struct Remembered<'w> {
    words: &'w [Word],
    held: &'w [Word],
    addresses: &'w [Word],
}

impl Followed {
    /// Each memory that is said to be followed, by its index, for these properties.
    ///
    /// # Errors
    /// A memory that is not there or is named twice; a port that it does not have.
    pub fn all(
        flat: &Module,
        said: &[Tracked],
        properties: &[PropertyId],
    ) -> Result<Vec<Option<Self>>, Rejection> {
        let mut all: Vec<Option<Self>> = flat.memories.iter().map(|_| None).collect();
        for tracked in said {
            let wrong = || Rejection::NotFollowed(tracked.memory.clone());
            let index = flat.memories.iter().position(|m| m.name == tracked.memory);
            let index = index.filter(|&i| all[i].is_none()).ok_or_else(wrong)?;
            let memory = &flat.memories[index];
            let mut remembered = Vec::new();
            let mut words = Vec::new();
            for ports in &tracked.words {
                let mut by_property = Vec::new();
                for property in properties {
                    let port = ports.get(&flat.properties[property.index()].name);
                    let port = port.map(|&port| port as usize);
                    if let Some(port) = port {
                        let read = memory.reads.get(port).ok_or_else(wrong)?;
                        if read.kind != ReadKind::Async && !remembered.contains(&port) {
                            remembered.push(port);
                        }
                    }
                    by_property.push(port);
                }
                words.push(by_property);
            }
            let reads = memory.reads.iter().map(|r| r.address);
            let ports = reads.chain(memory.writes.iter().map(|w| w.address));
            let reach = ports.map(|a| flat.width(a)).max().unwrap_or(1);
            all[index] = Some(Self { words, reach, remembered });
        }
        Ok(all)
    }

    /// Whether each port whose address is asked for is one of these.
    pub fn asks_for(&self, ports: &[usize]) -> bool {
        self.words.iter().flatten().flatten().all(|port| ports.contains(port))
    }

    /// Widths of what is remembered, with the value at power-up where there is one.
    pub fn layout<'m>(
        &self,
        flat: &Module,
        memory: &'m Memory,
        ports: &[usize],
    ) -> Vec<(u32, Option<&'m Bits>)> {
        let all_known = memory.init.len() == memory.depth as usize;
        let alike = memory.init.windows(2).all(|two| two[0] == two[1]);
        let init = memory.init.first().filter(|_| all_known && alike);
        let words = self.words.iter().flat_map(|_| [(self.reach, None), (memory.width, init)]);
        let held = ports.iter().map(|_| (memory.width, None));
        let addresses = self.remembered.iter().map(|&p| flat.width(memory.reads[p].address));
        words.chain(held).chain(addresses.map(|width| (width, None))).collect()
    }

    /// The names of what is remembered.
    pub fn names(&self, memory: &Memory, ports: &[usize]) -> Vec<String> {
        let name = &memory.name;
        let words = (0..self.words.len())
            .flat_map(|i| [format!("{name}#{i}.address"), format!("{name}#{i}.word")]);
        let held = ports.iter().map(|port| format!("{name}.read[{port}]"));
        let addresses = self.remembered.iter().map(|port| format!("{name}.read[{port}]#address"));
        words.chain(held).chain(addresses).collect()
    }

    /// Where in what is remembered that of the read ports begins.
    pub fn held_from(&self) -> usize {
        2 * self.words.len()
    }

    /// The words and their addresses, of what is remembered.
    pub fn words_of<'w>(&self, now: &'w [Word]) -> &'w [Word] {
        &now[..self.held_from()]
    }

    fn parts<'w>(&self, ports: &[usize], now: &'w [Word]) -> Remembered<'w> {
        let (words, rest) = now.split_at(self.held_from());
        let (held, addresses) = rest.split_at(ports.len());
        Remembered { words, held, addresses }
    }

    /// What a read of an address gives, of these words the first that is there; `otherwise` where it
    /// is none of them.
    pub fn read(
        &self,
        clauses: &mut Clauses,
        memory: &Memory,
        address: &Word,
        words: &[Word],
        otherwise: Word,
    ) -> Word {
        let mut answer = otherwise;
        for word in words.chunks(2).rev() {
            let same = same_address(clauses, &word[0], address);
            let all = self.reach < 64 && u64::from(memory.depth) >> self.reach != 0;
            let inside = match all {
                true => clauses.yes(),
                false => below(clauses, &word[0], u64::from(memory.depth)),
            };
            let hit = clauses.and(same, inside);
            answer = clauses.choose(hit, &word[1], &answer);
        }
        answer
    }

    /// What is remembered after the step.
    pub fn after(
        &self,
        clauses: &mut Clauses,
        values: &Values,
        memory: &Memory,
        ports: &[usize],
        now: &[Word],
    ) -> Vec<SatLit> {
        let now = self.parts(ports, now);
        let mut after = now.words.to_vec();
        for word in after.chunks_mut(2) {
            for write in &memory.writes {
                let hit = writes(clauses, values, write, &word[0]);
                word[1] = written(clauses, values, write, hit, &word[1]);
            }
        }
        let mut next: Vec<SatLit> = after.concat();
        for (&port, held) in ports.iter().zip(now.held) {
            let answer = self.answer(clauses, values, memory, port, (now.words, &after));
            next.extend(taken(clauses, values, &memory.reads[port], &answer, held));
        }
        for (&port, last) in self.remembered.iter().zip(now.addresses) {
            let read = &memory.reads[port];
            let address = values.word(read.address).clone();
            next.extend(taken(clauses, values, read, &address, last));
        }
        next
    }

    /// What a synchronous port reads in this step, if it does, of the words before and after it.
    fn answer(
        &self,
        clauses: &mut Clauses,
        values: &Values,
        memory: &Memory,
        port: usize,
        (before, after): (&[Word], &[Word]),
    ) -> Word {
        let read = &memory.reads[port];
        let address = values.word(read.address).clone();
        let anything = clauses.free(memory.width);
        let ReadKind::Sync { domain, collision, .. } = read.kind else { return anything };
        let seen = if collision == Collision::New { after } else { before };
        let answer = self.read(clauses, memory, &address, seen, anything.clone());
        if collision != Collision::Undefined {
            return answer;
        }
        let own = memory.writes.iter().filter(|w| w.domain == domain);
        let hits: Vec<SatLit> = own.map(|w| writes(clauses, values, w, &address)).collect();
        let hit = clauses.any(&hits);
        clauses.choose(hit, &anything, &answer)
    }

    /// What else the failures of properties need, in a step with these values.
    pub fn restrict(
        &self,
        clauses: &mut Clauses,
        values: &Values,
        memory: &Memory,
        ports: &[usize],
        now: &[Word],
        bad: &mut [SatLit],
    ) {
        let now = self.parts(ports, now);
        for (word, by_property) in now.words.chunks(2).zip(&self.words) {
            for (bad, port) in bad.iter_mut().zip(by_property) {
                let Some(port) = *port else { continue };
                let address = match self.remembered.iter().position(|&p| p == port) {
                    Some(at) => &now.addresses[at],
                    None => values.word(memory.reads[port].address),
                };
                let here = same_address(clauses, &word[0], address);
                *bad = clauses.and(*bad, here);
            }
        }
    }
}

impl Machine<'_> {
    /// Of the memories that are needed, these are followed.
    ///
    /// # Errors
    /// A failure is said to need the address of a port on which nothing depends.
    pub fn follow(&mut self, followed: Vec<Option<Followed>>) -> Result<(), Rejection> {
        for (index, followed) in followed.iter().enumerate() {
            if let (Some(followed), Some(ports)) = (followed, &self.memories[index])
                && !followed.asks_for(ports)
            {
                return Err(Rejection::NotFollowed(self.flat.memories[index].name.clone()));
            }
        }
        self.followed = followed;
        Ok(())
    }
}

/// Whether the port writes at least a part of the word at an address.
fn writes(clauses: &mut Clauses, values: &Values, write: &WritePort, address: &Word) -> SatLit {
    let here = same_address(clauses, values.word(write.address), address);
    let enable = values.bit(clauses, write.enable);
    let some_part = match write.mask {
        Some(mask) => clauses.any(values.word(mask)),
        None => clauses.yes(),
    };
    clauses.all(&[values.turns[write.domain.index()], enable, here, some_part])
}

/// What a synchronous port takes at its edges, and holds otherwise.
fn taken(
    clauses: &mut Clauses,
    values: &Values,
    read: &ReadPort,
    taken: &Word,
    held: &Word,
) -> Word {
    let ReadKind::Sync { domain, enable, .. } = read.kind else { return held.clone() };
    let enable = values.bit(clauses, enable);
    let reads = clauses.and(values.turns[domain.index()], enable);
    clauses.choose(reads, taken, held)
}
