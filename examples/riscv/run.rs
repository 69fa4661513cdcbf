//! A system that runs until its program ends.

use crate::processor::{System, SystemPorts};
use olivine::prelude::*;

/// What a run gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub printed: Vec<u8>,
    pub cycles: u64,
    pub retired: u64,
    /// The addresses of the first instructions that retired.
    pub addresses: Vec<u32>,
    pub trapped: bool,
}

/// How many addresses a [`Run`] keeps.
const KEPT: usize = 10_000;

/// Runs until the core halts, at most `limit` cycles.
pub fn run(bench: &mut Bench<System>, limit: u64) -> Run {
    let mut run =
        Run { printed: vec![], cycles: 0, retired: 0, addresses: vec![], trapped: false };
    let mut halted = false;
    while !halted && run.cycles < limit {
        bench.run(1, |p, _| halted = observe(p, &mut run));
        run.cycles += 1;
    }
    run
}

/// Notes what a cycle shows; whether the core has halted.
fn observe(p: &SystemPorts, run: &mut Run) -> bool {
    if p.printed.valid.peek() == 1 {
        run.printed.push(p.printed.byte.peek() as u8);
    }
    if p.retired.valid.peek() == 1 {
        run.retired += 1;
        if run.addresses.len() < KEPT {
            run.addresses.push(p.retired.address.peek() as u32);
        }
    }
    run.trapped = p.trapped.peek() == 1;
    p.halted.peek() == 1
}
