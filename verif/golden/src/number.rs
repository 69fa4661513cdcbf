//! Floats of any small format, exactly.
//!
//! A code is decoded to a [`Value`], an integer times a power of two; [`Value::multiply`] and
//! [`Value::add`] are exact as far as any rounding can see, and [`Value::encode`] rounds once.

mod block;
mod format;
mod nvfp4;
mod operations;
mod round;
mod value;

pub use block::{Element, SCALE_NAN, block_dot, block_sum, quantize};
pub use format::{Format, Specials};
pub use nvfp4::{nvfp4_dot, nvfp4_quantize};
pub use operations::{
    Order, add, cast, compare, divide, from_integer, from_scale, fused, maximum, minimum, multiply,
    to_integer, to_scale,
};
pub use round::{Overflow, Rounding};
pub use value::Value;
