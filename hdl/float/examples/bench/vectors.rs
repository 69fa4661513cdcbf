//! Directed and random inputs, judged by Berkeley SoftFloat and LLVM's APFloat themselves.

use crate::batch::Batch;
use crate::catalogue::{Unit, units};
use crate::evidence::{Method, Row};
use crate::stimulus::{ROUNDINGS, Random, corners};
use olivine_float::{Add, Cast, Fma, Format, Overflow, Rounding, Times};
use olivine_lang::prelude::{Design, Module, elaborate};
use rustc_apfloat::{Float as _, FloatConvert, Round, ieee};
use softfloat_wrapper::{F32, Float, RoundingMode};
use std::time::Instant;

/// The one NaN of fp32.
const NAN: u64 = 0x7fc0_0000;

fn soft(rounding: Rounding) -> RoundingMode {
    match rounding {
        Rounding::NearestAway => RoundingMode::TiesToAway,
        Rounding::TowardZero => RoundingMode::TowardZero,
        Rounding::Up => RoundingMode::TowardPositive,
        Rounding::Down => RoundingMode::TowardNegative,
        _ => RoundingMode::TiesToEven,
    }
}

fn code(x: F32) -> u64 {
    if x.is_nan() { NAN } else { x.to_bits().into() }
}

/// Special exponents with patterned significands, near numbers, all but opposite ones, any.
fn pair(random: &mut Random, i: u64, format: Format, corners: &[u64]) -> [u64; 2] {
    let a = random.float(format);
    let sign = 1 << (format.width() - 1);
    match i % 4 {
        0 => {
            let i = i / 4;
            let count = corners.len() as u64;
            [i / count % count, i % count].map(|at| corners[at as usize])
        }
        1 => [a, random.float_near(a, format, u64::from(format.mantissa) + 3)],
        2 => [a, a ^ (random.next() & 3) ^ (sign * (random.next() & 1))],
        _ => [a, random.float(format)],
    }
}

/// Compares so many, then finds a fault.
struct Run<const I: usize, G> {
    unit: &'static str,
    format: String,
    against: &'static str,
    count: u64,
    golden: G,
}

impl<const I: usize, G: Fn([u64; I]) -> u64> Run<I, G> {
    fn row(
        &self,
        module: impl Module,
        stimulus: impl Fn(&mut Random, u64) -> [u64; I],
    ) -> Result<Row, String> {
        let design = elaborate(module).map_err(|faults| faults.to_string())?;
        let agrees = |design: &Design, count: u64| {
            let mut random = Random(12);
            let stimuli = (0..count).map(|i| stimulus(&mut random, i));
            Batch::<I, 1>::new(design).agrees(stimuli, |s| [(self.golden)(s)])
        };
        let mutations = design.mutations();
        let stride = (mutations.len() / 7).max(1);
        let fault = mutations
            .iter()
            .skip(stride / 2)
            .step_by(stride)
            .find(|mutation| agrees(&mutation.apply(&design), 50_000).is_err())
            .ok_or_else(|| format!("{} {}: no fault was found", self.unit, self.format))?;
        let start = Instant::now();
        let cases = agrees(&design, self.count)
            .map_err(|difference| format!("{} {}: {difference}", self.unit, self.format))?;
        let method = (Method::Vectors, self.against);
        let mutant = fault.description.clone();
        Row::new((self.unit, &self.format), method, cases as f64, start, mutant)
    }
}

/// Sums, products and fused sums of fp32, in one rounding.
fn single(rounding: Rounding, count: u64) -> Result<Vec<Row>, String> {
    let (format, mode) = (Format::FP32, soft(rounding));
    let corners = corners(format);
    let name = format!("fp32 {rounding:?}");
    let float = |bits: u64| F32::from_bits(bits as u32);
    let two = |r: &mut Random, i| pair(r, i, format, &corners);
    let against = "SoftFloat";
    let add = |[a, b]: [u64; 2]| code(float(a).add(float(b), mode));
    let add = Run { unit: "add", format: name.clone(), against, count, golden: add };
    let times = |[a, b]: [u64; 2]| code(float(a).mul(float(b), mode));
    let times = Run { unit: "multiply", format: name.clone(), against, count, golden: times };
    let fused = |[c, a, b]: [u64; 3]| code(float(a).fused_mul_add(float(b), float(c), mode));
    let fma = Run { unit: "fused add", format: name, against, count, golden: fused };
    let three = |r: &mut Random, i: u64| {
        let [a, b] = pair(r, i / 3, format, &corners);
        let product = u64::from(float(a).mul(float(b), RoundingMode::TowardZero).to_bits());
        let c = match i % 3 {
            0 => r.float_near(product, format, 30),
            1 => (product ^ 1 << 31) ^ (r.next() & 3),
            _ => corners[r.next() as usize % corners.len()],
        };
        [c, a, b]
    };
    Ok(vec![
        add.row(Add { format, rounding }, two)?,
        times.row(Times { operand: format, result: format, rounding }, two)?,
        fma.row(Fma { operand: format, sum: format, rounding }, three)?,
    ])
}

/// bf16 products added to fp32, in one rounding.
fn fused_bfloat16(rounding: Rounding, count: u64) -> Result<Row, String> {
    let (operand, sum, mode) = (Format::BF16, Format::FP32, soft(rounding));
    let (operands, sums) = (corners(operand), corners(sum));
    let wide = |bits: u64| F32::from_bits((bits as u32) << 16);
    let golden =
        |[c, a, b]: [u64; 3]| code(wide(a).fused_mul_add(wide(b), F32::from_bits(c as u32), mode));
    let format = format!("bf16→fp32 {rounding:?}");
    let run = Run { unit: "fused add", format, against: "SoftFloat", count, golden };
    run.row(Fma { operand, sum, rounding }, |r, i| {
        let [a, b] = pair(r, i / 3, operand, &operands);
        let product = u64::from(wide(a).mul(wide(b), RoundingMode::TowardZero).to_bits());
        let c = match i % 3 {
            0 => r.float_near(product, sum, 30),
            1 => (product ^ 1 << 31) ^ (r.next() & 3),
            _ => sums[r.next() as usize % sums.len()],
        };
        [c, a, b]
    })
}

/// fp32 to E4M3, whose only reference is APFloat.
fn to_e4m3(count: u64) -> Result<Row, String> {
    let golden = |[x]: [u64; 1]| {
        let x = ieee::Single::from_bits(x.into());
        let y: ieee::Float8E4M3FN = x.convert_r(Round::NearestTiesToEven, &mut false).value;
        if y.is_nan() { 0x7f } else { y.to_bits() as u64 }
    };
    let format = "fp32→e4m3".to_string();
    let run = Run { unit: "cast", format, against: "APFloat", count, golden };
    let cast = Cast::new(Format::FP32, Format::E4M3).overflow(Overflow::Special);
    run.row(cast, |r, i| match i % 4 {
        0 => [r.float(Format::FP32)],
        _ => [r.float_near(0x3fff_ffff, Format::FP32, 14)],
    })
}

/// A unit of the catalogue against its golden model.
fn catalogued(unit: &Unit, count: usize) -> Result<Row, String> {
    let name = format!("{} {}", unit.name, unit.format);
    let mutations = unit.design.mutations();
    let stride = (mutations.len() / 7).max(1);
    let candidates = mutations.iter().skip(stride / 2).step_by(stride);
    let fault = candidates
        .map(|mutation| (mutation, mutation.apply(&unit.design)))
        .find(|(_, mutant)| (unit.check)(mutant, count.min(20_000)).is_err())
        .ok_or_else(|| format!("{name}: no fault was found"))?;
    let start = Instant::now();
    let cases = (unit.check)(&unit.design, count).map_err(|e| format!("{name}: {e}"))?;
    let (method, mutant) = ((Method::Vectors, "golden model"), fault.0.description.clone());
    Row::new((unit.name, unit.format), method, cases as f64, start, mutant)
}

/// The rows; quick ones take seconds.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    // Of five roundings: six million vectors for each unit and more.
    let count = if quick { 100_000 } else { 1_300_000 };
    let mut rows = vec![to_e4m3(count)?];
    for unit in &units() {
        let slow = unit.name == "quantize" || unit.name == "block dot";
        let all = if unit.name == "accumulate" { 5 * count } else { count };
        rows.push(catalogued(unit, if slow { count / 10 } else { all } as usize)?);
    }
    for rounding in ROUNDINGS {
        rows.extend(single(rounding, count)?);
        rows.push(fused_bfloat16(rounding, count)?);
    }
    Ok(rows)
}
