//! Units that take cycles, on vectors: those that work a digit at a time, and the square that is
//! quantized along either axis.

use crate::evidence::{Job, Method, Row};
use crate::iterated::run;
use crate::stimulus::{Random, golden_format};
use crate::tile::{SIZE, squares, tile};
use olivine_float::{Divide, Fma, Format, Iterative, Rounding, Times};
use olivine_golden::number;
use olivine_lang::prelude::{Design, elaborate};
use std::time::Instant;

const GOLDEN: (Method, &str) = (Method::Vectors, "golden model");
const ROUNDING: Rounding = Rounding::NearestEven;
const NEAREST: number::Rounding = number::Rounding::NearestEven;

/// A unit that `check` compares on so many vectors; a fault is to be found by fewer.
fn row(
    (unit, format): (&str, &str),
    design: &Design,
    check: impl Fn(&Design, u64) -> Result<u64, String>,
    [count, few]: [u64; 2],
) -> Result<Row, String> {
    let name = format!("{unit} {format}");
    let mutations = design.mutations();
    let stride = (mutations.len() / 9).max(1);
    let mut candidates = mutations.iter().skip(stride / 2).step_by(stride);
    let fault = candidates.find(|mutation| check(&mutation.apply(design), few).is_err());
    let fault = fault.ok_or_else(|| format!("{name}: no fault was found"))?;
    let start = Instant::now();
    let cases = check(design, count).map_err(|e| format!("{name}: {e}"))?;
    Row::new((unit, format), GOLDEN, cases as f64, start, fault.description.clone())
}

/// Corners and any numbers.
fn operands(format: Format) -> impl Fn(&mut Random, u64) -> [u64; 2] {
    move |random, i| match i % 4 {
        0 => [(); 2].map(|()| random.corner(format)),
        _ => [(); 2].map(|()| random.float(format)),
    }
}

fn times((name, format): (&str, Format), digit: u32, count: u64) -> Result<Row, String> {
    let unit = Times { operand: format, result: format, rounding: ROUNDING };
    let design = elaborate(Iterative { unit, digit }).map_err(|e| e.to_string())?;
    let f = golden_format(format);
    let check = |design: &Design, count| {
        run(design, count, operands(format), |[a, b]| number::multiply(a, b, f, f, NEAREST))
    };
    let format = format!("{name}, a digit of {digit} each cycle");
    row(("multiply", &format), &design, check, [count, 2_000])
}

fn quotients((name, format): (&str, Format), digit: u32, count: u64) -> Result<Row, String> {
    let unit = Divide { format, rounding: ROUNDING };
    let design = elaborate(Iterative { unit, digit }).map_err(|e| e.to_string())?;
    let f = golden_format(format);
    let check = |design: &Design, count| {
        run(design, count, operands(format), |[a, b]| number::divide(a, b, f, NEAREST))
    };
    let format = format!("{name}, a digit of {digit} each cycle");
    row(("divide", &format), &design, check, [count, 2_000])
}

fn fused(digit: u32, count: u64) -> Result<Row, String> {
    let (operand, sum) = (Format::BF16, Format::FP32);
    let unit = Fma { operand, sum, rounding: ROUNDING };
    let design = elaborate(Iterative { unit, digit }).map_err(|e| e.to_string())?;
    let (o, s) = (golden_format(operand), golden_format(sum));
    let stimulus = |random: &mut Random, i: u64| {
        let [a, b] = [(); 2].map(|()| random.float(operand));
        let product = number::multiply(a, b, o, s, number::Rounding::TowardZero);
        let near = (product ^ 1 << 31) ^ (random.next() & 3);
        [if i.is_multiple_of(2) { near } else { random.float(sum) }, a, b]
    };
    let check = |design: &Design, count| {
        run(design, count, stimulus, |[c, a, b]| number::fused(c, a, b, o, s, NEAREST))
    };
    let format = format!("bf16→fp32, a digit of {digit} each cycle");
    row(("fused add", &format), &design, check, [count, 2_000])
}

/// Blocks of squares along both axes.
fn tiles(count: u64) -> Result<Row, String> {
    let blocks = SIZE as u64;
    let check = |design: &Design, count: u64| {
        squares(design, (count / blocks) as usize).map(|shown| shown as u64)
    };
    let format = "bf16→mxfp8 e4m3, squares of 8, both axes";
    row(("quantize", format), &tile(), check, [count, 12 * blocks])
}

/// What is shown; quick rows take seconds.
pub fn jobs(quick: bool) -> Vec<Job> {
    let count = if quick { 10_000 } else { 200_000 };
    let mut jobs: Vec<Job> = Vec::new();
    for named in [("fp32", Format::FP32), ("bf16", Format::BF16)] {
        for digit in [1, 4] {
            jobs.push(Box::new(move || times(named, digit, count)));
            jobs.push(Box::new(move || quotients(named, digit, count)));
        }
    }
    jobs.push(Box::new(move || fused(2, count)));
    jobs.push(Box::new(move || tiles(count)));
    jobs
}
