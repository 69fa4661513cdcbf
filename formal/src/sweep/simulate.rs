//! Random runs of a system, 64 side by side, to find out what may be equal.

use super::merger::Random;
use crate::bits::WholeSystem;
use crate::gates::{Gate, Lit};
use crate::options::Start;
use crate::system::TransitionSystem;
use olivine_netlist::{Memory, MemoryId};

/// Steps after reset.
const STEPS: usize = 96;

/// Most bits of memory that are simulated.
const MEMORY_BITS_MAX: u64 = 1 << 22;

/// What random runs showed.
pub(super) struct Shown {
    /// By latch: its values, a word for each step.
    pub latches: Vec<Vec<u64>>,
    /// By target: some run hits it.
    pub hit: Vec<bool>,
}

/// 64 runs.
struct Runs<'a> {
    system: &'a TransitionSystem,
    whole: &'a WholeSystem,
    latches: Vec<u64>,
    /// By memory: its bits, word after word.
    contents: Vec<Vec<u64>>,
    values: Vec<u64>,
    random: Random,
}

/// Runs the system; `None` if its memories are too large for that.
pub(super) fn simulate(
    system: &TransitionSystem,
    whole: &WholeSystem,
    start: Start,
) -> Option<Shown> {
    let memories = system.memories.iter().map(|m| &system.flat.memories[m.index()]);
    if memories.map(crate::system::memory_bits).sum::<u64>() > MEMORY_BITS_MAX {
        return None;
    }
    let mut runs = Runs::new(system, whole);
    if let Start::AfterReset { edges } = start {
        for _ in 0..edges {
            (0..whole.bits.domains.len()).for_each(|domain| runs.step(Some(domain)));
        }
    }
    let bad = &whole.bits.bad;
    let mut shown = Shown {
        latches: vec![Vec::with_capacity(STEPS); runs.latches.len()],
        hit: vec![false; bad.len()],
    };
    for _ in 0..STEPS {
        shown.latches.iter_mut().zip(&runs.latches).for_each(|(all, now)| all.push(*now));
        runs.step(None);
        shown.hit.iter_mut().zip(bad).for_each(|(hit, &bad)| *hit |= runs.value(bad) != 0);
    }
    Some(shown)
}

impl<'a> Runs<'a> {
    fn new(system: &'a TransitionSystem, whole: &'a WholeSystem) -> Self {
        let mut random = Random(0x0007_a5ed_5eed_0001);
        let mut bit = |known: Option<bool>| match known {
            Some(known) => spread(known),
            None => random.next(),
        };
        let latches = whole.bits.latches.iter().map(|l| bit(l.power_up)).collect();
        let mut word = |memory: &Memory, address: usize| -> Vec<u64> {
            let init = memory.init.get(address);
            (0..memory.width).map(|i| bit(init.map(|bits| bits.bit(i)))).collect()
        };
        let contents = system.flat.memories.iter().enumerate().map(|(index, memory)| {
            let taken = system.memories.contains(&MemoryId(index as u32));
            let depth = if taken { memory.depth as usize } else { 0 };
            (0..depth).flat_map(|address| word(memory, address)).collect()
        });
        let contents = contents.collect();
        let values = Vec::with_capacity(whole.bits.gates.gates().len());
        Self { system, whole, latches, contents, values, random }
    }

    fn value(&self, lit: Lit) -> u64 {
        self.values[lit.gate()] ^ spread(lit.inverted())
    }

    /// A step; under reset, an edge of this domain.
    fn step(&mut self, reset: Option<usize>) {
        let bits = &self.whole.bits;
        let mut free = self.latches.clone();
        free.push(spread(reset.is_some()));
        for domain in 0..bits.choosers().len() {
            let chosen = reset.map(|only| spread(only == domain));
            free.push(chosen.unwrap_or_else(|| self.random.next()));
        }
        free.extend((0..bits.input_bits).map(|_| self.random.next()));
        let mut reads = self.whole.reads.iter();
        self.values.clear();
        for &gate in bits.gates.gates() {
            if matches!(gate, Gate::Free(number) if number as usize == free.len())
                && let Some(read) = reads.next()
            {
                free.extend(self.read(read.memory, &read.address));
            }
            let value = match gate {
                Gate::Zero => 0,
                Gate::Free(number) => free[number as usize],
                Gate::And(a, b) => self.value(a) & self.value(b),
                Gate::Xor(a, b) => self.value(a) ^ self.value(b),
                Gate::Mux(c, t, e) => {
                    let c = self.value(c);
                    c & self.value(t) | !c & self.value(e)
                }
            };
            self.values.push(value);
        }
        self.latches = bits.latches.iter().map(|latch| self.value(latch.next)).collect();
        for memory in self.system.memories.clone() {
            self.write(memory);
        }
    }

    /// The address in each run, where it is in range.
    fn addresses(&self, memory: MemoryId, address: &[Lit]) -> Vec<Option<usize>> {
        let bits: Vec<u64> = address.iter().map(|&a| self.value(a)).collect();
        let depth = self.system.flat.memories[memory.index()].depth as usize;
        let at = |lane: usize| {
            bits.iter().enumerate().try_fold(0, |at, (i, word)| match word >> lane & 1 {
                0 => Some(at),
                _ if i < 32 => Some(at | 1 << i),
                _ => None,
            })
        };
        (0..64).map(|lane| at(lane).filter(|&at| at < depth)).collect()
    }

    fn read(&self, memory: MemoryId, address: &[Lit]) -> Vec<u64> {
        let width = self.system.flat.memories[memory.index()].width as usize;
        let contents = &self.contents[memory.index()];
        let mut data = vec![0; width];
        for (lane, at) in self.addresses(memory, address).into_iter().enumerate() {
            let Some(at) = at else { continue };
            for (i, word) in data.iter_mut().enumerate() {
                *word |= contents[at * width + i] & 1 << lane;
            }
        }
        data
    }

    fn write(&mut self, memory: MemoryId) {
        let width = self.system.flat.memories[memory.index()].width as usize;
        for write in &self.whole.writes[memory.index()] {
            if self.value(write.active) == 0 {
                continue;
            }
            let addresses = self.addresses(memory, &write.address);
            for i in 0..width {
                let (enable, data) = (self.value(write.enables[i]), self.value(write.data[i]));
                for (lane, at) in addresses.iter().enumerate() {
                    let Some(at) = at.filter(|_| enable >> lane & 1 == 1) else { continue };
                    let word = &mut self.contents[memory.index()][at * width + i];
                    *word = *word & !(1 << lane) | data & 1 << lane;
                }
            }
        }
    }
}

fn spread(bit: bool) -> u64 {
    if bit { u64::MAX } else { 0 }
}
