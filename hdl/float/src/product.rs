//! The exact product of two unpacked numbers.

use crate::unpacked::{Unpacked, exponent_shape, resize};
use olivine_lang::prelude::*;

/// `x · y`, exact.
#[named]
#[track_caller]
pub(crate) fn product(x: &Unpacked, y: &Unpacked) -> Unpacked {
    product_of(x, y, x.significand * y.significand)
}

/// `x · y`, whose significands have the product `both`.
#[named]
#[track_caller]
pub(crate) fn product_of(x: &Unpacked, y: &Unpacked, both: Unsigned) -> Unpacked {
    let range = (x.range.0 + y.range.0, x.range.1 + y.range.1 + 1);
    let shape = exponent_shape((range.0 - 1, range.1 + 1));
    // In [1, 4): the leading one is in the first or second place.
    let carried = both.top_bit();
    let exponent = resize(x.exponent, shape).wrapping_add(resize(y.exponent, shape));
    let carry = resize(carried.as_unsigned().to_signed(), shape);
    Unpacked {
        sign: x.sign ^ y.sign,
        nan: x.nan | y.nan | (x.infinite & y.zero) | (x.zero & y.infinite),
        infinite: x.infinite | y.infinite,
        zero: x.zero | y.zero,
        exponent: exponent.wrapping_add(carry),
        significand: carried.select(both, both.shift_left(1)),
        range,
    }
}
