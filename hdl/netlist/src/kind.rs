//! How a value is meant to be read by a person. Kinds change no behaviour.

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

/// The variants of an enumeration, by tag: variant `i` is encoded as the number `i`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EnumKind {
    /// The Rust name of the enumeration.
    pub name: String,
    /// The names of its variants, in tag order.
    pub variants: Vec<String>,
}
