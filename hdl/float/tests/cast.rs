//! Casts against the golden model.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use olivine_float::{Cast, Format, Overflow, Rounding};
use olivine_golden::number;
use olivine_lang::elaborate;
use stimulus::{ROUNDINGS, Random, corners, golden_format, golden_rounding};

const FORMATS: [Format; 9] = [
    Format::FP32,
    Format::TF32,
    Format::BF16,
    Format::FP16,
    Format::E5M2,
    Format::E4M3,
    Format::E3M2,
    Format::E2M3,
    Format::E2M1,
];

const OVERFLOWS: [(Overflow, number::Overflow); 2] = [
    (Overflow::Special, number::Overflow::Special),
    (Overflow::Saturate, number::Overflow::Saturate),
];

fn compare(
    from: Format,
    to: Format,
    rounding: Rounding,
    overflow: (Overflow, number::Overflow),
    values: impl IntoIterator<Item = u64>,
) -> u64 {
    let unit = Cast::new(from, to).rounding(rounding).overflow(overflow.0);
    let mut batch = Batch::<1, 1>::new(&elaborate(unit).unwrap());
    let (f, t, r) = (golden_format(from), golden_format(to), golden_rounding(rounding, 0));
    let golden = |[x]: [u64; 1]| [number::cast(x, f, t, r, overflow.1)];
    batch.compare(values.into_iter().map(|x| [x]), golden)
}

/// Every number of every format of up to 8 bits, to all formats, in all roundings.
#[test]
fn every_number_of_up_to_8_bits() {
    let mut shown = 0;
    for from in FORMATS.into_iter().filter(|f| f.width() <= 8) {
        for to in FORMATS {
            for (rounding, overflow) in
                ROUNDINGS.map(|r| (r, OVERFLOWS)).into_iter().flat_map(|(r, o)| o.map(|o| (r, o)))
            {
                shown += compare(from, to, rounding, overflow, 0..1 << from.width());
            }
        }
    }
    assert_eq!(shown, 10 * 9 * (256 + 256 + 64 + 64 + 16));
}

/// Every number of the formats of 16 bits, to all formats, in the roundings that chips use.
#[test]
fn every_number_of_16_bits() {
    let mut shown = 0;
    for from in [Format::BF16, Format::FP16] {
        for to in FORMATS {
            for overflow in OVERFLOWS {
                shown += compare(from, to, Rounding::NearestEven, overflow, 0..1 << 16);
            }
        }
    }
    assert_eq!(shown, (2 * 9 * 2) << 16);
}

/// The directed roundings of 16 bits to 8.
#[test]
fn directed_roundings_of_16_bits() {
    for from in [Format::BF16, Format::FP16] {
        for to in [Format::E4M3, Format::E5M2, Format::E2M1] {
            for rounding in &ROUNDINGS[1..] {
                assert_eq!(compare(from, to, *rounding, OVERFLOWS[0], 0..1 << 16), 1 << 16);
            }
        }
    }
}

/// fp32 and TF32: corners, and random numbers near the ends of the target's range.
#[test]
fn wide_formats() {
    for from in [Format::FP32, Format::TF32] {
        for to in FORMATS {
            for rounding in ROUNDINGS {
                let mut random = Random(1);
                let one = 127 << from.mantissa;
                let spread = 1 << (to.exponent - 1).min(6);
                let near = |_| random.float_near(one, from, spread + to.mantissa as u64 + 3);
                let mut values: Vec<u64> = (0..6_000).map(near).collect();
                values.extend((0..4_000).map(|_| random.float(from)));
                values.extend(corners(from));
                compare(from, to, rounding, OVERFLOWS[0], values);
            }
        }
    }
}

/// fp32 to bf16: around every bf16, all ways to cut.
#[test]
fn single_to_bfloat16_at_every_boundary() {
    let lows = [0u64, 1, 0x7fff, 0x8000, 0x8001, 0xffff];
    for rounding in ROUNDINGS {
        let values = (0..1u64 << 16).flat_map(|high| lows.map(|low| high << 16 | low));
        let shown = compare(Format::FP32, Format::BF16, rounding, OVERFLOWS[0], values);
        assert_eq!(shown, 6 << 16);
    }
}

fn stochastic(
    (from, to): (Format, Format),
    bits: u32,
    stimuli: impl IntoIterator<Item = [u64; 2]>,
) -> u64 {
    let unit = Cast::new(from, to).rounding(Rounding::Stochastic { bits });
    let mut batch = Batch::<2, 1>::new(&elaborate(unit).unwrap());
    let (f, t) = (golden_format(from), golden_format(to));
    batch.compare(stimuli, |[x, random]| {
        let rounding = number::Rounding::Stochastic { bits, random };
        [number::cast(x, f, t, rounding, number::Overflow::Special)]
    })
}

/// Every bf16 to 8 bits with every random number of 6 bits, every binary16 with those of 5.
#[test]
fn stochastic_rounding_with_every_random_number() {
    let all = |bits: u32| (0..1u64 << 16).flat_map(move |x| (0..1 << bits).map(move |r| [x, r]));
    assert_eq!(stochastic((Format::BF16, Format::E5M2), 5, all(5)), 1 << 21);
    assert_eq!(stochastic((Format::FP16, Format::E4M3), 5, all(5)), 1 << 21);
}

/// fp32 to bf16 with 16 random bits: random ones, and around where the decision turns.
#[test]
fn stochastic_rounding_of_single() {
    let mut random = Random(2);
    let turning = (0..300_000).map(|_| {
        let x = random.float(Format::FP32);
        let d = x & 0xffff;
        let r = match random.next() & 3 {
            0 => (1 << 16) - d,
            1 => ((1 << 16) - d).wrapping_sub(1),
            _ => random.next(),
        };
        [x, r & 0xffff]
    });
    let turning: Vec<[u64; 2]> = turning.collect();
    for to in [Format::BF16, Format::TF32, Format::E4M3, Format::FP16] {
        assert_eq!(stochastic((Format::FP32, to), 16, turning.iter().copied()), 300_000);
    }
}
