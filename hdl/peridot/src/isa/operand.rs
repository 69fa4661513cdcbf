//! What an instruction's field may stand for.

/// A value that an instruction's field can hold.
pub trait Operand: Copy {
    /// The field's bits.
    fn to_bits(self) -> u32;
    /// The value with these bits, which are no more than the field is wide.
    fn from_bits(bits: u32) -> Self;
}

impl Operand for u32 {
    fn to_bits(self) -> u32 {
        self
    }

    fn from_bits(bits: u32) -> Self {
        bits
    }
}

/// One of the two operand memories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scratchpad {
    /// Feeds the west edge of the array.
    A,
    /// Feeds the north edge of the array.
    B,
}

impl Operand for Scratchpad {
    fn to_bits(self) -> u32 {
        self as u32
    }

    fn from_bits(bits: u32) -> Self {
        if bits == 0 { Self::A } else { Self::B }
    }
}

/// Whether an operand's tiles are used as they lie or transposed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Transpose {
    /// As they lie.
    #[default]
    No,
    /// Rows and columns exchanged.
    Yes,
}

impl Operand for Transpose {
    fn to_bits(self) -> u32 {
        self as u32
    }

    fn from_bits(bits: u32) -> Self {
        if bits == 0 { Self::No } else { Self::Yes }
    }
}
