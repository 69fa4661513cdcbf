//! [`Element`]: what an MX block is made of.

use crate::Format;
use crate::unpacked::{Kinds, specials};
use olivine_lang::prelude::*;

/// An element of a block-scaled number of OCP's MX specification 1.0.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Element {
    /// A float; subnormal numbers count.
    Float(Format),
    /// Two's complement of 8 bits in units of 2⁻⁶.
    Int8,
}

/// An exact product as an integer, or something special.
pub(crate) struct ElementProduct {
    /// In units of 2^[`Element::product_unit`].
    pub integer: Signed,
    pub nan: Bit,
    pub infinite: Bit,
    /// The sign of the infinity.
    pub negative: Bit,
}

/// A float as an integer times a power of two.
pub(crate) struct Scaled {
    pub sign: Bit,
    pub nan: Bit,
    pub infinite: Bit,
    pub zero: Bit,
    pub significand: Unsigned,
    /// The power of two, one for the least.
    pub exponent: Unsigned,
}

impl Element {
    /// Width of a code in bits.
    pub const fn width(self) -> u32 {
        match self {
            Self::Float(format) => format.width(),
            Self::Int8 => 8,
        }
    }

    /// The exponent of the largest number.
    pub(crate) const fn exponent_max(self) -> i32 {
        match self {
            Self::Float(format) => format.exponent_max(),
            Self::Int8 => 0,
        }
    }

    /// All products are multiples of this power of two.
    pub(crate) const fn product_unit(self) -> i32 {
        match self {
            Self::Float(format) => 2 * (format.exponent_min() - format.mantissa as i32),
            Self::Int8 => -12,
        }
    }

    /// The width of a product as a signed integer.
    pub(crate) const fn product_width(self) -> u32 {
        match self {
            Self::Float(format) => {
                let shift = format.exponent_max() - format.exponent_min();
                1 + 2 * (format.precision() + shift as u32)
            }
            Self::Int8 => 16,
        }
    }

    /// What its codes can be besides numbers.
    pub(crate) const fn kinds(self) -> Kinds {
        match self {
            Self::Float(format) => Kinds::of(format),
            Self::Int8 => Kinds { nan: false, infinite: false },
        }
    }

    /// Whether blocks can be made of it, for [`Module::check`].
    pub(crate) fn possible(self) -> Result<(), String> {
        match self {
            Self::Float(format) if format.width() > 8 => {
                Err(format!("an element of {} bits: it must have at most 8", format.width()))
            }
            Self::Float(format) => format.possible(),
            Self::Int8 => Ok(()),
        }
    }

    /// Short for names.
    pub(crate) fn tag(self) -> String {
        match self {
            Self::Float(format) => format.tag(),
            Self::Int8 => "int8".into(),
        }
    }

    /// `a · b`, exact.
    #[named]
    #[track_caller]
    pub(crate) fn product(self, a: Unsigned, b: Unsigned) -> ElementProduct {
        let never = constant(bit(), false);
        let Self::Float(format) = self else {
            let integer = a.as_signed() * b.as_signed();
            return ElementProduct { integer, nan: never, infinite: never, negative: never };
        };
        let (a, b) = (scaled(a, format), scaled(b, format));
        let width = self.product_width();
        let significand = (a.significand * b.significand).extend(width + 2);
        let magnitude = significand.shift_left(a.exponent + b.exponent) >> 2;
        let negative = a.sign ^ b.sign;
        let flipped = magnitude ^ negative.repeat(width);
        let integer = flipped.wrapping_add(negative.as_unsigned().extend(width)).as_signed();
        let infinite = a.infinite | b.infinite;
        let lost = (a.infinite & b.zero) | (a.zero & b.infinite);
        ElementProduct { integer, nan: a.nan | b.nan | lost, infinite, negative }
    }
}

/// Whether blocks can have this size, for [`Module::check`].
pub(crate) fn block_size(size: u32) -> Result<(), String> {
    if (2..=1024).contains(&size) {
        return Ok(());
    }
    Err(format!("a block of {size} elements: it must have from 2 to 1024"))
}

#[track_caller]
pub(crate) fn scaled(code: Unsigned, format: Format) -> Scaled {
    let mantissa = code.slice(0, format.mantissa);
    let field = code.slice(format.mantissa, format.exponent);
    let normal = field.any();
    let (nan, infinite) = specials(field, mantissa, format);
    let significand = mantissa.concat(normal);
    Scaled {
        sign: code.top_bit(),
        nan,
        infinite,
        zero: !significand.any(),
        significand,
        exponent: field | (!normal).as_unsigned().extend(format.exponent),
    }
}
