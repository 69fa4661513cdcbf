//! Vectors of TestFloat's kind, judged by Berkeley SoftFloat and by LLVM's APFloat: all pairs of
//! special exponents and patterned significands, in all roundings that there are.

use crate::evidence::{Job, Row};
use crate::references::{Pairs, Reference, addend, patterns};
use crate::stimulus::{ROUNDINGS, Random};
use crate::vectors::Run;
use olivine_float::{Add, Divide, Fma, Format, Mac, Rounding, Times};
use std::sync::Arc;

const SINGLE: Format = Format::FP32;
/// Addends of each pair of bf16, of which there are fewer.
const ADDENDS: u64 = 12;

/// The pairs of a format, and what is added to their products.
struct Stimuli {
    pairs: Pairs,
    addends: Vec<u64>,
    /// What makes fp32 of a factor.
    shift: u32,
}

impl Stimuli {
    fn new(operand: Format) -> Self {
        let shift = SINGLE.width() - operand.width();
        Self { pairs: Pairs::new(operand), addends: patterns(SINGLE), shift }
    }

    fn triple(&self, random: &mut Random, i: u64) -> [u64; 3] {
        let [a, b] = self.pairs.at(i % self.pairs.count());
        let factors = [a, b].map(|code| code << self.shift);
        let product = Reference::SoftFloat.multiply(factors, Rounding::TowardZero);
        // Each addend's kind comes to each pair.
        let kind = i + i / self.pairs.count();
        [addend(random, kind, product, &self.addends), a, b]
    }
}

/// Which unit is judged.
#[derive(Clone, Copy)]
enum Judged {
    Add,
    Multiply,
    Divide,
    Fused,
    FusedBfloat,
    Accumulate,
}

/// A unit of a rounding by one judge, on every so-manieth vector.
fn row(
    unit: Judged,
    (single, bfloat): (&Stimuli, &Stimuli),
    (judge, rounding): (Reference, Rounding),
    every: u64,
) -> Result<Row, String> {
    let against = judge.name();
    let (count, triples) = (single.pairs.count() / every, ADDENDS * bfloat.pairs.count() / every);
    let format = format!("fp32 {rounding:?}, patterns");
    let narrow = format!("bf16→fp32 {rounding:?}, patterns");
    let two = |_: &mut Random, i: u64| single.pairs.at(i);
    match unit {
        Judged::Add => {
            let run = Run::new("add", &format, against, count, |s| judge.add(s, rounding));
            run.row(Add { format: SINGLE, rounding }, two)
        }
        Judged::Multiply => {
            let run =
                Run::new("multiply", &format, against, count, |s| judge.multiply(s, rounding));
            run.row(Times { operand: SINGLE, result: SINGLE, rounding }, two)
        }
        Judged::Divide => {
            let run = Run::new("divide", &format, against, count, |s| judge.divide(s, rounding));
            run.row(Divide { format: SINGLE, rounding }, two)
        }
        Judged::Fused => {
            let run = Run::new("fused add", &format, against, count, |s| judge.fused(s, rounding));
            let fma = Fma { operand: SINGLE, sum: SINGLE, rounding };
            run.row(fma, |r, i| single.triple(r, i))
        }
        Judged::FusedBfloat => {
            let run = Run::new("fused add", &narrow, against, triples, |[c, a, b]: [u64; 3]| {
                judge.fused([c, a << bfloat.shift, b << bfloat.shift], rounding)
            });
            let fma = Fma { operand: Format::BF16, sum: SINGLE, rounding };
            run.row(fma, |r, i| bfloat.triple(r, i))
        }
        Judged::Accumulate => {
            let format = "bf16→fp32, patterns";
            let run = Run::new("accumulate", format, against, triples, |s| judge.accumulate(s));
            run.row(Mac::BF16, |r, i| bfloat.triple(r, i))
        }
    }
}

/// What is shown; quick rows take seconds.
pub fn jobs(quick: bool) -> Vec<Job> {
    let every = if quick { 80 } else { 1 };
    let stimuli = Arc::new((Stimuli::new(SINGLE), Stimuli::new(Format::BF16)));
    let mut jobs: Vec<Job> = Vec::new();
    let mut judge = |unit, by| {
        let stimuli = stimuli.clone();
        jobs.push(Box::new(move || row(unit, (&stimuli.0, &stimuli.1), by, every)));
    };
    for reference in Reference::ALL {
        for rounding in ROUNDINGS {
            use Judged::{Add, Divide, Fused, FusedBfloat, Multiply};
            for unit in [Add, Multiply, Divide, Fused, FusedBfloat] {
                judge(unit, (reference, rounding));
            }
        }
        judge(Judged::Accumulate, (reference, Rounding::NearestEven));
    }
    jobs
}
