//! A design under random stimulus, on any engine: what `olivine sim` runs.

use olivine_interp::{Engine, Violation, undefined_bits};
use olivine_netlist::{Bits, Direction, DomainId, PortId};
use olivine_trace::{Signal, Trace};
use sha2::{Digest, Sha256};

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Cycles after reset.
    pub cycles: u64,
    /// Seed of the stimulus.
    pub seed: u64,
    /// How many of the last cycles to keep in the trace.
    pub keep: usize,
}

/// What a run showed.
#[derive(Debug)]
pub struct Outcome {
    /// SHA-256 over the values of all outputs in every cycle, in port order: equal runs on equal
    /// designs give equal digests on every engine.
    pub outputs_digest: String,
    /// Violated properties, in order.
    pub violations: Vec<Violation>,
    /// The last cycles of everything that the engine observes.
    pub trace: Trace,
    /// The cycle of the trace's first row.
    pub trace_start: u64,
}

/// Resets the design for one cycle of every domain, then gives every input a new random value in
/// every cycle: the value of input `p` in cycle `c` is a function of seed, `p` and `c` alone.
pub fn simulate(engine: &mut dyn Engine, run: Run) -> Outcome {
    let domains = engine.interface().domains.len() as u32;
    let signals: Vec<Signal> = engine.signals().to_vec();
    let mut trace = Trace { signals, cycles: Vec::new() };
    let mut digest = Sha256::new();
    reset(engine);
    for cycle in 0..run.cycles {
        drive(engine, run.seed, cycle);
        digest_outputs(engine, &mut digest);
        if cycle + run.keep as u64 >= run.cycles {
            let row: Vec<Bits> = (0..trace.signals.len()).map(|s| engine.read(s)).collect();
            trace.cycles.push(row);
        }
        each_domain(domains, |d| engine.step(d));
    }
    Outcome {
        outputs_digest: hex(&digest.finalize()),
        violations: engine.take_violations(),
        trace_start: run.cycles - trace.cycles.len() as u64,
        trace,
    }
}

/// One cycle of every domain with its reset active.
pub(crate) fn reset(engine: &mut dyn Engine) {
    let domains = engine.interface().domains.len() as u32;
    each_domain(domains, |d| engine.set_reset(d, true));
    each_domain(domains, |d| engine.step(d));
    each_domain(domains, |d| engine.set_reset(d, false));
}

pub(crate) fn each_domain(domains: u32, visit: impl FnMut(DomainId)) {
    (0..domains).map(DomainId).for_each(visit);
}

pub(crate) fn ports(engine: &dyn Engine, direction: Direction) -> Vec<(PortId, String, u32)> {
    let ports = engine.interface().ports.iter().enumerate();
    let wanted = ports.filter(|(_, p)| p.direction == direction);
    wanted.map(|(i, p)| (PortId(i as u32), p.name.clone(), p.width)).collect()
}

pub(crate) fn drive(engine: &mut dyn Engine, seed: u64, cycle: u64) {
    for (port, name, width) in ports(engine, Direction::Input) {
        engine.set(port, &undefined_bits(seed, &name, cycle, width));
    }
}

fn digest_outputs(engine: &mut dyn Engine, digest: &mut Sha256) {
    for (port, _, _) in ports(engine, Direction::Output) {
        for word in engine.get(port).words() {
            digest.update(word.to_le_bytes());
        }
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
