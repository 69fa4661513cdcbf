//! [`Graph`]: gates each made once, questions answered by a solver that knows what they are about.

use super::patterns::Node;
use crate::solver::{Answer, Batsat, Deadline, SatLit, Solver};
use std::collections::HashMap;

/// Variables that a solver may know beyond its first question before it is begun anew.
const STALE: usize = 20_000;

/// Variables, operands first. Variable 0 is always zero.
pub(super) struct Graph {
    nodes: Vec<Node>,
    known: HashMap<Node, SatLit>,
    solver: Batsat,
    /// By node: the solver's variable.
    vars: Vec<Option<SatLit>>,
    encoded: usize,
    stale: usize,
    required: Vec<SatLit>,
    /// So many of these the solver knows.
    stated: usize,
}

impl Default for Graph {
    fn default() -> Self {
        let mut graph = Self {
            nodes: Vec::new(),
            known: HashMap::new(),
            solver: Batsat::default(),
            vars: Vec::new(),
            encoded: 0,
            stale: 0,
            required: Vec::new(),
            stated: 0,
        };
        graph.shared(Node::Any(Vec::new()));
        graph
    }
}

impl Graph {
    /// Always one.
    pub const YES: SatLit = SatLit { var: 0, inverted: true };
    const NO: SatLit = SatLit { var: 0, inverted: false };

    fn push(&mut self, node: Node) -> SatLit {
        self.nodes.push(node);
        self.vars.push(None);
        SatLit { var: self.nodes.len() as u32 - 1, inverted: false }
    }

    fn shared(&mut self, node: Node) -> SatLit {
        if let Some(&lit) = self.known.get(&node) {
            return lit;
        }
        let lit = self.push(node.clone());
        self.known.insert(node, lit);
        lit
    }

    /// A new free variable.
    pub fn free(&mut self) -> SatLit {
        self.push(Node::Free)
    }

    /// One of these holds whenever anything is asked.
    pub fn require(&mut self, clause: &[SatLit]) {
        let holds = self.any(clause);
        self.required.push(holds);
    }

    /// At least one.
    pub fn any(&mut self, lits: &[SatLit]) -> SatLit {
        let mut lits: Vec<SatLit> = lits.iter().copied().filter(|&l| l != Self::NO).collect();
        lits.sort_by_key(|lit| (lit.var, lit.inverted));
        lits.dedup();
        let opposite = lits.windows(2).any(|pair| pair[0] == !pair[1]);
        if opposite || lits.contains(&Self::YES) {
            return Self::YES;
        }
        if lits.len() == 1 { lits[0] } else { self.shared(Node::Any(lits)) }
    }

    /// Exactly one of two.
    pub fn xor(&mut self, a: SatLit, b: SatLit) -> SatLit {
        let inverted = a.inverted != b.inverted;
        let (low, high) = (a.var.min(b.var), a.var.max(b.var));
        let [low, high] = [low, high].map(|var| SatLit { var, inverted: false });
        let plain = if low == high {
            Self::NO
        } else if low == Self::NO {
            high
        } else {
            self.shared(Node::Xor(low, high))
        };
        if inverted { !plain } else { plain }
    }

    /// `t` if `c`, else `e`.
    pub fn choose(&mut self, c: SatLit, t: SatLit, e: SatLit) -> SatLit {
        if c.inverted {
            return self.choose(!c, e, t);
        }
        if c == Self::NO || t == e {
            return e;
        }
        if t == !e {
            return self.xor(c, e);
        }
        match () {
            () if t == Self::YES || t == c => self.any(&[c, e]),
            () if t == Self::NO || t == !c => !self.any(&[c, !e]),
            () if e == Self::NO || e == c => !self.any(&[!c, !t]),
            () if e == Self::YES || e == !c => self.any(&[!c, t]),
            () if t.inverted => !self.shared(Node::Choose(c, !t, !e)),
            () => self.shared(Node::Choose(c, t, e)),
        }
    }

    /// Whether all of these can be, together with what is required.
    pub fn solve(&mut self, asked: &[SatLit], deadline: Deadline) -> Answer {
        if asked.contains(&Self::NO) {
            return Answer::Unsat;
        }
        if self.encoded > self.stale {
            self.solver = Batsat::default();
            self.vars.fill(None);
            self.encoded = 0;
            self.stated = 0;
        }
        let begun = self.encoded == 0;
        // A solver drops what follows from a clause of one literal.
        for index in self.stated..self.required.len() {
            let holds = self.encode(self.required[index]);
            self.solver.add_clause(&[holds]);
        }
        self.stated = self.required.len();
        let assumed: Vec<SatLit> = asked.iter().map(|&lit| self.encode(lit)).collect();
        if begun {
            self.stale = 2 * self.encoded + STALE;
        }
        self.solver.solve(&assumed, deadline)
    }

    fn known(&self, lit: SatLit) -> SatLit {
        let var = self.vars[lit.var as usize].expect("operands are encoded first");
        if lit.inverted { !var } else { var }
    }

    /// The solver's literal.
    fn encode(&mut self, lit: SatLit) -> SatLit {
        let mut waiting = vec![lit.var as usize];
        while let Some(&node) = waiting.last() {
            if self.vars[node].is_some() {
                waiting.pop();
                continue;
            }
            let before = waiting.len();
            let vars = &self.vars;
            self.nodes[node].operands(|operand| {
                if vars[operand.var as usize].is_none() {
                    waiting.push(operand.var as usize);
                }
            });
            if waiting.len() == before {
                self.vars[node] = Some(self.solver.new_var());
                self.encoded += 1;
                self.define(node);
                waiting.pop();
            }
        }
        self.known(lit)
    }

    fn define(&mut self, node: usize) {
        let out = self.known(SatLit { var: node as u32, inverted: false });
        let clauses = match &self.nodes[node] {
            Node::Free => Vec::new(),
            Node::Any(lits) => {
                let lits: Vec<SatLit> = lits.iter().map(|&lit| self.known(lit)).collect();
                let mut clauses: Vec<Vec<SatLit>> = lits.iter().map(|&l| vec![out, !l]).collect();
                clauses.push(lits.into_iter().chain([!out]).collect());
                clauses
            }
            Node::Xor(a, b) => {
                let (a, b) = (self.known(*a), self.known(*b));
                let half = |a: SatLit, b: SatLit| [vec![!out, a, b], vec![out, !a, b]];
                [half(a, b), half(!a, !b)].concat()
            }
            Node::Choose(c, t, e) => {
                let (c, t, e) = (self.known(*c), self.known(*t), self.known(*e));
                let branch = |c: SatLit, x: SatLit| [vec![!c, !x, out], vec![!c, x, !out]];
                [branch(c, t), branch(!c, e)].concat()
            }
        };
        clauses.iter().for_each(|clause| self.solver.add_clause(clause));
    }
}
