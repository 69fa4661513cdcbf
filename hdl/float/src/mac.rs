//! [`Mac`]: one multiply-accumulate.

use crate::format::FormatError;
use crate::{AddProduct, Format, Multiply, Specials};
use olivine_lang::prelude::*;
use olivine_lang::{FloatFunction, computes};

/// A fused multiply-accumulate, rounded once.
///
/// ```text
///         +-----+
///   a --->|     |
///   b --->| Mac |---> sum
///   c --->|     |
///         +-----+
/// ```
///
/// *Behaviour*: `sum = RNE(c + a·b)`, by the rules at the head of this crate.
///
/// *Timing*: combinational: [`Multiply`], then [`AddProduct`]. Who pipelines it places the two and
/// a register between them.
///
/// *Undefined*: nothing.
///
/// *Verification*: against the golden model on random and directed vectors (all extremes of the
/// exponents, patterned significands, zeros, subnormals, infinities, NaNs); small formats
/// exhaustively against exact integers; for bf16 and fp32 it is proved, for all inputs, equal to a
/// multiplier and adder of another structure; bf16 into fp32 against the machine's own floats
/// (`tests/lifted.rs`), by which a simulator may compute it.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Mac {
    operand: Format,
    sum: Format,
}

impl Mac {
    /// bf16 × bf16 + fp32: Peridot's.
    pub const BF16: Self = Self { operand: Format::BF16, sum: Format::FP32 };

    /// Factors of format `operand`, sum of format `sum`.
    ///
    /// # Errors
    /// If the sum cannot hold a product exactly: its mantissa must have more than twice as many
    /// bits as the operand's, and its exponent no fewer. If a format is not IEEE's.
    pub fn new(operand: Format, sum: Format) -> Result<Self, FormatError> {
        operand.check()?;
        sum.check()?;
        if let Some(format) = [operand, sum].into_iter().find(|f| f.specials != Specials::Ieee) {
            return Err(FormatError::NotIeee { format });
        }
        if sum.mantissa <= 2 * operand.mantissa || sum.exponent < operand.exponent {
            return Err(FormatError::TooNarrow { operand, sum });
        }
        Ok(Self { operand, sum })
    }
}

/// The ports of [`Mac`].
#[derive(Ports)]
pub struct MacPorts {
    /// The sum so far.
    pub c: In<Float>,
    /// A factor.
    pub a: In<Float>,
    /// The other factor.
    pub b: In<Float>,
    /// `c + a·b`, rounded.
    pub sum: Out<Float>,
}

impl Module for Mac {
    type Ports = MacPorts;

    fn ports(&self) -> MacPorts {
        let (operand, sum) = (self.operand.shape(), self.sum.shape());
        MacPorts { c: sum, a: operand, b: operand, sum }
    }

    fn name(&self) -> String {
        format!("mac_{}_{}", self.operand.tag(), self.sum.tag())
    }

    fn build(&self, p: MacPorts) {
        let (operand, sum) = (self.operand, self.sum);
        if *self == Self::BF16 {
            computes(FloatFunction::MULTIPLY_ADD.flushing_subnormals());
        }
        let multiply = instance(Multiply { operand, sum }, "multiply");
        multiply.a.drive(p.a);
        multiply.b.drive(p.b);
        let add = instance(AddProduct { operand, sum }, "add");
        add.c.drive(p.c);
        add.fresh.drive(false);
        add.product.drive(multiply.product);
        p.sum.drive(add.sum);
    }
}
