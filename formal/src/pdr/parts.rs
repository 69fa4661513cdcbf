//! [`PdrByParts`]: a target that can be hit in several ways, each looked for by itself.

use super::{Cube, Ended, Pdr};
use crate::bits::BitSystem;
use crate::engine::{Halt, Limits};
use crate::gates::Lit;
use crate::options::Start;
use crate::symmetry::{Binding, Symmetry, parts};
use std::cell::OnceCell;

/// PDR for one part of a target after the other. A part that is alike to one that is proved takes
/// over its invariant, renamed; the invariants of all parts together are the target's.
pub(crate) struct PdrByParts<'a> {
    system: &'a BitSystem,
    start: Start,
    given: Vec<usize>,
    /// The part that is being proved.
    part: Vec<Lit>,
    pdr: Pdr<'a>,
    /// The parts that are open behind it.
    waiting: Vec<Vec<Lit>>,
    /// The invariants of those that are proved.
    cubes: Vec<Cube>,
}

impl<'a> PdrByParts<'a> {
    /// A search that relies on the `given` targets never being hit. `symmetry` is made if it is
    /// needed.
    pub fn new(
        system: &'a BitSystem,
        start: Start,
        target: usize,
        given: Vec<usize>,
        symmetry: &OnceCell<Symmetry<'a>>,
    ) -> Self {
        let known = || symmetry.get_or_init(|| Symmetry::new(system));
        let mut waiting = parts(&system.gates, system.bad[target], known);
        let part = waiting.remove(0);
        let pdr = Pdr::new(system, start, &part, &given);
        Self { system, start, given, part, pdr, waiting, cubes: Vec::new() }
    }

    /// The targets that it relies on.
    pub fn given(&self) -> &[usize] {
        &self.given
    }

    /// The levels so far of the part that is being proved.
    pub fn level(&self) -> usize {
        self.pdr.level()
    }

    /// Searches on.
    pub fn run(
        &mut self,
        symmetry: &OnceCell<Symmetry<'a>>,
        limits: &Limits,
        observe: &mut dyn FnMut(usize),
    ) -> Result<Ended, Halt> {
        loop {
            let cubes = match self.pdr.run(limits, observe)? {
                Ended::Invariant(cubes) => cubes,
                hit @ Ended::Hit(_) => return Ok(hit),
            };
            self.take_over(symmetry, &cubes);
            self.cubes.extend(cubes);
            if self.waiting.is_empty() {
                return Ok(Ended::Invariant(std::mem::take(&mut self.cubes)));
            }
            self.part = self.waiting.remove(0);
            self.pdr = Pdr::new(self.system, self.start, &self.part, &self.given);
        }
    }

    /// Proves what is alike to the part with this invariant.
    fn take_over(&mut self, symmetry: &OnceCell<Symmetry<'a>>, invariant: &[Cube]) {
        if self.waiting.is_empty() {
            return;
        }
        let symmetry = symmetry.get_or_init(|| Symmetry::new(self.system));
        let Some(binding) = Binding::new(symmetry, &self.given) else { return };
        let Self { part, waiting, cubes, .. } = self;
        waiting.retain(|other| match symmetry.renaming(part, other, &binding) {
            Some(renaming) => {
                cubes.extend(renaming.cubes(invariant));
                false
            }
            None => true,
        });
    }
}
