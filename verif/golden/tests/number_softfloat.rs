//! Sums, products, quotients, fused sums and casts of IEEE formats against Berkeley SoftFloat, in all its
//! rounding modes.

#[path = "common/random.rs"]
mod random;

use olivine_golden::number::{self, Format, Overflow, Rounding};
use random::Random;
use softfloat_wrapper::{F16, F32, Float, RoundingMode};

const MODES: [(Rounding, RoundingMode); 5] = [
    (Rounding::NearestEven, RoundingMode::TiesToEven),
    (Rounding::NearestAway, RoundingMode::TiesToAway),
    (Rounding::TowardZero, RoundingMode::TowardZero),
    (Rounding::Up, RoundingMode::TowardPositive),
    (Rounding::Down, RoundingMode::TowardNegative),
];

/// Special exponents and random ones near each other, patterned and random significands.
fn operand(random: &mut Random, format: Format) -> u64 {
    let bits = random.next();
    let exponents = 1 << format.exponent;
    let exponent = match bits & 7 {
        0 => [0, 1, exponents - 2, exponents - 1][(bits >> 3 & 3) as usize],
        1..4 => exponents / 2 - 4 + (bits >> 3 & 7),
        _ => bits >> 3 & (exponents - 1),
    };
    let pattern = match bits >> 20 & 3 {
        0 => 0,
        1 => u64::MAX << (bits >> 22 & 31),
        2 => 1 << (bits >> 22 & 31),
        _ => bits >> 32,
    };
    let mantissa = pattern & ((1 << format.mantissa) - 1);
    (bits >> 19 & 1) << (format.width() - 1) | exponent << format.mantissa | mantissa
}

fn canonical(bits: u64, is_nan: bool, format: Format) -> u64 {
    if is_nan { format.nan().unwrap() } else { bits }
}

const COUNT: u64 = 100_000;

macro_rules! against_softfloat {
    ($name:ident, $format:expr, $type:ty, $payload:ty) => {
        #[test]
        fn $name() {
            let mut random = Random(7);
            let format = $format;
            let show = |x: $type| canonical(x.to_bits().into(), x.is_nan(), format);
            for (rounding, mode) in MODES {
                for _ in 0..COUNT {
                    let [a, b, c] = [(); 3].map(|()| operand(&mut random, format));
                    let [x, y, z] = [a, b, c].map(|bits| <$type>::from_bits(bits as $payload));
                    let case = format!("{rounding:?} a = {a:#x}, b = {b:#x}, c = {c:#x}");
                    let found = number::add(a, b, format, rounding);
                    assert_eq!(found, show(x.add(y, mode)), "a + b, {case}");
                    let found = number::multiply(a, b, format, format, rounding);
                    assert_eq!(found, show(x.mul(y, mode)), "a · b, {case}");
                    let found = number::divide(a, b, format, rounding);
                    assert_eq!(found, show(x.div(y, mode)), "a / b, {case}");
                    let found = number::fused(c, a, b, format, format, rounding);
                    assert_eq!(found, show(x.fused_mul_add(y, z, mode)), "c + a · b, {case}");
                    let order = number::compare(a, b, format);
                    assert_eq!(order.less, x.lt_quiet(y), "a < b, {case}");
                    assert_eq!(order.equal, x.eq(y), "a = b, {case}");
                    assert_eq!(order.less | order.equal, x.le_quiet(y), "a ≤ b, {case}");
                    assert_eq!(order.greater, y.lt_quiet(x), "a > b, {case}");
                    assert_eq!(order.unordered, x.is_nan() | y.is_nan(), "{case}");
                }
            }
        }
    };
}

against_softfloat!(binary32, Format::FP32, F32, u32);
against_softfloat!(binary16, Format::FP16, F16, u16);

/// bf16 products into fp32 are fused sums of fp32 operands that happen to be short.
#[test]
fn bfloat16_products() {
    let mut random = Random(8);
    for (rounding, mode) in MODES {
        for _ in 0..COUNT {
            let [a, b] = [(); 2].map(|()| operand(&mut random, Format::BF16));
            let c = operand(&mut random, Format::FP32);
            let [x, y] = [a, b].map(|bits| F32::from_bits((bits as u32) << 16));
            let sum = x.fused_mul_add(y, F32::from_bits(c as u32), mode);
            let found = number::fused(c, a, b, Format::BF16, Format::FP32, rounding);
            let wanted = canonical(sum.to_bits().into(), sum.is_nan(), Format::FP32);
            assert_eq!(found, wanted, "{rounding:?} {c:#x} + {a:#x} · {b:#x}");
        }
    }
}

#[test]
fn casts() {
    let mut random = Random(9);
    for (rounding, mode) in MODES {
        for _ in 0..COUNT {
            let bits = operand(&mut random, Format::FP32);
            let x = F32::from_bits(bits as u32);
            let half = x.to_f16(mode);
            let wanted = canonical(half.to_bits().into(), half.is_nan(), Format::FP16);
            let found = number::cast(bits, Format::FP32, Format::FP16, rounding, Overflow::Special);
            assert_eq!(found, wanted, "{rounding:?} {bits:#x} to binary16");
            let [found, narrow] =
                [32, 8].map(|width| number::to_integer(bits, Format::FP32, width, rounding));
            // What SoftFloat makes of too large a number is the host's rule, not ours.
            let fits = bits & 0x7fff_ffff < 0x4f00_0000;
            let end = if x.is_negative() { i32::MIN } else { i32::MAX };
            let wanted = if fits { x.to_i32(mode, false) } else { end };
            let wanted = i64::from(if x.is_nan() { 0 } else { wanted });
            assert_eq!(found, wanted, "{rounding:?} {bits:#x} to int32");
            assert_eq!(narrow, wanted.clamp(-128, 127), "{rounding:?} {bits:#x} to int8");
            let integer = random.next() as i32 >> (random.next() & 31);
            let found = number::from_integer(integer.into(), Format::FP32, rounding);
            assert_eq!(found, F32::from_i32(integer, mode).to_bits().into(), "{integer}");
        }
        for bits in 0..1 << 16 {
            let x = F16::from_bits(bits as u16).to_f32(mode);
            let wanted = canonical(x.to_bits().into(), x.is_nan(), Format::FP32);
            let found = number::cast(bits, Format::FP16, Format::FP32, rounding, Overflow::Special);
            assert_eq!(found, wanted, "{rounding:?} {bits:#x} to binary32");
        }
    }
}
