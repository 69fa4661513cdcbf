//! Random numbers: periods by number theory, known answers, and the plain shift register.

use olivine_golden::random::{Polynomial, lfsr, threefry};

/// The polynomials that the hardware offers, with the prime factors of 2^degree − 1.
fn polynomials() -> [(Polynomial, Vec<u64>); 4] {
    [
        (Polynomial::of(&[8, 6, 5, 4, 0]), vec![3, 5, 17]),
        (Polynomial::of(&[16, 15, 13, 4, 0]), vec![3, 5, 17, 257]),
        (Polynomial::of(&[32, 22, 2, 1, 0]), vec![3, 5, 17, 257, 65537]),
        (Polynomial::of(&[64, 63, 61, 60, 0]), vec![3, 5, 17, 257, 641, 65537, 6_700_417]),
    ]
}

/// `x` has the order 2^degree − 1: from any seed but zero the register visits all states but zero.
#[test]
fn periods_are_maximal() {
    for (polynomial, primes) in polynomials() {
        let all = u64::MAX >> (64 - polynomial.degree);
        let mut rest = all;
        for prime in &primes {
            while rest.is_multiple_of(*prime) {
                rest /= prime;
            }
        }
        assert_eq!(rest, 1, "all prime factors of {all}");
        assert_eq!(polynomial.power_of_x(all), 1);
        for prime in primes {
            assert_ne!(polynomial.power_of_x(all / prime), 1, "{polynomial:?} / {prime}");
        }
    }
}

#[test]
fn the_formula_is_the_shift_register() {
    for (polynomial, _) in polynomials() {
        let mut state = 0x9e37_79b9_7f4a_7c15 & u64::MAX >> (64 - polynomial.degree);
        let seed = state;
        for step in 0..1_000 {
            assert_eq!(lfsr(polynomial, seed, step), state, "{polynomial:?} after {step}");
            let carry = state >> (polynomial.degree - 1) & 1;
            let shifted = state << 1 & u64::MAX >> (64 - polynomial.degree);
            state = shifted ^ if carry == 1 { polynomial.low } else { 0 };
        }
    }
    assert_eq!(lfsr(polynomials()[0].0, 0, 0), 1);
}

/// The known answers that the authors of Threefry publish for 20 rounds.
#[test]
fn threefry_known_answers() {
    let ones = [u32::MAX; 2];
    assert_eq!(threefry([0, 0], [0, 0], 20), [0x6b20_0159, 0x99ba_4efe]);
    assert_eq!(threefry(ones, ones, 20), [0x1cb9_96fc, 0xbb00_2be7]);
    let (counter, key) = ([0x243f_6a88, 0x85a3_08d3], [0x1319_8a2e, 0x0370_7344]);
    assert_eq!(threefry(key, counter, 20), [0xc492_3a9c, 0x483d_f7a0]);
}

/// Of 13 rounds, the fewest that pass the usual test suites: each bit is set about half of the time,
/// and changes half of the time when one bit of counter or key does.
#[test]
fn threefry_mixes() {
    const COUNT: u32 = 20_000;
    let word = |x: [u32; 2]| u64::from(x[0]) | u64::from(x[1]) << 32;
    let mut ones = [0u32; 64];
    let mut changes = [0u32; 64];
    for i in 0..COUNT {
        let (key, counter) = ([7, i / 100], [3, i]);
        let x = word(threefry(key, counter, 13));
        let flip = |at: u32, w: [u32; 2], from: u32| {
            let bit = (at.wrapping_sub(from)) as usize;
            let mut w = w;
            if bit < 64 {
                w[bit / 32] ^= 1 << (bit % 32);
            }
            w
        };
        let y = word(threefry(flip(i % 128, key, 0), flip(i % 128, counter, 64), 13));
        for bit in 0..64 {
            ones[bit] += (x >> bit & 1) as u32;
            changes[bit] += ((x ^ y) >> bit & 1) as u32;
        }
    }
    // Five standard deviations of a fair coin.
    let fair = |count: u32| count.abs_diff(COUNT / 2) < 354;
    assert!(ones.into_iter().chain(changes).all(fair), "{ones:?} {changes:?}");
}
