//! [`Value`]: what a float's bits stand for, and exact arithmetic on it.

use super::{Format, Specials};

/// A number, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Not a number.
    Nan,
    /// An infinity.
    Infinity {
        /// Its sign.
        negative: bool,
    },
    /// `±magnitude · 2^exponent`; a zero has a sign too.
    Finite {
        /// Its sign.
        negative: bool,
        /// What the power of two is multiplied by.
        magnitude: u128,
        /// The power of two.
        exponent: i32,
    },
}

use Value::{Finite, Infinity, Nan};

/// How far a sum moves its higher term up: what then is lost of the lower one is far below
/// everything that a rounding asks for.
const HEADROOM: u32 = 56;

impl Value {
    /// Reads the code of a float.
    pub fn decode(bits: u64, format: Format) -> Self {
        let magnitude = bits & ((1 << (format.width() - 1)) - 1);
        let negative = bits >> (format.width() - 1) & 1 == 1;
        if magnitude > format.largest() {
            let infinite = Some(magnitude) == format.infinity();
            return if infinite { Infinity { negative } } else { Nan };
        }
        let fraction = magnitude & ((1 << format.mantissa) - 1);
        let field = (magnitude >> format.mantissa) as i32;
        let hidden = if field == 0 { 0 } else { 1 << format.mantissa };
        let exponent = field.max(1) - format.bias() - format.mantissa as i32;
        Finite { negative, magnitude: u128::from(fraction | hidden), exponent }
    }

    /// A signed integer times a power of two; +0 if it is zero.
    pub fn integer(value: i128, exponent: i32) -> Self {
        Finite { negative: value < 0, magnitude: value.unsigned_abs(), exponent }
    }

    /// The product, exact, if both magnitudes are below 2⁶⁴. Infinity times zero is NaN.
    #[must_use]
    pub fn multiply(self, other: Self) -> Self {
        match (self, other) {
            (Nan, _) | (_, Nan) => Nan,
            (Infinity { .. }, Finite { magnitude: 0, .. })
            | (Finite { magnitude: 0, .. }, Infinity { .. }) => Nan,
            (
                Finite { negative: x, magnitude: p, exponent: e },
                Finite { negative: y, magnitude: q, exponent: f },
            ) => Finite { negative: x != y, magnitude: p * q, exponent: e + f },
            _ => Infinity { negative: self.is_negative() != other.is_negative() },
        }
    }

    /// The quotient, if both magnitudes are below 2⁶⁴: of at least 61 bits, the last one odd where
    /// something is cut off, so that it lies between the same two floats as the exact one. Zero by zero
    /// and infinity by infinity are NaN, any other number by zero is infinity.
    #[must_use]
    pub fn divide(self, other: Self) -> Self {
        let negative = self.is_negative() != other.is_negative();
        match (self, other) {
            (Nan, _) | (_, Nan) | (Infinity { .. }, Infinity { .. }) => Nan,
            (Finite { magnitude: 0, .. }, Finite { magnitude: 0, .. }) => Nan,
            (Infinity { .. }, _) | (_, Finite { magnitude: 0, .. }) => Infinity { negative },
            (_, Infinity { .. }) => Finite { negative, magnitude: 0, exponent: 0 },
            (
                Finite { magnitude: p, exponent: e, .. },
                Finite { magnitude: q, exponent: f, .. },
            ) => {
                // The dividend has 126 bits, so the quotient has 61 and more.
                let up = p.leading_zeros() - 2;
                let (whole, cut) = ((p << up) / q, (p << up) % q != 0);
                let exponent = e - f - up as i32;
                Finite { negative, magnitude: whole | u128::from(cut), exponent }
            }
        }
    }

    /// The sum, if both magnitudes are below 2⁷⁰. What is lost of a far lower term makes the last
    /// bit odd: then the sum lies between the same two multiples as the exact one. Infinities that
    /// oppose each other give NaN. A zero is +0, or −0 where `round_down`, unless both terms are
    /// zeros of one sign.
    #[must_use]
    pub fn add(self, other: Self, round_down: bool) -> Self {
        match (self, other) {
            (Nan, _) | (_, Nan) => Nan,
            (Infinity { negative: x }, Infinity { negative: y }) if x != y => Nan,
            (Infinity { .. }, _) => self,
            (_, Infinity { .. }) => other,
            (
                Finite { magnitude: 0, negative: x, .. },
                Finite { magnitude: 0, negative: y, .. },
            ) => {
                let negative = if x == y { x } else { round_down };
                Finite { negative, magnitude: 0, exponent: 0 }
            }
            (Finite { magnitude: 0, .. }, _) => other,
            (_, Finite { magnitude: 0, .. }) => self,
            _ => self.add_finite(other, round_down),
        }
    }

    fn add_finite(self, other: Self, round_down: bool) -> Self {
        let ((x, p, e), (y, q, f)) = (self.normalised(), other.normalised());
        let ((x, p, e), (y, q, f)) =
            if e >= f { ((x, p, e), (y, q, f)) } else { ((y, q, f), (x, p, e)) };
        let up = ((e - f) as u32).min(HEADROOM);
        let low = shift_right_odd(q, (e - f) as u32 - up);
        let signed = |negative: bool, magnitude: u128| {
            if negative { -(magnitude as i128) } else { magnitude as i128 }
        };
        let sum = signed(x, p << up) + signed(y, low);
        let negative = if sum == 0 { round_down } else { sum < 0 };
        Finite { negative, magnitude: sum.unsigned_abs(), exponent: e - up as i32 }
    }

    /// Sign, magnitude and exponent of a nonzero number, the magnitude's leading one at bit 69.
    fn normalised(self) -> (bool, u128, i32) {
        let Finite { negative, magnitude, exponent } = self else {
            unreachable!("only numbers are normalised")
        };
        let up = magnitude.leading_zeros() - 58;
        (negative, magnitude << up, exponent - up as i32)
    }

    /// Whether the sign is set; that of a NaN counts as clear.
    pub fn is_negative(self) -> bool {
        match self {
            Nan => false,
            Infinity { negative } | Finite { negative, .. } => negative,
        }
    }

    /// Orders numbers; zeros are equal; a NaN has no order.
    pub fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Nan, _) | (_, Nan) => None,
            (Infinity { negative: x }, Infinity { negative: y }) => Some(y.cmp(&x)),
            (Infinity { negative: x }, _) => Some(false.cmp(&x).then(std::cmp::Ordering::Greater)),
            (_, Infinity { .. }) => other.compare(self).map(std::cmp::Ordering::reverse),
            _ => Some(match other.negated().add(self, false) {
                Finite { magnitude: 0, .. } => std::cmp::Ordering::Equal,
                difference if difference.is_negative() => std::cmp::Ordering::Less,
                _ => std::cmp::Ordering::Greater,
            }),
        }
    }

    /// The number with the other sign.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Nan => Nan,
            Infinity { negative } => Infinity { negative: !negative },
            Finite { negative, magnitude, exponent } => {
                Finite { negative: !negative, magnitude, exponent }
            }
        }
    }

    /// Times a power of two.
    #[must_use]
    pub fn scaled(self, by: i32) -> Self {
        match self {
            Finite { negative, magnitude, exponent } => {
                Finite { negative, magnitude, exponent: exponent + by }
            }
            _ => self,
        }
    }

    /// `⌊log₂|x|⌋` of a nonzero number.
    pub fn log2_floor(self) -> Option<i32> {
        match self {
            Finite { magnitude, exponent, .. } if magnitude != 0 => {
                Some(exponent + 127 - magnitude.leading_zeros() as i32)
            }
            _ => None,
        }
    }
}

/// Shifts right; bits lost make the result odd.
pub(super) fn shift_right_odd(value: u128, count: u32) -> u128 {
    let kept = value.checked_shr(count).unwrap_or(0);
    let lost = kept.checked_shl(count).unwrap_or(0) != value;
    kept | u128::from(lost)
}

impl Format {
    /// Whether it has infinities.
    pub fn has_infinity(self) -> bool {
        self.specials == Specials::Ieee
    }
}
