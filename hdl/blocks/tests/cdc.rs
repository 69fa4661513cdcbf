//! The contracts of the clock-domain crossings, proved without bound over every order of edges, and
//! mutants whose proofs must fail.

use olivine_blocks::cdc::{
    AsyncFifo, AsyncFifoOrder, AsyncResetSynchronizer, Handshake, HandshakeOrder,
    ResetSynchronizer, Synchronizer,
};
use olivine_formal::{Options, prove};
use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::{Domain, Module, elaborate, unsigned};
use olivine_netlist::{Change, Design, DomainId, ResetKind};
use proptest::prelude::*;
use std::collections::VecDeque;

const MAIN: Domain = Domain::MAIN;
const FAST: Domain = Domain::new("fast");

fn design_of<M: Module>(module: M) -> Design {
    elaborate(module).unwrap_or_else(|f| panic!("{f}"))
}

fn proved_to<M: Module>(depth: u32, module: M) {
    let options = Options { depth, ..Options::default() };
    let report = prove(&design_of(module), &options).unwrap_or_else(|f| panic!("{f}"));
    report.assert_proved();
}

#[test]
fn bits_and_resets() {
    for stages in [2, 3, 4] {
        proved_to(12, Synchronizer { to: FAST, stages });
        proved_to(12, ResetSynchronizer { to: FAST, stages });
        for domain in [PIN, FAST.falling().asynchronous_reset()] {
            proved_to(12, AsyncResetSynchronizer { domain, stages });
        }
    }
}

const PIN: Domain = Domain::MAIN.asynchronous_reset().active_low();

/// What `reset` is without an edge while the domain's reset is active, for a moment or longer, and
/// before each of the edges after.
fn released(engine: &mut dyn Engine, edges: u64) -> (u64, Vec<u64>) {
    let (clk, reset) = (DomainId(0), engine.interface().find("reset").unwrap());
    engine.step_by(clk, 10);
    assert_eq!(engine.get_u64(reset), 0);
    engine.set_reset(clk, true);
    let at_once = engine.get_u64(reset);
    engine.step_by(clk, edges);
    engine.set_reset(clk, false);
    let after = (0..5).map(|_| {
        let seen = engine.get_u64(reset);
        engine.step(clk);
        seen
    });
    (at_once, after.collect())
}

#[test]
fn an_asynchronous_reset_is_given_at_once_and_released_at_an_edge() {
    let design = design_of(AsyncResetSynchronizer { domain: PIN, stages: 3 });
    let mut late = design.clone();
    late.modules[0].domains[0].reset = ResetKind::Synchronous;
    for edges in [0, 1, 4] {
        let engine = &mut Interp::new(&design, Undefined::Random(1));
        assert_eq!(released(engine, edges), (1, vec![1, 1, 1, 0, 0]), "{edges}");
        let synchronous = &mut Interp::new(&late, Undefined::Random(1));
        assert_eq!(released(synchronous, edges).0, 0, "a synchronous reset waits for an edge");
    }
}

/// Whether a mutant of the chain is proved all the same.
#[test]
fn mutants_of_reset_synchronizers_fail() {
    let module = AsyncResetSynchronizer { domain: PIN, stages: 3 };
    let design = design_of(module);
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

#[test]
fn handshakes_keep_the_order() {
    let handshake = Handshake { of: unsigned(4), from: MAIN, to: FAST };
    proved_to(20, handshake.clone());
    proved_to(20, HandshakeOrder(handshake));
}

#[test]
fn fifos_neither_overflow_nor_underflow() {
    for depth in [2, 4, 8] {
        proved_to(20, AsyncFifo { of: unsigned(4), depth, from: MAIN, to: FAST });
    }
}

#[test]
fn fifos_keep_the_order() {
    for depth in [2, 4] {
        proved_to(20, AsyncFifoOrder(AsyncFifo { of: unsigned(4), depth, from: MAIN, to: FAST }));
    }
}

/// The mutants of what it keeps (not of what only its properties ask) that are proved all the same.
fn survivors<M: Module>(depth: u32, module: M) -> Vec<String> {
    let design = design_of(module);
    let options = Options { depth, ..Options::default() };
    let only_said = ["chosen", "came", "went", "kept"];
    let of_state = |change: &Change| match change {
        Change::StickCase { register, .. } | Change::DropCase { register, .. } => {
            let name = &design.top().registers[register.index()].name;
            let past = name.contains("past_valid") || name.contains("_q1");
            !past && !only_said.contains(&name.as_str())
        }
        Change::StickWrite { .. } | Change::DropWrite { .. } => true,
        _ => false,
    };
    let mutations: Vec<_> =
        design.mutations().into_iter().filter(|m| of_state(&m.change)).collect();
    assert!(mutations.len() >= 10, "{} mutants", mutations.len());
    let survived = mutations.iter().filter(|mutation| {
        let report = prove(&mutation.apply(&design), &options).expect("a mutant is valid");
        report.succeeded()
    });
    survived.map(|m| m.description.clone()).collect()
}

#[test]
fn mutants_of_handshakes_fail() {
    let handshake = Handshake { of: unsigned(1), from: MAIN, to: FAST };
    insta::assert_debug_snapshot!(survivors(12, HandshakeOrder(handshake)), @"[]");
}

#[test]
fn mutants_of_fifos_fail() {
    let fifo = AsyncFifo { of: unsigned(1), depth: 2, from: MAIN, to: FAST };
    insta::assert_debug_snapshot!(survivors(12, AsyncFifoOrder(fifo)), @"[]");
}

/// One edge: of which clock, and whether a word is offered and taken at it.
type Edge = (bool, bool, bool);

/// Passes words through and compares each with what went in; how many came out.
fn passed(design: &Design, ends: [&str; 2], edges: &[Edge]) -> usize {
    let mut interp = Interp::new(design, Undefined::Random(7));
    let port = |end: usize, part: &str| {
        let name = format!("{}_{part}", ends[end]);
        design.top().find_port(&name).unwrap_or_else(|| panic!("no port `{name}`"))
    };
    let domain = |name: &str| {
        let found = design.top().domains.iter().position(|d| d.name == name);
        DomainId(found.unwrap_or_else(|| panic!("no domain `{name}`")) as u32)
    };
    let (slow, fast) = (domain(""), domain("fast"));
    for reset in [true, false] {
        [slow, fast].iter().for_each(|d| interp.set_reset(*d, reset));
        [slow, fast].iter().for_each(|d| interp.step(*d));
    }
    let (mut inside, mut came, mut went) = (VecDeque::new(), 0u64, 0);
    for (is_fast, offered, taken) in edges {
        let word = (came * 7 + 3) % 16;
        interp.set_u64(port(0, "valid"), u64::from(*offered));
        interp.set_u64(port(0, "payload"), word);
        interp.set_u64(port(1, "ready"), u64::from(*taken));
        if !is_fast && *offered && interp.get_u64(port(0, "ready")) == 1 {
            inside.push_back(word);
            came += 1;
        }
        if *is_fast && *taken && interp.get_u64(port(1, "valid")) == 1 {
            assert_eq!(Some(interp.get_u64(port(1, "payload"))), inside.pop_front());
            went += 1;
        }
        interp.step(if *is_fast { fast } else { slow });
    }
    assert_eq!(interp.take_violations(), []);
    went
}

/// Edges of two clocks of this ratio.
fn edges(of_ten_fast: u32) -> impl Strategy<Value = Vec<Edge>> {
    let edge = (prop::bool::weighted(f64::from(of_ten_fast) / 10.0), any::<bool>(), any::<bool>());
    proptest::collection::vec(edge, 600)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn words_pass_in_order(edges in (1u32..10).prop_flat_map(edges)) {
        let handshake = Handshake { of: unsigned(4), from: MAIN, to: FAST };
        prop_assert!(passed(&design_of(handshake), ["send", "receive"], &edges) > 0);
        let fifo = AsyncFifo { of: unsigned(4), depth: 4, from: MAIN, to: FAST };
        prop_assert!(passed(&design_of(fifo), ["push", "pop"], &edges) > 0);
    }
}
