//! Block-scaled numbers of OCP's MX specification 1.0: elements that share a power of two.

use super::{Format, Overflow, Rounding, Value};

/// What a block is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    /// Floats.
    Float(Format),
    /// Two's complement of 8 bits in units of 2⁻⁶.
    Int8,
}

/// The scale that makes a block NaN.
pub const SCALE_NAN: u8 = 255;

impl Element {
    /// What a code stands for, without its scale.
    pub fn value(self, code: u64) -> Value {
        match self {
            Self::Float(format) => Value::decode(code, format),
            Self::Int8 => Value::integer(i128::from(code as u8 as i8), -6),
        }
    }

    /// The exponent of the largest number.
    pub fn exponent_max(self) -> i32 {
        match self {
            Self::Float(format) => format.exponent_max(),
            Self::Int8 => 0,
        }
    }

    fn encode(self, value: Value, rounding: Rounding) -> u64 {
        match self {
            Self::Float(format) => value.encode(format, rounding, Overflow::Saturate),
            Self::Int8 => value.scaled(6).to_integer(8, rounding) as u64 & 0xff,
        }
    }
}

/// The exact sum of products of two blocks, without their scales. It is at most 70 bits wide.
pub fn block_sum(element: Element, a: &[u64], b: &[u64]) -> Value {
    // Every product is a multiple of this power of two.
    const UNIT: i32 = -64;
    let products = a.iter().zip(b).map(|(a, b)| element.value(*a).multiply(element.value(*b)));
    let (mut total, mut special) = (0i128, Value::integer(0, 0));
    for product in products {
        match product {
            Value::Finite { negative, magnitude, exponent } => {
                let units = (magnitude << (exponent - UNIT)) as i128;
                total += if negative { -units } else { units };
            }
            _ => special = special.add(product, false),
        }
    }
    let place = total.trailing_zeros().min(60);
    match special {
        Value::Finite { .. } => Value::integer(total >> place, UNIT + place as i32),
        _ => special,
    }
}

/// `c + 2^(scale_a − 127) · 2^(scale_b − 127) · Σ a·b` in fp32, rounded once.
pub fn block_dot(
    element: Element,
    c: u32,
    (a, scale_a): (&[u64], u8),
    (b, scale_b): (&[u64], u8),
    rounding: Rounding,
) -> u32 {
    let scales = i32::from(scale_a) + i32::from(scale_b) - 254;
    let sum = match [scale_a, scale_b].contains(&SCALE_NAN) {
        true => Value::Nan,
        false => block_sum(element, a, b).scaled(scales),
    };
    let total = Value::decode(c.into(), Format::FP32).add(sum, rounding.is_down());
    total.encode(Format::FP32, rounding, Overflow::Special) as u32
}

/// A block as scale and elements: `e = ⌊log₂ max|x|⌋ − exponent_max`, within −127 to 127, the scale
/// `e + 127`; each element `x · 2^-e`, rounded, saturating. A block of zeros has the scale 0; one
/// with an infinity or NaN has the scale [`SCALE_NAN`] and elements 0. `roundings` is one for each
/// element.
pub fn quantize(
    element: Element,
    values: &[u64],
    from: Format,
    roundings: &[Rounding],
) -> (u8, Vec<u64>) {
    let values: Vec<Value> = values.iter().map(|x| Value::decode(*x, from)).collect();
    if !values.iter().all(|x| matches!(x, Value::Finite { .. })) {
        return (SCALE_NAN, vec![0; values.len()]);
    }
    let largest = values.iter().filter_map(|x| x.log2_floor()).max();
    let e = largest.map_or(-127, |log| (log - element.exponent_max()).clamp(-127, 127));
    let scaled = values.iter().zip(roundings);
    let codes = scaled.map(|(x, rounding)| element.encode(x.scaled(-e), *rounding));
    ((e + 127) as u8, codes.collect())
}
