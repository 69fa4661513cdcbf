//! [`Relation`]: queries about one step.

use super::lift::{Costs, justify};
use super::{Bit, Cube, Frames};
use crate::bits::BitSystem;
use crate::cnf::Query;
use crate::engine::{Halt, Limits};
use crate::gates::Lit;
use crate::options::Start;
use crate::sabotage::{Bug, planted};
use crate::solver::{Answer, SatLit};
use crate::unroll::{Step, Unrolling};

/// One legal step, and the states that it may begin in.
pub(super) struct Relation<'a> {
    unrolling: Unrolling<'a>,
    query: Query,
    costs: Costs,
    /// The step hits the target.
    bad: Lit,
    /// Targets that no step hits.
    given: Vec<usize>,
    /// By level, from 1 on: when assumed, the step begins outside the cubes of that level.
    levels: Vec<SatLit>,
    /// How many clauses were of one query only.
    spent: u32,
}

/// Whether a cube is entered.
pub(super) enum Reached {
    /// No; and neither is this larger cube, which may hold states after reset.
    Never(Cube),
    /// By every state of `lifted`, and by the full state `state`.
    From { lifted: Cube, state: Vec<bool> },
}

/// Spent clauses after which the solver is filled anew.
const WORN: u32 = 3000;

impl<'a> Relation<'a> {
    /// Steps from the states after reset; they hit where all these literals are one.
    pub fn initial(system: &'a BitSystem, start: Start, bad: &[Lit]) -> Self {
        let mut unrolling = Unrolling::from_power_up(system);
        if let Start::AfterReset { edges } = start {
            for _ in 0..edges {
                (0..system.domains.len()).for_each(|domain| unrolling.push(Step::Reset(domain)));
            }
        }
        Self::new(unrolling, bad, &[])
    }

    /// Steps from any state.
    pub fn anywhere(system: &'a BitSystem, bad: &[Lit], given: &[usize]) -> Self {
        let mut relation = Self::new(Unrolling::from_anywhere(system), bad, given);
        relation.fill();
        relation
    }

    fn new(mut unrolling: Unrolling<'a>, bad: &[Lit], given: &[usize]) -> Self {
        let bad = unrolling.push_with(Step::Run, bad);
        let bad = unrolling.gates.all(bad);
        let frame = &unrolling.frames[unrolling.frames.len() - 1];
        let costs = Costs::new(&unrolling.gates, &frame.state);
        Self {
            unrolling,
            query: Query::default(),
            costs,
            bad,
            given: given.to_vec(),
            levels: Vec::new(),
            spent: 0,
        }
    }

    /// What holds in every query; not of the initial relation, which is also asked about states
    /// from which no legal step leads on.
    fn fill(&mut self) {
        let frame = &self.unrolling.frames[0];
        self.query.require(&self.unrolling.gates, frame.legal);
        for &given in &self.given {
            self.query.require(&self.unrolling.gates, !frame.bad[given]);
        }
    }

    fn frame(&self) -> &crate::unroll::Frame {
        &self.unrolling.frames[self.unrolling.frames.len() - 1]
    }

    /// Adds a level.
    pub fn raise(&mut self) {
        self.levels.push(self.query.switch());
    }

    /// From now on the states of a level, and of those below it, are outside the cube.
    pub fn block(&mut self, level: usize, cube: &Cube) {
        let mut clause = vec![!self.levels[level - 1]];
        for bit in cube.bits() {
            clause.push(!self.before(bit));
        }
        self.query.clause(&clause);
    }

    /// Whether the solver is full of spent clauses.
    pub fn is_worn(&self) -> bool {
        self.spent >= WORN
    }

    /// Fills a new solver with what holds.
    pub fn renew(&mut self, frames: &Frames) {
        self.query = Query::default();
        self.levels.clear();
        self.spent = 0;
        self.fill();
        for level in 1..=frames.top() {
            self.raise();
            frames.at(level).iter().for_each(|cube| self.block(level, cube));
        }
    }

    /// The bit, before the step.
    fn before(&mut self, bit: Bit) -> SatLit {
        let lit = self.frame().state[bit.latch()].invert_if(!bit.value());
        self.query.lit(&self.unrolling.gates, lit)
    }

    /// The bit, after the step.
    fn after(&mut self, bit: Bit) -> SatLit {
        let lit = self.next(bit);
        self.query.lit(&self.unrolling.gates, lit)
    }

    fn next(&self, bit: Bit) -> Lit {
        self.unrolling.state()[bit.latch()].invert_if(!bit.value())
    }

    fn solve(&mut self, assumptions: &[SatLit], limits: &Limits) -> Result<bool, Halt> {
        match self.query.solve(assumptions, limits.deadline) {
            Answer::Sat => Ok(true),
            Answer::Unsat => Ok(false),
            Answer::Stopped => Err(Halt::Time),
        }
    }

    /// What a step from this level assumes.
    fn assumptions(&mut self, level: usize) -> Vec<SatLit> {
        let legal = self.frame().legal;
        let mut assumptions = vec![self.query.lit(&self.unrolling.gates, legal)];
        let below = if planted(Bug::LevelBelow) { 2 } else { 1 };
        assumptions.extend(self.levels.iter().skip(level.saturating_sub(below)));
        assumptions
    }

    /// Whether some state before the step is in the cube, whatever the step.
    pub fn meets(&mut self, cube: &Cube, limits: &Limits) -> Result<bool, Halt> {
        let frame = self.frame();
        let lits: Vec<Lit> =
            cube.bits().map(|bit| frame.state[bit.latch()].invert_if(!bit.value())).collect();
        if lits.contains(&Lit::ZERO) || planted(Bug::InitialHit) {
            return Ok(false);
        }
        let open = lits.into_iter().filter(|&lit| lit != Lit::ONE);
        let assumptions: Vec<SatLit> =
            open.map(|lit| self.query.lit(&self.unrolling.gates, lit)).collect();
        self.solve(&assumptions, limits)
    }

    /// Whether the bit is the opposite in every state before the step, as far as is plain to see.
    pub fn excludes(&self, bit: Bit) -> bool {
        self.frame().state[bit.latch()].invert_if(!bit.value()) == Lit::ZERO
    }

    /// States of a level from which a step hits the target.
    pub fn bad(&mut self, level: usize, limits: &Limits) -> Result<Option<Cube>, Halt> {
        if self.bad == Lit::ZERO || planted(Bug::BadMissed) {
            return Ok(None);
        }
        let mut assumptions = self.assumptions(level);
        assumptions.push(self.query.lit(&self.unrolling.gates, self.bad));
        let found = self.solve(&assumptions, limits)?;
        Ok(found.then(|| self.lifted(vec![self.bad])))
    }

    /// Whether a step from a level, outside the cube, enters the cube.
    pub fn reached(&mut self, level: usize, cube: &Cube, limits: &Limits) -> Result<Reached, Halt> {
        let mut assumptions = self.assumptions(level);
        let outside = (level > 0).then(|| self.outside(cube));
        assumptions.extend(outside);
        let after: Vec<(Bit, SatLit)> = cube.bits().map(|b| (b, self.after(b))).collect();
        assumptions.extend(after.iter().map(|(_, lit)| lit));
        let found = self.solve(&assumptions, limits)?;
        let reached = if found {
            let roots: Vec<Lit> = cube.bits().map(|bit| self.next(bit)).collect();
            let state = (0..self.frame().state.len()).map(|l| self.value_before(l)).collect();
            Reached::From { lifted: self.lifted(roots), state }
        } else {
            let core = self.query.core();
            let needed = after.iter().filter(|(_, lit)| core.contains(lit));
            let needed = needed.skip(usize::from(planted(Bug::CoreShort)));
            Reached::Never(Cube::new(needed.map(|(bit, _)| *bit)))
        };
        outside.into_iter().for_each(|switch| self.query.clause(&[!switch]));
        Ok(reached)
    }

    /// When assumed, the step begins outside the cube.
    fn outside(&mut self, cube: &Cube) -> SatLit {
        let switch = self.query.switch();
        let mut clause = vec![!switch];
        for bit in cube.bits() {
            clause.push(!self.before(bit));
        }
        self.query.clause(&clause);
        self.spent += 1;
        switch
    }

    fn value(&self, lit: Lit) -> bool {
        let known = lit.to_constant().or_else(|| self.query.value(lit));
        known.unwrap_or(lit.inverted())
    }

    fn value_before(&self, latch: usize) -> bool {
        self.value(self.frame().state[latch])
    }

    /// The part of the model's state that makes the step legal and the roots one.
    fn lifted(&self, mut roots: Vec<Lit>) -> Cube {
        if !planted(Bug::IllegalLifted) {
            roots.push(self.frame().legal);
        }
        let gates = &self.unrolling.gates;
        let needed = justify(gates, &self.costs, roots.into_iter(), |lit| self.value(lit));
        let latches = self.frame().state.iter().enumerate();
        let latches = latches.filter(|(_, lit)| needed[lit.gate()]);
        Cube::new(latches.map(|(latch, &lit)| Bit::new(latch, self.value(lit))))
    }
}
