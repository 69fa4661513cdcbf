//! Faults in one place, spread over the netlists of all units: vectors notice them, a counterexample
//! shows them, or they are proved to change nothing, and listed.

use crate::catalogue::{Unit, units};
use crate::fates::Fates;
use std::time::{Duration, Instant};

/// What became of the mutants of a unit.
pub struct Row {
    unit: &'static str,
    format: &'static str,
    fates: Fates,
    time: Duration,
}

/// So many must be killed in a run.
const LEAST: u32 = 200;

impl Row {
    /// For the report.
    pub fn json(&self) -> serde_json::Value {
        let Fates { by_vectors, by_proof, equivalent, .. } = &self.fates;
        serde_json::json!({
            "unit": self.unit, "format": self.format, "by_vectors": by_vectors,
            "by_proof": by_proof, "equivalent": equivalent, "seconds": self.time.as_secs_f64(),
        })
    }
}

fn row(unit: &Unit, of_each: usize) -> Result<Row, String> {
    let start = Instant::now();
    let fates = Fates::of(unit, of_each);
    let name = format!("{} {}", unit.name, unit.format);
    if !fates.survived.is_empty() {
        return Err(format!("{name}: neither found nor proved to be none: {:?}", fates.survived));
    }
    let row = Row { unit: unit.name, format: unit.format, fates, time: start.elapsed() };
    println!(
        "| {} | {} | {} | {} | {} | {:.2} |",
        row.unit,
        row.format,
        row.fates.by_vectors,
        row.fates.by_proof,
        row.fates.equivalent.len(),
        row.time.as_secs_f64()
    );
    Ok(row)
}

/// The rows, and behind them the list of what is no fault; quick ones take seconds.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    println!("\n| unit | format | by vectors | by proof | proved to be none | seconds |");
    println!("|---|---|---|---|---|---|");
    // Blocks of 32 take seconds for each mutant.
    let large = |unit: &Unit| matches!(unit.name, "quantize" | "block dot");
    let of_each = |unit: &Unit| if quick || large(unit) { 12 } else { 60 };
    let units = units();
    let judged = units.iter().filter(|unit| !(quick && large(unit)));
    let rows = judged.map(|unit| row(unit, of_each(unit))).collect::<Result<Vec<Row>, _>>()?;
    let killed: u32 = rows.iter().map(|row| row.fates.killed()).sum();
    if killed < LEAST {
        return Err(format!("only {killed} mutants were killed"));
    }
    println!("\nFound: {killed}. Proved to change nothing, for all inputs:\n");
    for row in &rows {
        for none in &row.fates.equivalent {
            println!("- {} {}: {none}", row.unit, row.format);
        }
    }
    Ok(rows)
}
