//! Functions with ends, by series of positive terms.

use super::{Function, LOG2E, ONE, exponential, finite};
use crate::number::Value;

/// Fraction bits here: less than in the series of small numbers, as terms grow up to 2⁵².
const Q: u32 = 56;
const UNIT: u128 = 1 << Q;
/// 2/√π and 1/√2π.
const TWO_OVER_ROOT_PI: u128 = 0x120_dd75_0429_b6d1;
const LEAST_DENSITY: u128 = 0x66_2114_cf50_d942;

/// A product of numbers of which the second is below 2⁷⁰.
fn times(a: u128, b: u128) -> u128 {
    (a >> Q) * b + (((a & (UNIT - 1)) * b) >> Q)
}

/// e^−x as a number of [`super::P`] bits and how far it is to be shifted right, for x below 128.
fn decay(x: u128) -> (u128, u32) {
    let x = (x * LOG2E) >> super::P;
    let (whole, fraction) = ((x >> Q) as u32, x & (UNIT - 1));
    // e^(1 − f) / 2 for the fraction f, in units of ln 2.
    let natural = (((UNIT - fraction) << (super::P - Q)) * super::LN2) >> super::P;
    (exponential(natural) / 2, whole)
}

/// 1 + first·s + first·second·s² + … for factors 1/divisor(k).
fn series(square: u128, divisor: impl Fn(u128) -> u128) -> u128 {
    let (mut term, mut sum, mut k) = (UNIT, 0, 1);
    while term > 0 {
        sum += term;
        term = times(term, square) / divisor(k);
        k += 1;
    }
    sum
}

fn sigmoid(negative: bool, x: u128) -> Value {
    let (power, shift) = decay(x);
    let shifted = power.checked_shr(shift).unwrap_or(0);
    if negative {
        let ratio = (power << super::P) / (ONE + shifted);
        finite(false, ratio, -(super::P as i32) - shift as i32)
    } else {
        finite(false, (ONE << super::P) / (ONE + shifted), -(super::P as i32))
    }
}

/// sinh x / (x · cosh x).
fn tanh_over_argument(x: u128) -> u128 {
    let square = times(x, x);
    let sinh = series(square, |k| 2 * k * (2 * k + 1));
    let cosh = series(square, |k| 2 * k * (2 * k - 1));
    (sinh << 48) / cosh
}

/// 1 + 2z/3 + (2z)²/(3·5) + …, times e^−z.
fn faded(z: u128) -> u128 {
    let sum = series(2 * z, |k| 2 * k + 1);
    let (power, shift) = decay(z);
    times(sum, power >> (super::P - Q)) >> shift
}

/// Φ(x) − 1/2.
fn half_normal(x: u128) -> u128 {
    let half_square = times(x, x) / 2;
    // φ(x) · (x + x³/3 + x⁵/(3·5) + …).
    let (power, shift) = decay(half_square);
    let sum = series(2 * half_square, |k| 2 * k + 1);
    let scaled = times(times(sum, x), power >> (super::P - Q)) >> shift;
    times(scaled, LEAST_DENSITY)
}

/// x·Φ(x): `magnitude · 2^exponent`, of which `x` is as much as counts in Φ.
fn gelu((negative, magnitude, exponent): (bool, u128, i32), x: u128) -> Value {
    let part = half_normal(x);
    let half = UNIT / 2;
    let distribution = if negative { half.saturating_sub(part) } else { half + part };
    finite(negative, magnitude * distribution, exponent - Q as i32)
}

fn gelu_derivative(negative: bool, x: u128) -> Value {
    let half_square = times(x, x) / 2;
    // Φ(x) − 1/2 = φ(x) · (x + x³/3 + x⁵/(3·5) + …).
    let (power, shift) = decay(half_square);
    let sum = UNIT + series(2 * half_square, |k| 2 * k + 1);
    let scaled = times(times(sum, x), power >> (super::P - Q)) >> shift;
    let part = (times(scaled, LEAST_DENSITY)) as i128;
    let value = (UNIT / 2) as i128 + if negative { -part } else { part };
    finite(value < 0, value.unsigned_abs(), -(Q as i32))
}

/// The value of one of these functions at a number or an infinity.
pub(super) fn at(function: Function, x: Value) -> Value {
    let one = |negative| finite(negative, 1, 0);
    let end = |negative| match function {
        Function::Tanh | Function::Erf => one(negative),
        Function::Gelu if negative => finite(true, 0, 0),
        Function::Gelu => x,
        _ if negative => finite(false, 0, 0),
        _ => one(false),
    };
    let Value::Finite { negative, magnitude, exponent } = x else { return end(x.is_negative()) };
    let beyond = match function {
        Function::Sigmoid => 128,
        Function::Tanh => 16,
        Function::Erf => 6,
        _ => 8,
    };
    if x.log2_floor().is_some_and(|e| e >= 7) {
        return end(negative);
    }
    let shift = exponent + Q as i32;
    let fixed = match shift {
        0.. => magnitude << shift,
        -127..0 => magnitude >> -shift,
        _ => 0,
    };
    if fixed >= beyond * UNIT {
        return end(negative);
    }
    match function {
        Function::Sigmoid => sigmoid(negative, fixed),
        Function::Gelu => gelu((negative, magnitude, exponent), fixed),
        Function::GeluDerivative => gelu_derivative(negative, fixed),
        Function::Tanh => finite(negative, magnitude * tanh_over_argument(fixed), exponent - 48),
        _ => {
            let factor = times(TWO_OVER_ROOT_PI, faded(times(fixed, fixed)));
            finite(negative, magnitude * factor, exponent - Q as i32)
        }
    }
}
