//! What the elements of the array cost on an ECP5-85F.
//!
//! ```text
//! scripts/bench ecp5 [--quick] [--json FILE]
//! ```
//!
//! Synthesizes an element of each kind; then places and routes 4×4 arrays and compares them with
//! their bounds: tables and multipliers for each element, and the clock. What it prints is kept in
//! `reports/ecp5.md`. `--quick` leaves out place and route, which takes minutes.

#[path = "../tests/common/ecp5.rs"]
mod ecp5;

use ecp5::{Bound, KINDS};
use olivine_peridot::chip::Array;
use std::process::ExitCode;

/// Elements along an edge.
const SIZE: usize = 4;
/// Seeds of the placer that are tried.
const SEEDS: u32 = 12;

struct Arguments {
    quick: bool,
    json: Option<String>,
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments { quick: false, json: None };
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match &*argument {
            "--quick" => found.quick = true,
            "--json" => found.json = Some(given.next().ok_or("--json wants a file")?),
            other => return Err(format!("`{other}`? There are --quick and --json FILE")),
        }
    }
    Ok(found)
}

fn element(bound: &Bound) -> Result<serde_json::Value, String> {
    let [tables, registers, multipliers] = ecp5::element(bound.kind)?;
    let name = bound.name;
    println!("| {name} | {tables} | {registers} | {multipliers} |");
    Ok(serde_json::json!({
        "design": "element", "kind": name, "tables": tables, "registers": registers,
        "multipliers": multipliers,
    }))
}

/// A line of the second table; whether it is within the bounds.
fn line(bound: &Bound, seed: u32, report: &ecp5::Report) -> (String, bool) {
    let each = |count: u64| count as f64 / (SIZE * SIZE) as f64;
    let (tables, multipliers) = (each(report.tables), each(report.multipliers));
    let fits = tables <= bound.tables && multipliers <= bound.multipliers;
    let text = format!(
        "| {} | {tables:.1} | {} | {:.1} | {multipliers} | {} | {:.1} | {} | {seed} |",
        bound.name,
        bound.tables,
        each(report.registers),
        bound.multipliers,
        report.mhz,
        bound.mhz
    );
    (text, fits && report.mhz >= bound.mhz)
}

/// The first seed of the placer that keeps the bounds.
fn array(bound: &Bound) -> Result<serde_json::Value, String> {
    let mut seen = Vec::new();
    for seed in 1..=SEEDS {
        let report = ecp5::array(Array { size: SIZE, kind: bound.kind }, bound.mhz, seed)?;
        let (text, kept) = line(bound, seed, &report);
        if kept {
            println!("{text}");
            return Ok(serde_json::json!({
                "design": "array of 4×4", "kind": bound.name, "tables": report.tables,
                "registers": report.registers, "multipliers": report.multipliers,
                "mhz": report.mhz, "seed": seed,
            }));
        }
        seen.push(text);
    }
    Err(format!("{}: no seed keeps the bounds\n{}", bound.name, seen.join("\n")))
}

fn run() -> Result<(), String> {
    let arguments = arguments()?;
    println!("| element | tables | registers | multipliers |\n|---|---|---|---|");
    let mut rows = KINDS.iter().map(element).collect::<Result<Vec<_>, String>>()?;
    if !arguments.quick {
        let columns = [
            "array 4×4",
            "tables each",
            "at most",
            "registers each",
            "multipliers each",
            "at most",
            "MHz",
            "at least",
            "seed",
        ];
        println!("\n| {} |\n|{}", columns.join(" | "), "---|".repeat(columns.len()));
        rows.extend(KINDS.iter().map(array).collect::<Result<Vec<_>, String>>()?);
    }
    let Some(file) = arguments.json else { return Ok(()) };
    let report = serde_json::json!({ "benchmark": "ecp5", "quick": arguments.quick, "rows": rows });
    let text = serde_json::to_string_pretty(&report).expect("plain values");
    std::fs::write(&file, text + "\n").map_err(|e| format!("{file}: {e}"))
}

fn main() -> ExitCode {
    run().map_or_else(
        |fault| {
            eprintln!("bench: {fault}");
            ExitCode::FAILURE
        },
        |()| ExitCode::SUCCESS,
    )
}
