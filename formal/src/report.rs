//! [`Report`]: a verdict for each property, and how it is shown.

use crate::certificate::Certificate;
use crate::stimulus::Stimulus;
use olivine_netlist::PropertyKind;
use olivine_trace::Trace;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// What is known of a property. Samples count from the first edge after reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The assertion holds in every run; or the cover is unreachable in every run, see
    /// [`Row::succeeded`].
    Proved {
        /// How many samples the inductive step relies on; 0 if it holds in every state.
        k: u32,
        /// What it rests on, to be checked anew.
        certificate: Arc<Certificate>,
    },
    /// Nothing was found in the first samples of any run. This is no proof.
    Bounded {
        /// How many samples.
        depth: u32,
    },
    /// The assertion fails in this run.
    Violated(Box<Counterexample>),
    /// The cover is reached in this run.
    Reached(Box<Counterexample>),
    /// The assumptions contradict each other: no legal run has more samples of the property. Of a
    /// property of runs without end, no run that is fair has no end.
    Vacuous {
        /// How many samples a legal run can have.
        samples: u32,
    },
    /// It was not found out.
    Unknown {
        /// Why not.
        reason: String,
        /// Nothing was found in so many samples.
        depth: u32,
    },
}

/// A run that shows a property violated or reached, confirmed by the interpreter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// Inputs and undefined values, for a regression test.
    pub stimulus: Stimulus,
    /// Reset, ports, and the registers that the property depends on. The last cycle shows it.
    pub trace: Trace,
}

/// A property and its verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Path and name of the property.
    pub property: String,
    /// Assertion, cover, or assertion of runs without end; an assumption of a placed module is
    /// asserted.
    pub kind: PropertyKind,
    /// Where it was authored.
    pub place: String,
    /// The verdict.
    pub verdict: Verdict,
    /// When the verdict was there, from the start on.
    pub elapsed: Duration,
    /// The assertion is of the form *a implies b*, and *a* cannot hold in so many samples; or it is
    /// of runs without end, and its condition never fails in so many: what was shown may say
    /// nothing.
    pub untriggered: Option<u32>,
}

impl Row {
    /// Whether the property is what its author hopes: an assertion proved, a cover reached.
    pub fn succeeded(&self) -> bool {
        match self.verdict {
            Verdict::Proved { .. } => self.kind != PropertyKind::Cover,
            Verdict::Reached(_) => true,
            _ => false,
        }
    }

    /// Whether it says what holds in every sample: an assertion, or what a placed module assumes.
    pub(crate) fn is_safe(&self) -> bool {
        matches!(self.kind, PropertyKind::Assert | PropertyKind::Assume)
    }

    /// Whether the property is shown to be wrong: an assertion violated, a cover unreachable,
    /// assumptions that contradict each other.
    pub fn failed(&self) -> bool {
        match self.verdict {
            Verdict::Violated(_) | Verdict::Vacuous { .. } => true,
            Verdict::Proved { .. } => self.kind == PropertyKind::Cover,
            _ => false,
        }
    }
}

/// What came of a proof.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a lost verdict is a wrong verdict"]
pub struct Report {
    /// The design's top module.
    pub design: String,
    /// One for each property asked about, in the design's order.
    pub rows: Vec<Row>,
    /// Time for everything.
    pub elapsed: Duration,
}

impl Report {
    /// The row of a property.
    pub fn row(&self, property: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.property == property)
    }

    /// Whether every assertion is proved and every cover reached.
    pub fn succeeded(&self) -> bool {
        self.rows.iter().all(Row::succeeded)
    }

    /// Whether something is shown to be wrong.
    pub fn failed(&self) -> bool {
        self.rows.iter().any(Row::failed)
    }

    /// For tests: panics with the whole report unless every assertion is proved and every cover
    /// reached.
    #[track_caller]
    pub fn assert_proved(self) {
        assert!(self.succeeded(), "not everything is proved\n{self}");
    }

    /// For tests of deep designs: as [`Report::assert_proved`], but an assertion may also be
    /// without violation in at least `depth` samples.
    #[track_caller]
    pub fn assert_bounded(self, depth: u32) {
        let bounded = |row: &Row| {
            let deep = matches!(row.verdict, Verdict::Bounded { depth: d } if d >= depth);
            row.succeeded() || deep && row.kind != PropertyKind::Cover
        };
        assert!(self.rows.iter().all(bounded), "not everything holds to depth {depth}\n{self}");
    }
}

impl fmt::Display for Row {
    /// One line with the verdict, lines with the place and with what is to be said of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cover = self.kind == PropertyKind::Cover;
        let live = matches!(self.kind, PropertyKind::Live | PropertyKind::Fair);
        let seconds = self.elapsed.as_secs_f64();
        let verdict = match &self.verdict {
            Verdict::Proved { certificate, .. } if cover => {
                format!("UNREACHABLE (proved, {})", certificate.evidence)
            }
            Verdict::Proved { certificate, .. } => format!("proved ({})", certificate.evidence),
            Verdict::Bounded { depth } if cover => format!("not reached in {depth} samples"),
            Verdict::Bounded { depth } if live => {
                format!("bounded: no run of up to {depth} samples ends in a loop that violates it")
            }
            Verdict::Bounded { depth } => format!("bounded: holds in the first {depth} samples"),
            Verdict::Violated(run) if live => {
                let (from, last) =
                    (run.stimulus.repeats_from.unwrap_or_default(), run.last_cycle());
                format!("VIOLATED: cycles {from} to {last} repeat for ever")
            }
            Verdict::Violated(run) => format!("VIOLATED in cycle {}", run.last_cycle()),
            Verdict::Reached(run) => format!("reached in cycle {}", run.last_cycle()),
            Verdict::Vacuous { samples } if live && *samples == u32::MAX => {
                "VACUOUS: the assumptions allow no fair run without end".to_string()
            }
            Verdict::Vacuous { samples } => {
                format!("VACUOUS: the assumptions allow no run of more than {samples} samples")
            }
            Verdict::Unknown { reason, depth } => {
                format!("unknown: {reason}; holds in the first {depth} samples")
            }
        };
        let kind = self.kind.word();
        write!(f, "{kind} \"{}\": {verdict}, {seconds:.2} s\n  at {}", self.property, self.place)?;
        if let Some(samples) = self.untriggered {
            let what = if live { "its condition cannot fail" } else { "its condition cannot hold" };
            write!(f, "\n  note: {what} in the first {samples} samples")?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    /// All rows; below a violated assertion its run, drawn.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in &self.rows {
            writeln!(f, "{row}")?;
            if let Verdict::Violated(run) = &row.verdict {
                write!(f, "{}", run.trace)?;
            }
        }
        Ok(())
    }
}

impl Counterexample {
    fn last_cycle(&self) -> usize {
        self.stimulus.cycles.len().saturating_sub(1)
    }
}
