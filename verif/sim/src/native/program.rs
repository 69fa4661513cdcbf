//! [`Program`]: the instructions for what is looked at, or for an edge.

use super::bodies;
use super::build::Builder;
use super::checks::{Together, verdict};
use super::layout::Layout;
use super::numbers::Numbers;
use super::ops::{Cell, Inst, Op, V};
use super::optimise::optimise;
use super::ports;
use super::resets::Resets;
use super::still::{Region, Watched, Which, regions, watch};
use super::target::Backend;
use crate::exec::Storage;
use crate::kernel::{Kernel, NodeId, NodeOp, Owner};
use olivine_netlist::DomainId;
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};
use smallvec::smallvec;
use std::collections::BTreeMap;

/// Instructions in order, with what they refer to.
#[derive(Debug)]
pub(super) struct Program {
    pub insts: Vec<Inst>,
    pub values: u32,
    pub tables: Vec<[u32; 16]>,
    /// Not zero after a cycle in which a property does not hold, or what is left open was read.
    pub stop: Option<Cell>,
    /// Whether subnormal floats count as zero.
    pub flushed: bool,
    /// How many of the instructions each module has.
    pub work: BTreeMap<Owner, u64>,
    /// What is left out while it stands still.
    pub watched: Vec<Watched>,
}

/// What an edge does beside giving states their next values.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub domain: DomainId,
    /// Where it notes that a property does not hold, or that what is left open was read.
    pub stop: Option<Cell>,
    /// First bytes of the cells of conditions of one lane.
    pub conditions: HashSet<u32>,
    /// Conditions of many lanes.
    pub together: Vec<Together>,
    /// Cells in which it notes something else that makes it the last for now, if not zero.
    pub leaves: Vec<Cell>,
}

/// Nodes that are looked at, each with where it is put; in order, a node as often as it has places.
pub(super) type Seen = [(NodeId, Cell)];

fn places(seen: &Seen, node: NodeId) -> impl Iterator<Item = Cell> + '_ {
    let first = seen.partition_point(|(of, _)| *of < node);
    seen[first..].iter().take_while(move |(of, _)| *of == node).map(|(_, cell)| *cell)
}

/// What an edge is to leave out while it stands still.
pub(super) struct Still<'a> {
    pub which: Which<'a>,
    /// Whether it is counted how often it is not left out.
    pub counted: bool,
}

impl Program {
    /// Gives nodes that are looked at their values, and states their next ones.
    ///
    /// A state's next value is stored when the present one has been read for the last time, so
    /// that no second place is needed; who uses the present one later has it in a register.
    ///
    /// With an edge, the ports of memories that the code can do are done as well.
    pub fn new<T: Backend>(
        kernel: &Kernel,
        layout: &Layout,
        seen: &Seen,
        states: &[u32],
        edge: Option<&Edge>,
        still: Option<Still>,
        storage: &mut Storage,
    ) -> Self {
        let mut builder = Builder::new(kernel, layout);
        let mut stores: Vec<(usize, Cell, Inst)> = Vec::new();
        let together = edge.map_or(&[][..], |edge| &edge.together);
        let see_all = |builder: &mut Builder, node: NodeId, chunk: u32| {
            places(seen, node).for_each(|cell| see(builder, node, chunk, cell));
        };
        together.iter().for_each(|together| together.add(&mut builder, see_all));
        let alone =
            |(node, _): &&(NodeId, Cell)| !together.iter().any(|t| t.nodes.contains_key(node));
        for &(node, cell) in seen.iter().filter(alone) {
            for chunk in 0..kernel.graph.lanes(node).div_ceil(builder.lanes) {
                see(&mut builder, node, chunk, cell);
            }
        }
        let resets = Resets::of(kernel, states);
        for (state, chunk) in order(kernel, states, builder.lanes) {
            let otherwise = resets.otherwise.get(&state).copied();
            let value = otherwise.or(kernel.states[state as usize].next);
            let Some(value) = value else { continue };
            for (cell, op, v) in next(&mut builder, state, value, chunk) {
                let store = Inst { op, to: None, from: smallvec![v] };
                stores.push((builder.insts.len(), cell, store));
            }
        }
        let mut opened = Vec::new();
        if let Some(Edge { domain, .. }) = edge {
            opened = ports::add(&mut builder, *domain, |builder, held, v| {
                let store = Inst { op: Op::Store(held.cell), to: None, from: smallvec![v] };
                stores.push((builder.insts.len(), held.chunk, store));
            });
        }
        let last = resets.last(&mut builder);
        for (at, cell, _) in &mut stores {
            let read = builder.last_reads.get(&cell.at).map_or(0, |last| last + 1);
            *at = read.max(*at);
        }
        stores.sort_by_key(|(at, ..)| *at);
        let Builder { insts, mut values, tables, mut owners, .. } = builder;
        let mut all = Vec::with_capacity(insts.len() + stores.len());
        let mut stores = stores.into_iter().peekable();
        for (at, inst) in insts.into_iter().enumerate() {
            while let Some((.., store)) = stores.next_if(|(place, ..)| *place <= at) {
                all.push(store);
            }
            all.push(inst);
        }
        all.extend(stores.map(|(.., store)| store));
        all.extend(last);
        let mut insts = optimise(all, values, T::TERNARY);
        let (mut watched, mut front, mut left_out) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(edge) = edge {
            let which = still.as_ref().map(|still| still.which);
            let mut regions = which.map_or(Vec::new(), |which| {
                regions(&insts, values, layout.shape, &parts(kernel, layout, states), which)
            });
            let mut numbers = Numbers { values: &mut values, owners: &mut owners, owner: 0 };
            opened.extend(&edge.leaves);
            insts = edge.verdict((insts, &opened), &mut regions, storage, &mut numbers);
            for region in regions {
                let owner = insts[region.stores[0]].from[0].0 as usize;
                numbers.owner = numbers.owners[owner];
                let counted = still.as_ref().is_some_and(|still| still.counted);
                let (test, done, of) = watch(&region, counted, layout.shape, storage, &mut numbers);
                front.extend(test);
                left_out.push((done, region.stores));
                watched.push(of);
            }
        }
        let formed = bodies::form(insts, layout.least_body, &mut values, &mut owners, left_out);
        let insts: Vec<Inst> = front.into_iter().chain(formed).collect();
        let mut work = BTreeMap::new();
        for inst in &insts {
            if let Some(v) = inst.to.or(inst.from.last().copied()) {
                *work.entry(owners[v.0 as usize]).or_insert(0) += 1;
            }
        }
        let flushed = insts.iter().any(|inst| matches!(inst.op, Op::Float(f) if f.flushed));
        let stop = edge.and_then(|edge| edge.stop);
        Self { insts, values, tables, stop, flushed, work, watched }
    }
}

impl Edge {
    /// Adds what notes whether the edge is the last for now; what is read and
    /// left open is noted at `opened`.
    fn verdict(
        &self,
        (insts, opened): (Vec<Inst>, &[Cell]),
        regions: &mut [Region],
        storage: &mut Storage,
        numbers: &mut Numbers,
    ) -> Vec<Inst> {
        let Some(stop) = self.stop else { return insts };
        let mut conditions = self.conditions.clone();
        conditions.extend(self.together.iter().map(|together| together.cell.at));
        verdict((insts, opened), (&conditions, stop), regions, storage, numbers)
    }
}

/// By first byte of a state's chunk: the occurrence that it is part of.
fn parts(kernel: &Kernel, layout: &Layout, states: &[u32]) -> HashMap<u32, u32> {
    let mut all = HashMap::default();
    for &state in states {
        let (cell, of) = (layout.states[state as usize], &kernel.states[state as usize]);
        if of.init.len() == 1 {
            all.insert(cell.at, of.part);
            continue;
        }
        for chunk in 0..(of.init.len() as u32).div_ceil(layout.shape.lanes) {
            let halves: &[bool] = if cell.size == 8 { &[false, true] } else { &[false] };
            all.extend(halves.iter().map(|half| (layout.chunk(cell, chunk, *half).at, of.part)));
        }
    }
    all
}

/// States' chunks in the order in which they are made: against the flow, so that what is
/// overwritten has been read.
fn order(kernel: &Kernel, states: &[u32], lanes: u32) -> Vec<(u32, u32)> {
    let chunks = |state: u32| (kernel.states[state as usize].init.len() as u32).div_ceil(lanes);
    let most = states.iter().map(|s| chunks(*s)).max().unwrap_or(0);
    let mut up = 0i64;
    for node in kernel.graph.nodes() {
        if let NodeOp::Gather(sources) = &node.op {
            for (to, (_, from)) in sources.iter().enumerate() {
                up += i64::from(*from < to as u32) - i64::from(*from > to as u32);
            }
        }
    }
    let of =
        |chunk: u32| states.iter().filter(move |s| chunks(**s) > chunk).map(move |s| (*s, chunk));
    if up >= 0 { (0..most).rev().flat_map(of).collect() } else { (0..most).flat_map(of).collect() }
}

fn see(builder: &mut Builder, node: NodeId, chunk: u32, cell: Cell) {
    builder.make((node, chunk));
    if builder.kernel.graph.lanes(node) == 1 {
        let v = builder.scalar(node);
        return builder.emit_store(Op::Store(cell), v);
    }
    let low = builder.layout.chunk(cell, chunk, false);
    if cell.size < 8 {
        let v = builder.vector(node, chunk);
        return builder.emit_store(Op::VectorStore(low), v);
    }
    let [a, b] = builder.wide(node, chunk);
    builder.emit_store(Op::VectorStore(low), a);
    let high = builder.layout.chunk(cell, chunk, true);
    builder.emit_store(Op::VectorStore(high), b);
}

/// The stores of a chunk of a state's next value.
fn next(builder: &mut Builder, state: u32, next: NodeId, chunk: u32) -> Vec<(Cell, Op, V)> {
    let kernel = builder.kernel;
    let cell = builder.layout.states[state as usize];
    let one = kernel.graph.lanes(next) == 1;
    builder.make((next, if one { 0 } else { chunk }));
    if kernel.states[state as usize].init.len() == 1 {
        return vec![(cell, Op::Store(cell), builder.scalar(next))];
    }
    let low = builder.layout.chunk(cell, chunk, false);
    if let Some(width) = builder.layout.factors[state as usize] {
        return vec![(low, Op::VectorStore(low), builder.factor(next, chunk, width))];
    }
    match cell.size {
        0 => vec![(low, Op::MaskStore(low.at), builder.mask(next, chunk))],
        8 => {
            let [a, b] = builder.wide(next, chunk);
            let high = builder.layout.chunk(cell, chunk, true);
            vec![(low, Op::VectorStore(low), a), (high, Op::VectorStore(high), b)]
        }
        _ => vec![(low, Op::VectorStore(low), builder.vector(next, chunk))],
    }
}
