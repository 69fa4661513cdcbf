//! Directed and random inputs, judged by the golden models.

use crate::batch::Batch;
use crate::catalogue::{Unit, units};
use crate::evidence::{Job, Method, Row};
use crate::sequential;
use crate::stimulus::Random;
use olivine_float::{Cast, Format, Overflow};
use olivine_lang::prelude::{Design, Module, elaborate};
use rustc_apfloat::{Float as _, FloatConvert, Round, ieee};
use std::time::Instant;

/// Compares so many, then finds a fault.
pub struct Run<const I: usize, G> {
    unit: &'static str,
    format: String,
    against: &'static str,
    count: u64,
    golden: G,
}

impl<const I: usize, G: Fn([u64; I]) -> u64> Run<I, G> {
    /// Of a unit in a format, judged by a golden model of that name.
    pub fn new(
        unit: &'static str,
        format: &str,
        against: &'static str,
        count: u64,
        golden: G,
    ) -> Self {
        Self { unit, format: format.to_string(), against, count, golden }
    }

    /// Compares.
    pub fn row(
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

/// fp32 to E4M3, whose only reference is APFloat.
fn to_e4m3(count: u64) -> Result<Row, String> {
    let golden = |[x]: [u64; 1]| {
        let x = ieee::Single::from_bits(x.into());
        let y: ieee::Float8E4M3FN = x.convert_r(Round::NearestTiesToEven, &mut false).value;
        if y.is_nan() { 0x7f } else { y.to_bits() as u64 }
    };
    let run = Run::new("cast", "fp32→e4m3", "APFloat", count, golden);
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

/// What is shown; quick rows take seconds.
pub fn jobs(quick: bool) -> Vec<Job> {
    let count = if quick { 100_000 } else { 1_300_000 };
    let mut jobs: Vec<Job> = vec![Box::new(move || to_e4m3(count))];
    for unit in units() {
        let slow = unit.name == "quantize" || unit.name == "block dot";
        let all = if unit.name == "accumulate" { 5 * count } else { count };
        let count = if slow { count / 10 } else { all } as usize;
        jobs.push(Box::new(move || catalogued(&unit, count)));
    }
    jobs.extend(sequential::jobs(quick));
    jobs
}
