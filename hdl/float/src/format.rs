//! [`Format`]: the widths of a float.

use olivine_lang::prelude::*;

/// A binary format: a sign bit, then exponent, then mantissa; and what the topmost codes mean.
///
/// | format | bits | exponent, mantissa | largest | least normal | least | topmost codes |
/// |---|---|---|---|---|---|---|
/// | [`FP32`](Self::FP32) | 32 | 8, 23 | 3.40·10³⁸ | 2⁻¹²⁶ | 2⁻¹⁴⁹ | IEEE |
/// | [`TF32`](Self::TF32) | 19 | 8, 10 | 3.40·10³⁸ | 2⁻¹²⁶ | 2⁻¹³⁶ | IEEE |
/// | [`BF16`](Self::BF16) | 16 | 8, 7 | 3.39·10³⁸ | 2⁻¹²⁶ | 2⁻¹³³ | IEEE |
/// | [`FP16`](Self::FP16) | 16 | 5, 10 | 65 504 | 2⁻¹⁴ | 2⁻²⁴ | IEEE |
/// | [`E5M2`](Self::E5M2) | 8 | 5, 2 | 57 344 | 2⁻¹⁴ | 2⁻¹⁶ | IEEE |
/// | [`E4M3`](Self::E4M3) | 8 | 4, 3 | 448 | 2⁻⁶ | 2⁻⁹ | one NaN of each sign |
/// | [`E3M2`](Self::E3M2) | 6 | 3, 2 | 28 | 2⁻² | 2⁻⁴ | numbers |
/// | [`E2M3`](Self::E2M3) | 6 | 2, 3 | 7.5 | 1 | 2⁻³ | numbers |
/// | [`E2M1`](Self::E2M1) | 4 | 2, 1 | 6 | 1 | 2⁻¹ | numbers |
///
/// Formats of 8 bits and fewer are those of OCP's specifications (OFP8 1.0, MX 1.0). OCP's E8M0 is no
/// `Format` but a scale, an unsigned number with two units of its own, [`FromScale`](crate::FromScale) and
/// [`ToScale`](crate::ToScale): a `Format` has a sign bit, a mantissa whose hidden one the exponent 0 takes
/// away, and so a zero, all of which E8M0 lacks. Every unit would need a case for it, and what most of them
/// would do (a sum, a comparison of signs, a result that is zero or negative) no scale has a code for.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub struct Format {
    /// Width of the exponent in bits.
    pub exponent: u32,
    /// Width of the mantissa in bits, the hidden one left out.
    pub mantissa: u32,
    /// What the topmost codes mean.
    pub specials: Specials,
}

/// What the topmost codes of a [`Format`] mean.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Specials {
    /// The topmost exponent is infinities (mantissa 0) and NaNs.
    Ieee,
    /// Exponent and mantissa all ones is a NaN, everything else a number.
    NanOnly,
    /// All codes are numbers.
    Numbers,
}

impl Format {
    /// bfloat16.
    pub const BF16: Self = Self::ieee(8, 7);
    /// IEEE binary32.
    pub const FP32: Self = Self::ieee(8, 23);
    /// IEEE binary16.
    pub const FP16: Self = Self::ieee(5, 10);
    /// TensorFloat-32, in 19 bits.
    pub const TF32: Self = Self::ieee(8, 10);
    /// OCP FP8 E5M2.
    pub const E5M2: Self = Self::ieee(5, 2);
    /// OCP FP8 E4M3.
    pub const E4M3: Self = Self { exponent: 4, mantissa: 3, specials: Specials::NanOnly };
    /// OCP FP6 E3M2.
    pub const E3M2: Self = Self { exponent: 3, mantissa: 2, specials: Specials::Numbers };
    /// OCP FP6 E2M3.
    pub const E2M3: Self = Self { exponent: 2, mantissa: 3, specials: Specials::Numbers };
    /// OCP FP4 E2M1.
    pub const E2M1: Self = Self { exponent: 2, mantissa: 1, specials: Specials::Numbers };

    /// An IEEE-style format of these widths.
    pub const fn ieee(exponent: u32, mantissa: u32) -> Self {
        Self { exponent, mantissa, specials: Specials::Ieee }
    }

    /// Width of a number in bits.
    pub const fn width(self) -> u32 {
        1 + self.exponent + self.mantissa
    }

    /// What the exponent of one is encoded as.
    pub const fn bias(self) -> i32 {
        ones(self.exponent.saturating_sub(1))
    }

    /// The topmost encoded exponent: in IEEE-style formats that of infinities and NaNs.
    pub const fn special_exponent(self) -> i32 {
        ones(self.exponent)
    }

    /// Width of the significand in bits, the hidden one included.
    pub const fn precision(self) -> u32 {
        self.mantissa + 1
    }

    /// The exponent of the least normal number, which subnormal ones have too.
    pub(crate) const fn exponent_min(self) -> i32 {
        1 - self.bias()
    }

    /// The exponent of the largest number.
    pub(crate) const fn exponent_max(self) -> i32 {
        let top = self.special_exponent() - self.bias();
        if matches!(self.specials, Specials::Ieee) { top - 1 } else { top }
    }

    /// The code of the largest number.
    pub(crate) const fn largest(self) -> u64 {
        let codes = 1 << (self.exponent + self.mantissa);
        match self.specials {
            Specials::Ieee => codes - (1 << self.mantissa) - 1,
            Specials::NanOnly => codes - 2,
            Specials::Numbers => codes - 1,
        }
    }

    /// The code of the NaN that units produce; of the largest number if there is no NaN.
    pub(crate) const fn nan(self) -> u64 {
        match self.specials {
            Specials::Ieee => self.largest() + 1 + (1 << (self.mantissa - 1)),
            Specials::NanOnly => self.largest() + 1,
            Specials::Numbers => self.largest(),
        }
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

    /// Whether units can have this format, for [`Module::check`]: as [`Format::check`], and a width
    /// of at most 64 bits.
    pub(crate) fn possible(self) -> Result<(), String> {
        self.check().map_err(|error| error.to_string())?;
        if self.width() > 64 {
            return Err(format!("a float of {} bits: it must have at most 64", self.width()));
        }
        Ok(())
    }

    /// Short for names: `e8m7`; OCP's with a letter behind, as their topmost codes differ.
    pub(crate) fn tag(self) -> String {
        let specials = match self.specials {
            Specials::Ieee => "",
            Specials::NanOnly => "n",
            Specials::Numbers => "f",
        };
        format!("e{}m{}{specials}", self.exponent, self.mantissa)
    }

    /// A float of this format as a shape.
    pub fn shape(self) -> Float {
        float(self.exponent, self.mantissa)
    }
}

/// All ones; of impossible widths anything.
const fn ones(width: u32) -> i32 {
    ((1i64 << if width < 31 { width } else { 31 }) - 1) as i32
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
    /// A format without infinities, where they are needed.
    NotIeee {
        /// The format.
        format: Format,
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
            Self::NotIeee { format } => write!(
                f,
                "a format with exponent {} and mantissa {} whose topmost codes are not IEEE's: it \
                 must have infinities; use `Fma`, or `Format::ieee`",
                format.exponent, format.mantissa
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

/// Takes a float of an IEEE-style format apart.
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
