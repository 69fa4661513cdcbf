//! Golden models in integers and exact arithmetic.
//!
//! What Peridot must compute, said as plainly as possible and sharing no code with the hardware:
//!
//! | function | meaning |
//! |---|---|
//! | [`mac`] | one multiply-accumulate of a processing element |
//! | [`Chain`] | a sum of products in increasing order of k |
//! | [`PeKind`] | what each kind of processing element sums |
//! | [`gemm`] | a matrix product, every element such a chain |
//! | [`f32_to_bf16`], [`bf16_to_f32`] | the casts |
//! | [`number`] | any small float format: casts, sums, products, all roundings; MX blocks |
//! | [`function`] | 2^x, log₂ x, 1/x, 1/√x by series of 128 bits |
//! | [`random`] | shift registers, counter-based random numbers |
//! | [`ModelBus`] | the whole chip as its host sees it |
//!
//! Numbers are bit patterns: bf16 in `u16`, fp32 in `u32`. No host floating point is used, so
//! the results do not depend on the machine. Berkeley SoftFloat and LLVM's APFloat agree with
//! them (`tests/`).

mod cast;
mod chip;
mod element;
pub mod function;
mod gemm;
mod mac;
pub mod number;
pub mod random;

pub use cast::{bf16_to_f32, f32_to_bf16};
pub use chip::ModelBus;
pub use element::{PeKind, PeSum};
pub use gemm::{Operand, ShapeError, gemm};
pub use mac::{Chain, mac};

/// The one NaN that the chip produces in fp32.
pub const F32_NAN: u32 = 0x7fc0_0000;
/// The one NaN that the cast to bf16 produces.
pub const BF16_NAN: u16 = 0x7fc0;
