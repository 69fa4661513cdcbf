//! Sums, products and accumulations of fp32 against Berkeley SoftFloat and LLVM's APFloat, in all
//! roundings that there are: pairs of special exponents with patterned significands. Here some of
//! them; the arithmetic benchmark takes all, more than six million for each row.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/references.rs"]
mod references;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use olivine_float::{Add, Fma, Format, Mac, Rounding, Times};
use olivine_lang::prelude::{Design, Module, elaborate};
use references::{Pairs, Reference, addend, patterns};
use stimulus::{ROUNDINGS, Random};

const SINGLE: Format = Format::FP32;
/// Of each row.
const COUNT: u64 = 40_000;

fn design(module: impl Module) -> Design {
    elaborate(module).unwrap()
}

/// Pairs; triples of a pair and an addend near the product.
fn triples(operand: Format, shift: u32, count: u64) -> impl Iterator<Item = [u64; 3]> {
    let (pairs, addends, mut random) = (Pairs::new(operand), patterns(SINGLE), Random(12));
    (0..count).map(move |i| {
        let [a, b] = pairs.at(i);
        let factors = [a << shift, b << shift];
        let product = Reference::SoftFloat.multiply(factors, Rounding::TowardZero);
        [addend(&mut random, i, product, &addends), a, b]
    })
}

#[test]
fn sums_products_and_both_agree_with_both() {
    let pairs = Pairs::new(SINGLE);
    for rounding in ROUNDINGS {
        for judge in Reference::ALL {
            let (two, three) = ((0..COUNT).map(|i| pairs.at(i)), triples(SINGLE, 0, COUNT));
            let add = design(Add { format: SINGLE, rounding });
            Batch::new(&add).compare(two.clone(), |s| [judge.add(s, rounding)]);
            let times = design(Times { operand: SINGLE, result: SINGLE, rounding });
            Batch::new(&times).compare(two, |s| [judge.multiply(s, rounding)]);
            let fma = design(Fma { operand: SINGLE, sum: SINGLE, rounding });
            Batch::new(&fma).compare(three, |s| [judge.fused(s, rounding)]);
            let fma = design(Fma { operand: Format::BF16, sum: SINGLE, rounding });
            Batch::new(&fma).compare(triples(Format::BF16, 16, COUNT), |[c, a, b]| {
                [judge.fused([c, a << 16, b << 16], rounding)]
            });
        }
    }
}

#[test]
fn accumulations_agree_with_both() {
    for judge in Reference::ALL {
        let stimuli = triples(Format::BF16, 16, 10 * COUNT);
        let shown = Batch::new(&design(Mac::BF16)).compare(stimuli, |s| [judge.accumulate(s)]);
        assert_eq!(shown, 10 * COUNT);
    }
}

/// Each pair comes once, and there are more than six million of fp32.
#[test]
fn pairs_are_all() {
    let small = Pairs::new(Format::E4M3);
    let mut seen: Vec<[u64; 2]> = (0..small.count()).map(|i| small.at(i)).collect();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len() as u64, small.count());
    assert!(Pairs::new(SINGLE).count() >= 6_000_000, "{}", Pairs::new(SINGLE).count());
}

/// A sum that rounds otherwise is noticed by both, in every pair of roundings.
#[test]
fn wrong_roundings_are_noticed() {
    let pairs = Pairs::new(SINGLE);
    for rounding in ROUNDINGS {
        let mut add = Batch::new(&design(Add { format: SINGLE, rounding }));
        for (judge, other) in Reference::ALL.iter().flat_map(|j| ROUNDINGS.map(|r| (j, r))) {
            let stimuli = (0..COUNT).map(|i| pairs.at(i));
            let agrees = add.agrees(stimuli, |s| [judge.add(s, other)]).is_ok();
            assert_eq!(agrees, rounding == other, "{rounding:?} as {other:?} by {judge:?}");
        }
    }
}

#[test]
#[should_panic(expected = "no stimulus")]
fn no_vectors_show_nothing() {
    let mut add = Batch::new(&design(Add { format: SINGLE, rounding: Rounding::NearestEven }));
    add.compare([], |s| [Reference::SoftFloat.add(s, Rounding::NearestEven)]);
}
