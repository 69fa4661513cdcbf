//! [`Induction`]: steps from any state whatever.

use super::{Halt, Limits};
use crate::bits::BitSystem;
use crate::cnf::Query;
use crate::options::Paths;
use crate::sabotage::{Bug, planted};
use crate::solver::{Answer, SatLit};
use crate::unroll::{Step, Unrolling};

/// The inductive step: k samples that hit none of a set of targets, then one that hits some.
pub(crate) struct Induction<'a> {
    unrolling: Unrolling<'a>,
    query: Query,
    paths: Paths,
    /// By target: when assumed, the samples before the last do not hit it.
    switches: Vec<SatLit>,
    /// By target: it is never hit, so that every sample may rely on it.
    proved: Vec<bool>,
    /// Pairs of samples whose states are required to differ.
    told_apart: Vec<(usize, usize)>,
}

impl<'a> Induction<'a> {
    /// The step for k = 0: one sample.
    pub fn new(system: &'a BitSystem, paths: Paths) -> Self {
        let mut query = Query::default();
        let switches = system.bad.iter().map(|_| query.switch()).collect();
        let mut induction = Self {
            unrolling: Unrolling::from_anywhere(system),
            query,
            paths,
            switches,
            proved: vec![false; system.bad.len()],
            told_apart: Vec::new(),
        };
        induction.push();
        induction
    }

    /// The number of samples before the last.
    pub fn k(&self) -> usize {
        self.unrolling.frames.len() - 1
    }

    /// Whether states were required to differ.
    pub fn relies_on_distinct(&self) -> bool {
        !self.told_apart.is_empty()
    }

    /// One sample more: k grows by one.
    pub fn extend(&mut self, limits: &Limits) -> Result<(), Halt> {
        limits.check_room(&self.unrolling.gates)?;
        let last = self.k();
        for target in 0..self.switches.len() {
            if !self.proved[target] {
                let bad = self.unrolling.frames[last].bad[target];
                let bad = self.query.lit(&self.unrolling.gates, bad);
                self.query.clause(&[!self.switches[target], !bad]);
            }
        }
        self.push();
        limits.check(self.unrolling.gates.gates().len())
    }

    fn push(&mut self) {
        self.unrolling.push(Step::Run);
        let gates = &self.unrolling.gates;
        let frame = &self.unrolling.frames[self.unrolling.frames.len() - 1];
        self.query.require(gates, frame.legal);
        for (&bad, _) in frame.bad.iter().zip(&self.proved).filter(|(_, proved)| **proved) {
            self.query.require(gates, !bad);
        }
    }

    /// From now on every sample relies on the target never being hit.
    pub fn rely_on(&mut self, target: usize) {
        self.proved[target] = true;
        for frame in &self.unrolling.frames {
            self.query.require(&self.unrolling.gates, !frame.bad[target]);
        }
    }

    /// The largest part of `targets` that is inductive together: if the samples before the last
    /// hit none of them, the last does not either.
    pub fn inductive(
        &mut self,
        mut targets: Vec<usize>,
        limits: &Limits,
    ) -> Result<Vec<usize>, Halt> {
        while !targets.is_empty() {
            let some = self.query.switch();
            let hit = self.some_hit(some, &targets, limits);
            if hit == Ok(true) && !self.tell_apart() {
                let bad = &self.unrolling.frames[self.k()].bad;
                targets.retain(|&t| self.query.value(bad[t]) != Some(true));
            }
            self.query.clause(&[!some]);
            if !hit? || planted(Bug::StepUnfiltered) {
                break;
            }
        }
        Ok(targets)
    }

    fn some_hit(&mut self, some: SatLit, targets: &[usize], limits: &Limits) -> Result<bool, Halt> {
        let last = self.k();
        let mut clause = vec![!some];
        for &target in targets {
            let bad = self.unrolling.frames[last].bad[target];
            clause.push(self.query.lit(&self.unrolling.gates, bad));
        }
        self.query.clause(&clause);
        let mut assumptions: Vec<SatLit> = targets.iter().map(|&t| self.switches[t]).collect();
        assumptions.push(some);
        let answer = self.query.solve(&assumptions, limits.deadline);
        match answer {
            Answer::Sat => Ok(true),
            Answer::Unsat => Ok(false),
            Answer::Stopped => Err(Halt::Time),
        }
    }

    /// Requires states that are equal in the model to differ; whether there were any.
    ///
    /// A shortest run to a hit never visits a state twice, so nothing is lost; and as there are
    /// finitely many states, some k is large enough for every target that is never hit.
    fn tell_apart(&mut self) -> bool {
        if self.paths == Paths::Any {
            return false;
        }
        let values: Vec<Vec<Option<bool>>> = self
            .unrolling
            .frames
            .iter()
            .map(|frame| frame.state.iter().map(|&lit| self.query.value(lit)).collect())
            .collect();
        // A bit that nothing depends on yet may have either value.
        let same = |a: &[Option<bool>], b: &[Option<bool>]| {
            a.iter().zip(b).all(|(a, b)| a.is_none() || b.is_none() || a == b)
        };
        let mut pairs = Vec::new();
        for (second, after) in values.iter().enumerate() {
            let equal =
                values[..second].iter().enumerate().filter(|(_, before)| same(before, after));
            pairs.extend(equal.map(|(first, _)| (first, second)));
        }
        pairs.retain(|pair| !self.told_apart.contains(pair));
        for &(first, second) in &pairs {
            let distinct = self.unrolling.distinct(first, second);
            self.query.require(&self.unrolling.gates, distinct);
            self.told_apart.push((first, second));
        }
        !pairs.is_empty()
    }
}
