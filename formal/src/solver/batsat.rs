//! The embedded solver: batsat, a MiniSat in Rust.

use super::{Answer, Deadline, SatLit, Solver};
use batsat::{Callbacks, ClauseKind, Lit, SolverInterface, Var, lbool};
use std::cell::Cell;

/// A batsat solver.
pub(crate) struct Batsat {
    solver: batsat::Solver<Stop>,
    /// Its variables, by our numbers.
    vars: Vec<Var>,
    /// The assumptions of the last query.
    assumed: Vec<SatLit>,
}

/// Stops the search at a deadline.
#[derive(Default)]
struct Stop {
    deadline: Deadline,
    over: Cell<bool>,
    asked: Cell<u32>,
    conflicts: u32,
}

impl Callbacks for Stop {
    fn on_new_clause(&mut self, _clause: &[Lit], kind: ClauseKind) {
        self.conflicts += u32::from(kind == ClauseKind::Learnt);
    }

    fn stop(&self) -> bool {
        // Asked at each decision; the clock is slower than that.
        let asked = self.asked.get().wrapping_add(1);
        self.asked.set(asked);
        if asked % 64 == 1 && self.deadline.is_over() {
            self.over.set(true);
        }
        self.over.get() || !self.deadline.allows(self.conflicts)
    }
}

impl Default for Batsat {
    fn default() -> Self {
        let solver = batsat::Solver::new(batsat::SolverOpts::default(), Stop::default());
        Self { solver, vars: Vec::new(), assumed: Vec::new() }
    }
}

impl Batsat {
    fn lit(&self, lit: SatLit) -> Lit {
        Lit::new(self.vars[lit.var as usize], !lit.inverted)
    }

    fn lits(&self, lits: &[SatLit]) -> Vec<Lit> {
        lits.iter().map(|&l| self.lit(l)).collect()
    }
}

impl Solver for Batsat {
    fn new_var(&mut self) -> SatLit {
        self.vars.push(self.solver.new_var_default());
        SatLit { var: self.vars.len() as u32 - 1, inverted: false }
    }

    fn add_clause(&mut self, clause: &[SatLit]) {
        let mut clause = self.lits(clause);
        // That the clauses have no model is told by the next query.
        let _still_open = self.solver.add_clause_reuse(&mut clause);
    }

    fn solve(&mut self, assumptions: &[SatLit], deadline: Deadline) -> Answer {
        *self.solver.cb_mut() = Stop { deadline, ..Stop::default() };
        if deadline.is_over() {
            return Answer::Stopped;
        }
        self.assumed = assumptions.to_vec();
        let assumptions = self.lits(assumptions);
        match self.solver.solve_limited(&assumptions) {
            answer if answer == lbool::TRUE => Answer::Sat,
            answer if answer == lbool::FALSE => Answer::Unsat,
            _ => Answer::Stopped,
        }
    }

    fn value(&self, lit: SatLit) -> bool {
        self.solver.value_lit(self.lit(lit)) == lbool::TRUE
    }

    fn core(&self) -> Vec<SatLit> {
        let used = |lit: &&SatLit| self.solver.unsat_core_contains_var(self.vars[lit.var as usize]);
        self.assumed.iter().filter(used).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn assumptions_are_of_one_query() {
        let mut solver = Batsat::default();
        let (a, b) = (solver.new_var(), solver.new_var());
        solver.add_clause(&[a, b]);
        let never = Deadline::default();
        assert_eq!(solver.solve(&[!a, !b], never), Answer::Unsat);
        assert_eq!(solver.solve(&[!a], never), Answer::Sat);
        assert!(solver.value(b) && !solver.value(a));
        solver.add_clause(&[]);
        assert_eq!(solver.solve(&[], never), Answer::Unsat);
    }

    #[test]
    fn the_core_is_what_the_conflict_needs() {
        let mut solver = Batsat::default();
        let v: Vec<SatLit> = (0..6).map(|_| solver.new_var()).collect();
        solver.add_clause(&[!v[1], !v[3], v[5]]);
        let never = Deadline::default();
        let assumptions = [v[0], v[1], v[2], v[3], !v[5]];
        assert_eq!(solver.solve(&assumptions, never), Answer::Unsat);
        assert_eq!(solver.core(), [v[1], v[3], !v[5]]);
        assert_eq!(solver.solve(&[v[4], !v[4]], never), Answer::Unsat);
        assert_eq!(solver.core(), [v[4], !v[4]]);
    }

    /// Twelve pigeons in eleven holes: far beyond what the time allows.
    #[test]
    fn a_query_stops_at_its_deadline() {
        let mut solver = Batsat::default();
        let in_hole: Vec<Vec<SatLit>> =
            (0..12).map(|_| (0..11).map(|_| solver.new_var()).collect()).collect();
        in_hole.iter().for_each(|pigeon| solver.add_clause(pigeon));
        for hole in 0..11 {
            for (i, one) in in_hole.iter().enumerate() {
                in_hole[..i].iter().for_each(|two| solver.add_clause(&[!one[hole], !two[hole]]));
            }
        }
        let start = Instant::now();
        let deadline = Deadline::after(Some(Duration::from_millis(200)));
        assert_eq!(solver.solve(&[], deadline), Answer::Stopped);
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(2), "{taken:?}");
    }
}
