//! Random numbers.

use olivine_netlist::Bits;

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform bits; in every fourth value few ones or few zeros, which finds corners.
    pub fn bits(&mut self, width: u32) -> Bits {
        let mut uniform = || {
            let words: Vec<u64> = (0..width.div_ceil(64)).map(|_| self.next()).collect();
            Bits::from_words(width, &words)
        };
        let (a, b, c) = (uniform(), uniform(), uniform());
        match self.next() % 8 {
            0 => a.and(&b).and(&c),
            1 => a.or(&b).or(&c),
            _ => a,
        }
    }
}
