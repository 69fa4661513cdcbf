//! Properties in the code of an edge: one number says whether all hold, so that many cycles run
//! without a look at each.
//!
//! Conditions of many lanes become one number for each module first; which lane fails is found in
//! what was stored of each, once one does.

use super::build::Builder;
use super::numbers::Numbers;
use super::ops::{Bin, Cell, Compare, Inst, Op, V};
use super::still::Region;
use crate::exec::Storage;
use crate::kernel::{Kernel, NodeId, Owner};
use olivine_netlist::DomainId;
use rustc_hash::FxHashSet as HashSet;
use smallvec::smallvec;
use std::collections::BTreeMap;

/// Conditions of many lanes, all of a module.
#[derive(Clone, Debug)]
pub(super) struct Together {
    /// Each with the lanes of it that are conditions.
    pub nodes: BTreeMap<NodeId, Vec<u32>>,
    /// Where it is noted whether all hold: 0 or 1.
    pub cell: Cell,
}

impl Together {
    /// Those of a domain's properties.
    pub fn of(kernel: &Kernel, domain: DomainId, storage: &mut Storage) -> Vec<Self> {
        let mut all: BTreeMap<Owner, BTreeMap<NodeId, Vec<u32>>> = BTreeMap::new();
        for property in kernel.properties.iter().filter(|p| p.domain == domain) {
            let (node, lane) = property.condition;
            if kernel.graph.lanes(node) > 1 {
                let of_module = all.entry(kernel.graph.owner_of(node)).or_default();
                of_module.entry(node).or_default().push(lane);
            }
        }
        let cell = |storage: &mut Storage| Cell { at: storage.allocate(8, 8), size: 8 };
        all.into_values().map(|nodes| Self { nodes, cell: cell(storage) }).collect()
    }

    /// Notes whether they hold; `see` is called with each chunk that is made.
    pub fn add(&self, builder: &mut Builder, mut see: impl FnMut(&mut Builder, NodeId, u32)) {
        let width = builder.lanes;
        // By the lanes of a chunk that count.
        let mut masks: BTreeMap<u32, V> = BTreeMap::new();
        for (node, lanes) in &self.nodes {
            for chunk in 0..builder.kernel.graph.lanes(*node).div_ceil(width) {
                see(builder, *node, chunk);
                let here = lanes.iter().filter(|lane| *lane / width == chunk);
                let counted = here.fold(0, |bits, lane| bits | 1 << (lane % width));
                let mask = builder.mask(*node, chunk);
                let before = masks.get(&counted).copied();
                let both = |before| builder.emit(Op::Masks(Bin::And), &[before, mask]);
                masks.insert(counted, before.map_or(mask, both));
            }
        }
        let mut all: Option<V> = None;
        for (counted, mask) in masks {
            let mut bits = builder.emit(Op::MaskBits, &[mask]);
            if counted.count_ones() < width {
                bits = builder.emit(Op::ScalarNumber(Bin::And, counted as i32), &[bits]);
            }
            let hold = Op::CompareNumber(Compare::Equal, counted as i32);
            let hold = builder.emit(hold, &[bits]);
            let both = |all| builder.emit(Op::Scalar(Bin::And), &[all, hold]);
            all = Some(all.map_or(hold, both));
        }
        if let Some(all) = all {
            builder.emit_store(Op::Store(self.cell), all);
        }
    }
}

/// Adds to the instructions of an edge what notes whether it is the last for now: whether a
/// condition, stored to one of these cells as 0 or 1, does not hold, or one of `others` is not zero. Of a
/// region the conditions are looked at where it is not left out.
pub(super) fn verdict(
    (insts, others): (Vec<Inst>, &[Cell]),
    (conditions, stop): (&HashSet<u32>, Cell),
    regions: &mut [Region],
    storage: &mut Storage,
    numbers: &mut Numbers,
) -> Vec<Inst> {
    let mut region_of = vec![None; insts.len()];
    let mut lasts = Vec::new();
    for (index, region) in regions.iter_mut().enumerate() {
        region.stores.iter().for_each(|at| region_of[*at] = Some(index));
        lasts.push(region.stores.last().copied());
        region.stores.clear();
    }
    // Whether the conditions hold, by region; at the end those of none.
    let mut hold: Vec<Option<V>> = vec![None; regions.len() + 1];
    let mut all = Vec::with_capacity(insts.len() + conditions.len());
    let mut noted = Vec::new();
    for (at, inst) in insts.into_iter().enumerate() {
        let region = region_of[at];
        if let Some(index) = region {
            regions[index].stores.push(all.len());
        }
        let condition = match inst.op {
            Op::Store(cell) if conditions.contains(&cell.at) => Some(inst.from[0]),
            _ => None,
        };
        all.push(inst);
        if let Some(v) = condition {
            let so_far = &mut hold[region.unwrap_or(regions.len())];
            *so_far = joined(&mut all, numbers, Bin::And, *so_far, Some(v));
        }
        if let Some(index) = region.filter(|index| lasts[*index] == Some(at))
            && let Some(v) = hold[index]
        {
            let cell = Cell { at: storage.allocate(8, 8), size: 8 };
            regions[index].stores.push(all.len());
            all.push(Inst { op: Op::Store(cell), to: None, from: smallvec![v] });
            noted.push(cell);
        }
    }
    let mut hold = hold.pop().flatten();
    for cell in noted {
        let of_region = numbers.push(&mut all, Op::Peek(cell), smallvec![]);
        hold = joined(&mut all, numbers, Bin::And, hold, Some(of_region));
    }
    let fails = hold.map(|v| numbers.push(&mut all, Op::ScalarNumber(Bin::Xor, 1), smallvec![v]));
    let mut stops = fails;
    for cell in others {
        let noted = numbers.push(&mut all, Op::Peek(*cell), smallvec![]);
        stops = joined(&mut all, numbers, Bin::Or, stops, Some(noted));
    }
    all.extend(stops.map(|v| Inst { op: Op::Store(stop), to: None, from: smallvec![v] }));
    all
}

/// An operation on those of two scalars that there are.
fn joined(
    all: &mut Vec<Inst>,
    numbers: &mut Numbers,
    op: Bin,
    a: Option<V>,
    b: Option<V>,
) -> Option<V> {
    match (a, b) {
        (Some(a), Some(b)) => Some(numbers.push(all, Op::Scalar(op), smallvec![a, b])),
        (a, b) => a.or(b),
    }
}
