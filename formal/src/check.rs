//! Checking a certificate anew, apart from the engine that gave it.
//!
//! Shared with the engine: flattening and the settling order of the netlist, and batsat behind
//! the solver trait. Everything else is written a second time and more plainly: what a design
//! depends on, what a step is, every operator (no gate is shared or folded; shifts, selections
//! and reads compare with every number), the unrolling, and base and step as one query each.

mod cells;
mod clauses;
mod machine;
mod memory;

use crate::certificate::Certificate;
use crate::options::Start;
use crate::solver::{Answer, Deadline, SatLit};
use clauses::Clauses;
use machine::{Machine, Moment, Step};
use olivine_netlist::{Design, PropertyId, PropertyKind};
use std::fmt;
use std::time::Duration;

/// Why a certificate does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It is of another design.
    OtherDesign,
    /// It names something that is no assertion and no cover of the design.
    NoSuchProperty(String),
    /// It names no property.
    Empty,
    /// The design is invalid.
    Invalid,
    /// No legal run has a sample.
    Vacuous,
    /// One of the properties does not hold in the first k samples.
    Base,
    /// k samples in which all properties hold can be followed by one in which some does not.
    Step,
    /// The time was over first.
    Time,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherDesign => f.write_str("the certificate is of another design"),
            Self::NoSuchProperty(name) => write!(f, "the design has no property \"{name}\""),
            Self::Empty => f.write_str("the certificate names no property"),
            Self::Invalid => f.write_str("the design is invalid"),
            Self::Vacuous => f.write_str("the assumptions allow no run"),
            Self::Base => f.write_str("a property fails within the base case"),
            Self::Step => f.write_str("the inductive step does not hold"),
            Self::Time => f.write_str("the time limit came before the certificate was checked"),
        }
    }
}

impl std::error::Error for Rejection {}

impl Certificate {
    /// Checks that all its properties hold in every run of the design.
    ///
    /// # Errors
    /// Why it does not follow.
    pub fn check(&self, design: &Design, time_limit: Option<Duration>) -> Result<(), Rejection> {
        let deadline = Deadline::after(time_limit);
        if design.digest() != self.design {
            return Err(Rejection::OtherDesign);
        }
        design.validate().map_err(|_| Rejection::Invalid)?;
        let flat = design.flatten();
        let find = |name: &String| {
            let found = flat.properties.iter().position(|p| p.name == *name);
            let found = found.filter(|&i| flat.properties[i].kind != PropertyKind::Assume);
            let id = found.map(|i| PropertyId(i as u32));
            id.ok_or_else(|| Rejection::NoSuchProperty(name.clone()))
        };
        let properties: Vec<PropertyId> =
            self.properties.iter().map(find).collect::<Result<_, _>>()?;
        if properties.is_empty() {
            return Err(Rejection::Empty);
        }
        let machine = Machine::new(&flat, &properties);
        self.base(&machine, deadline)?;
        self.step(&machine, deadline)
    }

    fn base(&self, machine: &Machine, deadline: Deadline) -> Result<(), Rejection> {
        let mut clauses = Clauses::default();
        let mut state = machine.power_up(&mut clauses);
        let edges = if let Start::AfterReset { edges } = self.start { edges } else { 0 };
        for _ in 0..edges {
            for domain in 0..machine.domains.len() {
                state = machine.step(&mut clauses, &state, Step::Reset(domain)).next;
            }
        }
        let mut legal = clauses.yes();
        let mut failures = Vec::new();
        for sample in 0..self.k.max(1) {
            let moment = machine.step(&mut clauses, &state, Step::Run);
            legal = clauses.and(legal, moment.legal);
            if sample == 0 && clauses.solve(&[legal], deadline)? == Answer::Unsat {
                return Err(Rejection::Vacuous);
            }
            if sample < self.k {
                let some_bad = clauses.any(&moment.bad);
                failures.push(clauses.and(legal, some_bad));
            }
            state = moment.next;
        }
        let failure = clauses.any(&failures);
        refuse(&mut clauses, &[failure], deadline, Rejection::Base)
    }

    fn step(&self, machine: &Machine, deadline: Deadline) -> Result<(), Rejection> {
        let mut clauses = Clauses::default();
        let mut state = machine.any_state(&mut clauses);
        let mut required = Vec::new();
        let mut before: Vec<Moment> = Vec::new();
        for sample in 0..=self.k {
            let moment = machine.step(&mut clauses, &state, Step::Run);
            required.push(moment.legal);
            let some_bad = clauses.any(&moment.bad);
            required.push(if sample < self.k { !some_bad } else { some_bad });
            if self.distinct_states {
                required.extend(before.iter().map(|b| clauses.differ(&b.state, &moment.state)));
            }
            state.clone_from(&moment.next);
            before.push(moment);
        }
        refuse(&mut clauses, &required, deadline, Rejection::Step)
    }
}

/// The rejection, if all these can be.
fn refuse(
    clauses: &mut Clauses,
    required: &[SatLit],
    deadline: Deadline,
    rejection: Rejection,
) -> Result<(), Rejection> {
    match clauses.solve(required, deadline)? {
        Answer::Unsat => Ok(()),
        _ => Err(rejection),
    }
}
