//! `scripts/bench proof [--quick] [--json FILE] [--table FILE] [--only TEXT]`: what each engine proves,
//! and in what time, beside those of others that are found (ABC's `pdr` with the project's environment,
//! the rest by `scripts/peers`) on the same systems in the same run. Every proof is certified; that
//! time is told apart. `formal/EVIDENCE.md` keeps a table.
//!
//! Arithmetic of floats is proved by cases, and solvers of SMT-LIB are asked about it: see [`floats`].
//! `--public` and `--files DIR` take files of the model-checking competition's forms instead: see
//! [`public`].

#[path = "../../hdl/float/tests/common/cases.rs"]
mod cases;
mod control;
mod floats;
mod measure;
#[path = "../../hdl/float/tests/common/miter.rs"]
#[allow(dead_code)] // Cases bring their own designs.
mod miter;
mod multipliers;
mod public;
mod table;
#[path = "../../hdl/float/tests/common/textbook.rs"]
mod textbook;

use clap::Parser;
use measure::{CASES, Measured, Prover, Task, measure, provers};
use olivine::blocks::{Fifo, FifoOrder, RoundRobin, SkidBuffer, SkidBufferOrder};
use olivine::formal::{Engine, SmtSolver, Start, miter};
use olivine::lang::{Module, elaborate, unsigned};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Parser)]
struct Arguments {
    /// Small sizes and short limits
    #[arg(long)]
    quick: bool,
    /// Write rows and sums as JSON
    #[arg(long)]
    json: Option<PathBuf>,
    /// Write tasks and engines as a table, in Markdown
    #[arg(long)]
    table: Option<PathBuf>,
    /// Only tasks whose name holds this
    #[arg(long, default_value = "")]
    only: String,
    /// Only these engines, commas between them
    #[arg(long)]
    engine: Option<String>,
    /// Files of the model-checking competition's forms that packages of the registry hold
    #[arg(long)]
    public: bool,
    /// The files of those forms in this folder
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
    /// Seconds for each task and engine; for all cases of one five times that. 60, or 10 with --quick
    #[arg(long)]
    time_limit: Option<f64>,
}

#[derive(Serialize)]
struct Results {
    rows: Vec<Measured>,
    /// By engine: proofs that are certified.
    solved: BTreeMap<String, usize>,
    /// By engine: runs that violate something, replayed.
    violated: BTreeMap<String, usize>,
    /// Tasks of which two engines say the opposite.
    contradicted: Vec<String>,
}

fn module<M: Module>(name: String, module: M) -> Task {
    let design = elaborate(module).unwrap_or_else(|faults| panic!("{faults}"));
    Task { name, designs: vec![design], start: Start::AfterReset { edges: 1 } }
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
            let name = format!("multiplier {width}, array and {name}");
            tasks.push(Task { name, designs: vec![design], start: Start::AfterReset { edges: 1 } });
        }
    }
    tasks.extend(floats::by_cases(quick));
    tasks
}

fn wanted(arguments: &Arguments) -> Vec<Task> {
    if let Some(folder) = &arguments.files {
        return public::tasks(std::slice::from_ref(folder));
    }
    if arguments.public {
        let folders = public::packages().unwrap_or_else(|why| {
            eprintln!("error: {why}");
            std::process::exit(3);
        });
        return public::tasks(&folders);
    }
    tasks(arguments.quick)
}

impl Results {
    fn add(&mut self, row: Measured) {
        let certified =
            if row.certified { format!("{:.2}", row.certify_seconds) } else { "-".into() };
        let (task, engine, verdict, seconds) = (&row.task, &row.engine, &row.verdict, row.seconds);
        println!("{task:34} {engine:8} {verdict:9} {seconds:9.2} {certified:>11}");
        *self.solved.entry(engine.clone()).or_default() += usize::from(row.certified);
        let violated = usize::from(verdict == "Violated");
        *self.violated.entry(engine.clone()).or_default() += violated;
        self.rows.push(row);
    }

    /// Every engine on every task.
    fn measure(&mut self, arguments: &Arguments, limit: Duration) {
        let is_file = arguments.public || arguments.files.is_some();
        let ours = Engine::NAMED.map(|(_, engine)| engine);
        let ours = ours.into_iter().filter(|engine| match is_file {
            true => *engine == Engine::Auto,
            false => *engine != Engine::Bmc,
        });
        let provers = provers(arguments.engine.as_deref(), &ours.collect::<Vec<_>>());
        // Of our engines cases are for the one that is asked by default.
        let takes = |task: &Task, prover: &Prover| {
            task.designs.len() == 1
                || !matches!(prover, Prover::Ours(engine) if *engine != Engine::Auto)
        };
        for task in wanted(arguments).iter().filter(|t| t.name.contains(&arguments.only)) {
            let begin = self.rows.len();
            for (name, prover) in provers.iter().filter(|(_, prover)| takes(task, prover)) {
                self.add(measure(task, name, prover, limit));
            }
            let says = |word: &str| self.rows[begin..].iter().any(|row| row.verdict == word);
            if says("Proved") && says("Violated") {
                self.contradicted.push(task.name.clone());
            }
        }
    }
}

fn main() {
    let arguments = Arguments::parse();
    let seconds = arguments.time_limit.unwrap_or(if arguments.quick { 10.0 } else { 60.0 });
    let limit = Duration::from_secs_f64(seconds);
    let mut results = Results {
        rows: Vec::new(),
        solved: BTreeMap::new(),
        violated: BTreeMap::new(),
        contradicted: Vec::new(),
    };
    println!(
        "{:34} {:8} {:9} {:>9} {:>11}",
        "task", "engine", "verdict", "seconds", "certified in"
    );
    results.measure(&arguments, limit);
    if !arguments.public && arguments.files.is_none() {
        let named = arguments.engine.as_deref().unwrap_or("bitwuzla");
        let solvers = SmtSolver::NAMED.into_iter().filter(|(name, _)| named.contains(name));
        let solvers: Vec<SmtSolver> = solvers.map(|(_, solver)| solver).collect();
        let rows = floats::measure(&arguments.only, &solvers, limit * CASES);
        rows.into_iter().for_each(|row| results.add(row));
    }
    println!("solved and certified: {:?}", results.solved);
    println!("violated and replayed: {:?}", results.violated);
    println!("contradicted: {:?}", results.contradicted);
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&results).expect("plain data");
        std::fs::write(path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
    if let Some(path) = &arguments.table {
        let text = table::markdown(&results.rows, seconds);
        std::fs::write(path, text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    }
    if results.rows.is_empty() {
        eprintln!("error: no task or engine is called so");
        std::process::exit(2);
    }
    if !results.contradicted.is_empty() {
        std::process::exit(1);
    }
}
