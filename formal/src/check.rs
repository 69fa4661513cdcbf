//! Checking a certificate anew, apart from the engine that gave it.
//!
//! Shared with the engine: flattening and the settling order of the netlist, a module by itself as a
//! composition has it (`compose/view.rs`), and batsat behind the solver trait. Everything else is written a second time and more plainly: what a design
//! depends on, what a step is, every operator (shifts, selections and reads compare with every number),
//! the sharing of gates, the unrolling, and base and step as one query each.
//! Of an exhaustion all patterns are tried again, on these operators, one gate after the other.
//! Algebra goes backwards, from what is asked to inputs and state, where the engine goes forwards;
//! it makes no use of gates or of a solver.

mod algebra;
mod cells;
mod clauses;
mod composition;
mod core;
mod correspondence;
mod followed;
mod graph;
mod machine;
mod memory;
mod patterns;
mod rounds;
mod whole;

pub use self::core::ProofCore;
use crate::certificate::{Certificate, Evidence, StateBit};
use crate::options::Start;
use crate::solver::{Answer, Deadline, SatLit};
use algebra::Algebra;
use clauses::Clauses;
use correspondence::Said;
use followed::Followed;
use machine::{Machine, Moment, State, Step};
use olivine_netlist::{Design, Module, PropertyId, PropertyKind};
use std::fmt;
use std::time::Duration;

/// Why a certificate does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It is of another design.
    OtherDesign,
    /// It names something that is no assertion and no cover of the design.
    NoSuchProperty(String),
    /// It names a bit of state that the properties do not depend on.
    NoSuchState(String),
    /// It names no property.
    Empty,
    /// What it relies on is of another start.
    OtherStart,
    /// What it relies on does not hold.
    Given(Box<Rejection>),
    /// The design is invalid.
    Invalid,
    /// No legal run has a sample.
    Vacuous,
    /// One of the properties does not hold in the first k samples.
    Base,
    /// k samples in which all properties hold can be followed by one in which some does not.
    Step,
    /// A state after reset violates a clause of the invariant.
    InvariantStart,
    /// The invariant can be left, or a property fails in it.
    InvariantStep,
    /// State that is said to be equal is not at the beginning.
    UnequalStart,
    /// State that is said to be equal can become different.
    UnequalStep,
    /// These bits of a value are not what they are said to be equal to.
    UnequalValue(u32),
    /// A property fails though all is equal that is said to be.
    UnequalProperty,
    /// A memory that is said to hold the same as others need not.
    Memory(String),
    /// A memory cannot be followed by word as is said.
    NotFollowed(String),
    /// A pattern of state and inputs fails a property.
    Pattern,
    /// That a property holds does not follow by algebra.
    Algebra,
    /// More free bits than can be tried.
    Patterns(u32),
    /// The evidence is of another kind than the property.
    OtherKind,
    /// Of a composition: the proof of this property by itself, or of something that is assumed on
    /// the way to it, is missing where it is needed.
    Unfounded(String),
    /// The time was over first.
    Time,
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherDesign => f.write_str("the certificate is of another design"),
            Self::NoSuchProperty(name) => write!(f, "the design has no property \"{name}\""),
            Self::NoSuchState(name) => write!(f, "no property depends on a state \"{name}\""),
            Self::Empty => f.write_str("the certificate names no property"),
            Self::OtherStart => f.write_str("what the certificate relies on is of another start"),
            Self::Given(why) => write!(f, "what the certificate relies on does not hold: {why}"),
            Self::Invalid => f.write_str("the design is invalid"),
            Self::Vacuous => f.write_str("the assumptions allow no run"),
            Self::Base => f.write_str("a property fails within the base case"),
            Self::Step => f.write_str("the inductive step does not hold"),
            Self::InvariantStart => f.write_str("a state after reset is outside the invariant"),
            Self::InvariantStep => {
                f.write_str("the invariant can be left, or a property fails in it")
            }
            Self::UnequalStart => f.write_str("equal state is not equal at the beginning"),
            Self::UnequalStep => f.write_str("equal state can become different"),
            Self::UnequalValue(value) => write!(f, "cell {value} is not equal to what is said"),
            Self::UnequalProperty => f.write_str("a property fails though all state is equal"),
            Self::Memory(name) => write!(f, "the memory \"{name}\" need not hold what is said"),
            Self::NotFollowed(name) => {
                write!(f, "the words of a memory \"{name}\" cannot be followed as is said")
            }
            Self::Algebra => f.write_str("a property does not follow by algebra"),
            Self::Pattern => f.write_str("a pattern of state and inputs fails a property"),
            Self::Patterns(bits) => write!(f, "{bits} free bits are too many to try"),
            Self::OtherKind => f.write_str("the evidence is not for properties of this kind"),
            Self::Unfounded(name) => {
                write!(f, "\"{name}\" is relied on or claimed before it is shown")
            }
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
        match &self.evidence {
            Evidence::Composition { steps } => self.check_composition(design, steps, deadline),
            _ => self.check_flat(&flat(design), deadline),
        }
    }

    fn check_flat(&self, flat: &Module, deadline: Deadline) -> Result<(), Rejection> {
        for given in &self.given {
            if given.design != self.design {
                return Err(Rejection::OtherDesign);
            }
            if given.start != self.start {
                return Err(Rejection::OtherStart);
            }
            let checked = given.check_flat(flat, deadline);
            checked.map_err(|why| Rejection::Given(Box::new(why)))?;
        }
        let (claim, evidence) = self.claim(flat)?;
        if let Evidence::Tracked { .. } = self.evidence {
            // Where words may be anything, more runs are legal.
            self.some_run_is_legal(flat, deadline)?;
        }
        match evidence {
            Evidence::Induction { k, distinct_states } => {
                claim.base(*k, deadline)?;
                claim.step(*k, *distinct_states, deadline)
            }
            Evidence::Correspondence { any_reset, equal, fixed, memories, merges } => {
                self.some_run_is_legal(flat, deadline)?;
                let any_reset = *any_reset;
                let said = Said { any_reset, equal, fixed, memories, merges };
                claim.correspondence(&said, deadline)
            }
            Evidence::Exhaustion { .. } => {
                claim.base(0, deadline)?;
                claim.every_pattern(deadline)
            }
            Evidence::Algebra { merges } => {
                claim.base(0, deadline)?;
                Algebra::new(flat, deadline).check(merges, claim.own())
            }
            Evidence::Invariant { clauses } => {
                let clauses = claim.locate(clauses)?;
                claim.base(0, deadline)?;
                claim.invariant_start(&clauses, deadline)?;
                claim.invariant_step(&clauses, deadline)
            }
            Evidence::Rounds { .. } | Evidence::Composition { .. } | Evidence::Tracked { .. } => {
                Err(Rejection::OtherKind)
            }
        }
    }

    /// The assumptions alone, of the design as it is, allow a run.
    fn some_run_is_legal(&self, flat: &Module, deadline: Deadline) -> Result<(), Rejection> {
        if flat.properties.iter().all(|p| p.kind != PropertyKind::Assume) {
            return Ok(());
        }
        let assumed = Machine::new(flat, &[]);
        Claim { start: self.start, machine: assumed, own: 0 }.base(0, deadline)
    }

    /// What is claimed of a flat design, and the evidence for that: of a property of runs without
    /// end, that there are never too many rounds; of memories some of whose words are followed, about
    /// these words.
    fn claim<'a>(&self, flat: &'a Module) -> Result<(Claim<'a>, &Evidence), Rejection> {
        let own = find(flat, &self.properties)?;
        if own.is_empty() {
            return Err(Rejection::Empty);
        }
        let mut all = own.clone();
        for given in &self.given {
            all.extend(find(flat, &given.properties)?.iter().filter(|p| !own.contains(p)));
        }
        let live = |p: &PropertyId| flat.properties[p.index()].kind == PropertyKind::Live;
        let (rounds, evidence) = match &self.evidence {
            Evidence::Rounds { rounds, because }
                if *rounds > 0 && own.len() == 1 && own.iter().all(live) =>
            {
                (Some(*rounds), &**because)
            }
            _ if own.iter().any(live) => return Err(Rejection::OtherKind),
            evidence => (None, evidence),
        };
        let (followed, evidence) = match evidence {
            Evidence::Tracked { memories, because } if rounds.is_none() => {
                (Some(memories), &**because)
            }
            evidence => (None, evidence),
        };
        let alike = matches!(evidence, Evidence::Rounds { .. })
            || (rounds.is_some() || followed.is_some())
                && matches!(evidence, Evidence::Correspondence { .. } | Evidence::Algebra { .. });
        if alike || all.iter().skip(own.len()).any(live) {
            return Err(Rejection::OtherKind);
        }
        let mut machine = Machine::counting(flat, &all, rounds);
        if let Some(memories) = followed {
            machine.follow(Followed::all(flat, memories, &all)?)?;
        }
        Ok((Claim { start: self.start, machine, own: own.len() }, evidence))
    }
}

/// The design without instances. What a module assumes is given where the module is the top; of one
/// that is placed it has to be shown, as its assertions have.
fn flat(design: &Design) -> Module {
    let mut flat = design.flatten();
    let own = design.top().properties.len();
    for (index, property) in flat.properties.iter_mut().enumerate() {
        let shown = match property.kind {
            PropertyKind::Assume => PropertyKind::Assert,
            PropertyKind::Fair => PropertyKind::Live,
            kind => kind,
        };
        property.kind = if index < own { property.kind } else { shown };
    }
    flat
}

/// The assertions and covers of these names, and the assertions of runs without end.
fn find(flat: &Module, names: &[String]) -> Result<Vec<PropertyId>, Rejection> {
    let find = |name: &String| {
        let found = flat.properties.iter().position(|p| p.name == *name);
        let found = found.filter(|&i| flat.properties[i].kind.is_goal());
        let id = found.map(|i| PropertyId(i as u32));
        id.ok_or_else(|| Rejection::NoSuchProperty(name.clone()))
    };
    names.iter().map(find).collect()
}

/// A bit of the machine's state and the value that fulfils a clause.
type Located = (usize, bool);

/// What is to be checked.
struct Claim<'a> {
    start: Start,
    machine: Machine<'a>,
    /// The first so many properties of the machine are claimed, the others are given.
    own: usize,
}

impl Claim<'_> {
    /// All states after reset.
    fn after_reset(&self, clauses: &mut Clauses) -> State {
        let mut state = self.machine.power_up(clauses);
        let edges = if let Start::AfterReset { edges } = self.start { edges } else { 0 };
        for _ in 0..edges {
            for domain in 0..self.machine.domains.len() {
                state = self.machine.step(clauses, &state, Step::Reset(domain)).next;
            }
        }
        state
    }

    /// The properties that are claimed.
    fn own(&self) -> &[PropertyId] {
        &self.machine.asked()[..self.own]
    }

    fn own_bad(&self, clauses: &mut Clauses, moment: &Moment) -> SatLit {
        clauses.any(&moment.bad[..self.own])
    }

    /// A legal step in which what is given holds.
    fn allowed(&self, clauses: &mut Clauses, moment: &Moment) -> SatLit {
        let broken = clauses.any(&moment.bad[self.own..]);
        clauses.and(moment.legal, !broken)
    }

    /// Some run is legal, and none fails in its first k samples.
    fn base(&self, k: u32, deadline: Deadline) -> Result<(), Rejection> {
        let mut clauses = Clauses::hashed();
        let state = self.after_reset(&mut clauses);
        let first = self.machine.step(&mut clauses, &state, Step::Run);
        if clauses.solve(&[first.legal], deadline)? == Answer::Unsat {
            return Err(Rejection::Vacuous);
        }
        let mut clauses = Clauses::hashed();
        let failure = self.base_query(k, &mut clauses);
        refuse(&mut clauses, &failure, deadline, Rejection::Base)
    }

    /// A run fails in its first k samples.
    fn base_query(&self, k: u32, clauses: &mut Clauses) -> Vec<SatLit> {
        let mut state = self.after_reset(clauses);
        let mut legal = clauses.yes();
        let mut failures = Vec::new();
        for _ in 0..k {
            let moment = self.machine.step(clauses, &state, Step::Run);
            legal = clauses.and(legal, moment.legal);
            let some_bad = self.own_bad(clauses, &moment);
            failures.push(clauses.and(legal, some_bad));
            state = moment.next;
        }
        vec![clauses.any(&failures)]
    }

    fn step(&self, k: u32, distinct_states: bool, deadline: Deadline) -> Result<(), Rejection> {
        let mut clauses = Clauses::hashed();
        let required = self.step_query(k, distinct_states, &mut clauses);
        refuse(&mut clauses, &required, deadline, Rejection::Step)
    }

    /// Samples without failure, one more than k of them, of which the last fails.
    fn step_query(&self, k: u32, distinct_states: bool, clauses: &mut Clauses) -> Vec<SatLit> {
        let mut state = self.machine.any_state(clauses);
        let mut required = Vec::new();
        let mut before: Vec<Moment> = Vec::new();
        for sample in 0..=k {
            let moment = self.machine.step(clauses, &state, Step::Run);
            required.push(self.allowed(clauses, &moment));
            let some_bad = self.own_bad(clauses, &moment);
            required.push(if sample < k { !some_bad } else { some_bad });
            if distinct_states {
                required.extend(before.iter().map(|b| clauses.differ(&b.state, &moment.state)));
            }
            state.clone_from(&moment.next);
            before.push(moment);
        }
        required
    }

    /// No pattern of state and inputs is legal and fails.
    fn every_pattern(&self, deadline: Deadline) -> Result<(), Rejection> {
        let mut clauses = Clauses::recording();
        let state = self.machine.any_state(&mut clauses);
        let moment = self.machine.step(&mut clauses, &state, Step::Run);
        let allowed = self.allowed(&mut clauses, &moment);
        let some_bad = self.own_bad(&mut clauses, &moment);
        match clauses.solve(&[allowed, some_bad], deadline)? {
            Answer::Unsat => Ok(()),
            _ => Err(Rejection::Pattern),
        }
    }

    fn locate(&self, clauses: &[Vec<StateBit>]) -> Result<Vec<Vec<Located>>, Rejection> {
        let places = self.machine.places();
        let locate = |part: &StateBit| {
            let place = places.get(&part.state).filter(|(_, width)| part.bit < *width);
            let (first, _) = place.ok_or_else(|| Rejection::NoSuchState(part.state.clone()))?;
            Ok((first + part.bit as usize, part.value))
        };
        clauses.iter().map(|clause| clause.iter().map(locate).collect()).collect()
    }

    /// Every state after reset fulfils every clause.
    fn invariant_start(
        &self,
        invariant: &[Vec<Located>],
        deadline: Deadline,
    ) -> Result<(), Rejection> {
        let mut clauses = Clauses::hashed();
        let required = self.start_query(invariant, &mut clauses);
        refuse(&mut clauses, &required, deadline, Rejection::InvariantStart)
    }

    /// A state after reset that violates a clause.
    fn start_query(&self, invariant: &[Vec<Located>], clauses: &mut Clauses) -> Vec<SatLit> {
        let state = self.after_reset(clauses);
        vec![outside(clauses, invariant, &state)]
    }

    /// From states that fulfil every clause a legal step fails no property and leads to such.
    fn invariant_step(
        &self,
        invariant: &[Vec<Located>],
        deadline: Deadline,
    ) -> Result<(), Rejection> {
        let mut clauses = Clauses::hashed();
        let required = self.leave_query(invariant, &mut clauses);
        refuse(&mut clauses, &required, deadline, Rejection::InvariantStep)
    }

    /// A legal step from a state that fulfils every clause, which fails or leads to another.
    fn leave_query(&self, invariant: &[Vec<Located>], clauses: &mut Clauses) -> Vec<SatLit> {
        let state = self.machine.any_state(clauses);
        let before = outside(clauses, invariant, &state);
        let moment = self.machine.step(clauses, &state, Step::Run);
        let after = outside(clauses, invariant, &moment.next);
        let allowed = self.allowed(clauses, &moment);
        let bad = self.own_bad(clauses, &moment);
        let wrong = clauses.any(&[bad, after]);
        vec![!before, allowed, wrong]
    }
}

/// Some clause is violated.
fn outside(clauses: &mut Clauses, invariant: &[Vec<Located>], state: &State) -> SatLit {
    let mut violated = Vec::new();
    for clause in invariant {
        let parts: Vec<SatLit> =
            clause.iter().map(|&(at, value)| if value { state[at] } else { !state[at] }).collect();
        violated.push(!clauses.any(&parts));
    }
    clauses.any(&violated)
}

/// The rejection, if all these can be. They are the last question and so are required: where an
/// assumption of the design fixes a value, whatever shares its gates becomes constant.
fn refuse(
    clauses: &mut Clauses,
    required: &[SatLit],
    deadline: Deadline,
    rejection: Rejection,
) -> Result<(), Rejection> {
    required.iter().for_each(|&lit| clauses.clause(&[lit]));
    match clauses.solve(&[], deadline)? {
        Answer::Unsat => Ok(()),
        _ => Err(rejection),
    }
}
