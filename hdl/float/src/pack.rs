//! The last step of every unit: rounding once, and putting a float together.

use crate::unpacked::{Unpacked, exponent_shape, resize, shift_right_sticky, widen};
use crate::{Cuts, Format, Overflow, Rounding, Specials};
use olivine_lang::prelude::*;

/// Where results go.
#[derive(Clone, Copy)]
pub(crate) struct Target {
    pub format: Format,
    pub rounding: Rounding,
    pub overflow: Overflow,
    /// For stochastic rounding.
    pub random: Option<Unsigned>,
}

impl Target {
    /// Significand bits that a sum must have exactly right, with a sticky bit behind them.
    pub(crate) fn bits_wanted(&self) -> u32 {
        self.format.precision() + self.rounding.bits_below()
    }

    /// The float nearest by the rounding, with gradual underflow; the last bit of the significand
    /// may be sticky if it is wide enough to lie below all that are wanted.
    #[track_caller]
    pub(crate) fn pack(&self, exact: &Unpacked) -> Float {
        self.pack_in_stages(*exact, &mut Cuts::none())
    }

    /// The same, with one place for registers: behind the shifter for subnormal numbers. `random`
    /// is as late as `exact` is.
    #[named]
    #[track_caller]
    pub(crate) fn pack_in_stages(&self, exact: Unpacked, cuts: &mut Cuts) -> Float {
        let m = self.format.mantissa;
        let significand = widen(exact.significand, self.bits_wanted() + 1);
        let (field, aligned) = self.underflow(&exact, significand);
        let (field, aligned, random) = cuts.here((field, aligned, self.random));
        let [sign, nan, infinite] = cuts.here_again([exact.sign, exact.nan, exact.infinite]);
        let dropped = aligned.width() - self.format.precision();
        let mantissa = aligned.slice(dropped, m);
        let below = aligned.truncate(dropped);
        let up = self.rounding.goes_up(sign, mantissa.bit(0), below, random);
        let code = cat((mantissa, field));
        // A carry out of the mantissa raises the exponent, as it should.
        let code = code.wrapping_add(up.as_unsigned().extend(code.width()));
        self.specials([sign, nan, infinite], code)
    }

    /// The exponent's field, with room above for too large ones, and the significand, moved down
    /// where the number is subnormal.
    #[track_caller]
    fn underflow(&self, exact: &Unpacked, significand: Unsigned) -> (Unsigned, Unsigned) {
        let bias = self.format.bias();
        let (least, greatest) = (exact.range.0 + bias, exact.range.1 + bias);
        let top = (greatest + 1).max(self.format.special_exponent() + 1);
        let shape = exponent_shape((least.min(0), top));
        let width = shape.width() - 1;
        let biased = resize(exact.exponent, shape).wrapping_add(constant(shape, bias));
        let field = biased.as_unsigned().truncate(width);
        if least > 0 {
            return (field & (!exact.zero).repeat(width), significand);
        }
        let subnormal = biased.is_negative() | !biased.as_unsigned().any();
        let below_one = constant(shape, 1).wrapping_sub(biased).as_unsigned();
        let needed = bits_for((1 - least) as u64).min(shape.width());
        let distance = below_one.truncate(needed) & subnormal.repeat(needed);
        let none = (subnormal | exact.zero).repeat(width);
        (field & !none, shift_right_sticky(significand, distance))
    }

    /// Infinities, NaNs, and what is too large. The code of a zero is zero by now.
    #[track_caller]
    fn specials(&self, [sign, nan, infinite]: [Bit; 3], code: Unsigned) -> Float {
        let format = self.format;
        let width = format.width() - 1;
        let of = |value: u64| constant(unsigned(width), value);
        let largest = of(format.largest());
        let beyond = code.gt(format.largest());
        let saturate = self.overflow == Overflow::Saturate;
        let (infinity, infinity_is_nan) = match format.specials {
            _ if saturate => (largest, false),
            Specials::Ieee => (of(format.largest() + 1), false),
            Specials::NanOnly => (of(format.nan()), true),
            Specials::Numbers => (largest, false),
        };
        let to_infinity = infinite | (beyond & self.rounding.to_infinity(sign));
        let number = beyond.select(largest, code.truncate(width));
        let number = to_infinity.select(infinity, number);
        let nan = nan | (to_infinity & infinity_is_nan);
        let magnitude = nan.select(of(format.nan()), number);
        cat((magnitude, sign & !nan)).as_float(format.shape())
    }
}
