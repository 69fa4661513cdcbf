//! The largest proofs: fp32 sums and bf16 accumulations, case by case. Whether a unit has the same
//! structure as the textbook or not, in each case alone the solver sees that they agree.

#[path = "common/cases.rs"]
mod cases;
#[path = "common/miter.rs"]
#[allow(dead_code)] // Cases bring their own designs.
mod miter;
#[path = "common/textbook.rs"]
mod textbook;

use cases::{Case, accumulations, prove_all, sums};
use olivine_float::Rounding;

/// Every so manieth certificate is checked, too; all of them in the arithmetic benchmark.
const CERTIFIED: usize = 5;

/// bf16 × bf16 + fp32 of Peridot: for all 2⁶⁴ inputs the textbook's steps.
#[test]
fn accumulation() {
    assert_eq!(prove_all(&accumulations(false), CERTIFIED), Ok(2 * (52 + 4) + 1));
    let difference = prove_all(&accumulations(true), CERTIFIED).unwrap_err();
    assert!(difference.contains("VIOLATED"), "{difference}");
}

/// fp32 sums: some of the cases; the arithmetic benchmark proves all.
#[test]
fn sums_of_single() {
    let some: Vec<Case> = Case::all().into_iter().skip(4).step_by(37).collect();
    let close = [Case::Level, Case::Above, Case::Apart(-2), Case::Subnormal(24, 5)];
    let cases = [some, close.to_vec()].concat();
    let nearest = Rounding::NearestEven;
    assert_eq!(prove_all(&sums(&cases, nearest), CERTIFIED), Ok(2 * cases.len() + 1));
    let difference = prove_all(&sums(&close, Rounding::NearestAway), CERTIFIED).unwrap_err();
    assert!(difference.contains("VIOLATED"), "{difference}");
}

#[test]
fn nothing_to_prove_proves_nothing() {
    assert_eq!(prove_all(&[], CERTIFIED), Err("nothing to prove".into()));
}
