//! `olivine train`: networks on the simulated chip.

use crate::exit::{CommandError, Exit, write_file};
use crate::train::{self, Device, Outcome, Phase, Progress, TrainError};
use crate::{EngineKind, designs};
use indicatif::{ProgressBar, ProgressStyle};
use olivine_interp::Undefined;
use std::path::PathBuf;

#[derive(clap::Args)]
pub(super) struct Options {
    /// What to train
    #[arg(value_enum)]
    workload: Workload,
    /// Rows and columns of the chip's array: a power of two
    #[arg(long, default_value_t = 8)]
    array: u32,
    /// Training steps
    #[arg(long, default_value_t = train::Options::default().steps)]
    steps: u64,
    /// Seed of initial weights and batches
    #[arg(long, default_value_t = train::Options::default().seed)]
    seed: u64,
    /// Which simulator runs the chip
    #[arg(long, value_enum, default_value_t)]
    engine: TrainEngine,
    /// Write the report as JSON
    #[arg(long)]
    json: Option<PathBuf>,
    /// Where to draw the loss curve
    #[arg(long, default_value = "target/olivine/digits-loss.svg")]
    curve: PathBuf,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Workload {
    /// The MLP 64-32-10 on the UCI optical digits
    Digits,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum TrainEngine {
    /// The compiled simulator
    #[default]
    Sim,
    /// The interpreter: slow, and the meaning of a design
    Interp,
    /// Compiled simulator and interpreter in lockstep
    Lockstep,
    /// The emitted Verilog in Verilator
    Verilator,
    /// No hardware: the golden model of the chip
    Model,
}

pub(super) fn run(options: &Options) -> Result<Exit, CommandError> {
    let Workload::Digits = options.workload;
    let outcome = match options.engine {
        TrainEngine::Model => train_on(options, Device::Model { array: options.array }),
        TrainEngine::Sim => train_on_chip(options, EngineKind::Sim),
        TrainEngine::Interp => train_on_chip(options, EngineKind::Interp),
        TrainEngine::Lockstep => train_on_chip(options, EngineKind::Lockstep),
        TrainEngine::Verilator => train_on_chip(options, EngineKind::Verilator),
    }?;
    println!("{}", outcome.report);
    write_file(&options.curve, outcome.curve.svg().as_bytes())?;
    println!("loss curve: {}", options.curve.display());
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&outcome.report).map_err(CommandError::failed)?;
        write_file(path, text.as_bytes())?;
    }
    Ok(Exit::Done)
}

fn train_on_chip(options: &Options, engine: EngineKind) -> Result<Outcome, CommandError> {
    let config = train::chip_config(options.array)?;
    let design = designs::peridot(config)?;
    let mut engine = engine.start(&design, Undefined::Random(options.seed))?;
    train_on(options, Device::Chip { engine: engine.as_mut(), config })
}

fn train_on(options: &Options, device: Device<'_>) -> Result<Outcome, CommandError> {
    let settings =
        train::Options { steps: options.steps, seed: options.seed, ..train::Options::default() };
    Ok(train::run(&settings, device, &mut Bars(ProgressBar::hidden()))?)
}

/// One bar for each phase.
struct Bars(ProgressBar);

impl Progress for Bars {
    fn begin(&mut self, phase: Phase, units: u64) {
        let name = match phase {
            Phase::Training => "training",
            Phase::Evaluation => "evaluation",
            Phase::Reference => "float32",
        };
        let style = "{prefix:>10} {wide_bar} {pos}/{len} {elapsed}<{eta} {msg}";
        let style = ProgressStyle::with_template(style);
        self.0 = ProgressBar::new(units).with_prefix(name);
        self.0.set_style(style.unwrap_or(ProgressStyle::default_bar()));
    }

    fn step(&mut self, _step: u64, loss: f32, accuracy: f64) {
        self.0.set_message(format!("loss {loss:.3} accuracy {:.1} %", accuracy * 100.0));
    }

    fn advance(&mut self, units: u64) {
        self.0.inc(units);
    }

    fn end(&mut self) {
        self.0.finish();
    }
}

impl From<TrainError> for CommandError {
    fn from(error: TrainError) -> Self {
        match error {
            TrainError::Option { .. } | TrainError::Config(_) => Self::usage(error),
            other => Self::failed(other),
        }
    }
}
