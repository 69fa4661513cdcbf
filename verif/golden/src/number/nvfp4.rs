//! NVFP4: blocks of E2M1 that share an E4M3 scale.

use super::block::{Element, block_sum};
use super::{Format, Overflow, Rounding, Value};

const ELEMENT: Format = Format::E2M1;
const SCALE: Format = Format::E4M3;
/// The scale of a block with an infinity or NaN in it.
const SCALE_NAN: u8 = 0x7f;

/// `c + scale_a · scale_b · Σ a·b` in fp32, rounded once.
pub fn nvfp4_dot(
    c: u32,
    (a, scale_a): (&[u64], u8),
    (b, scale_b): (&[u64], u8),
    rounding: Rounding,
) -> u32 {
    let [x, y] = [scale_a, scale_b].map(|scale| Value::decode(scale.into(), SCALE));
    let sum = block_sum(Element::Float(ELEMENT), a, b).multiply(x.multiply(y));
    let total = Value::decode(c.into(), Format::FP32).add(sum, rounding.is_down());
    total.encode(Format::FP32, rounding, Overflow::Special) as u32
}

/// A block as scale and elements: the scale `max|x| / 6`, to nearest, ties to even, saturating; each
/// element `x / scale`, rounded, saturating; +0 where the scale is zero. A block with an infinity or
/// NaN has the scale NaN and elements 0. `roundings` is one for each element. Values are of at most 24
/// significant bits.
pub fn nvfp4_quantize(values: &[u64], from: Format, roundings: &[Rounding]) -> (u8, Vec<u64>) {
    let values: Vec<Value> = values.iter().map(|x| Value::decode(*x, from)).collect();
    if !values.iter().all(|x| matches!(x, Value::Finite { .. })) {
        return (SCALE_NAN, vec![0; values.len()]);
    }
    let magnitude = |x: Value| if x.is_negative() { x.negated() } else { x };
    let larger = |x: Value, y: Value| match x.compare(y) {
        Some(std::cmp::Ordering::Less) => y,
        _ => x,
    };
    let largest = values.iter().map(|x| magnitude(*x)).fold(Value::integer(0, 0), larger);
    let scale = largest.divide(Value::integer(6, 0));
    let scale = scale.encode(SCALE, Rounding::NearestEven, Overflow::Saturate);
    if scale == 0 {
        return (0, vec![0; values.len()]);
    }
    let by = Value::decode(scale, SCALE);
    let code = |(x, rounding): (&Value, &Rounding)| {
        x.divide(by).encode(ELEMENT, *rounding, Overflow::Saturate)
    };
    (scale as u8, values.iter().zip(roundings).map(code).collect())
}
