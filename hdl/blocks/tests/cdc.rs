//! The contracts of the clock-domain crossings, proved without bound over every order of edges, and
//! mutants whose proofs must fail.

use olivine_blocks::cdc::{
    AsyncFifo, AsyncFifoOrder, Handshake, HandshakeOrder, ResetSynchronizer, Synchronizer,
};
use olivine_formal::{Options, prove};
use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::{Domain, Module, elaborate, unsigned};
use olivine_netlist::{Change, Design, DomainId, Op, ValueId};
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
    for depth in [2, 4, 8] {
        proved_to(20, AsyncFifoOrder(AsyncFifo { of: unsigned(4), depth, from: MAIN, to: FAST }));
    }
}

/// Sends and receives at edges in this order; what came out must be what went in.
fn run(design: &Design, edges: &[(bool, bool, bool)]) -> (usize, usize) {
    let mut interp = Interp::new(design, Undefined::Random(7));
    let port = |name: &str| design.top().find_port(name).unwrap_or_else(|| panic!("no `{name}`"));
    let side = |names: [&str; 2], part: &str| {
        let found = names.iter().find_map(|n| design.top().find_port(&format!("{n}_{part}")));
        found.unwrap_or_else(|| panic!("no `{part}` of {names:?}"))
    };
    assert_eq!(port("rst_less_inputs_are_no_ports").index(), usize::MAX);
    let (input, output) = (["send", "push"], ["receive", "pop"]);
    let (valid, ready) = (side(input, "valid"), side(input, "ready"));
    let (out_valid, out_ready) = (side(output, "valid"), side(output, "ready"));
    let (data, out_data) = (side(input, "payload"), side(output, "payload"));
    let (mut inside, mut sent, mut received) = (VecDeque::new(), 0, 0);
    for (fast, offer, take) in edges {
        interp.set_u64(valid, u64::from(*offer));
        interp.set_u64(data, sent as u64 * 7 + 3 & 15);
        interp.set_u64(out_ready, u64::from(*take));
        if !fast && *offer && interp.get_u64(ready) == 1 {
            inside.push_back(sent as u64 * 7 + 3 & 15);
            sent += 1;
        }
        if *fast && *take && interp.get_u64(out_valid) == 1 {
            assert_eq!(Some(interp.get_u64(out_data)), inside.pop_front());
            received += 1;
        }
        interp.step(DomainId(u32::from(*fast)));
    }
    assert_eq!(interp.take_violations(), []);
    (sent, received)
}
