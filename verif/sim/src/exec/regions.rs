//! Regions: groups of variables that are computed together, and skipped together while nothing
//! they depend on has changed.
//!
//! Most of a design stands still in most cycles. A region is small enough to stand still often
//! and large enough to be worth a test.

use super::action::Var;
use super::select::{Selector, Source};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

/// Regions do not grow beyond this many variables by joining.
const SIZE_MAX: usize = 32;
/// Regions below this size are joined with what was authored beside them.
const SIZE_MIN: usize = 8;

/// Splits the fresh variables of `selector` into regions, each after those it depends on.
pub(super) fn partition(selector: &Selector) -> Vec<Vec<Var>> {
    let cones = cones(selector);
    let mut levels: Vec<Vec<Group>> = Vec::new();
    for cone in cones {
        if levels.len() <= cone.level {
            levels.resize_with(cone.level + 1, Vec::new);
        }
        levels[cone.level].push(Group { vars: cone.vars, reads: cone.reads });
    }
    let joined = levels.into_iter().flat_map(|level| join_neighbours(join_alike(level)));
    joined.map(|group| group.vars).collect()
}

/// A variable with all those that serve it alone.
struct Cone {
    vars: Vec<Var>,
    /// What it depends on: sources, and variables of other cones.
    reads: HashSet<Var>,
    /// No cone depends on one of its own level.
    level: usize,
}

struct Group {
    vars: Vec<Var>,
    reads: HashSet<Var>,
}

/// The fresh variables' cones, in the order of their first variables.
fn cones(selector: &Selector) -> Vec<Cone> {
    let fresh = &selector.fresh;
    let index: HashMap<Var, usize> = fresh.iter().enumerate().map(|(i, v)| (*v, i)).collect();
    let mut reads: Vec<Vec<Var>> = Vec::with_capacity(fresh.len());
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); fresh.len()];
    for (i, var) in fresh.iter().enumerate() {
        let mut list = Vec::new();
        selector.action(*var).reads(|read| list.push(read));
        list.iter().filter_map(|r| index.get(r)).for_each(|r| users[*r].push(i));
        reads.push(list);
    }
    // Variables are made after those they read, so users come later.
    let mut root: Vec<usize> = (0..fresh.len()).collect();
    for i in (0..fresh.len()).rev() {
        if let Some(first) = users[i].first().map(|u| root[*u])
            && users[i].iter().all(|u| root[*u] == first)
        {
            root[i] = first;
        }
    }
    let mut cones: Vec<Cone> = Vec::new();
    let mut of_root: HashMap<usize, usize> = HashMap::default();
    for (i, var) in fresh.iter().enumerate() {
        let cone = *of_root.entry(root[i]).or_insert_with(|| {
            cones.push(Cone { vars: Vec::new(), reads: HashSet::default(), level: 0 });
            cones.len() - 1
        });
        cones[cone].vars.push(*var);
        for read in &reads[i] {
            match index.get(read) {
                Some(&r) if root[r] == root[i] => {}
                Some(&r) => {
                    let below = cones[of_root[&root[r]]].level + 1;
                    cones[cone].level = cones[cone].level.max(below);
                    cones[cone].reads.insert(*read);
                }
                None if selector.info(*read).source != Source::Constant => {
                    cones[cone].reads.insert(*read);
                }
                None => {}
            }
        }
    }
    cones
}

/// Joins groups of one level that depend mostly on the same things.
fn join_alike(level: Vec<Group>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut readers: HashMap<Var, Vec<usize>> = HashMap::default();
    for group in level {
        let mut votes: HashMap<usize, usize> = HashMap::default();
        for read in &group.reads {
            readers
                .get(read)
                .into_iter()
                .flatten()
                .for_each(|g| *votes.entry(*g).or_default() += 1);
        }
        let alike = |(g, common): (&usize, &usize)| {
            let other = &groups[*g];
            let all = other.reads.len() + group.reads.len() - common;
            (2 * common >= all && other.vars.len() + group.vars.len() <= SIZE_MAX)
                .then_some((*common, *g))
        };
        let best = votes.iter().filter_map(alike).max();
        let place = best.map_or(groups.len(), |(_, g)| g);
        for read in &group.reads {
            let readers = readers.entry(*read).or_default();
            if !readers.contains(&place) {
                readers.push(place);
            }
        }
        match groups.get_mut(place) {
            Some(existing) => {
                existing.vars.extend(group.vars);
                existing.reads.extend(group.reads);
            }
            None => groups.push(group),
        }
    }
    groups
}

/// Joins small groups of one level with the next small ones.
fn join_neighbours(groups: Vec<Group>) -> Vec<Group> {
    let (small, mut joined): (Vec<Group>, Vec<Group>) =
        groups.into_iter().partition(|g| g.vars.len() < SIZE_MIN);
    let mut open: Option<Group> = None;
    for group in small {
        let current =
            open.get_or_insert_with(|| Group { vars: Vec::new(), reads: HashSet::default() });
        current.vars.extend(group.vars);
        if current.vars.len() >= SIZE_MIN {
            joined.extend(open.take());
        }
    }
    joined.extend(open);
    joined
}
