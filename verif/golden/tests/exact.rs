//! The multiply-accumulate against the obvious one: exact integers in units of 2^-298.

mod common;

use num_bigint::{BigInt, BigUint, Sign};
use olivine_golden::{F32_NAN, mac};

/// Exponent of the unit of sums and products; that of a single number is half of it, the place of
/// fp32's lowest bit.
const UNIT: i32 = -298;

enum Value {
    Nan,
    Infinity(Sign),
    /// The number in its units, and the sign of a zero.
    Finite(BigInt, Sign),
}

fn sign(negative: bool) -> Sign {
    if negative { Sign::Minus } else { Sign::Plus }
}

/// Any fp32, subnormals as zero; a bf16 is the fp32 with 16 zero bits below.
fn value(bits: u32) -> Value {
    let (sign, biased, fraction) = (sign(bits >> 31 == 1), bits >> 23 & 255, bits & 0x7f_ffff);
    match biased {
        255 if fraction != 0 => Value::Nan,
        255 => Value::Infinity(sign),
        0 => Value::Finite(BigInt::ZERO, sign),
        _ => {
            let units = BigUint::from(fraction | 1 << 23) << (biased as i32 - 150 - UNIT / 2);
            Value::Finite(BigInt::from_biguint(sign, units), sign)
        }
    }
}

fn multiply(a: Value, b: Value) -> Value {
    match (a, b) {
        (Value::Nan, _) | (_, Value::Nan) => Value::Nan,
        (Value::Infinity(x), Value::Infinity(y)) => Value::Infinity(x * y),
        (Value::Infinity(x), Value::Finite(n, y)) | (Value::Finite(n, y), Value::Infinity(x)) => {
            if n == BigInt::ZERO {
                Value::Nan
            } else {
                Value::Infinity(x * y)
            }
        }
        (Value::Finite(m, x), Value::Finite(n, y)) => Value::Finite(m * n, x * y),
    }
}

/// Rounds to fp32.
fn encode(exact: BigInt) -> u32 {
    let negative = u32::from(exact.sign() == Sign::Minus) << 31;
    let magnitude = exact.magnitude();
    let shift = magnitude.bits().saturating_sub(24);
    let (mut kept, step) = (magnitude >> shift, BigUint::from(1u32) << shift);
    let twice_lost = (magnitude - &kept * &step) * 2u32;
    if twice_lost > step || (twice_lost == step && kept.bit(0)) {
        kept += 1u32;
    }
    let rounded = kept * step;
    if rounded < BigUint::from(1u32) << (-126 - UNIT) {
        negative
    } else if rounded >= BigUint::from(1u32) << (128 - UNIT) {
        negative | 0x7f80_0000
    } else {
        let exponent = rounded.bits() as i32 - 1 + UNIT;
        let leading_24 = u32::try_from(rounded >> (exponent - UNIT - 23)).expect("24 bits");
        negative | ((exponent + 127) as u32) << 23 | (leading_24 & 0x7f_ffff)
    }
}

fn obvious(c: u32, a: u16, b: u16) -> u32 {
    let product = multiply(value(u32::from(a) << 16), value(u32::from(b) << 16));
    match (value(c), product) {
        (Value::Nan, _) | (_, Value::Nan) => F32_NAN,
        (Value::Infinity(x), Value::Infinity(y)) if x != y => F32_NAN,
        (Value::Infinity(x), _) | (_, Value::Infinity(x)) => {
            u32::from(x == Sign::Minus) << 31 | 0x7f80_0000
        }
        (Value::Finite(m, x), Value::Finite(n, y)) => {
            let m = m << (-UNIT / 2);
            let both_zero = m == BigInt::ZERO && n == BigInt::ZERO;
            if both_zero && x == Sign::Minus && y == Sign::Minus { 1 << 31 } else { encode(m + n) }
        }
    }
}

fn check(vectors: impl Iterator<Item = common::Vector>, at_least: usize) {
    let mut count = 0;
    for (c, a, b) in vectors {
        let (found, expected) = (mac(c, a, b), obvious(c, a, b));
        assert_eq!(found, expected, "mac({c:#010x}, {a:#06x}, {b:#06x}): {found:#x} {expected:#x}");
        count += 1;
    }
    println!("{count} vectors agree with exact integers");
    assert!(count >= at_least, "only {count} vectors");
}

#[test]
fn patterned_operands() {
    check(common::patterned().step_by(17), 200_000);
}

#[test]
fn random_operands() {
    check(common::random(300_000, 1), 300_000);
}

#[test]
fn named_cases() {
    let one = 0x3f80;
    let cases = [
        (0, 0, 0, 0, "+0 + +0"),
        (1 << 31, 1 << 15, 0, 1 << 31, "−0 + −0"),
        (1 << 31, 0, 0, 0, "−0 + +0"),
        (0x3f80_0000, one, one | 1 << 15, 0, "exact cancellation"),
        (0, 0x7f80, 0x0001, F32_NAN, "infinity times a subnormal read as zero"),
        (0x7f80_0000, one, 0xff80, F32_NAN, "infinity minus infinity"),
        (0xff80_0001, one, one, F32_NAN, "signalling NaN"),
        (0x0000_0001, one, 0, 0, "subnormal addend"),
        (0x8000_0001, 0x8000, 0, 1 << 31, "negative subnormal addend, −0 product"),
        (0x7f7f_ffff, 0x7f00, 0x3f80, 0x7f80_0000, "overflow"),
        (0x7f7f_ffff, 0x7300, 0x3f00, 0x7f7f_ffff, "a quarter of the last place does not overflow"),
        (0x0080_0000, 0x8080, 0x3f00, 0, "half the smallest normal is flushed"),
        (0x8080_0000, 0x0080, 0x3f00, 1 << 31, "and keeps its sign"),
        (0x3f80_0000, 0x3f80, 0x3380, 0x3f80_0000, "tie to even, down"),
        (0x3f80_0001, 0x3f80, 0x3380, 0x3f80_0002, "tie to even, up"),
    ];
    for (c, a, b, expected, name) in cases {
        assert_eq!(mac(c, a, b), expected, "{name}");
        assert_eq!(obvious(c, a, b), expected, "{name}, obvious form");
    }
}
