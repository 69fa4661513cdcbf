//! Floating-point hardware.
//!
//! | item | what it is |
//! |---|---|
//! | [`Format`] | widths of exponent and mantissa: [`Format::BF16`], [`Format::FP32`], … |
//! | [`Multiply`] | an exact product, first stage of the accumulation |
//! | [`AddProduct`] | sum plus exact product, rounded once: the second stage |
//! | [`Mac`] | both, combinational: `RNE(c + a·b)` |
//!
//! Numerics, common to all: subnormal operands are read as zero of their sign. A result that,
//! rounded to the format's precision with unbounded exponent, is below the least normal number is
//! zero of its sign; one too large is infinity, as rounding to nearest asks for. Every NaN
//! result is the canonical quiet one (sign 0, top mantissa bit 1). Infinity times zero and
//! infinity minus infinity are NaN. Exact cancellation of nonzero terms gives +0; the sum of two
//! zeros is −0 only if both are −0.

mod add_product;
mod format;
mod mac;
mod multiply;
mod normalise;
mod round;

pub use add_product::{AddProduct, AddProductPorts};
pub use format::{Format, FormatError};
pub use mac::{Mac, MacPorts};
pub use multiply::{Multiply, MultiplyPorts, Product};
