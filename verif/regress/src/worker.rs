//! [`worker`]: the process that runs tasks.

use crate::panics::guarded;
use crate::{
    Finding, Manifest, Outcome, Recorder, Registry, RegressError, RunFolder, Task, TaskResult,
    Verdict,
};
use serde_json::json;
use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// The argument that makes an executable a worker. It is followed by the run's folder.
pub const WORKER_SUBCOMMAND: &str = "regress-worker";

/// Begins the lines that a worker says to its runner; whatever else benches print is ignored.
pub(crate) const REPLY: &str = "@olivine ";

/// The part of a task's time limit after which a failure is shrunk no further.
const SHRINK_SHARE: f64 = 0.6;

/// Runs the tasks that `orders` names, one line `ID ATTEMPT` each, until it ends, and writes a
/// result for each into the run's folder. After a task it says so on `replies`.
///
/// A task that exceeds its time limit gets its TIMEOUT result, and the process ends there and
/// then, with code 4: a bench cannot be stopped otherwise. Some other process must take the
/// rest of its orders.
///
/// An executable that calls [`run`](crate::run) must call this when its first argument is
/// [`WORKER_SUBCOMMAND`], with its second as `folder`, before it prints anything.
pub fn worker(
    folder: &Path,
    registry: &Registry,
    orders: impl BufRead,
    mut replies: impl Write,
) -> Result<(), RegressError> {
    let folder = Arc::new(RunFolder::open(folder));
    let manifest = Manifest::load(&folder)?;
    let watch = Watch::start(folder.clone(), manifest.replay_command.clone());
    for order in orders.lines() {
        let order = order.map_err(|error| RegressError::file(folder.path(), error))?;
        let (id, attempt) = order.split_once(' ').unwrap_or((&order, "1"));
        let task = manifest.find(id);
        let (Some(task), Ok(attempt)) = (task, attempt.parse()) else {
            let fault = format!("the run in {} has no task `{order}`", folder.path().display());
            return Err(RegressError::Unknown(fault));
        };
        watch.begin(task, attempt);
        let result = perform(&folder, registry, &manifest, task, attempt);
        watch.end();
        result?.write(&folder)?;
        // The runner may be gone: the result stands all the same.
        let _ = writeln!(replies, "{REPLY}{id} {attempt}").and_then(|()| replies.flush());
    }
    Ok(())
}

/// Runs one task and says what came of it.
fn perform(
    folder: &RunFolder,
    registry: &Registry,
    manifest: &Manifest,
    task: &Task,
    attempt: u32,
) -> Result<TaskResult, RegressError> {
    let start = Instant::now();
    let shrink_time = Duration::from_secs_f64(task.time_limit_s * SHRINK_SHARE);
    let mut recorder = Recorder::new().until(start + shrink_time);
    let outcome = match registry.find(&task.bench) {
        Some(bench) => guarded(|| bench.run(task.seed, &task.parameters, &mut recorder))
            .unwrap_or_else(|failure| {
                Outcome::Error(format!("the bench panicked: {}", failure.message))
            }),
        None => Outcome::Error(format!("there is no bench `{}`", task.bench)),
    };
    let new = |verdict| TaskResult::new(task, attempt, verdict, &manifest.replay_command);
    let mut result = match outcome {
        Outcome::Pass => new(Verdict::Pass),
        Outcome::Fail(finding) => {
            let kept = keep_stimulus(folder, task, attempt, &finding)?;
            let failure = finding.failure;
            let failed = new(Verdict::Fail).saying(&failure.signature, failure.message);
            TaskResult { stimulus: Some(kept), shrunk: finding.shrunk, ..failed }
        }
        Outcome::Error(message) => new(Verdict::Error).saying("error", message),
        Outcome::Missing(missing) => {
            let result = new(Verdict::Error).saying("missing tool", missing.to_string());
            TaskResult { missing_tool: Some(missing.name), ..result }
        }
    };
    result.design_digest = recorder.design_digest().map(Into::into);
    result.cycles = recorder.cycles();
    result.seconds = start.elapsed().as_secs_f64();
    Ok(result)
}

/// Writes a failure's stimulus; the name of its file.
fn keep_stimulus(
    folder: &RunFolder,
    task: &Task,
    attempt: u32,
    finding: &Finding,
) -> Result<String, RegressError> {
    let name = RunFolder::stimulus_name(&task.id, attempt);
    let kept = json!({
        "format": crate::manifest::FORMAT,
        "bench": task.bench,
        "parameters": task.parameters,
        "seed": task.seed,
        "signature": finding.failure.signature,
        "stimulus": finding.stimulus,
    });
    folder.write_once(&folder.path().join(&name), &format!("{kept:#}\n"))?;
    Ok(name)
}

/// A thread that ends the process when a task takes too long.
struct Watch {
    orders: Sender<Option<(Task, u32)>>,
}

impl Watch {
    fn start(folder: Arc<RunFolder>, replay_command: String) -> Self {
        let (orders, inbox) = channel();
        std::thread::spawn(move || watch(&inbox, &folder, &replay_command));
        Self { orders }
    }

    fn begin(&self, task: &Task, attempt: u32) {
        self.tell(Some((task.clone(), attempt)));
    }

    fn end(&self) {
        self.tell(None);
    }

    fn tell(&self, order: Option<(Task, u32)>) {
        self.orders.send(order).expect("the watch listens as long as the worker lives");
    }
}

fn watch(inbox: &Receiver<Option<(Task, u32)>>, folder: &RunFolder, replay_command: &str) {
    while let Ok(order) = inbox.recv() {
        let Some((task, attempt)) = order else { continue };
        let limit = Duration::from_secs_f64(task.time_limit_s);
        if inbox.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            // If it cannot be written, there is no result, which the runner reports.
            let _ = timeout(&task, attempt, replay_command).write(folder);
            std::process::exit(4);
        }
    }
}

/// The result of a task that took too long.
pub(crate) fn timeout(task: &Task, attempt: u32, replay_command: &str) -> TaskResult {
    let limit = task.time_limit_s;
    let result = TaskResult::new(task, attempt, Verdict::Timeout, replay_command);
    let result = result.saying("timeout", format!("not finished within {limit} s"));
    TaskResult { seconds: limit, ..result }
}
