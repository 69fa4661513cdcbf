//! [`Tracking`]: memories of which one word or two are followed, whichever they are.
//!
//! A memory becomes a few words, each with an address that is arbitrary but fixed: a register that
//! nothing changes. A write to that address changes the word, a read of it gives the word, and any
//! other read gives anything. Whatever the addresses, every run of the design is a run of this: what
//! is never hit here is never hit there.
//!
//! A hit counts only where the addresses are those that read ports have in it, one for each word. Of
//! a run of the design that hits there is one here with just these addresses, so none is lost.

use crate::certificate::Tracked;
use crate::sabotage::{Bug, planted};
use crate::system::{Cone, assumptions, memory_bits};
use olivine_netlist::{MemoryId, Module, Op, PropertyId, PropertyKind, ValueId};
use rebuild::{Rebuild, Rebuilt};
use std::collections::{BTreeMap, BTreeSet};

mod rebuild;

/// Most words of a memory: what is compared are at most two of its words, as a rule.
const WORDS_MAX: usize = 2;

/// A flat design some of whose memories are followed by word.
pub(crate) struct Tracking {
    /// The design; cells, registers and properties of the original keep their places.
    pub flat: Module,
    /// What has become of each memory.
    rebuilt: Vec<(Tracked, Rebuilt)>,
}

impl Tracking {
    /// Follows each memory of at least so many bits that these targets or the assumptions depend
    /// on, if it is written, and in one clock domain. `None` if there is no such memory.
    pub fn new(flat: &Module, targets: &[PropertyId], bits_min: u64) -> Option<Self> {
        let asked = targets.iter().copied().chain(assumptions(flat));
        let cone = Cone::of(flat, asked.map(|p| flat.properties[p.index()].condition));
        let (_, memories, _) = cone.state(flat);
        let fits = |m: &MemoryId| is_followed(flat, *m, bits_min);
        let memories: Vec<MemoryId> = memories.into_iter().filter(fits).collect();
        if memories.is_empty() {
            return None;
        }
        let sampled: Vec<BTreeSet<(MemoryId, u32)>> =
            targets.iter().map(|t| sampled(flat, flat.properties[t.index()].condition)).collect();
        let mut tracking = Self { flat: flat.clone(), rebuilt: Vec::new() };
        for memory in memories {
            let ports = |reads: &BTreeSet<(MemoryId, u32)>| -> Vec<u32> {
                reads.iter().filter(|(m, _)| *m == memory).map(|(_, port)| *port).collect()
            };
            let by_target: Vec<Vec<u32>> = sampled.iter().map(ports).collect();
            let most = by_target.iter().map(Vec::len).max().unwrap_or(0);
            let words = most.clamp(1, WORDS_MAX);
            let rebuilt = Rebuild::new(&mut tracking.flat, memory, words).run();
            let mut tracked = Tracked {
                memory: flat.memories[memory.index()].name.clone(),
                words: vec![BTreeMap::new(); words],
            };
            for (&target, ports) in targets.iter().zip(by_target) {
                for (word, port) in ports.into_iter().enumerate().take(WORDS_MAX) {
                    let name = flat.properties[target.index()].name.clone();
                    tracked.words[word].insert(name, port);
                    let which = if planted(Bug::TrackedTwice) { 0 } else { word };
                    let here = rebuilt.reads_word(&mut tracking.flat, memory, port, which);
                    counts_only_if(&mut tracking.flat, target, here);
                }
            }
            tracking.rebuilt.push((tracked, rebuilt));
        }
        Some(tracking)
    }

    /// What a proof of these properties has to say: which memories are followed, and how; nothing
    /// if they depend on none.
    pub fn needed(&self, properties: &[PropertyId]) -> Vec<Tracked> {
        let asked = properties.iter().copied().chain(assumptions(&self.flat));
        let cone = Cone::of(&self.flat, asked.map(|p| self.flat.properties[p.index()].condition));
        let (registers, ..) = cone.state(&self.flat);
        let names: BTreeSet<&str> =
            properties.iter().map(|p| self.flat.properties[p.index()].name.as_str()).collect();
        let depended_on = |(_, rebuilt): &&(Tracked, Rebuilt)| rebuilt.is_among(&registers);
        let of_these = |(tracked, _): &(Tracked, Rebuilt)| {
            let mut tracked = tracked.clone();
            let said = |name: &str| names.contains(name) && !planted(Bug::TrackedUnsaid);
            tracked.words.iter_mut().for_each(|word| word.retain(|name, _| said(name)));
            tracked
        };
        self.rebuilt.iter().filter(depended_on).map(of_these).collect()
    }
}

fn is_followed(flat: &Module, memory: MemoryId, bits_min: u64) -> bool {
    let memory = &flat.memories[memory.index()];
    let mut writes = memory.writes.iter();
    let first = writes.next();
    let one_domain = first.is_some_and(|first| writes.all(|w| w.domain == first.domain));
    one_domain && memory_bits(memory) >= bits_min
}

/// The read ports whose answer a value depends on within a step.
fn sampled(flat: &Module, value: ValueId) -> BTreeSet<(MemoryId, u32)> {
    let mut seen = vec![false; flat.cells.len()];
    let mut found = BTreeSet::new();
    let mut waiting = vec![value];
    while let Some(value) = waiting.pop() {
        if std::mem::replace(&mut seen[value.index()], true) {
            continue;
        }
        if let Op::ReadData { memory, port } = flat.cell(value).op {
            found.insert((memory, port));
        }
        flat.combinational_operands(value, |operand| waiting.push(operand));
    }
    found
}

/// From now on a sample hits the target only if `here` is one in it, too.
fn counts_only_if(flat: &mut Module, target: PropertyId, here: ValueId) {
    let property = &flat.properties[target.index()];
    let (condition, place) = (property.condition, property.place);
    let condition = if property.kind == PropertyKind::Cover {
        flat.add(Op::And(condition, here), 1, place)
    } else {
        let elsewhere = flat.add(Op::Not(here), 1, place);
        flat.add(Op::Or(condition, elsewhere), 1, place)
    };
    flat.properties[target.index()].condition = condition;
}
