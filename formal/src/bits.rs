//! [`BitSystem`]: a transition system down on single bits and gates.

mod cell;
mod memory;
#[cfg(test)]
mod tests;
mod trigger;
mod watch;
mod whole;

pub(crate) use watch::Watched;
pub(crate) use whole::WholeSystem;

use crate::gates::{Gates, Lit};
use crate::sabotage::{Bug, planted};
use crate::system::{Input, State, TransitionSystem};
use crate::words::{self, Word};
use olivine_netlist::{DomainId, PropertyId, PropertyKind, Register, ValueId};

/// One step of a [`TransitionSystem`] as gates over free variables.
///
/// A register with an asynchronous reset is *seen*, by cells and properties, with its reset value
/// while the reset is active, and holds that after the step, whoever's turn it is. (The reset is
/// sampled once a step, as everything is: a pulse within a step is that of a step of its own.)
///
/// The free variables are, in this order: one for each latch; the reset; one less than there are
/// domains for whose turn the step is; the bits of the inputs.
#[derive(Debug)]
pub(crate) struct BitSystem {
    /// The gates of one step.
    pub gates: Gates,
    /// The bits of the states, in their order.
    pub latches: Vec<Latch>,
    /// The clock domains that matter here.
    pub domains: Vec<DomainId>,
    /// Whether the step is an edge of the domain, by `domains`.
    pub turns: Vec<Lit>,
    /// Number of input bits.
    pub input_bits: usize,
    /// What a legal step satisfies.
    pub constraints: Vec<Lit>,
    /// By target: the step fails the assertion or reaches the cover.
    pub bad: Vec<Lit>,
    /// By target: the step fulfils what the assertion is conditional on, if it is conditional.
    pub triggers: Vec<Option<Lit>>,
    /// By target: index into `domains`.
    pub target_domains: Vec<usize>,
    /// What a target of runs without end is about.
    pub watched: Option<Watched>,
}

/// One bit of state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Latch {
    /// Its value after the step.
    pub next: Lit,
    /// Its value at power-up; `None` if it is undefined.
    pub power_up: Option<bool>,
}

impl BitSystem {
    /// Lowers a transition system.
    pub fn new(system: &TransitionSystem) -> Self {
        let mut lowering = Lowering::new(system);
        lowering.cells();
        lowering.finish()
    }

    /// Number of the free variable that is the first input bit.
    pub fn first_input(&self) -> usize {
        self.reset() + self.domains.len()
    }

    /// Number of the free variable that is the reset.
    pub fn reset(&self) -> usize {
        self.latches.len()
    }

    /// Numbers of the free variables that say whose turn it is.
    pub fn choosers(&self) -> std::ops::Range<usize> {
        self.reset() + 1..self.first_input()
    }
}

/// A lowering on its way.
struct Lowering<'a> {
    system: &'a TransitionSystem,
    gates: Gates,
    values: Vec<Word>,
    states: Vec<Word>,
    inputs: Vec<Word>,
    reset: Lit,
    domains: Vec<DomainId>,
    turns: Vec<Lit>,
    /// What becomes of memories that are taken as a whole; `None` if they are expanded.
    whole: Option<whole::Contents>,
}

impl<'a> Lowering<'a> {
    fn new(system: &'a TransitionSystem) -> Self {
        let mut gates = Gates::default();
        let mut word = |width: u32| (0..width).map(|_| gates.free()).collect::<Word>();
        let states = system.states.iter().map(|&s| word(system.state_width(s))).collect();
        let reset = word(1)[0];
        let domains = system.domains();
        let choosers = word((domains.len() as u32).saturating_sub(1));
        let inputs = system.inputs.iter().map(|&i| word(system.input_width(i))).collect();
        let turns = turns(&mut gates, &choosers);
        let values = vec![Word::default(); system.flat.cells.len()];
        Self { system, gates, values, states, inputs, reset, domains, turns, whole: None }
    }

    fn value(&self, value: ValueId) -> &Word {
        &self.values[value.index()]
    }

    /// A one-bit value; one if there is none.
    fn bit(&self, value: Option<ValueId>) -> Lit {
        value.map_or(Lit::ONE, |v| self.value(v)[0])
    }

    fn state(&self, state: State) -> &Word {
        let index = self.system.states.iter().position(|&s| s == state);
        &self.states[index.expect("the cone holds every state it reads")]
    }

    fn input(&self, input: Input) -> &Word {
        let index = self.system.inputs.iter().position(|&i| i == input);
        &self.inputs[index.expect("the cone holds every input it reads")]
    }

    fn turn(&self, domain: DomainId) -> Lit {
        let index = self.domains.iter().position(|&d| d == domain);
        self.turns[index.expect("the cone's domains are all here")]
    }

    fn next_of_register(&mut self, register: &Register) -> Word {
        let held = self.value(register.value).clone();
        let mut next = held.clone();
        for case in &register.cases {
            let (condition, value) = (self.bit(case.condition), self.value(case.value).clone());
            next = words::mux(&mut self.gates, condition, &value, &next);
        }
        if let Some(reset) = register.reset.as_ref().filter(|_| !planted(Bug::ResetIgnored)) {
            next = words::mux(&mut self.gates, self.reset, &words::constant(reset), &next);
        }
        let turn = self.turn(register.domain);
        words::mux(&mut self.gates, turn, &next, &held)
    }

    fn latches(&mut self, memories: &[memory::Written]) -> Vec<Latch> {
        let system = self.system;
        let mut latches = Vec::new();
        for &state in &system.states {
            let next = match state {
                State::Register(r) => self.next_of_register(&system.flat.registers[r.index()]),
                State::Word(m, address) => memories[m.index()].words[address as usize].clone(),
                State::Held(m, port) => self.next_of_held(m, port, &memories[m.index()]),
                State::Met => self.next_of_met(),
                State::Rounds => self.next_of_rounds(),
            };
            let power_up = system.power_up(state);
            latches.extend(next.iter().enumerate().map(|(i, &next)| Latch {
                next,
                power_up: match power_up {
                    None if planted(Bug::PowerUpKnown) => Some(false),
                    known => known.map(|bits| bits.bit(i as u32)),
                },
            }));
        }
        latches
    }

    /// Whether the step samples the property and finds its condition to be `value`.
    fn sampled_as(&mut self, property: PropertyId, value: bool) -> Lit {
        let property = &self.system.flat.properties[property.index()];
        let condition = self.value(property.condition)[0].invert_if(!value);
        let turn = self.turn(property.domain);
        self.gates.and(turn, condition)
    }

    fn finish(mut self) -> BitSystem {
        let memories = self.memories();
        let latches = self.latches(&memories);
        self.system_of(latches)
    }

    fn system_of(mut self, latches: Vec<Latch>) -> BitSystem {
        let system = self.system;
        let constraints = system.assumptions.iter().map(|&p| !self.sampled_as(p, false)).collect();
        let kind = |p: PropertyId| system.flat.properties[p.index()].kind;
        let watched = system.watch.as_ref().map(|watch| self.watched(watch));
        let bad = |&p: &PropertyId| {
            if system.watch.is_some() {
                return self.round_too_many();
            }
            let cover = kind(p) == PropertyKind::Cover && !planted(Bug::CoverTurned);
            self.sampled_as(p, cover)
        };
        let bad = system.targets.iter().map(bad).collect();
        let triggers = system.targets.iter().map(|&p| self.trigger(p)).collect();
        let domain = |p: &PropertyId| system.flat.properties[p.index()].domain;
        let index = |d| self.domains.iter().position(|&e| e == d).unwrap_or_default();
        BitSystem {
            target_domains: system.targets.iter().map(|p| index(domain(p))).collect(),
            input_bits: self.inputs.iter().map(|w| w.len()).sum(),
            gates: self.gates,
            latches,
            domains: self.domains,
            turns: self.turns,
            constraints,
            bad,
            triggers,
            watched,
        }
    }
}

/// Whose turn it is: the first whose chooser is one, else the last.
fn turns(gates: &mut Gates, choosers: &[Lit]) -> Vec<Lit> {
    let mut nobody_yet = Lit::ONE;
    let mut turns = Vec::with_capacity(choosers.len() + 1);
    for &chooser in choosers {
        turns.push(gates.and(nobody_yet, chooser));
        nobody_yet = gates.and(nobody_yet, !chooser);
    }
    turns.push(nobody_yet);
    turns
}
