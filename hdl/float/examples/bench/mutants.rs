//! Faults in one place, spread over the netlists of all units: vectors notice them, a counterexample
//! shows them, or they are proved to change nothing, and listed.

use crate::catalogue::{Unit, units};
use crate::evidence::for_each;
use crate::fates::Fates;
use crate::tile::{squares, tile};
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
    /// A line of the table.
    fn print(&self) {
        let Fates { by_vectors, by_proof, equivalent, .. } = &self.fates;
        let (unit, format, none) = (self.unit, self.format, equivalent.len());
        let seconds = self.time.as_secs_f64();
        println!("| {unit} | {format} | {by_vectors} | {by_proof} | {none} | {seconds:.2} |");
    }

    /// For the report.
    pub fn json(&self) -> serde_json::Value {
        let Fates { by_vectors, by_proof, equivalent, .. } = &self.fates;
        serde_json::json!({
            "unit": self.unit, "format": self.format, "by_vectors": by_vectors,
            "by_proof": by_proof, "equivalent": equivalent, "time": self.time.as_secs_f64(),
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
    Ok(Row { unit: unit.name, format: unit.format, fates, time: start.elapsed() })
}

/// Faults of the square that is quantized, without its quantizer, which has a row of its own: vectors notice
/// all of them.
fn square(of_each: usize) -> Result<Row, String> {
    const SQUARES: usize = 12;
    let (start, design) = (Instant::now(), tile());
    let (unit, format) = ("quantize", "bf16→mxfp8 e4m3, the square of 8 alone");
    squares(&design, SQUARES).map_err(|e| format!("{unit} {format}, without a fault: {e}"))?;
    let all = design.mutations();
    let mine: Vec<_> = all.iter().filter(|mutation| mutation.module == design.top).collect();
    let mut fates = Fates::default();
    for mutation in mine.iter().step_by((mine.len() / of_each).max(1)) {
        match squares(&mutation.apply(&design), SQUARES) {
            Err(_) => fates.by_vectors += 1,
            Ok(_) => return Err(format!("{unit} {format}: not found: {}", mutation.description)),
        }
    }
    Ok(Row { unit, format, fates, time: start.elapsed() })
}

/// What stands above the table.
const HEAD: &str = "
# Faults that were put in

One-place faults, spread over the netlist of each unit: noticed by 20 000 vectors (of the square by 12
squares), shown by a counterexample, or proved to change nothing for any input. One that is none of these ends the run.

| unit | format | by vectors | by proof | proved to be none | seconds |
|---|---|---|---|---|---|";

/// The rows, and behind them the list of what is no fault; quick ones take seconds.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    println!("{HEAD}");
    // Blocks of 32 take seconds for each mutant.
    let large = |unit: &Unit| matches!(unit.name, "quantize" | "block dot");
    let of_each = |unit: &Unit| if quick || large(unit) { 12 } else { 60 };
    let units = units();
    let judged: Vec<&Unit> = units.iter().filter(|unit| !(quick && large(unit))).collect();
    let mut rows = for_each(&judged, |unit| row(unit, of_each(unit)), Row::print)?;
    rows.push(square(if quick { 12 } else { 60 }).inspect(Row::print)?);
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
