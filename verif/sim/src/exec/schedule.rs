//! The order of actions: operands first, and like scalar operations together.

use super::action::Var;
use super::scalar::ScalarOp;
use super::select::Selector;
use rustc_hash::FxHashMap as HashMap;
use std::collections::{BTreeMap, VecDeque};

/// What is dispatched at once.
#[derive(Debug)]
pub(super) enum Group {
    /// One variable.
    One(Var),
    /// The results of one batch, side by side.
    Batch(ScalarOp, Vec<Var>),
}

impl Group {
    /// The variables in it.
    pub fn vars(&self) -> &[Var] {
        match self {
            Self::One(var) => std::slice::from_ref(var),
            Self::Batch(_, vars) => vars,
        }
    }
}

/// Orders variables of `selector` that have actions.
///
/// List scheduling: vector actions as soon as they can, else the largest batch that is ready.
pub(super) fn schedule(selector: &Selector, vars: &[Var]) -> Vec<Group> {
    let mut waits: HashMap<Var, usize> = HashMap::default();
    let mut users: HashMap<Var, Vec<Var>> = HashMap::default();
    vars.iter().for_each(|var| {
        waits.insert(*var, 0);
    });
    for &var in vars {
        let mut count = 0;
        selector.action(var).reads(|read| {
            if waits.contains_key(&read) {
                count += 1;
                users.entry(read).or_default().push(var);
            }
        });
        waits.insert(var, count);
    }
    let mut ready = Ready::default();
    vars.iter().filter(|v| waits[v] == 0).for_each(|v| ready.add(selector, *v));
    let mut groups = Vec::new();
    while let Some(group) = ready.next() {
        for user in group.vars().iter().flat_map(|v| users.get(v).into_iter().flatten()) {
            let left = waits.get_mut(user).expect("users are fresh");
            *left -= 1;
            if *left == 0 {
                ready.add(selector, *user);
            }
        }
        groups.push(group);
    }
    groups
}

/// What can run now.
#[derive(Default)]
struct Ready {
    alone: VecDeque<Var>,
    batches: BTreeMap<ScalarOp, Vec<Var>>,
}

impl Ready {
    fn add(&mut self, selector: &Selector, var: Var) {
        match selector.action(var).batch() {
            Some(op) => self.batches.entry(op).or_default().push(var),
            None => self.alone.push_back(var),
        }
    }

    fn next(&mut self) -> Option<Group> {
        if let Some(var) = self.alone.pop_front() {
            return Some(Group::One(var));
        }
        let largest = self.batches.iter().max_by_key(|(_, vars)| vars.len())?;
        let (op, vars) = self.batches.remove_entry(&{ *largest.0 })?;
        Some(Group::Batch(op, vars))
    }
}
