//! [`Solver`]: what a satisfiability solver offers to the engines.

mod batsat;
mod memory;

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
    /// The time was over first, or too many conflicts were met.
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

/// When to stop; never, if there is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Deadline {
    end: Option<Instant>,
    /// Most conflicts of one query.
    conflicts: Option<u32>,
    /// Most bytes that the process may hold.
    memory: Option<u64>,
}

impl Deadline {
    /// So long from now; never, if the duration is none or beyond what clocks can count.
    pub fn after(duration: Option<Duration>) -> Self {
        let end = duration.and_then(|d| Instant::now().checked_add(d));
        Self { end, ..Self::default() }
    }

    /// The same, and when the process holds more than so many bytes.
    pub fn within_memory(self, most: Option<u64>) -> Self {
        Self { memory: most, ..self }
    }

    /// Whether the time is over, or too much memory held.
    pub fn is_over(self) -> bool {
        self.end.is_some_and(|end| Instant::now() >= end) || self.is_out_of_memory()
    }

    /// Whether the process holds more than it may.
    pub fn is_out_of_memory(self) -> bool {
        self.would_be_out_of_memory(0)
    }

    /// Whether it would with so many bytes more.
    pub fn would_be_out_of_memory(self, more: u64) -> bool {
        self.memory.is_some_and(|most| memory::held().is_some_and(|held| held + more > most))
    }

    /// The time that is left, if there is an end.
    pub fn left(self) -> Option<Duration> {
        self.end.map(|end| end.saturating_duration_since(Instant::now()))
    }

    /// The earlier of two.
    pub fn min(self, other: Self) -> Self {
        let conflicts = self.conflicts.into_iter().chain(other.conflicts).min();
        let memory = self.memory.into_iter().chain(other.memory).min();
        Self { end: self.end.into_iter().chain(other.end).min(), conflicts, memory }
    }

    /// The same, each query with no more than so many conflicts.
    pub fn within_conflicts(self, conflicts: u32) -> Self {
        Self { conflicts: Some(conflicts), ..self }
    }

    /// Whether a query that has met so many conflicts has to stop.
    pub fn allows(self, conflicts: u32) -> bool {
        self.conflicts.is_none_or(|most| conflicts <= most)
    }
}
