//! What may be equal: state of one name on both sides of a miter, and what random runs show alike.

use super::classes::Classes;
use super::simulate::Shown;
use crate::system::TransitionSystem;
use olivine_netlist::Memory;
use std::collections::HashMap;

/// Where candidates come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Names alone.
    Names,
    /// Names, and runs for state whose name is on one side alone.
    NamesAndRuns,
    /// Runs alone.
    Runs,
}

impl Classes {
    /// Everything that may be equal.
    pub fn candidates(system: &TransitionSystem, shown: Option<&Shown>, source: Source) -> Self {
        let names = latch_names(system);
        let mut classes = Self {
            leader: (0..names.len()).map(Some).collect(),
            inverted: vec![false; names.len()],
            memories: memories(system),
        };
        let mut named = vec![false; names.len()];
        let mut known: HashMap<Vec<u64>, usize> = HashMap::new();
        if source != Source::Runs {
            for (first, second) in pairs(&names) {
                if shown.is_some_and(|s| s.latches[first] != s.latches[second]) {
                    continue;
                }
                classes.leader[second] = Some(first);
                (named[first], named[second]) = (true, true);
                if let Some(shown) = shown {
                    known.entry(plain(&shown.latches[first])).or_insert(first);
                }
            }
        }
        let Some(shown) = shown.filter(|_| source != Source::Names) else { return classes };
        for latch in (0..names.len()).filter(|&l| !named[l]) {
            let run = &shown.latches[latch];
            let phase = |latch: usize| shown.latches[latch][0] & 1 == 1;
            if run.iter().all(|&w| w == run[0]) && (run[0] == 0 || run[0] == u64::MAX) {
                classes.leader[latch] = None;
                classes.inverted[latch] = phase(latch);
                continue;
            }
            let first = *known.entry(plain(run)).or_insert(latch);
            classes.leader[latch] = Some(first);
            classes.inverted[latch] = phase(latch) != phase(first);
        }
        classes.normalise();
        classes
    }

    /// Makes the first latch of each class its leader.
    fn normalise(&mut self) {
        let before = self.clone();
        let mut firsts: HashMap<usize, usize> = HashMap::new();
        for latch in 0..before.leader.len() {
            let Some(former) = before.leader[latch] else { continue };
            let first = *firsts.entry(former).or_insert(latch);
            self.leader[latch] = Some(first);
            self.inverted[latch] = before.inverted[latch] != before.inverted[first];
        }
    }
}

/// A run that begins with zero.
fn plain(run: &[u64]) -> Vec<u64> {
    let mask = if run[0] & 1 == 1 { u64::MAX } else { 0 };
    run.iter().map(|word| word ^ mask).collect()
}

/// By latch: the name of its state and the bit.
pub(crate) fn latch_names(system: &TransitionSystem) -> Vec<(String, u32)> {
    let bits = |&state| {
        let name = system.state_name(state);
        (0..system.state_width(state)).map(move |bit| (name.clone(), bit))
    };
    system.states.iter().flat_map(bits).collect()
}

/// Indices of what is called `first.NAME` and `second.NAME`, the first the smaller.
fn pairs(names: &[(String, u32)]) -> Vec<(usize, usize)> {
    let first: HashMap<(&str, u32), usize> = names
        .iter()
        .enumerate()
        .filter_map(|(i, (name, bit))| Some(((name.strip_prefix("first.")?, *bit), i)))
        .collect();
    let second = names.iter().enumerate();
    second
        .filter_map(|(i, (name, bit))| {
            let other = *first.get(&(name.strip_prefix("second.")?, *bit))?;
            Some((other.min(i), other.max(i)))
        })
        .collect()
}

/// By memory: the first that may hold the same. Of those whose names are on one side alone the
/// first of a shape belongs to the first of that shape.
fn memories(system: &TransitionSystem) -> Vec<usize> {
    let all = &system.flat.memories;
    let mut leader: Vec<usize> = (0..all.len()).collect();
    let side = |name: &str, side: &str| all[..].iter().any(|m| m.name == format!("{side}{name}"));
    let taken = |i: &usize| system.memories.iter().any(|m| m.index() == *i);
    let indices: Vec<usize> = (0..all.len()).filter(taken).collect();
    let starting = |prefix: &'static str| {
        let named = move |i: &usize| Some((*i, all[*i].name.strip_prefix(prefix)?));
        indices.iter().filter_map(named).collect::<Vec<_>>()
    };
    let (firsts, seconds) = (starting("first."), starting("second."));
    let mut free: Vec<usize> =
        firsts.iter().filter(|(_, name)| !side(name, "second.")).map(|(i, _)| *i).collect();
    for (second, name) in seconds {
        let named = firsts.iter().find(|(_, n)| *n == name).map(|(i, _)| *i);
        let alike = |&&first: &&usize| alike(&all[first], &all[second]);
        let partner = named.filter(|first| alike(&first)).or_else(|| {
            let place = free.iter().position(|first| alike(&first))?;
            Some(free.remove(place))
        });
        if let Some(first) = partner {
            leader[first.max(second)] = first.min(second);
        }
    }
    leader
}

/// Whether two memories have one shape and hold the same at power-up.
fn alike(a: &Memory, b: &Memory) -> bool {
    let full = a.init.len() == a.depth as usize;
    a.width == b.width && a.depth == b.depth && a.init == b.init && full
}
