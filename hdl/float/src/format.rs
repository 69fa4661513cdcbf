//! [`Format`]: the widths of a float.

use olivine_lang::prelude::*;

/// An IEEE-style binary format: a sign bit, then exponent, then mantissa.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub struct Format {
    /// Width of the exponent in bits.
    pub exponent: u32,
    /// Width of the mantissa in bits, the hidden one left out.
    pub mantissa: u32,
}

impl Format {
    /// bfloat16.
    pub const BF16: Self = Self { exponent: 8, mantissa: 7 };
    /// IEEE binary32.
    pub const FP32: Self = Self { exponent: 8, mantissa: 23 };

    /// Width of a number in bits.
    pub const fn width(self) -> u32 {
        1 + self.exponent + self.mantissa
    }

    /// What the exponent of one is encoded as.
    pub const fn bias(self) -> i32 {
        (1 << (self.exponent - 1)) - 1
    }

    /// The encoded exponent of infinities and NaNs.
    pub const fn special_exponent(self) -> i32 {
        (1 << self.exponent) - 1
    }

    /// Width of the significand in bits, the hidden one included.
    pub const fn precision(self) -> u32 {
        self.mantissa + 1
    }

    /// Whether the widths are possible.
    ///
    /// # Errors
    /// An exponent outside of 2 to 15 bits, a mantissa outside of 1 to 112.
    pub fn check(self) -> Result<(), FormatError> {
        let widths = [("exponent", self.exponent, 2..=15), ("mantissa", self.mantissa, 1..=112)];
        let wrong = widths.into_iter().find(|(_, value, range)| !range.contains(value));
        wrong
            .map_or(Ok(()), |(field, value, range)| Err(FormatError::Width { field, value, range }))
    }

    /// Short for names: `e8m7`.
    pub(crate) fn tag(self) -> String {
        format!("e{}m{}", self.exponent, self.mantissa)
    }

    /// A float of this format as a shape.
    pub fn shape(self) -> Float {
        float(self.exponent, self.mantissa)
    }
}

/// Formats that do not make a multiply-accumulate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// A width out of range.
    Width {
        /// `exponent` or `mantissa`.
        field: &'static str,
        /// What it is.
        value: u32,
        /// The widths that are possible.
        range: std::ops::RangeInclusive<u32>,
    },
    /// The sum's format cannot hold a product exactly.
    TooNarrow {
        /// The format of the factors.
        operand: Format,
        /// The format of the sum.
        sum: Format,
    },
}

impl std::fmt::Display for FormatError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Width { field, value, range } => write!(
                f,
                "a float's {field} of {value} bits: it must have from {} to {}",
                range.start(),
                range.end()
            ),
            Self::TooNarrow { operand, sum } => write!(
                f,
                "a sum with exponent {} and mantissa {} is too narrow for factors with exponent \
                 {} and mantissa {}: it needs an exponent of at least {} and a mantissa of at \
                 least {}",
                sum.exponent,
                sum.mantissa,
                operand.exponent,
                operand.mantissa,
                operand.exponent,
                2 * operand.mantissa + 1
            ),
        }
    }
}

impl std::error::Error for FormatError {}

/// A float taken apart.
#[derive(Clone, Copy)]
pub(crate) struct Classified {
    pub sign: Bit,
    /// As encoded.
    pub exponent: Unsigned,
    /// With the hidden one, which a zero does not have in truth: ask `zero` first.
    pub significand: Unsigned,
    /// Zero or subnormal.
    pub zero: Bit,
    pub infinite: Bit,
    pub nan: Bit,
}

/// Takes a float apart.
#[track_caller]
pub(crate) fn classify(value: Float, format: Format) -> Classified {
    let mantissa = value.slice(0, format.mantissa);
    let exponent = value.slice(format.mantissa, format.exponent);
    let special = exponent.all();
    let fraction = mantissa.any();
    Classified {
        sign: value.top_bit(),
        exponent,
        significand: mantissa.concat(constant(bit(), true)),
        zero: !exponent.any(),
        infinite: special & !fraction,
        nan: special & fraction,
    }
}
