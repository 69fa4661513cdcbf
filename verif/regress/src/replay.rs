//! [`replay`]: one task again, exactly, with waves.

use crate::panics::guarded;
use crate::{
    Manifest, Outcome, Recorder, Registry, RegressError, RunFolder, Summary, Task, TaskResult,
    Verdict,
};
use olivine_trace::Trace;
use serde::Deserialize;
use std::path::Path;

/// What a replay gave, beside what the run had given.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The task.
    pub task: Task,
    /// What the run had given.
    pub before: TaskResult,
    /// What this one gave.
    pub outcome: Outcome,
    /// Clock edges given to the dut.
    pub cycles: u64,
    /// The digest of the dut as it is now, if the bench has told its design.
    pub design_digest: Option<String>,
    /// The dut's signals; empty if the bench does not record any.
    pub trace: Trace,
}

/// A stimulus file, as far as a replay needs it.
#[derive(Deserialize)]
struct Kept {
    stimulus: serde_json::Value,
}

impl Replay {
    /// Whether the run's verdict, signature, message and number of cycles came again.
    pub fn same(&self) -> bool {
        self.differences().is_empty()
    }

    /// What is not as in the run, one line each.
    pub fn differences(&self) -> Vec<String> {
        let (verdict, signature, message) = self.end();
        let before = &self.before;
        let pairs = [
            ("verdict", before.verdict.to_string(), verdict.to_string()),
            ("signature", before.signature.clone(), signature),
            ("message", before.message.clone(), message),
            ("cycles", before.cycles.to_string(), self.cycles.to_string()),
        ];
        let differ = pairs.into_iter().filter(|(_, before, now)| before != now);
        differ.map(|(what, before, now)| format!("{what}: was {before}, now {now}")).collect()
    }

    /// Whether the dut is another than in the run: then a different outcome is no surprise.
    pub fn design_changed(&self) -> bool {
        self.design_digest != self.before.design_digest
    }

    /// The verdict of this replay.
    pub fn verdict(&self) -> Verdict {
        self.end().0
    }

    /// Verdict, signature and message, as a result would have them.
    fn end(&self) -> (Verdict, String, String) {
        match &self.outcome {
            Outcome::Pass => (Verdict::Pass, String::new(), String::new()),
            Outcome::Fail(finding) => {
                let failure = finding.failure.clone();
                (Verdict::Fail, failure.signature, failure.message)
            }
            Outcome::Error(message) => (Verdict::Error, "error".into(), message.clone()),
            Outcome::Missing(m) => (Verdict::Error, "missing tool".into(), m.to_string()),
        }
    }
}

/// The latest run under `root` that has a task of this id.
pub fn find_task(root: &Path, id: &str) -> Result<RunFolder, RegressError> {
    let runs = RunFolder::all(root);
    let has = |run: &&RunFolder| Manifest::load(run).is_ok_and(|m| m.find(id).is_some());
    runs.iter().rev().find(has).cloned().ok_or_else(|| {
        RegressError::Unknown(format!(
            "no run in {} has a task `{id}`\nhelp: ids are in the run's table and in its \
             summary.json; runs of another folder need that folder named",
            root.display()
        ))
    })
}

/// Runs a task of a run again, with waves: a failure from its kept, shrunk stimulus, anything
/// else from its seed. There is no time limit.
pub fn replay(folder: &RunFolder, id: &str, registry: &Registry) -> Result<Replay, RegressError> {
    let unknown = |message: String| RegressError::Unknown(message);
    let manifest = Manifest::load(folder)?;
    let shown = folder.path().display();
    let task = manifest
        .find(id)
        .ok_or_else(|| unknown(format!("the run in {shown} has no task `{id}`")))?;
    let bench = registry
        .find(&task.bench)
        .ok_or_else(|| unknown(format!("there is no bench `{}` any more", task.bench)))?;
    let summary = Summary::collect(folder, 0.0)?;
    let before = summary.tasks.into_iter().find(|result| result.task.id == id);
    let before = before.ok_or_else(|| unknown(format!("the run in {shown} lost task `{id}`")))?;
    let stimulus = before.stimulus.as_ref().map(|name| load_stimulus(&folder.path().join(name)));
    let stimulus = stimulus.transpose()?;

    let mut recorder = Recorder::tracing();
    let outcome = guarded(|| match &stimulus {
        Some(stimulus) => bench.replay(stimulus, &task.parameters, &mut recorder),
        None => bench.run(task.seed, &task.parameters, &mut recorder),
    });
    let panicked = |failure: crate::Failure| format!("the bench panicked: {}", failure.message);
    Ok(Replay {
        task: task.clone(),
        before,
        outcome: outcome.unwrap_or_else(|failure| Outcome::Error(panicked(failure))),
        cycles: recorder.cycles(),
        design_digest: recorder.design_digest().map(Into::into),
        trace: recorder.into_trace().unwrap_or_default(),
    })
}

fn load_stimulus(path: &Path) -> Result<serde_json::Value, RegressError> {
    let text = std::fs::read(path).map_err(|error| RegressError::file(path, error))?;
    let kept: Kept =
        serde_json::from_slice(&text).map_err(|error| RegressError::file(path, error))?;
    Ok(kept.stimulus)
}
