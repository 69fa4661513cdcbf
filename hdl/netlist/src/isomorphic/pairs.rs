//! One-to-one pairs.

use std::collections::HashMap;
use std::hash::Hash;

/// Pairs that have been found; each left one has one right one and the other way round.
pub(super) struct Pairs<T> {
    pub(super) right_of: HashMap<T, T>,
    pub(super) left_of: HashMap<T, T>,
}

pub(super) enum Pairing {
    New,
    Known,
    Conflict,
}

impl<T: Copy + Eq + Hash> Pairs<T> {
    pub(super) fn new() -> Self {
        Self { right_of: HashMap::new(), left_of: HashMap::new() }
    }

    pub(super) fn add(&mut self, left: T, right: T) -> Pairing {
        match (self.right_of.get(&left), self.left_of.get(&right)) {
            (None, None) => {
                self.right_of.insert(left, right);
                self.left_of.insert(right, left);
                Pairing::New
            }
            (Some(r), Some(l)) if *r == right && *l == left => Pairing::Known,
            _ => Pairing::Conflict,
        }
    }
}
