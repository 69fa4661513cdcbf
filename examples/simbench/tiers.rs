//! `scripts/bench sim --tiers`: the tiers of the simulator beside each other, without Verilator.
//!
//! All run one after the other in each round; ratios are those of a round to the widest tier that
//! this processor has, medians over the rounds. Checksums must agree.

use super::{Arguments, SEED, STIMULI, array_name, ours, report};
use olivine::netlist::Design;
use olivine::sim::{Tier, Tuning};
use report::{geomean, median};
use serde::Serialize;

/// What is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// One stimulus, gate by gate.
    GateExact,
    /// One stimulus, functions of floats in the place of gates.
    Lifted,
    /// Many stimuli, gate by gate.
    Batch,
}

impl Form {
    const ALL: [Self; 3] = [Self::GateExact, Self::Lifted, Self::Batch];

    fn name(self) -> &'static str {
        match self {
            Self::GateExact => "gates",
            Self::Lifted => "lifted",
            Self::Batch => "batch",
        }
    }
}

/// A tier on a design.
#[derive(Clone, Debug, Serialize)]
pub struct Speed {
    /// Its name.
    pub tier: String,
    /// Stimuli times cycles in a second.
    pub speed: f64,
    /// To the widest tier.
    pub ratio: f64,
}

/// A design in one form, on each tier.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Kind and size.
    pub design: String,
    /// In which form.
    pub form: Form,
    /// From the widest tier to the bytecode.
    pub speeds: Vec<Speed>,
}

/// Everything.
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    /// By design and form.
    pub rows: Vec<Row>,
    /// By form and tier: over the designs, to the widest tier.
    pub geomean: Vec<(Form, String, f64)>,
}

const ROUNDS: usize = 5;

/// Seconds for each measurement.
const TARGET: f64 = 0.3;

pub fn measure(arguments: &Arguments) -> Result<Results, String> {
    let mut rows = Vec::new();
    for (kind, n, small) in super::ARRAYS {
        let name = array_name(kind, n);
        if arguments.asks(&name) && (small || !arguments.quick) {
            rows.extend(design(&super::array(arguments, kind, n)?)?);
        }
    }
    if arguments.asks("riscv") {
        rows.extend(design(&super::processor()?)?);
    }
    if rows.is_empty() {
        return Err("no design has this name".into());
    }
    Ok(Results { geomean: means(&rows), rows })
}

fn design(case: &super::Case) -> Result<Vec<Row>, String> {
    eprintln!("{} …", case.name);
    Form::ALL.map(|form| row(&case.name, &case.design, form)).into_iter().collect()
}

fn row(name: &str, design: &Design, form: Form) -> Result<Row, String> {
    let tiers: Vec<Tier> = Tier::ALL.into_iter().rev().filter(|tier| tier.is_available()).collect();
    let runs: Vec<Runner> = tiers.iter().map(|tier| Runner::new(design, form, *tier)).collect();
    let sums: Vec<Vec<u32>> = runs.iter().map(|run| run.run(1000).0).collect();
    if let Some(other) = (1..sums.len()).find(|k| sums[*k] != sums[0]) {
        return Err(format!("{name}: {} and {} give other checksums", tiers[0], tiers[other]));
    }
    let cycles: Vec<u64> = runs.iter().map(Runner::cycles).collect();
    let rounds: Vec<Vec<f64>> = (0..ROUNDS)
        .map(|_| runs.iter().zip(&cycles).map(|(run, cycles)| run.speed(*cycles)).collect())
        .collect();
    let speeds = tiers.iter().enumerate().map(|(k, tier)| Speed {
        tier: tier.to_string(),
        speed: median(rounds.iter().map(|round| round[k]).collect()),
        ratio: median(rounds.iter().map(|round| round[k] / round[0]).collect()),
    });
    Ok(Row { design: name.to_string(), form, speeds: speeds.collect() })
}

/// A design that is ready to run.
struct Runner<'a> {
    design: &'a Design,
    tuning: Tuning,
    /// Of one stimulus.
    ready: Option<olivine::sim::Compiled>,
}

impl<'a> Runner<'a> {
    fn new(design: &'a Design, form: Form, tier: Tier) -> Self {
        let gate_level = form != Form::Lifted;
        let tuning = Tuning { tier: Some(tier), gate_level, ..Tuning::default() };
        let ready = (form != Form::Batch).then(|| ours::ready(design, tuning, SEED));
        Self { design, tuning, ready }
    }

    /// Checksums and seconds.
    fn run(&self, cycles: u64) -> (Vec<u32>, f64) {
        match &self.ready {
            Some(ready) => {
                let ran = ours::run(ready, cycles);
                (vec![ran.checksum], ran.seconds)
            }
            None => ours::run_batch(self.design, self.tuning, STIMULI, cycles, SEED),
        }
    }

    /// How many take about as long as they should.
    fn cycles(&self) -> u64 {
        let mut cycles = 100;
        loop {
            let (_, seconds) = self.run(cycles);
            if seconds > TARGET / 20.0 {
                return (cycles as f64 * TARGET / seconds) as u64;
            }
            cycles *= 4;
        }
    }

    fn speed(&self, cycles: u64) -> f64 {
        let stimuli = if self.ready.is_some() { 1 } else { STIMULI };
        cycles as f64 * f64::from(stimuli) / self.run(cycles).1
    }
}

fn means(rows: &[Row]) -> Vec<(Form, String, f64)> {
    let mut means = Vec::new();
    for form in Form::ALL {
        let of_form = || rows.iter().filter(move |row| row.form == form);
        let count = of_form().next().map_or(0, |row| row.speeds.len());
        for k in 0..count {
            let tier = of_form().next().map_or(String::new(), |row| row.speeds[k].tier.clone());
            let mean = geomean(of_form().map(|row| row.speeds[k].ratio));
            means.extend(mean.map(|mean| (form, tier, mean)));
        }
    }
    means
}

impl Results {
    pub fn print(&self) {
        for Row { design, form, speeds } in &self.rows {
            print!("{design:10} {:7}", form.name());
            for Speed { tier, speed, ratio } in speeds {
                print!("  {tier:>8} {:>8.3} M/s {ratio:>6.3}×", speed / 1e6);
            }
            println!();
        }
        for (form, tier, mean) in &self.geomean {
            println!("geomean.{:7} {tier:>8} {mean:.3}×", form.name());
        }
    }
}
