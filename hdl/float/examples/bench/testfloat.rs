//! Vectors of TestFloat's kind, judged by Berkeley SoftFloat and by LLVM's APFloat: all pairs of
//! special exponents and patterned significands, in all roundings that there are.

use crate::evidence::Row;
use crate::references::{Pairs, Reference, addend, patterns};
use crate::stimulus::{ROUNDINGS, Random};
use crate::vectors::Run;
use olivine_float::{Add, Fma, Format, Mac, Rounding, Times};

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

/// All units of a rounding by one judge, on every so-manieth vector.
fn rounded(
    (single, bfloat): (&Stimuli, &Stimuli),
    (judge, rounding): (Reference, Rounding),
    every: u64,
) -> Result<Vec<Row>, String> {
    let against = judge.name();
    let (count, triples) = (single.pairs.count() / every, ADDENDS * bfloat.pairs.count() / every);
    let format = format!("fp32 {rounding:?}, patterns");
    let two = |_: &mut Random, i: u64| single.pairs.at(i);
    let add = Run::new("add", &format, against, count, |s| judge.add(s, rounding));
    let times = Run::new("multiply", &format, against, count, |s| judge.multiply(s, rounding));
    let fma = Run::new("fused add", &format, against, count, |s| judge.fused(s, rounding));
    let format = format!("bf16→fp32 {rounding:?}, patterns");
    let narrow = Run::new("fused add", &format, against, triples, |[c, a, b]: [u64; 3]| {
        judge.fused([c, a << bfloat.shift, b << bfloat.shift], rounding)
    });
    Ok(vec![
        add.row(Add { format: SINGLE, rounding }, two)?,
        times.row(Times { operand: SINGLE, result: SINGLE, rounding }, two)?,
        fma.row(Fma { operand: SINGLE, sum: SINGLE, rounding }, |r, i| single.triple(r, i))?,
        narrow.row(Fma { operand: Format::BF16, sum: SINGLE, rounding }, |r, i| {
            bfloat.triple(r, i)
        })?,
    ])
}

/// The rows; quick ones take seconds.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    let every = if quick { 80 } else { 1 };
    let (single, bfloat) = (Stimuli::new(SINGLE), Stimuli::new(Format::BF16));
    let mut rows = Vec::new();
    for judge in Reference::ALL {
        for rounding in ROUNDINGS {
            rows.extend(rounded((&single, &bfloat), (judge, rounding), every)?);
        }
        let count = ADDENDS * bfloat.pairs.count() / every;
        let format = "bf16→fp32, patterns";
        let run = Run::new("accumulate", format, judge.name(), count, |s| judge.accumulate(s));
        rows.push(run.row(Mac::BF16, |r, i| bfloat.triple(r, i))?);
    }
    Ok(rows)
}
