//! [`mac`]: the multiply-accumulate of one processing element.

use crate::F32_NAN;

/// A number by what the multiply-accumulate reads in it; subnormals are read as zero.
enum Number {
    Nan,
    Infinity,
    Zero,
    /// `significand · 2^exponent`, with the significand's leading one at a fixed place.
    Finite {
        significand: u64,
        exponent: i32,
    },
}

/// Reads magnitude bits with `fraction_bits` below an exponent of 8 bits biased by 127.
fn read(magnitude: u32, fraction_bits: u32) -> Number {
    let fraction = magnitude & ((1 << fraction_bits) - 1);
    match magnitude >> fraction_bits {
        255 if fraction != 0 => Number::Nan,
        255 => Number::Infinity,
        0 => Number::Zero,
        biased => Number::Finite {
            significand: u64::from(fraction | 1 << fraction_bits),
            exponent: biased as i32 - 127 - fraction_bits as i32,
        },
    }
}

/// `c + a·b`, rounded once: to nearest, ties to even.
///
/// Subnormal operands are read as zero of their sign. A result that, rounded to 24 bits with
/// unbounded exponent, is below 2⁻¹²⁶ in magnitude is zero of its sign; one too large is infinity.
/// Every NaN result is [`F32_NAN`]; infinity times zero and infinity minus infinity are NaN. Exact
/// cancellation gives +0; the sum of zeros is −0 only if both are −0.
pub fn mac(c: u32, a: u16, b: u16) -> u32 {
    use Number::{Finite, Infinity, Nan, Zero};
    let c_negative = c >> 31 == 1;
    let product_negative = (a ^ b) >> 15 == 1;
    let addend = read(c & 0x7fff_ffff, 23);
    let product = product(read(u32::from(a) & 0x7fff, 7), read(u32::from(b) & 0x7fff, 7));
    match (addend, product) {
        (Nan, _) | (_, Nan) => F32_NAN,
        (Infinity, Infinity) if c_negative != product_negative => F32_NAN,
        (Infinity, _) => infinity(c_negative),
        (_, Infinity) => infinity(product_negative),
        (Zero, Zero) => zero(c_negative && product_negative),
        (Finite { .. }, Zero) => c,
        (Zero, Finite { significand, exponent }) => round(product_negative, significand, exponent),
        (
            Finite { significand: c_significand, exponent: c_exponent },
            Finite { significand: p_significand, exponent: p_exponent },
        ) => add(
            Term { negative: c_negative, significand: c_significand, exponent: c_exponent },
            Term { negative: product_negative, significand: p_significand, exponent: p_exponent },
        ),
    }
}

fn product(a: Number, b: Number) -> Number {
    use Number::{Finite, Infinity, Nan, Zero};
    match (a, b) {
        (Nan, _) | (_, Nan) | (Infinity, Zero) | (Zero, Infinity) => Nan,
        (Infinity, _) | (_, Infinity) => Infinity,
        (Zero, _) | (_, Zero) => Zero,
        (
            Finite { significand: a, exponent: a_exponent },
            Finite { significand: b, exponent: b_exponent },
        ) => Finite { significand: a * b, exponent: a_exponent + b_exponent },
    }
}

fn zero(negative: bool) -> u32 {
    u32::from(negative) << 31
}

fn infinity(negative: bool) -> u32 {
    zero(negative) | 0x7f80_0000
}

/// A nonzero number; its significand has 15 to 24 bits.
#[derive(Clone, Copy)]
struct Term {
    negative: bool,
    significand: u64,
    exponent: i32,
}

/// How far the term with the higher exponent is moved up, at most: 24 + 38 bits and a carry fit.
const HEADROOM: u32 = 38;

fn add(x: Term, y: Term) -> u32 {
    let (high, low) = if x.exponent >= y.exponent { (x, y) } else { (y, x) };
    let distance = (high.exponent - low.exponent) as u32;
    let up = distance.min(HEADROOM);
    let sum = signed(high.negative, high.significand << up)
        + signed(low.negative, shift_right_odd(low.significand, distance - up));
    if sum == 0 {
        return zero(false);
    }
    round(sum < 0, sum.unsigned_abs(), high.exponent - up as i32)
}

fn signed(negative: bool, magnitude: u64) -> i64 {
    if negative { -(magnitude as i64) } else { magnitude as i64 }
}

/// Shifts right; bits lost make the result odd. It then lies between the same even numbers as the
/// exact value, and the places where rounding changes are even by far.
fn shift_right_odd(value: u64, count: u32) -> u64 {
    let kept = value.checked_shr(count).unwrap_or(0);
    let lost = kept.checked_shl(count).unwrap_or(0) != value;
    kept | u64::from(lost)
}

/// Rounds `magnitude · 2^exponent`, which is not zero, to fp32.
fn round(negative: bool, magnitude: u64, exponent: i32) -> u32 {
    let bits = 64 - magnitude.leading_zeros();
    let (mut significand, mut exponent) = match bits.checked_sub(24) {
        None => (magnitude << (24 - bits), exponent - (24 - bits) as i32),
        Some(surplus) => (nearest_even(magnitude, surplus), exponent + surplus as i32),
    };
    if significand == 1 << 24 {
        (significand, exponent) = (1 << 23, exponent + 1);
    }
    match exponent + 23 + 127 {
        ..=0 => zero(negative),
        255.. => infinity(negative),
        biased => zero(negative) | (biased as u32) << 23 | (significand as u32 & 0x7f_ffff),
    }
}

/// `value / 2^count` to nearest, ties to even.
fn nearest_even(value: u64, count: u32) -> u64 {
    if count == 0 {
        return value;
    }
    let (kept, lost, half) = (value >> count, value & ((1 << count) - 1), 1 << (count - 1));
    let up = lost > half || (lost == half && kept & 1 == 1);
    kept + u64::from(up)
}

/// A sum of products, one [`mac`] after the other, starting at +0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Chain(u32);

impl Chain {
    /// The empty sum, +0.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `a·b`.
    pub fn add(&mut self, a: u16, b: u16) {
        self.0 = mac(self.0, a, b);
    }

    /// The sum so far.
    pub fn sum(self) -> u32 {
        self.0
    }
}

impl Extend<(u16, u16)> for Chain {
    fn extend<I: IntoIterator<Item = (u16, u16)>>(&mut self, pairs: I) {
        pairs.into_iter().for_each(|(a, b)| self.add(a, b));
    }
}
