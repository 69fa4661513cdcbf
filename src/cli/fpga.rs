//! `olivine fpga`: bitstreams.

use crate::Registry;
use crate::exit::{CommandError, Exit, write_file};
use indicatif::{ProgressBar, ProgressStyle};
use olivine_fpga::{Board, BuildError, BuildReport, Options, Progress};
use olivine_netlist::Design;
use std::path::PathBuf;
use std::time::Duration;

#[derive(clap::Subcommand)]
pub(super) enum Verb {
    /// Synthesize, place, route and pack a design for a board
    Build(BuildOptions),
    /// List the boards it knows
    Boards,
}

#[derive(clap::Args)]
pub(super) struct BuildOptions {
    /// A registered design with its parameters (`peridot:array=4`), or a file that ends in .nl
    design: String,
    /// The board, by name, or a file of the same form as those in fpga/boards
    #[arg(long)]
    board: String,
    /// The placer's seed
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Write the report as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

pub(super) fn run(registry: &Registry, verb: &Verb) -> Result<Exit, CommandError> {
    match verb {
        Verb::Build(options) => build(registry, options),
        Verb::Boards => {
            Board::names().for_each(|name| println!("{name}"));
            Ok(Exit::Done)
        }
    }
}

fn build(registry: &Registry, options: &BuildOptions) -> Result<Exit, CommandError> {
    let board = Board::load(&options.board).map_err(BuildError::from)?;
    let (design, stand_in) = registry.load_for_board(&options.design, board.clock.mhz)?;
    if let Some(summary) = stand_in {
        println!("{} goes to the board as: {summary}\n", options.design);
    }
    match build_with_progress(&design, &board, options) {
        Ok(report) => show(&report, options),
        Err(BuildError::Timing(report)) => {
            show(&report, options)?;
            Err(BuildError::Timing(report).into())
        }
        Err(error) => Err(error.into()),
    }
}

fn show(report: &BuildReport, options: &BuildOptions) -> Result<Exit, CommandError> {
    println!("{report}");
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(report).map_err(CommandError::failed)?;
        write_file(path, text.as_bytes())?;
    }
    Ok(Exit::Done)
}

fn build_with_progress(
    design: &Design,
    board: &Board,
    options: &BuildOptions,
) -> Result<BuildReport, BuildError> {
    let name = options.design.split(':').next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default().trim_end_matches(".nl");
    let settings =
        Options { name: Some(name.to_string()), seed: options.seed, ..Options::default() };
    let bar = ProgressBar::new_spinner();
    let style = "{spinner} {elapsed:>4} {prefix}: {wide_msg}";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or(ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(200));
    let told = &mut |progress: Progress| match progress {
        Progress::Begin(stage) => bar.set_prefix(stage.name()),
        Progress::Line(_, line) => bar.set_message(line.to_string()),
    };
    let result = olivine_fpga::build(design, board, &settings, told);
    bar.finish_and_clear();
    result
}

impl From<BuildError> for CommandError {
    fn from(error: BuildError) -> Self {
        Self::with_code(error.exit_code(), error)
    }
}
