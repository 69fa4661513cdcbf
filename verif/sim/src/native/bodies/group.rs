//! Stores that share a condition.

use super::choice::{Choice, Condition};
use super::{Former, loaded, stored};
use crate::native::ops::{Op, Operands, V, When};
use rustc_hash::FxHashMap as HashMap;
use smallvec::smallvec;

/// A store under a condition, or a write of a memory.
pub(super) struct Member {
    pub at: usize,
    /// Values that it needs when the condition holds.
    pub roots: Operands,
    /// If the jump makes a choice: the instruction, what it chooses, and who uses that.
    pub made: Option<(usize, V, usize)>,
}

impl Former<'_> {
    /// Stores under the same condition, the last first. One under several is with the most others.
    pub(super) fn groups(&self, all: &[usize]) -> Vec<(Condition, Vec<Member>)> {
        let found: Vec<Vec<(Condition, Member)>> = all.iter().map(|at| self.members(*at)).collect();
        let mut counts: HashMap<&Condition, usize> = HashMap::default();
        for (condition, _) in found.iter().flatten() {
            *counts.entry(condition).or_default() += 1;
        }
        let most = |ways: &Vec<(Condition, Member)>| {
            let outer_first = (0..ways.len()).rev();
            outer_first.max_by_key(|way| counts[&ways[*way].0])
        };
        let chosen: Vec<Option<usize>> = found.iter().map(most).collect();
        let mut groups: HashMap<Condition, Vec<Member>> = HashMap::default();
        for (mut ways, chosen) in found.into_iter().zip(chosen) {
            if let Some(chosen) = chosen {
                let (condition, member) = ways.swap_remove(chosen);
                groups.entry(condition).or_default().push(member);
            }
        }
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by_key(|(_, members)| std::cmp::Reverse(members.last().map(|m| m.at)));
        groups
    }

    /// The conditions under all of which an instruction stores, the outermost first.
    fn members(&self, at: usize) -> Vec<(Condition, Member)> {
        if let Op::Put { nowhere, .. } = self.insts[at].op {
            return self.write(at, nowhere).into_iter().collect();
        }
        let Some(cell) = stored(self.insts[at].op) else { return Vec::new() };
        let was_there = |v: V| self.maker(v).and_then(loaded) == Some(cell);
        let outermost = self.insts[at].from[0];
        let (mut user, mut v, mut found) = (at, outermost, Vec::new());
        while let Some((maker, choice)) = self.choice(v) {
            let (negated, value) = match (was_there(choice.otherwise), was_there(choice.then)) {
                (true, _) => (false, choice.then),
                (_, true) => (true, choice.otherwise),
                _ => break,
            };
            let inside = self.is_inside(&choice, negated);
            let condition = (choice.when, negated, choice.about);
            if choice.when == When::Any {
                // Lanes that take the other value keep theirs.
                if found.is_empty() && !inside {
                    found.push((condition, Member { at, roots: smallvec![outermost], made: None }));
                }
                break;
            }
            let root = if user == at { value } else { outermost };
            let made = Some((maker, value, user));
            found.push((condition, Member { at, roots: smallvec![root], made }));
            (user, v) = (maker, value);
        }
        found
    }

    /// The choice that makes a value for one use, in this level.
    fn choice(&self, v: V) -> Option<(usize, Choice)> {
        let maker = self.makers[v.0 as usize];
        let choice = Choice::of(self.insts.get(maker)?)?;
        (self.uses[v.0 as usize] == 1 && self.here[maker]).then_some((maker, choice))
    }

    /// A write that goes nowhere unless a condition holds.
    fn write(&self, at: usize, nowhere: u32) -> Option<(Condition, Member)> {
        let roots = self.insts[at].from.clone();
        let maker = self.makers[roots[0].0 as usize];
        let choice = Choice::of(self.insts.get(maker)?)?;
        let idle = self.maker(choice.otherwise) == Some(Op::Number(u64::from(nowhere)));
        let member = Member { at, roots, made: None };
        idle.then_some(((choice.when, false, choice.about), member))
    }
}
