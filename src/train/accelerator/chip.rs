//! [`ChipAccelerator`]: a Peridot chip behind its driver.

use super::{Accelerator, Factor, Sent};
use crate::train::error::TrainError;
use olivine_peridot::host::{self, Counters, Driver, HostBus, Mark, Matrix, to_bf16};

/// A Peridot chip behind its driver. Operands are rounded to bf16 when they are sent.
#[derive(Debug)]
pub struct ChipAccelerator<B> {
    chip: Driver<B>,
    sent: Vec<(Mark, host::DeviceMatrix)>,
}

impl<B: HostBus> ChipAccelerator<B> {
    /// The accelerator of a chip.
    pub fn new(chip: Driver<B>) -> Self {
        Self { chip, sent: Vec::new() }
    }

    /// The chip's driver.
    pub fn chip(&mut self) -> &mut Driver<B> {
        &mut self.chip
    }

    fn factor(&self, factor: Factor) -> host::Factor {
        let (_, matrix) = self.sent[factor.sent().0];
        match factor {
            Factor::Of(_) => matrix.into(),
            Factor::Transposed(_) => matrix.transposed(),
        }
    }
}

impl<B: HostBus> Accelerator for ChipAccelerator<B> {
    fn send(&mut self, matrix: &Matrix<f32>) -> Result<Sent, TrainError> {
        let before = self.chip.mark();
        let placed = self.chip.upload(&matrix.map(to_bf16))?;
        self.sent.push((before, placed));
        Ok(Sent(self.sent.len() - 1))
    }

    fn gemm(&mut self, left: Factor, right: Factor) -> Result<Matrix<f32>, TrainError> {
        let bits = self.chip.gemm(self.factor(left), self.factor(right))?;
        Ok(bits.map(f32::from_bits))
    }

    fn kept(&self) -> usize {
        self.sent.len()
    }

    fn forget(&mut self, kept: usize) {
        if let Some(&(before, _)) = self.sent.get(kept) {
            self.chip.release(before);
            self.sent.truncate(kept);
        }
    }

    fn take_counters(&mut self) -> Result<Option<Counters>, TrainError> {
        Ok(Some(self.chip.take_counters()?))
    }

    fn host_macs(&self) -> u64 {
        0
    }
}
