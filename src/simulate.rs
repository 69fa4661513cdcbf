//! A design under random stimulus, on any engine: what `olivine sim` runs.

use olivine_interp::{Engine, Snapshot, VIOLATIONS_MAX, Violation, undefined_bits};
use olivine_netlist::{Bits, Direction, DomainId, PortId, PropertyKind};
use olivine_trace::Trace;
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::io;

/// How a run goes.
#[derive(Clone, Copy, Debug)]
pub struct Run {
    /// Cycles after reset.
    pub cycles: u64,
    /// Seed of the stimulus.
    pub seed: u64,
    /// How many cycles to keep in the trace.
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
    /// Cycles of everything that the engine observes: around the first assertion that is violated
    /// where the engine has snapshots, else the last.
    pub trace: Trace,
    /// The cycle of the trace's first row.
    pub trace_start: u64,
}

/// Resets the design for one cycle of every domain, then gives every input a new random value in
/// every cycle: the value of input `p` in cycle `c` is a function of seed, `p` and `c` alone.
///
/// Signals are looked at in the cycles of the trace alone. If that is not the end of the run, the
/// engine goes back to a snapshot of before and runs again.
pub fn simulate(engine: &mut dyn Engine, run: Run) -> Outcome {
    simulate_with(engine, run, &mut |_| Ok(())).expect("nothing is written")
}

/// As [`simulate`], and hands on the values of all signals in every cycle, for a waveform file.
///
/// # Errors
/// Those of `each`.
pub fn simulate_each(
    engine: &mut dyn Engine,
    run: Run,
    each: &mut dyn FnMut(&[Bits]) -> io::Result<()>,
) -> io::Result<Outcome> {
    simulate_with(engine, run, &mut |engine| each(&row(engine)))
}

fn simulate_with(
    engine: &mut dyn Engine,
    run: Run,
    look: &mut dyn FnMut(&mut dyn Engine) -> io::Result<()>,
) -> io::Result<Outcome> {
    let domains = engine.interface().domains.len() as u32;
    let mut trace = Trace { signals: engine.signals().to_vec(), cycles: Vec::new() };
    let (mut digest, mut violations) = (Sha256::new(), Vec::new());
    let mut checkpoints = Checkpoints::default();
    reset(engine);
    for cycle in 0..run.cycles {
        if cycle.is_multiple_of(APART) {
            take_violations(engine, &mut violations);
            if first_assert(&violations).is_none() {
                checkpoints.add(engine, cycle, run.keep);
            }
        }
        drive(engine, run.seed, cycle);
        look(engine)?;
        digest_outputs(engine, &mut digest);
        if cycle + run.keep as u64 >= run.cycles {
            trace.cycles.push(row(engine));
        }
        each_domain(domains, |d| engine.step(d));
    }
    take_violations(engine, &mut violations);
    let mut trace_start = run.cycles - trace.cycles.len() as u64;
    if let Some(edge) = first_assert(&violations) {
        // The domains' edges of reset come first.
        let failing = edge / u64::from(domains) - 1;
        if failing < trace_start
            && let Some((start, rows)) = checkpoints.replay(engine, run, failing)
        {
            (trace_start, trace.cycles) = (start, rows);
        }
    }
    let outputs_digest = hex(&digest.finalize());
    Ok(Outcome { outputs_digest, violations, trace, trace_start })
}

/// The values of all signals.
fn row(engine: &mut dyn Engine) -> Vec<Bits> {
    (0..engine.signals().len()).map(|signal| engine.read(signal)).collect()
}

fn take_violations(engine: &mut dyn Engine, into: &mut Vec<Violation>) {
    let room = VIOLATIONS_MAX - into.len();
    into.extend(engine.take_violations().into_iter().take(room));
}

/// The edge before which an assertion did not hold first, unless an assumption did not before.
fn first_assert(violations: &[Violation]) -> Option<u64> {
    violations.first().filter(|v| v.kind == PropertyKind::Assert).map(|v| v.cycle)
}

/// Cycles from one snapshot to the next.
const APART: u64 = 4096;

/// Cycles that a trace shows after the one of its violation.
const AFTER: u64 = 2;

/// Snapshots by cycle; as many as a trace may go back.
#[derive(Default)]
struct Checkpoints(VecDeque<(u64, Snapshot)>);

impl Checkpoints {
    fn add(&mut self, engine: &dyn Engine, cycle: u64, keep: usize) {
        // An engine without snapshots has its last cycles to show.
        self.0.extend(engine.snapshot().ok().map(|snapshot| (cycle, snapshot)));
        if self.0.len() > keep.div_ceil(APART as usize) + 1 {
            self.0.pop_front();
        }
    }

    /// The cycles up to shortly after a failing one, run again, and the first of them.
    fn replay(
        &self,
        engine: &mut dyn Engine,
        run: Run,
        failing: u64,
    ) -> Option<(u64, Vec<Vec<Bits>>)> {
        let end = (failing + 1 + AFTER).min(run.cycles);
        let wanted = end.saturating_sub(run.keep as u64);
        let before = self.0.iter().rev().find(|(cycle, _)| *cycle <= wanted);
        let (from, snapshot) = before.or(self.0.front())?;
        engine.restore(snapshot).ok()?;
        let domains = engine.interface().domains.len() as u32;
        let mut rows = Vec::new();
        for cycle in *from..end {
            drive(engine, run.seed, cycle);
            if cycle >= wanted {
                rows.push(row(engine));
            }
            each_domain(domains, |d| engine.step(d));
        }
        engine.take_violations();
        Some((end - rows.len() as u64, rows))
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
