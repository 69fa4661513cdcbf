//! Rotating a vector by a signal.

use olivine_lang::prelude::*;

/// Element i of the result is element `(i + amount) mod N`; N is a power of two and `amount` as
/// wide as an index.
#[track_caller]
pub(crate) fn rotate_down<T: Signal>(vector: &[T], amount: Unsigned) -> Vec<T> {
    rotate(vector, amount, |i, step| (i + step) % vector.len())
}

/// Element `(i + amount) mod N` of the result is element i: the inverse of [`rotate_down`].
#[track_caller]
pub(crate) fn rotate_up<T: Signal>(vector: &[T], amount: Unsigned) -> Vec<T> {
    rotate(vector, amount, |i, step| (i + vector.len() - step) % vector.len())
}

#[track_caller]
fn rotate<T: Signal>(
    vector: &[T],
    amount: Unsigned,
    source: impl Fn(usize, usize) -> usize,
) -> Vec<T> {
    let mut now = vector.to_vec();
    for (stage, here) in amount.bits().into_iter().enumerate() {
        let from = |i| now[source(i, 1 << stage)].clone();
        now = (0..now.len()).map(|i| here.select(from(i), now[i].clone())).collect();
    }
    now
}
