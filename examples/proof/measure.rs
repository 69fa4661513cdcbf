//! One engine on one task.

use olivine::formal::{
    EXTERNAL_ENGINES, Engine, ExternalEngine, Options, Report, Row, Start, Verdict,
    external_engine, prove, prove_by,
};
use olivine::netlist::{Design, PropertyKind};
use serde::Serialize;
use std::time::{Duration, Instant};

/// What is to be proved.
pub struct Task {
    pub name: String,
    /// One, or cases that are each proved by itself and together are all.
    pub designs: Vec<Design>,
    pub start: Start,
}

/// How much more time all cases of a task have together than one has.
pub const CASES: u32 = 5;

#[derive(Serialize)]
pub struct Measured {
    pub task: String,
    pub engine: String,
    pub verdict: String,
    pub seconds: f64,
    pub certified: bool,
    pub certify_seconds: f64,
    /// Why it is open, if it is.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// The worst of all verdicts.
fn verdict(report: &Report) -> &'static str {
    let word = |row: &Row| match row.verdict {
        Verdict::Proved { .. } => "Proved",
        Verdict::Reached(_) => "Reached",
        Verdict::Violated(_) => "Violated",
        Verdict::Vacuous { .. } => "Vacuous",
        Verdict::Bounded { .. } => "Bounded",
        Verdict::Unknown { .. } => "Unknown",
    };
    let words: Vec<&str> = report.rows.iter().map(word).collect();
    let worst = ["Violated", "Vacuous", "Unknown", "Bounded", "Proved"];
    worst.into_iter().find(|w| words.contains(w)).unwrap_or("Reached")
}

/// Checks each certificate once; whether all hold.
fn certified(design: &Design, report: &Report) -> bool {
    let mut checked = Vec::new();
    for row in &report.rows {
        if let Verdict::Proved { certificate, .. } = &row.verdict
            && !checked.contains(&certificate)
        {
            if let Err(why) = certificate.check(design, Some(Duration::from_secs(600))) {
                eprintln!("{}: {why}", row.property);
                return false;
            }
            checked.push(certificate);
        }
    }
    !checked.is_empty()
}

/// Who proves.
pub enum Prover {
    Ours(Engine),
    Peer(Box<dyn ExternalEngine>),
}

/// The engines that are wanted; a peer that is not there is told.
pub fn provers(wanted: Option<&str>, ours: &[Engine]) -> Vec<(&'static str, Prover)> {
    let is_wanted = |name: &str| wanted.is_none_or(|w| w.split(',').any(|one| one == name));
    let ours = Engine::NAMED.into_iter().filter(|(_, engine)| ours.contains(engine));
    let mut all: Vec<_> = ours.map(|(name, engine)| (name, Prover::Ours(engine))).collect();
    all.retain(|(name, _)| is_wanted(name));
    for name in EXTERNAL_ENGINES.into_iter().filter(|name| is_wanted(name)) {
        match external_engine(name) {
            Some(Ok(peer)) => all.push((name, Prover::Peer(peer))),
            Some(Err(missing)) => eprintln!("without a peer: {missing}"),
            None => {}
        }
    }
    all
}

/// Why something is open.
fn why(report: &Report) -> String {
    let open = report.rows.iter().find_map(|row| match &row.verdict {
        Verdict::Unknown { reason, .. } => Some(reason.clone()),
        _ => None,
    });
    open.unwrap_or_default()
}

/// One case.
fn measure_case(task: &Task, case: usize, prover: &Prover, limit: Duration) -> Measured {
    let design = &task.designs[case];
    let options = Options { time_limit: Some(limit), start: task.start, ..Options::default() };
    let report = match prover {
        Prover::Ours(engine) => prove(design, &Options { engine: *engine, ..options }),
        // It is asked about the assertions alone, and what placed modules assume.
        Prover::Peer(peer) => prove_by(peer.as_ref(), design, &options).map(|mut report| {
            let safe = |kind| matches!(kind, PropertyKind::Assert | PropertyKind::Assume);
            report.rows.retain(|row| safe(row.kind));
            report
        }),
    };
    let report = report.unwrap_or_else(|faults| panic!("{faults}"));
    let begin = Instant::now();
    let verdict = verdict(&report);
    let certified = verdict == "Proved" && certified(design, &report);
    // A peer's time is its own, without the checking and replaying that we do.
    let seconds = match prover {
        Prover::Ours(_) => report.elapsed,
        Prover::Peer(_) => report.rows.iter().map(|row| row.elapsed).max().unwrap_or_default(),
    };
    Measured {
        task: task.name.clone(),
        engine: String::new(),
        verdict: verdict.to_string(),
        seconds: seconds.as_secs_f64(),
        certified,
        certify_seconds: begin.elapsed().as_secs_f64(),
        why: why(&report),
    }
}

/// The task, up to the first case that is not proved with a certificate that holds. Each case has
/// the limit, all together [`CASES`] times that.
pub fn measure(task: &Task, name: &str, prover: &Prover, limit: Duration) -> Measured {
    let number = task.designs.len();
    let whole = if number == 1 { limit } else { limit * CASES };
    let (mut seconds, mut certify_seconds) = (0.0, 0.0);
    for case in 0..number {
        let left = whole.saturating_sub(Duration::from_secs_f64(seconds));
        let one = measure_case(task, case, prover, limit.min(left));
        seconds += one.seconds;
        certify_seconds += one.certify_seconds;
        if one.certified && case + 1 < number {
            continue;
        }
        let why = match number {
            2.. if !one.certified => format!("case {case} of {number}: {}", one.why),
            _ => one.why,
        };
        return Measured { engine: name.to_string(), seconds, certify_seconds, why, ..one };
    }
    panic!("`{}` has no case", task.name)
}
