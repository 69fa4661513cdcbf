//! Units that make a product or a quotient a digit each cycle: proved equal to the combinational ones in small
//! formats, with waits on both sides against the golden model in wide ones.

#[path = "common/iterated.rs"]
mod iterated;
#[path = "common/stimulus.rs"]
mod stimulus;

use iterated::{Applied, SameResults, proved, run};
use olivine_float::{Divide, Fma, Format, Iterative, Rounding, Times};
use olivine_golden::number;
use olivine_lang::prelude::{Design, elaborate};
use stimulus::{Random, golden_format, golden_rounding};

const NEAREST: number::Rounding = number::Rounding::NearestEven;

fn times(operand: Format, result: Format) -> Times {
    Times { operand, result, rounding: Rounding::NearestEven }
}

#[track_caller]
fn check(unit: impl Applied, digits: impl IntoIterator<Item = u32>) {
    for digit in digits {
        let same = SameResults { unit: unit.clone(), digit, fault: false };
        assert_eq!(proved(&same), Ok(()), "{same:?}");
        let report = proved(&SameResults { fault: true, ..same }).unwrap_err();
        assert!(report.contains("VIOLATED"), "{report}");
    }
}

#[test]
fn products_are_those_of_the_combinational_unit() {
    check(times(Format::E2M1, Format::E2M1), 1..=2);
    check(times(Format::E4M3, Format::E4M3), 1..=4);
    check(times(Format::E5M2, Format::FP32), [1, 2]);
}

#[test]
fn fused_sums_are_those_of_the_combinational_unit() {
    let (operand, sum, rounding) = (Format::E2M1, Format::E4M3, Rounding::NearestEven);
    check(Fma { operand, sum, rounding }, [1]);
}

#[test]
fn quotients_are_those_of_the_combinational_unit() {
    let rounding = Rounding::NearestEven;
    check(Divide { format: Format::E2M1, rounding }, [1, 2, 5]);
    check(Divide { format: Format::E4M3, rounding }, [1, 3]);
}

/// What two operands make, the exact value rounded.
type Golden = fn(u64, u64, number::Format, number::Rounding) -> u64;

const PRODUCT: Golden = |a, b, format, rounding| number::multiply(a, b, format, format, rounding);
const QUOTIENT: Golden = number::divide;

/// Operands from anywhere, every fourth pair from the corners.
fn held(
    design: &Design,
    golden: Golden,
    (format, rounding): (Format, Rounding),
    count: u64,
) -> Result<u64, String> {
    let made =
        |a, b, random| golden(a, b, golden_format(format), golden_rounding(rounding, random));
    let pair = |random: &mut Random, i: u64| match i % 4 {
        0 => [(); 2].map(|()| random.corner(format)),
        _ => [(); 2].map(|()| random.float(format)),
    };
    if let Rounding::Stochastic { bits } = rounding {
        let stimulus = |random: &mut Random, i| {
            let [a, b] = pair(random, i);
            [a, b, random.next() & ((1 << bits) - 1)]
        };
        return run(design, count, stimulus, |[a, b, random]| made(a, b, random));
    }
    run(design, count, pair, |[a, b]| made(a, b, 0))
}

#[test]
fn wide_quotients_with_waits() {
    for format in [Format::BF16, Format::FP32] {
        for rounding in [Rounding::NearestEven, Rounding::Down, Rounding::Stochastic { bits: 8 }] {
            for digit in [1, 3] {
                let unit = Divide { format, rounding };
                let design = elaborate(Iterative { unit, digit }).unwrap();
                let shown = held(&design, QUOTIENT, (format, rounding), 2_000);
                assert_eq!(shown, Ok(2_000), "{format:?} {rounding:?} {digit}");
            }
        }
    }
}

#[test]
fn wide_products_with_waits() {
    for format in [Format::BF16, Format::FP16, Format::TF32, Format::FP32] {
        for rounding in [Rounding::NearestEven, Rounding::Down, Rounding::Stochastic { bits: 8 }] {
            for digit in [1, 3, format.precision()] {
                let unit = Times { operand: format, result: format, rounding };
                let design = elaborate(Iterative { unit, digit }).unwrap();
                let shown = held(&design, PRODUCT, (format, rounding), 2_000);
                assert_eq!(shown, Ok(2_000), "{digit}");
            }
        }
    }
}

#[test]
fn wide_fused_sums_with_waits() {
    let (operand, sum, rounding) = (Format::BF16, Format::FP32, Rounding::NearestEven);
    let (o, s) = (golden_format(operand), golden_format(sum));
    for digit in [1, 2, 4] {
        let unit = Fma { operand, sum, rounding };
        let design = elaborate(Iterative { unit, digit }).unwrap();
        let stimulus = |random: &mut Random, i: u64| {
            let [a, b] = [(); 2].map(|()| random.float(operand));
            let product = number::multiply(a, b, o, s, number::Rounding::TowardZero);
            let near = (product ^ 1 << 31) ^ (random.next() & 3);
            [if i.is_multiple_of(2) { near } else { random.float(sum) }, a, b]
        };
        let golden = |[c, a, b]: [u64; 3]| number::fused(c, a, b, o, s, NEAREST);
        assert_eq!(run(&design, 4_000, stimulus, golden), Ok(4_000));
    }
}

/// Of forty faults of a unit, most are noticed.
#[track_caller]
fn faults_are_noticed(design: &Design, golden: Golden, format: Format) {
    let mutations = design.mutations();
    let chosen: Vec<_> = mutations.iter().step_by((mutations.len() / 40).max(1)).collect();
    let case = (format, Rounding::NearestEven);
    let noticed = |mutant: &Design| held(mutant, golden, case, 300).is_err();
    let found = chosen.iter().filter(|mutation| noticed(&mutation.apply(design))).count();
    assert!(found * 5 > chosen.len() * 3, "{found} of {}", chosen.len());
}

#[test]
fn faults_of_products_are_noticed() {
    let format = Format::BF16;
    let design = elaborate(Iterative { unit: times(format, format), digit: 2 }).unwrap();
    faults_are_noticed(&design, PRODUCT, format);
}

#[test]
fn faults_of_quotients_are_noticed() {
    let (format, rounding) = (Format::BF16, Rounding::NearestEven);
    let design = elaborate(Iterative { unit: Divide { format, rounding }, digit: 2 }).unwrap();
    faults_are_noticed(&design, QUOTIENT, format);
}

#[test]
fn digits_that_cannot_be_are_told() {
    for digit in [0, 9] {
        let unit = times(Format::BF16, Format::BF16);
        let faults = elaborate(Iterative { unit, digit }).unwrap_err().to_string();
        assert!(faults.contains("it must have from 1 to the 8 of a significand"), "{faults}");
    }
    let unit = Divide { format: Format::BF16, rounding: Rounding::NearestEven };
    let faults = elaborate(Iterative { unit, digit: 12 }).unwrap_err().to_string();
    assert!(faults.contains("it must have from 1 to the 11 of a quotient"), "{faults}");
}
