//! `scripts/bench proof [--quick] [--json FILE] [--only TEXT]`: what each engine proves, and in
//! what time, beside ABC's `pdr` on the same systems in the same run. Every proof is certified; that
//! time is told apart.

mod control;
mod multipliers;

use clap::Parser;
use olivine::blocks::{Fifo, FifoOrder, RoundRobin, SkidBuffer, SkidBufferOrder};
use olivine::formal::{Abc, Engine, Options, Report, Row, Verdict, miter, prove, prove_by};
use olivine::lang::{Module, elaborate, unsigned};
use olivine::netlist::{Design, PropertyKind};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Parser)]
struct Arguments {
    /// Small sizes only
    #[arg(long)]
    quick: bool,
    /// Write rows and sums as JSON
    #[arg(long)]
    json: Option<PathBuf>,
    /// Only tasks whose name holds this
    #[arg(long, default_value = "")]
    only: String,
    /// Only this engine
    #[arg(long)]
    engine: Option<String>,
    /// Seconds for each task and engine
    #[arg(long, default_value_t = 60.0)]
    time_limit: f64,
}

struct Task {
    name: String,
    design: Design,
}

#[derive(Serialize)]
struct Measured {
    task: String,
    engine: String,
    verdict: String,
    seconds: f64,
    certified: bool,
    certify_seconds: f64,
}

#[derive(Serialize)]
struct Results {
    rows: Vec<Measured>,
    solved: BTreeMap<String, usize>,
}

fn module<M: Module>(name: String, module: M) -> Task {
    let design = elaborate(module).unwrap_or_else(|faults| panic!("{faults}"));
    Task { name, design }
}

fn tasks(quick: bool) -> Vec<Task> {
    let mut tasks = Vec::new();
    let up_to = |sizes: &[u32], most: u32| -> Vec<u32> {
        sizes.iter().copied().filter(|&n| !quick || n <= most).collect()
    };
    let small = |n: u32| n as usize;
    for depth in up_to(&[4, 8, 16, 32, 64, 128, 256], 16) {
        let fifo = Fifo { of: unsigned(8), depth: small(depth) };
        tasks.push(module(format!("fifo {depth}, order and data"), FifoOrder(fifo)));
    }
    for n in up_to(&[4, 8, 16, 32, 64], 16) {
        tasks.push(module(format!("round robin {n}"), RoundRobin { n }));
    }
    for width in up_to(&[8, 32], 8) {
        let skid = SkidBuffer { of: unsigned(width) };
        tasks.push(module(format!("skid buffer {width}"), SkidBufferOrder(skid)));
    }
    tasks.extend(control::tasks());
    for width in up_to(&[8, 12, 16, 24, 32], 12) {
        let array = multipliers::array(width);
        let others =
            [("wallace", multipliers::wallace(width)), ("booth", multipliers::booth(width))];
        for (name, other) in others {
            let design = miter(&array, &other).unwrap_or_else(|faults| panic!("{faults}"));
            tasks.push(Task { name: format!("multiplier {width}, array and {name}"), design });
        }
    }
    tasks
}

/// The worst of all verdicts.
fn verdict(report: &Report) -> &'static str {
    let word = |row: &Row| match row.verdict {
        Verdict::Proved { .. } => "Proved",
        Verdict::Reached(_) => "Reached",
        Verdict::Violated(_) => "Violated",
        Verdict::Vacuous { .. } => "Vacuous",
        Verdict::Bounded { .. } => "Bounded",
        Verdict::Unknown { .. } => "Unknown",
    };
    let words: Vec<&str> = report.rows.iter().map(word).collect();
    let worst = ["Violated", "Vacuous", "Unknown", "Bounded", "Proved"];
    worst.into_iter().find(|w| words.contains(w)).unwrap_or("Reached")
}

/// Checks each certificate once; whether all hold.
fn certified(design: &Design, report: &Report) -> bool {
    let mut checked = Vec::new();
    for row in &report.rows {
        if let Verdict::Proved { certificate, .. } = &row.verdict
            && !checked.contains(&certificate)
        {
            if let Err(why) = certificate.check(design, Some(Duration::from_secs(600))) {
                eprintln!("{}: {why}", row.property);
                return false;
            }
            checked.push(certificate);
        }
    }
    !checked.is_empty()
}

/// Who proves.
#[derive(Clone)]
enum Prover {
    Ours(Engine),
    Abc(Abc),
}

/// The engines that are wanted; a peer that is not there is told.
fn provers(wanted: Option<&str>) -> Vec<(&'static str, Prover)> {
    let ours = Engine::NAMED.into_iter().filter(|(_, engine)| *engine != Engine::Bmc);
    let mut all: Vec<_> = ours.map(|(name, engine)| (name, Prover::Ours(engine))).collect();
    match Abc::find() {
        Ok(abc) => all.push(("abc", Prover::Abc(abc))),
        Err(missing) => eprintln!("without a peer: {missing}"),
    }
    all.retain(|(name, _)| wanted.is_none_or(|wanted| wanted == *name));
    all
}

fn measure(task: &Task, name: &str, prover: &Prover, limit: Duration) -> Measured {
    let options = Options { time_limit: Some(limit), ..Options::default() };
    let report = match prover {
        Prover::Ours(engine) => prove(&task.design, &Options { engine: *engine, ..options }),
        // It is asked about the assertions alone.
        Prover::Abc(abc) => prove_by(abc, &task.design, &options).map(|mut report| {
            report.rows.retain(|row| row.kind == PropertyKind::Assert);
            report
        }),
    };
    let report = report.unwrap_or_else(|faults| panic!("{faults}"));
    let begin = Instant::now();
    let verdict = verdict(&report);
    let certified = verdict == "Proved" && certified(&task.design, &report);
    Measured {
        task: task.name.clone(),
        engine: name.to_string(),
        verdict: verdict.to_string(),
        seconds: report.elapsed.as_secs_f64(),
        certified,
        certify_seconds: begin.elapsed().as_secs_f64(),
    }
}

fn main() {
    let arguments = Arguments::parse();
    let limit = Duration::from_secs_f64(arguments.time_limit);
    let provers = provers(arguments.engine.as_deref());
    let mut results = Results { rows: Vec::new(), solved: BTreeMap::new() };
    println!(
        "{:34} {:8} {:9} {:>9} {:>11}",
        "task", "engine", "verdict", "seconds", "certified in"
    );
    for task in tasks(arguments.quick).iter().filter(|t| t.name.contains(&arguments.only)) {
        for (name, prover) in &provers {
            let row = measure(task, name, prover, limit);
            let certified =
                if row.certified { format!("{:.2}", row.certify_seconds) } else { "-".into() };
            let (task, verdict, seconds) = (&row.task, &row.verdict, row.seconds);
            println!("{task:34} {name:8} {verdict:9} {seconds:9.2} {certified:>11}");
            *results.solved.entry(name.to_string()).or_default() += usize::from(row.certified);
            results.rows.push(row);
        }
    }
    println!("solved and certified: {:?}", results.solved);
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&results).expect("plain data");
        std::fs::write(path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
    if results.rows.is_empty() {
        eprintln!("error: no task or engine is called so");
        std::process::exit(2);
    }
}
