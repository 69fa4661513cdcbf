//! How a value is meant to be read by a person. Kinds change no behaviour.

use crate::Bits;
use std::sync::Arc;

/// The reading of a value's bits, for waveforms, reports and emitted comments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No reading: shown in hexadecimal.
    #[default]
    Bits,
    /// A truth value; one bit.
    Bit,
    /// A number, 0 or above.
    Unsigned,
    /// A number in two's complement.
    Signed,
    /// An IEEE-style float: sign, `exponent` bits, `mantissa` bits, most significant first.
    Float {
        /// Exponent width in bits.
        exponent: u32,
        /// Mantissa width in bits, without the hidden one.
        mantissa: u32,
    },
    /// The tag of an enumeration.
    Enum(Arc<EnumKind>),
}

/// The variants of an enumeration, by tag, and which bits stand for each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct EnumKind {
    /// The Rust name of the enumeration.
    pub name: String,
    /// The names of its variants, in tag order.
    pub variants: Vec<String>,
    /// How a tag becomes bits.
    pub encoding: Encoding,
}

impl EnumKind {
    /// The bits of a variant, `width` of them.
    pub fn code(&self, tag: usize, width: u32) -> Bits {
        Bits::new(width, self.encoding.code(tag))
    }

    /// The variant that these bits stand for; `None` for bits that stand for none.
    pub fn tag(&self, bits: &Bits) -> Option<usize> {
        self.encoding.tag(bits.to_u64()?).filter(|tag| *tag < self.variants.len())
    }
}

/// How the variants of an enumeration, counted from 0, are encoded. What is no code is no variant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// Variant `i` is the number `i`: the fewest bits.
    #[default]
    Binary,
    /// Variant `i` is bit `i` alone: one bit to test, at most 64 variants.
    OneHot,
    /// Variant `i` is `i ^ (i >> 1)`: neighbours differ in one bit (F. Gray, US patent 2,632,058).
    Gray,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Binary, Self::OneHot, Self::Gray];

    /// The name in the text form.
    pub fn name(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::OneHot => "one_hot",
            Self::Gray => "gray",
        }
    }

    /// The fewest bits that hold so many variants, 1 or more.
    pub const fn width(self, variants: usize) -> u32 {
        match self {
            Self::OneHot => variants as u32,
            Self::Binary | Self::Gray if variants < 3 => 1,
            Self::Binary | Self::Gray => (variants - 1).ilog2() + 1,
        }
    }

    /// The code of a variant; of one-hot variants from 64 on there is none, and this gives 0.
    pub const fn code(self, tag: usize) -> u64 {
        match self {
            Self::Binary => tag as u64,
            Self::OneHot if tag < 64 => 1 << tag,
            Self::OneHot => 0,
            Self::Gray => (tag ^ (tag >> 1)) as u64,
        }
    }

    /// The variant of a code, if it is one.
    pub fn tag(self, code: u64) -> Option<usize> {
        match self {
            Self::Binary => usize::try_from(code).ok(),
            Self::OneHot => code.is_power_of_two().then_some(code.trailing_zeros() as usize),
            Self::Gray => {
                let prefix = |code: u64, shift| code ^ (code >> shift);
                usize::try_from([1, 2, 4, 8, 16, 32].into_iter().fold(code, prefix)).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_fit_and_are_read_again() {
        for encoding in Encoding::ALL {
            for variants in 1..=64 {
                let width = encoding.width(variants);
                let codes: Vec<u64> = (0..variants).map(|tag| encoding.code(tag)).collect();
                for (tag, code) in codes.iter().enumerate() {
                    assert!(width == 64 || *code < 1 << width, "{encoding:?} {tag}");
                    assert_eq!(encoding.tag(*code), Some(tag), "{encoding:?}");
                }
                let steps = codes.windows(2).map(|pair| (pair[0] ^ pair[1]).count_ones());
                let most = steps.max().unwrap_or(0);
                assert!(encoding != Encoding::Gray || most <= 1, "{most}");
            }
        }
        assert_eq!(Encoding::OneHot.tag(0), None);
        assert_eq!(Encoding::OneHot.tag(0b101), None);
    }
}
