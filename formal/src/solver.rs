//! [`Solver`]: what a satisfiability solver offers to the engines.

mod batsat;

pub(crate) use batsat::Batsat;

use std::time::{Duration, Instant};

/// A propositional literal: a variable, inverted or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SatLit {
    /// Number of the variable, in the order of [`Solver::new_var`].
    pub var: u32,
    /// Whether it is inverted.
    pub inverted: bool,
}

impl std::ops::Not for SatLit {
    type Output = Self;

    fn not(self) -> Self {
        Self { inverted: !self.inverted, ..self }
    }
}

/// What came of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// There is a model; see [`Solver::value`].
    Sat,
    /// There is none.
    Unsat,
    /// The time was over first.
    Stopped,
}

/// An incremental solver: clauses stay, assumptions are of one query.
pub(crate) trait Solver {
    /// A new variable.
    fn new_var(&mut self) -> SatLit;

    /// Adds a clause. An empty one makes every query unsatisfiable.
    fn add_clause(&mut self, clause: &[SatLit]);

    /// Whether the clauses and the assumptions have a model.
    fn solve(&mut self, assumptions: &[SatLit], deadline: Deadline) -> Answer;

    /// A literal's value in the model of the last query, which was satisfiable.
    fn value(&self, lit: SatLit) -> bool;

    /// Assumptions of the last query that are enough for it to have no model.
    fn core(&self) -> Vec<SatLit>;
}

/// When to stop; never, if there is no time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// So long from now; never, if the duration is none or beyond what clocks can count.
    pub fn after(duration: Option<Duration>) -> Self {
        Self(duration.and_then(|d| Instant::now().checked_add(d)))
    }

    /// Whether the time is over.
    pub fn is_over(self) -> bool {
        self.0.is_some_and(|end| Instant::now() >= end)
    }

    /// The time that is left, if there is an end.
    pub fn left(self) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// The earlier of two.
    pub fn min(self, other: Self) -> Self {
        Self(self.0.into_iter().chain(other.0).min())
    }
}
