//! `olivine sim`: a design under random stimulus.

use crate::dependence::{Dependence, first_dependence};
use crate::exit::{CommandError, Exit, write_file, write_wave};
use crate::simulate::{Outcome, Run, simulate, simulate_each};
use crate::{EngineKind, Registry};
use olivine_interp::{Engine, Undefined, Violation};
use olivine_netlist::{Design, DomainId, PropertyKind};
use olivine_sim::{Compiled, Tier, Tuning};
use olivine_trace::{WaveFormat, WaveStream};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Instant;

#[derive(clap::Args)]
pub(super) struct Options {
    /// A registered design with its parameters (`fifo:depth=4`), or a file that ends in .nl
    design: String,
    /// Cycles to run after reset
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    cycles: u64,
    /// Seed of the stimulus and of undefined values
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Which simulator
    #[arg(long, value_enum, default_value_t)]
    engine: EngineKind,
    /// What the compiled simulator executes with: bytecode, portable, avx2 or avx512; by default the
    /// best that this processor can
    #[arg(long, value_parser = olivine_sim::Tier::from_str)]
    tier: Option<Tier>,
    /// Compute the gates of modules that say what function of floats they are, not the function
    #[arg(long)]
    gate_level: bool,
    /// Show which module takes how much of the machine code of a cycle
    #[arg(long)]
    profile: bool,
    /// Run it with several choices of all undefined values, and report the first output that depends
    /// on them
    #[arg(long)]
    check_undefined: bool,
    /// Write the kept cycles as a waveform file: .vcd, or .fst, which is compressed
    #[arg(long)]
    wave: Option<PathBuf>,
    /// How many cycles to keep for the wave: the last, or those up to the first violation
    #[arg(long, default_value_t = 10_000)]
    wave_cycles: usize,
    /// Write all cycles to the wave, while the run goes on
    #[arg(long, requires = "wave", conflicts_with = "wave_cycles")]
    wave_all: bool,
    /// Write the result as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

/// As many cycles as fit a terminal.
const DRAWN_CYCLES: usize = 15;

/// Up to so many signals are drawn; of a larger design, its ports.
const DRAWN_SIGNALS: usize = 40;

pub(super) fn run(registry: &Registry, options: &Options) -> Result<Exit, CommandError> {
    let design = registry.load(&options.design)?;
    let format = options.wave.as_ref().map(|path| WaveFormat::of(path));
    let format = format.transpose().map_err(CommandError::usage)?;
    if options.check_undefined && options.engine == EngineKind::Verilator {
        let message =
            "--check-undefined is not for --engine verilator, which knows no undefined value";
        return Err(CommandError::usage(message));
    }
    let (mut engine, notes) = start(&design, options)?;
    let start = Instant::now();
    let part = options.wave.as_ref().filter(|_| !options.wave_all);
    let keep = if part.is_some() { options.wave_cycles } else { DRAWN_CYCLES };
    let plan = Run { cycles: options.cycles, seed: options.seed, keep };
    let outcome = match (&options.wave, format) {
        (Some(path), Some(format)) if options.wave_all => {
            streamed(engine.as_mut(), plan, path, format)?
        }
        _ => simulate(engine.as_mut(), plan),
    };
    let seconds = start.elapsed().as_secs_f64();
    report(&design, options, &outcome, seconds);
    notes.iter().for_each(|note| println!("{note}"));
    if let Some(path) = part {
        write_wave(path, &outcome.trace)?;
    }
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&to_json(&design, options, &outcome, seconds));
        write_file(path, text.map_err(CommandError::failed)?.as_bytes())?;
    }
    let depends = options.check_undefined && !independent(&design, options)?;
    let failed = violated(&design, &outcome).next().is_some() || depends;
    Ok(if failed { Exit::Failed } else { Exit::Done })
}

/// A run all of whose cycles go to a waveform file.
fn streamed(
    engine: &mut dyn Engine,
    plan: Run,
    path: &Path,
    format: WaveFormat,
) -> Result<Outcome, CommandError> {
    let failed = |error: std::io::Error| {
        CommandError::failed(std::io::Error::other(format!("{}: {error}", path.display())))
    };
    let file = std::io::BufWriter::new(std::fs::File::create(path).map_err(failed)?);
    let mut wave = WaveStream::new(format, engine.signals(), file).map_err(failed)?;
    let outcome = simulate_each(engine, plan, &mut |values| wave.cycle(values)).map_err(failed)?;
    wave.finish().map_err(failed)?;
    Ok(outcome)
}

/// Whether no output was seen to depend on an undefined value; says what was seen.
fn independent(design: &Design, options: &Options) -> Result<bool, CommandError> {
    let start = |undefined| options.engine.start(design, undefined);
    let Some(found) = first_dependence(start, options.cycles, options.seed)? else {
        println!("undefined       no output was seen to depend on an undefined value");
        return Ok(true);
    };
    let Dependence { cycle, output, values, through } = found;
    let values: Vec<String> = values.iter().map(|value| format!("0x{value:x}")).collect();
    println!("undefined       `{output}` depends on an undefined value in cycle {cycle}:");
    println!("                it was {}, as the value was chosen", values.join(", "));
    if !through.is_empty() {
        println!("                what differs in that cycle too: {}", through.join(", "));
    }
    println!(
        "                help: give what it comes from a reset or an init value, or do not let it out"
    );
    Ok(false)
}

/// The simulator; of the compiled one, what executes and why, and what that costs.
fn start(
    design: &Design,
    options: &Options,
) -> Result<(Box<dyn Engine>, Vec<String>), CommandError> {
    let undefined = Undefined::Random(options.seed);
    if options.engine == EngineKind::Sim {
        let (tier, gate_level) = (options.tier, options.gate_level);
        let tuning = Tuning { tier, gate_level, ..Tuning::default() };
        let engine = Compiled::tuned(design, undefined, tuning);
        let mut notes = vec![format!("tier            {}", engine.choice())];
        if options.profile {
            notes.extend(profile(design, &engine)?);
        }
        return Ok((Box::new(engine), notes));
    }
    let asked = [
        ("--tier", options.tier.is_some()),
        ("--gate-level", options.gate_level),
        ("--profile", options.profile),
    ];
    match asked.iter().find(|(_, asked)| *asked) {
        Some((option, _)) => Err(CommandError::usage(format!("{option} is for --engine sim"))),
        None => Ok((options.engine.start(design, undefined)?, Vec::new())),
    }
}

/// Modules of less are not shown.
const SHOWN_PERCENT: f64 = 0.1;

/// What an edge of each clock domain costs, module by module.
fn profile(design: &Design, engine: &Compiled) -> Result<Vec<String>, CommandError> {
    let mut lines = Vec::new();
    for (index, domain) in design.top().domains.iter().enumerate() {
        let Some(work) = engine.work(DomainId(index as u32)) else {
            let message = format!(
                "--profile counts machine code, and {} executes here: take --tier avx2 or avx512, \
                 on a processor that has it",
                engine.tier()
            );
            return Err(CommandError::usage(message));
        };
        let all: u64 = work.iter().map(|w| w.instructions).sum();
        lines.push(format!("\n{all} instructions at an edge of {}:", domain.clock_name()));
        for w in work {
            let percent = 100.0 * w.instructions as f64 / all.max(1) as f64;
            if percent >= SHOWN_PERCENT {
                let (count, module, times) = (w.instructions, w.module, w.occurrences);
                lines.push(format!("{percent:6.1} %  {count:>9}  {module} ({times}×)"));
            }
        }
    }
    Ok(lines)
}

/// What the design owes and did not keep: its assertions, and what placed modules assume; up to the
/// first cycle in which the random stimulus broke an assumption.
fn violated<'a>(design: &'a Design, outcome: &'a Outcome) -> impl Iterator<Item = &'a Violation> {
    let broken = broken_assumption(design, outcome).unwrap_or(u64::MAX);
    let judged = outcome.violations.iter().filter(move |v| v.cycle < broken);
    judged.filter(|v| !of_stimulus(design, v))
}

/// Whether the violation is of an assumption of the design as a whole.
fn of_stimulus(design: &Design, violation: &Violation) -> bool {
    violation.kind == PropertyKind::Assume
        && design.top().properties.iter().any(|p| p.name == violation.path)
}

fn broken_assumption(design: &Design, outcome: &Outcome) -> Option<u64> {
    let assumes = outcome.violations.iter().filter(|v| of_stimulus(design, v));
    assumes.map(|v| v.cycle).min()
}

fn report(design: &Design, options: &Options, outcome: &Outcome, seconds: f64) {
    let shown = outcome.trace.cycles.len().min(DRAWN_CYCLES);
    let kept = outcome.trace.cycles.len();
    let mut last = outcome.trace.window(kept - shown, kept);
    if last.signals.len() > DRAWN_SIGNALS {
        last = last.filter(|signal| !signal.path.contains('.'));
    }
    let end = outcome.trace_start + kept as u64;
    let which = if end == options.cycles {
        format!("the last {shown}")
    } else {
        format!("{} to {}, around a violation,", end - shown as u64, end - 1)
    };
    println!("{}: {which} of {} cycles", design.top().name, options.cycles);
    print!("{last}");
    println!("seed            {}", options.seed);
    println!("outputs_digest  {}", outcome.outputs_digest);
    println!("cycles/s        {:.0}", options.cycles as f64 / seconds.max(1e-9));
    if let Some(cycle) = broken_assumption(design, outcome) {
        println!(
            "note: random stimulus broke an assumption in cycle {cycle}; later assertions are not judged"
        );
    }
    let endless = |p: &&olivine_netlist::Property| p.kind == PropertyKind::Live;
    let endless = design.flatten().properties.iter().filter(endless).count();
    if endless > 0 {
        println!("note: {endless} properties of runs without end are not judged; prove them");
    }
    for v in violated(design, outcome).take(10) {
        let place = design.show_place(v.place);
        println!("violated in cycle {}: `{}` ({place})", v.cycle, v.path);
    }
}

fn to_json(
    design: &Design,
    options: &Options,
    outcome: &Outcome,
    seconds: f64,
) -> serde_json::Value {
    let violations: Vec<_> = violated(design, outcome)
        .map(|v| json!({"cycle": v.cycle, "property": v.path, "place": design.show_place(v.place)}))
        .collect();
    json!({
        "design": options.design,
        "cycles": options.cycles,
        "seed": options.seed,
        "outputs_digest": outcome.outputs_digest,
        "violations": violations,
        "assumption_broken_in_cycle": broken_assumption(design, outcome),
        "timing": {"seconds": seconds, "cycles_per_second": options.cycles as f64 / seconds.max(1e-9)},
    })
}
