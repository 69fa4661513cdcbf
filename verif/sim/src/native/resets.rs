//! Conditions under which many states become numbers, as a reset is one that is an input: instead
//! of a choice for each, the numbers are stored at the end of an edge, under one jump.

use super::build::Builder;
use super::ops::{Inst, Op, When};
use crate::kernel::{Kernel, NodeId, NodeOp};
use rustc_hash::FxHashMap as HashMap;
use smallvec::smallvec;

/// States that a condition must be about at least.
const LEAST: usize = 4;

/// States of one lane that become a number when a condition holds (or does not, if `negated`).
#[derive(Debug, Default)]
pub(super) struct Resets {
    /// By state: what it becomes otherwise.
    pub otherwise: HashMap<u32, NodeId>,
    /// Conditions, each with states and their numbers.
    groups: Vec<(Condition, Vec<(u32, u64)>)>,
}

/// A node of one bit, and whether it must be zero.
type Condition = (NodeId, bool);

/// A state's next value as a number under a condition, and another node otherwise.
struct Way {
    condition: Condition,
    number: u64,
    otherwise: NodeId,
}

impl Resets {
    /// Of these states.
    pub fn of(kernel: &Kernel, states: &[u32]) -> Self {
        let ways: Vec<(u32, Vec<Way>)> =
            states.iter().map(|state| (*state, ways(kernel, *state))).collect();
        let mut counts: HashMap<Condition, usize> = HashMap::default();
        for way in ways.iter().flat_map(|(_, ways)| ways) {
            *counts.entry(way.condition).or_default() += 1;
        }
        let mut found = Self::default();
        for (state, ways) in ways {
            let best = ways.into_iter().max_by_key(|way| (counts[&way.condition], way.condition));
            let Some(way) = best.filter(|way| counts[&way.condition] >= LEAST) else { continue };
            found.otherwise.insert(state, way.otherwise);
            let group = found.groups.iter_mut().find(|(condition, _)| *condition == way.condition);
            match group {
                Some((_, states)) => states.push((state, way.number)),
                None => found.groups.push((way.condition, vec![(state, way.number)])),
            }
        }
        found
    }

    /// The instructions for the end of an edge.
    pub fn last(&self, builder: &mut Builder) -> Vec<Inst> {
        let mut last = Vec::new();
        for ((condition, negated), states) in &self.groups {
            builder.make((*condition, 0));
            let from = smallvec![builder.scalar(*condition)];
            last.push(Inst { op: Op::If { when: When::Set, negated: *negated }, to: None, from });
            for (state, number) in states {
                let from = smallvec![builder.number(Op::Number(*number))];
                let op = Op::Store(builder.layout.states[*state as usize]);
                last.push(Inst { op, to: None, from });
            }
            last.push(Inst { op: Op::End(None), to: None, from: smallvec![] });
        }
        last
    }
}

fn ways(kernel: &Kernel, state: u32) -> Vec<Way> {
    let graph = &kernel.graph;
    let state = &kernel.states[state as usize];
    let Some(next) = state.next.filter(|_| state.init.len() == 1) else { return Vec::new() };
    let way = |condition: NodeId, negated: bool, number: u64, otherwise: NodeId| {
        let bit = graph.width(condition) == 1 && graph.constant(condition).is_none();
        let condition = (condition, negated);
        (bit && graph.constant(otherwise).is_none()).then_some(Way { condition, number, otherwise })
    };
    let bit = graph.width(next) == 1;
    let found = match graph.node(next).op {
        NodeOp::Mux { condition, then, otherwise } => {
            match (graph.constant(then), graph.constant(otherwise)) {
                (Some(number), None) => [way(condition, false, number, otherwise), None],
                (None, Some(number)) => [way(condition, true, number, then), None],
                _ => [None, None],
            }
        }
        NodeOp::AndNot(a, b) if bit => [way(b, false, 0, a), None],
        NodeOp::And(a, b) if bit => [way(a, true, 0, b), way(b, true, 0, a)],
        NodeOp::Or(a, b) if bit => [way(a, false, 1, b), way(b, false, 1, a)],
        _ => [None, None],
    };
    // What stays as it is otherwise needs no store at all.
    let stays = |node: NodeId| matches!(graph.node(node).op, NodeOp::State(_));
    found.into_iter().flatten().filter(|way| !stays(way.otherwise)).collect()
}
