//! [`Report`]: what a run showed. Its JSON is the same for the same run, but for `timing`.

use olivine_peridot::host::Counters;
use serde::Serialize;

/// What a run showed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// What was trained on.
    pub workload: &'static str,
    /// The simulator, or `model`.
    pub engine: String,
    /// N: rows and columns of the array.
    pub array: u32,
    /// Training steps.
    pub steps: u64,
    /// Seed of initial weights and batches.
    pub seed: u64,
    /// Images in a batch.
    pub batch: usize,
    /// Of the optimizer.
    pub momentum: f32,
    /// Of the optimizer.
    pub learning_rate: f32,
    /// Units in each layer.
    pub network: &'static str,
    /// Parameters of the network.
    pub parameters: usize,
    /// Images for training.
    pub training_images: usize,
    /// Images for the test.
    pub test_images: usize,
    /// How well the network does on the device.
    pub result: Evaluation,
    /// How well the same network does that was trained in float32, with the same initial weights
    /// and batches.
    pub reference: Evaluation,
    /// The largest difference of the loss from the reference's in the first ten steps.
    pub loss_difference_first_10: f32,
    /// SHA-256 over the trained weights as little-endian fp32 bytes: first layer's matrix (64×32,
    /// row by row), its bias, second layer's matrix (32×10), its bias.
    pub weights_digest: String,
    /// Multiply-accumulates of a training step.
    pub macs_per_step: u64,
    /// What the chip counted; absent where no chip was simulated.
    pub chip: Option<ChipReport>,
    /// What the host did.
    pub host: HostReport,
    /// Every step.
    pub history: Vec<StepRecord>,
    /// Everything that differs from run to run.
    pub timing: Timing,
}

/// How well a trained network does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Share of the test images classified rightly.
    pub test_accuracy: f64,
    /// Share of the training images classified rightly.
    pub training_accuracy: f64,
    /// Mean loss of the last steps of training, at most 20.
    pub last_loss: f32,
}

/// What the chip counted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ChipReport {
    /// All training steps.
    pub training: PhaseCounters,
    /// Training and test images through the trained network.
    pub evaluation: PhaseCounters,
}

/// The chip's counters over a phase, and what follows from them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PhaseCounters {
    /// All cycles, the host's transfers included.
    pub cycles: u64,
    /// Cycles in which a pair of K-vectors entered the array.
    pub gemm_busy: u64,
    /// Cycles of LOAD commands that did not wait for the memory.
    pub load_busy: u64,
    /// Cycles of STORE commands that did not wait for the memory.
    pub store_busy: u64,
    /// Cycles in which no engine worked; most of them are the host's transfers.
    pub idle: u64,
    /// Cycles in which a LOAD waited for the memory.
    pub stalled_load: u64,
    /// Cycles in which a STORE waited for the memory.
    pub stalled_store: u64,
    /// Cycles of GEMM commands in which nothing entered the array.
    pub stalled_array: u64,
    /// Multiply-accumulates that the network needs.
    pub macs_needed: u64,
    /// Multiply-accumulates that the array did, those with padding included: N² for each busy
    /// cycle.
    pub macs_done: u64,
    /// The share of all cycles in which the array was fed.
    pub utilization: f64,
    /// The share of the cycles of GEMM commands in which the array was fed.
    pub gemm_utilization: f64,
}

impl PhaseCounters {
    /// From the counters of a chip with an array of N×N.
    pub fn new(counters: Counters, array: u32, macs_needed: u64) -> Self {
        Self {
            cycles: counters.cycles,
            gemm_busy: counters.gemm_busy,
            load_busy: counters.load_busy,
            store_busy: counters.store_busy,
            idle: counters.idle,
            stalled_load: counters.stalled_load,
            stalled_store: counters.stalled_store,
            stalled_array: counters.stalled_array,
            macs_needed,
            macs_done: counters.gemm_busy * u64::from(array).pow(2),
            utilization: counters.utilization(),
            gemm_utilization: counters.gemm_utilization(),
        }
    }
}

/// What the host did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HostReport {
    /// Multiply-accumulates of products that ran on the host instead of the chip.
    pub macs: u64,
    /// The other work of the run that was the host's.
    pub work: &'static [&'static str],
}

/// A training step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StepRecord {
    /// From 1.
    pub step: u64,
    /// Mean loss of the batch, before the update.
    pub loss: f32,
    /// Share classified rightly of the images of the last steps, at most 32.
    pub accuracy: f64,
    /// The loss of the float32 reference.
    pub reference_loss: f32,
}

/// Everything that differs from run to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Timing {
    /// Training on the device.
    pub training_seconds: f64,
    /// Evaluation on the device.
    pub evaluation_seconds: f64,
    /// Training and evaluation of the reference.
    pub reference_seconds: f64,
    /// Simulated cycles a second while training; 0 where no chip was simulated.
    pub cycles_per_second: f64,
}
