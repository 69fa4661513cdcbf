//! Multiply-accumulate and cast against LLVM's APFloat.

mod common;

use olivine_golden::{BF16_NAN, F32_NAN, f32_to_bf16, mac};
use rustc_apfloat::ieee::{BFloat, Single};
use rustc_apfloat::{Float, FloatConvert, Round, Status};

fn single(bits: u32) -> Single {
    Single::from_bits(u128::from(bits))
}

/// APFloat's result, unless the flush rule has a say.
fn reference(c: u32, a: u16, b: u16) -> Option<u32> {
    let operands = [c, u32::from(a) << 16, u32::from(b) << 16].map(single);
    let [c, a, b] = operands;
    let result = a.mul_add_r(b, c, Round::NearestTiesToEven);
    let flush = operands.iter().any(|x| x.is_denormal())
        || result.value.is_denormal()
        || result.status.contains(Status::UNDERFLOW)
        || result.value.to_bits() & 0x7fff_ffff == 0x0080_0000;
    let bits = if result.value.is_nan() { F32_NAN } else { result.value.to_bits() as u32 };
    (!flush).then_some(bits)
}

#[test]
fn multiply_accumulate() {
    let mut count = 0;
    for (c, a, b) in common::patterned().step_by(23).chain(common::random(200_000, 3)) {
        if let Some(expected) = reference(c, a, b) {
            let found = mac(c, a, b);
            assert_eq!(
                found, expected,
                "mac({c:#010x}, {a:#06x}, {b:#06x}): {found:#x} {expected:#x}"
            );
            count += 1;
        }
    }
    println!("{count} vectors agree with APFloat");
    assert!(count >= 200_000, "only {count} vectors");
}

fn cast_reference(bits: u32) -> u16 {
    let cast: rustc_apfloat::StatusAnd<BFloat> =
        single(bits).convert_r(Round::NearestTiesToEven, &mut false);
    if cast.value.is_nan() { BF16_NAN } else { cast.value.to_bits() as u16 }
}

/// The result depends on the upper half and on whether the lower half is zero, below half, half
/// or above half: these eight stand for all.
#[test]
fn cast_at_every_boundary() {
    let mut count = 0;
    for upper in 0..=0xffff_u32 {
        for lower in [0, 1, 0x4000, 0x7fff, 0x8000, 0x8001, 0xc000, 0xffff] {
            let bits = upper << 16 | lower;
            assert_eq!(f32_to_bf16(bits), cast_reference(bits), "{bits:#010x}");
            count += 1;
        }
    }
    println!("{count} casts agree with APFloat");
    assert_eq!(count, 8 << 16);
}
