//! [`Crc`].

use olivine_lang::prelude::*;

/// A cyclic redundancy check over words, a word a cycle.
///
/// ```text
///            +-----+
///   start -->|     |
///  enable -->| Crc |--> crc
///    word -->|     |
///            +-----+
/// ```
///
/// *Parameters*: those of the Rocksoft model: `width` of the check (1 to 64), `polynomial` without
/// its highest power, `init`, whether words are `reflected_in` (their lowest bit first) and the
/// check is `reflected_out`, what is `xor_out` at last; and `word`, the bits of a word (1 to 64).
/// [`Crc::CRC32`] and others are the usual ones.
///
/// *Ports*: see [`CrcPorts`].
///
/// *Behaviour*: the remainder of the words so far, divided by the polynomial. `start` begins anew,
/// with the word of the same cycle if it is enabled.
///
/// *Timing*: `crc` belongs to the words before this cycle. A word is one level of parities, each of
/// at most `width + word` bits, whatever the number of its bits.
///
/// *Reset*: as `start`.
///
/// *Undefined*: nothing.
///
/// *Verification*: proved for checks of up to 16 bits and for CRC-32 by bytes that the parities,
/// found at elaboration, are the division bit by bit; for wider ones, long division on random
/// words; the published check values of the usual parameters.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::Crc;
///
/// let mut bench = Bench::new(Crc::CRC32);
/// bench.run(9, |p, cycle| {
///     p.start.poke(cycle == 0);
///     p.enable.poke(true);
///     p.word.poke(b"123456789"[cycle]);
/// });
/// bench.run(1, |p, _| assert_eq!(p.crc.peek(), 0xcbf4_3926));
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Crc {
    /// Bits of the check.
    pub width: u32,
    /// The polynomial's lower powers.
    pub polynomial: u64,
    /// The remainder to begin with.
    pub init: u64,
    /// The lowest bit of a word comes first, not the highest.
    pub reflected_in: bool,
    /// The check is given with its bits in the opposite order.
    pub reflected_out: bool,
    /// What the check is combined with at last.
    pub xor_out: u64,
    /// Bits of a word.
    pub word: u32,
}

/// The ports of [`Crc`].
#[derive(Ports)]
pub struct CrcPorts {
    /// Begins anew.
    pub start: In<Bit>,
    /// There is a word.
    pub enable: In<Bit>,
    /// The word.
    pub word: In<Unsigned>,
    /// The check of the words so far.
    pub crc: Out<Unsigned>,
}

impl Crc {
    /// CRC-32 of Ethernet, zip and PNG (CRC-32/ISO-HDLC).
    pub const CRC32: Self = Self::reflected(32, 0x04c1_1db7, 0xffff_ffff, 0xffff_ffff);
    /// CRC-32C of iSCSI (CRC-32/ISCSI).
    pub const CRC32C: Self = Self::reflected(32, 0x1edc_6f41, 0xffff_ffff, 0xffff_ffff);
    /// CRC-16 of Modbus (CRC-16/MODBUS).
    pub const MODBUS: Self = Self::reflected(16, 0x8005, 0xffff, 0);
    /// CRC-16 of XMODEM (CRC-16/XMODEM).
    pub const XMODEM: Self = Self::plain(16, 0x1021, 0);
    /// CRC-16 with an initial value of ones (CRC-16/IBM-3740, also called CCITT-FALSE).
    pub const CCITT_FALSE: Self = Self::plain(16, 0x1021, 0xffff);
    /// CRC-8 of SMBus (CRC-8/SMBUS).
    pub const SMBUS: Self = Self::plain(8, 0x07, 0);
    /// CRC-5 of USB (CRC-5/USB).
    pub const USB5: Self = Self::reflected(5, 0x05, 0x1f, 0x1f);

    const fn reflected(width: u32, polynomial: u64, init: u64, xor_out: u64) -> Self {
        Self { width, polynomial, init, reflected_in: true, reflected_out: true, xor_out, word: 8 }
    }

    const fn plain(width: u32, polynomial: u64, init: u64) -> Self {
        let (reflected_in, reflected_out) = (false, false);
        Self { width, polynomial, init, reflected_in, reflected_out, xor_out: 0, word: 8 }
    }

    /// The remainder after one more bit, in numbers.
    fn step(&self, remainder: u64, bit: u64) -> u64 {
        let carry = remainder >> (self.width - 1) & 1 ^ bit;
        let mask = u64::MAX >> (64 - self.width);
        (remainder << 1 & mask) ^ if carry == 1 { self.polynomial } else { 0 }
    }

    /// The remainder and a word, added with the bits that come first on top of each other. They
    /// meet in the division only so: what one does to the rest, the other does as well.
    #[track_caller]
    fn added(&self, remainder: Unsigned, word: &[Bit]) -> Vec<Bit> {
        let mut bits = remainder.bits();
        bits.reverse();
        for (i, bit) in word.iter().enumerate() {
            match bits.get_mut(i) {
                Some(known) => *known = *known ^ *bit,
                None => bits.push(*bit),
            }
        }
        bits
    }

    /// What the remainder becomes after a word, for each bit of [`Self::added`] that is one alone.
    /// The division is linear, so that these say everything.
    fn columns(&self) -> Vec<u64> {
        let after = |start: u64, one: Option<u32>| {
            (0..self.word).fold(start, |now, i| self.step(now, u64::from(one == Some(i))))
        };
        let column = |i: u32| match self.width.checked_sub(i + 1) {
            Some(place) => after(1 << place, None),
            None => after(0, Some(i)),
        };
        (0..self.width.max(self.word)).map(column).collect()
    }

    /// The remainder after a word, whose bits are in the order in which they come.
    #[track_caller]
    fn next(&self, remainder: Unsigned, word: &[Bit]) -> Unsigned {
        let (columns, bits) = (self.columns(), self.added(remainder, word));
        let parity = |row: u32| {
            let pairs = columns.iter().zip(&bits);
            let chosen = pairs.filter(|(column, _)| *column >> row & 1 == 1).map(|(_, bit)| *bit);
            chosen.reduce(|a, b| a ^ b).unwrap_or_else(|| constant(bit(), false))
        };
        cat((0..self.width).map(parity).collect::<Vec<Bit>>())
    }

    /// The bits of a word in the order in which they come.
    #[track_caller]
    fn in_order(&self, word: Unsigned) -> Vec<Bit> {
        let mut bits = word.bits();
        if !self.reflected_in {
            bits.reverse();
        }
        bits
    }

    /// What a check says of the remainder.
    #[track_caller]
    fn remainder_of(&self, crc: Unsigned) -> Unsigned {
        let inverted = |i: usize| self.xor_out >> i & 1 == 1;
        let bits = crc.bits().into_iter().enumerate();
        let mut bits: Vec<Bit> =
            bits.map(|(i, bit)| if inverted(i) { !bit } else { bit }).collect();
        if self.reflected_out {
            bits.reverse();
        }
        cat(bits)
    }

    /// The same, bit by bit.
    #[track_caller]
    fn divided(&self, remainder: Unsigned, word: &[Bit]) -> Unsigned {
        let polynomial = constant(remainder.shape(), Bits::new(self.width, self.polynomial));
        word.iter().fold(remainder, |now, bit| {
            let over = now.top_bit() ^ *bit;
            now.shift_left(1) ^ mux(over, polynomial, 0)
        })
    }
}

impl Module for Crc {
    type Ports = CrcPorts;

    fn check(&self) -> Result<(), String> {
        if !(1..=64).contains(&self.width) || !(1..=64).contains(&self.word) {
            let (width, word) = (self.width, self.word);
            return Err(format!(
                "a check of {width} bits of words of {word}: both must be 1 to 64"
            ));
        }
        let over = |value: u64| self.width < 64 && value >> self.width != 0;
        let all = [("polynomial", self.polynomial), ("init", self.init), ("xor_out", self.xor_out)];
        match all.into_iter().find(|(_, value)| over(*value)) {
            Some((name, value)) => Err(format!(
                "`{name}` = {value:#x} has more than the {} bits of the check",
                self.width
            )),
            None => Ok(()),
        }
    }

    fn ports(&self) -> CrcPorts {
        CrcPorts {
            start: bit(),
            enable: bit(),
            word: unsigned(self.word),
            crc: unsigned(self.width),
        }
    }

    #[named]
    fn build(&self, p: CrcPorts) {
        let number = |value| Bits::new(self.width, value);
        let init = constant(p.crc.shape(), number(self.init));
        let remainder = reg(p.crc.shape()).reset(init);
        let word = self.in_order(p.word);
        let begin = mux(p.start, init, remainder);
        when(p.start, || remainder.set(init));
        when(p.enable, || remainder.set(self.next(begin, &word)));
        let out = if self.reflected_out { remainder.reversed() } else { remainder };
        p.crc.drive(out ^ number(self.xor_out));

        let shown = self.remainder_of(p.crc);
        let begin = mux(p.start, init, shown);
        let next = mux(p.enable, self.divided(begin, &self.in_order(p.word)), begin);
        let expected = past(next);
        // Bit by bit, as each is a question of its own to the solver.
        for (i, (bit, due)) in shown.bits().into_iter().zip(expected.bits()).enumerate() {
            when(past_valid(), || {
                always(format!("each word is divided bit by bit: bit {i}"), bit.eq(due));
            });
        }
        when(!past_valid(), || always("it begins with its initial value", shown.eq(init)));
        cover("a word is added", past_valid() & past(p.enable & !p.start));
    }
}
