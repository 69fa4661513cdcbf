//! The last step of an addition: rounding to nearest, ties to even, and putting together.

use crate::Format;
use olivine_lang::prelude::*;

/// An exact sum, with its leading one in front: `±normal · 2^(exponent − leading_zeros)` with the
/// sum's bias, the leading bit of `normal` having the weight 4.
pub(crate) struct Exact {
    pub sign: Bit,
    pub exponent: Signed,
    pub leading_zeros: Unsigned,
    /// Zero only if the sum is.
    pub normal: Unsigned,
}

/// Results that are known from the kinds of the terms. Without any of these the sum counts.
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
        let m = format.mantissa;
        let dropped = self.normal.width() - format.precision();
        let mantissa = self.normal.slice(dropped, m);
        let half = self.normal.bit(dropped - 1);
        let up = half & (self.normal.truncate(dropped - 1).any() | mantissa.bit(0));
        let incremented = mantissa.extend(m + 1).wrapping_add(up.as_unsigned().extend(m + 1));

        // The leading bit has the weight 2^2; a carry leaves a mantissa of zeros.
        let [stays, carried] = [2, 3].map(|weight| self.candidate(format, forced, weight));
        let (field, clear) = incremented.top_bit().select(carried, stays);
        let rounded = clear.select(zero(unsigned(m)), incremented.truncate(m));
        let quiet = constant(unsigned(m), 1).shift_left(m - 1) & forced.nan.repeat(m);
        let cancelled = !self.normal.top_bit();
        let known = forced.infinite | forced.zero;
        let sign = known.select(forced.sign, self.sign & !cancelled) & !forced.nan;
        cat((rounded | quiet, field, sign)).as_float(format.shape())
    }

    /// The exponent field if the leading bit has this weight, and whether the mantissa is zero
    /// because of it.
    fn candidate(&self, format: Format, forced: &Forced, weight: u32) -> (Unsigned, Bit) {
        let (e, width) = (format.exponent, self.exponent.width());
        let zeros = self.leading_zeros.extend(width).as_signed();
        let exponent = self.exponent.wrapping_add(weight).wrapping_sub(zeros);
        let field = exponent.truncate(e).as_unsigned();
        let too_small = exponent.is_negative() | !exponent.as_unsigned().any();
        let too_large = exponent.slice(e, width - e).any() | field.all();
        let vanishes = forced.zero | !self.normal.top_bit() | too_small;
        let special = forced.nan | forced.infinite;
        let ones = special | (too_large & !vanishes);
        let clear = ones | vanishes;
        (clear.select(ones.repeat(e), field), clear)
    }
}
