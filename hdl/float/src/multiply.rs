//! [`Multiply`]: an exact product.

use crate::Format;
use crate::format::classify;
use olivine_lang::prelude::*;

/// Multiplies two floats exactly, for [`AddProduct`](crate::AddProduct) to add.
///
/// ```text
///        +----------+
///   a -->|          |
///        | Multiply |--> product
///   b -->|          |
///        +----------+
/// ```
///
/// *Behaviour*: `product = a · b`, nothing rounded; see [`Product`] for its representation.
///
/// *Timing*: combinational. The significands meet in one `precision × precision` multiplier.
///
/// *Numerics*: an operand with exponent 0 counts as zero whatever its mantissa. The product is a
/// NaN if an operand is one, or if one is infinite and the other zero.
///
/// *Undefined*: the significand and exponent of a product that is zero, infinite or a NaN.
///
/// *Verification*: as part of [`Mac`](crate::Mac).
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Multiply {
    /// The format of the factors.
    pub operand: Format,
    /// The format of the sum that the product is for; gives the exponent its bias.
    pub sum: Format,
}

/// An exact product of two floats: `(-1)^sign · significand · 2^(exponent − bias − f)`, where
/// `bias` is that of the sum's format and `f` twice the factors' mantissa width, so that
/// `significand / 2^f` is in [1, 4).
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Product {
    /// Not a number; the other fields mean nothing.
    pub nan: Bit,
    /// Infinite, with the sign.
    pub infinite: Bit,
    /// Zero, with the sign.
    pub zero: Bit,
    /// Negative.
    pub sign: Bit,
    /// With the bias of the sum's format.
    pub exponent: Signed,
    /// The product of the factors' significands.
    pub significand: Unsigned,
}

impl Product {
    /// The product of two floats of format `operand` for a sum of format `sum`, as a shape.
    pub fn shape_of(operand: Format, sum: Format) -> Self {
        Self {
            nan: bit(),
            infinite: bit(),
            zero: bit(),
            sign: bit(),
            exponent: signed(exponent_width(operand, sum)),
            significand: unsigned(2 * operand.precision()),
        }
    }
}

/// Width of a signed exponent that holds every product's, and every sum's before and after
/// normalising, with the bias of the sum's format.
pub(crate) fn exponent_width(operand: Format, sum: Format) -> u32 {
    let rebias = sum.bias() - 2 * operand.bias();
    let least = rebias.min(0) - (sum.mantissa as i32 + 6);
    let greatest = (2 * operand.special_exponent() + rebias).max(sum.special_exponent()) + 3;
    let magnitude = greatest.max(-least - 1);
    bits_for(magnitude as u64) + 1
}

/// The ports of [`Multiply`].
#[derive(Ports)]
pub struct MultiplyPorts {
    /// A factor.
    pub a: In<Float>,
    /// The other factor.
    pub b: In<Float>,
    /// `a · b`.
    pub product: Out<Product>,
}

impl Module for Multiply {
    type Ports = MultiplyPorts;

    fn check(&self) -> Result<(), String> {
        crate::Mac::new(self.operand, self.sum).map(|_| ()).map_err(|error| error.to_string())
    }

    fn ports(&self) -> MultiplyPorts {
        let operand = self.operand.shape();
        MultiplyPorts { a: operand, b: operand, product: Product::shape_of(self.operand, self.sum) }
    }

    fn name(&self) -> String {
        format!("multiply_{}_{}", self.operand.tag(), self.sum.tag())
    }

    #[named]
    fn build(&self, p: MultiplyPorts) {
        let a = classify(p.a, self.operand);
        let b = classify(p.b, self.operand);
        let width = exponent_width(self.operand, self.sum);
        let exponents = (a.exponent + b.exponent).extend(width).as_signed();
        let rebias = constant(signed(width), self.sum.bias() - 2 * self.operand.bias());
        p.product.drive(Product {
            nan: a.nan | b.nan | (a.infinite & b.zero) | (a.zero & b.infinite),
            infinite: a.infinite | b.infinite,
            zero: a.zero | b.zero,
            sign: a.sign ^ b.sign,
            exponent: exponents.wrapping_add(rebias),
            significand: a.significand * b.significand,
        });
    }
}
