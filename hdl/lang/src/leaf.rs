//! [`Leaf`]: the one thing behind every handle; a net, a width and a reading.

use olivine_netlist::{Encoding, EnumKind, Kind};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// Names the value that a handle stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Net {
    /// None yet: the handle is a shape.
    Shape,
    /// What a faulty expression gives, so that elaboration can go on.
    Poison,
    /// A value of the module with this serial number.
    Value {
        /// Serial number of the module under elaboration, unique in the process.
        owner: u32,
        /// Index of the cell.
        value: u32,
    },
}

/// How a leaf is meant to be read; becomes the netlist's [`Kind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reading {
    /// A truth value.
    Bit,
    /// A number, 0 or above.
    Unsigned,
    /// A number in two's complement.
    Signed,
    /// An IEEE-style float.
    Float {
        /// Exponent width in bits.
        exponent: u32,
        /// Mantissa width in bits, without the hidden one.
        mantissa: u32,
    },
    /// A number in two's complement with a binary point.
    Fixed {
        /// Bits behind the point.
        fraction: u32,
    },
    /// A number, 0 or above, with a binary point.
    UnsignedFixed {
        /// Bits behind the point.
        fraction: u32,
    },
    /// The tag of an enumeration.
    Enum(&'static EnumInfo),
}

/// The name of an enumeration and of its variants, by tag, and how they are encoded.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct EnumInfo {
    /// The Rust name of the enumeration.
    pub name: &'static str,
    /// The names of its variants, in tag order.
    pub variants: &'static [&'static str],
    /// Which bits stand for each.
    pub encoding: Encoding,
}

impl EnumInfo {
    /// The bits of a variant.
    pub(crate) fn code(&self, tag: usize) -> i128 {
        self.encoding.code(tag).into()
    }

    /// The width of a code.
    pub(crate) fn width(&self) -> u32 {
        self.encoding.width(self.variants.len())
    }
}

impl Reading {
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Bit => Kind::Bit,
            Self::Unsigned | Self::UnsignedFixed { .. } => Kind::Unsigned,
            Self::Signed | Self::Fixed { .. } => Kind::Signed,
            Self::Float { exponent, mantissa } => Kind::Float { exponent, mantissa },
            Self::Enum(info) => Kind::Enum(Arc::new(EnumKind {
                name: info.name.to_string(),
                variants: info.variants.iter().map(ToString::to_string).collect(),
                encoding: info.encoding,
            })),
        }
    }
}

/// A single value of a handle: what [`Signal::walk`](crate::Signal::walk) visits.
#[derive(Clone, Copy)]
pub struct Leaf {
    pub(crate) net: Net,
    pub(crate) width: u32,
    pub(crate) reading: Reading,
}

impl Leaf {
    pub(crate) fn shape(width: u32, reading: Reading) -> Self {
        Self { net: Net::Shape, width, reading }
    }

    pub(crate) fn poison(width: u32, reading: Reading) -> Self {
        Self { net: Net::Poison, width, reading }
    }

    pub(crate) fn with_net(self, net: Net) -> Self {
        Self { net, ..self }
    }

    /// As [`Self::with_net`] without one: the shape of this leaf.
    pub(crate) fn to_shape(self) -> Self {
        self.with_net(Net::Shape)
    }
}

impl fmt::Debug for Leaf {
    /// As the author writes the shape: `unsigned(8)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reading {
            Reading::Bit => write!(f, "bit()"),
            Reading::Unsigned => write!(f, "unsigned({})", self.width),
            Reading::Signed => write!(f, "signed({})", self.width),
            Reading::Float { exponent, mantissa } => write!(f, "float({exponent}, {mantissa})"),
            Reading::Fixed { fraction } => {
                write!(f, "fixed({}, {fraction})", self.width.saturating_sub(fraction))
            }
            Reading::UnsignedFixed { fraction } => {
                let integer = self.width.saturating_sub(fraction);
                write!(f, "unsigned_fixed({integer}, {fraction})")
            }
            Reading::Enum(info) => write!(f, "enumeration::<{}>()", info.name),
        }
    }
}

impl Hash for Leaf {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.net, self.width, self.reading).hash(state);
    }
}

impl Leaf {
    pub(crate) fn same(&self, other: &Self) -> bool {
        (self.net, self.width, self.reading) == (other.net, other.width, other.reading)
    }
}
