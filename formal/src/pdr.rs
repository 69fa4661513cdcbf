//! IC3/PDR: an invariant found clause by clause, by queries about single steps.
//!
//! Level i over-approximates the states that are reached in at most i samples; it is a set of
//! cubes in which no such state is. What leads to a bad state is a cube to be blocked one level
//! below; what is blocked is generalized (by the solver's core, by dropping literals, by blocking
//! the counterexamples to that in turn) and pushed as far up as it holds. Two equal levels are an
//! invariant.

mod cube;
mod frames;
mod generalize;
mod lift;
mod parts;
mod relation;

pub(crate) use cube::{Bit, Cube};
pub(crate) use parts::PdrByParts;

use crate::bits::BitSystem;
use crate::engine::{Halt, Limits};
use crate::gates::Lit;
use crate::options::Start;
use crate::sabotage::{Bug, planted};
use frames::Frames;
use relation::{Reached, Relation};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// How a search ended.
#[derive(Debug)]
pub(crate) enum Ended {
    /// No run leaves the states outside these cubes, and none of those states is bad.
    Invariant(Vec<Cube>),
    /// Some run hits the target within so many samples.
    Hit(u32),
}

/// The search for one target. What it has found is kept from one [`Pdr::run`] to the next.
pub(crate) struct Pdr<'a> {
    /// Steps from the states after reset.
    initial: Relation<'a>,
    /// Steps from any state of a level.
    relation: Relation<'a>,
    frames: Frames,
    /// By latch: how often it is in what was blocked.
    activity: Vec<u32>,
}

/// A cube that leads to a bad state, to be blocked at a level.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Obligation {
    level: usize,
    /// Steps to the bad state.
    distance: u32,
    cube: Cube,
}

impl<'a> Pdr<'a> {
    /// A search for steps in which all the literals `bad` are one, which relies on the `given`
    /// targets never being hit.
    pub fn new(system: &'a BitSystem, start: Start, bad: &[Lit], given: &[usize]) -> Self {
        Self {
            initial: Relation::initial(system, start, bad),
            relation: Relation::anywhere(system, bad, given),
            frames: Frames::default(),
            activity: vec![0; system.latches.len()],
        }
    }

    /// The levels so far.
    pub fn level(&self) -> usize {
        self.frames.top()
    }

    /// Searches on.
    pub fn run(&mut self, limits: &Limits, observe: &mut dyn FnMut(usize)) -> Result<Ended, Halt> {
        if self.level() == 0 {
            if self.initial.bad(0, limits)?.is_some() {
                return Ok(Ended::Hit(1));
            }
            self.raise();
        }
        loop {
            while let Some(cube) = self.relation.bad(self.level(), limits)? {
                if let Some(samples) = self.block(cube, limits)? {
                    return Ok(Ended::Hit(samples));
                }
            }
            self.raise();
            observe(self.level());
            if let Some(level) = self.propagate(limits)? {
                let level = level + usize::from(planted(Bug::InvariantShort));
                return Ok(Ended::Invariant(self.frames.from(level)));
            }
        }
    }

    fn raise(&mut self) {
        self.frames.raise();
        self.relation.raise();
    }

    /// Blocks a bad cube of the top level, and whatever leads to it; or says how many samples a
    /// run takes that hits.
    fn block(&mut self, cube: Cube, limits: &Limits) -> Result<Option<u32>, Halt> {
        let mut waiting = BinaryHeap::new();
        waiting.push(Reverse(Obligation { level: self.level(), distance: 0, cube }));
        while let Some(Reverse(obligation)) = waiting.pop() {
            let Obligation { level, distance, ref cube } = obligation;
            if self.initial.meets(cube, limits)? {
                return Ok(Some(distance + 1));
            }
            let blocked_at = match self.frames.blocked_at(cube, level) {
                Some(known) => known,
                None => match self.reached(level - 1, cube, limits)? {
                    Reached::From { .. } if level == 1 => return Ok(Some(distance + 2)),
                    Reached::From { lifted, .. } => {
                        let before =
                            Obligation { level: level - 1, distance: distance + 1, cube: lifted };
                        waiting.push(Reverse(before));
                        waiting.push(Reverse(obligation));
                        continue;
                    }
                    Reached::Never(core) => {
                        let core = self.apart_from_initial(core, cube, limits)?;
                        self.block_generalized(core, level, limits)?
                    }
                },
            };
            if blocked_at < self.level() {
                waiting.push(Reverse(Obligation { level: blocked_at + 1, ..obligation }));
            }
        }
        Ok(None)
    }

    /// Generalizes a cube that no step from below the level enters, and blocks it as far up as
    /// that holds; the level.
    fn block_generalized(
        &mut self,
        cube: Cube,
        level: usize,
        limits: &Limits,
    ) -> Result<usize, Halt> {
        let mut cube = self.generalize(cube, level - 1, 0, limits)?;
        let mut level = level;
        while level < self.level() {
            match self.reached(level, &cube, limits)? {
                Reached::Never(core) => cube = self.apart_from_initial(core, &cube, limits)?,
                Reached::From { .. } => break,
            }
            level += 1;
        }
        self.add(level, cube);
        Ok(level)
    }

    fn add(&mut self, level: usize, cube: Cube) {
        cube.bits().for_each(|bit| self.activity[bit.latch()] += 1);
        self.relation.block(level, &cube);
        self.frames.add(level, cube);
    }

    /// Whether a step from a level, outside the cube, enters the cube.
    fn reached(&mut self, level: usize, cube: &Cube, limits: &Limits) -> Result<Reached, Halt> {
        if level == 0 {
            return self.initial.reached(0, cube, limits);
        }
        if self.relation.is_worn() {
            self.relation.renew(&self.frames);
        }
        self.relation.reached(level, cube, limits)
    }

    /// Moves up what holds one level higher; a level that is equal to the one above it, if any.
    fn propagate(&mut self, limits: &Limits) -> Result<Option<usize>, Halt> {
        for level in 1..self.level() {
            for cube in self.frames.at(level).to_vec() {
                if !self.frames.at(level).contains(&cube) {
                    continue;
                }
                if planted(Bug::PushedUnasked) {
                    self.relation.block(level + 1, &cube);
                    self.frames.add(level + 1, cube);
                } else if let Reached::Never(core) = self.reached(level, &cube, limits)? {
                    let core = self.apart_from_initial(core, &cube, limits)?;
                    self.relation.block(level + 1, &core);
                    self.frames.add(level + 1, core);
                }
            }
            if self.frames.at(level).is_empty() {
                return Ok(Some(level + 1));
            }
        }
        Ok(None)
    }
}
