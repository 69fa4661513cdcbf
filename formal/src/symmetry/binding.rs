//! [`Binding`]: what holds in every step that counts, and what a renaming makes of it.

use super::matching::Matching;
use super::{Leaf, Symmetry};
use crate::gates::{Gate, Lit};
use crate::sabotage::{Bug, planted};
use std::collections::HashMap;

/// Gates that may be gone through to find out what the conditions depend on.
const WORK: usize = 1 << 26;

/// Conditions that every step fulfils: the assumptions, and the targets that are never hit.
pub(crate) struct Binding {
    conditions: Vec<Condition>,
    /// By latch and input, as gates: the conditions that depend on it.
    of: HashMap<usize, Vec<usize>>,
}

struct Condition {
    lit: Lit,
    /// The latches and inputs that it depends on, as gates.
    leaves: Vec<usize>,
}

impl Binding {
    /// The assumptions of the system, and that these targets are never hit. `None` if it takes too
    /// long to find out what they depend on.
    pub fn new(symmetry: &Symmetry<'_>, given: &[usize]) -> Option<Self> {
        let system = symmetry.system;
        let given = given.iter().map(|&target| !system.bad[target]);
        let lits = system.constraints.iter().copied().chain(given);
        let mut cones = Cones { symmetry, seen: vec![0; system.gates.gates().len()], left: WORK };
        let mut binding = Self { conditions: Vec::new(), of: HashMap::new() };
        for (index, lit) in lits.enumerate() {
            let leaves = cones.leaves(lit, index + 1)?;
            leaves.iter().for_each(|&leaf| binding.of.entry(leaf).or_default().push(index));
            binding.conditions.push(Condition { lit, leaves });
        }
        Some(binding)
    }

    /// Extends the matching by every condition that depends on anything in it. False if something
    /// binding would become something that is not.
    pub(super) fn is_kept(&self, matching: &mut Matching<'_>) -> bool {
        let mut kept = vec![false; self.conditions.len()];
        let mut at = 0;
        while let Some(&gate) = matching.trail().get(at) {
            at += 1;
            for &condition in self.of.get(&gate).into_iter().flatten() {
                if std::mem::replace(&mut kept[condition], true) {
                    continue;
                }
                if !self.has_image(condition, matching) && !planted(Bug::AlikeUnbound) {
                    return false;
                }
            }
        }
        true
    }

    /// Some condition stands for this one.
    fn has_image(&self, condition: usize, matching: &mut Matching<'_>) -> bool {
        let Condition { lit, leaves } = &self.conditions[condition];
        let images = leaves.iter().filter_map(|&leaf| matching.image(leaf));
        let of_image = images.map(|image| self.of.get(&image).map_or(&[][..], |of| of));
        let Some(possible) = of_image.min_by_key(|of| of.len()) else { return true };
        let itself = possible.iter().filter(|&&c| c == condition);
        let others = possible.iter().filter(|&&c| c != condition);
        itself.chain(others).any(|&c| matching.extend(*lit, self.conditions[c].lit))
    }
}

/// Finds what conditions depend on.
struct Cones<'a> {
    symmetry: &'a Symmetry<'a>,
    /// By gate: the last condition that was found to depend on it.
    seen: Vec<usize>,
    left: usize,
}

impl Cones<'_> {
    fn leaves(&mut self, lit: Lit, condition: usize) -> Option<Vec<usize>> {
        let mut leaves = Vec::new();
        let mut waiting = vec![lit];
        while let Some(lit) = waiting.pop() {
            let gate = lit.gate();
            if std::mem::replace(&mut self.seen[gate], condition) == condition {
                continue;
            }
            self.left = self.left.checked_sub(1)?;
            match self.symmetry.leaf(gate) {
                Some(Leaf::Latch(latch)) => {
                    waiting.push(self.symmetry.system.latches[latch].next);
                    leaves.push(gate);
                }
                Some(Leaf::Input) => leaves.push(gate),
                Some(Leaf::Common(_)) | None => {}
            }
            match self.symmetry.gate(gate) {
                Gate::Zero | Gate::Free(_) => {}
                Gate::And(a, b) | Gate::Xor(a, b) => waiting.extend([a, b]),
                Gate::Mux(a, b, c) => waiting.extend([a, b, c]),
            }
        }
        Some(leaves)
    }
}
