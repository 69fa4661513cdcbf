//! `olivine prove`: a verdict for each property of a design.

use crate::Registry;
use crate::exit::{CommandError, Exit, write_file};
use indicatif::{ProgressBar, ProgressStyle};
use olivine_formal::{Engine, Options, Report, Row, Selection, Verdict, prove_with};
use olivine_netlist::Design;
use serde_json::json;
use std::path::PathBuf;
use std::time::Duration;

#[derive(clap::Args)]
pub(super) struct ProveOptions {
    /// A registered design with its parameters (`peridot:array=4`), or a file that ends in .nl
    design: String,
    /// Only the property with this name, path included; may be given several times
    #[arg(long)]
    property: Vec<String>,
    /// How to search: bmc (finds violations, proves nothing), kind (k-induction), pdr (an
    /// invariant), exhaust (every pattern of few bits), auto (all of them)
    #[arg(long, default_value = "auto", value_parser = engine)]
    engine: Engine,
    /// The longest runs to search, in samples after reset; also the largest k
    #[arg(long, default_value_t = Options::default().depth)]
    depth: u32,
    /// Seconds for everything together
    #[arg(long, default_value_t = 60.0)]
    time_limit: f64,
    /// Write the verdicts as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

fn engine(name: &str) -> Result<Engine, String> {
    Engine::from_name(name).ok_or_else(|| {
        let known = Engine::NAMED.map(|(name, _)| name).join(", ");
        format!("known are {known}")
    })
}

/// 1 if something is violated or vacuous, 4 if the limits left something open that the engine
/// could have settled, else 0. Bounded is all that was asked of `--engine bmc`.
pub(super) fn run(registry: &Registry, given: &ProveOptions) -> Result<Exit, CommandError> {
    let design = registry.load(&given.design)?;
    let time_limit = Duration::try_from_secs_f64(given.time_limit)
        .map_err(|e| CommandError::usage(format!("--time-limit {}: {e}", given.time_limit)))?;
    let properties = match given.property.as_slice() {
        [] => Selection::All,
        names => Selection::Named(names.to_vec()),
    };
    let options = Options {
        engine: given.engine,
        depth: given.depth,
        time_limit: Some(time_limit),
        properties,
        ..Options::default()
    };
    let report = prove_with_progress(&design, &options)?;
    println!("{report}");
    if let Some(path) = &given.json {
        let rows: Vec<_> = report.rows.iter().map(to_json).collect();
        let all = json!({ "design": given.design, "design_digest": design.digest(), "rows": rows });
        let text = serde_json::to_string_pretty(&all).map_err(CommandError::failed)?;
        write_file(path, text.as_bytes())?;
    }
    Ok(exit(&report, given.engine))
}

fn prove_with_progress(design: &Design, options: &Options) -> Result<Report, CommandError> {
    let bar = ProgressBar::new_spinner();
    let style = "{spinner} {elapsed:>4} {msg}";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or(ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    let report = prove_with(design, options, &mut |told| {
        bar.set_message(format!("{}: {} properties open", told.work, told.open));
    });
    bar.finish_and_clear();
    report.map_err(CommandError::usage)
}

fn exit(report: &Report, engine: Engine) -> Exit {
    let open = |row: &Row| match row.verdict {
        Verdict::Unknown { .. } => true,
        Verdict::Bounded { .. } => engine != Engine::Bmc,
        _ => false,
    };
    if report.failed() {
        Exit::Failed
    } else if report.rows.iter().any(open) {
        Exit::Limits
    } else {
        Exit::Done
    }
}

fn to_json(row: &Row) -> serde_json::Value {
    let (verdict, detail) = match &row.verdict {
        Verdict::Proved { k, .. } => ("Proved", json!({ "k": k })),
        Verdict::Bounded { depth } => ("Bounded", json!({ "depth": depth })),
        Verdict::Violated(shown) => ("Violated", json!({ "cycles": shown.trace.cycles.len() })),
        Verdict::Reached(shown) => ("Reached", json!({ "cycles": shown.trace.cycles.len() })),
        Verdict::Vacuous { samples } => ("Vacuous", json!({ "samples": samples })),
        Verdict::Unknown { reason, depth } => {
            ("Unknown", json!({ "reason": reason, "depth": depth }))
        }
    };
    json!({
        "property": row.property,
        "place": row.place,
        "verdict": verdict,
        "untriggered_samples": row.untriggered,
        "detail": detail,
        "timing": { "seconds": row.elapsed.as_secs_f64() },
    })
}
