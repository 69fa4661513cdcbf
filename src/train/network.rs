//! [`Mlp`]: the network and its training step.

use super::accelerator::{Accelerator, Factor, Sent};
use super::data::{CLASSES, Images, PIXELS};
use super::error::TrainError;
use super::host_math::{add_bias, column_sums, cross_entropy, hits, relu, relu_gradient, update};
use super::random::Random;
use olivine_peridot::host::Matrix;

/// Images in a batch.
pub const BATCH: usize = 32;
const HIDDEN: usize = 32;

/// The network's parameters, or anything of their shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Layers {
    /// 64×32: one column for each hidden unit.
    pub w1: Matrix<f32>,
    /// 32.
    pub b1: Vec<f32>,
    /// 32×10: one column for each class.
    pub w2: Matrix<f32>,
    /// 10.
    pub b2: Vec<f32>,
}

impl Layers {
    fn zero() -> Self {
        Self {
            w1: Matrix::filled(PIXELS, HIDDEN, 0.0),
            b1: vec![0.0; HIDDEN],
            w2: Matrix::filled(HIDDEN, CLASSES, 0.0),
            b2: vec![0.0; CLASSES],
        }
    }

    /// The four parts in their documented order: `w1`, `b1`, `w2`, `b2`, matrices row by row.
    pub fn parts(&self) -> [&[f32]; 4] {
        [self.w1.elements(), &self.b1, self.w2.elements(), &self.b2]
    }

    fn parts_mut(&mut self) -> [&mut [f32]; 4] {
        [self.w1.elements_mut(), &mut self.b1, self.w2.elements_mut(), &mut self.b2]
    }

    /// The number of parameters.
    pub fn count(&self) -> usize {
        self.parts().iter().map(|part| part.len()).sum()
    }
}

/// The MLP 64-32-10 with the state of its optimizer.
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp {
    /// The parameters.
    pub layers: Layers,
    velocity: Layers,
}

/// What a step showed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StepResult {
    /// Mean over the batch.
    pub loss: f32,
    /// Images classified rightly.
    pub hits: usize,
}

/// A forward pass: matrices that the accelerator keeps, and the host's.
struct Forward {
    input: Sent,
    hidden: Sent,
    before_relu: Matrix<f32>,
    logits: Matrix<f32>,
}

impl Mlp {
    /// Weights uniform within ±√(6 / (inputs + outputs)) of their layer (Glorot and Bengio,
    /// AISTATS 2010), biases and momentum zero.
    pub(super) fn new(random: &mut Random) -> Self {
        let mut uniform = |rows: usize, cols: usize| {
            let limit = (6.0 / (rows + cols) as f32).sqrt();
            Matrix::from_fn(rows, cols, |_, _| limit * random.symmetric())
        };
        let (w1, w2) = (uniform(PIXELS, HIDDEN), uniform(HIDDEN, CLASSES));
        Self { layers: Layers { w1, w2, ..Layers::zero() }, velocity: Layers::zero() }
    }

    /// Multiply-accumulates of the forward pass of this many images.
    pub(super) fn forward_macs(images: usize) -> u64 {
        (images * (PIXELS * HIDDEN + HIDDEN * CLASSES)) as u64
    }

    /// Multiply-accumulates of a training step: forward, by weights, and by inputs of the second
    /// layer (nobody needs the gradient of the pixels).
    pub(super) fn step_macs() -> u64 {
        2 * Self::forward_macs(BATCH) + (BATCH * HIDDEN * CLASSES) as u64
    }

    fn forward(
        &self,
        on: &mut dyn Accelerator,
        (w1, w2): (Sent, Sent),
        pixels: &Matrix<f32>,
    ) -> Result<Forward, TrainError> {
        let input = on.send(pixels)?;
        let mut before_relu = on.gemm(Factor::Of(input), Factor::Of(w1))?;
        add_bias(&mut before_relu, &self.layers.b1);
        let hidden = on.send(&relu(&before_relu))?;
        let mut logits = on.gemm(Factor::Of(hidden), Factor::Of(w2))?;
        add_bias(&mut logits, &self.layers.b2);
        Ok(Forward { input, hidden, before_relu, logits })
    }

    fn send_weights(&self, on: &mut dyn Accelerator) -> Result<(Sent, Sent), TrainError> {
        Ok((on.send(&self.layers.w1)?, on.send(&self.layers.w2)?))
    }

    /// Loss, hits and gradients of a batch. Each matrix goes to the accelerator once.
    pub(super) fn gradients(
        &self,
        on: &mut dyn Accelerator,
        batch: &Images,
    ) -> Result<(StepResult, Layers), TrainError> {
        let kept = on.kept();
        let weights = self.send_weights(on)?;
        let forward = self.forward(on, weights, &batch.pixels)?;
        let (loss, d_logits) = cross_entropy(&forward.logits, &batch.labels);
        let hits = hits(&forward.logits, &batch.labels);
        let d_output = on.send(&d_logits)?;
        let w2 = on.gemm(Factor::Transposed(forward.hidden), Factor::Of(d_output))?;
        let d_hidden = on.gemm(Factor::Of(d_output), Factor::Transposed(weights.1))?;
        let d_before_relu = relu_gradient(&d_hidden, &forward.before_relu);
        let d_input = on.send(&d_before_relu)?;
        let w1 = on.gemm(Factor::Transposed(forward.input), Factor::Of(d_input))?;
        on.forget(kept);
        let (b1, b2) = (column_sums(&d_before_relu), column_sums(&d_logits));
        Ok((StepResult { loss, hits }, Layers { w1, b1, w2, b2 }))
    }

    /// One step of SGD with momentum.
    pub(super) fn step(
        &mut self,
        on: &mut dyn Accelerator,
        batch: &Images,
        momentum: f32,
        rate: f32,
    ) -> Result<StepResult, TrainError> {
        let (result, gradients) = self.gradients(on, batch)?;
        let state = self.layers.parts_mut().into_iter().zip(self.velocity.parts_mut());
        for ((weights, velocity), gradient) in state.zip(gradients.parts()) {
            update(weights, velocity, gradient, momentum, rate);
        }
        Ok(result)
    }

    /// How many images are classified rightly. `done` hears of each group of images.
    pub(super) fn hits(
        &self,
        on: &mut dyn Accelerator,
        images: &Images,
        mut done: impl FnMut(usize),
    ) -> Result<usize, TrainError> {
        let kept = on.kept();
        let weights = self.send_weights(on)?;
        let with_weights = on.kept();
        let places: Vec<usize> = (0..images.len()).collect();
        let mut count = 0;
        for places in places.chunks(2 * BATCH) {
            let batch = images.pick(places);
            let forward = self.forward(on, weights, &batch.pixels)?;
            count += hits(&forward.logits, &batch.labels);
            on.forget(with_weights);
            done(places.len());
        }
        on.forget(kept);
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
