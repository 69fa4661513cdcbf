//! Single questions about a target, for what is told of a verdict.

use super::Limits;
use super::base::Base;
use crate::bits::BitSystem;
use crate::cnf::Query;
use crate::options::{Options, Start};
use crate::solver::{Answer, Deadline};
use crate::system::TransitionSystem;
use crate::unroll::{Step, Unrolling};
use olivine_netlist::{Module, PropertyId};
use std::time::Duration;

/// Whether some run of so many samples keeps these assumptions; `None` if that was not found out.
pub(crate) fn legal_samples(
    flat: &Module,
    target: PropertyId,
    assumptions: &[PropertyId],
    options: &Options,
    samples: u32,
    effort: Duration,
) -> Option<bool> {
    let mut system = TransitionSystem::new(flat.clone(), vec![target]);
    system.assumptions = assumptions.to_vec();
    let bits = BitSystem::new(&system);
    let deadline = Deadline::after(Some(effort));
    let limits = Limits { deadline, gates_max: options.gates_max };
    let mut base = Base::new(&bits, options.start);
    for _ in 0..samples {
        if !base.extend(&limits).ok()? {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether what an assertion is conditional on holds for certain at some edge under reset; `None` if
/// that was not found out, or there are no such edges.
pub(crate) fn triggered_under_reset(
    flat: &Module,
    target: PropertyId,
    options: &Options,
    effort: Duration,
) -> Option<bool> {
    let Start::AfterReset { edges } = options.start else { return None };
    let system = TransitionSystem::new(flat.clone(), vec![target]);
    let bits = BitSystem::new(&system);
    let mut unrolling = Unrolling::from_power_up(&bits);
    for _ in 0..edges {
        (0..bits.domains.len()).for_each(|domain| unrolling.push(Step::Reset(domain)));
    }
    let triggers: Vec<_> = unrolling.frames.iter().filter_map(|f| f.triggers[0]).collect();
    let none = !unrolling.gates.any(triggers);
    let mut query = Query::default();
    let none = query.lit(&unrolling.gates, none);
    match query.solve(&[none], Deadline::after(Some(effort))) {
        Answer::Sat => Some(false),
        Answer::Unsat => Some(true),
        Answer::Stopped => None,
    }
}
