//! [`gemm`]: matrix products of bf16 operands.

use crate::Chain;
use std::fmt;

/// A bf16 matrix in row-major order, used as it lies or transposed.
#[derive(Clone, Copy, Debug)]
pub struct Operand<'a> {
    bits: &'a [u16],
    cols: usize,
    rows: usize,
    transposed: bool,
}

/// Sizes that do not go together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapeError {
    /// The number of elements is not rows × columns.
    Elements {
        /// The elements given.
        found: usize,
        /// The rows said.
        rows: usize,
        /// The columns said.
        cols: usize,
    },
    /// The left operand has not as many columns as the right has rows.
    Inner {
        /// Rows and columns on the left, after transposition.
        left: (usize, usize),
        /// Rows and columns on the right, after transposition.
        right: (usize, usize),
    },
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Elements { found, rows, cols } => {
                write!(f, "a {rows}×{cols} matrix needs {} elements, got {found}", rows * cols)
            }
            Self::Inner { left, right } => write!(
                f,
                "cannot multiply {}×{} by {}×{}: the inner sizes must be equal",
                left.0, left.1, right.0, right.1
            ),
        }
    }
}

impl std::error::Error for ShapeError {}

impl<'a> Operand<'a> {
    /// A matrix of `rows × cols` elements, row after row.
    pub fn new(bits: &'a [u16], rows: usize, cols: usize) -> Result<Self, ShapeError> {
        if bits.len() != rows * cols {
            return Err(ShapeError::Elements { found: bits.len(), rows, cols });
        }
        Ok(Self { bits, cols, rows, transposed: false })
    }

    /// The same matrix with rows and columns exchanged.
    pub fn transposed(self) -> Self {
        Self { transposed: !self.transposed, ..self }
    }

    /// Rows and columns, after transposition.
    pub fn shape(&self) -> (usize, usize) {
        if self.transposed { (self.cols, self.rows) } else { (self.rows, self.cols) }
    }

    fn at(&self, row: usize, col: usize) -> u16 {
        let (row, col) = if self.transposed { (col, row) } else { (row, col) };
        self.bits[row * self.cols + col]
    }
}

/// The product in row-major order: element (i, j) is the [`Chain`] of a(i, k)·b(k, j) for
/// k = 0, 1, 2, ….
///
/// A chip that pads k to a multiple of its size adds +0·+0 at the end, which turns a sum of −0
/// into +0 and changes nothing else.
pub fn gemm(a: Operand<'_>, b: Operand<'_>) -> Result<Vec<u32>, ShapeError> {
    let ((rows, inner), (b_rows, cols)) = (a.shape(), b.shape());
    if inner != b_rows {
        return Err(ShapeError::Inner { left: a.shape(), right: b.shape() });
    }
    let mut result = Vec::with_capacity(rows * cols);
    for i in 0..rows {
        for j in 0..cols {
            let mut chain = Chain::new();
            chain.extend((0..inner).map(|k| (a.at(i, k), b.at(k, j))));
            result.push(chain.sum());
        }
    }
    Ok(result)
}
