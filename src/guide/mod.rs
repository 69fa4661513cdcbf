//! The guide: a tutorial, what awaits those who come from other languages, and comparisons.
//!
//! - [`tutorial`]: from a counter to a verified, synthesized filter; each step is a test.
//! - [`coming_from`]: Verilog, Chisel, Amaranth, rust-hdl.
//! - [`compare`]: six designs in seven languages, and what mistakes cost.
//! - [`features`]: what each language has, point by point.

#[doc = include_str!("coming_from.md")]
pub mod coming_from {}

#[doc = include_str!("compare.md")]
pub mod compare {}

#[doc = include_str!("features.md")]
pub mod features {}

#[doc = include_str!("tutorial.md")]
pub mod tutorial {}
