//! A target as several ways to be hit, where many of these are alike.

use super::Symmetry;
use crate::gates::{Gate, Gates, Lit};
use std::collections::HashSet;

/// Conjunctions of which at least one holds where `bad` does. Words that are compared become a
/// conjunction for each bit; there is one alone where that brings less than half as many sorts.
pub(crate) fn parts<'s, 'a: 's>(
    gates: &Gates,
    bad: Lit,
    symmetry: impl FnOnce() -> &'s Symmetry<'a>,
) -> Vec<Vec<Lit>> {
    let all = conjuncts(gates, bad);
    let choices = all.iter().map(|&lit| (lit, conjuncts(gates, !lit)));
    let mut choices: Vec<(Lit, Vec<Lit>)> = choices.filter(|(_, one)| one.len() > 1).collect();
    choices.sort_by_key(|(_, one)| std::cmp::Reverse(one.len()));
    if choices.is_empty() {
        return vec![vec![bad]];
    }
    let symmetry = symmetry();
    let sorts = |one: &[Lit]| one.iter().map(|&lit| symmetry.colour(lit)).collect::<HashSet<_>>();
    let pays = |one: &[Lit]| 2 * sorts(one).len() <= one.len();
    let Some((lit, one)) = choices.into_iter().find(|(_, one)| pays(one)) else {
        return vec![vec![bad]];
    };
    let others: Vec<Lit> = all.into_iter().filter(|&other| other != lit).collect();
    one.into_iter().map(|way| others.iter().copied().chain([!way]).collect()).collect()
}

/// The literals of which the literal is the conjunction, each once, in the order of their gates.
fn conjuncts(gates: &Gates, lit: Lit) -> Vec<Lit> {
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    let mut waiting = vec![lit];
    while let Some(lit) = waiting.pop() {
        if !seen.insert(lit) {
            continue;
        }
        match gates.gate(lit) {
            Gate::And(a, b) if !lit.inverted() => waiting.extend([a, b]),
            _ => found.push(lit),
        }
    }
    found.sort_unstable();
    found
}
