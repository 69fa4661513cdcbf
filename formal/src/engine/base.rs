//! [`Base`]: runs from the start, one sample longer each time.

use super::model::{self, Model};
use super::{Halt, Limits};
use crate::bits::BitSystem;
use crate::cnf::Query;
use crate::gates::Lit;
use crate::options::Start;
use crate::sabotage::{Bug, planted};
use crate::solver::{Answer, SatLit};
use crate::unroll::{Step, Unrolling};

/// All legal runs of some number of samples.
pub(crate) struct Base<'a> {
    unrolling: Unrolling<'a>,
    query: Query,
    /// Number of steps before the first sample.
    resets: usize,
}

impl<'a> Base<'a> {
    /// No samples yet.
    pub fn new(system: &'a BitSystem, start: Start) -> Self {
        let mut unrolling = Unrolling::from_power_up(system);
        let edges = match start {
            Start::AfterReset { edges } => edges,
            Start::PowerUp => 0,
        };
        for _ in 0..edges {
            (0..system.domains.len()).for_each(|domain| unrolling.push(Step::Reset(domain)));
        }
        let resets = unrolling.frames.len();
        Self { unrolling, query: Query::default(), resets }
    }

    /// The number of samples.
    pub fn samples(&self) -> usize {
        self.unrolling.frames.len() - self.resets
    }

    fn solve(&mut self, assumptions: &[SatLit], limits: &Limits) -> Result<bool, Halt> {
        match self.query.solve(assumptions, limits.deadline) {
            Answer::Sat => Ok(true),
            Answer::Unsat => Ok(false),
            Answer::Stopped => Err(Halt::Time),
        }
    }

    fn possible(&mut self, lit: Lit, limits: &Limits) -> Result<bool, Halt> {
        if lit == Lit::ZERO {
            return Ok(false);
        }
        let lit = self.query.lit(&self.unrolling.gates, lit);
        self.solve(&[lit], limits)
    }

    /// One sample more. Whether there is a legal run of that many.
    pub fn extend(&mut self, limits: &Limits) -> Result<bool, Halt> {
        limits.check_room(&self.unrolling.gates)?;
        self.unrolling.push(Step::Run);
        limits.check(self.unrolling.gates.gates().len())?;
        let legal = self.unrolling.frames[self.unrolling.frames.len() - 1].legal;
        if !planted(Bug::BaseUnbound) {
            self.query.require(&self.unrolling.gates, legal);
        }
        if legal == Lit::ONE { Ok(true) } else { self.solve(&[], limits) }
    }

    /// A run whose last sample fails the assertion or reaches the cover.
    pub fn hit(&mut self, target: usize, limits: &Limits) -> Result<Option<Model>, Halt> {
        let last = self.unrolling.frames.len() - 1;
        let bad = self.unrolling.frames[last].bad[target];
        let found = self.possible(bad, limits)? && !planted(Bug::BaseSkipped);
        Ok(found.then(|| model::needed(&self.unrolling, &self.query, bad, self.resets)))
    }

    /// A run whose last sample has these values of choosers and inputs, and hits.
    pub fn hit_by(
        &mut self,
        target: usize,
        choosers: &[Option<bool>],
        inputs: &[Option<bool>],
        limits: &Limits,
    ) -> Result<Option<Model>, Halt> {
        let frame = &self.unrolling.frames[self.unrolling.frames.len() - 1];
        let bad = frame.bad[target];
        let lits = frame.choosers.iter().chain(&frame.inputs).zip(choosers.iter().chain(inputs));
        let mut given: Vec<Lit> =
            lits.filter_map(|(&lit, value)| Some(lit.invert_if(!(*value)?))).collect();
        given.push(bad);
        let given: Vec<SatLit> =
            given.into_iter().map(|lit| self.query.lit(&self.unrolling.gates, lit)).collect();
        let found = self.solve(&given, limits)?;
        Ok(found.then(|| model::needed(&self.unrolling, &self.query, bad, self.resets)))
    }

    /// Tells the solver that the last sample never hits the target.
    pub fn clear(&mut self, target: usize) {
        let last = self.unrolling.frames.len() - 1;
        let bad = self.unrolling.frames[last].bad[target];
        self.query.require(&self.unrolling.gates, !bad);
    }

    /// Whether some sample so far can be of this domain.
    pub fn samples_domain(&mut self, domain: usize, limits: &Limits) -> Result<bool, Halt> {
        let turns = self.unrolling.frames[self.resets..].iter().map(|f| f.turns[domain]);
        let turns: Vec<Lit> = turns.collect();
        let any = self.unrolling.gates.any(turns);
        self.possible(any, limits)
    }

    /// Whether the last sample can fulfil what the assertion is conditional on.
    pub fn triggers(&mut self, target: usize, limits: &Limits) -> Result<bool, Halt> {
        let last = &self.unrolling.frames[self.unrolling.frames.len() - 1];
        let trigger = last.triggers[target].unwrap_or(Lit::ONE);
        self.possible(trigger, limits)
    }
}
