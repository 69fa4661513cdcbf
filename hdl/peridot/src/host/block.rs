//! Cutting a product into blocks that fit the chip. Everything here counts tiles.

use super::error::HostError;
use super::memory::DeviceMatrix;
use crate::isa::EXTENT_BITS;
use std::ops::Range;

/// The most tiles, and the largest stride, that an instruction can say.
const EXTENT_MAX: usize = (1 << EXTENT_BITS) - 1;

/// One factor of a product, seen along its *outer* side (rows of the left factor, columns of the
/// right one) and along the sum.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub matrix: DeviceMatrix,
    /// Whether the outer side runs along the rows of the matrix as it is stored.
    pub outer_is_stored_row: bool,
    /// Tiles along the outer side.
    pub outer: usize,
}

/// How a factor's tiles lie in its scratchpad.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    pub base: usize,
    pub outer_stride: usize,
    pub k_stride: usize,
}

/// Consecutive tiles of the device memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub source_tile: usize,
    pub destination_tile: usize,
    pub tiles: usize,
}

impl Side {
    /// Strides are small enough for the whole matrix to be used from where it lies.
    pub fn fits_whole(&self, capacity: usize) -> bool {
        self.matrix.tiles <= capacity && self.matrix.tile_cols <= EXTENT_MAX
    }

    /// The layout of outer tiles from `first` on, where the whole matrix lies at `base`.
    pub fn whole(&self, base: usize, first: usize) -> Layout {
        let cols = self.matrix.tile_cols;
        let (outer_stride, k_stride) = if self.outer_is_stored_row { (cols, 1) } else { (1, cols) };
        Layout { base: base + first * outer_stride, outer_stride, k_stride }
    }

    /// The layout of some outer tiles when they alone are loaded to tile 0 by [`Side::runs`].
    pub fn sliced(&self, outer: &Range<usize>, kt: usize) -> Layout {
        let (outer_stride, k_stride) =
            if self.outer_is_stored_row { (kt, 1) } else { (1, outer.len()) };
        Layout { base: 0, outer_stride, k_stride }
    }

    /// What to load for [`Side::sliced`].
    pub fn runs(&self, outer: &Range<usize>, kt: usize) -> Vec<Run> {
        let (start, count) = (outer.start, outer.len());
        if self.outer_is_stored_row {
            return vec![Run { source_tile: start * kt, destination_tile: 0, tiles: count * kt }];
        }
        let run = |k| Run {
            source_tile: k * self.matrix.tile_cols + start,
            destination_tile: k * count,
            tiles: count,
        };
        (0..kt).map(run).collect()
    }

    /// How many outer tiles there may be in a block.
    fn limit(&self, kt: usize, capacity: usize) -> usize {
        let sliced = if self.fits_whole(capacity) { self.outer } else { capacity / kt };
        sliced.min(self.outer).min(EXTENT_MAX)
    }
}

/// The outer tiles of a block: rows and columns of result tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlockSize {
    pub rows: usize,
    pub cols: usize,
}

/// The largest blocks for a sum over `kt` tiles: `scratch` tiles in each scratchpad, `result`
/// tiles for the result.
pub(super) fn block_size(
    a: &Side,
    b: &Side,
    kt: usize,
    scratch: usize,
    result: usize,
) -> Result<BlockSize, HostError> {
    let limit = scratch.min(EXTENT_MAX);
    if kt > limit {
        return Err(HostError::SumTooLong { tiles: kt, limit });
    }
    let cols = b.limit(kt, scratch).min(result);
    let rows = a.limit(kt, scratch).min(result / cols.max(1));
    Ok(BlockSize { rows, cols })
}

/// `0..total` in pieces of `size`.
pub(super) fn pieces(total: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    (0..total).step_by(size).map(move |start| start..(start + size).min(total))
}
