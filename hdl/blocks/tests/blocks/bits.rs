//! Encoders, one-hot numbers, shifts, checks.

use crate::common::{for_all_cycles, proved};
use crate::survivors::survivors;
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{BarrelShifter, Crc, OneHotDecoder, OneHotEncoder, PriorityEncoder, Shift};
use proptest::prelude::{Strategy, any};

#[test]
fn priority_encoder() {
    for n in [1, 2, 3, 4, 5, 8, 13, 32] {
        proved(PriorityEncoder { n });
    }
    for n in [1, 7, 40] {
        let bits = any::<u64>().prop_map(move |bits| bits >> (64 - n));
        let golden = |bits: u64| (0..u64::from(n)).find(|i| bits >> i & 1 == 1);
        for_all_cycles(
            PriorityEncoder { n },
            bits,
            || (),
            |p, (), bits| {
                p.bits.poke(bits);
                assert_eq!(p.any.peek() == 1, golden(bits).is_some());
                assert_eq!(p.index.peek(), golden(bits).unwrap_or(0));
            },
        );
    }
    let mut bench = Bench::new(PriorityEncoder { n: 6 });
    bench.run(6, |p, cycle| p.bits.poke([0, 1, 0b110, 0b100100, 0b100000, 0b111111][cycle]));
    assert_snapshot!("priority_encoder_wave", bench.port_wave());
    assert_snapshot!("priority_encoder_survivors", survivors(4, PriorityEncoder { n: 3 }));
}

#[test]
fn one_hot_decoder() {
    for n in [1, 2, 3, 4, 5, 8, 13] {
        proved(OneHotDecoder { n });
    }
    let inputs = (any::<bool>(), 0..8u32);
    let golden = |enable: bool, index: u32| if enable && index < 5 { 1 << index } else { 0 };
    for_all_cycles(
        OneHotDecoder { n: 5 },
        inputs,
        || (),
        |p, (), (enable, index)| {
            p.enable.poke(enable);
            p.index.poke(index);
            assert_eq!(p.one_hot.peek(), golden(enable, index));
        },
    );
    let mut bench = Bench::new(OneHotDecoder { n: 5 });
    bench.run(8, |p, cycle| {
        p.enable.poke(cycle != 2);
        p.index.poke(cycle);
    });
    assert_snapshot!("one_hot_decoder_wave", bench.port_wave());
    assert_snapshot!("one_hot_decoder_survivors", survivors(4, OneHotDecoder { n: 3 }));
}

#[test]
fn one_hot_encoder() {
    for n in [1, 2, 3, 4, 5, 8, 13] {
        proved(OneHotEncoder { n });
    }
    let golden = |bits: u8| {
        let ones: Vec<u64> = (0..8).filter(|i| bits >> i & 1 == 1).collect();
        (ones.len() == 1, ones.iter().fold(0, |all, i| all | i))
    };
    for_all_cycles(
        OneHotEncoder { n: 8 },
        any::<u8>(),
        || (),
        |p, (), bits| {
            p.one_hot.poke(bits);
            assert_eq!((p.is_one_hot.peek() == 1, p.index.peek()), golden(bits));
        },
    );
    let mut bench = Bench::new(OneHotEncoder { n: 5 });
    bench.run(6, |p, cycle| p.one_hot.poke([0, 1, 0b10, 0b100, 0b10000, 0b10100][cycle]));
    assert_snapshot!("one_hot_encoder_wave", bench.port_wave());
    assert_snapshot!("one_hot_encoder_survivors", survivors(4, OneHotEncoder { n: 3 }));
}

/// One place at a time, in numbers.
fn golden_shift(shift: Shift, width: u32, value: u64, amount: u64) -> u64 {
    let mask = u64::MAX >> (64 - width);
    let top = |now: u64| now >> (width - 1) & 1;
    (0..amount).fold(value, |now, _| match shift {
        Shift::Left => now << 1 & mask,
        Shift::Right => now >> 1,
        Shift::Arithmetic => now >> 1 | top(now) << (width - 1),
        Shift::RotateLeft => now << 1 & mask | top(now),
        Shift::RotateRight => now >> 1 | (now & 1) << (width - 1),
    })
}

#[test]
fn barrel_shifter() {
    for shift in Shift::ALL {
        for width in [1, 2, 5, 8, 12, 32] {
            proved(BarrelShifter { width, shift });
        }
        for width in [1u32, 8, 13] {
            let (mask, amounts) = (u64::MAX >> (64 - width), 2u64 << width.ilog2());
            let inputs = (any::<u64>(), 0..amounts);
            let module = BarrelShifter { width, shift };
            for_all_cycles(
                module,
                inputs,
                || (),
                |p, (), (value, amount)| {
                    p.value.poke(value & mask);
                    p.amount.poke(amount);
                    assert_eq!(p.shifted.peek(), golden_shift(shift, width, value & mask, amount));
                },
            );
        }
        let mut bench = Bench::new(BarrelShifter { width: 8, shift });
        bench.run(10, |p, cycle| {
            p.value.poke(0b1100_0101u8);
            p.amount.poke(cycle);
        });
        assert_snapshot!(format!("barrel_shifter_{shift:?}_wave"), bench.port_wave());
        let left = survivors(4, BarrelShifter { width: 5, shift });
        assert_snapshot!(format!("barrel_shifter_{shift:?}_survivors"), left);
    }
}

/// Published check values: those of the nine bytes `123456789`, from the catalogue of
/// parametrised CRC algorithms.
#[test]
fn crc_gives_the_published_check_values() {
    let crc64_xz = Crc {
        width: 64,
        polynomial: 0x42f0_e1eb_a9ea_3693,
        init: u64::MAX,
        xor_out: u64::MAX,
        ..Crc::CRC32
    };
    for (crc, check) in [
        (Crc::CRC32, 0xcbf4_3926),
        (Crc::CRC32C, 0xe306_9283),
        (Crc::MODBUS, 0x4b37),
        (Crc::XMODEM, 0x31c3),
        (Crc::CCITT_FALSE, 0x29b1),
        (Crc::SMBUS, 0xf4),
        (Crc::USB5, 0x19),
        (crc64_xz, 0x995d_c9bb_df19_39fa),
    ] {
        let mut bench = Bench::new(crc.clone());
        bench.run(9, |p, cycle| {
            p.start.poke(cycle == 0);
            p.enable.poke(true);
            p.word.poke(b"123456789"[cycle]);
        });
        bench.run(1, |p, _| assert_eq!(p.crc.peek(), check, "{crc:?}"));
    }
}

/// The words so far, and their check by long division of the whole message.
fn golden_crc(crc: &Crc, words: &[u64]) -> u64 {
    let bits = words.iter().flat_map(|word| {
        let bit = |i: u32| word >> if crc.reflected_in { i } else { crc.word - 1 - i } & 1;
        (0..crc.word).map(bit).collect::<Vec<_>>()
    });
    // The message, the initial value on its first bits, and a row of zeros behind it.
    let mut message: Vec<u64> = bits.chain((0..crc.width).map(|_| 0)).collect();
    for i in 0..crc.width {
        message[i as usize] ^= crc.init >> (crc.width - 1 - i) & 1;
    }
    for first in 0..message.len() - crc.width as usize {
        if message[first] == 1 {
            message[first] = 0;
            for i in 0..crc.width {
                let power = crc.polynomial >> (crc.width - 1 - i) & 1;
                message[first + 1 + i as usize] ^= power;
            }
        }
    }
    let rest = message[message.len() - crc.width as usize..].iter();
    let value = rest.clone().fold(0, |value, bit| value << 1 | bit);
    let reversed = rest.rev().fold(0, |value, bit| value << 1 | bit);
    (if crc.reflected_out { reversed } else { value }) ^ crc.xor_out
}

#[test]
fn crc() {
    let odd = Crc {
        width: 7,
        polynomial: 0x45,
        init: 0x13,
        reflected_in: true,
        reflected_out: false,
        xor_out: 0x2a,
        word: 3,
    };
    let wide = Crc { word: 32, ..Crc::CRC32 };
    let narrow = Crc { word: 4, ..Crc::XMODEM };
    for crc in [Crc::USB5, odd.clone(), Crc::SMBUS, narrow, Crc::CRC32, wide] {
        // Parities of more terms in another order are beyond the solver.
        if crc.word < 32 {
            proved(crc.clone());
        }
        let inputs = (proptest::bool::weighted(0.1), any::<bool>(), any::<u64>());
        let word_of = |word: u64| word >> (64 - crc.word);
        for_all_cycles(crc.clone(), inputs, Vec::new, |p, words, (start, enable, word)| {
            p.start.poke(start);
            p.enable.poke(enable);
            p.word.poke(word_of(word));
            assert_eq!(p.crc.peek(), golden_crc(&crc, words));
            if start {
                words.clear();
            }
            if enable {
                words.push(word_of(word));
            }
        });
    }
    let mut bench = Bench::new(Crc::SMBUS);
    bench.run(6, |p, cycle| {
        p.start.poke(cycle == 3);
        p.enable.poke(cycle != 2);
        p.word.poke(b"abcdef"[cycle]);
    });
    assert_snapshot!("crc_wave", bench.port_wave());
    assert_snapshot!(
        "crc_survivors",
        survivors(4, Crc { width: 3, polynomial: 3, init: 5, xor_out: 1, ..odd })
    );
}
