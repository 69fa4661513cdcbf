//! What is known of the arithmetic, and what it costs.
//!
//! ```text
//! scripts/bench arithmetic [--quick] [--json FILE]
//! ```
//!
//! *Evidence*: unit × format × method, the number of cases, and a fault that the same method found.
//! Whoever finds a difference, or no fault, or compares nothing, ends the run with an error. What is
//! printed is the document [`olivine_float::evidence`], whole.
//! *Cost*: cells and depth by Yosys, results per second of the compiled simulator and their ratio
//! to the interpreter's. `--quick` leaves out what takes minutes: 2³² inputs, the longest proofs, the
//! largest units.

#[path = "../../tests/common/batch.rs"]
mod batch;
#[path = "../../tests/common/cases.rs"]
mod cases;
#[path = "../../tests/common/catalogue.rs"]
mod catalogue;
mod cost;
mod evidence;
mod exhaust;
mod exhaust_wide;
#[path = "../../tests/common/fates.rs"]
mod fates;
#[path = "../../tests/common/function.rs"]
mod function;
mod functions;
#[path = "../../tests/common/integer_sum.rs"]
mod integer_sum;
#[path = "../../tests/common/iterated.rs"]
mod iterated;
#[path = "../../tests/common/later.rs"]
mod later;
#[path = "../../tests/common/miter.rs"]
mod miter;
mod mutants;
mod pipelined;
mod proofs;
#[path = "../../tests/common/references.rs"]
mod references;
mod sequential;
#[path = "../../tests/common/stimulus.rs"]
mod stimulus;
mod sweep;
mod testfloat;
#[path = "../../tests/common/textbook.rs"]
mod textbook;
#[path = "../../tests/common/tile.rs"]
mod tile;
mod vectors;

use std::process::ExitCode;

/// What was asked for.
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

fn run() -> Result<(), String> {
    let arguments = arguments()?;
    evidence::print_head();
    let quick = arguments.quick;
    let mut jobs = exhaust::jobs(quick);
    jobs.extend(functions::jobs(quick));
    jobs.extend(proofs::jobs(quick)?);
    jobs.extend(pipelined::jobs());
    jobs.extend(vectors::jobs(quick));
    jobs.extend(testfloat::jobs(quick));
    let mut rows = evidence::for_each(&jobs, |job| job(), evidence::Row::print)?;
    rows.extend(exhaust_wide::rows(quick)?);
    rows.extend(proofs::rows(quick)?);
    let mutants = mutants::rows(arguments.quick)?;
    let costs = cost::rows(arguments.quick)?;
    let Some(file) = arguments.json else { return Ok(()) };
    let rows: Vec<_> = rows.iter().map(evidence::Row::json).collect();
    let mutants: Vec<_> = mutants.iter().map(mutants::Row::json).collect();
    let costs: Vec<_> = costs.iter().map(cost::Row::json).collect();
    let report = serde_json::json!({
        "benchmark": "arithmetic", "quick": arguments.quick, "rows": rows, "mutants": mutants,
        "costs": costs,
    });
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
