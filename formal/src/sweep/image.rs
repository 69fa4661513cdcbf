//! [`Image`]: one step of a system inside a [`Merger`].

use super::merger::Merger;
use crate::bits::WholeSystem;
use crate::engine::Halt;
use crate::gates::{Gate, Lit, translated};

/// What a step starts from.
pub(super) struct Given<'a> {
    /// The latches.
    pub latches: &'a [Lit],
    /// Whether the resets are active.
    pub reset: Lit,
    /// The choosers of whose turn it is; free, if there are none here.
    pub choosers: Option<&'a [Lit]>,
    /// By memory: which contents it has.
    pub contents: &'a [usize],
}

/// What the gates of a step have become.
pub(super) struct Image {
    map: Vec<Lit>,
    /// By gate of the step: a solver merged it.
    pub merged: Vec<bool>,
}

impl Image {
    /// Takes a step into the merger.
    pub fn new(merger: &mut Merger, system: &WholeSystem, given: &Given) -> Result<Self, Halt> {
        let bits = &system.bits;
        let mut bind = given.latches.to_vec();
        bind.push(given.reset);
        match given.choosers {
            Some(choosers) => bind.extend(choosers),
            None => bind.extend((0..bits.choosers().len()).map(|_| merger.free())),
        }
        bind.extend((0..bits.input_bits).map(|_| merger.free()));
        let mut reads = system.reads.iter();
        let mut image = Self { map: Vec::new(), merged: Vec::new() };
        for (index, gate) in bits.gates.gates().iter().enumerate() {
            // Data of a read follows when its first bit comes: its address is there by then.
            if matches!(gate, Gate::Free(number) if *number as usize == bind.len()) {
                let read = reads.next().expect("what is free beyond the inputs is read");
                debug_assert_eq!(read.data[0].gate(), index);
                let contents = given.contents[read.memory.index()];
                let address: Vec<Lit> = read.address.iter().map(|&a| image.of(a)).collect();
                bind.extend(merger.read(contents, &address, read.data.len()));
            }
            let (lit, merged) = image.gate(merger, *gate, &bind)?;
            image.map.push(lit);
            image.merged.push(merged);
        }
        Ok(image)
    }

    fn gate(&self, merger: &mut Merger, gate: Gate, bind: &[Lit]) -> Result<(Lit, bool), Halt> {
        let lit = match gate {
            Gate::Zero => return Ok((Lit::ZERO, false)),
            Gate::Free(number) => return Ok((bind[number as usize], false)),
            Gate::And(a, b) => merger.gates.and(self.of(a), self.of(b)),
            Gate::Xor(a, b) => merger.gates.xor(self.of(a), self.of(b)),
            Gate::Mux(c, t, e) => merger.gates.mux(self.of(c), self.of(t), self.of(e)),
        };
        merger.settled(lit)
    }

    /// What a literal of the step has become.
    pub fn of(&self, lit: Lit) -> Lit {
        translated(&self.map, lit)
    }
}
