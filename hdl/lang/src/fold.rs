//! Trees: many values made one by an operator of two.

use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::place::here;
use crate::signal::Signal;
use crate::{Bit, Scalar, Signed, Unsigned, mux};
use std::ops::Add;

/// All of `items` made one by `join`, in a balanced tree: as deep as the logarithm of their number.
/// Neighbours are joined, so `join` must be associative, but need not be commutative. `None` of
/// none, as with [`Iterator::reduce`].
///
/// A tree with registers between its levels is one whose `join` ends in
/// [`Pipeline::stage`](crate::Pipeline::stage), of a power of two of items.
#[track_caller]
pub fn tree<T: Signal>(
    items: impl IntoIterator<Item = T>,
    mut join: impl FnMut(T, T) -> T,
) -> Option<T> {
    let mut level: Vec<T> = items.into_iter().collect();
    while level.len() > 1 {
        let mut next = Vec::with_capacity(level.len().div_ceil(2));
        let mut rest = level.into_iter();
        while let Some(left) = rest.next() {
            next.push(match rest.next() {
                Some(right) => join(left, right),
                None => left,
            });
        }
        level = next;
    }
    level.pop()
}

/// What each of `items` is joined with all before it: as many values as items, in one row of joins.
/// `join` is called with what came so far and the next.
#[track_caller]
pub fn running<T: Signal>(
    items: impl IntoIterator<Item = T>,
    mut join: impl FnMut(T, T) -> T,
) -> Vec<T> {
    let mut results: Vec<T> = Vec::new();
    for item in items {
        let next = match results.last() {
            Some(before) => join(before.clone(), item),
            None => item,
        };
        results.push(next);
    }
    results
}

/// Numbers whose sums are exact: each `+` is one bit wider.
pub trait Number: Scalar + Add<Output = Self> {
    /// How its bits are read.
    #[doc(hidden)]
    const READING: Reading;
}

impl Number for Unsigned {
    const READING: Reading = Reading::Unsigned;
}

impl Number for Signed {
    const READING: Reading = Reading::Signed;
}

/// The sum of `items`, exact: a tree in which every level is one bit wider. Of none it is a fault
/// (L016).
#[track_caller]
pub fn sum<T: Number>(items: impl IntoIterator<Item = T>) -> T {
    let at = here();
    tree(items, |a, b| a + b).unwrap_or_else(|| {
        with(|b, e| {
            let message = "nothing is summed: the result would have no bits";
            e.fault(b, "L016", at, message, "sum at least one signal");
        });
        T::of(Leaf::poison(1, T::READING))
    })
}

/// The index of the greatest of `items` and the item itself, the first of equals; `None` of none.
#[track_caller]
pub fn greatest(items: &[Unsigned]) -> Option<(Unsigned, Unsigned)> {
    let width = crate::index_width(items.len());
    let numbered = items.iter().enumerate();
    let pairs = numbered.map(|(i, item)| (crate::constant(crate::unsigned(width), i), *item));
    tree(pairs, |left, right| {
        let later: Bit = right.1.gt(left.1);
        mux(later, right, left)
    })
}
