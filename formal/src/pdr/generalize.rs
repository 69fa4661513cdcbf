//! Generalization: larger cubes that are not entered either.

use super::relation::Reached;
use super::{Bit, Cube, Pdr};
use crate::engine::{Halt, Limits};
use crate::sabotage::{Bug, planted};

/// Counterexamples to one generalization that are blocked in turn.
const BLOCKED_MAX: u32 = 3;

/// How deep generalizations are nested.
const DEPTH_MAX: u32 = 1;

impl Pdr<'_> {
    /// Adds bits of `within` to a part of it until no state after reset is in it.
    pub(super) fn apart_from_initial(
        &mut self,
        part: Cube,
        within: &Cube,
        limits: &Limits,
    ) -> Result<Cube, Halt> {
        if !self.initial.meets(&part, limits)? {
            return Ok(part);
        }
        let missing: Vec<Bit> = within.bits().filter(|&bit| !part.has(bit)).collect();
        if let Some(&bit) = missing.iter().find(|&&bit| self.initial.excludes(bit)) {
            return Ok(Cube::new(part.bits().chain([bit])));
        }
        let mut bits: Vec<Bit> = part.bits().collect();
        for bit in missing {
            bits.push(bit);
            let larger = Cube::new(bits.iter().copied());
            if !self.initial.meets(&larger, limits)? {
                return Ok(larger);
            }
        }
        Ok(within.clone())
    }

    /// Drops bits of a cube that no step from `level` enters, as long as that stays so.
    pub(super) fn generalize(
        &mut self,
        cube: Cube,
        level: usize,
        depth: u32,
        limits: &Limits,
    ) -> Result<Cube, Halt> {
        let mut order: Vec<Bit> = cube.bits().collect();
        order.sort_by_key(|bit| (self.activity[bit.latch()], *bit));
        let mut cube = cube;
        for bit in order {
            if cube.len() > 1 && cube.has(bit) {
                let smaller = cube.without(bit);
                if let Some(found) = self.shrink(smaller, level, depth, limits)? {
                    cube = found;
                }
            }
        }
        Ok(cube)
    }

    /// A cube that contains this one and is not entered from `level`, if one is found.
    fn shrink(
        &mut self,
        cube: Cube,
        level: usize,
        depth: u32,
        limits: &Limits,
    ) -> Result<Option<Cube>, Halt> {
        let mut cube = cube;
        let mut blocked = 0;
        loop {
            if cube.len() == 0 || self.initial.meets(&cube, limits)? {
                return Ok(None);
            }
            if planted(Bug::DroppedUnasked) {
                return Ok(Some(cube));
            }
            let (lifted, state) = match self.reached(level, &cube, limits)? {
                Reached::Never(core) => {
                    return self.apart_from_initial(core, &cube, limits).map(Some);
                }
                Reached::From { lifted, state } => (lifted, state),
            };
            if depth >= DEPTH_MAX {
                return Ok(None);
            }
            if blocked < BLOCKED_MAX && level > 0 && self.block_in_turn(&lifted, level, limits)? {
                blocked += 1;
                continue;
            }
            blocked = 0;
            let agree = cube.bits().filter(|bit| state[bit.latch()] == bit.value());
            let joined = Cube::new(agree);
            if joined.len() == cube.len() {
                return Ok(None);
            }
            cube = joined;
        }
    }

    /// Blocks a cube at `level` if no step from the level below enters it.
    fn block_in_turn(&mut self, cube: &Cube, level: usize, limits: &Limits) -> Result<bool, Halt> {
        if cube.len() == 0 || self.initial.meets(cube, limits)? {
            return Ok(false);
        }
        let Reached::Never(core) = self.reached(level - 1, cube, limits)? else {
            return Ok(false);
        };
        let mut cube = self.apart_from_initial(core, cube, limits)?;
        let mut at = level;
        while at < self.level() {
            match self.reached(at, &cube, limits)? {
                Reached::Never(core) => cube = self.apart_from_initial(core, &cube, limits)?,
                Reached::From { .. } => break,
            }
            at += 1;
        }
        let cube = self.generalize(cube, at - 1, DEPTH_MAX, limits)?;
        self.add(at, cube);
        Ok(true)
    }
}
