//! Sums, products and fused sums against the golden model.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use olivine_float::{Add, Fma, Format, Rounding, Times};
use olivine_golden::number;
use olivine_lang::elaborate;
use stimulus::{ROUNDINGS, Random, corners, golden_format, golden_rounding};

fn add(format: Format, rounding: Rounding, stimuli: impl IntoIterator<Item = [u64; 2]>) -> u64 {
    let mut batch = Batch::new(&elaborate(Add { format, rounding }).unwrap());
    let (f, r) = (golden_format(format), golden_rounding(rounding, 0));
    batch.compare(stimuli, |[a, b]| [number::add(a, b, f, r)])
}

fn times(
    (operand, result): (Format, Format),
    rounding: Rounding,
    stimuli: impl IntoIterator<Item = [u64; 2]>,
) -> u64 {
    let mut batch = Batch::new(&elaborate(Times { operand, result, rounding }).unwrap());
    let (o, f, r) = (golden_format(operand), golden_format(result), golden_rounding(rounding, 0));
    batch.compare(stimuli, |[a, b]| [number::multiply(a, b, o, f, r)])
}

fn fma(
    (operand, sum): (Format, Format),
    rounding: Rounding,
    stimuli: impl IntoIterator<Item = [u64; 3]>,
) -> u64 {
    let mut batch = Batch::new(&elaborate(Fma { operand, sum, rounding }).unwrap());
    let (o, f, r) = (golden_format(operand), golden_format(sum), golden_rounding(rounding, 0));
    batch.compare(stimuli, |[c, a, b]| [number::fused(c, a, b, o, f, r)])
}

fn pairs(format: Format) -> impl Iterator<Item = [u64; 2]> + Clone {
    let codes = 1u64 << format.width();
    (0..codes).flat_map(move |a| (0..codes).map(move |b| [a, b]))
}

const SMALL: [Format; 5] = [Format::E5M2, Format::E4M3, Format::E3M2, Format::E2M3, Format::E2M1];

/// All pairs of the formats of up to 8 bits, in all roundings.
#[test]
fn every_sum_of_up_to_8_bits() {
    for format in SMALL {
        for rounding in ROUNDINGS {
            assert_eq!(add(format, rounding, pairs(format)), 1 << (2 * format.width()));
        }
    }
}

/// All pairs of the formats of up to 8 bits, in all roundings, to the same format and to wider ones.
#[test]
fn every_product_of_up_to_8_bits() {
    for operand in SMALL {
        for rounding in ROUNDINGS {
            let count = 1 << (2 * operand.width());
            assert_eq!(times((operand, operand), rounding, pairs(operand)), count);
        }
        for result in [Format::FP32, Format::BF16, Format::FP16] {
            times((operand, result), Rounding::NearestEven, pairs(operand));
        }
    }
}

/// All triples of small formats, with sums that hold the product and sums that do not.
#[test]
fn every_fused_sum_of_small_formats() {
    let ieee = Format::ieee(3, 2);
    for (operand, sum) in [
        (Format::E2M1, Format::E2M1),
        (Format::E2M1, Format::E4M3),
        (Format::E3M2, Format::E3M2),
        (Format::E2M3, Format::E3M2),
        (ieee, ieee),
    ] {
        let stimuli =
            pairs(operand).flat_map(|[a, b]| (0..1u64 << sum.width()).map(move |c| [c, a, b]));
        for rounding in ROUNDINGS {
            let count = fma((operand, sum), rounding, stimuli.clone());
            assert_eq!(count, 1 << (2 * operand.width() + sum.width()));
        }
    }
}

const WIDE: [Format; 4] = [Format::FP32, Format::TF32, Format::BF16, Format::FP16];

/// Corners with corners, near numbers, and any.
fn mixed(format: Format, count: usize, seed: u64) -> Vec<[u64; 2]> {
    let corners = corners(format);
    let mut random = Random(seed);
    let near = |i: usize| {
        let a = random.float(format);
        let spread = format.mantissa as u64 + 4;
        let b = if i.is_multiple_of(3) {
            random.float(format)
        } else {
            random.float_near(a, format, spread)
        };
        // A few last places from cancellation.
        let sign = 1 << (format.width() - 1);
        if i % 7 == 1 { [a, (a ^ sign) ^ (random.next() & 3)] } else { [a, b] }
    };
    let mut all: Vec<[u64; 2]> = (0..count).map(near).collect();
    all.extend(corners.iter().flat_map(|&a| corners.iter().map(move |&b| [a, b])));
    all
}

#[test]
fn sums_of_wide_formats() {
    for format in WIDE {
        for rounding in ROUNDINGS {
            assert!(add(format, rounding, mixed(format, 100_000, 1)) > 100_000);
        }
    }
}

#[test]
fn products_of_wide_formats() {
    for format in WIDE {
        for rounding in ROUNDINGS {
            assert!(times((format, format), rounding, mixed(format, 100_000, 2)) > 100_000);
        }
        times((format, Format::FP32), Rounding::NearestEven, mixed(format, 50_000, 3));
    }
}

/// Products with addends near them, and corners of all three.
#[test]
fn fused_sums_of_wide_formats() {
    for (operand, sum) in [
        (Format::BF16, Format::FP32),
        (Format::FP16, Format::FP32),
        (Format::FP32, Format::FP32),
        (Format::FP16, Format::FP16),
    ] {
        let mut random = Random(4);
        let (o, s) = (golden_format(operand), golden_format(sum));
        let triples = mixed(operand, 100_000, 5).into_iter().map(|[a, b]| {
            let product = number::multiply(a, b, o, s, number::Rounding::TowardZero);
            let sign = 1 << (sum.width() - 1);
            let c = match random.next() & 3 {
                0 => random.float(sum),
                1 => (product ^ sign).wrapping_add(random.next() & 3) & ((sign << 1) - 1),
                _ => random.float_near(product, sum, sum.mantissa as u64 + 4),
            };
            [c, a, b]
        });
        let triples: Vec<[u64; 3]> = triples.collect();
        for rounding in ROUNDINGS {
            assert!(fma((operand, sum), rounding, triples.iter().copied()) > 100_000);
        }
    }
}

/// Stochastic rounding of sums and products: every random number for all pairs of small formats.
#[test]
fn stochastic_rounding_with_every_random_number() {
    let (rounding, bits) = (Rounding::Stochastic { bits: 4 }, 4);
    let stochastic = |random| number::Rounding::Stochastic { bits, random };
    for format in [Format::E3M2, Format::E4M3] {
        let f = golden_format(format);
        let stimuli = || pairs(format).flat_map(|[a, b]| (0..1u64 << bits).map(move |r| [a, b, r]));
        let mut unit = Batch::new(&elaborate(Add { format, rounding }).unwrap());
        unit.compare(stimuli(), |[a, b, r]| [number::add(a, b, f, stochastic(r))]);
        let unit = Times { operand: format, result: format, rounding };
        let mut unit = Batch::new(&elaborate(unit).unwrap());
        unit.compare(stimuli(), |[a, b, r]| [number::multiply(a, b, f, f, stochastic(r))]);
    }
}

/// Stochastic rounding of the fused bf16 sum, with a random number of 12 bits.
#[test]
fn stochastic_rounding_of_fused_sums() {
    let (operand, sum) = (Format::BF16, Format::FP32);
    let (rounding, bits) = (Rounding::Stochastic { bits: 12 }, 12);
    let mut unit = Batch::new(&elaborate(Fma { operand, sum, rounding }).unwrap());
    let mut random = Random(6);
    let stimuli: Vec<[u64; 4]> = mixed(operand, 200_000, 7)
        .into_iter()
        .map(|[a, b]| {
            let near = (a >> 7 & 255).saturating_add(b >> 7 & 255).saturating_sub(127).min(255);
            let c = random.float_near(near << 23, sum, 30);
            [c, a, b, random.next() & 0xfff]
        })
        .collect();
    let (o, s) = (golden_format(operand), golden_format(sum));
    unit.compare(stimuli, |[c, a, b, random]| {
        let rounding = number::Rounding::Stochastic { bits, random };
        [number::fused(c, a, b, o, s, rounding)]
    });
}
