//! [`Bench`]: what runs for one seed, and [`Outcome`]: what came of it.

use crate::{Parameter, Parameters, Recorder};
use olivine_tools::MissingTool;
use serde::{Deserialize, Serialize};

/// What a regression runs: a dut, a way to make stimulus from a seed, and a judgement.
///
/// An outcome depends on seed and parameters alone: not on time, earlier runs, other threads, or
/// on whether a trace is recorded. Most benches are written as a [`StimulusBench`].
///
/// [`StimulusBench`]: crate::StimulusBench
pub trait Bench: Send + Sync {
    /// The name in plans: `lower_snake_case`.
    fn name(&self) -> &str;

    /// One line for people.
    fn meaning(&self) -> &str;

    /// What a plan can set, with defaults.
    fn parameters(&self) -> Vec<Parameter> {
        Vec::new()
    }

    /// Whether these parameters can be run; the message says what is wrong and how to mend it.
    fn check_parameters(&self, parameters: &Parameters) -> Result<(), String> {
        let _ = parameters;
        Ok(())
    }

    /// Makes the stimulus of `seed`, runs it, and shrinks it if it fails.
    fn run(&self, seed: u64, parameters: &Parameters, recorder: &mut Recorder) -> Outcome;

    /// Runs a stimulus that [`Bench::run`] has put into a [`Finding`], without shrinking.
    fn replay(
        &self,
        stimulus: &serde_json::Value,
        parameters: &Parameters,
        recorder: &mut Recorder,
    ) -> Outcome;
}

/// What came of one run.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// All was checked, nothing was wrong.
    Pass,
    /// The dut is wrong.
    Fail(Box<Finding>),
    /// Nothing can be said of the dut; why.
    Error(String),
    /// Nothing can be said of the dut: a program is not there.
    Missing(MissingTool),
}

/// A wrong dut and the stimulus that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What is wrong.
    pub failure: Failure,
    /// The stimulus that shows it.
    pub stimulus: serde_json::Value,
    /// Whether shrinking came to its end; `false` when time or its number of steps ran out.
    pub shrunk: bool,
}

/// What is wrong with a dut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// The same for failures with the same likely cause: no data values, no cycle numbers.
    pub signature: String,
    /// What was seen and what was expected.
    pub message: String,
}

impl Failure {
    /// A failure of this signature.
    pub fn new(signature: impl Into<String>, message: impl Into<String>) -> Self {
        Self { signature: signature.into(), message: message.into() }
    }
}

/// The benches that a plan can name.
#[derive(Default)]
pub struct Registry {
    benches: Vec<Box<dyn Bench>>,
}

impl Registry {
    /// A registry without benches.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a bench, in place of an earlier one of the same name.
    pub fn with(mut self, bench: impl Bench + 'static) -> Self {
        self.benches.retain(|known| known.name() != bench.name());
        self.benches.push(Box::new(bench));
        self
    }

    /// The bench of this name.
    pub fn find(&self, name: &str) -> Option<&dyn Bench> {
        self.iter().find(|bench| bench.name() == name)
    }

    /// All of them, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Bench> {
        self.benches.iter().map(AsRef::as_ref)
    }
}
