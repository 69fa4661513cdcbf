//! Functions of one variable against the golden model's series: the largest error, in bf16 of all
//! inputs; monotony; specials.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/function.rs"]
mod function;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use function::{FUNCTIONS, Judge, UNIT, in_last_places};
use olivine_float::{Evaluate, Format, Function};
use olivine_golden::function::Function as Golden;
use olivine_lang::elaborate;
use std::cell::Cell;
use stimulus::{Random, corners, golden_format};

/// All results in turn.
fn results(
    evaluate: &Evaluate,
    stimuli: impl IntoIterator<Item = [u64; 1]>,
    mut see: impl FnMut(u64, u64),
) -> u64 {
    let mut batch = Batch::<1, 1>::new(&elaborate(evaluate.clone()).unwrap());
    batch.results(stimuli, |[x], [y]| see(x, y))
}

/// The largest error, in units of the last place of which [`UNIT`] make one, and where.
fn largest_error(
    (function, golden): (Function, Golden),
    format: Format,
    stimuli: impl IntoIterator<Item = [u64; 1]>,
) -> (u64, u64) {
    let f = golden_format(format);
    let largest = Cell::new((0, 0));
    let shown = results(&Evaluate { function, format }, stimuli, |x, y| {
        let value = golden.at(x, f);
        let error = in_last_places(golden, (x, y), value, f);
        let error = error.unwrap_or_else(|| panic!("{function:?}({x:#x}) gives {y:#x}: {value:?}"));
        largest.set(largest.get().max((error, x)));
    });
    assert!(shown > 0);
    largest.get()
}

#[test]
fn all_of_bfloat16() {
    for pair in FUNCTIONS {
        let (error, x) = largest_error(pair, Format::BF16, (0..1 << 16).map(|x| [x]));
        println!("{pair:?}: {} at {x:#x}", error as f64 / UNIT as f64);
        assert!(error < UNIT * 6 / 10, "{pair:?} at {x:#x}: {}", error as f64 / UNIT as f64);
    }
}

#[test]
fn single_by_corners_and_random_numbers() {
    let format = Format::FP32;
    for pair in FUNCTIONS {
        let mut random = Random(3);
        let near = (0..40_000).map(|_| [random.float_near(0x3fff_ffff, format, 9)]);
        let mut random = Random(4);
        let any = (0..20_000).map(|_| [random.float(format)]);
        let all = corners(format).into_iter().map(|x| [x]).chain(near).chain(any);
        let (error, x) = largest_error(pair, format, all);
        println!("{pair:?}: {} at {x:#x}", error as f64 / UNIT as f64);
        assert!(error < UNIT * 3 / 4, "{pair:?} at {x:#x}: {}", error as f64 / UNIT as f64);
    }
}

/// As in the arithmetic benchmark, whose inputs are more: doubles and series tell the same errors.
#[test]
fn single_by_doubles() {
    let format = Format::FP32;
    for (function, golden) in FUNCTIONS {
        let mut judge = Judge::new(golden, 0.75);
        let mut random = Random(5);
        let any = (0..400_000).map(|_| [random.float_near(0x3fff_ffff, format, 12)]);
        let shown = results(&Evaluate { function, format }, any, |x, y| {
            judge.error(x, y).unwrap_or_else(|wrong| panic!("{function:?}: {wrong}"));
        });
        assert_eq!(shown, 400_000);
        // A bound that is too narrow is noticed, and so is what is off in the tenth place.
        assert!(Judge::new(golden, 0.3).error(0x3fc9_0fdb, 0x3f00_0000).is_err(), "{function:?}");
    }
}

/// Results as integers in the order of the numbers.
fn order(code: u64) -> i64 {
    let magnitude = (code & 0x7fff) as i64;
    if code >> 15 == 1 { -magnitude } else { magnitude }
}

#[test]
fn monotone_in_bfloat16() {
    let infinity = 0x7f80;
    for (function, falls) in [
        (Function::Exp2, false),
        (Function::Log2, false),
        (Function::Reciprocal, true),
        (Function::ReciprocalRoot, true),
        (Function::Sigmoid, false),
        (Function::Tanh, false),
        (Function::Erf, false),
    ] {
        let mut before: Option<i64> = None;
        let evaluate = Evaluate { function, format: Format::BF16 };
        results(&evaluate, (0..=infinity).map(|x| [x]), |x, y| {
            let now = if falls { -order(y) } else { order(y) };
            assert!(before.is_none_or(|before| before <= now), "{function:?}({x:#x})");
            before = Some(now);
        });
    }
}

#[test]
fn specials() {
    let [minus_infinity, minus_one, minus_zero, zero, infinity, nan] =
        [0xff80u64, 0xbf80, 0x8000, 0, 0x7f80, 0x7fc1];
    let all = [minus_infinity, minus_one, minus_zero, zero, infinity, nan];
    let (quiet, half, one) = (0x7fc0, 0x3f00, 0x3f80);
    for (function, wanted) in [
        (Function::Exp2, [0, 0x3f00, 0x3f80, 0x3f80, infinity, quiet]),
        (Function::Log2, [quiet, quiet, minus_infinity, minus_infinity, infinity, quiet]),
        (Function::Reciprocal, [minus_zero, minus_one, minus_infinity, infinity, zero, quiet]),
        (Function::ReciprocalRoot, [quiet, quiet, minus_infinity, infinity, zero, quiet]),
        (Function::Sigmoid, [zero, 0x3e8a, half, half, one, quiet]),
        (Function::Tanh, [minus_one, 0xbf43, minus_zero, zero, one, quiet]),
        (Function::Erf, [minus_one, 0xbf58, minus_zero, zero, one, quiet]),
        (Function::Gelu, [minus_zero, 0xbe22, minus_zero, zero, infinity, quiet]),
        (Function::GeluDerivative, [zero, 0xbdab, half, half, one, quiet]),
    ] {
        let mut found = Vec::new();
        let evaluate = Evaluate { function, format: Format::BF16 };
        results(&evaluate, all.map(|x| [x]), |_, y| found.push(y));
        assert_eq!(found, wanted, "{function:?}");
    }
}

/// A wrong table is noticed: a fault in any of the functions' netlists, spread over them.
#[test]
fn faults_are_noticed() {
    let f = golden_format(Format::BF16);
    for (function, golden) in FUNCTIONS {
        let design = elaborate(Evaluate { function, format: Format::BF16 }).unwrap();
        let mutations = design.mutations();
        let stride = (mutations.len() / 6).max(1);
        let noticed = mutations.iter().step_by(stride).filter(|mutation| {
            let mut batch = Batch::<1, 1>::new(&mutation.apply(&design));
            let wrong = Cell::new(false);
            batch.results((0..1 << 16).step_by(7).map(|x| [x]), |[x], [y]| {
                let error = in_last_places(golden, (x, y), golden.at(x, f), f);
                wrong.set(wrong.get() | error.is_none_or(|error| error > UNIT * 6 / 10));
            });
            wrong.get()
        });
        assert!(noticed.count() >= 3, "{function:?}");
    }
}
