//! [`LassoSearch`]: runs that end in a loop, and so go on for ever.

use super::model::{self, Model};
use super::{Halt, Limits};
use crate::bits::BitSystem;
use crate::cnf::Query;
use crate::gates::Lit;
use crate::options::Start;
use crate::sabotage::{Bug, planted};
use crate::solver::Answer;
use crate::unroll::{Step, Unrolling};

/// A run from the start whose last steps repeat for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lasso {
    /// The run, the loop once.
    pub model: Model,
    /// The first step of the loop.
    pub from: usize,
}

/// Which loops are looked for; all of them are fair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loop {
    /// The condition of the target holds nowhere in it.
    Waiting,
    /// Any.
    Fair,
}

/// Legal runs from the start of a system with a target of runs without end, one sample longer each
/// time.
pub(crate) struct LassoSearch<'a> {
    unrolling: Unrolling<'a>,
    query: Query,
    /// Number of steps before the first sample.
    resets: usize,
    /// Some sample fails the target's condition.
    pub waits: bool,
}

impl<'a> LassoSearch<'a> {
    /// No samples yet.
    pub fn new(system: &'a BitSystem, start: Start) -> Self {
        let mut unrolling = Unrolling::from_power_up(system);
        let edges = if let Start::AfterReset { edges } = start { edges } else { 0 };
        for _ in 0..edges {
            (0..system.domains.len()).for_each(|domain| unrolling.push(Step::Reset(domain)));
        }
        let resets = unrolling.frames.len();
        Self { unrolling, query: Query::default(), resets, waits: false }
    }

    /// The number of samples.
    pub fn samples(&self) -> usize {
        self.unrolling.frames.len() - self.resets
    }

    /// One sample more. Whether there is a legal run of that many.
    pub fn extend(&mut self, limits: &Limits) -> Result<bool, Halt> {
        limits.check_room(&self.unrolling.gates)?;
        self.unrolling.push(Step::Run);
        let frame = &self.unrolling.frames[self.unrolling.frames.len() - 1];
        let (legal, waits) = (frame.legal, frame.watched.as_ref().map(|watched| watched.waits));
        self.query.require(&self.unrolling.gates, legal);
        let legal = self.possible(Lit::ONE, limits)?;
        if legal && !self.waits {
            self.waits = self.possible(waits.unwrap_or(Lit::ZERO), limits)?;
        }
        Ok(legal)
    }

    fn possible(&mut self, lit: Lit, limits: &Limits) -> Result<bool, Halt> {
        if lit == Lit::ZERO {
            return Ok(false);
        }
        let lit = self.query.lit(&self.unrolling.gates, lit);
        match self.query.solve(&[lit], limits.deadline) {
            Answer::Sat => Ok(true),
            Answer::Unsat => Ok(false),
            Answer::Stopped => Err(Halt::Time),
        }
    }

    /// A run whose last step leads back to the beginning of an earlier one, or of itself.
    pub fn find(&mut self, which: Loop, limits: &Limits) -> Result<Option<Lasso>, Halt> {
        let loops = self.loops(which);
        let some = self.unrolling.gates.any(loops.iter().map(|(_, closed)| *closed));
        limits.check(self.unrolling.gates.gates().len())?;
        if !self.possible(some, limits)? {
            return Ok(None);
        }
        let held = |lit: Lit| lit.to_constant().or_else(|| self.query.value(lit)) == Some(true);
        let taken = loops.into_iter().find(|(_, closed)| held(*closed));
        Ok(taken.map(|(from, closed)| Lasso {
            model: model::needed(&self.unrolling, &self.query, closed, self.resets),
            from,
        }))
    }

    /// By first step: the run from there on is a loop that is looked for.
    fn loops(&mut self, which: Loop) -> Vec<(usize, Lit)> {
        let own = self.unrolling.system.watched.as_ref().map_or(0, |watched| watched.own_latches);
        let end: Vec<Lit> = self.unrolling.state()[..own].to_vec();
        let mut met: Vec<Lit> = Vec::new();
        let mut waiting = Lit::ONE;
        let mut loops = Vec::new();
        for from in (self.resets..self.unrolling.frames.len()).rev() {
            let frame = &self.unrolling.frames[from];
            let Some(watched) = &frame.watched else { continue };
            let (holds, fair, state) = (watched.holds, watched.fair.clone(), frame.state.clone());
            let gates = &mut self.unrolling.gates;
            met.resize(fair.len(), Lit::ZERO);
            met = met.iter().zip(fair).map(|(&met, fair)| gates.or(met, fair)).collect();
            waiting = gates.and(waiting, !holds);
            let mut parts: Vec<Lit> = Vec::new();
            if !planted(Bug::LoopOpen) {
                parts.extend(state.iter().zip(&end).map(|(&a, &b)| !gates.xor(a, b)));
            }
            if !planted(Bug::LoopUnfair) {
                parts.extend(&met);
            }
            if which == Loop::Waiting && !planted(Bug::LoopAnswered) {
                parts.push(waiting);
            }
            loops.push((from, gates.all(parts)));
        }
        loops
    }
}
