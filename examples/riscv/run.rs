//! A system that runs until its program ends.

use crate::processor::System;
use olivine::interp::{Engine, Undefined};
use olivine::netlist::{DomainId, PortId};
use olivine::prelude::*;
use olivine::sim::Compiled;

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

const CLOCK: DomainId = DomainId(0);

/// Runs until the core halts, at most `limit` cycles.
///
/// # Panics
/// If a property of the core is violated.
pub fn run(system: System, limit: u64) -> Run {
    let design = elaborate(system).unwrap_or_else(|faults| panic!("{faults}"));
    let mut engine = Compiled::new(&design, Undefined::Random(1));
    let port = |name: &str| engine.interface().find(name).expect("a port of the system");
    let ports = ["printed_valid", "printed_byte", "retired_valid", "retired_address", "halted"];
    let [print, byte, retires, address, halted] = ports.map(port);
    let trapped = port("trapped");
    engine.set_reset(CLOCK, true);
    engine.step(CLOCK);
    engine.set_reset(CLOCK, false);
    let mut run = Run { printed: vec![], cycles: 0, retired: 0, addresses: vec![], trapped: false };
    let holds = |engine: &mut Compiled, port: PortId| engine.get_u64(port) == 1;
    while run.cycles < limit && !holds(&mut engine, halted) {
        if holds(&mut engine, print) {
            run.printed.push(engine.get_u64(byte) as u8);
        }
        if holds(&mut engine, retires) {
            run.retired += 1;
            if run.addresses.len() < KEPT {
                run.addresses.push(engine.get_u64(address) as u32);
            }
        }
        engine.step(CLOCK);
        run.cycles += 1;
    }
    run.trapped = holds(&mut engine, trapped);
    let violations = engine.take_violations();
    assert!(violations.is_empty(), "{violations:?}");
    run
}
