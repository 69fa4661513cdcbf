//! Random numbers as functions: of a seed and a count of steps, or of a counter and a key.

/// A primitive polynomial over two elements, as a linear feedback shift register uses it: the powers
/// below the highest, as bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polynomial {
    /// The highest power.
    pub degree: u32,
    /// The other powers.
    pub low: u64,
}

impl Polynomial {
    /// The polynomial with these powers, the highest first.
    pub fn of(powers: &[u32]) -> Self {
        let low = powers[1..].iter().fold(0, |low, power| low | 1 << power);
        Self { degree: powers[0], low }
    }

    /// `a · b` modulo the polynomial.
    pub fn multiply(self, a: u64, b: u64) -> u64 {
        let mut product =
            (0..64).filter(|i| b >> i & 1 == 1).fold(0, |sum, i| sum ^ u128::from(a) << i);
        let whole = u128::from(self.low) | 1 << self.degree;
        for power in (self.degree..128).rev().filter(|power| *power < 127) {
            if product >> power & 1 == 1 {
                product ^= whole << (power - self.degree);
            }
        }
        product as u64
    }

    /// `x^exponent` modulo the polynomial.
    pub fn power_of_x(self, exponent: u64) -> u64 {
        let square = |x: u64| self.multiply(x, x);
        (0..64).rev().fold(1, |power, i| {
            let squared = square(power);
            if exponent >> i & 1 == 1 { self.multiply(squared, 2) } else { squared }
        })
    }
}

/// The state of a Galois register after so many steps: `seed · x^steps`; a seed of zero counts as 1.
pub fn lfsr(polynomial: Polynomial, seed: u64, steps: u64) -> u64 {
    polynomial.multiply(seed.max(1), polynomial.power_of_x(steps))
}

/// Threefry-2x32 (Salmon, Moraes, Dror, Shaw: *Parallel random numbers: as easy as 1, 2, 3*, 2011):
/// 64 random bits for each counter, by key.
pub fn threefry(key: [u32; 2], counter: [u32; 2], rounds: u32) -> [u32; 2] {
    const ROTATIONS: [u32; 8] = [13, 15, 26, 6, 17, 29, 16, 24];
    let keys = [key[0], key[1], key[0] ^ key[1] ^ 0x1bd1_1bda];
    let mut x = [counter[0].wrapping_add(keys[0]), counter[1].wrapping_add(keys[1])];
    for round in 0..rounds {
        x[0] = x[0].wrapping_add(x[1]);
        x[1] = x[1].rotate_left(ROTATIONS[round as usize % 8]) ^ x[0];
        if round % 4 == 3 {
            let injection = round / 4 + 1;
            x[0] = x[0].wrapping_add(keys[injection as usize % 3]);
            x[1] = x[1].wrapping_add(keys[(injection as usize + 1) % 3]).wrapping_add(injection);
        }
    }
    x
}
