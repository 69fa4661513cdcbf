//! [`Format`]: how a float's bits are read.

/// A binary float: a sign bit, then exponent, then mantissa.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Format {
    /// Width of the exponent in bits.
    pub exponent: u32,
    /// Width of the mantissa in bits, the hidden one left out.
    pub mantissa: u32,
    /// What the topmost codes mean.
    pub specials: Specials,
}

/// What the topmost codes of a [`Format`] mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Specials {
    /// The topmost exponent holds infinities (mantissa 0) and NaNs, as in IEEE 754.
    Ieee,
    /// Exponent and mantissa all ones is NaN, all else is a number, as in OCP's E4M3.
    NanOnly,
    /// Every code is a number, as in OCP's FP6 and FP4.
    Numbers,
}

const fn format(exponent: u32, mantissa: u32, specials: Specials) -> Format {
    Format { exponent, mantissa, specials }
}

impl Format {
    /// IEEE binary32.
    pub const FP32: Self = format(8, 23, Specials::Ieee);
    /// IEEE binary16.
    pub const FP16: Self = format(5, 10, Specials::Ieee);
    /// bfloat16.
    pub const BF16: Self = format(8, 7, Specials::Ieee);
    /// TensorFloat-32, in 19 bits.
    pub const TF32: Self = format(8, 10, Specials::Ieee);
    /// OCP FP8 E5M2.
    pub const E5M2: Self = format(5, 2, Specials::Ieee);
    /// OCP FP8 E4M3.
    pub const E4M3: Self = format(4, 3, Specials::NanOnly);
    /// OCP FP6 E3M2.
    pub const E3M2: Self = format(3, 2, Specials::Numbers);
    /// OCP FP6 E2M3.
    pub const E2M3: Self = format(2, 3, Specials::Numbers);
    /// OCP FP4 E2M1.
    pub const E2M1: Self = format(2, 1, Specials::Numbers);

    /// Width of a number in bits.
    pub const fn width(self) -> u32 {
        1 + self.exponent + self.mantissa
    }

    /// What the exponent of one is encoded as.
    pub const fn bias(self) -> i32 {
        (1 << (self.exponent - 1)) - 1
    }

    /// The exponent of the least normal number.
    pub const fn exponent_min(self) -> i32 {
        1 - self.bias()
    }

    /// The exponent of the largest number.
    pub const fn exponent_max(self) -> i32 {
        let top = (1 << self.exponent) - 1 - self.bias();
        match self.specials {
            Specials::Ieee => top - 1,
            _ => top,
        }
    }

    /// The code of the largest number.
    pub const fn largest(self) -> u64 {
        let codes = 1 << (self.exponent + self.mantissa);
        match self.specials {
            Specials::Ieee => codes - (1 << self.mantissa) - 1,
            Specials::NanOnly => codes - 2,
            Specials::Numbers => codes - 1,
        }
    }

    /// The code of positive infinity, if there is one.
    pub const fn infinity(self) -> Option<u64> {
        match self.specials {
            Specials::Ieee => Some(self.largest() + 1),
            _ => None,
        }
    }

    /// The one NaN that a unit produces, if the format has any.
    pub const fn nan(self) -> Option<u64> {
        match self.specials {
            Specials::Ieee => Some(self.largest() + 1 + (1 << (self.mantissa - 1))),
            Specials::NanOnly => Some(self.largest() + 1),
            Specials::Numbers => None,
        }
    }
}
