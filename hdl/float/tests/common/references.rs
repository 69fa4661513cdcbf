//! What Berkeley SoftFloat and LLVM's APFloat say of sums and products of fp32, and numbers of
//! TestFloat's kind to ask them about.
#![allow(dead_code)] // The tests take what they need of it.

use crate::stimulus::Random;
use olivine_float::{Format, Rounding};
use rustc_apfloat::ieee::{Quad, Single};
use rustc_apfloat::{Float as _, FloatConvert, Round};
use softfloat_wrapper::{ExceptionFlags, F32, Float as _, RoundingMode};
use std::collections::BTreeSet;

/// A library that both the units and the golden models have nothing to do with.
#[derive(Clone, Copy, Debug)]
pub enum Reference {
    /// Berkeley SoftFloat 3.
    SoftFloat,
    /// LLVM's, in Rust.
    ApFloat,
}

/// The one NaN of fp32.
const NAN: u64 = 0x7fc0_0000;
const SIGN: u64 = 1 << 31;

fn soft_mode(rounding: Rounding) -> RoundingMode {
    match rounding {
        Rounding::NearestAway => RoundingMode::TiesToAway,
        Rounding::TowardZero => RoundingMode::TowardZero,
        Rounding::Up => RoundingMode::TowardPositive,
        Rounding::Down => RoundingMode::TowardNegative,
        Rounding::NearestEven | Rounding::Stochastic { .. } => RoundingMode::TiesToEven,
    }
}

fn ap_mode(rounding: Rounding) -> Round {
    match rounding {
        Rounding::NearestAway => Round::NearestTiesToAway,
        Rounding::TowardZero => Round::TowardZero,
        Rounding::Up => Round::TowardPositive,
        Rounding::Down => Round::TowardNegative,
        Rounding::NearestEven | Rounding::Stochastic { .. } => Round::NearestTiesToEven,
    }
}

fn soft(bits: u64) -> F32 {
    F32::from_bits(bits as u32)
}

fn soft_code(x: F32) -> u64 {
    if x.is_nan() { NAN } else { x.to_bits().into() }
}

fn ap(bits: u64) -> Single {
    Single::from_bits(bits.into())
}

fn ap_code(x: Single) -> u64 {
    if x.is_nan() { NAN } else { x.to_bits() as u64 }
}

/// A subnormal number as zero.
fn flushed(bits: u64) -> u64 {
    if bits & 0x7f80_0000 == 0 { bits & SIGN } else { bits }
}

impl Reference {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::SoftFloat, Self::ApFloat];

    /// For the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SoftFloat => "SoftFloat",
            Self::ApFloat => "APFloat",
        }
    }

    /// a + b in fp32.
    pub fn add(self, [a, b]: [u64; 2], rounding: Rounding) -> u64 {
        match self {
            Self::SoftFloat => soft_code(soft(a).add(soft(b), soft_mode(rounding))),
            Self::ApFloat => ap_code(ap(a).add_r(ap(b), ap_mode(rounding)).value),
        }
    }

    /// a · b in fp32.
    pub fn multiply(self, [a, b]: [u64; 2], rounding: Rounding) -> u64 {
        match self {
            Self::SoftFloat => soft_code(soft(a).mul(soft(b), soft_mode(rounding))),
            Self::ApFloat => ap_code(ap(a).mul_r(ap(b), ap_mode(rounding)).value),
        }
    }

    /// a / b in fp32.
    pub fn divide(self, [a, b]: [u64; 2], rounding: Rounding) -> u64 {
        match self {
            Self::SoftFloat => soft_code(soft(a).div(soft(b), soft_mode(rounding))),
            Self::ApFloat => ap_code(ap(a).div_r(ap(b), ap_mode(rounding)).value),
        }
    }

    /// c + a · b in fp32, rounded once.
    pub fn fused(self, [c, a, b]: [u64; 3], rounding: Rounding) -> u64 {
        match self {
            Self::SoftFloat => {
                soft_code(soft(a).fused_mul_add(soft(b), soft(c), soft_mode(rounding)))
            }
            Self::ApFloat => ap_code(ap(a).mul_add_r(ap(b), ap(c), ap_mode(rounding)).value),
        }
    }

    /// c + a · b of fp32 and bf16 by the rules of the accumulation: subnormal operands are zeros,
    /// and what is tiny after rounding is one.
    pub fn accumulate(self, [c, a, b]: [u64; 3]) -> u64 {
        let operands = [c, a << 16, b << 16].map(flushed);
        match self {
            Self::SoftFloat => soft_accumulate(operands),
            Self::ApFloat => ap_accumulate(operands),
        }
    }
}

/// SoftFloat detects tininess after rounding to 24 bits with unbounded exponent.
fn soft_accumulate(operands: [u64; 3]) -> u64 {
    let [c, a, b] = operands.map(soft);
    ExceptionFlags::default().set();
    let result = a.fused_mul_add(b, c, RoundingMode::TiesToEven);
    let mut flags = ExceptionFlags::default();
    flags.get();
    let tiny = flags.is_underflow() || result.is_subnormal();
    let code = soft_code(result);
    if tiny { code & SIGN } else { code }
}

/// In 113 bits the sum is exact, or the lesser term is too small to count in 24. Tininess shows in
/// the sum that was raised far enough for it not to underflow.
fn ap_accumulate(operands: [u64; 3]) -> u64 {
    let [c, a, b] = operands.map(|bits| -> Quad { ap(bits).convert(&mut false).value });
    let sum = a.mul_add(b, c).value;
    let rounded: Single = sum.convert(&mut false).value;
    if sum.is_nan() || sum.is_infinite() || sum.ilogb() >= 0 {
        return ap_code(rounded);
    }
    let raised: Single = sum.scalbn(64).convert(&mut false).value;
    let least = Single::from_bits((127 - 62) << 23);
    let tiny = raised.abs() < least;
    if tiny { ap_code(rounded) & SIGN } else { ap_code(rounded) }
}

/// Special exponents with patterned significands, of both signs: exponents at both ends, near one,
/// and a significand's width from these; significands of a one alone, of ones from either end, and of
/// alternating bits.
pub fn patterns(format: Format) -> Vec<u64> {
    let (m, top) = (i64::from(format.mantissa), (1i64 << format.exponent) - 1);
    let one = top / 2;
    let at_ends = [0, 1, 2, m, m + 1, top - m - 2, top - m, top - 3, top - 2, top - 1, top];
    let below_one = [one - m - 1, one - m, one - 2, one - 1];
    let from_one = [one, one + 1, one + 2, one + m - 1, one + m, one + m + 1];
    let ends = [&at_ends[..], &below_one, &from_one].concat();
    let exponents = ends.into_iter().filter(|exponent| (0..=top).contains(exponent));
    let exponents: BTreeSet<u64> = exponents.map(|exponent| exponent as u64).collect();
    let ones = (1u64 << m) - 1;
    let moved = (0..m).flat_map(|k| [1 << k, ones >> k, ones << k & ones]);
    let others = [0, 0x5555_5555 & ones, 0xaaaa_aaaa & ones];
    let significands: BTreeSet<u64> = moved.chain(others).collect();
    let magnitudes = exponents.iter().flat_map(|e| significands.iter().map(move |s| e << m | s));
    magnitudes.flat_map(|code| [code, code | 1 << (format.width() - 1)]).collect()
}

/// All pairs of [`patterns`], in an order that leaps about.
pub struct Pairs {
    patterns: Vec<u64>,
}

/// Coprime to the number of pairs, which has small factors alone.
const LEAP: u64 = 2_654_435_761;

impl Pairs {
    /// Of this format.
    pub fn new(format: Format) -> Self {
        Self { patterns: patterns(format) }
    }

    /// How many.
    pub fn count(&self) -> u64 {
        (self.patterns.len() as u64).pow(2)
    }

    /// One of them; each comes once while `i` is below [`Pairs::count`].
    pub fn at(&self, i: u64) -> [u64; 2] {
        let all = self.patterns.len() as u64;
        let pair = (u128::from(i) * u128::from(LEAP) % u128::from(self.count())) as u64;
        [pair / all, pair % all].map(|at| self.patterns[at as usize])
    }
}

/// An addend for a product: near it, all but opposite, or a pattern.
pub fn addend(random: &mut Random, i: u64, product: u64, patterns: &[u64]) -> u64 {
    match i % 3 {
        0 => random.float_near(product, Format::FP32, 30),
        1 => (product ^ SIGN) ^ (random.next() & 3),
        _ => patterns[random.next() as usize % patterns.len()],
    }
}
