//! Functions of one variable: all of bf16; of fp32 a hundred million inputs each, spread evenly, those
//! at the edges of the tables' segments, and those around the worst that were found.

use crate::batch::Batch;
use crate::evidence::{Job, Method, Row};
use crate::function::{FUNCTIONS, Judge, UNIT, in_last_places};
use crate::stimulus::golden_format;
use olivine_float::{Evaluate, Format, Function};
use olivine_golden::function::Function as Golden;
use olivine_lang::prelude::{Design, elaborate};
use std::time::Instant;

/// Bounds of the errors in last places.
const BOUND_BFLOAT: f64 = 0.6;
const BOUND_SINGLE: f64 = 0.75;

/// The largest error, and where; how many inputs there were.
#[derive(Clone, Copy)]
struct Worst {
    error: f64,
    at: u64,
    cases: u64,
}

impl Worst {
    fn and(self, other: Self) -> Self {
        let worse = if other.error > self.error { other } else { self };
        Self { cases: self.cases + other.cases, ..worse }
    }
}

/// Evaluates a design, the unit or a mutant of it, at these inputs.
fn worst(
    design: &Design,
    inputs: impl IntoIterator<Item = u64>,
    mut error: impl FnMut(u64, u64) -> Result<f64, String>,
) -> Result<Worst, String> {
    let mut found = Ok(Worst { error: 0.0, at: 0, cases: 0 });
    let mut batch = Batch::<1, 1>::new(design);
    batch.results(inputs.into_iter().map(|x| [x]), |[x], [y]| {
        let Ok(so_far) = &mut found else { return };
        match error(x, y) {
            Ok(error) => *so_far = so_far.and(Worst { error, at: x, cases: 1 }),
            Err(wrong) => found = Err(wrong),
        }
    });
    found
}

/// Every so-manieth bf16.
fn bfloat(design: &Design, golden: Golden, step: usize) -> Result<Worst, String> {
    let f = golden_format(Format::BF16);
    worst(design, (0..1 << 16).step_by(step), |x, y| {
        let error = in_last_places(golden, (x, y), golden.at(x, f), f);
        let error = error.map(|error| error as f64 / UNIT as f64);
        error.filter(|error| *error < BOUND_BFLOAT).ok_or_else(|| format!("{x:#x} gives {y:#x}"))
    })
}

/// Odd, so that its multiples go through all codes.
const LEAP: u64 = 0x9e37_79b1;

/// The i-th input: two of five of all codes, the others between 2⁻²⁰ and 2¹². No two of a kind are
/// the same below 2²⁹.
fn spread(i: u64) -> u64 {
    let (turn, kind) = (i / 5, i % 5);
    if kind < 2 {
        return (2 * turn + kind).wrapping_mul(LEAP) & 0xffff_ffff;
    }
    let code = (3 * turn + kind - 2).wrapping_mul(LEAP) & 0x1fff_ffff;
    (code >> 28) << 31 | ((code >> 23 & 31) + 107) << 23 | (code & 0x7f_ffff)
}

/// Around the ends and middles of all segments: of 256 in a binade, and of steps of 2⁻⁷.
fn edges() -> impl Iterator<Item = u64> {
    let in_binades = (0..1u64 << 18).map(|i| i << 14);
    let steps = (1..1u32 << 11).map(|i| u64::from((i as f32 / 128.0).to_bits()));
    let steps = steps.flat_map(|code| [code, code | 1 << 31]);
    in_binades
        .chain(steps)
        .flat_map(|x| (0..9u64).map(move |k| (x + k).wrapping_sub(4)))
        .map(|code| code & 0xffff_ffff)
}

fn single(design: &Design, golden: Golden, count: u64) -> Result<Worst, String> {
    let by = |inputs: &mut dyn Iterator<Item = u64>| {
        let mut judge = Judge::new(golden, BOUND_SINGLE);
        worst(design, inputs, |x, y| judge.error(x, y))
    };
    let all = by(&mut (0..count).map(spread))?.and(by(&mut edges())?);
    let around = all.at.saturating_sub(1 << 16)..(all.at + (1 << 16)).min(1 << 32);
    Ok(all.and(by(&mut { around })?))
}

/// A fault that is found in the same manner.
fn fault(design: &Design, wrong: impl Fn(&Design) -> bool) -> Result<String, String> {
    let mutations = design.mutations();
    let stride = (mutations.len() / 9).max(1);
    let mut candidates = mutations.iter().skip(stride / 2).step_by(stride);
    let fault = candidates.find(|mutation| wrong(&mutation.apply(design)));
    fault.map(|mutation| mutation.description.clone()).ok_or_else(|| "no fault was found".into())
}

fn elaborated(function: Function, format: Format) -> Result<Design, String> {
    elaborate(Evaluate { function, format }).map_err(|e| e.to_string())
}

/// All of bf16.
fn narrow((function, golden): (Function, Golden)) -> Result<Row, String> {
    let name = format!("{function:?}");
    let told = |wrong: String| format!("{name}: {wrong}");
    let design = elaborated(function, Format::BF16)?;
    let mutant = fault(&design, |mutant| bfloat(mutant, golden, 7).is_err()).map_err(told)?;
    let start = Instant::now();
    let found = bfloat(&design, golden, 1).map_err(told)?;
    let format = format!("bf16, {:.3} ulp at most", found.error);
    let method = (Method::Exhaustive, "golden model");
    Row::new((&name, &format), method, found.cases as f64, start, mutant)
}

/// So many of fp32.
fn wide((function, golden): (Function, Golden), count: u64) -> Result<Row, String> {
    let name = format!("{function:?}");
    let told = |wrong: String| format!("{name}: {wrong}");
    let design = elaborated(function, Format::FP32)?;
    let mutant = fault(&design, |mutant| single(mutant, golden, 100_000).is_err()).map_err(told)?;
    let start = Instant::now();
    let found = single(&design, golden, count).map_err(told)?;
    let format = format!("fp32, {:.3} ulp at most", found.error);
    let method = (Method::Vectors, "golden model");
    Row::new((&name, &format), method, found.cases as f64, start, mutant)
}

/// What is shown; quick rows take seconds.
pub fn jobs(quick: bool) -> Vec<Job> {
    let count = if quick { 1_000_000 } else { 100_000_000 };
    let both = FUNCTIONS.into_iter().flat_map(|pair| {
        let all: Job = Box::new(move || narrow(pair));
        let many: Job = Box::new(move || wide(pair, count));
        [all, many]
    });
    both.collect()
}
