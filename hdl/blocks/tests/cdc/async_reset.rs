//! Resets that act without an edge.

use crate::common::proved_to;
use crate::{FAST, MAIN, design_of};
use insta::assert_snapshot;
use olivine_blocks::cdc::AsyncResetSynchronizer;
use olivine_formal::{Options, prove};
use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::Domain;
use olivine_netlist::{Bits, Design, DomainId, Kind, ResetKind};
use olivine_trace::{Signal, Trace};
use proptest::prelude::*;

const PIN: Domain = MAIN.asynchronous_reset().active_low();

#[test]
fn contract() {
    for stages in [2, 3, 4] {
        for domain in [PIN, FAST.falling().asynchronous_reset()] {
            proved_to(12, AsyncResetSynchronizer { domain, stages });
        }
    }
}

/// The pin and the reset that is given, before the edge of each cycle.
fn run(design: &Design, active: &[bool]) -> Trace {
    let signal = |path: &str| Signal { path: path.into(), width: 1, kind: Kind::Bit };
    let mut trace = Trace::new(vec![signal("rst_n"), signal("reset")]);
    let mut engine = Interp::new(design, Undefined::Random(1));
    let reset = engine.interface().find("reset").unwrap();
    for active in active {
        engine.set_reset(DomainId(0), *active);
        let given = engine.get_u64(reset);
        trace.cycles.push(vec![Bits::new(1, u64::from(!active)), Bits::new(1, given)]);
        engine.step(DomainId(0));
    }
    trace
}

fn given(trace: &Trace) -> Vec<bool> {
    trace.column("reset").unwrap().iter().map(|bits| bits.bit(0)).collect()
}

#[test]
fn a_pin_is_pulled_between_edges() {
    let design = design_of(AsyncResetSynchronizer { domain: PIN, stages: 2 });
    let pulled = |cycle: usize| [4, 7].contains(&cycle);
    let trace = run(&design, &(0..12).map(pulled).collect::<Vec<_>>());
    assert_snapshot!("async_reset_synchronizer_wave", format!("\n{trace}"));
}

/// It is given in the cycle of the pin, and for as many cycles after it as there are stages; at
/// power-up as if the pin had just been released.
fn golden(active: &[bool], stages: usize) -> Vec<bool> {
    let mut since = Some(0);
    let of = |active: &bool| {
        since = if *active { None } else { since };
        let given = since.is_none_or(|cycles| cycles < stages);
        since = Some(since.map_or(0, |cycles| cycles + 1));
        given
    };
    active.iter().map(of).collect()
}

proptest! {
    #[test]
    fn pins_on_random_cycles(
        stages in 2usize..5,
        active in proptest::collection::vec(proptest::bool::weighted(0.2), 1..60),
    ) {
        let module = AsyncResetSynchronizer { domain: PIN, stages: stages as u32 };
        let design = design_of(module);
        prop_assert_eq!(given(&run(&design, &active)), golden(&active, stages));
        let mut late = design;
        late.modules[0].domains[0].reset = ResetKind::Synchronous;
        let pulled = [vec![false; 9], vec![true, false]].concat();
        prop_assert_ne!(given(&run(&late, &pulled)), golden(&pulled, stages), "waits for an edge");
    }
}

#[test]
fn mutants_fail() {
    let design = design_of(AsyncResetSynchronizer { domain: PIN, stages: 3 });
    let options = Options { depth: 12, ..Options::default() };
    let chain = |m: &&olivine_netlist::Mutation| m.description.contains("`lasting`");
    let mutations = design.mutations();
    let mutants: Vec<_> = mutations.iter().filter(chain).collect();
    assert!(mutants.len() >= 3, "{} mutants", mutants.len());
    for mutant in mutants {
        let report = prove(&mutant.apply(&design), &options).expect("a mutant is valid");
        assert!(!report.succeeded(), "{}", mutant.description);
    }
}
