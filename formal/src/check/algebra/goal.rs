//! [`Goal`]: a sum of products modulo a power of two, of which the value that settles last is
//! replaced.

use super::Definition;
use super::spans::{Span, Spans, Var, mask};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// A factor and when it is replaced: higher ones first, those of rank 0 not at all.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Factor {
    rank: u32,
    var: Var,
}

/// The highest first; a bit once.
type Product = Vec<Factor>;

pub(super) type Terms = BTreeMap<Product, u128>;

/// In the order of products those with the highest factor are last.
pub(super) struct Goal {
    bits: u32,
    terms: Terms,
}

impl Goal {
    /// Zero modulo 2^bits.
    pub fn new(bits: u32) -> Self {
        Self { bits, terms: Terms::new() }
    }

    /// Adds a product, so many times.
    pub fn add(&mut self, times: u128, vars: &[Var], spans: &Spans<'_>) {
        self.add_product(times, Product::new(), vars, spans);
    }

    fn add_product(&mut self, times: u128, with: Product, vars: &[Var], spans: &Spans<'_>) {
        let (mut times, mut product) = (times, with);
        for &var in vars {
            let number = if let Var::Span(span) = var { spans.number(span) } else { None };
            match number {
                Some(number) => times = times.wrapping_mul(number),
                None => product.push(Factor { rank: spans.rank(var), var }),
            }
        }
        product.sort_by_key(|factor| Reverse(*factor));
        product.dedup_by(|a, b| a == b && a.var.width() == 1);
        let before = self.terms.remove(&product).unwrap_or(0);
        let sum = before.wrapping_add(times) & mask(self.bits);
        if sum != 0 {
            self.terms.insert(product, sum);
        }
    }

    /// What it is, if it is a number.
    pub fn value(&self) -> Option<u128> {
        match self.terms.len() {
            0 => Some(0),
            1 => self.terms.get(&Product::new()).copied(),
            _ => None,
        }
    }

    /// Everything may be replaced once more.
    pub fn begin_again(&mut self, spans: &Spans<'_>) {
        for (product, times) in std::mem::take(&mut self.terms) {
            let vars: Vec<Var> = product.iter().map(|factor| factor.var).collect();
            self.add(times, &vars, spans);
        }
    }

    /// Takes out the products with the factor that is replaced next.
    pub fn take_last(&mut self) -> Option<(Var, Terms)> {
        let (last, _) = self.terms.last_key_value()?;
        let factor = *last.first().filter(|factor| factor.rank > 0)?;
        Some((factor.var, self.terms.split_off(&vec![factor])))
    }

    /// Whether there are single bits of a word, here or in what was taken out.
    pub fn has_bits_of(&self, word: Span, taken: &Terms) -> bool {
        let is_bit = |factor: &Factor| match factor.var {
            Var::Span(span) => span.cell == word.cell && span.width < word.width,
            _ => false,
        };
        self.terms.keys().chain(taken.keys()).any(|product| product.iter().any(is_bit))
    }

    /// Puts back what was taken out with the definition in the place of the value; without one, or
    /// where it says too little, the value stays for good.
    pub fn replace(
        &mut self,
        var: Var,
        taken: Terms,
        definition: Option<&Definition>,
        in_part: bool,
        spans: &Spans<'_>,
    ) {
        let mask = mask(self.bits);
        let enough = |times: u128| {
            definition.is_some_and(|definition| {
                times.checked_shl(definition.right).unwrap_or(0) & mask == 0
            })
        };
        let all = taken.values().all(|&times| enough(times));
        for (mut product, times) in taken {
            let is_it = |factor: &Factor| factor.var == var && factor.rank > 0;
            match definition.filter(|_| all || in_part && enough(times)) {
                Some(definition) => {
                    let power = product.iter().filter(|f| is_it(f)).count();
                    product.retain(|factor| !is_it(factor));
                    self.multiply(times, &product, definition, power, spans);
                }
                None => {
                    product.iter_mut().filter(|f| is_it(f)).for_each(|factor| factor.rank = 0);
                    self.add_product(times, product, &[], spans);
                }
            }
        }
    }

    /// Adds a product times a power of what is defined.
    fn multiply(
        &mut self,
        times: u128,
        product: &[Factor],
        definition: &Definition,
        power: usize,
        spans: &Spans<'_>,
    ) {
        let mut powers: Vec<(u128, Vec<Var>)> = vec![(times, Vec::new())];
        for _ in 0..power {
            let each = powers.iter().flat_map(|(times, vars)| {
                definition.terms.iter().map(move |(more, others)| {
                    (times.wrapping_mul(*more), [&vars[..], others].concat())
                })
            });
            powers = each.collect();
        }
        for (times, vars) in powers {
            self.add_product(times, product.to_vec(), &vars, spans);
        }
    }
}
