//! The last step of an addition: rounding to nearest, ties to even, and putting together.

use crate::Format;
use olivine_lang::prelude::*;

/// A sum, with its leading one in front: `±normal · 2^exponent` with the sum's bias, the leading
/// bit of `normal` having the weight 4. The same neighbour is nearest to it as to the exact one.
#[derive(Clone, Copy, Bundle)]
pub(crate) struct Exact {
    pub sign: Bit,
    pub exponent: Signed,
    /// Zero only if the sum is.
    pub normal: Unsigned,
}

/// Results that are known from the kinds of the terms. Without any of these the sum counts.
#[derive(Clone, Copy, Bundle)]
pub(crate) struct Forced {
    pub nan: Bit,
    pub infinite: Bit,
    pub zero: Bit,
    /// Of the infinity or zero.
    pub sign: Bit,
}

impl Exact {
    /// The float nearest to it, ties to even, as if there were no least exponent; then infinity
    /// or zero if there is none with that exponent.
    #[named]
    pub(crate) fn round(&self, format: Format, forced: &Forced) -> Float {
        let (e, m, width) = (format.exponent, format.mantissa, self.exponent.width());
        let dropped = self.normal.width() - format.precision();
        let mantissa = self.normal.slice(dropped, m);
        let half = self.normal.bit(dropped - 1);
        let up = half & (self.normal.truncate(dropped - 1).any() | mantissa.bit(0));

        // The leading bit has the weight 2^2; the carry of the mantissa goes on into the exponent.
        let weight = constant(unsigned(width), 2);
        let increment = cat((up, zero(unsigned(m - 1)), weight));
        let code = cat((mantissa, self.exponent.as_unsigned())).wrapping_add(increment);
        let (rounded, exponent) = (code.truncate(m), code.slice(m, width).as_signed());
        let field = exponent.as_unsigned().truncate(e);

        let too_small = exponent.is_negative() | !exponent.as_unsigned().any();
        let too_large = exponent.slice(e, width - e).any() | field.all();
        let cancelled = !self.normal.top_bit();
        let vanishes = forced.zero | cancelled | too_small;
        let ones = forced.nan | forced.infinite | (too_large & !vanishes);
        let clear = ones | vanishes;
        let quiet = constant(unsigned(m), 1).shift_left(m - 1) & forced.nan.repeat(m);
        let known = forced.infinite | forced.zero;
        let sign = known.select(forced.sign, self.sign & !cancelled) & !forced.nan;
        let field = clear.select(ones.repeat(e), field);
        let mantissa = clear.select(quiet, rounded);
        cat((mantissa, field, sign)).as_float(format.shape())
    }
}
