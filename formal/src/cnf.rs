//! [`Query`]: gates as clauses in a solver, by Tseitin's encoding, each gate when it is first
//! asked for.

use crate::gates::{Gate, Gates, Lit};
use crate::solver::{Answer, Batsat, Deadline, SatLit, Solver};

/// A solver that knows the gates it was asked about.
pub(crate) struct Query {
    solver: Box<dyn Solver>,
    /// The variable of each gate that has one.
    vars: Vec<Option<SatLit>>,
    encoded: usize,
}

impl Default for Query {
    fn default() -> Self {
        Self { solver: Box::new(Batsat::default()), vars: Vec::new(), encoded: 0 }
    }
}

impl Query {
    /// The solver's literal for a literal of `gates`, which is the same graph in every call.
    pub fn lit(&mut self, gates: &Gates, lit: Lit) -> SatLit {
        self.vars.resize(self.vars.len().max(gates.gates().len()), None);
        let mut waiting = vec![lit];
        while let Some(&next) = waiting.last() {
            if self.vars[next.gate()].is_some() {
                waiting.pop();
                continue;
            }
            let before = waiting.len();
            operands(gates.gate(next), |operand| {
                if self.vars[operand.gate()].is_none() {
                    waiting.push(operand);
                }
            });
            if waiting.len() == before {
                let var = self.solver.new_var();
                self.vars[next.gate()] = Some(var);
                self.encoded += 1;
                self.define(gates.gate(next), var);
                waiting.pop();
            }
        }
        self.known(lit).expect("the gate has just been encoded")
    }

    fn known(&self, lit: Lit) -> Option<SatLit> {
        let var = (*self.vars.get(lit.gate())?)?;
        Some(if lit.inverted() { !var } else { var })
    }

    fn define(&mut self, gate: Gate, out: SatLit) {
        let known = |lit| self.known(lit).expect("operands are encoded first");
        let clauses: Vec<Vec<SatLit>> = match gate {
            Gate::Zero => vec![vec![!out]],
            Gate::Free(_) => vec![],
            Gate::And(a, b) => {
                let (a, b) = (known(a), known(b));
                vec![vec![!out, a], vec![!out, b], vec![out, !a, !b]]
            }
            Gate::Xor(a, b) => {
                let (a, b) = (known(a), known(b));
                vec![vec![!out, a, b], vec![!out, !a, !b], vec![out, !a, b], vec![out, a, !b]]
            }
            Gate::Mux(c, t, e) => {
                let (c, t, e) = (known(c), known(t), known(e));
                vec![
                    vec![!c, !t, out],
                    vec![!c, t, !out],
                    vec![c, !e, out],
                    vec![c, e, !out],
                    // Redundant, but they let the solver see it without knowing the choice.
                    vec![!t, !e, out],
                    vec![t, e, !out],
                ]
            }
        };
        clauses.iter().for_each(|clause| self.solver.add_clause(clause));
    }

    /// How many gates have a variable.
    pub fn encoded(&self) -> usize {
        self.encoded
    }

    /// A new variable that stands for nothing yet.
    pub fn switch(&mut self) -> SatLit {
        self.solver.new_var()
    }

    /// Adds a clause.
    pub fn clause(&mut self, clause: &[SatLit]) {
        self.solver.add_clause(clause);
    }

    /// Requires a literal from now on.
    pub fn require(&mut self, gates: &Gates, lit: Lit) {
        if lit != Lit::ONE {
            let lit = self.lit(gates, lit);
            self.solver.add_clause(&[lit]);
        }
    }

    /// Whether all that is required and all that is assumed can be.
    pub fn solve(&mut self, assumptions: &[SatLit], deadline: Deadline) -> Answer {
        self.solver.solve(assumptions, deadline)
    }

    /// Assumptions of the last query that cannot be all together.
    pub fn core(&self) -> Vec<SatLit> {
        self.solver.core()
    }

    /// A literal's value in the model; `None` if nothing asked depends on its gate.
    pub fn value(&self, lit: Lit) -> Option<bool> {
        self.known(lit).map(|lit| self.solver.value(lit))
    }
}

/// Calls `visit` with the operands of a gate.
pub(crate) fn operands(gate: Gate, mut visit: impl FnMut(Lit)) {
    match gate {
        Gate::Zero | Gate::Free(_) => {}
        Gate::And(a, b) | Gate::Xor(a, b) => [a, b].into_iter().for_each(visit),
        Gate::Mux(c, t, e) => {
            visit(c);
            visit(t);
            visit(e);
        }
    }
}
