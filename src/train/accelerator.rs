//! [`Accelerator`]: where the products of a network are computed.

mod chip;
mod float32;
mod golden;

pub use chip::ChipAccelerator;
pub use float32::Float32;
pub use golden::GoldenModel;

use super::error::TrainError;
use olivine_peridot::host::{Counters, Matrix};

/// A matrix that an accelerator has, by the order of sending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent(pub(super) usize);

/// A factor of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// The matrix as it was sent.
    Of(Sent),
    /// The matrix with rows and columns exchanged.
    Transposed(Sent),
}

/// Computes matrix products.
pub trait Accelerator {
    /// Gives the accelerator a matrix to keep.
    fn send(&mut self, matrix: &Matrix<f32>) -> Result<Sent, TrainError>;

    /// The product of two matrices.
    fn gemm(&mut self, left: Factor, right: Factor) -> Result<Matrix<f32>, TrainError>;

    /// The number of matrices kept.
    fn kept(&self) -> usize;

    /// Forgets all matrices but the first `kept`.
    fn forget(&mut self, kept: usize);

    /// What a chip counted since the last call; nothing where there is no chip.
    fn take_counters(&mut self) -> Result<Option<Counters>, TrainError> {
        Ok(None)
    }

    /// Multiply-accumulates that the host computed for it so far.
    fn host_macs(&self) -> u64;
}

/// Rows and columns of a factor whose matrix has this shape.
fn shape(factor: Factor, (rows, cols): (usize, usize)) -> (usize, usize) {
    match factor {
        Factor::Of(_) => (rows, cols),
        Factor::Transposed(_) => (cols, rows),
    }
}

impl Factor {
    fn sent(self) -> Sent {
        match self {
            Self::Of(sent) | Self::Transposed(sent) => sent,
        }
    }
}
