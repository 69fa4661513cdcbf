//! Stimulus for the multiply-accumulate: patterned and random operands.

mod random;

use random::Random;

/// Addend and factors.
pub type Vector = (u32, u16, u16);

/// Every exponent × fraction × sign.
fn patterns(exponents: &[u32], fractions: &[u32], fraction_bits: u32) -> Vec<u32> {
    let mut all = Vec::new();
    for exponent in exponents {
        for fraction in fractions {
            let magnitude = exponent << fraction_bits | fraction;
            all.extend([magnitude, magnitude | 256 << fraction_bits]);
        }
    }
    all
}

/// Special exponents and their neighbours with patterned significands, all combinations.
pub fn patterned() -> impl Iterator<Item = Vector> {
    let factors = patterns(
        &[0, 1, 2, 63, 64, 126, 127, 128, 190, 191, 253, 254, 255],
        &[0, 1, 0x40, 0x55, 0x7f],
        7,
    );
    let addends = patterns(
        &[0, 1, 2, 24, 25, 101, 102, 103, 126, 127, 128, 150, 151, 200, 253, 254, 255],
        &[0, 1, 0x2a_aaaa, 0x3f_ffff, 0x40_0000, 0x40_0001, 0x7f_ffff],
        23,
    );
    let pairs = factors
        .clone()
        .into_iter()
        .flat_map(move |a| factors.clone().into_iter().map(move |b| (a, b)));
    pairs.flat_map(move |(a, b)| addends.clone().into_iter().map(move |c| (c, a as u16, b as u16)))
}

/// A third anything, a third with addend and product near each other, a third with a result near
/// the smallest normal number.
pub fn random(count: usize, seed: u64) -> impl Iterator<Item = Vector> {
    let mut random = Random(seed);
    (0..count).map(move |i| {
        let bits = random.next();
        let (a, mut b, mut c) = ((bits >> 32) as u16, (bits >> 48) as u16, bits as u32);
        let spread = (random.next() % 64) as i32 - 32;
        let exponent = |x: u16| i32::from(x >> 7 & 255);
        if i % 3 == 1 {
            let near = (exponent(a) + exponent(b) - 127 + spread).clamp(0, 255) as u32;
            c = c & 0x807f_ffff | near << 23;
        } else if i % 3 == 2 {
            let other = (128 - exponent(a) + spread / 8).clamp(0, 255) as u16;
            b = b & 0x807f | other << 7;
            c = c & 0x807f_ffff | (random.next() as u32 % 28) << 23;
        }
        if bits >> 20 & 1 == 0 { (c, a, b) } else { (c, b, a) }
    })
}
