//! Casts to 8 and 16 bits, and small products, against LLVM's APFloat, which knows OCP's E4M3.

#[path = "common/random.rs"]
mod random;

use olivine_golden::number::{self, Format, Overflow, Rounding, Value};
use random::Random;
use rustc_apfloat::ieee::{BFloat, Float8E4M3FN, Float8E5M2, Half, Single};
use rustc_apfloat::{Float, FloatConvert, Round};

const MODES: [(Rounding, Round); 5] = [
    (Rounding::NearestEven, Round::NearestTiesToEven),
    (Rounding::NearestAway, Round::NearestTiesToAway),
    (Rounding::TowardZero, Round::TowardZero),
    (Rounding::Up, Round::TowardPositive),
    (Rounding::Down, Round::TowardNegative),
];

/// The code, with the one NaN.
fn code<F: Float>(x: F, format: Format) -> u64 {
    if x.is_nan() { format.nan().unwrap() } else { x.to_bits() as u64 }
}

/// In directed rounding APFloat takes what is too large for E4M3 to NaN and to the largest number
/// with the two exchanged, against IEEE 754's rule for infinity: those cases are left out.
fn disputed(wanted: u64, found: u64, format: Format, rounding: Rounding) -> bool {
    let directed = matches!(rounding, Rounding::Up | Rounding::Down);
    let top = |code: u64| code & ((1 << (format.width() - 1)) - 1) >= format.largest();
    directed && !format.has_infinity() && top(wanted) && top(found)
}

/// Every bf16 and binary16, and fp32 at random, to `T`.
fn casts_to<T: Float>(to: Format, seed: u64)
where
    Single: FloatConvert<T>,
    BFloat: FloatConvert<T>,
    Half: FloatConvert<T>,
{
    let mut random = Random(seed);
    for (rounding, mode) in MODES {
        let check = |bits: u64, from: Format, wanted: u64| {
            let found = number::cast(bits, from, to, rounding, Overflow::Special);
            let agree = found == wanted || disputed(wanted, found, to, rounding);
            assert!(agree, "{rounding:?} {bits:#x} of {from:?} to {to:?}: {found:#x} {wanted:#x}");
        };
        for bits in 0..1u128 << 16 {
            let x: T = BFloat::from_bits(bits).convert_r(mode, &mut false).value;
            check(bits as u64, Format::BF16, code(x, to));
            let x: T = Half::from_bits(bits).convert_r(mode, &mut false).value;
            check(bits as u64, Format::FP16, code(x, to));
        }
        for _ in 0..50_000 {
            // Exponents that reach the target's range from below and above.
            let (bits, near) = (random.next() as u32, random.next() % 48);
            let bits = bits & 0x807f_ffff | (100 + near as u32) << 23;
            let bits = bits & u32::MAX << (random.next() & 31);
            let x: T = Single::from_bits(bits.into()).convert_r(mode, &mut false).value;
            check(bits.into(), Format::FP32, code(x, to));
        }
    }
}

#[test]
fn casts_to_e4m3() {
    casts_to::<Float8E4M3FN>(Format::E4M3, 1);
}

#[test]
fn casts_to_e5m2() {
    casts_to::<Float8E5M2>(Format::E5M2, 2);
}

#[test]
fn casts_to_binary16() {
    casts_to::<Half>(Format::FP16, 3);
}

#[test]
fn casts_to_bfloat16() {
    casts_to::<BFloat>(Format::BF16, 4);
}

/// Sums, products and quotients of all pairs.
fn pairs<T: Float>(format: Format) {
    for (rounding, mode) in MODES {
        for (a, b) in (0..256).flat_map(|a| (0..256).map(move |b| (a, b))) {
            let [x, y] = [a, b].map(T::from_bits);
            let [a, b] = [a as u64, b as u64];
            let found = number::multiply(a, b, format, format, rounding);
            let wanted = code(x.mul_r(y, mode).value, format);
            let agree = found == wanted || disputed(wanted, found, format, rounding);
            assert!(agree, "{rounding:?} {a:#x} · {b:#x}: {found:#x} {wanted:#x}");
            let found = number::add(a, b, format, rounding);
            let wanted = code(x.add_r(y, mode).value, format);
            let agree = found == wanted || disputed(wanted, found, format, rounding);
            assert!(agree, "{rounding:?} {a:#x} + {b:#x}: {found:#x} {wanted:#x}");
            let found = number::divide(a, b, format, rounding);
            let wanted = code(x.div_r(y, mode).value, format);
            let agree = found == wanted || disputed(wanted, found, format, rounding);
            assert!(agree, "{rounding:?} {a:#x} / {b:#x}: {found:#x} {wanted:#x}");
        }
    }
}

#[test]
fn every_pair_of_e4m3() {
    pairs::<Float8E4M3FN>(Format::E4M3);
}

#[test]
fn every_pair_of_e5m2() {
    pairs::<Float8E5M2>(Format::E5M2);
}

/// The tables of OCP's MX specification 1.0: the numbers of the smallest formats.
#[test]
fn codes_of_four_and_six_bits() {
    let quarters = |format: Format| -> Vec<i128> {
        let codes = 0..1 << (format.width() - 1);
        let value = |code| match Value::decode(code, format) {
            Value::Finite { magnitude, exponent, .. } => (magnitude << (exponent + 4)) as i128,
            _ => unreachable!("these formats hold numbers only"),
        };
        codes.map(value).collect()
    };
    assert_eq!(quarters(Format::E2M1), [0, 8, 16, 24, 32, 48, 64, 96]);
    let ends = |v: Vec<i128>| (v[1], v[v.len() - 1]);
    assert_eq!(ends(quarters(Format::E2M3)), (2, 120), "0.125 and 7.5");
    assert_eq!(ends(quarters(Format::E3M2)), (1, 448), "0.0625 and 28");
    assert_eq!(Format::E2M1.nan(), None);
}

/// What a saturating cast gives at and around the ends.
#[test]
fn saturation() {
    let cast = |value: f32, to, overflow| {
        let bits = u64::from(value.to_bits());
        number::cast(bits, Format::FP32, to, Rounding::NearestEven, overflow)
    };
    for (value, special, saturated) in [
        (448.0, 0x7e, 0x7e),
        (464.0, 0x7e, 0x7e),
        (464.001, 0x7f, 0x7e),
        (-465.0, 0x7f, 0xfe),
        (f32::INFINITY, 0x7f, 0x7e),
        (f32::NEG_INFINITY, 0x7f, 0xfe),
        (f32::NAN, 0x7f, 0x7f),
    ] {
        assert_eq!(cast(value, Format::E4M3, Overflow::Special), special, "{value}");
        assert_eq!(cast(value, Format::E4M3, Overflow::Saturate), saturated, "{value}");
    }
    assert_eq!(cast(1e9, Format::E5M2, Overflow::Special), 0x7c);
    assert_eq!(cast(f32::INFINITY, Format::E5M2, Overflow::Saturate), 0x7b);
    assert_eq!(cast(-1e9, Format::E2M1, Overflow::Special), 0xf);
    assert_eq!(cast(f32::NAN, Format::E2M1, Overflow::Special), 0x7);
}

/// Of all random numbers, as many round up as the part cut off says; an exact value never moves.
#[test]
fn stochastic_rounding_has_the_right_distribution() {
    for lost in 0..1 << 8 {
        let bits = 0x3f80_0000 | lost << 8;
        let ups = (0..1 << 8).filter(|&random| {
            let rounding = Rounding::Stochastic { bits: 8, random };
            let cast = number::cast(bits, Format::FP32, Format::BF16, rounding, Overflow::Special);
            assert!(cast == 0x3f80 || cast == 0x3f81, "{bits:#x} to {cast:#x}");
            cast == 0x3f81
        });
        assert_eq!(ups.count() as u64, lost);
    }
}
