//! Comparison, minimum, maximum and integers against the golden model.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use olivine_float::{Compare, End, Extreme, Format, FromInteger, IntegerMac, ToInteger};
use olivine_golden::number;
use olivine_lang::elaborate;
use stimulus::{ROUNDINGS, Random, corners, golden_format, golden_rounding};

/// All pairs of small formats; of wider ones corners, neighbours and any.
fn pairs(format: Format) -> Vec<[u64; 2]> {
    let codes = 1u64 << format.width().min(9);
    if format.width() <= 8 {
        return (0..codes).flat_map(|a| (0..codes).map(move |b| [a, b])).collect();
    }
    let corners = corners(format);
    let mut random = Random(1);
    let mut all: Vec<[u64; 2]> = (0..50_000)
        .map(|i| {
            let a = random.float(format);
            let b = match i % 3 {
                0 => random.float(format),
                1 => a ^ 1 << (format.width() - 1),
                _ => a ^ 1 << (random.next() % u64::from(format.width())),
            };
            [a, b]
        })
        .collect();
    all.extend(corners.iter().flat_map(|&a| corners.iter().map(move |&b| [a, b])));
    all
}

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

#[test]
fn comparison() {
    for format in FORMATS {
        let mut unit = Batch::new(&elaborate(Compare { format }).unwrap());
        let f = golden_format(format);
        unit.compare(pairs(format), |[a, b]| {
            let order = number::compare(a, b, f);
            [order.less, order.equal, order.greater, order.unordered].map(u64::from)
        });
    }
}

#[test]
fn minimum_and_maximum() {
    for format in FORMATS {
        let f = golden_format(format);
        let mut unit = Batch::new(&elaborate(Extreme { format, end: End::Minimum }).unwrap());
        unit.compare(pairs(format), |[a, b]| [number::minimum(a, b, f)]);
        let mut unit = Batch::new(&elaborate(Extreme { format, end: End::Maximum }).unwrap());
        unit.compare(pairs(format), |[a, b]| [number::maximum(a, b, f)]);
    }
}

/// All pairs of int8, with sums at the ends and anywhere; modulo 2³².
#[test]
fn integer_accumulation() {
    let mut unit = Batch::new(&elaborate(IntegerMac::INT8).unwrap());
    let mut random = Random(2);
    let mut stimuli = Vec::new();
    for (a, b) in (0..256u64).flat_map(|a| (0..256).map(move |b| (a, b))) {
        let sums = [0, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, random.next() & 0xffff_ffff];
        stimuli.extend(sums.map(|c| [c, a, b]));
    }
    let count = unit.compare(stimuli, |[c, a, b]| {
        let product = i32::from(a as u8 as i8) * i32::from(b as u8 as i8);
        [u64::from((c as u32 as i32).wrapping_add(product) as u32)]
    });
    assert_eq!(count, 5 << 16);
}

/// Two's complement of `width` bits.
fn integer(bits: u64, width: u32) -> i64 {
    ((bits << (64 - width)) as i64) >> (64 - width)
}

#[test]
fn integers_to_floats() {
    for (width, to) in [
        (8, Format::BF16),
        (8, Format::E4M3),
        (8, Format::E2M1),
        (16, Format::FP16),
        (16, Format::BF16),
        (32, Format::FP32),
    ] {
        for rounding in ROUNDINGS {
            let unit = FromInteger { width, to, rounding };
            let mut unit = Batch::new(&elaborate(unit).unwrap());
            let mut random = Random(3);
            let values: Vec<[u64; 1]> = if width <= 16 {
                (0..1 << width).map(|x| [x]).collect()
            } else {
                let any = |_| [(random.next() as i32 >> (random.next() & 31)) as u32 as u64];
                let ends = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffc0];
                (0..100_000).map(any).chain(ends.map(|x| [x])).collect()
            };
            let (t, r) = (golden_format(to), golden_rounding(rounding, 0));
            unit.compare(values, |[x]| [number::from_integer(integer(x, width), t, r)]);
        }
    }
}

#[test]
fn floats_to_integers() {
    for (from, width) in [
        (Format::E4M3, 8),
        (Format::E5M2, 8),
        (Format::BF16, 8),
        (Format::FP16, 8),
        (Format::FP16, 16),
        (Format::FP32, 8),
        (Format::FP32, 32),
    ] {
        for rounding in ROUNDINGS {
            let unit = ToInteger { from, width, rounding };
            let mut unit = Batch::new(&elaborate(unit).unwrap());
            let mut random = Random(4);
            let values: Vec<[u64; 1]> = if from.width() <= 16 {
                (0..1 << from.width()).map(|x| [x]).collect()
            } else {
                let near = (0..100_000).map(|_| random.float_near(0x43ff_ffff, from, 28));
                near.chain(corners(from)).map(|x| [x]).collect()
            };
            let (f, r) = (golden_format(from), golden_rounding(rounding, 0));
            let mask = u64::MAX >> (64 - width);
            unit.compare(values, |[x]| [number::to_integer(x, f, width, r) as u64 & mask]);
        }
    }
}
