//! Functions of one variable by series in integers of 128 bits: far more exact than any float here.

mod bounded;

use crate::number::{Format, Value};

/// A function of one variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// 2^x.
    Exp2,
    /// log₂ x.
    Log2,
    /// 1/x.
    Reciprocal,
    /// 1/√x.
    ReciprocalRoot,
    /// 1/(1 + e^−x).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// The error function.
    Erf,
    /// x·Φ(x) with the normal distribution Φ.
    Gelu,
    /// Φ(x) + x·φ(x), the derivative of x·Φ(x).
    GeluDerivative,
}

/// Fraction bits.
const P: u32 = 62;
const ONE: u128 = 1 << P;
/// ln 2 and 1/ln 2.
const LN2: u128 = 0x2c5c_85fd_f473_de6a;
const LOG2E: u128 = 0x5c55_1d94_ae0b_f85d;

/// `magnitude · 2^exponent`, of which 64 bits are kept.
fn finite(negative: bool, magnitude: u128, exponent: i32) -> Value {
    let surplus = 64u32.saturating_sub(magnitude.leading_zeros());
    Value::Finite { negative, magnitude: magnitude >> surplus, exponent: exponent + surplus as i32 }
}

/// e^y for y in [0, 1).
fn exponential(y: u128) -> u128 {
    let (mut term, mut sum, mut k) = (ONE, 0, 0);
    while term > 0 {
        sum += term;
        k += 1;
        term = ((term * y) >> P) / k;
    }
    sum
}

fn exp2(negative: bool, magnitude: u128, exponent: i32) -> Value {
    let top = 127 - magnitude.leading_zeros() as i32 + exponent;
    if top >= 11 {
        return if negative { finite(false, 0, 0) } else { Value::Infinity { negative: false } };
    }
    // |x| with P fraction bits: what is cut off is below all that counts.
    let shift = exponent + P as i32;
    let fixed = match shift {
        0.. => magnitude << shift,
        -127..0 => magnitude >> -shift,
        _ => 0,
    } as i128;
    let fixed = if negative { -fixed } else { fixed };
    let (whole, fraction) = (fixed >> P, (fixed & (ONE as i128 - 1)) as u128);
    finite(false, exponential((fraction * LN2) >> P), whole as i32 - P as i32)
}

/// ln((1 + z)/(1 − z)) / z for z² with P fraction bits.
fn artanh(square: u128) -> u128 {
    let (mut power, mut sum, mut k) = (2 * ONE, 0, 1);
    while power > 0 {
        sum += power / k;
        k += 2;
        power = (power * square) >> P;
    }
    sum
}

fn log2(magnitude: u128, exponent: i32) -> Value {
    let bits = 127 - magnitude.leading_zeros();
    let mut whole = bits as i32 + exponent;
    // In [3/4, 3/2) as a fraction.
    let (mut m, mut one) = (magnitude, 1u128 << bits);
    if 2 * m >= 3 * one {
        (one, whole) = (2 * one, whole + 1);
    }
    let negative = m < one;
    let difference = m.abs_diff(one);
    m += one;
    if difference == 0 {
        return Value::integer(whole.into(), 0);
    }
    // z = difference / m with 61 leading bits.
    let up = 60 + m.ilog2() - difference.ilog2();
    let z = (difference << up) / m;
    let square = (z * z) >> (2 * up).saturating_sub(P).min(127);
    let log = (((z * (artanh(square) >> 1)) >> P) * LOG2E) >> P;
    let part = finite(negative, log, 1 - up as i32);
    match part.add(Value::integer(whole.into(), 0), false) {
        Value::Finite { negative, magnitude, exponent } => finite(negative, magnitude, exponent),
        special => special,
    }
}

/// The greatest integer whose square is at most `x`.
fn square_root(x: u128) -> u128 {
    let mut root = x;
    let mut next = 1u128 << (x.ilog2() / 2 + 1);
    while next < root {
        root = next;
        next = (root + x / root) / 2;
    }
    root
}

impl Function {
    /// The value at the number of this code, within 2⁻⁵⁰ of it; of the functions between finite
    /// ends within 2⁻³⁶ of it, or 2⁻⁴² at all; of GELU within 2⁻³⁶ of it, or |x|·2⁻⁴².
    pub fn at(self, code: u64, format: Format) -> Value {
        let x = Value::decode(code, format);
        let infinity = |negative| Value::Infinity { negative };
        match (self, x) {
            (_, Value::Nan) => Value::Nan,
            (Self::Gelu, Value::Infinity { negative: false }) => x,
            (Self::Sigmoid | Self::Tanh | Self::Erf | Self::Gelu | Self::GeluDerivative, x) => {
                bounded::at(self, x)
            }
            (Self::Exp2, Value::Infinity { negative: true }) => finite(false, 0, 0),
            (Self::Exp2, Value::Infinity { .. }) => infinity(false),
            (Self::Exp2, Value::Finite { magnitude: 0, .. }) => Value::integer(1, 0),
            (Self::Exp2, Value::Finite { negative, magnitude, exponent }) => {
                exp2(negative, magnitude, exponent)
            }
            (Self::Reciprocal, Value::Infinity { negative }) => finite(negative, 0, 0),
            (Self::Reciprocal, Value::Finite { negative, magnitude: 0, .. }) => infinity(negative),
            (Self::Reciprocal, Value::Finite { negative, magnitude, exponent }) => {
                finite(negative, (1 << 100) / magnitude, -100 - exponent)
            }
            (Self::Log2, Value::Finite { magnitude: 0, .. }) => infinity(true),
            (Self::ReciprocalRoot, Value::Finite { negative, magnitude: 0, .. }) => {
                infinity(negative)
            }
            (_, Value::Infinity { negative: true } | Value::Finite { negative: true, .. }) => {
                Value::Nan
            }
            (Self::Log2, Value::Infinity { .. }) => infinity(false),
            (Self::Log2, Value::Finite { magnitude, exponent, .. }) => log2(magnitude, exponent),
            (Self::ReciprocalRoot, Value::Infinity { .. }) => finite(false, 0, 0),
            (Self::ReciprocalRoot, Value::Finite { magnitude, exponent, .. }) => {
                let (m, e) = if exponent % 2 == 0 {
                    (magnitude, exponent)
                } else {
                    (2 * magnitude, exponent - 1)
                };
                finite(false, square_root((1 << 126) / m), -63 - e / 2)
            }
        }
    }
}

/// How far a code is from a value, in units of 2⁻²⁰ of the last place of the value in this format;
/// none if one is special and the other not the same, or the code is infinite and the value not
/// beyond the middle between the largest number and the next.
pub fn error(code: u64, value: Value, format: Format) -> Option<u64> {
    let found = Value::decode(code, format);
    let (Value::Finite { .. }, Value::Finite { .. }) = (found, value) else {
        let limit = Value::integer(1, format.exponent_max() + 1);
        let beyond = |x: Value| match x {
            Value::Finite { magnitude, exponent, .. } => {
                let x = finite(false, magnitude, exponent);
                x.compare(limit) != Some(std::cmp::Ordering::Less)
            }
            Value::Infinity { .. } => true,
            Value::Nan => false,
        };
        let same = match (found, value) {
            (Value::Nan, Value::Nan) => true,
            (Value::Infinity { .. }, other) => {
                found.is_negative() == other.is_negative() && beyond(other)
            }
            _ => false,
        };
        return same.then_some(0);
    };
    let least = format.exponent_min();
    let place = value.log2_floor().map_or(least, |e| e.max(least)) - format.mantissa as i32;
    match found.add(value.negated(), false) {
        Value::Finite { magnitude, exponent, .. } => {
            let shift = exponent - place + 20;
            Some(match shift {
                _ if magnitude == 0 => 0,
                0.. => u64::try_from(magnitude.checked_shl(shift as u32).unwrap_or(u128::MAX))
                    .unwrap_or(u64::MAX),
                -127..0 => (magnitude >> -shift) as u64,
                _ => 0,
            })
        }
        _ => None,
    }
}
