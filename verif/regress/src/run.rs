//! [`run`]: a whole plan.

use crate::manifest::FORMAT;
use crate::pool::Pool;
use crate::{DEFAULT_ROOT, Manifest, Plan, RegressError, RunFolder, Summary, TaskResult};
use std::path::PathBuf;
use std::time::Instant;

/// How to run a plan.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where the run's folder is made.
    pub root: PathBuf,
    /// Number of worker processes; the plan's, else one for each core, without it.
    pub jobs: Option<usize>,
    /// What a user types before a task's id to replay it.
    pub replay_command: String,
    /// The executable that becomes a worker; this process's own without it.
    pub executable: Option<PathBuf>,
    /// Arguments before [`WORKER_SUBCOMMAND`](crate::WORKER_SUBCOMMAND).
    pub arguments: Vec<String>,
    /// Environment variables for the workers.
    pub variables: Vec<(String, String)>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            root: DEFAULT_ROOT.into(),
            jobs: None,
            replay_command: "olivine replay".into(),
            executable: None,
            arguments: Vec::new(),
            variables: Vec::new(),
        }
    }
}

/// What is told after each task.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Number of tasks with a result.
    pub done: usize,
    /// Number of tasks.
    pub total: usize,
    /// The result that has just come; `None` if it cannot be read, which the summary explains.
    pub result: Option<&'a TaskResult>,
}

/// Runs every task of a plan in worker processes and sums up what they wrote. The summary stands
/// in the run's folder as `summary.json` and `junit.xml` too.
///
/// An error means that the run could not be made; failing tasks are in the summary, whose
/// [`exit_code`](Summary::exit_code) says whether all is well.
pub fn run(
    plan: &Plan,
    options: &Options,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, RegressError> {
    let start = Instant::now();
    let folder = RunFolder::create(&options.root, &plan.name)?;
    let manifest = Manifest {
        format: FORMAT,
        plan: plan.name.clone(),
        replay_command: options.replay_command.clone(),
        tasks: plan.tasks.clone(),
    };
    let text = serde_json::to_string_pretty(&manifest).expect("a manifest has a JSON form") + "\n";
    folder.write_once(&folder.manifest(), &text)?;
    folder.write_once(&folder.path().join("plan.toml"), &plan.text)?;

    let executable = match &options.executable {
        Some(executable) => executable.clone(),
        None => {
            std::env::current_exe().map_err(|error| RegressError::file(folder.path(), error))?
        }
    };
    let pool = Pool {
        folder: &folder,
        tasks: &manifest.tasks,
        replay_command: &manifest.replay_command,
        executable,
        arguments: &options.arguments,
        variables: &options.variables,
        attempt: 1,
    };
    let mut done = 0;
    pool.run(jobs(plan, options), |index| {
        done += 1;
        let result = TaskResult::load(&folder, &manifest.tasks[index], 1).ok().flatten();
        progress(Progress { done, total: manifest.tasks.len(), result: result.as_ref() });
    })?;
    let summary = Summary::collect(&folder, start.elapsed().as_secs_f64())?;
    let json = serde_json::to_string_pretty(&summary).expect("a summary has a JSON form") + "\n";
    folder.write_once(&folder.path().join("summary.json"), &json)?;
    folder.write_once(&folder.path().join("junit.xml"), &summary.junit())?;
    Ok(summary)
}

fn jobs(plan: &Plan, options: &Options) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    options.jobs.or(plan.jobs).unwrap_or_else(cores).max(1)
}
