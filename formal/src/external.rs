//! Engines of others, as programs apart: [`prove_by`].
//!
//! They get the system as [`Aiger`] or [`Btor2`] and give an answer, which counts like one of ours: what is
//! said to be proved needs an invariant that the checker takes, and a violation a run that the
//! interpreter confirms.

mod abc;
mod all;
mod program;
mod ric3;
mod smt;
mod smtbmc;

pub use abc::Abc;
pub use all::{EXTERNAL_ENGINES, external_engine};
pub use ric3::Ric3;
pub use smt::{SmtInduction, SmtSolver};
pub use smtbmc::Smtbmc;

use crate::aiger::Aiger;
use crate::btor2::Btor2;
use crate::certificate::{Certificate, Evidence};
use crate::options::{Engine, Options, Selection, Start};
use crate::placed::flattened;
use crate::prove::{prove, selected};
use crate::report::{Report, Row, Verdict};
use crate::system::{TransitionSystem, find_property};
use olivine_netlist::{Design, Faults, Module, PropertyId};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A model checker that is a program apart.
pub trait ExternalEngine {
    /// What it is called, with its version if it tells.
    fn name(&self) -> String;

    /// Whether a bad state of a system is ever reached. It keeps the time itself.
    ///
    /// # Errors
    /// Why it could not be asked.
    fn ask(&self, asked: &Question<'_>, limit: Duration) -> Result<Answered, String>;
}

/// A system in the forms that others read.
#[derive(Debug)]
pub struct Question<'a> {
    aiger: Aiger,
    flat: &'a Module,
    targets: Vec<PropertyId>,
    start: Start,
}

impl<'a> Question<'a> {
    fn new(flat: &'a Module, targets: Vec<PropertyId>, start: Start) -> Self {
        let system = TransitionSystem::new(flat.clone(), targets.clone());
        Self { aiger: Aiger::new(&system, start), flat, targets, start }
    }

    /// Bit by bit: the output is one where an assertion fails.
    pub fn aiger(&self) -> &Aiger {
        &self.aiger
    }

    /// Word by word, memories as arrays: a bad state for each assertion.
    pub fn btor2(&self) -> Btor2 {
        let targets = self.targets.clone();
        let system = TransitionSystem::with_whole_memories(self.flat.clone(), targets);
        Btor2::new(&system, self.start)
    }
}

/// What an external engine says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// No assertion fails.
    Never(Claim),
    /// An assertion fails in this step of the [`Aiger`], counted from 0.
    Once(u32),
    /// It does not know.
    Unknown(String),
}

/// Why an external engine says that no assertion fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It gives no reason.
    Nothing,
    /// States that are never reached: latches of the [`Aiger`] with values, by their numbers.
    Excluded(Vec<Vec<(usize, bool)>>),
    /// A witness circuit of the [`Aiger`], as a file.
    Circuit(Vec<u8>),
    /// The assertions are inductive together.
    Induction {
        /// How many samples the inductive step relies on.
        k: u32,
    },
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
    let flat = flattened(design);
    let asserted = |row: &&mut Row| row.is_safe();
    let names: Vec<String> =
        rows.iter_mut().filter(asserted).map(|row| row.property.clone()).collect();
    let targets: Vec<PropertyId> = names.iter().filter_map(|n| find_property(&flat, n)).collect();
    for row in rows.iter_mut().filter(|row| !row.is_safe()) {
        row.verdict = unknown(format!("{} is asked about assertions alone", engine.name()));
    }
    if !targets.is_empty() {
        let asked = Question::new(&flat, targets, options.start);
        let limit = options.time_limit.unwrap_or(Duration::from_secs(1 << 30));
        // Some have no answer about what is plain.
        let answered = match asked.aiger.is_never() {
            true => Answered::Never(Claim::Excluded(Vec::new())),
            false => engine.ask(&asked, limit).unwrap_or_else(Answered::Unknown),
        };
        let elapsed = start.elapsed();
        let judge = Judge { engine, design, options, aiger: &asked.aiger, names: &names };
        let depth = match answered {
            Answered::Once(step) => step + 1,
            _ => 0,
        };
        let verdict = judge.verdict(answered);
        for row in rows.iter_mut().filter(asserted) {
            row.elapsed = elapsed;
            row.verdict = match &verdict {
                Some(verdict) => verdict.clone(),
                None => unknown("another assertion is violated".to_string()),
            };
        }
        if verdict.is_none() {
            judge.violations(&mut rows, depth);
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
            Answered::Never(claim) => Some(self.certified(claim)),
        }
    }

    /// What a claim says of the design.
    fn evidence(&self, claim: Claim) -> Result<Evidence, &'static str> {
        let excluded = match claim {
            Claim::Nothing => return Err("says that it is proved, and gives no certificate"),
            Claim::Induction { k } => {
                return Ok(Evidence::Induction { k, distinct_states: false });
            }
            Claim::Excluded(excluded) => Some(excluded),
            Claim::Circuit(file) => {
                let read = self.aiger.excluded_by(&file);
                Some(read.ok_or("gives a certificate that is no witness circuit")?)
            }
        };
        let clauses = excluded.and_then(|excluded| self.aiger.clauses(&excluded));
        let clauses = clauses.ok_or("speaks of latches that there are not")?;
        Ok(Evidence::Invariant { clauses })
    }

    fn certified(&self, claim: Claim) -> Verdict {
        let name = self.engine.name();
        let (what, k) = match claim {
            Claim::Induction { k } => ("induction", k),
            _ => ("invariant", 0),
        };
        let evidence = match self.evidence(claim) {
            Ok(evidence) => evidence,
            Err(why) => return unknown(format!("{name} {why}")),
        };
        let certificate = Certificate {
            design: self.design.digest(),
            start: self.options.start,
            properties: self.names.to_vec(),
            evidence,
            given: Vec::new(),
        };
        match certificate.check(self.design, None) {
            Ok(()) => Verdict::Proved { k, certificate: Arc::new(certificate) },
            Err(why) => unknown(format!("{name} says that it is proved; its {what} fails: {why}")),
        }
    }

    /// The runs that violate something, found anew, as far as the engine said.
    fn violations(&self, rows: &mut [Row], depth: u32) {
        let options = Options {
            engine: Engine::Bmc,
            depth: self.options.depth.max(depth),
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
