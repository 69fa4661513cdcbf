//! Quotients against the golden model, and fp32 against SoftFloat and APFloat.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/references.rs"]
mod references;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use olivine_float::{Divide, Format, Rounding};
use olivine_golden::number;
use olivine_lang::prelude::{Design, elaborate};
use references::{Pairs, Reference};
use stimulus::{ROUNDINGS, Random, golden_format, golden_rounding};

fn divide(format: Format, rounding: Rounding) -> Design {
    elaborate(Divide { format, rounding }).unwrap()
}

/// How many quotients were right, or the first that was not.
fn agrees(
    design: &Design,
    format: Format,
    rounding: Rounding,
    stimuli: impl IntoIterator<Item = [u64; 2]>,
) -> Result<u64, String> {
    let (f, r) = (golden_format(format), golden_rounding(rounding, 0));
    Batch::new(design).agrees(stimuli, |[a, b]| [number::divide(a, b, f, r)])
}

fn pairs(format: Format) -> impl Iterator<Item = [u64; 2]> + Clone {
    let codes = 1u64 << format.width();
    (0..codes).flat_map(move |a| (0..codes).map(move |b| [a, b]))
}

#[test]
fn every_quotient_of_up_to_8_bits() {
    for format in [Format::E5M2, Format::E4M3, Format::E3M2, Format::E2M3, Format::E2M1] {
        for rounding in ROUNDINGS {
            let design = divide(format, rounding);
            let shown = agrees(&design, format, rounding, pairs(format));
            assert_eq!(shown, Ok(1 << (2 * format.width())), "{format:?} {rounding:?}");
        }
    }
}

/// Exponents of bf16 whose quotients are ordinary, at the ends of normal and of subnormal numbers, too
/// small and too large; of subnormal numbers, zeros, infinities and NaNs.
const EXPONENTS: [[u64; 2]; 16] = [
    [127, 127],
    [1, 127],
    [1, 128],
    [1, 134],
    [1, 135],
    [1, 254],
    [254, 127],
    [254, 126],
    [254, 1],
    [0, 127],
    [127, 0],
    [0, 0],
    [255, 127],
    [127, 255],
    [255, 255],
    [0, 255],
];

/// All pairs of significands of bf16 with exponents at all boundaries, signs by turns.
fn significands() -> impl Iterator<Item = [u64; 2]> + Clone {
    let all = EXPONENTS.into_iter().flat_map(|e| (0..1u64 << 14).map(move |m| (e, m)));
    all.map(|([x, y], m)| {
        let signs = m ^ m >> 7 ^ x;
        [(signs & 1) << 15 | x << 7 | m >> 7, (signs >> 1 & 1) << 15 | y << 7 | (m & 127)]
    })
}

#[test]
fn every_pair_of_significands_of_bf16() {
    for rounding in ROUNDINGS {
        let design = divide(Format::BF16, rounding);
        let shown = agrees(&design, Format::BF16, rounding, significands());
        assert_eq!(shown, Ok(16 << 14), "{rounding:?}");
    }
}

#[test]
fn bf16_and_fp16_at_random() {
    let rounding = Rounding::NearestEven;
    for format in [Format::BF16, Format::FP16, Format::TF32] {
        let mut random = Random(31);
        let stimuli = (0..300_000).map(|_| [(); 2].map(|()| random.float(format)));
        assert_eq!(agrees(&divide(format, rounding), format, rounding, stimuli), Ok(300_000));
    }
}

/// Special exponents with patterned significands.
#[test]
fn fp32_agrees_with_both_references() {
    const COUNT: u64 = 60_000;
    let (format, pairs) = (Format::FP32, Pairs::new(Format::FP32));
    for rounding in ROUNDINGS {
        let mut unit = Batch::new(&divide(format, rounding));
        for judge in Reference::ALL {
            let stimuli = (0..COUNT).map(|i| pairs.at(i));
            assert_eq!(unit.compare(stimuli, |s| [judge.divide(s, rounding)]), COUNT);
        }
    }
}

#[test]
fn by_chance_with_every_random_number() {
    let (format, bits) = (Format::E4M3, 4);
    let (rounding, f) = (Rounding::Stochastic { bits }, golden_format(format));
    let stimuli = pairs(format).flat_map(|[a, b]| (0..1u64 << bits).map(move |r| [a, b, r]));
    let shown = Batch::new(&divide(format, rounding)).compare(stimuli, |[a, b, random]| {
        [number::divide(a, b, f, number::Rounding::Stochastic { bits, random })]
    });
    assert_eq!(shown, 1 << 20);
}

/// A quotient that rounds otherwise is noticed.
#[test]
fn wrong_roundings_are_noticed() {
    let format = Format::BF16;
    for hardware in ROUNDINGS {
        let design = divide(format, hardware);
        for model in ROUNDINGS {
            let same = agrees(&design, format, model, significands()).is_ok();
            assert_eq!(same, hardware == model, "{hardware:?} as {model:?}");
        }
    }
}
