//! Training networks on the chip: what `olivine train` runs.
//!
//! [`run`] trains the digits network on a [`Device`], and again in plain float32 for comparison,
//! and gives a [`Report`] and a [`Curve`].
//!
//! # The network
//! 64 pixels → 32 units with ReLU → 10 logits, softmax cross-entropy, mean over the
//! batch. SGD with momentum: `v ← momentum·v + gradient`, `w ← w − learning_rate·v`.
//!
//! # What runs where
//! Every multiply-accumulate of the products (forward, and backward by inputs and by weights)
//! runs on the device, on operands rounded to bf16, summed in fp32. On the host, in fp32: biases
//! and their gradients (sums of columns), ReLU and its derivative, the loss, the update. The host
//! sums in the order of the index and takes its exponential and logarithm from `libm`, so that a
//! run gives the same bits on every machine.
//!
//! # What depends on the seed
//! The initial weights and the order of the images in each epoch. The split into training and
//! test images is fixed.

mod accelerator;
mod curve;
mod data;
mod digest;
mod error;
mod host_math;
mod network;
mod progress;
mod random;
mod report;
mod session;
mod table;

pub use accelerator::{Accelerator, ChipAccelerator, Factor, Float32, GoldenModel, Sent};
pub use curve::Curve;
pub use data::{Digits, Images};
pub use digest::weights_digest;
pub use error::TrainError;
pub use network::{BATCH, Layers, Mlp};
pub use progress::{Phase, Progress};
pub use report::{ChipReport, Evaluation, HostReport, PhaseCounters, Report, StepRecord, Timing};
pub use session::{Device, Options, Outcome, chip_config, run};
