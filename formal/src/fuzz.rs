//! Verdicts on small designs, held against visiting every state: `olivine fuzz --proofs`.
//!
//! Nothing of the engines is used to find the answer: no gates, no clauses, no solver. What is
//! proved has to have a certificate that the checker takes, and of what is wrong it may take none.

pub mod explicit;
pub mod machine;

use crate::certificate::{Certificate, Evidence};
use crate::options::{Engine, Options, Start};
use crate::prove::prove;
use crate::report::{Row, Verdict};
use explicit::{Answer, Endless, Explicit};
use olivine_netlist::{Design, PropertyKind};

/// Most bits of state and of input of a design whose states are all visited.
pub const STATE_BITS: u32 = 6;
/// As [`STATE_BITS`], of input.
pub const INPUT_BITS: u32 = 5;

/// Runs that visit no state twice are not longer: every engine that is given this depth decides.
pub const DEPTH: u32 = (1 << STATE_BITS) + 2;

/// Samples up to which contradictory assumptions are looked for where a proof needs fewer.
const LEGAL_SAMPLES: u32 = 8;

/// The number of cases of [`options`].
pub const CASES: u32 = 30;

/// Options for case `which` of [`CASES`]: every engine, runs after reset and from power-up, small
/// memories followed by word or not.
pub fn options(which: u32) -> Options {
    let engines = [Engine::Auto, Engine::KInduction, Engine::Pdr, Engine::Sweep, Engine::Track];
    let engine = engines[which as usize % 5];
    let start = if which / 5 % 3 < 2 { Start::AfterReset { edges: 1 } } else { Start::PowerUp };
    let memory_bits_tracked = if (which / 15).is_multiple_of(2) { 0 } else { u64::MAX };
    Options { engine, start, depth: DEPTH, memory_bits_tracked, ..Options::default() }
}

/// The verdicts on a design, each by its word, if visiting every state says the same and the
/// checker takes each certificate. Nothing if the design is too large to be visited
/// ([`Explicit::new`]).
///
/// # Errors
/// The first verdict that is wrong, with the design.
pub fn judge(design: &Design, options: &Options) -> Result<Vec<&'static str>, String> {
    let Some(explicit) = Explicit::new(design, STATE_BITS, INPUT_BITS) else {
        return Ok(Vec::new());
    };
    let answer = explicit.search(options.start, DEPTH);
    let report = prove(design, options).map_err(|faults| faults.to_string())?;
    if report.rows.len() != explicit.targets.len() {
        return Err(format!("{} verdicts\n{report}\n{design}", report.rows.len()));
    }
    let judged = report.rows.iter().enumerate().map(|(i, row)| {
        let certified = certified(design, row, options);
        let told = match answer.live[i] {
            Some(endless) => agrees_without_end(row, endless, &answer, options),
            None => agrees(row, answer.hits[i], &answer, options),
        };
        let told = told.and(certified);
        told.map_err(|why| format!("{why}\n{row}\n{design}"))?;
        Ok(word(row))
    });
    judged.collect()
}

/// The verdict in a word.
pub fn word(row: &Row) -> &'static str {
    match row.verdict {
        Verdict::Proved { .. } if row.kind == PropertyKind::Cover => "unreachable",
        Verdict::Proved { .. } => "proved",
        Verdict::Bounded { .. } => "bounded",
        Verdict::Violated(_) => "violated",
        Verdict::Reached(_) => "reached",
        Verdict::Vacuous { .. } => "vacuous",
        Verdict::Unknown { .. } => "unknown",
    }
}

/// Whether a verdict is what visiting every state found.
fn agrees(row: &Row, hit: Option<u32>, answer: &Answer, options: &Options) -> Result<(), String> {
    let resets = if let Start::AfterReset { edges } = options.start { edges } else { 0 };
    let proofs_alone = finds_no_run(options.engine);
    let right = match (&row.verdict, hit) {
        (Verdict::Violated(run) | Verdict::Reached(run), Some(sample)) => {
            !proofs_alone && run.stimulus.cycles.len() as u32 == resets + sample + 1
        }
        (Verdict::Unknown { .. }, _) if proofs_alone => long(answer),
        (Verdict::Proved { .. }, None) => long(answer),
        // Without a hit whatever the samples, if hits are looked for.
        (Verdict::Vacuous { samples }, hit) => {
            answer.longest == Some(*samples) && (hit.is_none() || proofs_alone)
        }
        _ => false,
    };
    let Answer { longest, .. } = answer;
    right.then_some(()).ok_or_else(|| {
        format!("first hit: {hit:?}, longest run: {longest:?}, {:?}", options.engine)
    })
}

/// The same, of a property of runs without end.
fn agrees_without_end(
    row: &Row,
    endless: Endless,
    answer: &Answer,
    options: &Options,
) -> Result<(), String> {
    let right = match (&row.verdict, endless) {
        (Verdict::Unknown { .. }, _) if finds_no_run(options.engine) => true,
        // The count makes loops longer than the depth that every other property needs.
        (Verdict::Bounded { .. }, Endless::Holds | Endless::NoRun) => {
            options.engine == Engine::KInduction
        }
        (Verdict::Violated(run), Endless::Violated) => run.stimulus.repeats_from.is_some(),
        (Verdict::Proved { .. }, Endless::Holds) => true,
        (Verdict::Vacuous { samples }, Endless::NoRun) => {
            *samples == u32::MAX || answer.longest == Some(*samples)
        }
        _ => false,
    };
    let Answer { longest, .. } = answer;
    right
        .then_some(())
        .ok_or_else(|| format!("{endless:?}, longest run: {longest:?}, {:?}", options.engine))
}

/// Whether an engine proves what it can, and looks for no run.
fn finds_no_run(engine: Engine) -> bool {
    matches!(engine, Engine::Sweep | Engine::Track | Engine::Algebra)
}

/// Whether there are runs as long as anybody looks for contradictions.
fn long(answer: &Answer) -> bool {
    answer.longest.is_none_or(|samples| samples >= LEGAL_SAMPLES)
}

/// What is proved has a certificate that the checker takes; of what is wrong it takes none.
///
/// # Errors
/// What the checker said.
pub fn certified(design: &Design, row: &Row, options: &Options) -> Result<(), String> {
    match &row.verdict {
        Verdict::Proved { certificate, .. } => certificate
            .check(design, None)
            .map_err(|why| format!("refused: {why}\n{certificate:?}")),
        Verdict::Violated(_) | Verdict::Reached(_) => {
            let taken =
                (0..4).find(|&k| untrue(design, row, options, k).check(design, None).is_ok());
            taken.map_or(Ok(()), |k| Err(format!("a certificate with k = {k} is taken")))
        }
        _ => Ok(()),
    }
}

/// A certificate for something that does not hold.
fn untrue(design: &Design, row: &Row, options: &Options, k: u32) -> Certificate {
    let evidence = Evidence::Induction { k, distinct_states: k % 2 == 1 };
    Certificate {
        design: design.digest(),
        start: options.start,
        properties: vec![row.property.clone()],
        evidence: if row.kind == PropertyKind::Live {
            Evidence::Rounds { rounds: k + 1, because: Box::new(evidence) }
        } else {
            evidence
        },
        given: Vec::new(),
    }
}
