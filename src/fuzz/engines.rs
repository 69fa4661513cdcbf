//! One design on several engines.

use super::random_value;
use super::siblings::siblings;
use olivine_cosim::{BuildError, Effort, Model};
use olivine_formal::{Report, Verdict, prove};
use olivine_interp::{Engine, Interp, Undefined, undefined_bits};
use olivine_netlist::{Design, Direction, DomainId, PortId, PropertyKind};
use olivine_sim::{Compiled, Lockstep, Tier, Tuning};
use std::collections::BTreeMap;
use std::time::Duration;

/// What was compared.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub edges: u64,
    pub verdicts: u64,
    pub violated: u64,
}

/// Edges of a comparison of simulators, of simulation and proof, and in Verilator.
const EDGES: u64 = 24;
const SAMPLES: u64 = 6;
const VERILATOR_EDGES: u64 = 200;

/// What engines say differently of a design; nothing if they agree. For the files of a corpus.
pub fn check(design: &Design, seed: u64) -> Option<String> {
    against_simulators(design, design, seed, &mut Counts::default())
}

/// Interpreter of `meaning` against the other engines on `tested`, which is the same design unless a
/// fault is planted.
pub(super) fn against_simulators(
    meaning: &Design,
    tested: &Design,
    seed: u64,
    counts: &mut Counts,
) -> Option<String> {
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        for (vector_lanes, least_body) in [(2, 1), (6, 12)] {
            let tuning = Tuning { vector_lanes, least_body, tier: Some(tier), ..Tuning::default() };
            let difference = lockstep(meaning, tested, seed, tuning, counts);
            if difference.is_some() {
                return difference;
            }
        }
    }
    against_proof(meaning, tested, seed, counts)
}

fn lockstep(
    meaning: &Design,
    tested: &Design,
    seed: u64,
    tuning: Tuning,
    counts: &mut Counts,
) -> Option<String> {
    let undefined = if seed.is_multiple_of(4) { Undefined::Zero } else { Undefined::Random(seed) };
    let interp = Interp::new(meaning, undefined);
    let compiled = Compiled::tuned(tested, undefined, tuning);
    let mut both = Lockstep::new(interp, compiled).with_violations().keep_going();
    let domains = both.interface().domains.len() as u64;
    for cycle in 0..EDGES {
        // Quiet cycles let parts of a design stand still.
        if !choice(seed, cycle / 3, "quiet").is_multiple_of(3) {
            drive(&mut both, seed, cycle);
        }
        let domain = DomainId((choice(seed, cycle, "domain") % domains.max(1)) as u32);
        if domains > 0 {
            both.set_reset(domain, choice(seed, cycle, "reset").is_multiple_of(8));
            // Asynchronous resets have acted already.
            both.compare();
            both.step(domain);
        }
        both.compare();
        counts.edges += 1;
        if let Some(difference) = both.difference() {
            return Some(difference.to_string());
        }
    }
    None
}

fn choice(seed: u64, cycle: u64, what: &str) -> u64 {
    undefined_bits(seed, what, cycle, 64).low_u64()
}

fn drive(engine: &mut dyn Engine, seed: u64, cycle: u64) {
    for index in 0..engine.interface().ports.len() {
        let port = &engine.interface().ports[index];
        if port.direction == Direction::Input {
            let value = random_value(seed, &port.name.clone(), cycle, port.width);
            engine.set(PortId(index as u32), &value);
        }
    }
}

/// A run of the interpreter is one of the runs that the proof speaks of: what it violates is not
/// proved, nor bounded beyond it.
fn against_proof(
    meaning: &Design,
    tested: &Design,
    seed: u64,
    counts: &mut Counts,
) -> Option<String> {
    let options = olivine_formal::Options {
        depth: SAMPLES as u32,
        time_limit: Some(Duration::from_millis(300)),
        memory_bits_max: 1 << 10,
        gates_max: 50_000,
        ..olivine_formal::Options::default()
    };
    if meaning.modules.iter().all(|m| m.properties.is_empty()) {
        return None;
    }
    let report = prove(tested, &options).ok()?;
    counts.verdicts += report.rows.len() as u64;
    let violated = violated(meaning, seed);
    counts.violated += violated.len() as u64;
    violated.iter().find_map(|(path, sample)| contradiction(&report, path, *sample))
}

/// The assertions that a random run violates before it breaks an assumption, with the first sample
/// in which it does.
fn violated(design: &Design, seed: u64) -> BTreeMap<String, u64> {
    let mut engine = Interp::new(design, Undefined::Random(seed));
    let domains: Vec<DomainId> = (0..design.top().domains.len() as u32).map(DomainId).collect();
    for domain in &domains {
        engine.set_reset(*domain, true);
    }
    for domain in &domains {
        engine.step(*domain);
    }
    for domain in &domains {
        engine.set_reset(*domain, false);
    }
    engine.take_violations();
    let mut found = BTreeMap::new();
    for sample in 0..SAMPLES {
        drive(&mut engine, seed, sample);
        if domains.is_empty() {
            break;
        }
        let chosen = choice(seed, sample, "sampled") as usize % domains.len();
        engine.step(domains[chosen]);
        let violations = engine.take_violations();
        if violations.iter().any(|v| v.kind == PropertyKind::Assume) {
            break;
        }
        for violation in violations {
            found.entry(violation.path).or_insert(sample);
        }
    }
    found
}

/// What the report says that a violation in this sample contradicts.
fn contradiction(report: &Report, path: &str, sample: u64) -> Option<String> {
    let Some(row) = report.row(path) else {
        return Some(format!("simulation violates `{path}`, which the proof does not know"));
    };
    let wrong = match &row.verdict {
        Verdict::Proved { .. } => true,
        Verdict::Bounded { depth } | Verdict::Unknown { depth, .. } => u64::from(*depth) > sample,
        Verdict::Vacuous { samples } => u64::from(*samples) <= sample,
        Verdict::Violated(_) | Verdict::Reached(_) => false,
    };
    wrong.then(|| format!("simulation violates `{path}` in sample {sample}; the proof says: {row}"))
}

/// Designs in one Verilator model against the interpreter; the designs that differ, by place.
pub(super) fn against_verilator(
    designs: &[Design],
    seed: u64,
) -> Result<Vec<(usize, String)>, BuildError> {
    let all = siblings(designs);
    let options = olivine_cosim::Options { effort: Effort::Quick, ..Default::default() };
    let mut model = Model::build(&all, &options)?.start();
    let mut meaning = Interp::new(&all, Undefined::Zero);
    let ports = meaning.interface().ports.clone();
    let domains = all.top().domains.len() as u64;
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    for edge in 0..VERILATOR_EDGES {
        drive(&mut meaning, seed, edge);
        drive(&mut model, seed, edge);
        for (index, port) in ports.iter().enumerate() {
            let id = PortId(index as u32);
            let (expected, given) = (meaning.get(id), model.get(id));
            if expected != given {
                let (name, told) =
                    (&port.name, format!("{expected} expected, {given} in Verilator"));
                let number = name[1..].split('_').next().and_then(|n| n.parse().ok());
                found
                    .entry(number.unwrap_or(0))
                    .or_insert(format!("edge {edge}: `{name}`: {told}"));
            }
        }
        if domains > 0 {
            let domain = DomainId((choice(seed, edge, "domain") % domains) as u32);
            let active = choice(seed, edge, "reset").is_multiple_of(8);
            meaning.set_reset(domain, active);
            model.set_reset(domain, active);
            meaning.step(domain);
            model.step(domain);
        }
    }
    Ok(found.into_iter().collect())
}
