//! [`ProofCore`]: what of a design a proof rests on.
//!
//! The queries of the checker once more, with a switch for each assumption, register, memory and
//! named value: where it is off, the assumption says nothing, and what is computed may be anything.
//! The switches in the solver's conflict are enough for the proof; of these, one after the other is
//! tried without.

use super::clauses::Clauses;
use super::machine::Machine;
use super::{Claim, Rejection};
use crate::certificate::{Certificate, Evidence};
use crate::solver::{Answer, Deadline, SatLit};
use olivine_netlist::{Design, Module, Op, PropertyKind, ValueId};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::time::Duration;

/// What a proof rests on; without any one of these this proof does not hold, as far as the time
/// allowed to find out. Names are paths in the flat design.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProofCore {
    /// The properties that are proved.
    pub properties: Vec<String>,
    /// Assumptions.
    pub assumptions: BTreeSet<String>,
    /// Registers, by how they are reset and what they become.
    pub registers: BTreeSet<String>,
    /// Memories, by how they are written.
    pub memories: BTreeSet<String>,
    /// Named values, by how they are computed.
    pub values: BTreeSet<String>,
}

impl ProofCore {
    /// Whether nothing that the design computes is used: the properties would hold of any other.
    pub fn is_without_logic(&self) -> bool {
        self.registers.is_empty() && self.memories.is_empty() && self.values.is_empty()
    }
}

impl fmt::Display for ProofCore {
    /// Line by line what is used.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted: Vec<String> = self.properties.iter().map(|p| format!("\"{p}\"")).collect();
        let rests = if quoted.len() == 1 { "rests" } else { "rest" };
        writeln!(f, "{} {rests} on", quoted.join(", "))?;
        let parts = [
            ("assumptions", &self.assumptions),
            ("registers", &self.registers),
            ("memories", &self.memories),
            ("values", &self.values),
        ];
        for (what, names) in parts.into_iter().filter(|(_, names)| !names.is_empty()) {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            writeln!(f, "  {what}: {}", names.join(", "))?;
        }
        if self.is_without_logic() {
            writeln!(f, "  nothing that the design computes: it would hold of any other")?;
        }
        Ok(())
    }
}

/// What can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Assumption(usize),
    Register(usize),
    Memory(usize),
    Value(ValueId),
}

/// A switch for each part.
#[derive(Clone, Default)]
pub(super) struct Switches {
    pub assumptions: HashMap<usize, SatLit>,
    pub registers: HashMap<usize, SatLit>,
    pub memories: HashMap<usize, SatLit>,
    pub values: HashMap<ValueId, SatLit>,
    all: Vec<(SatLit, Part)>,
}

impl Switches {
    fn new(clauses: &mut Clauses, machine: &Machine<'_>) -> Self {
        let mut switches = Self::default();
        let flat = machine.flat;
        let mut add = |part| {
            let switch = clauses.free(1)[0];
            switches.all.push((switch, part));
            switch
        };
        let mut assumptions = HashMap::new();
        for (i, property) in flat.properties.iter().enumerate() {
            if property.kind == PropertyKind::Assume {
                assumptions.insert(i, add(Part::Assumption(i)));
            }
        }
        let needed =
            |flags: &[bool]| -> Vec<usize> { (0..flags.len()).filter(|&i| flags[i]).collect() };
        let registers = needed(&machine.registers).into_iter();
        let registers = registers.map(|i| (i, add(Part::Register(i)))).collect();
        let memories = (0..flat.memories.len()).filter(|&i| machine.memories[i].is_some());
        let memories = memories.map(|i| (i, add(Part::Memory(i)))).collect();
        let named = machine.order.iter().filter(|v| is_named(flat, **v));
        let values = named.map(|&v| (v, add(Part::Value(v)))).collect();
        Self { assumptions, registers, memories, values, all: switches.all }
    }
}

/// Whether a value has a name of its own and is computed from others.
fn is_named(flat: &Module, value: ValueId) -> bool {
    let cell = flat.cell(value);
    let leaf = matches!(
        cell.op,
        Op::Const(_) | Op::Input(_) | Op::Undefined | Op::Register(_) | Op::ReadData { .. }
    );
    cell.label.is_some() && !leaf
}

impl Certificate {
    /// What the proof rests on.
    ///
    /// # Errors
    /// The certificate does not hold; or it is of a kind whose core is not looked for:
    /// [`Evidence::Correspondence`], [`Evidence::Exhaustion`], [`Evidence::Algebra`].
    pub fn core(
        &self,
        design: &Design,
        time_limit: Option<Duration>,
    ) -> Result<ProofCore, Rejection> {
        let deadline = Deadline::after(time_limit);
        if design.digest() != self.design {
            return Err(Rejection::OtherDesign);
        }
        design.validate().map_err(|_| Rejection::Invalid)?;
        self.core_of(&super::flat(design), deadline)
    }

    fn core_of(&self, flat: &Module, deadline: Deadline) -> Result<ProofCore, Rejection> {
        let mut core = ProofCore { properties: self.properties.clone(), ..ProofCore::default() };
        for given in &self.given {
            let other = given.core_of(flat, deadline)?;
            core.assumptions.extend(other.assumptions);
            core.registers.extend(other.registers);
            core.memories.extend(other.memories);
            core.values.extend(other.values);
        }
        let (mut claim, evidence) = self.claim(flat)?;
        let queries: Vec<Query<'_>> = match evidence {
            Evidence::Induction { k, distinct_states } => vec![
                Box::new(|claim, clauses| claim.base_query(*k, clauses)),
                Box::new(|claim, clauses| claim.step_query(*k, *distinct_states, clauses)),
            ],
            Evidence::Invariant { clauses: invariant } => {
                let located = claim.locate(invariant)?;
                let again = located.clone();
                vec![
                    Box::new(move |claim, clauses| claim.start_query(&located, clauses)),
                    Box::new(move |claim, clauses| claim.leave_query(&again, clauses)),
                ]
            }
            _ => return Err(Rejection::OtherKind),
        };
        for query in queries {
            let used = used(&mut claim, &query, deadline)?;
            note(flat, &used, &mut core);
        }
        Ok(core)
    }
}

/// What is required of a counterexample to a part of a proof.
type Query<'q> = Box<dyn Fn(&Claim<'_>, &mut Clauses) -> Vec<SatLit> + 'q>;

/// Parts that are enough for there to be no counterexample.
fn used(
    claim: &mut Claim<'_>,
    query: &Query<'_>,
    deadline: Deadline,
) -> Result<Vec<Part>, Rejection> {
    let mut clauses = Clauses::default();
    let switches = Switches::new(&mut clauses, &claim.machine);
    claim.machine.switches = Some(switches.clone());
    let required = query(claim, &mut clauses);
    claim.machine.switches = None;
    let mut on: Vec<SatLit> = switches.all.iter().map(|(switch, _)| *switch).collect();
    let without = |on: &[SatLit], clauses: &mut Clauses| {
        let asked: Vec<SatLit> = required.iter().chain(on).copied().collect();
        let answer = clauses.solve(&asked, deadline)?;
        let core = if answer == Answer::Unsat { clauses.core() } else { Vec::new() };
        Ok::<_, Rejection>((answer == Answer::Unsat).then_some(core))
    };
    let Some(core) = without(&on, &mut clauses)? else { return Err(Rejection::Step) };
    on.retain(|switch| core.contains(switch));
    for tried in on.clone() {
        let fewer: Vec<SatLit> = on.iter().copied().filter(|&switch| switch != tried).collect();
        match without(&fewer, &mut clauses) {
            Ok(Some(core)) if fewer.len() < on.len() => {
                on.retain(|s| core.contains(s) && *s != tried)
            }
            // What time does not allow to try stays in.
            Err(_) => break,
            _ => {}
        }
    }
    let part = |switch: &SatLit| switches.all.iter().find(|(s, _)| s == switch).map(|(_, p)| *p);
    Ok(on.iter().filter_map(part).collect())
}

fn note(flat: &Module, used: &[Part], core: &mut ProofCore) {
    for part in used {
        match *part {
            Part::Assumption(i) => core.assumptions.insert(flat.properties[i].name.clone()),
            Part::Register(i) => core.registers.insert(flat.registers[i].name.clone()),
            Part::Memory(i) => core.memories.insert(flat.memories[i].name.clone()),
            Part::Value(v) => {
                let label = flat.cell(v).label.as_ref();
                core.values.insert(label.map(|label| label.name.clone()).unwrap_or_default())
            }
        };
    }
}
