//! What was measured, as a table and as JSON.

use serde::Serialize;

/// A design: an array or, after those, a processor.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Kind and size.
    pub design: String,
    /// What executed on our side.
    pub tier: String,
    /// Whose Verilog was the fastest one in Verilator.
    pub verilator_text: String,
    /// Version of the Verilator that was the fastest.
    pub verilator_version: String,
    /// Cycles in a second, one stimulus.
    pub verilator: f64,
    /// Cycles in a second, one stimulus, gate by gate.
    pub gate_exact: f64,
    /// The same, functions of floats in the place of gates where the design says so.
    pub lifted: f64,
    /// Stimuli times cycles in a second, functions of floats in the place of gates where the design
    /// says so: what one gets.
    pub batch: f64,
    /// The same, gate by gate.
    pub batch_gate_exact: f64,
    /// Stimuli in a batch.
    pub stimuli: u32,
    /// Against Verilator: medians of what was measured in pairs.
    pub gate_exact_ratio: f64,
    /// As above.
    pub lifted_ratio: f64,
    /// As above.
    pub batch_ratio: f64,
    /// As above.
    pub batch_gate_exact_ratio: f64,
    /// From the netlist to the end of the first cycle.
    pub first_cycle_ms: f64,
    /// Verilator's build in seconds.
    pub verilator_build_s: f64,
    /// The build over the time to our first cycle.
    pub build_over_first_cycle: f64,
    /// MiB of our process that reads the design's text, compiles and runs it.
    pub memory_mib: Option<f64>,
    /// MiB of the largest process of Verilator's build and run.
    pub verilator_memory_mib: Option<f64>,
}

/// Geometric means of ratios over the arrays.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Means {
    /// One stimulus, gate by gate.
    pub gate_exact: Option<f64>,
    /// One stimulus, functions of floats in the place of gates.
    pub lifted: Option<f64>,
    /// Batches, functions of floats in the place of gates: what one gets.
    pub batch: Option<f64>,
    /// Batches, gate by gate.
    pub batch_gate_exact: Option<f64>,
}

/// A training step on Peridot.
#[derive(Clone, Debug, Serialize)]
pub struct PeridotStep {
    /// Rows and columns of the array.
    pub array: u32,
    /// Simulated cycles in a second.
    pub ours: f64,
    /// As above.
    pub verilator: f64,
    /// Ours over Verilator's.
    pub ratio: f64,
}

/// Everything.
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    /// By design.
    pub rows: Vec<Row>,
    /// Over the arrays that ran.
    pub geomean: Means,
    /// The worst.
    pub first_cycle_ms: f64,
    /// One stimulus, over the processors.
    pub irregular: Option<f64>,
    /// Absent if the step could not run.
    pub peridot_step: Option<PeridotStep>,
}

/// Nothing of nothing.
pub fn geomean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), v| (sum + v.ln(), count + 1.0));
    (count > 0.0).then(|| (sum / count).exp())
}

/// A ratio in the table.
fn ratio(value: Option<f64>) -> String {
    value.map_or_else(|| "not measured".into(), |value| format!("{value:.1}×"))
}

pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn mib(value: Option<f64>) -> String {
    value.map_or_else(|| "?".into(), |value| format!("{value:.0} MiB"))
}

/// A rate with its unit.
fn rate(per_second: f64) -> String {
    format!("{:.2} M", per_second / 1e6)
}

impl Results {
    pub fn print(&self) {
        println!(
            "design     Verilator c/s   gates c/s       ×    lifted c/s       ×   batch s·c/s       ×   \
             its gates s·c/s       ×  first cycle  Verilator's build          ×  memory  \
             Verilator's  Verilator"
        );
        for row in &self.rows {
            println!(
                "{:10} {:>13} {:>11} {:>6.1}× {:>13} {:>6.1}× {:>13} {:>6.1}× {:>17} {:>6.1}× \
                 {:>9.2} ms {:>16.1} s {:>9.0}× {:>7} {:>12}  {} ({})",
                row.design,
                rate(row.verilator),
                rate(row.gate_exact),
                row.gate_exact_ratio,
                rate(row.lifted),
                row.lifted_ratio,
                rate(row.batch),
                row.batch_ratio,
                rate(row.batch_gate_exact),
                row.batch_gate_exact_ratio,
                row.first_cycle_ms,
                row.verilator_build_s,
                row.build_over_first_cycle,
                mib(row.memory_mib),
                mib(row.verilator_memory_mib),
                row.verilator_version,
                row.verilator_text,
            );
        }
        println!("\ngeomean.gate_exact  {}", ratio(self.geomean.gate_exact));
        println!("geomean.lifted      {}", ratio(self.geomean.lifted));
        println!("geomean.batch       {}", ratio(self.geomean.batch));
        println!("geomean.batch_gate_exact  {}", ratio(self.geomean.batch_gate_exact));
        println!("irregular           {}", ratio(self.irregular));
        println!("first_cycle_ms      {:.2} at most", self.first_cycle_ms);
        if let Some(step) = &self.peridot_step {
            println!(
                "peridot_step        {:.1}× ({} array: {} c/s, Verilator {})",
                step.ratio,
                step.array,
                rate(step.ours),
                rate(step.verilator)
            );
        }
    }
}
