//! [`Matching`]: which gate stands for which, as far as two graphs have been gone through together.

use super::{Leaf, Renaming, Symmetry};
use crate::gates::{Gate, Lit};
use crate::sabotage::{Bug, planted};
use std::collections::HashMap;

/// Gates and what stands for them, one for one. Whatever a gate here depends on, through latches
/// too, is here.
pub(super) struct Matching<'a> {
    pub symmetry: &'a Symmetry<'a>,
    to: HashMap<usize, usize>,
    from: HashMap<usize, usize>,
    /// The gates in the order in which they came.
    trail: Vec<usize>,
}

impl<'a> Matching<'a> {
    /// Nothing yet.
    pub fn new(symmetry: &'a Symmetry<'a>) -> Self {
        Self { symmetry, to: HashMap::new(), from: HashMap::new(), trail: Vec::new() }
    }

    /// What stands for a gate, if it is known.
    pub fn image(&self, gate: usize) -> Option<usize> {
        self.to.get(&gate).copied()
    }

    /// The gates, those that came first.
    pub fn trail(&self) -> &[usize] {
        &self.trail
    }

    /// The second literal stands for the first. False, and nothing changed, if it cannot.
    pub fn extend(&mut self, a: Lit, b: Lit) -> bool {
        let before = self.trail.len();
        let mut waiting = vec![(a, b)];
        while let Some((a, b)) = waiting.pop() {
            if !self.pair(a, b, &mut waiting) {
                self.undo(before);
                return false;
            }
        }
        true
    }

    fn undo(&mut self, length: usize) {
        for gate in self.trail.drain(length..) {
            let image = self.to.remove(&gate);
            image.map(|image| self.from.remove(&image));
        }
    }

    fn pair(&mut self, a: Lit, b: Lit, waiting: &mut Vec<(Lit, Lit)>) -> bool {
        if self.symmetry.colour(a) != self.symmetry.colour(b) {
            return false;
        }
        if a.inverted() != b.inverted() && !planted(Bug::AlikeInverted) {
            return false;
        }
        let (a, b) = (a.gate(), b.gate());
        match (self.to.get(&a), self.from.get(&b)) {
            (None, None) => {}
            (known, _) => return known == Some(&b),
        }
        self.to.insert(a, b);
        self.from.insert(b, a);
        self.trail.push(a);
        match (self.symmetry.gate(a), self.symmetry.gate(b)) {
            (Gate::Zero, Gate::Zero) => true,
            (Gate::Free(_), Gate::Free(_)) => self.leaves(a, b, waiting),
            (Gate::And(a, b), Gate::And(c, d)) | (Gate::Xor(a, b), Gate::Xor(c, d)) => {
                waiting.extend(self.in_order([a, b], [c, d]));
                true
            }
            (Gate::Mux(a, b, c), Gate::Mux(d, e, f)) => {
                waiting.extend([(a, d), (b, e), (c, f)]);
                true
            }
            _ => false,
        }
    }

    fn leaves(&self, a: usize, b: usize, waiting: &mut Vec<(Lit, Lit)>) -> bool {
        match (self.symmetry.leaf(a), self.symmetry.leaf(b)) {
            (Some(Leaf::Latch(a)), Some(Leaf::Latch(b))) => {
                let latches = &self.symmetry.system.latches;
                let (a, b) = (latches[a], latches[b]);
                waiting.push((a.next, b.next));
                a.power_up == b.power_up || planted(Bug::AlikeAnyStart)
            }
            (a @ Some(Leaf::Common(_)), b) => a == b,
            (a, b) => a == b,
        }
    }

    /// Which operand stands for which, where their order means nothing: by colour; where that does
    /// not say, as is known already, then each for itself, then in the order of the gates.
    fn in_order(&self, a: [Lit; 2], b: [Lit; 2]) -> [(Lit, Lit); 2] {
        let colour = |lit: Lit| self.symmetry.colour(lit);
        let sorted = |lits: [Lit; 2]| {
            let turned = (colour(lits[1]), lits[1]) < (colour(lits[0]), lits[0]);
            if turned { [lits[1], lits[0]] } else { lits }
        };
        let ([a, b], [c, d]) = (sorted(a), sorted(b));
        let known = |x: Lit, y: Lit| {
            self.image(x.gate()) == Some(y.gate()) || self.from.get(&y.gate()) == Some(&x.gate())
        };
        let straight = known(a, c) || known(b, d);
        let crossed = known(a, d) || known(b, c) || a != c && b != d && (a == d || b == c);
        let turned = colour(a) == colour(b) && !straight && crossed;
        if turned { [(a, d), (b, c)] } else { [(a, c), (b, d)] }
    }

    /// The latches of it.
    pub fn renaming(&self) -> Renaming {
        let latch = |gate: usize| match self.symmetry.leaf(gate) {
            Some(Leaf::Latch(latch)) => Some(latch),
            _ => None,
        };
        let pairs = self.to.iter().filter_map(|(&a, &b)| Some((latch(a)?, latch(b)?)));
        Renaming { latches: pairs.collect() }
    }
}
