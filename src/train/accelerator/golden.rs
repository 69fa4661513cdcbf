//! [`GoldenModel`]: the chip's arithmetic without the chip.

use super::{Accelerator, Factor, Sent, shape};
use crate::train::error::TrainError;
use olivine_golden::{Operand, f32_to_bf16, gemm};
use olivine_peridot::host::{HostError, Matrix};

/// The products that a chip with an array of N×N computes, by golden arithmetic on the host. It
/// shares neither driver nor hardware with the chip.
#[derive(Clone, Debug)]
pub struct GoldenModel {
    array: usize,
    sent: Vec<Padded>,
    macs: u64,
}

/// A matrix with zeros up to whole tiles, as the chip has it, and its shape without them.
#[derive(Clone, Debug)]
struct Padded {
    shape: (usize, usize),
    bits: Matrix<u16>,
}

impl GoldenModel {
    /// The model of a chip with this array.
    pub fn new(array: u32) -> Self {
        Self { array: array as usize, sent: Vec::new(), macs: 0 }
    }

    fn operand(&self, factor: Factor) -> Operand<'_> {
        let bits = &self.sent[factor.sent().0].bits;
        let operand = Operand::new(bits.elements(), bits.rows(), bits.cols());
        let operand = operand.expect("a matrix has all its elements");
        match factor {
            Factor::Of(_) => operand,
            Factor::Transposed(_) => operand.transposed(),
        }
    }
}

impl Accelerator for GoldenModel {
    fn send(&mut self, matrix: &Matrix<f32>) -> Result<Sent, TrainError> {
        let (rows, cols) = (matrix.rows(), matrix.cols());
        let whole = |size: usize| size.next_multiple_of(self.array);
        let bits = Matrix::from_fn(whole(rows), whole(cols), |row, col| {
            if row < rows && col < cols { f32_to_bf16(matrix.at(row, col).to_bits()) } else { 0 }
        });
        self.sent.push(Padded { shape: (rows, cols), bits });
        Ok(Sent(self.sent.len() - 1))
    }

    fn gemm(&mut self, left: Factor, right: Factor) -> Result<Matrix<f32>, TrainError> {
        let (a, b) = (self.operand(left), self.operand(right));
        let shapes = [left, right].map(|f| shape(f, self.sent[f.sent().0].shape));
        let [(rows, inner), (right_rows, cols)] = shapes;
        if inner != right_rows {
            return Err(HostError::Shape { left: shapes[0], right: shapes[1] }.into());
        }
        let product = gemm(a, b).expect("equal inner sizes stay equal when padded");
        let stride = cols.next_multiple_of(self.array);
        let result = Matrix::from_fn(rows, cols, |r, c| f32::from_bits(product[r * stride + c]));
        self.macs += (rows * inner * cols) as u64;
        Ok(result)
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
