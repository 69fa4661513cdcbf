//! Rounding exact values to formats.

use super::value::shift_right_odd;
use super::{Format, Value};

/// Which of the two neighbours an exact value goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// The nearer one; the even one of two that are equally near.
    NearestEven,
    /// The nearer one; the one of larger magnitude of two that are equally near.
    NearestAway,
    /// The one of smaller magnitude.
    TowardZero,
    /// The greater one.
    Up,
    /// The lesser one.
    Down,
    /// The one of larger magnitude iff `⌊d · 2^bits⌋ + random ≥ 2^bits`, `d` in [0, 1) being the
    /// part of the last place that would be cut off. With `random` uniform in `0..2^bits` and `d`
    /// a multiple of `2^-bits`, that has the probability `d` exactly.
    Stochastic {
        /// Width of the random number, at most 32.
        bits: u32,
        /// The random number.
        random: u64,
    },
}

/// What becomes of a number that is too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// Infinity, or the largest number, as the rounding asks for; a NaN where the format has
    /// one but no infinity; the largest number where it has neither.
    Special,
    /// The largest number. That is also what infinities become.
    Saturate,
}

impl Rounding {
    /// Whether `kept + lost / 2^count`, of this sign, goes up in magnitude.
    fn goes_up(self, negative: bool, kept: u128, lost: u128, count: u32) -> bool {
        if count == 0 || lost == 0 {
            return false;
        }
        let half = 1 << (count - 1);
        match self {
            Self::NearestEven => lost > half || (lost == half && kept & 1 == 1),
            Self::NearestAway => lost >= half,
            Self::TowardZero => false,
            Self::Up => !negative,
            Self::Down => negative,
            Self::Stochastic { bits, random } => {
                let d = if count >= bits { lost >> (count - bits) } else { lost << (bits - count) };
                d + u128::from(random) >= 1 << bits
            }
        }
    }

    /// Whether what is too large goes to infinity, rather than to the largest number.
    fn to_infinity(self, negative: bool) -> bool {
        match self {
            Self::TowardZero => false,
            Self::Up => !negative,
            Self::Down => negative,
            _ => true,
        }
    }

    /// Whether a sum that cancels is −0.
    pub fn is_down(self) -> bool {
        self == Self::Down
    }
}

/// `magnitude · 2^-count`, rounded to an integer; magnitude below 2¹²⁷.
fn shift(rounding: Rounding, negative: bool, magnitude: u128, count: i32) -> u128 {
    if count <= 0 {
        return magnitude << -count;
    }
    // Beyond 126 places nothing is kept, and a sticky last bit says all that is asked for.
    let surplus = (count - 126).max(0) as u32;
    let (magnitude, count) = (shift_right_odd(magnitude, surplus), count as u32 - surplus);
    let kept = magnitude >> count;
    let lost = magnitude & ((1 << count) - 1);
    kept + u128::from(rounding.goes_up(negative, kept, lost, count))
}

impl Value {
    /// The code of the value rounded to a format: with gradual underflow; as if there were no
    /// largest number, and what then is too large by `overflow`. A NaN is the format's one NaN; the
    /// largest number where it has none.
    pub fn encode(self, format: Format, rounding: Rounding, overflow: Overflow) -> u64 {
        let sign = |negative: bool| u64::from(negative) << (format.width() - 1);
        let (negative, magnitude, exponent) = match self {
            Self::Nan => return format.nan().unwrap_or(format.largest()),
            Self::Infinity { negative } => return infinite(negative, format, overflow),
            Self::Finite { negative, magnitude: 0, .. } => return sign(negative),
            Self::Finite { negative, magnitude, exponent } => (negative, magnitude, exponent),
        };
        let leading = self.log2_floor().expect("it is not zero");
        let lowest = leading.max(format.exponent_min());
        let place = lowest - format.mantissa as i32;
        let rounded = shift(rounding, negative, magnitude, place - exponent) as u64;
        // The hidden one, if there is one, counts as the first step of the exponent field.
        let field = (lowest - format.exponent_min()) as u64;
        let code = (field << format.mantissa) + rounded;
        if code <= format.largest() {
            return sign(negative) | code;
        }
        if rounding.to_infinity(negative) && overflow == Overflow::Special {
            return infinite(negative, format, overflow);
        }
        sign(negative) | format.largest()
    }

    /// The value rounded to a two's complement integer of `width` bits; what is beyond its ends
    /// becomes the end; a NaN becomes zero.
    pub fn to_integer(self, width: u32, rounding: Rounding) -> i64 {
        let (least, greatest) = (-(1i128 << (width - 1)), (1i128 << (width - 1)) - 1);
        let clamped = match self {
            Self::Nan => 0,
            Self::Infinity { negative } => {
                if negative {
                    least
                } else {
                    greatest
                }
            }
            Self::Finite { magnitude: 0, .. } => 0,
            Self::Finite { negative, magnitude, exponent } => {
                let huge = self.log2_floor().is_some_and(|l| l > 64);
                let integer =
                    if huge { 1 << 65 } else { shift(rounding, negative, magnitude, -exponent) };
                let signed = if negative { -(integer as i128) } else { integer as i128 };
                signed.clamp(least, greatest)
            }
        };
        clamped as i64
    }
}

fn infinite(negative: bool, format: Format, overflow: Overflow) -> u64 {
    let sign = u64::from(negative) << (format.width() - 1);
    match (overflow, format.infinity(), format.nan()) {
        (Overflow::Special, Some(infinity), _) => sign | infinity,
        (Overflow::Special, None, Some(nan)) => nan,
        _ => sign | format.largest(),
    }
}
