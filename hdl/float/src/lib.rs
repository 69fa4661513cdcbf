//! Floating-point hardware.
//!
//! | item | what it is |
//! |---|---|
//! | [`Format`] | widths, and what the topmost codes mean: [`Format::BF16`], [`Format::E4M3`], … |
//! | [`Rounding`], [`Overflow`] | to nearest, directed, stochastic; infinity or saturation |
//! | [`Cast`] | any format to any other |
//! | [`FromScale`], [`ToScale`] | E8M0, the scales of MX blocks, to floats and of floats |
//! | [`Add`], [`Times`], [`Fma`] | sum, product and both, with gradual underflow |
//! | [`Divide`] | quotient, with gradual underflow |
//! | [`Compare`], [`Extreme`] | order; minimum and maximum |
//! | [`IntegerMac`], [`FromInteger`], [`ToInteger`] | integers |
//! | [`BlockSum`], [`BlockAdd`], [`BlockDot`] | dot products of MX blocks of an [`Element`] |
//! | [`ElementTimes`] | a product of two elements, as a term for such a sum |
//! | [`Quantize`] | floats to an MX block |
//! | [`QuantizeTile`] | a square of floats to MX blocks along either axis |
//! | [`Nvfp4Dot`], [`Nvfp4Quantize`] | the same of NVFP4, whose scales are E4M3 |
//! | [`Evaluate`] | 2^x, log₂ x, 1/x, 1/√x; sigmoid, tanh, erf, GELU and its derivative |
//! | [`Lfsr`], [`CounterRandom`] | random numbers: in sequence, or by seed and place |
//! | [`Multiply`] | an exact product, first stage of the accumulation |
//! | [`AddProduct`] | sum plus exact product, rounded once: the second stage |
//! | [`Pipelined`] | a unit with registers inside, in as many stages as wanted |
//! | [`Iterative`] | a product, fused addition or quotient, a digit each cycle |
//! | [`Mac`] | both, combinational: `RNE(c + a·b)` |
//!
//! How each is verified, fault by fault, and what it costs: [`evidence`], printed by
//! `scripts/bench arithmetic`. What each makes of zeros, subnormal numbers, infinities, NaNs and of
//! what is too large: [`boundaries`].
//!
//! # Numerics
//! Every unit rounds its exact result once. A NaN result is always the canonical one: sign 0, top
//! mantissa bit 1 and the others 0, or all ones in a format with a single NaN.
//!
//! *The accumulation* ([`Mac`], [`Multiply`], [`AddProduct`]): to nearest, ties to even; subnormal
//! operands are read as zero of their sign. A result that, rounded to the format's precision with
//! unbounded exponent, is below the least normal number is zero of its sign; one too large is
//! infinity. Infinity times zero and infinity minus infinity are NaN. Exact cancellation of nonzero
//! terms gives +0; the sum of two zeros is −0 only if both are −0.
//!
//! *All others*: gradual underflow, as in IEEE 754: subnormal numbers are read and made.

mod add_product;
mod arithmetic;
mod block;
mod cast;
mod compare;
mod divide;
mod element;
mod element_times;
mod format;
mod function;
mod integer;
mod iterative;
mod mac;
mod multiply;
mod normalise;
mod nvfp4;
mod pack;
mod product;
mod quantize;
mod quantize_tile;
mod quotient;
mod round;
mod rounding;
mod scale;
mod staged;
mod sum;
mod unpacked;

#[doc = include_str!("../BOUNDARIES.md")]
pub mod boundaries {}
#[doc = include_str!("../EVIDENCE.md")]
pub mod evidence {}

pub use add_product::{AddProduct, AddProductPorts};
pub use arithmetic::{Add, BinaryPorts, Fma, FmaPorts, Times};
pub use block::{
    BlockAdd, BlockAddPorts, BlockDot, BlockDotPorts, BlockSum, BlockSumPorts, BlockTotal,
};
pub use cast::{Cast, CastPorts};
pub use compare::{Compare, ComparePorts, End, Extreme, ExtremePorts};
pub use divide::Divide;
pub use element::Element;
pub use element_times::{ElementTimes, ElementTimesPorts, Term};
pub use format::{Format, FormatError, Specials};
pub use function::{Evaluate, EvaluatePorts, Function};
pub use integer::{
    FromInteger, FromIntegerPorts, IntegerMac, IntegerMacPorts, ToInteger, ToIntegerPorts,
};
pub use iterative::{ByDigits, Iterative, IterativePorts, Operands};
pub use mac::{Mac, MacPorts};
pub use multiply::{Multiply, MultiplyPorts, Product};
pub use nvfp4::{Nvfp4Dot, Nvfp4Quantize};
pub use olivine_blocks::{CounterRandom, CounterRandomPorts, Lfsr, LfsrPorts, Polynomial};
pub use quantize::{Quantize, QuantizePorts};
pub use quantize_tile::{QuantizeTile, QuantizeTilePorts};
pub use rounding::{Overflow, Rounding};
pub use scale::{FromScale, FromScalePorts, ToScale, ToScalePorts};
pub use staged::{Cuts, Pipelined, Staged};
