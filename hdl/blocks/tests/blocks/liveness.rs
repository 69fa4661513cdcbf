//! Runs without end: who requests is served, what comes leaves; and what refutes it.

use crate::common::proved;
use insta::assert_snapshot;
use olivine_blocks::order::assert_leaves;
use olivine_blocks::{Fifo, RoundRobin, RoundRobinPorts, SkidBuffer, SkidBufferPorts};
use olivine_formal::{Options, Verdict, prove};
use olivine_lang::prelude::*;

/// An arbiter whose requesters go on requesting until they are served.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Served<M>(M, u32);

impl Module for Served<RoundRobin> {
    type Ports = RoundRobinPorts;

    fn ports(&self) -> RoundRobinPorts {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: RoundRobinPorts) {
        let arbiter = instance(self.0.clone(), "arbiter");
        arbiter.requests.drive(p.requests);
        arbiter.taken.drive(p.taken);
        p.grants.drive(arbiter.grants);
        p.granted.drive(arbiter.granted);
        serves_all(self.1, p.requests, p.grants, p.taken);
    }
}

#[named]
fn serves_all(n: u32, requests: Unsigned, grants: Unsigned, taken: Bit) {
    let chosen = reg(unsigned(index_width(n as usize)));
    chosen.set(chosen);
    let mine = |bits: Unsigned| select(chosen, &bits.bits());
    let (request, served) = (mine(requests), mine(grants) & taken);
    assume("who requests goes on until it is served", implies_next(request & !served, request));
    assume_again("a grant is taken", taken);
    answered("every request is served", request, served);
}

#[test]
fn round_robin_serves_everybody() {
    for n in [2, 4] {
        proved(Served(RoundRobin { n }, n));
    }
}

/// A FIFO whose consumer is ready again and again.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Leaves<M>(M, usize);

impl Module for Leaves<SkidBuffer<Unsigned>> {
    type Ports = SkidBufferPorts<Unsigned>;

    fn ports(&self) -> Self::Ports {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: Self::Ports) {
        let block = instance(self.0.clone(), "block");
        connect(p.push, block.push);
        connect(block.pop, p.pop);
        assume_again("the consumer is ready", p.pop.ready);
        assert_leaves(p.push, p.pop, self.1);
    }
}

impl Module for Leaves<Fifo<Unsigned>> {
    type Ports = olivine_blocks::FifoPorts<Unsigned>;

    fn ports(&self) -> Self::Ports {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: Self::Ports) {
        let block = instance(self.0.clone(), "block");
        connect(p.push, block.push);
        connect(block.pop, p.pop);
        p.level.drive(block.level);
        assume_again("the consumer is ready", p.pop.ready);
        assert_leaves(p.push, p.pop, self.1);
    }
}

#[test]
fn what_comes_leaves() {
    proved(Leaves(SkidBuffer { of: unsigned(2) }, 2));
    for depth in [2, 4] {
        proved(Leaves(Fifo { of: unsigned(2), depth }, depth));
    }
}

/// Whoever has the lower number is first, for ever.
#[module]
fn LowestFirst() {
    let requests: In<Unsigned> = unsigned(2);
    let taken: In<Bit> = bit();
    let grants: Out<Unsigned> = unsigned(2);
    let (low, high) = (requests.bit(0), requests.bit(1));
    grants.drive(cat((low, high & !low)));
    assume("the higher goes on until it is served", {
        implies_next(high & !(grants.bit(1) & taken), high)
    });
    assume_again("a grant is taken", taken);
    answered("the higher is served", high, grants.bit(1) & taken);
}

/// The loop in which the lower requests for ever is drawn, and replays from its data.
#[test]
fn a_fixed_precedence_starves() {
    let design = elaborate(LowestFirst).unwrap_or_else(|faults| panic!("{faults}"));
    let report = prove(&design, &Options::default()).unwrap_or_else(|faults| panic!("{faults}"));
    let Verdict::Violated(run) = &report.rows[0].verdict else { panic!("{report}") };
    let from = run.stimulus.repeats_from.expect("it ends in a loop");
    let replay = run.stimulus.replay(&design).expect("it is of this design");
    assert!(replay.confirmed());
    assert_snapshot!(run.trace, @r"
    cycle     0   1   2
    clk       /‾\_/‾\_/‾\_
    loop      ________/‾‾‾
    rst       ‾‾‾‾\_______
    requests  X 0 X 2 X 3
    taken     ________/‾‾‾
    grants    X 0 X 2 X 1
    reg_v2    ________/‾‾‾
    ");
    // Without the request of the lower in the loop the higher is served, and nothing is shown.
    let mut other = run.stimulus.clone();
    for cycle in &mut other.cycles[from..] {
        let lower = cycle.inputs.iter_mut().find(|input| input.port == "requests");
        lower.expect("it is a port").value = Bits::new(2, 2);
    }
    assert!(!other.replay(&design).expect("it still fits").confirmed());
}
