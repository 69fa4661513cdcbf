//! Engines of others, as programs apart: [`prove_by`].
//!
//! They get the system as [`Aiger`] and give an answer, which counts like one of ours: what is
//! said to be proved needs an invariant that the checker takes, and a violation a run that the
//! interpreter confirms.

mod abc;

pub use abc::Abc;

use crate::aiger::{Aiger, Excluded};
use crate::certificate::{Certificate, Evidence};
use crate::options::{Engine, Options, Selection};
use crate::prove::{prove, selected};
use crate::report::{Report, Row, Verdict};
use crate::system::{TransitionSystem, find_property};
use olivine_netlist::{Design, Faults, PropertyId, PropertyKind};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A model checker that is a program apart.
pub trait ExternalEngine {
    /// What it is called, with its version if it tells.
    fn name(&self) -> String;

    /// Whether the output of a system is ever one. It keeps the time itself.
    ///
    /// # Errors
    /// Why it could not be asked.
    fn ask(&self, system: &Aiger, limit: Duration) -> Result<Answered, String>;
}

/// What an external engine says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The output is never one.
    Never {
        /// Latches with values, by their numbers: states that are never reached, which shows it.
        /// `None` if it gives no reason.
        excluded: Option<Vec<Vec<(usize, bool)>>>,
    },
    /// The output is one in this step, counted from 0.
    Once(u32),
    /// It does not know.
    Unknown(String),
}

/// The verdicts of an external engine on the assertions of a design, all of them together; covers
/// and properties of runs without end are left open.
///
/// # Errors
/// As [`prove`].
pub fn prove_by(
    engine: &dyn ExternalEngine,
    design: &Design,
    options: &Options,
) -> Result<Report, Faults> {
    let start = Instant::now();
    let mut rows = selected(design, options)?;
    let flat = design.flatten();
    let asserted = |row: &&mut Row| row.kind == PropertyKind::Assert;
    let names: Vec<String> =
        rows.iter_mut().filter(asserted).map(|row| row.property.clone()).collect();
    let targets: Vec<PropertyId> = names.iter().filter_map(|n| find_property(&flat, n)).collect();
    for row in rows.iter_mut().filter(|row| row.kind != PropertyKind::Assert) {
        row.verdict = unknown(format!("{} is asked about assertions alone", engine.name()));
    }
    if !targets.is_empty() {
        let system = TransitionSystem::new(flat, targets);
        let aiger = Aiger::new(&system, options.start);
        let limit = options.time_limit.unwrap_or(Duration::from_secs(1 << 30));
        // Some have no answer about what is plain.
        let answered = match aiger.is_never() {
            true => Answered::Never { excluded: Some(Vec::new()) },
            false => engine.ask(&aiger, limit).unwrap_or_else(Answered::Unknown),
        };
        let judge = Judge { engine, design, options, aiger: &aiger, names: &names };
        let verdict = judge.verdict(answered);
        let elapsed = start.elapsed();
        for row in rows.iter_mut().filter(asserted) {
            row.elapsed = elapsed;
            row.verdict = match &verdict {
                Some(verdict) => verdict.clone(),
                None => unknown("another assertion is violated".to_string()),
            };
        }
        if verdict.is_none() {
            judge.violations(&mut rows);
        }
    }
    Ok(Report { design: design.top().name.clone(), rows, elapsed: start.elapsed() })
}

fn unknown(reason: String) -> Verdict {
    Verdict::Unknown { reason, depth: 0 }
}

struct Judge<'a> {
    engine: &'a dyn ExternalEngine,
    design: &'a Design,
    options: &'a Options,
    aiger: &'a Aiger,
    names: &'a [String],
}

impl Judge<'_> {
    /// The verdict on all together; `None` if some assertion is violated.
    fn verdict(&self, answered: Answered) -> Option<Verdict> {
        let name = self.engine.name();
        match answered {
            Answered::Unknown(why) => Some(unknown(format!("{name}: {why}"))),
            Answered::Once(step) if step < self.aiger.edges_before() => {
                Some(unknown(format!("{name} shows a run that ends before samples count")))
            }
            Answered::Once(_) => None,
            Answered::Never { excluded: None } => {
                Some(unknown(format!("{name} says that it is proved, and gives no certificate")))
            }
            Answered::Never { excluded: Some(excluded) } => Some(self.certified(&excluded)),
        }
    }

    fn certified(&self, excluded: &[Excluded]) -> Verdict {
        let name = self.engine.name();
        let Some(clauses) = self.aiger.clauses(excluded) else {
            return unknown(format!("{name} speaks of latches that there are not"));
        };
        let certificate = Certificate {
            design: self.design.digest(),
            start: self.options.start,
            properties: self.names.to_vec(),
            evidence: Evidence::Invariant { clauses },
            given: Vec::new(),
        };
        match certificate.check(self.design, None) {
            Ok(()) => Verdict::Proved { k: 0, certificate: Arc::new(certificate) },
            Err(why) => {
                unknown(format!("{name} says that it is proved; its invariant fails: {why}"))
            }
        }
    }

    /// The runs that violate something, found anew.
    fn violations(&self, rows: &mut [Row]) {
        let options = Options {
            engine: Engine::Bmc,
            properties: Selection::Named(self.names.to_vec()),
            ..self.options.clone()
        };
        let Ok(report) = prove(self.design, &options) else { return };
        for found in report.rows {
            let violated = matches!(found.verdict, Verdict::Violated(_));
            if let Some(row) =
                rows.iter_mut().find(|row| violated && row.property == found.property)
            {
                row.verdict = found.verdict;
            }
        }
    }
}
