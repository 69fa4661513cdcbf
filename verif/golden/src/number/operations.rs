//! One function for each arithmetic unit.

use super::{Format, Overflow, Rounding, Value};
use std::cmp::Ordering;

/// `x` in another format.
pub fn cast(x: u64, from: Format, to: Format, rounding: Rounding, overflow: Overflow) -> u64 {
    Value::decode(x, from).encode(to, rounding, overflow)
}

/// `a · b`, rounded once.
pub fn multiply(a: u64, b: u64, operand: Format, result: Format, rounding: Rounding) -> u64 {
    let [a, b] = [a, b].map(|x| Value::decode(x, operand));
    a.multiply(b).encode(result, rounding, Overflow::Special)
}

/// `a / b`, rounded once.
pub fn divide(a: u64, b: u64, format: Format, rounding: Rounding) -> u64 {
    let [a, b] = [a, b].map(|x| Value::decode(x, format));
    a.divide(b).encode(format, rounding, Overflow::Special)
}

/// `a + b`, rounded once.
pub fn add(a: u64, b: u64, format: Format, rounding: Rounding) -> u64 {
    let [a, b] = [a, b].map(|x| Value::decode(x, format));
    a.add(b, rounding.is_down()).encode(format, rounding, Overflow::Special)
}

/// `c + a · b`, rounded once.
pub fn fused(c: u64, a: u64, b: u64, operand: Format, sum: Format, rounding: Rounding) -> u64 {
    let [a, b] = [a, b].map(|x| Value::decode(x, operand));
    let total = Value::decode(c, sum).add(a.multiply(b), rounding.is_down());
    total.encode(sum, rounding, Overflow::Special)
}

/// An integer as a float.
pub fn from_integer(x: i64, to: Format, rounding: Rounding) -> u64 {
    Value::integer(i128::from(x), 0).encode(to, rounding, Overflow::Special)
}

/// A float as an integer of `width` bits; see [`Value::to_integer`].
pub fn to_integer(x: u64, from: Format, width: u32, rounding: Rounding) -> i64 {
    Value::decode(x, from).to_integer(width, rounding)
}

/// 2^(`scale` − 127), of which 255 is NaN, as a float.
pub fn from_scale(scale: u8, to: Format, rounding: Rounding, overflow: Overflow) -> u64 {
    let power = match scale {
        super::SCALE_NAN => Value::Nan,
        _ => Value::integer(1, i32::from(scale) - 127),
    };
    power.encode(to, rounding, overflow)
}

/// The power of two not above `x` in magnitude as a scale, within 0 to 254; 255 if it is special.
pub fn to_scale(x: u64, from: Format) -> u8 {
    match Value::decode(x, from) {
        x @ Value::Finite { .. } => x.log2_floor().map_or(0, |e| (e + 127).clamp(0, 254) as u8),
        _ => super::SCALE_NAN,
    }
}

/// How two floats stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// `a < b`.
    pub less: bool,
    /// `a = b`; −0 = +0.
    pub equal: bool,
    /// `a > b`.
    pub greater: bool,
    /// One of them is a NaN.
    pub unordered: bool,
}

/// Compares two floats.
pub fn compare(a: u64, b: u64, format: Format) -> Order {
    let order = Value::decode(a, format).compare(Value::decode(b, format));
    Order {
        less: order == Some(Ordering::Less),
        equal: order == Some(Ordering::Equal),
        greater: order == Some(Ordering::Greater),
        unordered: order.is_none(),
    }
}

/// The lesser of two floats, IEEE 754-2019's `minimum`: a NaN wins, −0 is below +0.
pub fn minimum(a: u64, b: u64, format: Format) -> u64 {
    extreme(a, b, format, Ordering::Less)
}

/// The greater of two floats, IEEE 754-2019's `maximum`: a NaN wins, −0 is below +0.
pub fn maximum(a: u64, b: u64, format: Format) -> u64 {
    extreme(a, b, format, Ordering::Greater)
}

fn extreme(a: u64, b: u64, format: Format, wanted: Ordering) -> u64 {
    let [x, y] = [a, b].map(|bits| Value::decode(bits, format));
    let Some(order) = x.compare(y) else {
        return format.nan().expect("only a NaN has no order");
    };
    let by_sign = y.is_negative().cmp(&x.is_negative());
    if order.then(by_sign) == wanted { a } else { b }
}
