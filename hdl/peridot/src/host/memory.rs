//! The device memory as the driver uses it: a stack of tiled matrices.

use super::error::HostError;
use super::matrix::Matrix;

/// A bf16 matrix in the device memory, padded with zeros to whole tiles. Tiles lie in row-major
/// order, the rows of a tile one after the other.
///
/// It is valid until the driver releases its memory; use after that is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceMatrix {
    /// Counts uploads, so that no two are equal.
    pub(super) id: u64,
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) tile_cols: usize,
    pub(super) tiles: usize,
    pub(super) first_row: u32,
}

impl DeviceMatrix {
    /// Rows and columns without padding.
    pub fn shape(&self) -> (usize, usize) {
        (self.rows, self.cols)
    }
}

/// Rows given out in order; the last ones are given back first.
#[derive(Debug)]
pub(super) struct Memory {
    array: usize,
    rows: u32,
    live: Vec<DeviceMatrix>,
    uploads: u64,
}

impl Memory {
    pub fn new(array: u32, rows: u32) -> Self {
        Self { array: array as usize, rows, live: Vec::new(), uploads: 0 }
    }

    /// The first row that is free, as are all after it.
    pub fn first_free(&self) -> u32 {
        let end = |m: &DeviceMatrix| m.first_row + (m.tiles * self.array) as u32;
        self.live.last().map_or(0, end)
    }

    pub fn free_rows(&self) -> u32 {
        self.rows - self.first_free()
    }

    pub fn allocate(&mut self, rows: usize, cols: usize) -> Result<DeviceMatrix, HostError> {
        let tile_cols = cols.div_ceil(self.array);
        let tiles = rows.div_ceil(self.array) * tile_cols;
        let (needed_rows, free_rows) = ((tiles * self.array) as u64, self.free_rows());
        if needed_rows > u64::from(free_rows) {
            return Err(HostError::MemoryFull { needed_rows, free_rows });
        }
        self.uploads += 1;
        let first_row = self.first_free();
        let matrix = DeviceMatrix { id: self.uploads, rows, cols, tile_cols, tiles, first_row };
        self.live.push(matrix);
        Ok(matrix)
    }

    /// The number of matrices there are.
    pub fn depth(&self) -> usize {
        self.live.len()
    }

    /// The identity of the last of the first `depth` matrices; those of later ones are greater.
    pub fn uploaded_before(&self, depth: usize) -> u64 {
        let index = depth.min(self.live.len());
        self.live[..index].last().map_or(0, |m| m.id)
    }

    /// Gives back all but the first `depth` matrices.
    pub fn release(&mut self, depth: usize) {
        self.live.truncate(depth);
    }

    pub fn is_live(&self, matrix: &DeviceMatrix) -> bool {
        self.live.iter().any(|live| live.id == matrix.id)
    }
}

/// The host words of a matrix, tile after tile, elements in pairs with the even column low.
pub(super) fn pack(matrix: &Matrix<u16>, array: usize) -> Vec<u32> {
    let (rows, cols) = (matrix.rows(), matrix.cols());
    let at = |row: usize, col: usize| {
        if row < rows && col < cols { u32::from(matrix.at(row, col)) } else { 0 }
    };
    let mut words = Vec::new();
    for row0 in (0..rows).step_by(array) {
        for col0 in (0..cols).step_by(array) {
            for row in row0..row0 + array {
                let cols = (col0..col0 + array).step_by(2);
                words.extend(cols.map(|col| at(row, col) | at(row, col + 1) << 16));
            }
        }
    }
    words
}

/// Puts the words of result tiles, `tile_cols` of them in a row, into `result` from tile
/// (`tile_row`, `tile_col`) on, leaving out what is padding.
pub(super) fn unpack(
    words: &[u32],
    array: usize,
    tile_cols: usize,
    (tile_row, tile_col): (usize, usize),
    result: &mut Matrix<u32>,
) {
    for (index, row_words) in words.chunks_exact(array).enumerate() {
        let (tile, row_in_tile) = (index / array, index % array);
        let row = (tile_row + tile / tile_cols) * array + row_in_tile;
        let col = (tile_col + tile % tile_cols) * array;
        if row < result.rows() {
            let used = array.min(result.cols() - col);
            result.row_mut(row)[col..col + used].copy_from_slice(&row_words[..used]);
        }
    }
}
