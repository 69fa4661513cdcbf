//! [`Bits`]: a two-state value of a fixed width. Bit 0 is the least significant.

use smallvec::{SmallVec, smallvec};
use std::fmt;

/// A two-state value of `width` bits (1 or more); unsigned unless an operation says otherwise.
///
/// Bits above the width are always zero, so equality and hashing are structural.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Bits {
    width: u32,
    words: SmallVec<[u64; 1]>,
}

fn word_count(width: u32) -> usize {
    (width as usize).div_ceil(64)
}

impl Bits {
    /// The low `width` bits of `value`, zero-extended if `width` is above 64.
    pub fn new(width: u32, value: u64) -> Self {
        let mut words = smallvec![0; word_count(width)];
        if let Some(first) = words.first_mut() {
            *first = value;
        }
        Self { width, words }.masked()
    }

    /// The low `width` bits of `value` in two's complement, sign-extended if `width` is above 64.
    pub fn from_i64(width: u32, value: i64) -> Self {
        let fill = if value < 0 { u64::MAX } else { 0 };
        let mut words: SmallVec<[u64; 1]> = smallvec![fill; word_count(width)];
        if let Some(first) = words.first_mut() {
            *first = value as u64;
        }
        Self { width, words }.masked()
    }

    /// From 64-bit words, least significant first; missing words are zero, surplus bits dropped.
    pub fn from_words(width: u32, source: &[u64]) -> Self {
        let words = (0..word_count(width)).map(|i| source.get(i).copied().unwrap_or(0)).collect();
        Self { width, words }.masked()
    }

    /// From single bits, least significant first.
    pub fn from_bools(bits: &[bool]) -> Self {
        let mut value = Self::zero(bits.len() as u32);
        for (i, &bit) in bits.iter().enumerate() {
            value.words[i / 64] |= u64::from(bit) << (i % 64);
        }
        value
    }

    /// All bits zero.
    pub fn zero(width: u32) -> Self {
        Self { width, words: smallvec![0; word_count(width)] }
    }

    /// All bits one.
    pub fn ones(width: u32) -> Self {
        Self { width, words: smallvec![u64::MAX; word_count(width)] }.masked()
    }

    /// One bit.
    pub fn bit_of(value: bool) -> Self {
        Self::new(1, u64::from(value))
    }

    fn masked(mut self) -> Self {
        let spare = self.words.len() as u32 * 64 - self.width;
        if spare > 0
            && let Some(last) = self.words.last_mut()
        {
            *last &= u64::MAX >> spare;
        }
        self
    }

    /// Width in bits.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// 64-bit words, least significant first.
    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Bit `index`; false at and above the width.
    pub fn bit(&self, index: u32) -> bool {
        index < self.width && self.words[index as usize / 64] >> (index % 64) & 1 == 1
    }

    /// The low 64 bits.
    pub fn low_u64(&self) -> u64 {
        self.words.first().copied().unwrap_or(0)
    }

    /// The value, if it fits 64 bits.
    pub fn to_u64(&self) -> Option<u64> {
        self.words.iter().skip(1).all(|&w| w == 0).then(|| self.low_u64())
    }

    /// The value read as two's complement, if it fits 64 bits.
    pub fn to_i64(&self) -> Option<i64> {
        let wide = self.extend_signed(self.width.max(64));
        let low = wide.low_u64() as i64;
        let fill = if low < 0 { u64::MAX } else { 0 };
        let mut high = Self::from_words(wide.width, &wide.words);
        high.words[0] = fill;
        let expected = Self { width: wide.width, words: smallvec![fill; wide.words.len()] };
        (high == expected.masked()).then_some(low)
    }

    /// True if any bit is one.
    pub fn any(&self) -> bool {
        self.words.iter().any(|&w| w != 0)
    }

    /// True if all bits are one.
    pub fn all(&self) -> bool {
        *self == Self::ones(self.width)
    }

    /// True if the number of one bits is odd.
    pub fn parity(&self) -> bool {
        self.words.iter().map(|w| w.count_ones()).sum::<u32>() % 2 == 1
    }

    /// The sign bit.
    pub fn sign(&self) -> bool {
        self.width > 0 && self.bit(self.width - 1)
    }

    fn zip(&self, other: &Self, op: impl Fn(u64, u64) -> u64) -> Self {
        debug_assert_eq!(self.width, other.width);
        let words = self.words.iter().zip(&other.words).map(|(&a, &b)| op(a, b)).collect();
        Self { width: self.width, words }.masked()
    }

    /// Each bit inverted.
    #[allow(clippy::should_implement_trait)] // named as the cell is
    pub fn not(&self) -> Self {
        Self { width: self.width, words: self.words.iter().map(|w| !w).collect() }.masked()
    }

    /// Bitwise and of two values of one width.
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    /// Bitwise or of two values of one width.
    pub fn or(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    /// Bitwise exclusive or of two values of one width.
    pub fn xor(&self, other: &Self) -> Self {
        self.zip(other, |a, b| a ^ b)
    }

    /// `self + other` modulo 2^width; one width.
    pub fn wrapping_add(&self, other: &Self) -> Self {
        self.add_with_carry(other, false)
    }

    /// `self - other` modulo 2^width; one width.
    pub fn wrapping_sub(&self, other: &Self) -> Self {
        self.add_with_carry(&other.not(), true)
    }

    fn add_with_carry(&self, other: &Self, carry: bool) -> Self {
        debug_assert_eq!(self.width, other.width);
        let mut carry = carry;
        let words = self.words.iter().zip(&other.words).map(|(&a, &b)| {
            let (sum, c1) = a.overflowing_add(b);
            let (sum, c2) = sum.overflowing_add(u64::from(carry));
            carry = c1 | c2;
            sum
        });
        let words = words.collect();
        Self { width: self.width, words }.masked()
    }

    /// The full product, as wide as both factors together; two's complement if `signed`.
    pub fn mul(&self, other: &Self, signed: bool) -> Self {
        let width = self.width + other.width;
        let extend = |v: &Self| if signed { v.extend_signed(width) } else { v.extend(width) };
        let (a, b) = (extend(self), extend(other));
        let mut words: SmallVec<[u64; 1]> = smallvec![0; a.words.len()];
        for (i, &x) in a.words.iter().enumerate() {
            let mut carry = 0u128;
            for j in 0..a.words.len() - i {
                let t = u128::from(x) * u128::from(b.words[j]) + u128::from(words[i + j]) + carry;
                words[i + j] = t as u64;
                carry = t >> 64;
            }
        }
        Self { width, words }.masked()
    }

    /// `self < other`, unsigned; one width.
    pub fn less_unsigned(&self, other: &Self) -> bool {
        debug_assert_eq!(self.width, other.width);
        self.words.iter().rev().lt(other.words.iter().rev())
    }

    /// `self < other`, two's complement; one width.
    pub fn less_signed(&self, other: &Self) -> bool {
        match (self.sign(), other.sign()) {
            (true, false) => true,
            (false, true) => false,
            _ => self.less_unsigned(other),
        }
    }

    /// Shifted towards the most significant bit by `amount`; zeros enter, the width stays.
    pub fn shift_left(&self, amount: u64) -> Self {
        let mut result = Self::zero(self.width);
        for i in 0..self.width {
            if u64::from(i) >= amount && self.bit((u64::from(i) - amount) as u32) {
                result.words[i as usize / 64] |= 1 << (i % 64);
            }
        }
        result
    }

    /// Shifted towards the least significant bit by `amount`; `fill` enters, the width stays.
    pub fn shift_right(&self, amount: u64, fill: bool) -> Self {
        let mut result = Self::zero(self.width);
        for i in 0..self.width {
            let from = u64::from(i).saturating_add(amount);
            let bit = if from < u64::from(self.width) { self.bit(from as u32) } else { fill };
            result.words[i as usize / 64] |= u64::from(bit) << (i % 64);
        }
        result
    }

    /// `width` bits from bit `low` upward; the range lies within the value.
    pub fn slice(&self, low: u32, width: u32) -> Self {
        debug_assert!(low + width <= self.width);
        let (skip, shift) = (low as usize / 64, low % 64);
        let word = |i: usize| self.words.get(i).copied().unwrap_or(0);
        let words = (0..word_count(width)).map(|i| {
            let high = if shift == 0 { 0 } else { word(skip + i + 1) << (64 - shift) };
            word(skip + i) >> shift | high
        });
        Self { width, words: words.collect() }.masked()
    }

    /// `self` in the low bits, `high` above it.
    pub fn concat(&self, high: &Self) -> Self {
        let width = self.width + high.width;
        let (skip, shift) = (self.width as usize / 64, self.width % 64);
        let mut result = Self::from_words(width, &self.words);
        for (i, &w) in high.words.iter().enumerate() {
            result.words[skip + i] |= w << shift;
            if shift > 0
                && let Some(next) = result.words.get_mut(skip + i + 1)
            {
                *next |= w >> (64 - shift);
            }
        }
        result.masked()
    }

    /// Zero-extended to `width` (not below the own width).
    pub fn extend(&self, width: u32) -> Self {
        debug_assert!(width >= self.width);
        Self::from_words(width, &self.words)
    }

    /// Sign-extended to `width` (not below the own width).
    pub fn extend_signed(&self, width: u32) -> Self {
        if self.sign() { self.not().extend(width).not() } else { self.extend(width) }
    }

    /// Parses the digits of [`fmt::LowerHex`] (no prefix) into a value of `width` bits.
    /// `None` if a digit is not hexadecimal or the value does not fit.
    pub fn parse_hex(width: u32, digits: &str) -> Option<Self> {
        let nibbles = digits.len() as u32;
        if digits.is_empty() || width == 0 {
            return None;
        }
        let mut value = Self::zero(width.max(nibbles * 4));
        for (i, c) in digits.chars().rev().enumerate() {
            value.words[i / 16] |= u64::from(c.to_digit(16)?) << (i % 16 * 4);
        }
        let fits = Self::from_words(value.width, Self::from_words(width, &value.words).words());
        (fits == value).then(|| Self::from_words(width, &value.words))
    }
}

impl fmt::LowerHex for Bits {
    /// As many digits as the width needs, no prefix.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for i in (0..self.width.div_ceil(4)).rev() {
            let nibble = self.words[i as usize / 16] >> (i % 16 * 4) & 15;
            write!(f, "{nibble:x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Bits {
    /// `8'h2a`, as Verilog writes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}'h{:x}", self.width, self)
    }
}

impl fmt::Display for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(value: u128) -> Bits {
        Bits::from_words(100, &[value as u64, (value >> 64) as u64])
    }

    #[test]
    fn arithmetic_crosses_words() {
        let a = wide(u128::from(u64::MAX));
        assert_eq!(a.wrapping_add(&wide(1)), wide(1 << 64));
        assert_eq!(wide(1 << 64).wrapping_sub(&wide(1)), a);
        assert_eq!(wide(0).wrapping_sub(&wide(1)), Bits::ones(100));
    }

    #[test]
    fn products_are_full() {
        assert_eq!(Bits::new(8, 255).mul(&Bits::new(8, 255), false), Bits::new(16, 65025));
        assert_eq!(Bits::new(8, 128).mul(&Bits::new(8, 128), true), Bits::new(16, 16384));
        assert_eq!(Bits::new(8, 128).mul(&Bits::new(8, 127), true), Bits::from_i64(16, -16256));
    }

    #[test]
    fn parts_join_again() {
        let a = Bits::from_words(100, &[0x0123_4567_89ab_cdef, 0xf_1234_5678]);
        for cut in 1..100 {
            assert_eq!(a.slice(0, cut).concat(&a.slice(cut, 100 - cut)), a, "cut at {cut}");
        }
    }

    #[test]
    fn hex_round_trips() {
        let a = Bits::from_words(70, &[0xdead_beef, 0x2a]);
        assert_eq!(Bits::parse_hex(70, &format!("{a:x}")), Some(a));
        assert_eq!(Bits::parse_hex(3, "8"), None);
        assert_eq!(Bits::parse_hex(3, "g"), None);
    }

    #[test]
    fn signs() {
        assert_eq!(Bits::from_i64(4, -3).to_i64(), Some(-3));
        assert_eq!(Bits::from_i64(100, -3).to_i64(), Some(-3));
        assert_eq!(Bits::ones(100).extend(101).to_i64(), None);
        assert!(Bits::from_i64(4, -3).less_signed(&Bits::new(4, 2)));
        assert_eq!(Bits::from_i64(4, -4).shift_right(1, true).to_i64(), Some(-2));
        assert_eq!(Bits::new(4, 3).shift_left(2), Bits::new(4, 12));
    }
}
