//! The quotient of two unpacked numbers: a restoring division, a bit after the other.

use crate::Cuts;
use crate::unpacked::{Unpacked, exponent_shape, resize, widen};
use olivine_lang::prelude::*;

/// Bits between two places for registers.
const BITS_OF_A_STAGE: u32 = 4;

/// Bits of a quotient of which `wanted` are to be exact: one before the point, which may be zero, and one
/// more than `wanted` behind it.
pub(crate) const fn bits(wanted: u32) -> u32 {
    wanted + 2
}

/// Places for registers in a quotient of so many [`bits`].
pub(crate) const fn places(bits: u32) -> u32 {
    bits.div_ceil(BITS_OF_A_STAGE)
}

/// `x / y`, with `wanted` bits of the significand exact and a sticky bit below; with [`places`] for
/// registers. Zero by zero and infinity by infinity are NaN, a number by zero is infinity.
#[named]
#[track_caller]
pub(crate) fn quotient(x: &Unpacked, y: &Unpacked, wanted: u32, cuts: &mut Cuts) -> Unpacked {
    quotients(&[*x], y, wanted, [] as [Bit; 0], cuts).0[0]
}

/// The quotients of several numbers by one, side by side; what comes along stays as late.
#[named]
#[track_caller]
pub(crate) fn quotients<T: Signal>(
    dividends: &[Unpacked],
    y: &Unpacked,
    wanted: u32,
    mut along: T,
    cuts: &mut Cuts,
) -> (Vec<Unpacked>, T) {
    let bits = bits(wanted);
    let mut divisor = significands(&dividends[0], y)[1];
    let mut rests: Vec<Unsigned> = dividends.iter().map(|x| significands(x, y)[0]).collect();
    let mut all: Vec<Unpacked> = dividends.iter().map(|x| kinds(x, y)).collect();
    let mut so_far: Vec<Option<Unsigned>> = vec![None; rests.len()];
    for index in 1..=bits {
        for (rest, so_far) in rests.iter_mut().zip(&mut so_far) {
            let (next, fits) = step(*rest, divisor);
            let below = fits.as_unsigned();
            *so_far = Some(so_far.map_or(below, |above| below.concat(above)));
            *rest = next;
        }
        if index % BITS_OF_A_STAGE == 0 || index == bits {
            (rests, divisor, so_far, along) = cuts.here((rests, divisor, so_far, along));
            all.iter_mut().for_each(|kinds| *kinds = kinds.through_too(cuts));
        }
    }
    let ends = so_far.into_iter().zip(rests);
    let ends = ends.map(|(bits, rest)| (bits.expect("there are bits"), rest));
    (
        all.into_iter()
            .zip(ends)
            .map(|(kinds, (bits, rest))| finished(kinds, bits, rest))
            .collect(),
        along,
    )
}

/// The first rest and the divisor, both below twice the divisor if that is not zero, with room for that.
#[track_caller]
pub(crate) fn significands(x: &Unpacked, y: &Unpacked) -> [Unsigned; 2] {
    let width = x.significand.width().max(y.significand.width());
    [x, y].map(|number| widen(number.significand, width).extend(width + 1))
}

/// The next rest, and the bit of the quotient: after `n` bits `q`, `x · 2^n = 2 · q · y + rest`.
#[track_caller]
pub(crate) fn step(rest: Unsigned, divisor: Unsigned) -> (Unsigned, Bit) {
    let fits = rest.ge(divisor);
    (fits.select(rest.wrapping_sub(divisor), rest).shift_left(1), fits)
}

/// What is known of a quotient without dividing: its significand is missing, and its exponent is that of
/// one in [1, 2).
#[named]
#[track_caller]
pub(crate) fn kinds(x: &Unpacked, y: &Unpacked) -> Unpacked {
    let range = (x.range.0 - y.range.1 - 1, x.range.1 - y.range.0);
    let shape = exponent_shape((range.0 - 1, range.1 + 1));
    Unpacked {
        sign: x.sign ^ y.sign,
        nan: x.nan | y.nan | (x.zero & y.zero) | (x.infinite & y.infinite),
        infinite: x.infinite | y.zero,
        zero: x.zero | y.infinite,
        exponent: resize(x.exponent, shape).wrapping_sub(resize(y.exponent, shape)),
        significand: constant(unsigned(1), 0),
        range,
    }
}

/// The quotient of such kinds by its bits and the last rest.
#[named]
#[track_caller]
pub(crate) fn finished(kinds: Unpacked, bits: Unsigned, rest: Unsigned) -> Unpacked {
    let quotient = rest.any().as_unsigned().concat(bits);
    let whole = quotient.top_bit();
    let below_one = resize((!whole).as_unsigned().to_signed(), kinds.exponent);
    let significand = whole.select(quotient, quotient.shift_left(1));
    Unpacked {
        exponent: kinds.exponent.wrapping_sub(below_one),
        significand: significand & (!kinds.zero).repeat(significand.width()),
        ..kinds
    }
}
