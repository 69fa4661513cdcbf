//! The host's cast from fp32 to bf16.

/// The bf16 nearest to `value`, ties to even, as bits; every NaN becomes `0x7fc0`.
pub fn to_bf16(value: f32) -> u16 {
    if value.is_nan() {
        return 0x7fc0;
    }
    let bits = value.to_bits();
    // Half of the last place, less one unless that place is odd: ties go to even.
    let (rounded, carry) = bits.overflowing_add(0x7fff + (bits >> 16 & 1));
    debug_assert!(!carry, "only a NaN is that large");
    (rounded >> 16) as u16
}
