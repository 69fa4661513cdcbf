//! The contracts of the clock-domain crossings, proved without bound over every order of edges, and
//! mutants whose proofs must fail.

mod async_reset;
#[path = "../blocks/common.rs"]
mod common;
#[path = "../blocks/survivors.rs"]
mod survivors;
mod two_clocks;

use common::{for_all_cycles, proved, proved_to};
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::cdc::{
    AsyncFifo, AsyncFifoOrder, Handshake, HandshakeOrder, ResetSynchronizer, Synchronizer,
};
use olivine_formal::{Options, prove};
use olivine_lang::{Domain, Module, elaborate, unsigned};
use olivine_netlist::{Change, Design};
use proptest::prelude::*;
use std::collections::VecDeque;
use two_clocks::TwoClocks;

const MAIN: Domain = Domain::MAIN;
const FAST: Domain = Domain::new("fast");

fn design_of<M: Module>(module: M) -> Design {
    elaborate(module).unwrap_or_else(|f| panic!("{f}"))
}

#[test]
fn bits_and_resets() {
    for stages in [2, 3, 4] {
        proved_to(12, Synchronizer { to: FAST, stages });
        proved_to(12, ResetSynchronizer { to: FAST, stages });
    }
}

#[test]
fn bits_come_later() {
    for stages in [2, 4] {
        let golden = || VecDeque::from(vec![false; stages]);
        let module = Synchronizer { to: FAST, stages: stages as u32 };
        for_all_cycles(module, any::<bool>(), golden, |p, row, bit| {
            p.d.poke(bit);
            row.push_back(bit);
            assert_eq!(Some(p.q.peek() == 1), row.pop_front());
        });
    }
    let mut bench = Bench::new(Synchronizer { to: FAST, stages: 2 });
    bench.run(8, |p, cycle| p.d.poke(cycle == 1 || cycle > 3));
    assert_snapshot!("synchronizer_wave", bench.port_wave());
}

#[test]
fn resets_last_longer() {
    for stages in [2, 4] {
        // Edges since the origin gave its reset last; at power-up nobody knows.
        let golden = || None;
        let module = ResetSynchronizer { to: FAST, stages: stages as u32 };
        let raw = proptest::bool::weighted(0.2);
        for_all_cycles(module, raw, golden, |p, quiet: &mut Option<usize>, raw| {
            p.raw.poke(raw);
            *quiet = if raw { Some(0) } else { quiet.map(|edges| edges + 1) };
            if let Some(edges) = *quiet {
                assert_eq!(p.reset.peek() == 1, edges <= stages);
            }
        });
    }
    let mut bench = Bench::new(ResetSynchronizer { to: FAST, stages: 2 });
    bench.run(9, |p, cycle| p.raw.poke(cycle == 3));
    assert_snapshot!("reset_synchronizer_wave", bench.port_wave());
}

#[test]
fn handshakes_keep_the_order() {
    let handshake = Handshake { of: unsigned(4), from: MAIN, to: FAST };
    proved(handshake.clone());
    proved(HandshakeOrder(handshake));
}

#[test]
fn fifos_neither_overflow_nor_underflow() {
    for depth in [2, 4, 8] {
        proved(AsyncFifo { of: unsigned(4), depth, from: MAIN, to: FAST });
    }
}

#[test]
fn fifos_keep_the_order() {
    for depth in [2, 4] {
        proved(AsyncFifoOrder(AsyncFifo { of: unsigned(4), depth, from: MAIN, to: FAST }));
    }
}

/// The mutants of what it keeps (not of what only its properties ask) that are proved all the same.
fn proved_all_the_same<M: Module>(depth: u32, module: M) -> Vec<String> {
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
fn mutants_of_bits_and_resets() {
    let left = survivors::survivors(10, Synchronizer { to: FAST, stages: 2 });
    assert_snapshot!("synchronizer_survivors", left);
    let left = survivors::survivors(10, ResetSynchronizer { to: FAST, stages: 2 });
    assert_snapshot!("reset_synchronizer_survivors", left);
}

#[test]
fn mutants_of_handshakes_fail() {
    let handshake = Handshake { of: unsigned(1), from: MAIN, to: FAST };
    insta::assert_debug_snapshot!(proved_all_the_same(12, HandshakeOrder(handshake)), @"[]");
}

#[test]
fn mutants_of_fifos_fail() {
    let fifo = AsyncFifo { of: unsigned(1), depth: 2, from: MAIN, to: FAST };
    insta::assert_debug_snapshot!(proved_all_the_same(12, AsyncFifoOrder(fifo)), @"[]");
}

/// One edge: of which clock, and whether a word is offered and taken at it.
type Edge = (bool, bool, bool);

/// The words on their way, and how many came.
#[derive(Default)]
struct Golden {
    inside: VecDeque<u64>,
    came: u64,
}

impl Golden {
    /// The word that is offered next.
    fn next(&self) -> u64 {
        (self.came * 7 + 3) % 16
    }

    fn enters(&mut self) {
        self.inside.push_back(self.next());
        self.came += 1;
    }
}

/// Passes words through and compares each with what went in; how many came out.
fn passed(design: &Design, ends: [&str; 2], edges: &[Edge]) -> usize {
    let mut clocks = TwoClocks::new(design);
    let name = |end: usize, part: &str| format!("{}_{part}", ends[end]);
    let (mut golden, mut went) = (Golden::default(), 0);
    for (is_fast, offered, taken) in edges {
        clocks.set(&name(0, "valid"), u64::from(*offered));
        clocks.set(&name(0, "payload"), golden.next());
        clocks.set(&name(1, "ready"), u64::from(*taken));
        if !is_fast && *offered && clocks.get(&name(0, "ready")) == 1 {
            golden.enters();
        }
        if *is_fast && *taken && clocks.get(&name(1, "valid")) == 1 {
            assert_eq!(Some(clocks.get(&name(1, "payload"))), golden.inside.pop_front());
            went += 1;
        }
        clocks.edge(*is_fast);
    }
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

/// Two words, at edges of the fast clock where there is an `f`, of the other where there is not.
fn two_words(design: &Design, ends: [&str; 2], edges: &str) -> String {
    let mut clocks = TwoClocks::new(design);
    let name = |end: usize, part: &str| format!("{}_{part}", ends[end]);
    let mut sent = 0;
    for edge in edges.chars() {
        clocks.set(&name(0, "valid"), u64::from(sent < 2));
        clocks.set(&name(0, "payload"), 5 + sent);
        clocks.set(&name(1, "ready"), 1);
        let is_fast = edge == 'f';
        sent += u64::from(!is_fast && sent < 2) & clocks.get(&name(0, "ready"));
        clocks.edge(is_fast);
    }
    clocks.wave()
}

#[test]
fn waves() {
    let handshake = Handshake { of: unsigned(4), from: MAIN, to: FAST };
    let wave = two_words(&design_of(handshake), ["send", "receive"], "fmffmfmfmfmfmffm");
    assert_snapshot!("handshake_wave", wave);
    let fifo = AsyncFifo { of: unsigned(4), depth: 2, from: MAIN, to: FAST };
    let wave = two_words(&design_of(fifo), ["push", "pop"], "fmffmfmfmfmf");
    assert_snapshot!("async_fifo_wave", wave);
}
