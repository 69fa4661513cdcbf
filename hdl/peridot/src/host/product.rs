//! Products, block by block.

use super::block::{BlockSize, Layout, Run, Side, block_size, pieces};
use super::bus::HostBus;
use super::driver::{Driver, Factor};
use super::error::HostError;
use super::matrix::Matrix;
use super::memory::unpack;
use crate::isa::{Instruction, Scratchpad, Transpose};
use std::ops::Range;

impl<B: HostBus> Driver<B> {
    /// Fills `result`, which is not empty, block by block.
    pub(super) fn product(
        &mut self,
        a: Factor,
        b: Factor,
        result: &mut Matrix<u32>,
    ) -> Result<(), HostError> {
        let n = self.config.array as usize;
        let kt = a.shape().1.div_ceil(n);
        let west = Side {
            matrix: a.matrix,
            outer_is_stored_row: a.transpose == Transpose::No,
            outer: a.shape().0.div_ceil(n),
        };
        let north = Side {
            matrix: b.matrix,
            outer_is_stored_row: b.transpose == Transpose::Yes,
            outer: b.shape().1.div_ceil(n),
        };
        let size = self.blocks(&west, &north, kt)?;
        for rows in pieces(west.outer, size.rows) {
            let a_layout = self.place(Scratchpad::A, &west, &rows, kt)?;
            for cols in pieces(north.outer, size.cols) {
                let b_layout = self.place(Scratchpad::B, &north, &cols, kt)?;
                let block = Instruction::Gemm {
                    a_transpose: a.transpose,
                    b_transpose: b.transpose,
                    mt: rows.len() as u32,
                    nt: cols.len() as u32,
                    kt: kt as u32,
                    a_base: a_layout.base as u32,
                    b_base: b_layout.base as u32,
                    c_base: 0,
                    a_i_stride: a_layout.outer_stride as u32,
                    a_k_stride: a_layout.k_stride as u32,
                    b_k_stride: b_layout.k_stride as u32,
                    b_j_stride: b_layout.outer_stride as u32,
                };
                let words = self.compute(block, rows.len() * cols.len(), kt)?;
                unpack(&words, n, cols.len(), (rows.start, cols.start), result);
            }
        }
        Ok(())
    }

    fn blocks(&self, a: &Side, b: &Side, kt: usize) -> Result<BlockSize, HostError> {
        let (free_rows, n) = (self.memory.free_rows(), self.config.array);
        let result = self.config.result_tiles.min(free_rows / (2 * n)) as usize;
        if result == 0 {
            return Err(HostError::MemoryFull { needed_rows: u64::from(2 * n), free_rows });
        }
        block_size(a, b, kt, self.config.scratch_tiles as usize, result)
    }

    /// Has the outer tiles of a factor in its scratchpad, loading what is not there.
    fn place(
        &mut self,
        scratchpad: Scratchpad,
        side: &Side,
        outer: &Range<usize>,
        kt: usize,
    ) -> Result<Layout, HostError> {
        let contents = &mut self.scratchpads[scratchpad as usize];
        if side.fits_whole(contents.capacity()) {
            let base = match contents.find(&side.matrix) {
                Some(base) => base,
                None => {
                    let base = contents.place(&side.matrix);
                    let tiles = side.matrix.tiles;
                    let run = Run { source_tile: 0, destination_tile: base, tiles };
                    self.load(scratchpad, side, run)?;
                    base
                }
            };
            return Ok(side.whole(base, outer.start));
        }
        contents.clear();
        for run in side.runs(outer, kt) {
            self.load(scratchpad, side, run)?;
        }
        Ok(side.sliced(outer, kt))
    }

    fn load(&mut self, scratchpad: Scratchpad, side: &Side, run: Run) -> Result<(), HostError> {
        let rows = |tiles: usize| tiles as u32 * self.config.array;
        self.issue(Instruction::Load {
            scratchpad,
            count: rows(run.tiles),
            source_row: side.matrix.first_row + rows(run.source_tile),
            destination_row: rows(run.destination_tile),
        })
    }

    /// Computes a block, and brings the words of its result tiles.
    fn compute(
        &mut self,
        block: Instruction,
        tiles: usize,
        kt: usize,
    ) -> Result<Vec<u32>, HostError> {
        let n = self.config.array as usize;
        let result_rows = tiles * n;
        let destination_row = self.memory.first_free();
        self.issue(block)?;
        self.issue(Instruction::Store {
            count: result_rows as u32,
            source_row: 0,
            destination_row,
        })?;
        self.fence((tiles * kt * n + 2 * result_rows) as u64)?;
        let mut words = vec![0; result_rows * n];
        self.bus.read_block(self.row_address(destination_row), &mut words)?;
        Ok(words)
    }
}
