//! [`Sort`]: what a node of BTOR2 is.

use std::fmt;

/// A bit-vector or an array of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Sort {
    /// So many bits.
    Bits(u32),
    /// Words of `data` bits, one for each address of `address` bits.
    Array {
        /// Bits of an address.
        address: u32,
        /// Bits of a word.
        data: u32,
    },
}

impl fmt::Display for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bits(1) => write!(f, "1 bit"),
            Self::Bits(width) => write!(f, "{width} bits"),
            Self::Array { address, data } => {
                write!(f, "an array of {data} bits by addresses of {address}")
            }
        }
    }
}
