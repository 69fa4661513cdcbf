//! [`Progress`]: how the caller hears of a run while it goes on.

/// A part of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Steps on the device.
    Training,
    /// Test and training images through the trained network, on the device.
    Evaluation,
    /// The same in float32 on the host.
    Reference,
}

/// Hears of a run while it goes on. Every method has an empty default.
pub trait Progress {
    /// A phase begins and has this many units of work: steps, images or steps.
    fn begin(&mut self, phase: Phase, units: u64) {
        let _ = (phase, units);
    }

    /// A training step is done; loss and accuracy as in its [`super::StepRecord`].
    fn step(&mut self, step: u64, loss: f32, accuracy: f64) {
        let _ = (step, loss, accuracy);
    }

    /// Units of work of the current phase are done; training steps are told here too.
    fn advance(&mut self, units: u64) {
        let _ = units;
    }

    /// The current phase is over.
    fn end(&mut self) {}
}

/// Hears nothing.
impl Progress for () {}
