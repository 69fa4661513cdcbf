//! [`Float32`]: plain float32 on the host, the reference.

use super::{Accelerator, Factor, Sent, shape};
use crate::train::error::TrainError;
use olivine_peridot::host::{HostError, Matrix};

/// Plain float32 on the host: operands as they are, products and sums rounded each, in the order
/// of the index. What training is compared with.
#[derive(Clone, Debug, Default)]
pub struct Float32 {
    sent: Vec<Matrix<f32>>,
    macs: u64,
}

impl Float32 {
    fn element(&self, factor: Factor, row: usize, col: usize) -> f32 {
        match factor {
            Factor::Of(sent) => self.sent[sent.0].at(row, col),
            Factor::Transposed(sent) => self.sent[sent.0].at(col, row),
        }
    }

    fn shape(&self, factor: Factor) -> (usize, usize) {
        let matrix = &self.sent[factor.sent().0];
        shape(factor, (matrix.rows(), matrix.cols()))
    }
}

impl Accelerator for Float32 {
    fn send(&mut self, matrix: &Matrix<f32>) -> Result<Sent, TrainError> {
        self.sent.push(matrix.clone());
        Ok(Sent(self.sent.len() - 1))
    }

    fn gemm(&mut self, left: Factor, right: Factor) -> Result<Matrix<f32>, TrainError> {
        let (left_shape, right_shape) = (self.shape(left), self.shape(right));
        let ((rows, inner), (right_rows, cols)) = (left_shape, right_shape);
        if inner != right_rows {
            return Err(HostError::Shape { left: left_shape, right: right_shape }.into());
        }
        self.macs += (rows * inner * cols) as u64;
        Ok(Matrix::from_fn(rows, cols, |row, col| {
            let term = |k| self.element(left, row, k) * self.element(right, k, col);
            (0..inner).map(term).fold(0.0, |sum, product| sum + product)
        }))
    }

    fn kept(&self) -> usize {
        self.sent.len()
    }

    fn forget(&mut self, kept: usize) {
        self.sent.truncate(kept);
    }

    fn host_macs(&self) -> u64 {
        self.macs
    }
}
