//! [`StimulusBench`]: a bench as a proptest strategy and a check.

use crate::panics::guarded;
use crate::{Bench, Failure, Finding, Outcome, Parameter, Parameters, Recorder};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// The most shrinking steps for one failure.
const SHRINK_STEPS_MAX: u32 = 20_000;

/// A bench as a strategy for stimulus and a check: a failing stimulus is shrunk to the smallest
/// that fails with the same signature, and kept itself, so that it survives a change of strategy.
pub trait StimulusBench: Send + Sync {
    /// Everything that is given to the dut.
    type Stimulus: Clone + Debug + Serialize + DeserializeOwned;

    /// As [`Bench::name`].
    fn name(&self) -> &str;

    /// As [`Bench::meaning`].
    fn meaning(&self) -> &str;

    /// As [`Bench::parameters`].
    fn parameters(&self) -> Vec<Parameter> {
        Vec::new()
    }

    /// As [`Bench::check_parameters`].
    fn check_parameters(&self, parameters: &Parameters) -> Result<(), String> {
        let _ = parameters;
        Ok(())
    }

    /// How stimulus is drawn.
    fn strategy(&self, parameters: &Parameters) -> BoxedStrategy<Self::Stimulus>;

    /// Gives the stimulus to a fresh dut and judges it. A panic is a failure too.
    fn check(
        &self,
        stimulus: &Self::Stimulus,
        parameters: &Parameters,
        recorder: &mut Recorder,
    ) -> Result<(), Failure>;
}

/// Makes a [`Bench`] of a [`StimulusBench`].
#[derive(Clone, Copy, Debug)]
pub struct Stimulated<B>(pub B);

impl<B: StimulusBench> Bench for Stimulated<B> {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn meaning(&self) -> &str {
        self.0.meaning()
    }

    fn parameters(&self) -> Vec<Parameter> {
        self.0.parameters()
    }

    fn check_parameters(&self, parameters: &Parameters) -> Result<(), String> {
        self.0.check_parameters(parameters)
    }

    fn run(&self, seed: u64, parameters: &Parameters, recorder: &mut Recorder) -> Outcome {
        let mut runner = runner(seed);
        let mut tree = match self.0.strategy(parameters).new_tree(&mut runner) {
            Ok(tree) => tree,
            Err(reason) => return Outcome::Error(format!("no stimulus can be drawn: {reason}")),
        };
        match attempt(&self.0, &tree.current(), parameters, recorder) {
            Ok(()) => Outcome::Pass,
            Err(failure) => {
                let signature = failure.signature.clone();
                let mut smallest = Smallest { stimulus: tree.current(), failure };
                let shrunk = shrink(&mut tree, recorder, |stimulus, recorder| {
                    match attempt(&self.0, stimulus, parameters, recorder) {
                        Err(failure) if failure.signature == signature => {
                            smallest = Smallest { stimulus: stimulus.clone(), failure };
                            true
                        }
                        _ => false,
                    }
                });
                finding(smallest.failure, &smallest.stimulus, shrunk)
            }
        }
    }

    fn replay(
        &self,
        stimulus: &serde_json::Value,
        parameters: &Parameters,
        recorder: &mut Recorder,
    ) -> Outcome {
        let stimulus: B::Stimulus = match serde_json::from_value(stimulus.clone()) {
            Ok(stimulus) => stimulus,
            Err(error) => {
                return Outcome::Error(format!("the stimulus is not one of this bench: {error}"));
            }
        };
        match attempt(&self.0, &stimulus, parameters, recorder) {
            Ok(()) => Outcome::Pass,
            Err(failure) => finding(failure, &stimulus, true),
        }
    }
}

struct Smallest<S> {
    stimulus: S,
    failure: Failure,
}

fn attempt<B: StimulusBench>(
    bench: &B,
    stimulus: &B::Stimulus,
    parameters: &Parameters,
    recorder: &mut Recorder,
) -> Result<(), Failure> {
    guarded(|| bench.check(stimulus, parameters, recorder))?
}

fn finding<S: Serialize>(failure: Failure, stimulus: &S, shrunk: bool) -> Outcome {
    match serde_json::to_value(stimulus) {
        Ok(stimulus) => Outcome::Fail(Box::new(Finding { failure, stimulus, shrunk })),
        Err(error) => Outcome::Error(format!("the stimulus has no JSON form: {error}")),
    }
}

/// Walks towards smaller stimulus as long as `fails` says so; whether that came to its end.
/// `recorder` is left with what the smallest failing one has told.
fn shrink<T: ValueTree>(
    tree: &mut T,
    recorder: &mut Recorder,
    mut fails: impl FnMut(&T::Value, &mut Recorder) -> bool,
) -> bool {
    if !tree.simplify() {
        return true;
    }
    for _ in 0..SHRINK_STEPS_MAX {
        if recorder.is_late() {
            return false;
        }
        let mut fresh = if recorder.wants_trace() { Recorder::tracing() } else { Recorder::new() };
        let goes_on = if fails(&tree.current(), &mut fresh) {
            recorder.replace(fresh);
            tree.simplify()
        } else {
            tree.complicate()
        };
        if !goes_on {
            return true;
        }
    }
    false
}

/// A source of stimulus that depends on the seed alone: not on a bench's name, on environment
/// variables, or on other runs.
fn runner(seed: u64) -> TestRunner {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = Config {
        cases: 1,
        max_local_rejects: 65_536,
        max_global_rejects: 1024,
        max_flat_map_regens: 1_000_000,
        max_default_size_range: 100,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed),
        ..Config::default()
    };
    TestRunner::new_with_rng(config, rng)
}
