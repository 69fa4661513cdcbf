//! [`FloatFunction`]: what a module of float arithmetic computes, said in a word.

use std::fmt;

/// The arithmetic of a [`FloatFunction`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FloatOperation {
    /// `a · b`, of the inputs `a`, `b`.
    Multiply,
    /// `a + b`, of the inputs `a`, `b`.
    Add,
    /// `c + a · b`, rounded once, of the inputs `c`, `a`, `b`.
    MultiplyAdd,
}

/// A function of floats that a module claims to compute: an engine may compute the function with
/// the machine's own floats instead of the module's cells.
///
/// The module has the operation's inputs, in the order of its ports, and one output, and neither
/// state nor properties. Numbers of 32 bits are fp32, numbers of 16 bits bf16; the result is fp32,
/// rounded to nearest, ties to even (IEEE 754-2019, 4.3.1); every NaN is `7fc00000`.
///
/// The claim is the author's: nothing here proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FloatFunction {
    /// What is computed.
    pub operation: FloatOperation,
    /// Whether subnormal operands, and results that would be subnormal, count as a zero of their
    /// sign. A result is subnormal if it is below the least normal number after rounding with an
    /// exponent that knows no bound.
    pub flushed: bool,
}

impl FloatFunction {
    /// `a · b` of IEEE 754.
    pub const MULTIPLY: Self = Self { operation: FloatOperation::Multiply, flushed: false };
    /// `a + b` of IEEE 754.
    pub const ADD: Self = Self { operation: FloatOperation::Add, flushed: false };
    /// The fused `c + a · b` of IEEE 754.
    pub const MULTIPLY_ADD: Self = Self { operation: FloatOperation::MultiplyAdd, flushed: false };

    /// All there are.
    pub const ALL: [Self; 6] = [
        Self::MULTIPLY,
        Self::ADD,
        Self::MULTIPLY_ADD,
        Self::MULTIPLY.flushing_subnormals(),
        Self::ADD.flushing_subnormals(),
        Self::MULTIPLY_ADD.flushing_subnormals(),
    ];

    /// The same function, where subnormal numbers are zero.
    #[must_use]
    pub const fn flushing_subnormals(self) -> Self {
        Self { flushed: true, ..self }
    }

    /// How many operands it has.
    pub fn operands(self) -> usize {
        if self.operation == FloatOperation::MultiplyAdd { 3 } else { 2 }
    }

    /// The operation's word in the text form.
    pub(crate) fn word(self) -> &'static str {
        match self.operation {
            FloatOperation::Multiply => "multiply",
            FloatOperation::Add => "add",
            FloatOperation::MultiplyAdd => "multiply_add",
        }
    }
}

impl fmt::Display for FloatFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.word(), if self.flushed { " flushed" } else { "" })
    }
}
