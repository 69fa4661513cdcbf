//! Instances that a loop made, found again.

use super::json::SourceModule;
use crate::names::word;
use std::collections::{BTreeMap, HashSet};

/// One instance, or an array of them.
pub(super) struct Placed {
    /// Near which its name is.
    pub name: String,
    /// Index of the module that is placed.
    pub module: usize,
    /// Dimensions; empty for one.
    pub dims: Vec<u32>,
    /// Cells, row-major.
    pub members: Vec<usize>,
}

/// What the instances of an array share: the module, and the words of their names.
type Shared = (usize, Vec<String>);
/// The indices in the name of a cell, and which cell it is.
type Member = (Vec<u32>, usize);

/// The instances of a module: cells with one module and one name but for the indices, if the
/// indices fill a box, else each for itself.
pub(super) fn find(source: &SourceModule) -> Vec<Placed> {
    let mut groups: BTreeMap<Shared, Vec<Member>> = BTreeMap::new();
    for (cell, at) in source.cells.iter().zip(0..) {
        if let Some(&module) = source.placed.get(&cell.kind) {
            let (words, indices) = split(&cell.name);
            groups.entry((module, words)).or_default().push((indices, at));
        }
    }
    let mut firsts = HashSet::new();
    let mut placed = Vec::new();
    for ((module, words), mut members) in groups {
        members.sort();
        if let Some(dims) = full_box(&members) {
            let short = firsts.insert(words[0].clone()) || dims.is_empty();
            let name = match short && !dims.is_empty() {
                true => words[0].clone(),
                false => words.join("_"),
            };
            let members = members.into_iter().map(|(_, at)| at).collect();
            placed.push(Placed { name, module, dims, members });
        } else {
            let single = |(_, at): Member| {
                let name = word(&source.cells[at].name);
                Placed { name, module, dims: Vec::new(), members: vec![at] }
            };
            placed.extend(members.into_iter().map(single));
        }
    }
    placed.sort_by_key(|p| p.members[0]);
    placed
}

/// `pe[0].at[1].unit` as `pe`, `at`, `unit` and 0, 1.
fn split(name: &str) -> (Vec<String>, Vec<u32>) {
    let (mut words, mut indices) = (Vec::new(), Vec::new());
    for segment in name.split('.') {
        let (word, index) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
        words.push(word.to_string());
        let index = index.trim_start_matches('[').trim_end_matches(']').split("][");
        indices.extend(index.filter_map(|i| i.parse::<u32>().ok()));
    }
    (words, indices)
}

/// The dimensions, if the sorted indices are all those from 0 on, each once.
fn full_box(members: &[Member]) -> Option<Vec<u32>> {
    let (last, _) = members.last()?;
    let dims: Vec<u32> = last.iter().map(|i| i.saturating_add(1)).collect();
    let count = dims.iter().fold(1u64, |product, d| product.saturating_mul(u64::from(*d)));
    let expected = |position: u64| {
        let mut rest = position;
        let mut indices: Vec<u32> = dims
            .iter()
            .rev()
            .map(|&d| {
                let index = rest % u64::from(d);
                rest /= u64::from(d);
                index as u32
            })
            .collect();
        indices.reverse();
        indices
    };
    let full = count == members.len() as u64
        && members.iter().zip(0..).all(|((indices, _), position)| *indices == expected(position));
    full.then_some(dims)
}
