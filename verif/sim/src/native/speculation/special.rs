//! The code of an edge in which some states and inputs are numbers.

use super::{Assumed, Place, Special};
use crate::kernel::{Kernel, Known, NodeId, NodeOp};
use crate::native::checks::Together;
use crate::native::machine::{Domain, Native, needs, states};
use crate::native::ops::Cell;
use crate::native::program::{Edge, Program};
use crate::native::target::Backend;
use olivine_netlist::DomainId;

impl Native {
    /// Code for what is left where this is known, if that is less.
    pub(super) fn special<T: Backend>(
        &mut self,
        kernel: &Kernel,
        domain: DomainId,
        mut assumed: Vec<Assumed>,
    ) -> Option<Special> {
        let (mut known, nodes) = loop {
            let (known, nodes) = kernel.knowing(&numbers(&assumed));
            // What is about to change is not taken as known.
            let before = assumed.len();
            assumed.retain(|one| !changes(&known, domain, one));
            if assumed.len() == before {
                break (known, nodes);
            }
        };
        let leaves = leaves(&mut known, domain, &assumed);
        let Domain { edge, speculation, .. } = &self.domains[domain.index()];
        let (mut seen, mut constant) = (Vec::new(), Vec::new());
        let mut conditions = edge.conditions.clone();
        for node in needs(kernel, domain) {
            let (cell, new) = (self.layout.seen[&node], nodes[node.index()]);
            if known.graph.lanes(new) != kernel.graph.lanes(node) {
                return None;
            }
            match known.graph.constant(new) {
                Some(0) => return None,
                Some(value) => {
                    constant.push((cell.at, value));
                    conditions.remove(&cell.at);
                }
                None => seen.push((new, cell)),
            }
        }
        let storage = &mut self.storage;
        let mut place = || Cell { at: storage.allocate(8, 8), size: 8 };
        let leaves: Vec<(NodeId, Cell)> = leaves.map(|node| (node, place())).into_iter().collect();
        let stop = edge.stop.or_else(|| leaves.first().map(|_| place()));
        seen.extend(&leaves);
        seen.sort_unstable_by_key(|(node, cell)| (*node, cell.at));
        let together = Together::of(&known, domain, storage);
        let leaves = leaves.into_iter().map(|(_, cell)| cell).collect();
        let edge = Edge { domain, stop, conditions, together, leaves };
        let constant_state = |state: &u32| {
            let next = known.states[*state as usize].next;
            let is_assumed = |one: &Assumed| one.place == Place::State(*state);
            next.is_some_and(|next| known.graph.constant(next).is_some())
                && assumed.iter().any(is_assumed)
        };
        let states: Vec<u32> =
            states(kernel, domain).into_iter().filter(|state| !constant_state(state)).collect();
        let layout = &self.layout;
        let program = Program::new::<T>(&known, layout, &seen, &states, Some(&edge), None, storage);
        let saved = speculation.insts.saturating_sub(program.insts.len());
        if 10 * saved < speculation.insts && !speculation.eager {
            return None;
        }
        Some(Special {
            code: T::code(&[program], storage)?,
            broken: vec![0; assumed.len()],
            assumed,
            constant,
            saved: saved as u64,
            suspect: 0,
            burst: 1,
            edges: 0,
            entries: 0,
        })
    }
}

fn numbers(assumed: &[Assumed]) -> Known {
    let mut known = Known::default();
    for one in assumed {
        match one.place {
            Place::State(state) => known.states.insert(state, one.value),
            Place::Input(slot) => known.inputs.insert(slot, one.value),
        };
    }
    known
}

/// Whether an edge is sure to give what is assumed another value.
fn changes(known: &Kernel, domain: DomainId, one: &Assumed) -> bool {
    let next = next(known, domain, one).and_then(|next| known.graph.constant(next));
    next.is_some_and(|next| next != one.value)
}

/// What an edge makes of what is assumed.
fn next(known: &Kernel, domain: DomainId, one: &Assumed) -> Option<NodeId> {
    let Place::State(state) = one.place else { return None };
    let state = &known.states[state as usize];
    state.next.filter(|_| state.domain == domain)
}

/// A node of one bit: whether an edge changes what is assumed. None if it cannot.
fn leaves(known: &mut Kernel, domain: DomainId, assumed: &[Assumed]) -> Option<NodeId> {
    let mut any = None;
    for one in assumed {
        let Some(next) = next(known, domain, one) else { continue };
        let graph = &mut known.graph;
        if graph.constant(next).is_some() {
            continue;
        }
        let number = graph.number(one.value);
        let same = graph.add(NodeOp::Eq(next, number), 1);
        let changed = graph.add(NodeOp::Not(same), 1);
        any = Some(match any {
            Some(any) => graph.add(NodeOp::Or(any, changed), 1),
            None => changed,
        });
    }
    any
}
