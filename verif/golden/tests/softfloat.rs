//! The multiply-accumulate against Berkeley SoftFloat's fused one.

mod common;

use olivine_golden::{F32_NAN, bf16_to_f32, mac};
use softfloat_wrapper::{ExceptionFlags, F32, Float, RoundingMode};

const SIGN: u32 = 1 << 31;

/// The flush rule for operands.
fn flushed(bits: u32) -> u32 {
    if bits & 0x7f80_0000 == 0 { bits & SIGN } else { bits }
}

/// SoftFloat's result under the flush rule and with the one NaN; and whether flushing was needed.
fn soft(c: u32, a: u16, b: u16) -> (u32, bool) {
    let operands = [c, bf16_to_f32(a), bf16_to_f32(b)];
    let [c, a, b] = operands.map(|bits| F32::from_bits(flushed(bits)));
    ExceptionFlags::default().set();
    let result = a.fused_mul_add(b, c, RoundingMode::TiesToEven);
    let mut flags = ExceptionFlags::default();
    flags.get();
    let bits = result.to_bits();
    // SoftFloat detects tininess after rounding to 24 bits with unbounded exponent.
    let tiny = flags.is_underflow() || result.is_subnormal();
    let operand_flushed = operands.iter().any(|&bits| flushed(bits) != bits);
    let expected = match bits {
        _ if result.is_nan() => F32_NAN,
        _ if tiny => bits & SIGN,
        _ => bits,
    };
    (expected, tiny || operand_flushed)
}

#[test]
fn agrees_with_fused_multiply_add() {
    let (mut plain, mut with_flush) = (0, 0);
    for (c, a, b) in common::patterned().chain(common::random(1_500_000, 2)) {
        let (expected, flush) = soft(c, a, b);
        let found = mac(c, a, b);
        assert_eq!(found, expected, "mac({c:#010x}, {a:#06x}, {b:#06x}): {found:#x} {expected:#x}");
        if flush { with_flush += 1 } else { plain += 1 }
    }
    println!("{plain} vectors agree with SoftFloat as it is, {with_flush} under the flush rule");
    assert!(plain >= 1_000_000 && with_flush >= 100_000, "only {plain} and {with_flush} vectors");
}
