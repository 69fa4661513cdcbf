//! Targets that are alike: one of them is proved, and the others take over its proof.

use super::{Outcome, Proof, Search};
use crate::symmetry::{Binding, Renaming, Symmetry};
use std::collections::HashMap;

impl Search<'_> {
    /// The open targets, of those that are alike the first.
    pub(super) fn leaders(&mut self) -> Vec<usize> {
        let mut open = self.open();
        if open.len() > 1 {
            let first = self.first_alike.take().unwrap_or_else(|| self.find_alike(&open));
            let mut led = vec![false; first.len()];
            open.retain(|&target| !std::mem::replace(&mut led[first[target]], true));
            self.first_alike = Some(first);
        }
        open
    }

    /// By target: the first one that is alike, among these.
    fn find_alike(&self, targets: &[usize]) -> Vec<usize> {
        let mut first: Vec<usize> = (0..self.findings.len()).collect();
        let symmetry = self.symmetry.get_or_init(|| Symmetry::new(self.system));
        let mut by_colour: HashMap<u64, Vec<usize>> = HashMap::new();
        for &target in targets {
            let colour = symmetry.colour(self.system.bad[target]);
            by_colour.entry(colour).or_default().push(target);
        }
        by_colour.retain(|_, targets| targets.len() > 1);
        if by_colour.is_empty() {
            return first;
        }
        let Some(binding) = Binding::new(symmetry, &self.relied_on()) else { return first };
        for targets in by_colour.into_values() {
            for &target in &targets[1..] {
                let [from, to] = [targets[0], target].map(|t| self.system.bad[t]);
                if symmetry.renaming(&[from], &[to], &binding).is_some() {
                    first[target] = targets[0];
                }
            }
        }
        first
    }

    /// The open targets that are alike to one that has just been proved take over its proof.
    pub(super) fn share(&mut self, target: usize) {
        let open = self.open();
        let Outcome::Proved(proof) = self.findings[target].state.clone() else { return };
        if open.is_empty() {
            return;
        }
        let (system, symmetry) = (self.system, self.symmetry.clone());
        let symmetry = symmetry.get_or_init(|| Symmetry::new(system));
        let bad = |target: usize| system.bad[target];
        let colour = |target: usize| symmetry.colour(bad(target));
        let alike: Vec<usize> = open.into_iter().filter(|&t| colour(t) == colour(target)).collect();
        if alike.is_empty() {
            return;
        }
        let given = if let Proof::Invariant { given, .. } = &proof { &given[..] } else { &[] };
        let Some(binding) = Binding::new(symmetry, given) else { return };
        for other in alike {
            match symmetry.renaming(&[bad(target)], &[bad(other)], &binding) {
                Some(renaming) => self.decide(other, Outcome::Proved(renaming.proof(&proof))),
                // It is not alike after all, and on its own.
                None => self.first_alike.iter_mut().for_each(|first| first[other] = other),
            }
        }
    }
}

impl Renaming {
    fn proof(&self, proof: &Proof) -> Proof {
        let mut proof = proof.clone();
        if let Proof::Invariant { cubes, .. } = &mut proof {
            *cubes = self.cubes(cubes);
        }
        proof
    }
}
