//! `scripts/bench sim [--quick] [--json FILE]`: the simulator beside Verilator, on arrays that
//! feed themselves, on processors that run a program and on a training step of Peridot; with
//! `--tiers` what executes on our side, beside each other.
//!
//! Both sides run in pairs, one after the other, so that a busy machine slows both; times are CPU
//! times, ratios medians. Each Verilator that is found (without `--quick`; else the first) gets our
//! Verilog and, if it is there, the yardstick's; the fastest model counts. Checksums must agree, of
//! one stimulus and of each in a batch; so must the whole state with the interpreter's.

mod designs;
mod float;
mod irregular;
mod memory;
mod ours;
#[path = "../riscv/processor/mod.rs"]
mod processor;
mod public;
mod report;
mod tiers;
mod verilator;

use clap::Parser;
use designs::{Array, Kind};
use olivine::emit::Verilog;
use olivine::netlist::Design;
use olivine::sim::{Tier, Tuning};
use olivine_tools::{Tool, Tools};
use report::{Means, PeridotStep, Results, Row, geomean, median};
use serde::Serialize;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use verilator::{Model, Ran, Source};

#[derive(Parser)]
struct Arguments {
    /// Small arrays only, shorter runs
    #[arg(long)]
    quick: bool,
    /// Only the design of this name, as the table has it
    #[arg(long)]
    only: Option<String>,
    /// Write rows and means as JSON
    #[arg(long)]
    json: Option<PathBuf>,
    /// What executes on our side (bytecode, portable, avx2, avx512); the best there is by default
    #[arg(long)]
    tier: Option<Tier>,
    /// The tiers beside each other, without Verilator
    #[arg(long, conflicts_with = "tier")]
    tiers: bool,
    /// Run the design in this file, for its memory alone
    #[arg(long, hide = true)]
    alone: Option<PathBuf>,
    /// Run this command and say how large its processes were
    #[arg(long, hide = true, num_args = 1.., allow_hyphen_values = true)]
    measured: Vec<OsString>,
    /// Folder with the yardstick's Verilog
    #[arg(long, default_value = "../shared/simbench/rtl")]
    rtl: PathBuf,
}

/// Kind, size and whether it is a small one.
const ARRAYS: [(Kind, usize, bool); 7] = [
    (Kind::Int8, 4, true),
    (Kind::Int8, 8, true),
    (Kind::Int8, 16, true),
    (Kind::Int8, 32, false),
    (Kind::Bf16, 4, true),
    (Kind::Bf16, 8, false),
    (Kind::Bf16, 16, false),
];

const SEED: u32 = 1;
const STIMULI: u32 = 16;
const PAIRS: usize = 7;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.measured.is_empty() {
        return memory::run(&arguments.measured);
    }
    let done = if let Some(file) = &arguments.alone {
        ours::alone(file)
    } else if arguments.tiers {
        tiers::measure(&arguments).and_then(|results| {
            results.print();
            arguments.keep(&results)
        })
    } else {
        measure(&arguments).and_then(|results| {
            results.print();
            arguments.keep(&results)
        })
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(arguments: &Arguments) -> Result<Results, String> {
    let mut tools = Tools::find().verilators().map_err(|missing| missing.to_string())?;
    tools.truncate(if arguments.quick { 1 } else { tools.len() });
    let (mut arrays, mut irregular) = (Vec::new(), Vec::new());
    for (kind, n, small) in ARRAYS {
        let asked = arguments.asks(&array_name(kind, n));
        if asked && (small || !arguments.quick) {
            arrays.push(row(arguments, &tools, array(arguments, kind, n)?)?);
        }
    }
    if arguments.asks("riscv") {
        irregular.push(row(arguments, &tools, processor()?)?);
    }
    if arguments.asks("vexriscv")
        && let Some(case) = public::case()?
    {
        irregular.push(row(arguments, &tools, case)?);
    }
    let all = || arrays.iter().chain(&irregular);
    Ok(Results {
        geomean: Means {
            gate_exact: geomean(arrays.iter().map(|row| row.gate_exact_ratio)),
            lifted: geomean(arrays.iter().map(|row| row.lifted_ratio)),
            batch: geomean(arrays.iter().map(|row| row.batch_ratio)),
            batch_gate_exact: geomean(arrays.iter().map(|row| row.batch_gate_exact_ratio)),
        },
        first_cycle_ms: all().map(|row| row.first_cycle_ms).fold(0.0, f64::max),
        irregular: geomean(irregular.iter().map(|row| row.gate_exact_ratio)),
        peridot_step: match arguments.asks("peridot") {
            true => Some(peridot_step(arguments.quick)?),
            false => None,
        },
        rows: all().cloned().collect(),
    })
}

impl Arguments {
    /// Writes results as JSON, if that was asked for.
    fn keep(&self, results: &impl Serialize) -> Result<(), String> {
        let Some(path) = &self.json else { return Ok(()) };
        let text = serde_json::to_string_pretty(results).expect("plain data");
        std::fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))
    }

    fn asks(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == name)
    }
}

/// A design that both sides run, with the ports `seed` and `chk`.
struct Case {
    name: String,
    design: Design,
    /// Verilog that others wrote of it; the faster of theirs and ours counts.
    theirs: Option<Source>,
}

fn array_name(kind: Kind, n: usize) -> String {
    format!("{kind:?} {n}").to_lowercase()
}

/// One of the seven.
fn array(arguments: &Arguments, kind: Kind, n: usize) -> Result<Case, String> {
    let name = format!("{kind:?}").to_lowercase();
    let design = olivine::lang::elaborate(Array { kind, n }).map_err(|e| e.to_string())?;
    let files = ["bench", "sa"].map(|part| arguments.rtl.join(format!("{part}_{name}.v")));
    let theirs = files.iter().all(|file| file.exists()).then(|| Source {
        name: "yardstick",
        files: files.to_vec(),
        top: format!("bench_{name}"),
        parameter: Some(format!("N={n}")),
        pins: ("clk".into(), "rst".into()),
    });
    Ok(Case { name: array_name(kind, n), design, theirs })
}

/// Our own processor.
fn processor() -> Result<Case, String> {
    let design = olivine::lang::elaborate(irregular::Processor).map_err(|e| e.to_string())?;
    Ok(Case { name: "riscv".into(), design, theirs: None })
}

fn row(arguments: &Arguments, tools: &[Tool], mut case: Case) -> Result<Row, String> {
    eprintln!("{} …", case.name);
    let models = models(tools, &mut case)?;
    let Case { name, design, .. } = case;
    // Gate by gate, and with functions of floats where the design says so.
    let tunings = [true, false].map(|gate_level| Tuning {
        tier: arguments.tier,
        gate_level,
        ..Tuning::default()
    });
    let ready = tunings.map(|tuning| ours::ready(&design, tuning, SEED));
    let target = if arguments.quick { 0.1 } else { 0.5 };
    let probe = 20_000;
    let speeds: Result<Vec<f64>, String> =
        models.iter().map(|m| Ok(probe as f64 / m.run(probe, SEED)?.seconds)).collect();
    let speeds = speeds?;
    let fastest = (0..models.len()).max_by(|a, b| speeds[*a].total_cmp(&speeds[*b]));
    let model = &models[fastest.expect("there is a model")];
    let theirs = model.run(probe, SEED)?.seconds / probe as f64;
    let cycles = |seconds: f64| (target / seconds) as u64 + 1;
    let single = ready.each_ref().map(|r| cycles(ours::run(r, probe).seconds / probe as f64));
    let many = tunings.map(|tuning| {
        let (_, spent) = ours::run_batch(&design, tuning, STIMULI, probe, SEED);
        cycles(spent / probe as f64)
    });
    let mut seen: [Pairs; 4] = Default::default();
    let mut verilated = vec![];
    for _ in 0..PAIRS {
        let reference = model.run(cycles(theirs), SEED)?;
        let speed = cycles(theirs) as f64 / reference.seconds;
        verilated.push(speed);
        for k in 0..2 {
            seen[k].note(single[k] as f64 / ours::run(&ready[k], single[k]).seconds, speed);
            let (_, seconds) = ours::run_batch(&design, tunings[k], STIMULI, many[k], SEED);
            seen[2 + k].note(many[k] as f64 * f64::from(STIMULI) / seconds, speed);
        }
    }
    for (ready, tuning) in ready.iter().zip(tunings) {
        agree(&models, ready, &design, tuning, probe)?;
        ours::same_state(&design, tuning, SEED)?;
    }
    let [(gate_exact, gate_exact_ratio), (lifted, lifted_ratio), of_gates, batch] =
        seen.map(Pairs::medians);
    let first_cycle_ms = ours::first_cycle(&design, tunings[1]);
    Ok(Row {
        design: name,
        tier: ready[0].tier().to_string(),
        verilator_text: model.source.to_string(),
        verilator_version: model.version.clone(),
        verilator: median(verilated),
        gate_exact,
        lifted,
        batch: batch.0,
        batch_gate_exact: of_gates.0,
        stimuli: STIMULI,
        gate_exact_ratio,
        lifted_ratio,
        batch_ratio: batch.1,
        batch_gate_exact_ratio: of_gates.1,
        first_cycle_ms,
        verilator_build_s: model.build,
        build_over_first_cycle: model.build / first_cycle_ms * 1e3,
        memory_mib: ours::memory(&design)?,
        verilator_memory_mib: model.memory()?,
    })
}

/// Speeds, each with its ratio to the reference that ran beside it.
#[derive(Default)]
struct Pairs {
    speeds: Vec<f64>,
    ratios: Vec<f64>,
}

impl Pairs {
    fn note(&mut self, speed: f64, reference: f64) {
        self.speeds.push(speed);
        self.ratios.push(speed / reference);
    }

    fn medians(self) -> (f64, f64) {
        (median(self.speeds), median(self.ratios))
    }
}

/// The models, by each Verilator: of our Verilog, and of the others' if there is some. Of a design
/// that was read with its reset as an input there is theirs alone.
fn models(tools: &[Tool], case: &mut Case) -> Result<Vec<Model>, String> {
    // The older Verilator builds in its own folder, so that names must be whole.
    let root = std::path::absolute("target/simbench").map_err(|e| e.to_string())?;
    let folder = root.join(case.name.replace(' ', "_"));
    std::fs::create_dir_all(&folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let emitted = Verilog::new(&case.design, &olivine::emit::Options::default());
    let file = folder.join("emitted.v");
    std::fs::write(&file, &emitted.text).map_err(|e| format!("{}: {e}", file.display()))?;
    let pins = &emitted.domains[0];
    let own = Source {
        name: "emitted",
        files: vec![file],
        top: emitted.top.clone(),
        parameter: None,
        pins: (pins.clock.clone(), pins.reset.clone()),
    };
    let is_ours = case.design.top().ports.iter().all(|port| port.name != "rst");
    let sources: Vec<Source> =
        is_ours.then_some(own).into_iter().chain(case.theirs.take()).collect();
    let all =
        tools.iter().enumerate().flat_map(|(i, tool)| sources.iter().map(move |s| (i, tool, s)));
    let build = |(i, tool, source): (usize, &Tool, &Source)| {
        Model::build(tool, &folder.join(format!("{}{i}", source.name)), source.clone())
    };
    all.map(build).collect()
}

/// All models, one stimulus and each of a batch have the same checksums.
fn agree(
    models: &[Model],
    ready: &olivine::sim::Compiled,
    design: &Design,
    tuning: Tuning,
    cycles: u64,
) -> Result<(), String> {
    let (sums, _) = ours::run_batch(design, tuning, STIMULI, cycles, SEED);
    let alone = ours::run(ready, cycles).checksum;
    let mut expected = vec![("one stimulus", 0, alone)];
    for model in models {
        for stimulus in [0, 1, STIMULI - 1] {
            let Ran { checksum, .. } = model.run(cycles, SEED + stimulus)?;
            expected.push((model.source, stimulus as usize, checksum));
        }
    }
    for (who, stimulus, checksum) in expected {
        if sums[stimulus] != checksum {
            let batch = sums[stimulus];
            return Err(format!(
                "checksums differ after {cycles} cycles with seed {}: {checksum:08x} ({who}), \
                 {batch:08x} (batch)",
                SEED as usize + stimulus
            ));
        }
    }
    Ok(())
}

/// Simulated cycles in a second of the same training on both engines, by the command itself.
fn peridot_step(quick: bool) -> Result<PeridotStep, String> {
    let array = if quick { 4 } else { 8 };
    // An example does not build the package's command.
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let build = ["build", "--quiet", "--release", "--package", "olivine", "--bin", "olivine"];
    succeeds(Command::new(cargo).args(build))?;
    let own = std::env::current_exe().map_err(|e| e.to_string())?;
    let command = own.parent().and_then(Path::parent).expect("in its folder").join("olivine");
    let speed = |engine: &str| {
        let json = Path::new("target/simbench").join(format!("{engine}.json"));
        let what = ["train", "digits", "--steps", "60", "--engine", engine];
        let sizes = ["--array", &array.to_string(), "--json"];
        succeeds(Command::new(&command).args(what).args(sizes).arg(&json))?;
        let text =
            std::fs::read_to_string(&json).map_err(|e| format!("{}: {e}", json.display()))?;
        let report: serde_json::Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
        let speed = report["timing"]["cycles_per_second"].as_f64();
        speed.ok_or_else(|| format!("{}: it has no speed", json.display()))
    };
    speed("verilator")?;
    let pairs: Result<Vec<(f64, f64)>, String> =
        (0..PAIRS).map(|_| Ok((speed("sim")?, speed("verilator")?))).collect();
    let pairs = pairs?;
    Ok(PeridotStep {
        array,
        ours: median(pairs.iter().map(|p| p.0).collect()),
        verilator: median(pairs.iter().map(|p| p.1).collect()),
        ratio: median(pairs.iter().map(|p| p.0 / p.1).collect()),
    })
}

/// Runs a command; an error is what it says.
fn succeeds(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|e| format!("{command:?}: {e}"))?;
    let said = || String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(said()) }
}
