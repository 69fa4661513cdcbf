//! The exact sum of two unpacked numbers, with a sticky bit.

use crate::Cuts;
use crate::normalise::normalise;
use crate::unpacked::{Range, Unpacked, exponent_shape, resize, shift_right_sticky, widen};
use olivine_lang::prelude::*;

/// Bits below the `wanted` ones: two exact ones and the sticky bit.
const EXTRA: u32 = 3;

/// `x + y`, with [`PLACES`] for registers, with `wanted` bits of the significand exact and a sticky bit below. A sum that cancels
/// is −0 where `down`, else +0; the sum of two zeros of one sign keeps it.
///
/// # Why the sticky bit is enough
/// The term with the higher exponent is not shifted. If the other is shifted by at most two places,
/// nothing is lost. Otherwise cancellation takes at most one leading bit: of the bits that are
/// `wanted` the last is then the first extra one, and what was lost lies strictly between two
/// neighbours of the second, as the sticky bit says.
#[named]
#[track_caller]
pub(crate) fn sum(
    x: &Unpacked,
    y: &Unpacked,
    wanted: u32,
    down: bool,
    cuts: &mut Cuts,
) -> Unpacked {
    let width = wanted.max(x.significand.width()).max(y.significand.width()) + EXTRA;
    let shape = exponent_shape(span(x.range, y.range, width));
    let [x_significand, y_significand] = [x, y].map(|number| widen(number.significand, width));
    let [x_exponent, y_exponent] = [x, y].map(|number| resize(number.exponent, shape));

    let difference = x_exponent - y_exponent;
    let y_is_higher = difference.is_negative();
    let level = !difference.as_unsigned().any();
    let y_exceeds = y_is_higher | (level & x_significand.lt(y_significand));
    let y_is_large = x.zero | (!y.zero & y_exceeds);
    let distance = difference.abs();

    let large = y_is_large.select(y_significand, x_significand);
    let small = y_is_large.select(x_significand, y_significand);
    let aligned = shift_right_sticky(small, distance);
    let subtract = x.sign ^ y.sign;
    let exponent = y_is_large.select(y_exponent, x_exponent);
    let infinite = x.infinite | y.infinite;
    let opposed = x.infinite & y.infinite & subtract;
    let nan = x.nan | y.nan | opposed;
    let sign_of_zero = if down { x.sign | y.sign } else { x.sign & y.sign };
    let sign_of_large = y_is_large.select(y.sign, x.sign);
    let sign = infinite.select(x.infinite.select(x.sign, y.sign), sign_of_large);
    let along = (exponent, infinite, nan, sign_of_zero, sign);
    let (large, aligned, subtract, along) = cuts.here((large, aligned, subtract, along));

    let carry = subtract.as_unsigned().extend(width + 1);
    let addend = aligned.extend(width + 1) ^ subtract.repeat(width + 1);
    let magnitude = large.extend(width + 1).wrapping_add(addend).wrapping_add(carry);
    let (magnitude, along) = cuts.here((magnitude, along));

    let (exponent, infinite, nan, sign_of_zero, sign) = along;
    let (leading_zeros, significand) = normalise(magnitude);
    let exponent = exponent.wrapping_add(1).wrapping_sub(resize(leading_zeros.to_signed(), shape));
    let zero = !magnitude.any() & !infinite;
    Unpacked {
        sign: zero.select(sign_of_zero, sign),
        nan,
        infinite,
        zero,
        exponent,
        significand,
        range: span_of_sum(x.range, y.range, width),
    }
    .through(cuts)
}

/// Places for registers in a sum: behind the shifter, the adder and the second shifter.
pub(crate) const PLACES: u32 = 3;

/// Exponents of sums: down by cancellation, up by a carry.
fn span_of_sum(x: Range, y: Range, width: u32) -> Range {
    (x.0.min(y.0) - width as i32, x.1.max(y.1) + 1)
}

/// All exponents on the way, the counts of zeros among them.
fn span(x: Range, y: Range, width: u32) -> Range {
    let (least, greatest) = span_of_sum(x, y, width);
    (least - 2, greatest.max(width as i32) + 2)
}
