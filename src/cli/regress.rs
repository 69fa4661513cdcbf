//! `olivine regress` and `olivine replay`: plans of seeds and benches, and one test again.

use crate::exit::{CommandError, Exit, write_file, write_wave};
use indicatif::{ProgressBar, ProgressStyle};
use olivine_regress::{
    DEFAULT_ROOT, Options, Outcome, Plan, Progress, Registry, RegressError, Verdict,
};
use std::io::{stdin, stdout};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(super) struct RegressOptions {
    /// The plan
    plan: PathBuf,
    /// Worker processes; the plan's number, or one for each core, without it
    #[arg(long)]
    jobs: Option<usize>,
    /// Where runs are kept
    #[arg(long, default_value = DEFAULT_ROOT)]
    root: PathBuf,
    /// Write the results as JUnit XML
    #[arg(long)]
    junit: Option<PathBuf>,
    /// Write the results as JSON
    #[arg(long)]
    json: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(super) struct ReplayOptions {
    /// The test, as the regression's table names it
    id: String,
    /// Where runs are kept
    #[arg(long, default_value = DEFAULT_ROOT)]
    root: PathBuf,
    /// Write the wave: .vcd or .fst
    #[arg(long)]
    wave: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(super) struct WorkerOptions {
    folder: PathBuf,
}

pub(super) fn run(benches: &Registry, options: &RegressOptions) -> Result<Exit, CommandError> {
    let plan = Plan::load(&options.plan, benches)?;
    let program = std::env::args().next().unwrap_or_else(|| "olivine".into());
    let mut replay_command = format!("{program} replay");
    if options.root != Path::new(DEFAULT_ROOT) {
        replay_command += &format!(" --root {}", options.root.display());
    }
    let settings = Options {
        root: options.root.clone(),
        jobs: options.jobs,
        replay_command,
        ..Options::default()
    };
    let bar = ProgressBar::new(plan.tasks.len() as u64);
    let style = "{elapsed:>4} {wide_bar} {pos}/{len} {msg}";
    bar.set_style(ProgressStyle::with_template(style).unwrap_or(ProgressStyle::default_bar()));
    let mut failures = 0;
    let told = &mut |progress: Progress| {
        failures += usize::from(progress.result.is_none_or(|r| r.verdict != Verdict::Pass));
        bar.set_position(progress.done as u64);
        bar.set_message(format!("{failures} not passed"));
    };
    let summary = olivine_regress::run(&plan, &settings, told)?;
    bar.finish_and_clear();
    println!("{summary}");
    if let Some(path) = &options.junit {
        write_file(path, summary.junit().as_bytes())?;
    }
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&summary).map_err(CommandError::failed)?;
        write_file(path, text.as_bytes())?;
    }
    Ok(Exit::from_code(summary.exit_code()))
}

pub(super) fn replay(benches: &Registry, options: &ReplayOptions) -> Result<Exit, CommandError> {
    let folder = olivine_regress::find_task(&options.root, &options.id)?;
    let replay = olivine_regress::replay(&folder, &options.id, benches)?;
    print!("{}", replay.trace);
    report(&replay);
    if let Some(path) = &options.wave {
        write_wave(path, &replay.trace)?;
    }
    if !replay.same() && !replay.design_changed() {
        let differences = replay.differences().join("; ");
        return Err(CommandError::failed(format!(
            "the replay differs from the run: {differences}"
        )));
    }
    Ok(if replay.verdict() == Verdict::Pass { Exit::Done } else { Exit::Failed })
}

fn report(replay: &olivine_regress::Replay) {
    println!("test     {}", replay.task.id);
    println!("seed     {}", replay.task.seed);
    println!("verdict  {}", replay.verdict());
    println!("cycles   {}", replay.cycles);
    let finding = match &replay.outcome {
        Outcome::Fail(finding) => finding.failure.message.clone(),
        _ => String::new(),
    };
    finding.lines().for_each(|line| println!("  {line}"));
    if replay.design_changed() {
        println!("note: the design is not the one of the run");
    }
    let same = if replay.same() { "the run came again exactly" } else { "not as in the run" };
    println!("replay   {same}");
}

pub(super) fn worker(benches: &Registry, options: &WorkerOptions) -> Result<Exit, CommandError> {
    olivine_regress::worker(&options.folder, benches, stdin().lock(), stdout().lock())?;
    Ok(Exit::Done)
}

impl From<RegressError> for CommandError {
    fn from(error: RegressError) -> Self {
        Self::with_code(error.exit_code(), error)
    }
}
