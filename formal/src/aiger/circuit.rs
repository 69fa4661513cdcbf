//! Witness circuits: what proves a system right, as a system of the same latches whose output no
//! single step can make one.
//!
//! The output is one where that of the system is or a state is excluded. That it is zero holds at
//! first, and each step keeps it: two questions without any depth, which Certifaiger asks.

use super::{Aiger, Excluded, Role};
use crate::aiger::read::read_aiger;
use crate::certificate::{Certificate, Evidence, StateBit};
use crate::report::{Report, Verdict};
use olivine_netlist::{Module, Op, PropertyKind, ValueId};

impl Aiger {
    /// The witness circuit of a report in which every assertion is proved.
    ///
    /// # Errors
    /// Something is not proved; or by evidence that is no invariant of single steps: induction
    /// over more than one step, exhaustion, sweeping; or there is more than one edge under reset,
    /// between which the invariant says nothing.
    pub fn witness_circuit(&self, report: &Report) -> Result<Self, String> {
        let mut clauses = Vec::new();
        for row in report.rows.iter().filter(|row| row.kind == PropertyKind::Assert) {
            let Verdict::Proved { certificate, .. } = &row.verdict else {
                return Err(format!("\"{}\" is not proved", row.property));
            };
            invariant_of(certificate, &mut clauses)?;
        }
        if self.edges_before() != 1 {
            let edges = self.edges_before();
            return Err(format!("an invariant says nothing between {edges} edges under reset"));
        }
        self.excluding(&clauses).ok_or_else(|| "the proof is of another system".to_string())
    }

    /// The system with an output that is one also where a clause does not hold.
    fn excluding(&self, clauses: &[Vec<StateBit>]) -> Option<Self> {
        let mut circuit = self.clone();
        let latch = |i: usize| 2 * (self.inputs + 1 + i as u32);
        let find = |role: &Role| self.roles.iter().position(|r| r == role).map(latch);
        let (begun, broken) = (find(&Role::Begun)?, find(&Role::Broken)?);
        let counts = circuit.and(begun, broken ^ 1);
        let mut output = self.output;
        for clause in clauses {
            let mut cube = counts;
            for said in clause {
                let is = |value| Role::State(StateBit { value, ..said.clone() });
                let lit = match (find(&is(true)), find(&is(false))) {
                    (Some(latch), _) => latch ^ u32::from(said.value),
                    (None, Some(latch)) => latch ^ u32::from(!said.value),
                    (None, None) => return None,
                };
                cube = circuit.and(cube, lit);
            }
            output = circuit.or(output, cube);
        }
        // Before samples count, every latch is as it began.
        for i in 0..self.latches.len() {
            if latch(i) != begun {
                let moved = circuit.and(begun ^ 1, latch(i));
                output = circuit.or(output, moved);
            }
        }
        circuit.output = output;
        Some(circuit)
    }

    fn and(&mut self, a: u32, b: u32) -> u32 {
        match (a.min(b), a.max(b)) {
            (0, _) => 0,
            (1, other) => other,
            (a, b) if a == b => a,
            (a, b) if a ^ 1 == b => 0,
            (a, b) => {
                let own = 2 * (self.first_and() + self.ands.len() as u32);
                self.ands.push([b, a]);
                own
            }
        }
    }

    fn or(&mut self, a: u32, b: u32) -> u32 {
        self.and(a ^ 1, b ^ 1) ^ 1
    }

    /// The states that a witness circuit excludes, as far as they are said by latches of this
    /// system; anything else in it is left out. `None` if it cannot be read.
    pub(crate) fn excluded_by(&self, circuit: &[u8]) -> Option<Vec<Excluded>> {
        let design = read_aiger(circuit).ok()?;
        let module = design.top();
        let property = module.properties.iter().find(|p| p.kind == PropertyKind::Assert)?;
        let mut excluded = Vec::new();
        for holds in conjuncts(module, (property.condition, false)) {
            let cube = conjuncts(module, opposite(module, holds));
            let latch = |&(value, inverted): &(ValueId, bool)| match module.cell(value).op {
                Op::Register(r) if r.index() < self.latches.len() => Some((r.index(), !inverted)),
                _ => None,
            };
            excluded.extend(cube.iter().map(latch).collect::<Option<Excluded>>());
        }
        Some(excluded)
    }
}

/// A value, and whether its opposite is meant.
type Literal = (ValueId, bool);

fn plain(module: &Module, (mut value, mut inverted): Literal) -> Literal {
    loop {
        match module.cell(value).op {
            Op::Not(inner) => (value, inverted) = (inner, !inverted),
            Op::Wire(inner) => value = inner,
            _ => return (value, inverted),
        }
    }
}

fn opposite(module: &Module, literal: Literal) -> Literal {
    let (value, inverted) = plain(module, literal);
    (value, !inverted)
}

/// What all have to hold.
fn conjuncts(module: &Module, literal: Literal) -> Vec<Literal> {
    let mut waiting = vec![literal];
    let mut all = Vec::new();
    while let Some(literal) = waiting.pop() {
        let (value, inverted) = plain(module, literal);
        match module.cell(value).op {
            Op::And(a, b) if !inverted => waiting.extend([(a, false), (b, false)]),
            _ => all.push((value, inverted)),
        }
    }
    all
}

/// What a certificate says of single states.
fn invariant_of(certificate: &Certificate, clauses: &mut Vec<Vec<StateBit>>) -> Result<(), String> {
    for given in &certificate.given {
        invariant_of(given, clauses)?;
    }
    match &certificate.evidence {
        Evidence::Invariant { clauses: own } => {
            clauses.extend(own.iter().cloned());
            Ok(())
        }
        Evidence::Induction { k: 0 | 1, distinct_states: false } => Ok(()),
        other => Err(format!("a proof by {other} is no invariant of single steps")),
    }
}
