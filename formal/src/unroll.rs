//! [`Unrolling`]: the steps of a system one after the other, as one graph of gates.

use crate::bits::{BitSystem, Watched};
use crate::gates::{Gates, Lit, translated};

/// Consecutive steps of a system.
#[derive(Debug)]
pub(crate) struct Unrolling<'a> {
    /// The system.
    pub system: &'a BitSystem,
    /// The gates of all steps.
    pub gates: Gates,
    /// The steps so far.
    pub frames: Vec<Frame>,
    state: Vec<Lit>,
}

/// One step.
#[derive(Debug)]
pub(crate) struct Frame {
    /// The latches before the step.
    pub state: Vec<Lit>,
    /// The input bits.
    pub inputs: Vec<Lit>,
    /// Whose turn it is: the first domain whose chooser is one, else the last.
    pub choosers: Vec<Lit>,
    /// The step is legal.
    pub legal: Lit,
    /// By target: the step fails the assertion or reaches the cover.
    pub bad: Vec<Lit>,
    /// As [`BitSystem::triggers`].
    pub triggers: Vec<Option<Lit>>,
    /// As [`BitSystem::turns`].
    pub turns: Vec<Lit>,
    /// As [`BitSystem::watched`].
    pub watched: Option<Watched>,
}

/// What a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// An edge of this domain (an index into [`BitSystem::domains`]) under active reset.
    Reset(usize),
    /// An edge of any domain, reset inactive.
    Run,
}

impl<'a> Unrolling<'a> {
    /// No steps yet, in any state that power-up can leave.
    pub fn from_power_up(system: &'a BitSystem) -> Self {
        Self::new(system, |gates, known| known.map_or_else(|| gates.free(), Lit::constant))
    }

    /// No steps yet, in any state at all.
    pub fn from_anywhere(system: &'a BitSystem) -> Self {
        Self::new(system, |gates, _| gates.free())
    }

    fn new(system: &'a BitSystem, bit: impl Fn(&mut Gates, Option<bool>) -> Lit) -> Self {
        let mut gates = Gates::default();
        let state = system.latches.iter().map(|latch| bit(&mut gates, latch.power_up)).collect();
        Self { system, gates, frames: Vec::new(), state }
    }

    /// The latches after the last step.
    pub fn state(&self) -> &[Lit] {
        &self.state
    }

    /// Adds a step.
    pub fn push(&mut self, step: Step) {
        self.push_with(step, &[]);
    }

    /// Adds a step; what these literals of the system are in it.
    pub fn push_with(&mut self, step: Step, asked: &[Lit]) -> Vec<Lit> {
        let system = self.system;
        let mut bind = self.state.clone();
        bind.push(Lit::constant(step != Step::Run));
        let chooser = |domain| match step {
            Step::Reset(only) => Lit::constant(domain == only),
            Step::Run => self.gates.free(),
        };
        let choosers: Vec<Lit> = (0..system.choosers().len()).map(chooser).collect();
        bind.extend(&choosers);
        let inputs: Vec<Lit> = (0..system.input_bits).map(|_| self.gates.free()).collect();
        bind.extend(&inputs);
        let map = self.gates.copy_from(&system.gates, &bind);
        let all = |lits: &[Lit]| lits.iter().map(|&l| translated(&map, l)).collect::<Vec<_>>();
        let next = system.latches.iter().map(|l| translated(&map, l.next)).collect();
        let state = std::mem::replace(&mut self.state, next);
        let legal = self.gates.all(all(&system.constraints));
        let triggers = system.triggers.iter().map(|t| t.map(|t| translated(&map, t))).collect();
        let (bad, turns) = (all(&system.bad), all(&system.turns));
        let watched = system.watched.as_ref().map(|watched| Watched {
            holds: translated(&map, watched.holds),
            waits: translated(&map, watched.waits),
            fair: all(&watched.fair),
            own_latches: watched.own_latches,
        });
        let asked = all(asked);
        self.frames.push(Frame { state, inputs, choosers, legal, bad, triggers, turns, watched });
        asked
    }

    /// Two steps begin in different states.
    pub fn distinct(&mut self, first: usize, second: usize) -> Lit {
        let pairs = self.frames[first].state.iter().zip(&self.frames[second].state);
        let pairs: Vec<(Lit, Lit)> = pairs.map(|(&a, &b)| (a, b)).collect();
        let differ: Vec<Lit> = pairs.into_iter().map(|(a, b)| self.gates.xor(a, b)).collect();
        self.gates.any(differ)
    }
}
