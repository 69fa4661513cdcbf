//! [`run`]: a whole run, from seed to report.

use super::accelerator::{Accelerator, ChipAccelerator, Float32, GoldenModel};
use super::curve::Curve;
use super::data::{Batches, Digits};
use super::digest::weights_digest;
use super::error::TrainError;
use super::network::{BATCH, Layers, Mlp};
use super::progress::{Phase, Progress};
use super::random::Random;
use super::report::{
    ChipReport, Evaluation, HostReport, PhaseCounters, Report, StepRecord, Timing,
};
use olivine_interp::Engine;
use olivine_peridot::PeridotConfig;
use olivine_peridot::host::{Counters, Driver, EngineBus};
use std::collections::VecDeque;
use std::time::Instant;

/// What the host does in a run besides moving data.
const HOST_WORK: &[&str] = &[
    "rounding of operands to bf16",
    "biases and their gradients",
    "ReLU and its gradient",
    "softmax cross-entropy and its gradient",
    "SGD with momentum",
];
/// Steps over which the reported loss is the mean.
const LAST_STEPS: usize = 20;
/// Steps over which the running accuracy is taken.
const RUNNING_STEPS: usize = 32;
/// The chip's counters are read at least this often, before they can wrap.
const STEPS_BETWEEN_COUNTERS: u64 = 64;

/// How to train.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// Training steps, at least one.
    pub steps: u64,
    /// Seed of initial weights and batches.
    pub seed: u64,
    /// Of the optimizer.
    pub momentum: f32,
    /// Of the optimizer.
    pub learning_rate: f32,
}

impl Default for Options {
    /// 900 steps, seed 1, momentum 0.9, learning rate 0.05.
    fn default() -> Self {
        Self { steps: 900, seed: 1, momentum: 0.9, learning_rate: 0.05 }
    }
}

/// Where the products are computed.
pub enum Device<'e> {
    /// A chip in a simulator, fresh.
    Chip {
        /// The simulator.
        engine: &'e mut (dyn Engine + 'e),
        /// The sizes of the chip that it simulates.
        config: PeridotConfig,
    },
    /// The golden model of a chip with an array of N×N.
    Model {
        /// N.
        array: u32,
    },
}

/// What a run gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Figures.
    pub report: Report,
    /// The picture.
    pub curve: Curve,
    /// The trained parameters.
    pub layers: Layers,
}

/// The chip with an array of N×N on which the network trains: whatever N is, a scratchpad holds
/// 8,192 elements, the result buffer 4,096, the device memory 32,768.
///
/// # Errors
/// N is no size of a chip.
pub fn chip_config(array: u32) -> Result<PeridotConfig, TrainError> {
    let tiles = |elements: u32| (elements / array.max(1).saturating_pow(2)).max(1);
    let config = PeridotConfig {
        array,
        memory_rows: 32_768 / array.max(1),
        scratch_tiles: tiles(8192),
        result_tiles: tiles(4096),
        ..PeridotConfig::default()
    };
    Ok(config.checked()?)
}

/// Trains the digits network on the device and again in float32, and evaluates both.
///
/// # Errors
/// An option is impossible, the chip fails or violates a property, or the loss diverges.
pub fn run(
    options: &Options,
    device: Device<'_>,
    progress: &mut dyn Progress,
) -> Result<Outcome, TrainError> {
    check(options)?;
    let digits = Digits::load();
    let session = Session { options, digits: &digits };
    let (engine, array, trained) = match device {
        Device::Model { array } => {
            let config = chip_config(array)?;
            let trained = session.train(&mut GoldenModel::new(config.array), progress)?;
            ("model", array, trained)
        }
        Device::Chip { engine, config } => {
            let name = engine.engine_name();
            let bus = EngineBus::new(engine)?;
            let mut chip = ChipAccelerator::new(Driver::connect(bus, config)?);
            let trained = session.train(&mut chip, progress)?;
            reject_violations(&mut *chip.chip().bus().engine())?;
            (name, config.array, trained)
        }
    };
    let started = Instant::now();
    let reference = session.train(&mut Float32::default(), &mut ReferenceProgress(progress))?;
    let reference_seconds = started.elapsed().as_secs_f64();
    let report = session.report(engine, array, &trained, &reference, reference_seconds)?;
    Ok(Outcome { curve: Curve::of(&report), report, layers: trained.network.layers })
}

fn check(options: &Options) -> Result<(), TrainError> {
    let wrong = |name, value: String, must_be| Err(TrainError::Option { name, value, must_be });
    if options.steps == 0 {
        return wrong("steps", options.steps.to_string(), "at least 1");
    }
    if !(0.0..1.0).contains(&options.momentum) {
        return wrong("momentum", options.momentum.to_string(), "from 0 to below 1");
    }
    if !(options.learning_rate > 0.0 && options.learning_rate.is_finite()) {
        return wrong("learning-rate", options.learning_rate.to_string(), "above 0");
    }
    Ok(())
}

fn reject_violations(engine: &mut dyn Engine) -> Result<(), TrainError> {
    let violations = engine.take_violations();
    let Some(first) = violations.first() else { return Ok(()) };
    let first = format!("`{}` at cycle {}", first.path, first.cycle);
    Err(TrainError::Violated { count: violations.len(), first })
}

/// A network trained and evaluated on one accelerator.
struct Trained {
    network: Mlp,
    /// Loss and running accuracy of each step.
    history: Vec<(f32, f64)>,
    result: Evaluation,
    training_counters: Option<Counters>,
    evaluation_counters: Option<Counters>,
    host_macs: u64,
    training_seconds: f64,
    evaluation_seconds: f64,
}

struct Session<'s> {
    options: &'s Options,
    digits: &'s Digits,
}

impl Session<'_> {
    fn train(
        &self,
        on: &mut dyn Accelerator,
        progress: &mut dyn Progress,
    ) -> Result<Trained, TrainError> {
        let started = Instant::now();
        let mut counters = on.take_counters()?.map(|_| Counters::default());
        let mut random = Random::new(self.options.seed);
        let mut network = Mlp::new(&mut random);
        let batches = Batches::new(&self.digits.training, BATCH, random);
        let history = self.steps(&mut network, batches, on, &mut counters, progress)?;
        let training_seconds = started.elapsed().as_secs_f64();
        let [test_accuracy, training_accuracy] = self.evaluate(&network, on, progress)?;
        let last = &history[history.len().saturating_sub(LAST_STEPS)..];
        let last_loss = last.iter().map(|(loss, _)| loss).sum::<f32>() / last.len() as f32;
        Ok(Trained {
            network,
            result: Evaluation { test_accuracy, training_accuracy, last_loss },
            history,
            training_counters: counters,
            evaluation_counters: on.take_counters()?,
            host_macs: on.host_macs(),
            training_seconds,
            evaluation_seconds: started.elapsed().as_secs_f64() - training_seconds,
        })
    }

    fn steps(
        &self,
        network: &mut Mlp,
        mut batches: Batches<'_>,
        on: &mut dyn Accelerator,
        counters: &mut Option<Counters>,
        progress: &mut dyn Progress,
    ) -> Result<Vec<(f32, f64)>, TrainError> {
        let Options { steps, momentum, learning_rate, .. } = *self.options;
        let mut history = Vec::new();
        let mut recent = VecDeque::new();
        progress.begin(Phase::Training, steps);
        for step in 1..=steps {
            let result = network.step(on, &batches.next_batch(), momentum, learning_rate)?;
            if !result.loss.is_finite() {
                return Err(TrainError::Diverged { step });
            }
            recent.truncate(RUNNING_STEPS - 1);
            recent.push_front(result.hits);
            let accuracy = share(recent.iter().sum(), recent.len() * BATCH);
            history.push((result.loss, accuracy));
            progress.step(step, result.loss, accuracy);
            progress.advance(1);
            if step % STEPS_BETWEEN_COUNTERS == 0 || step == steps {
                let part = on.take_counters()?;
                counters.iter_mut().zip(part).for_each(|(total, part)| *total += part);
            }
        }
        progress.end();
        Ok(history)
    }

    fn evaluate(
        &self,
        network: &Mlp,
        on: &mut dyn Accelerator,
        progress: &mut dyn Progress,
    ) -> Result<[f64; 2], TrainError> {
        let Digits { training, test } = self.digits;
        progress.begin(Phase::Evaluation, (training.len() + test.len()) as u64);
        let mut accuracy = [0.0; 2];
        for (accuracy, images) in accuracy.iter_mut().zip([test, training]) {
            let hits = network.hits(on, images, |done| progress.advance(done as u64))?;
            *accuracy = share(hits, images.len());
        }
        progress.end();
        Ok(accuracy)
    }

    fn report(
        &self,
        engine: &str,
        array: u32,
        trained: &Trained,
        reference: &Trained,
        reference_seconds: f64,
    ) -> Result<Report, TrainError> {
        let Options { steps, seed, momentum, learning_rate } = *self.options;
        let history = history(trained, reference);
        let differences = history.iter().take(10).map(|s| (s.loss - s.reference_loss).abs());
        let chip = self.chip_report(array, trained)?;
        let cycles = chip.map_or(0, |chip| chip.training.cycles);
        Ok(Report {
            workload: "digits",
            engine: engine.into(),
            array,
            steps,
            seed,
            batch: BATCH,
            momentum,
            learning_rate,
            network: "64-32-10",
            parameters: trained.network.layers.count(),
            training_images: self.digits.training.len(),
            test_images: self.digits.test.len(),
            result: trained.result,
            reference: reference.result,
            loss_difference_first_10: differences.fold(0.0, f32::max),
            weights_digest: weights_digest(&trained.network.layers),
            macs_per_step: Mlp::step_macs(),
            chip,
            host: HostReport { macs: trained.host_macs, work: HOST_WORK },
            history,
            timing: Timing {
                training_seconds: trained.training_seconds,
                evaluation_seconds: trained.evaluation_seconds,
                reference_seconds,
                cycles_per_second: cycles as f64 / trained.training_seconds,
            },
        })
    }

    /// The chip's part, if there was a chip: it must have done every multiply-accumulate.
    fn chip_report(&self, array: u32, trained: &Trained) -> Result<Option<ChipReport>, TrainError> {
        let (Some(training), Some(evaluation)) =
            (trained.training_counters, trained.evaluation_counters)
        else {
            return Ok(None);
        };
        let images = self.digits.training.len() + self.digits.test.len();
        let phase = |counters, needed| {
            let phase = PhaseCounters::new(counters, array, needed);
            if phase.macs_done < needed {
                return Err(TrainError::Unaccounted { needed, done: phase.macs_done });
            }
            Ok(phase)
        };
        Ok(Some(ChipReport {
            training: phase(training, self.options.steps * Mlp::step_macs())?,
            evaluation: phase(evaluation, Mlp::forward_macs(images))?,
        }))
    }
}

fn history(trained: &Trained, reference: &Trained) -> Vec<StepRecord> {
    let pairs = trained.history.iter().zip(&reference.history);
    let record = |(step, (&(loss, accuracy), &(reference_loss, _)))| StepRecord {
        step,
        loss,
        accuracy,
        reference_loss,
    };
    (1..).zip(pairs).map(record).collect()
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// Tells of the reference's training as one phase of its own.
struct ReferenceProgress<'p>(&'p mut dyn Progress);

impl Progress for ReferenceProgress<'_> {
    fn begin(&mut self, phase: Phase, units: u64) {
        if phase == Phase::Training {
            self.0.begin(Phase::Reference, units);
        }
    }

    fn step(&mut self, _step: u64, _loss: f32, _accuracy: f64) {
        self.0.advance(1);
    }

    fn end(&mut self) {
        self.0.end();
    }
}

#[cfg(test)]
mod tests;
