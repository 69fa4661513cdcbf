//! [`Polynomial`]: sums of products of atoms, coefficients modulo a power of two.

use std::collections::BTreeMap;

/// More is never known of a value than what it is modulo 2^128.
pub(super) const MOST_BITS: u32 = 128;

/// The number whose lowest bits, so many, are ones.
pub(super) fn ones(bits: u32) -> u128 {
    if bits >= MOST_BITS { u128::MAX } else { (1 << bits) - 1 }
}

/// Numbers of atoms, ascending: a word as often as it is a factor, a bit, which is its own
/// square, once.
type Product = Box<[u32]>;

/// A polynomial in its only form: no coefficient is zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Polynomial {
    terms: BTreeMap<Product, u128>,
}

impl Polynomial {
    pub fn constant(value: u128) -> Self {
        let terms = (value != 0).then(|| (Product::default(), value));
        Self { terms: terms.into_iter().collect() }
    }

    pub fn atom(number: u32) -> Self {
        Self { terms: BTreeMap::from([(Product::from([number]), 1)]) }
    }

    /// How many terms it has.
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    pub fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// Its value, if it has no atoms.
    pub fn as_constant(&self) -> Option<u128> {
        match self.terms.len() {
            0 => Some(0),
            1 => self.terms.get(&Product::default()).copied(),
            _ => None,
        }
    }

    /// Whether it is one product of at most so many atoms, or a number.
    pub fn is_product(&self, atoms: usize) -> bool {
        self.terms.len() <= 1 && self.terms.keys().all(|product| product.len() <= atoms)
    }

    /// The atom of the highest number that it has of those that are wanted.
    pub fn last_atom(&self, wanted: impl Fn(u32) -> bool) -> Option<u32> {
        let of = |product: &Product| product.iter().rev().copied().find(|&atom| wanted(atom));
        self.terms.keys().filter_map(of).max()
    }

    /// Adds so many times the other one.
    pub fn add(&mut self, other: &Self, times: u128) {
        for (product, coefficient) in &other.terms {
            let more = coefficient.wrapping_mul(times);
            match self.terms.get_mut(product) {
                Some(sum) => *sum = sum.wrapping_add(more),
                None => {
                    self.terms.insert(product.clone(), more);
                }
            }
        }
        self.terms.retain(|_, coefficient| *coefficient != 0);
    }

    /// The sum of these, each so many times.
    pub fn sum<'a>(parts: impl IntoIterator<Item = (&'a Self, u128)>) -> Self {
        let mut sum = Self::default();
        parts.into_iter().for_each(|(part, times)| sum.add(part, times));
        sum
    }

    pub fn times(&self, other: &Self, is_bit: &dyn Fn(u32) -> bool) -> Self {
        let mut terms: BTreeMap<Product, u128> = BTreeMap::new();
        for (a, times) in &self.terms {
            for (b, coefficient) in &other.terms {
                let mut product = [&**a, b].concat();
                product.sort_unstable();
                product.dedup_by(|a, b| a == b && is_bit(*a));
                let sum = terms.entry(product.into()).or_insert(0);
                *sum = sum.wrapping_add(coefficient.wrapping_mul(*times));
            }
        }
        terms.retain(|_, coefficient| *coefficient != 0);
        Self { terms }
    }

    /// With another polynomial in the place of a bit.
    pub fn with(&self, bit: u32, instead: &Self, is_bit: &dyn Fn(u32) -> bool) -> Self {
        let (mut factor, mut rest) = (Self::default(), Self::default());
        for (product, &coefficient) in &self.terms {
            match product.contains(&bit) {
                true => {
                    let others = product.iter().copied().filter(|atom| *atom != bit);
                    factor.terms.insert(others.collect(), coefficient);
                }
                false => {
                    rest.terms.insert(product.clone(), coefficient);
                }
            }
        }
        rest.add(&factor.times(instead, is_bit), 1);
        rest
    }

    /// Modulo 2^bits.
    pub fn modulo(&self, bits: u32) -> Self {
        let mut reduced = self.clone();
        reduced.terms.values_mut().for_each(|coefficient| *coefficient &= ones(bits));
        reduced.terms.retain(|_, coefficient| *coefficient != 0);
        reduced
    }
}
