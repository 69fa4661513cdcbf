//! [`TaskResult`]: what one attempt at a task gave.

use crate::manifest::FORMAT;
use crate::{RegressError, RunFolder, Task};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verdict {
    /// All was checked, nothing was wrong.
    Pass,
    /// The dut is wrong.
    Fail,
    /// Nothing can be said of the dut: the bench broke, its process died, the result is lost.
    Error,
    /// The time limit came first.
    Timeout,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.pad(match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Error => "ERROR",
            Self::Timeout => "TIMEOUT",
        })
    }
}

/// What one attempt at a task gave: a file `results/ID.ATTEMPT.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskResult {
    /// Version of the format: 1.
    pub format: u32,
    /// The task, as in the manifest.
    #[serde(flatten)]
    pub task: Task,
    /// From 1.
    pub attempt: u32,
    /// How it ended.
    pub verdict: Verdict,
    /// Digest of the dut, if the bench has told its design.
    pub design_digest: Option<String>,
    /// Clock edges given to the dut; of the shrunk stimulus after a failure.
    pub cycles: u64,
    /// What failures with the same likely cause share; empty after PASS.
    pub signature: String,
    /// What was seen and what was expected; empty after PASS.
    pub message: String,
    /// The stimulus file of a failure, from the run's folder.
    pub stimulus: Option<String>,
    /// Whether shrinking came to its end.
    pub shrunk: bool,
    /// The program that was not there, after an ERROR for that reason.
    pub missing_tool: Option<String>,
    /// The command that runs it again, with waves.
    pub reproduce: String,
    /// Wall-clock seconds; the only part that differs from run to run.
    pub seconds: f64,
}

impl TaskResult {
    /// A result without failure, to be filled in.
    pub(crate) fn new(task: &Task, attempt: u32, verdict: Verdict, replay_command: &str) -> Self {
        Self {
            format: FORMAT,
            task: task.clone(),
            attempt,
            verdict,
            design_digest: None,
            cycles: 0,
            signature: String::new(),
            message: String::new(),
            stimulus: None,
            shrunk: false,
            missing_tool: None,
            reproduce: format!("{replay_command} {}", task.id),
            seconds: 0.0,
        }
    }

    /// The same with what is wrong.
    pub(crate) fn saying(mut self, signature: &str, message: impl Into<String>) -> Self {
        self.signature = signature.into();
        self.message = message.into();
        self
    }

    /// Writes it, once: `false` if this attempt has a result already, which then stands.
    pub(crate) fn write(&self, folder: &RunFolder) -> Result<bool, RegressError> {
        let text = serde_json::to_string_pretty(self).expect("a result has a JSON form") + "\n";
        folder.write_once(&folder.result(&self.task.id, self.attempt), &text)
    }

    /// Reads the result of an attempt; `None` if there is no such file. A file that cannot be
    /// read, or that speaks of another task, is an error.
    pub(crate) fn load(
        folder: &RunFolder,
        task: &Task,
        attempt: u32,
    ) -> Result<Option<Self>, RegressError> {
        let path = folder.result(&task.id, attempt);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RegressError::file(&path, error)),
        };
        let result: Self =
            serde_json::from_slice(&text).map_err(|error| RegressError::file(&path, error))?;
        let right = result.format == FORMAT && result.task == *task && result.attempt == attempt;
        match right {
            true => Ok(Some(result)),
            false => Err(RegressError::file(&path, "this is the result of another task")),
        }
    }
}
