//! Faults that must not pass: each one-place fault in the netlists is noticed by vectors or by a
//! proof, or it is proved to change nothing; each wrong rounding is noticed.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/catalogue.rs"]
mod catalogue;
#[path = "common/fates.rs"]
mod fates;
#[path = "common/miter.rs"]
mod miter;
#[path = "common/stimulus.rs"]
mod stimulus;

use catalogue::Unit;
use fates::{Fates, VECTORS};
use olivine_float::{Add, Cast, Format, Overflow, Rounding, Times};
use olivine_golden::number;
use olivine_lang::elaborate;
use olivine_netlist::Design;
use stimulus::{ROUNDINGS, Random, golden_format, golden_rounding};

/// Judges about so many mutants of each unit of these names, spread over the netlist.
fn judge(chosen: impl Fn(&Unit) -> bool, of_each: usize) -> u32 {
    let mut killed = 0;
    for unit in catalogue::units().into_iter().filter(chosen) {
        let shown = (unit.check)(&unit.design, VECTORS);
        assert_eq!(shown, Ok(VECTORS as u64), "{} {}, without a fault", unit.name, unit.format);
        let fates = Fates::of(&unit, of_each);
        println!("{} {}: {fates:#?}", unit.name, unit.format);
        assert!(fates.survived.is_empty(), "{} {}: {fates:#?}", unit.name, unit.format);
        assert!(fates.by_vectors > 4 * fates.by_proof, "vectors find most: {fates:#?}");
        killed += fates.killed();
    }
    killed
}

#[test]
fn mutants_of_casts() {
    assert!(judge(|unit| unit.name.starts_with("cast"), 50) >= 200);
}

#[test]
fn mutants_of_arithmetic() {
    let chosen = |unit: &Unit| {
        matches!(
            (unit.name, unit.format),
            ("add" | "multiply", "bf16") | ("multiply", "e4m3→fp32") | ("accumulate", _)
        )
    };
    assert!(judge(chosen, 70) >= 180);
}

#[test]
fn mutants_of_order_and_random_numbers() {
    let names = ["compare", "maximum", "minimum", "counter random"];
    assert!(judge(|unit| names.contains(&unit.name), 50) >= 150);
}

/// All roundings but the right one are noticed.
fn noticed(wrong: impl Fn(Rounding) -> Design, golden: impl Fn([u64; 2], number::Rounding) -> u64) {
    for hardware in ROUNDINGS {
        let mut unit = batch::Batch::new(&wrong(hardware));
        for model in ROUNDINGS {
            let mut random = Random(9);
            let stimuli = (0..4_000).map(|_| [(); 2].map(|()| random.float(Format::BF16)));
            let rounding = golden_rounding(model, 0);
            let same = unit.agrees(stimuli, |s| [golden(s, rounding)]).is_ok();
            assert_eq!(same, hardware == model, "{hardware:?} as {model:?}");
        }
    }
}

#[test]
fn wrong_roundings_of_sums_and_products() {
    let format = Format::BF16;
    let f = golden_format(format);
    let add = |rounding| elaborate(Add { format, rounding }).unwrap();
    noticed(add, |[a, b], rounding| number::add(a, b, f, rounding));
    let times = |rounding| elaborate(Times { operand: format, result: format, rounding }).unwrap();
    noticed(times, |[a, b], rounding| number::multiply(a, b, f, f, rounding));
}

/// Of casts too; and a saturating one is no other.
#[test]
fn wrong_roundings_of_casts() {
    let (special, saturate) = (Overflow::Special, Overflow::Saturate);
    for to in [Format::BF16, Format::E4M3, Format::E5M2] {
        let (f, t) = (golden_format(Format::FP32), golden_format(to));
        for (hardware, overflow) in
            ROUNDINGS.into_iter().flat_map(|r| [(r, special), (r, saturate)])
        {
            let unit = Cast::new(Format::FP32, to).rounding(hardware).overflow(overflow);
            let mut unit = batch::Batch::new(&elaborate(unit).unwrap());
            for model in ROUNDINGS {
                let mut random = Random(10);
                let stimuli = (0..4_000).map(|_| [random.float(Format::FP32)]);
                let rounding = golden_rounding(model, 0);
                let golden =
                    |[x]: [u64; 1]| [number::cast(x, f, t, rounding, number::Overflow::Special)];
                let right = hardware == model && overflow == special;
                let same = unit.agrees(stimuli, golden).is_ok();
                assert_eq!(same, right, "{hardware:?} as {model:?}, {overflow:?}");
            }
        }
    }
}

/// Rounding up on `d + r ≥ 2^bits − 1`, the biased rule that some chips have: an exact number then
/// moves for the largest random number.
#[test]
fn biased_stochastic_rounding() {
    let rounding = Rounding::Stochastic { bits: 16 };
    let unit = elaborate(Cast::new(Format::FP32, Format::BF16).rounding(rounding)).unwrap();
    let (f, t) = (golden_format(Format::FP32), golden_format(Format::BF16));
    let agrees = |shift: u64| {
        let stimuli = (0..1u64 << 16).map(|r| [0x3f80_0000, r]);
        batch::Batch::new(&unit).agrees(stimuli, |[x, r]| {
            let rounding = number::Rounding::Stochastic { bits: 16, random: r + shift };
            // An exact number never moves in the model; the biased rule is told on its neighbour.
            [number::cast(x + shift, f, t, rounding, number::Overflow::Special)]
        })
    };
    assert_eq!(agrees(0), Ok(1 << 16));
    assert!(agrees(1).is_err());
}
