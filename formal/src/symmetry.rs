//! [`Symmetry`]: proofs that hold of other parts of a system, too, once their state is renamed.
//!
//! Two goals are alike if what they depend on is one graph of gates, latches and inputs but for the
//! names: equal instances side by side, the bits of a word that is only moved. A [`Renaming`] takes
//! the one to the other. It leaves the reset and the choice of a clock domain as they are, and
//! everything that binds the steps (assumptions, and what is known already) is taken to something
//! that binds them as well; so an invariant of the one is, renamed, an invariant of the other.
//!
//! Nothing has to be believed of this: each proof becomes a certificate of its own, and is checked
//! as any other.

mod binding;
mod colours;
mod matching;
mod parts;

pub(crate) use binding::Binding;
pub(crate) use parts::parts;

use crate::bits::BitSystem;
use crate::gates::{Gate, Lit};
use crate::pdr::{Bit, Cube};
use crate::sabotage::{Bug, planted};
use matching::Matching;
use std::collections::HashMap;

/// A free variable of one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Leaf {
    Latch(usize),
    /// The reset, or one that says whose turn it is: the same for all.
    Common(usize),
    Input,
}

/// A system, and which of its gates may be alike.
pub(crate) struct Symmetry<'a> {
    system: &'a BitSystem,
    /// By gate: what no renaming changes. Gates of different colours are not alike.
    colours: Vec<u64>,
}

impl<'a> Symmetry<'a> {
    /// Colours the gates, in time linear in the system.
    pub fn new(system: &'a BitSystem) -> Self {
        Self { system, colours: colours::colours(system) }
    }

    /// What no renaming changes of a literal.
    pub fn colour(&self, lit: Lit) -> u64 {
        colours::of(&self.colours, lit)
    }

    /// A renaming that takes the first conjunction to the second, and what is binding to what is
    /// binding; in time linear in what the two depend on. There may be others where there is none
    /// to be found here.
    pub fn renaming(&self, from: &[Lit], to: &[Lit], binding: &Binding) -> Option<Renaming> {
        if from.len() != to.len() {
            return None;
        }
        let mut matching = Matching::new(self);
        let alike = self.sorted(from).into_iter().zip(self.sorted(to));
        let alike = alike.into_iter().all(|(a, b)| matching.extend(a, b));
        (alike && binding.is_kept(&mut matching)).then(|| matching.renaming())
    }

    fn sorted(&self, lits: &[Lit]) -> Vec<Lit> {
        let mut sorted = lits.to_vec();
        sorted.sort_by_key(|&lit| (self.colour(lit), lit));
        sorted
    }

    fn gate(&self, gate: usize) -> Gate {
        self.system.gates.gates()[gate]
    }

    /// The free variable that a gate is, if it is one.
    fn leaf(&self, gate: usize) -> Option<Leaf> {
        let Gate::Free(number) = self.gate(gate) else { return None };
        let number = number as usize;
        Some(if number < self.system.latches.len() {
            Leaf::Latch(number)
        } else if number < self.system.first_input() {
            Leaf::Common(number)
        } else {
            Leaf::Input
        })
    }
}

/// Which latch stands for which. One that nothing binding connects with these stands for itself.
pub(crate) struct Renaming {
    latches: HashMap<usize, usize>,
}

impl Renaming {
    /// The cubes, renamed.
    pub fn cubes(&self, cubes: &[Cube]) -> Vec<Cube> {
        cubes.iter().map(|cube| Cube::new(cube.bits().map(|bit| self.bit(bit)))).collect()
    }

    fn bit(&self, bit: Bit) -> Bit {
        let image = self.latches.get(&bit.latch()).filter(|_| !planted(Bug::ClauseUnrenamed));
        Bit::new(image.copied().unwrap_or(bit.latch()), bit.value())
    }
}
