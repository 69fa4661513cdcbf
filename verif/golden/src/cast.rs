//! Casts between fp32 and bf16.

use crate::BF16_NAN;

/// fp32 → bf16, to nearest, ties to even. Beyond the largest bf16 is infinity by that rule, every
/// NaN becomes [`BF16_NAN`], subnormals are rounded as any other number and are not flushed.
pub fn f32_to_bf16(bits: u32) -> u16 {
    let is_nan = bits & 0x7fff_ffff > 0x7f80_0000;
    if is_nan {
        return BF16_NAN;
    }
    let (kept, discarded) = ((bits >> 16) as u16, bits & 0xffff);
    let is_odd = kept & 1 == 1;
    let up = discarded > 0x8000 || (discarded == 0x8000 && is_odd);
    // A carry out of the fraction raises the exponent, as it should, up to infinity.
    kept + u16::from(up)
}

/// bf16 → fp32: exact; a NaN keeps its payload.
pub fn bf16_to_f32(bits: u16) -> u32 {
    u32::from(bits) << 16
}
