//! [`Program`]: the instructions for what is looked at, or for an edge.

use super::bodies;
use super::build::Builder;
use super::layout::Layout;
use super::ops::{Bin, Cell, Inst, Op, V};
use super::optimise::optimise;
use super::ports;
use super::resets::Resets;
use super::target::Backend;
use crate::kernel::{Kernel, NodeId, NodeOp, Owner};
use olivine_netlist::DomainId;
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
}

/// What an edge does beside giving states their next values.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub domain: DomainId,
    /// Where it notes that a property does not hold, or that what is left open was read.
    pub stop: Option<Cell>,
    /// Whether it looks at the properties: each has one lane.
    pub checks: bool,
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
        seen: &[NodeId],
        states: &[u32],
        edge: Option<Edge>,
    ) -> Self {
        let mut builder = Builder::new(kernel, layout);
        let mut stores: Vec<(usize, Cell, Inst)> = Vec::new();
        for &node in seen {
            for chunk in 0..kernel.graph.lanes(node).div_ceil(builder.lanes) {
                see(&mut builder, node, chunk);
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
        if let Some(Edge { domain, stop, checks }) = edge {
            let failure = checks.then(|| failure(&mut builder, domain));
            let opened = ports::add(&mut builder, domain, |builder, held, v| {
                let store = Inst { op: Op::Store(held.cell), to: None, from: smallvec![v] };
                stores.push((builder.insts.len(), held.chunk, store));
            });
            let or = |a, b| builder.emit(Op::Scalar(Bin::Or), &[a, b]);
            let stops = failure.into_iter().chain(opened).reduce(or);
            if let (Some(cell), Some(stops)) = (stop, stops) {
                builder.emit_store(Op::Store(cell), stops);
            }
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
        let insts = optimise(all, values, T::TERNARY);
        let insts = bodies::form(insts, layout.least_body, &mut values, &mut owners);
        let mut work = BTreeMap::new();
        for inst in &insts {
            if let Some(v) = inst.to.or(inst.from.last().copied()) {
                *work.entry(owners[v.0 as usize]).or_insert(0) += 1;
            }
        }
        let flushed = insts.iter().any(|inst| matches!(inst.op, Op::Float(f) if f.flushed));
        let stop = edge.and_then(|edge| edge.stop);
        Self { insts, values, tables, stop, flushed, work }
    }
}

/// Whether one of a domain's properties, each of one lane, does not hold.
fn failure(builder: &mut Builder, domain: DomainId) -> V {
    let properties = builder.kernel.properties.iter().filter(|p| p.domain == domain);
    let conditions: Vec<NodeId> = properties.map(|p| p.condition.0).collect();
    let mut all = builder.number(Op::Number(1));
    for condition in conditions {
        builder.make((condition, 0));
        let holds = builder.scalar(condition);
        all = builder.emit(Op::Scalar(Bin::And), &[all, holds]);
    }
    builder.emit(Op::ScalarNumber(Bin::Xor, 1), &[all])
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

fn see(builder: &mut Builder, node: NodeId, chunk: u32) {
    builder.make((node, chunk));
    let cell = builder.layout.seen[&node];
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
