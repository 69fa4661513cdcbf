//! [`Unpacked`]: a float in the form that arithmetic wants.

use crate::normalise::normalise;
use crate::{Cuts, Format, Specials};
use olivine_lang::prelude::*;

/// A number `±significand / 2^(width − 1) · 2^exponent`, or something special.
#[derive(Clone, Copy)]
pub struct Unpacked {
    pub sign: Bit,
    pub nan: Bit,
    pub infinite: Bit,
    /// Then the exponent means nothing. Excludes `infinite`, unless it is a NaN.
    pub zero: Bit,
    pub exponent: Signed,
    /// Its top bit is set, but for a zero, where all are clear. Unspecified in a NaN or infinity.
    pub significand: Unsigned,
    /// What the exponent of a number can be, ends included.
    pub range: Range,
}

impl Unpacked {
    /// The number behind the registers of a place.
    #[track_caller]
    pub(crate) fn through(self, cuts: &mut Cuts) -> Self {
        let Self { sign, nan, infinite, zero, exponent, significand, range } = self;
        let signals = (sign, nan, infinite, zero, exponent, significand);
        let (sign, nan, infinite, zero, exponent, significand) = cuts.here(signals);
        Self { sign, nan, infinite, zero, exponent, significand, range }
    }

    /// Another number behind the registers of the latest place.
    #[track_caller]
    pub(crate) fn through_too(self, cuts: &mut Cuts) -> Self {
        let Self { sign, nan, infinite, zero, exponent, significand, range } = self;
        let signals = (sign, nan, infinite, zero, exponent, significand);
        let (sign, nan, infinite, zero, exponent, significand) = cuts.here_again(signals);
        Self { sign, nan, infinite, zero, exponent, significand, range }
    }
}

/// The least and the greatest exponent.
pub(crate) type Range = (i32, i32);

/// A signed shape for all numbers of a range.
pub(crate) fn exponent_shape((least, greatest): Range) -> Signed {
    let magnitude = greatest.max(-least - 1).max(1);
    signed(bits_for(magnitude as u64) + 1)
}

/// A signed number in another shape that holds its value.
#[track_caller]
pub(crate) fn resize(value: Signed, shape: Signed) -> Signed {
    if shape.width() >= value.width() {
        value.extend(shape.width())
    } else {
        value.truncate(shape.width())
    }
}

/// Takes a float apart; subnormal numbers are normalised.
#[named]
#[track_caller]
pub(crate) fn unpack(value: Float, format: Format) -> Unpacked {
    let (e, m) = (format.exponent, format.mantissa);
    let mantissa = value.slice(0, m);
    let field = value.slice(m, e);
    let (nan, infinite) = specials(field, mantissa, format);
    let normal = field.any();
    let (zeros, significand) = normalise(mantissa.concat(normal));
    let least = format.exponent_min() - m as i32;
    let shape = exponent_shape((least - 1, format.special_exponent() + 1));
    let lowest = cat((field.truncate(1) | (!normal).as_unsigned(), field.slice(1, e - 1)));
    let biased = resize(lowest.to_signed(), shape);
    let bias = constant(shape, format.bias());
    let exponent = biased.wrapping_sub(bias).wrapping_sub(resize(zeros.to_signed(), shape));
    Unpacked {
        sign: value.top_bit(),
        nan,
        infinite,
        zero: !normal & !mantissa.any(),
        exponent,
        significand,
        range: (least, format.exponent_max()),
    }
}

/// What codes can be besides numbers.
pub(crate) struct Kinds {
    pub nan: bool,
    pub infinite: bool,
}

impl Kinds {
    pub(crate) const fn of(format: Format) -> Self {
        Self {
            nan: !matches!(format.specials, Specials::Numbers),
            infinite: matches!(format.specials, Specials::Ieee),
        }
    }
}

/// Whether a code with this exponent and mantissa is a NaN, and whether it is an infinity.
#[track_caller]
pub(crate) fn specials(field: Unsigned, mantissa: Unsigned, format: Format) -> (Bit, Bit) {
    let (top, never) = (field.all(), constant(bit(), false));
    match format.specials {
        Specials::Ieee => (top & mantissa.any(), top & !mantissa.any()),
        Specials::NanOnly => (top & mantissa.all(), never),
        Specials::Numbers => (never, never),
    }
}

/// Shifts right; the last bit of the result is set if anything was shifted out.
#[track_caller]
pub(crate) fn shift_right_sticky(value: Unsigned, distance: Unsigned) -> Unsigned {
    let stages = bits_for(u64::from(value.width())).min(distance.width());
    let mut kept = value;
    let mut lost = constant(bit(), false);
    for stage in 0..stages {
        let here = distance.bit(stage);
        let step = (1 << stage).min(value.width());
        lost = lost | (here & kept.truncate(step).any());
        kept = here.select(kept.shift_right(step), kept);
    }
    if distance.width() > stages {
        let far = distance.slice(stages, distance.width() - stages).any();
        lost = lost | (far & kept.any());
        kept = kept & (!far).repeat(kept.width());
    }
    kept | lost.as_unsigned().extend(kept.width())
}

/// At least `width` bits: zeros are put below.
#[track_caller]
pub(crate) fn widen(significand: Unsigned, width: u32) -> Unsigned {
    significand << width.saturating_sub(significand.width())
}
