//! [`Manifest`]: what a run consists of.

use crate::{RegressError, RunFolder, Task};
use serde::{Deserialize, Serialize};

/// What a run consists of, written before anything runs and never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the run folder's format: 1.
    pub format: u32,
    /// Name of the plan.
    pub plan: String,
    /// The command that replays a task is this, a space, and the task's id.
    pub replay_command: String,
    /// Every task, in the plan's order.
    pub tasks: Vec<Task>,
}

/// The format that this version writes and reads.
pub(crate) const FORMAT: u32 = 1;

impl Manifest {
    /// Reads a run's manifest.
    pub fn load(folder: &RunFolder) -> Result<Self, RegressError> {
        let path = folder.manifest();
        let text = std::fs::read(&path).map_err(|error| RegressError::file(&path, error))?;
        let manifest: Self =
            serde_json::from_slice(&text).map_err(|error| RegressError::file(&path, error))?;
        match manifest.format {
            FORMAT => Ok(manifest),
            other => {
                let fault = format!("format {other} is not known; this version reads {FORMAT}");
                Err(RegressError::file(&path, fault))
            }
        }
    }

    /// The task of this id.
    pub fn find(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }
}
