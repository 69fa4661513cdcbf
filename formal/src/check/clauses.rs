//! [`Clauses`]: gates of one form made once; or recorded, to be tried in every pattern; or, to find what a
//! proof rests on, every gate a new variable with its clauses, nothing folded, nothing shared.

use super::Rejection;
use super::graph::Graph;
use super::patterns::{Node, Patterns};
use crate::solver::{Answer, Batsat, Deadline, SatLit, Solver};
use olivine_netlist::Bits;

/// A value, least significant bit first.
pub(super) type Word = Vec<SatLit>;

/// What is made, for a solver or for trying every pattern.
pub(super) struct Clauses {
    sink: Sink,
    yes: SatLit,
}

enum Sink {
    Solver(Box<Batsat>),
    Patterns(Patterns),
    Graph(Box<Graph>),
}

impl Default for Clauses {
    fn default() -> Self {
        let mut solver = Box::<Batsat>::default();
        let yes = solver.new_var();
        solver.add_clause(&[yes]);
        Self { sink: Sink::Solver(solver), yes }
    }
}

impl Clauses {
    /// Questions are answered by trying every pattern of what is free.
    pub fn recording() -> Self {
        let mut patterns = Patterns::default();
        // Any of nothing is no.
        let yes = !patterns.add(Node::Any(Vec::new()));
        Self { sink: Sink::Patterns(patterns), yes }
    }

    /// Gates of one form are one.
    pub fn hashed() -> Self {
        Self { sink: Sink::Graph(Box::default()), yes: Graph::YES }
    }

    /// Always one.
    pub fn yes(&self) -> SatLit {
        self.yes
    }

    /// A constant bit.
    pub fn bit(&self, value: bool) -> SatLit {
        if value { self.yes } else { !self.yes }
    }

    /// A constant.
    pub fn constant(&self, bits: &Bits) -> Word {
        (0..bits.width()).map(|i| self.bit(bits.bit(i))).collect()
    }

    /// Any value.
    pub fn free(&mut self, width: u32) -> Word {
        let mut bit = || match &mut self.sink {
            Sink::Solver(solver) => solver.new_var(),
            Sink::Patterns(patterns) => patterns.add(Node::Free),
            Sink::Graph(graph) => graph.free(),
        };
        (0..width).map(|_| bit()).collect()
    }

    /// Of what was required last and cannot be, a part that cannot be either. Only for a solver.
    pub fn core(&self) -> Vec<SatLit> {
        match &self.sink {
            Sink::Solver(solver) => solver.core(),
            Sink::Patterns(_) | Sink::Graph(_) => Vec::new(),
        }
    }

    /// Whether all of these can be.
    pub fn solve(&mut self, required: &[SatLit], deadline: Deadline) -> Result<Answer, Rejection> {
        let answer = match &mut self.sink {
            Sink::Solver(solver) => solver.solve(required, deadline),
            Sink::Patterns(patterns) => patterns.solve(required, deadline)?,
            Sink::Graph(graph) => graph.solve(required, deadline),
        };
        if answer == Answer::Stopped { Err(Rejection::Time) } else { Ok(answer) }
    }

    /// Whether two are always equal.
    pub fn equal(&mut self, a: SatLit, b: SatLit, deadline: Deadline) -> Result<bool, Rejection> {
        if a == b {
            return Ok(true);
        }
        let one_way = self.solve(&[a, !b], deadline)? == Answer::Unsat;
        Ok(one_way && self.solve(&[!a, b], deadline)? == Answer::Unsat)
    }

    /// Adds a clause.
    pub fn clause(&mut self, clause: &[SatLit]) {
        match &mut self.sink {
            Sink::Solver(solver) => solver.add_clause(clause),
            Sink::Patterns(patterns) => patterns.require(clause),
            Sink::Graph(graph) => graph.require(clause),
        }
    }

    /// Both.
    pub fn and(&mut self, a: SatLit, b: SatLit) -> SatLit {
        !self.any(&[!a, !b])
    }

    /// At least one.
    pub fn any(&mut self, lits: &[SatLit]) -> SatLit {
        let solver = match &mut self.sink {
            Sink::Solver(solver) => solver,
            Sink::Patterns(patterns) => return patterns.add(Node::Any(lits.to_vec())),
            Sink::Graph(graph) => return graph.any(lits),
        };
        let out = solver.new_var();
        lits.iter().for_each(|&lit| solver.add_clause(&[out, !lit]));
        let mut clause = lits.to_vec();
        clause.push(!out);
        solver.add_clause(&clause);
        out
    }

    /// All of them.
    pub fn all(&mut self, lits: &[SatLit]) -> SatLit {
        let inverted: Word = lits.iter().map(|&lit| !lit).collect();
        !self.any(&inverted)
    }

    /// Exactly one of two.
    pub fn xor(&mut self, a: SatLit, b: SatLit) -> SatLit {
        let solver = match &mut self.sink {
            Sink::Solver(solver) => solver,
            Sink::Patterns(patterns) => return patterns.add(Node::Xor(a, b)),
            Sink::Graph(graph) => return graph.xor(a, b),
        };
        let out = solver.new_var();
        for (x, y) in [(a, b), (!a, !b)] {
            solver.add_clause(&[!out, x, y]);
            solver.add_clause(&[out, !x, y]);
        }
        out
    }

    /// `then` if `condition`, else `otherwise`.
    pub fn choose(&mut self, condition: SatLit, then: &[SatLit], otherwise: &[SatLit]) -> Word {
        then.iter().zip(otherwise).map(|(&t, &e)| self.choose_bit(condition, t, e)).collect()
    }

    fn choose_bit(&mut self, condition: SatLit, t: SatLit, e: SatLit) -> SatLit {
        let solver = match &mut self.sink {
            Sink::Solver(solver) => solver,
            Sink::Patterns(patterns) => return patterns.add(Node::Choose(condition, t, e)),
            Sink::Graph(graph) => return graph.choose(condition, t, e),
        };
        let out = solver.new_var();
        solver.add_clause(&[!condition, !t, out]);
        solver.add_clause(&[!condition, t, !out]);
        solver.add_clause(&[condition, !e, out]);
        solver.add_clause(&[condition, e, !out]);
        out
    }

    /// Two values of one width differ.
    pub fn differ(&mut self, a: &[SatLit], b: &[SatLit]) -> SatLit {
        let differ: Word = a.iter().zip(b).map(|(&a, &b)| self.xor(a, b)).collect();
        self.any(&differ)
    }

    /// A value is this number.
    pub fn is_number(&mut self, a: &[SatLit], number: u64) -> SatLit {
        let bit = |i: usize| i < 64 && number >> i & 1 == 1;
        if a.len() < 64 && number >> a.len() != 0 {
            return !self.yes;
        }
        let same: Word =
            a.iter().enumerate().map(|(i, &lit)| if bit(i) { lit } else { !lit }).collect();
        self.all(&same)
    }

    /// `options[i]` where the index is `i`, and `beyond` where it is none of them.
    pub fn pick(&mut self, index: &[SatLit], options: &[Word], beyond: &[SatLit]) -> Word {
        let mut result = beyond.to_vec();
        for (i, option) in options.iter().enumerate() {
            let here = self.is_number(index, i as u64);
            result = self.choose(here, option, &result);
        }
        result
    }

    /// `a + b + carry`, and the carry out.
    pub fn add(&mut self, a: &[SatLit], b: &[SatLit], mut carry: SatLit) -> (Word, SatLit) {
        let mut sum = Word::new();
        for (&a, &b) in a.iter().zip(b) {
            let half = self.xor(a, b);
            sum.push(self.xor(half, carry));
            let (both, first, second) = (self.and(a, b), self.and(a, carry), self.and(b, carry));
            carry = self.any(&[both, first, second]);
        }
        (sum, carry)
    }
}
