//! Partial products in Booth's recoding, radix 4.

use super::columns::Columns;
use olivine_lang::prelude::*;

/// The bits to be added for `a · b`: half as many rows as `b` has bits. Two bits of `b` and the one
/// below them are a digit from −2 to 2; a negative row is inverted, and one is added.
#[track_caller]
pub(super) fn partial_products(a: Unsigned, b: Unsigned) -> Columns {
    let product = (a.width() + b.width()) as usize;
    let mut columns: Columns = vec![Vec::new(); product];
    // 0 below, and at least one 0 above: the last digit is not negative.
    let digits = b.width() / 2 + 1;
    let below = constant(bit(), false).as_unsigned().concat(b);
    let padded = below.extend(2 * digits + 1);
    for digit in 0..digits {
        let [low, middle, high] = [0, 1, 2].map(|i| padded.bit(2 * digit + i));
        let one = low ^ middle;
        let two = (high & !middle & !low) | (!high & middle & low);
        let negative = high & !(middle & low);
        let shift = 2 * digit as usize;
        for i in 0..product - shift.min(product) {
            let bit = magnitude(a, i, one, two) ^ negative;
            columns[shift + i].push(bit);
        }
        if shift < product {
            columns[shift].push(negative);
        }
    }
    columns
}

/// Bit `i` of no, one or two times `a`, extended without end.
#[track_caller]
fn magnitude(a: Unsigned, i: usize, one: Bit, two: Bit) -> Bit {
    let bit_of = |i: usize| (i < a.width() as usize).then(|| a.bit(i as u32));
    let once = bit_of(i).map(|bit| one & bit);
    let twice = i.checked_sub(1).and_then(bit_of).map(|bit| two & bit);
    match (once, twice) {
        (Some(once), Some(twice)) => once | twice,
        (Some(bit), None) | (None, Some(bit)) => bit,
        (None, None) => constant(bit(), false),
    }
}
