//! [`Classes`]: which state is taken to be the same.

use super::merger::{Compared, Merger};
use crate::engine::Halt;
use crate::gates::Lit;
use crate::sabotage::{Bug, planted};
use std::collections::HashMap;

/// Bits of state that are taken to be equal, the opposite of each other, or constant; and
/// memories that are taken to hold the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Classes {
    /// By latch: the first of its class; `None` if it is constant.
    pub leader: Vec<Option<usize>>,
    /// By latch: it is the opposite of its leader, or a constant one.
    pub inverted: Vec<bool>,
    /// By memory: the first of its class.
    pub memories: Vec<usize>,
}

impl Classes {
    /// A literal for each latch, equal ones for equal latches.
    pub fn state(&self, merger: &mut Merger) -> Vec<Lit> {
        let mut state: Vec<Lit> = Vec::new();
        for (latch, leader) in self.leader.iter().enumerate() {
            let lit = match leader {
                None => Lit::ZERO,
                Some(leader) if *leader == latch => merger.free(),
                Some(leader) => state[*leader],
            };
            state.push(lit.invert_if(self.inverted[latch]));
        }
        state
    }

    /// Takes apart what is not equal in `values`, one for each latch. Whether anything
    /// was. Without effort only patterns tell apart.
    pub fn refine(
        &mut self,
        merger: &mut Merger,
        values: &[Lit],
        effort: u32,
    ) -> Result<bool, Halt> {
        if planted(Bug::ClassKept) {
            return Ok(false);
        }
        let mut changed = self.split(|lit| merger.patterns(lit), values);
        if effort == 0 {
            return Ok(changed);
        }
        let mut differed = false;
        for latch in 0..values.len() {
            let own = values[latch].invert_if(self.inverted[latch]);
            let other = match self.leader[latch] {
                Some(leader) if leader == latch => continue,
                Some(leader) => values[leader],
                None => Lit::ZERO,
            };
            match merger.compare(other, own, effort)? {
                Compared::Equal => {}
                Compared::Different => differed = true,
                Compared::Unknown => {
                    self.alone(latch);
                    changed = true;
                }
            }
        }
        if differed {
            changed |= self.split(|lit| merger.patterns(lit), values);
        }
        Ok(changed)
    }

    fn alone(&mut self, latch: usize) {
        self.leader[latch] = Some(latch);
        self.inverted[latch] = false;
    }

    /// Members whose patterns differ part.
    fn split(&mut self, patterns: impl Fn(Lit) -> Vec<u64>, values: &[Lit]) -> bool {
        let mut changed = false;
        // By former leader and patterns: the first latch of the new class.
        let mut firsts: HashMap<(Option<usize>, Vec<u64>), Option<usize>> = HashMap::new();
        let mut groups: HashMap<Option<usize>, usize> = HashMap::new();
        for leader in &self.leader {
            *groups.entry(*leader).or_default() += 1;
        }
        let before = self.clone();
        for (latch, &value) in values.iter().enumerate() {
            let former = before.leader[latch];
            if former.is_some() && groups[&former] == 1 {
                continue;
            }
            let shown = patterns(value.invert_if(before.inverted[latch]));
            let zero = former.is_none() && shown.iter().all(|&word| word == 0);
            let fresh = if zero { None } else { Some(latch) };
            let first = *firsts.entry((former, shown)).or_insert(fresh);
            changed |= first != former;
            self.leader[latch] = first;
            let base = first.is_some_and(|first| before.inverted[first]);
            self.inverted[latch] = before.inverted[latch] != base;
        }
        changed
    }

    /// The classes of more than one latch, and the constants: by leader.
    pub fn groups(&self) -> Vec<(Option<usize>, Vec<usize>)> {
        let mut members: HashMap<Option<usize>, Vec<usize>> = HashMap::new();
        for (latch, leader) in self.leader.iter().enumerate() {
            members.entry(*leader).or_default().push(latch);
        }
        let mut groups: Vec<_> = members.into_iter().collect();
        groups.retain(|(leader, members)| leader.is_none() || members.len() > 1);
        groups.sort();
        groups
    }
}
