//! [`Summary`]: what a run gave, task by task.

use crate::bucket::buckets;
use crate::manifest::FORMAT;
use crate::{Bucket, Manifest, RegressError, RunFolder, Task, TaskResult, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What a run gave. The manifest says what must be there; what is not is an `ERROR`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Version of this form: 1.
    pub format: u32,
    /// Name of the plan.
    pub plan: String,
    /// How many tasks ended how.
    pub counts: Counts,
    /// Failures with the same likely cause, the largest bucket first.
    pub buckets: Vec<Bucket>,
    /// One result for each task, in the plan's order.
    pub tasks: Vec<TaskResult>,
    /// Wall-clock seconds of the whole run.
    pub seconds: f64,
    /// Where the files are.
    #[serde(skip)]
    pub folder: PathBuf,
}

/// How many tasks ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// [`Verdict::Pass`].
    pub pass: usize,
    /// [`Verdict::Fail`].
    pub fail: usize,
    /// [`Verdict::Error`].
    pub error: usize,
    /// [`Verdict::Timeout`].
    pub timeout: usize,
}

impl Counts {
    /// The counts of some results.
    pub fn of<'a>(results: impl IntoIterator<Item = &'a TaskResult>) -> Self {
        let mut counts = Self::default();
        for result in results {
            *match result.verdict {
                Verdict::Pass => &mut counts.pass,
                Verdict::Fail => &mut counts.fail,
                Verdict::Error => &mut counts.error,
                Verdict::Timeout => &mut counts.timeout,
            } += 1;
        }
        counts
    }

    /// All tasks.
    pub fn total(&self) -> usize {
        self.pass + self.fail + self.error + self.timeout
    }
}

impl Summary {
    /// Sums up what is in a run's folder.
    pub fn collect(folder: &RunFolder, seconds: f64) -> Result<Self, RegressError> {
        let manifest = Manifest::load(folder)?;
        let attempts = attempts(folder)?;
        let none = Vec::new();
        let result = |task: &Task| {
            let attempts = attempts.get(&task.id).unwrap_or(&none);
            judge(folder, task, attempts, &manifest.replay_command)
        };
        let tasks: Vec<TaskResult> = manifest.tasks.iter().map(result).collect();
        Ok(Self {
            format: FORMAT,
            plan: manifest.plan,
            counts: Counts::of(&tasks),
            buckets: buckets(&tasks),
            tasks,
            seconds,
            folder: folder.path().into(),
        })
    }

    /// The command's exit code: 0 all passed, 1 something failed or broke, 3 the only trouble is
    /// missing tools, 4 the only trouble is time limits. No task at all is a failure.
    pub fn exit_code(&self) -> u8 {
        let mut troubles = self.tasks.iter().filter(|t| t.verdict != Verdict::Pass).peekable();
        if self.tasks.is_empty() {
            return 1;
        }
        if troubles.peek().is_none() {
            return 0;
        }
        let troubles: Vec<_> = troubles.collect();
        if troubles.iter().all(|t| t.missing_tool.is_some()) {
            3
        } else if troubles.iter().all(|t| t.verdict == Verdict::Timeout) {
            4
        } else {
            1
        }
    }
}

/// The attempts that have a result file, by task.
fn attempts(folder: &RunFolder) -> Result<BTreeMap<String, Vec<u32>>, RegressError> {
    let path = folder.results();
    let io = |error| RegressError::file(&path, error);
    let mut attempts: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for entry in std::fs::read_dir(&path).map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        let parts = name.to_str().and_then(|name| name.strip_suffix(".json")?.rsplit_once('.'));
        if let Some((id, attempt)) = parts
            && let Ok(attempt) = attempt.parse()
        {
            attempts.entry(id.into()).or_default().push(attempt);
        }
    }
    attempts.values_mut().for_each(|list| list.sort_unstable());
    Ok(attempts)
}

/// The one result of a task. An attempt that broke or ran out of time gives way to one that came
/// to an end; attempts that came to different ends prove nothing.
fn judge(folder: &RunFolder, task: &Task, attempts: &[u32], replay_command: &str) -> TaskResult {
    let broken = |signature: &str, message: String| {
        TaskResult::new(task, 1, Verdict::Error, replay_command).saying(signature, message)
    };
    let mut results = Vec::new();
    for &attempt in attempts {
        match TaskResult::load(folder, task, attempt) {
            Ok(result) => results.extend(result),
            Err(error) => return broken("unreadable result", error.to_string()),
        }
    }
    let ended = |r: &&TaskResult| matches!(r.verdict, Verdict::Pass | Verdict::Fail);
    let mut ends = results.iter().filter(ended);
    match (ends.next(), results.last()) {
        (Some(first), _) => match ends.find(|other| !same_end(first, other)) {
            None => first.clone(),
            Some(other) => {
                let (one, two) = (first.attempt, other.attempt);
                broken("attempts disagree", format!("attempts {one} and {two} ended differently"))
            }
        },
        (None, Some(last)) => last.clone(),
        (None, None) => broken("lost", "no result was written".into()),
    }
}

fn same_end(one: &TaskResult, two: &TaskResult) -> bool {
    let end = |r: &TaskResult| (r.verdict, r.signature.clone(), r.message.clone(), r.cycles);
    end(one) == end(two)
}
