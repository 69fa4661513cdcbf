//! `olivine wave`: a wave in the terminal.

use crate::exit::{CommandError, Exit};
use crate::simulate::{Run, simulate};
use crate::wave::{Radix, Wave, read};
use crate::{EngineKind, Registry};
use olivine_interp::Undefined;
use olivine_trace::Drawing;
use std::path::Path;

#[derive(clap::Args)]
pub(super) struct Options {
    /// A waveform file (.vcd, .fst, .ghw), or a DESIGN to run under random stimulus
    source: String,
    /// Only signals whose path matches: `*` is any text, `?` any character; may be given several
    /// times, and is drawn in that order
    #[arg(short, long = "signal", value_name = "PATTERN")]
    signals: Vec<String>,
    /// The first cycle to draw
    #[arg(long, default_value_t = 0)]
    from: usize,
    /// The cycle to stop before; as many as fit the width without it
    #[arg(long)]
    to: Option<usize>,
    /// How to write numbers; without it a design's as they read, a file's in hexadecimal
    #[arg(long, value_enum)]
    radix: Option<Radix>,
    /// Columns of the terminal; the variable COLUMNS, or 100, without it
    #[arg(long)]
    width: Option<usize>,
    /// List the signals instead
    #[arg(long)]
    list: bool,
    /// The clock of a file, by its path or name
    #[arg(long)]
    clock: Option<String>,
    /// Cycles to run a design after reset
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    cycles: u64,
    /// Seed of a design's stimulus and of undefined values
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Up to so many signals are drawn where none are chosen.
const DRAWN_SIGNALS: usize = 40;

/// Cycles that are drawn where no end is given.
const DRAWN_CYCLES: usize = 20;

pub(super) fn run(registry: &Registry, options: &Options) -> Result<Exit, CommandError> {
    let whole = wave(registry, options)?;
    if options.list {
        whole.paths().for_each(|path| println!("{path}"));
        return Ok(Exit::Done);
    }
    if options.from >= whole.cycles() {
        return Err(CommandError::usage(format!(
            "the wave has {} cycles; --from {} is past its end",
            whole.cycles(),
            options.from
        )));
    }
    let (chosen, hidden) = match options.signals.as_slice() {
        [] => whole.outermost(DRAWN_SIGNALS),
        patterns => {
            let list = |e| format!("{e}; --list shows what there is");
            (whole.select(patterns).map_err(list).map_err(CommandError::usage)?, 0)
        }
    };
    let to = options.to.unwrap_or(options.from.saturating_add(DRAWN_CYCLES));
    let drawing = Drawing::default().window(options.from, to).width(width(options));
    print!("{}", chosen.draw(&drawing, options.radix.unwrap_or_default()));
    println!("{} cycles in all", whole.cycles());
    if hidden > 0 {
        println!("{hidden} signals are not drawn; choose with --signal, see them with --list");
    }
    whole.note.iter().for_each(|note| println!("{note}"));
    Ok(Exit::Done)
}

fn wave(registry: &Registry, options: &Options) -> Result<Wave, CommandError> {
    let path = Path::new(&options.source);
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    if ["vcd", "fst", "ghw"].contains(&extension) {
        return read(path, options.clock.as_deref()).map_err(CommandError::usage);
    }
    let design = registry.load(&options.source)?;
    let mut engine = EngineKind::Sim.start(&design, Undefined::Random(options.seed))?;
    let cycles = options.cycles;
    let plan = Run { cycles, seed: options.seed, keep: cycles as usize };
    let outcome = simulate(engine.as_mut(), plan);
    Ok(Wave::of_trace(&outcome.trace, options.radix))
}

fn width(options: &Options) -> usize {
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    options.width.or_else(said).unwrap_or(100)
}
