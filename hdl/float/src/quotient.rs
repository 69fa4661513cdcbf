//! The quotient of two unpacked numbers.

use crate::unpacked::{Unpacked, exponent_shape, resize, widen};
use olivine_lang::prelude::*;

/// `x / y`, with `wanted` bits of the significand exact and a sticky bit below: a restoring division,
/// a bit after the other. Unspecified where `y` is zero or infinite.
#[named]
#[track_caller]
pub(crate) fn quotient(x: &Unpacked, y: &Unpacked, wanted: u32) -> Unpacked {
    let width = x.significand.width().max(y.significand.width());
    let divisor = widen(y.significand, width).extend(width + 1);
    let mut rest = widen(x.significand, width).extend(width + 1);
    // The first is the one before the point, which may be zero.
    let mut bits = Vec::new();
    for _ in 0..wanted + 2 {
        let fits = rest.ge(divisor);
        let reduced = fits.select(rest.wrapping_sub(divisor), rest);
        rest = reduced.shift_left(1);
        bits.push(fits.as_unsigned());
    }
    let sticky = rest.any().as_unsigned();
    let quotient = bits.into_iter().fold(None, |above: Option<Unsigned>, bit| {
        Some(above.map_or(bit, |above| bit.concat(above)))
    });
    let quotient = sticky.concat(quotient.expect("there are bits"));
    let whole = quotient.top_bit();
    let range = (x.range.0 - y.range.1 - 1, x.range.1 - y.range.0);
    let shape = exponent_shape((range.0 - 1, range.1 + 1));
    let below = resize((!whole).as_unsigned().to_signed(), shape);
    let exponent = resize(x.exponent, shape).wrapping_sub(resize(y.exponent, shape));
    Unpacked {
        sign: x.sign ^ y.sign,
        nan: x.nan | y.nan,
        infinite: x.infinite,
        zero: x.zero,
        exponent: exponent.wrapping_sub(below),
        significand: whole.select(quotient, quotient.shift_left(1)),
        range,
    }
}
