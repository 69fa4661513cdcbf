//! Stimulus for floats: corners and random ones.
//!
//! Each test takes what it needs of it.
#![allow(dead_code)]

use olivine_float::{Element, Format, Rounding};
use olivine_golden::number;

/// SplitMix64.
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A float: a special exponent, one near that of 1, or any; a patterned mantissa, or any.
    pub fn float(&mut self, format: Format) -> u64 {
        let bits = self.next();
        let exponents = 1u64 << format.exponent;
        let exponent = match bits & 7 {
            0 | 1 => [0, 1, exponents - 2, exponents - 1][(bits >> 3 & 3) as usize],
            2..5 => (exponents / 2).saturating_sub(4) + (bits >> 3 & 7),
            _ => bits >> 3,
        };
        let pattern = match bits >> 20 & 3 {
            0 => 0,
            1 => u64::MAX << (bits >> 22 & 31),
            2 => 1 << (bits >> 22 & 31),
            _ => bits >> 32,
        };
        let mantissa = pattern & ((1 << format.mantissa) - 1);
        let exponent = exponent & (exponents - 1);
        (bits >> 19 & 1) << (format.width() - 1) | exponent << format.mantissa | mantissa
    }

    /// A special or middle exponent, a patterned mantissa, either sign: one of [`corners`].
    pub fn corner(&mut self, format: Format) -> u64 {
        let bits = self.next();
        let top = (1u64 << format.exponent) - 1;
        let exponents = [0, 1, 2, top / 2 - 1, top / 2, top / 2 + 1, top - 2, top - 1, top];
        let ones = (1u64 << format.mantissa) - 1;
        let mantissas = [0, 1, ones >> 1, (ones >> 1) + 1, 0x55_5555 & ones, ones];
        let exponent = exponents[(bits >> 1) as usize % exponents.len()];
        let mantissa = mantissas[(bits >> 33) as usize % mantissas.len()];
        (bits & 1) << (format.width() - 1) | exponent << format.mantissa | mantissa
    }

    /// A float whose exponent is at most `spread` from that of `near`, if there is one.
    pub fn float_near(&mut self, near: u64, format: Format, spread: u64) -> u64 {
        let exponents = (1u64 << format.exponent) - 1;
        let middle = near >> format.mantissa & exponents;
        let exponent = (middle + self.next() % (2 * spread + 1)).saturating_sub(spread);
        let other = self.float(format) & !(exponents << format.mantissa);
        other | exponent.min(exponents) << format.mantissa
    }
}

/// Every corner: special and middle exponents, patterned mantissas, both signs.
pub fn corners(format: Format) -> Vec<u64> {
    let (top, m) = ((1u64 << format.exponent) - 1, format.mantissa);
    let mut exponents = vec![0, 1, 2, top / 2 - 1, top / 2, top / 2 + 1, top - 2, top - 1, top];
    exponents.retain(|e| *e <= top);
    exponents.sort_unstable();
    exponents.dedup();
    let ones = (1u64 << m) - 1;
    let mut mantissas = vec![0, 1, ones >> 1, (ones >> 1) + 1, 0x55_5555 & ones, ones];
    mantissas.sort_unstable();
    mantissas.dedup();
    let magnitudes = exponents.iter().flat_map(|e| mantissas.iter().map(move |f| e << m | f));
    magnitudes.flat_map(|code| [code, code | 1 << (format.width() - 1)]).collect()
}

/// The golden model's name for a format.
pub fn golden_format(format: Format) -> number::Format {
    let specials = match format.specials {
        olivine_float::Specials::Ieee => number::Specials::Ieee,
        olivine_float::Specials::NanOnly => number::Specials::NanOnly,
        olivine_float::Specials::Numbers => number::Specials::Numbers,
    };
    number::Format { exponent: format.exponent, mantissa: format.mantissa, specials }
}

/// The golden model's name for a rounding.
pub fn golden_rounding(rounding: Rounding, random: u64) -> number::Rounding {
    match rounding {
        Rounding::NearestEven => number::Rounding::NearestEven,
        Rounding::NearestAway => number::Rounding::NearestAway,
        Rounding::TowardZero => number::Rounding::TowardZero,
        Rounding::Up => number::Rounding::Up,
        Rounding::Down => number::Rounding::Down,
        Rounding::Stochastic { bits } => number::Rounding::Stochastic { bits, random },
    }
}

/// The golden model's name for an element.
pub fn golden_element(element: Element) -> number::Element {
    match element {
        Element::Float(format) => number::Element::Float(golden_format(format)),
        Element::Int8 => number::Element::Int8,
    }
}

/// What blocks can be made of.
pub const ELEMENTS: [Element; 6] = [
    Element::Float(Format::E5M2),
    Element::Float(Format::E4M3),
    Element::Float(Format::E3M2),
    Element::Float(Format::E2M3),
    Element::Float(Format::E2M1),
    Element::Int8,
];

/// The roundings that need no random number.
pub const ROUNDINGS: [Rounding; 5] = [
    Rounding::NearestEven,
    Rounding::NearestAway,
    Rounding::TowardZero,
    Rounding::Up,
    Rounding::Down,
];
