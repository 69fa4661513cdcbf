//! What each command does to the memories, said plainly. The golden model of the whole chip.

use olivine_golden::mac;
use olivine_peridot::PeridotConfig;
use olivine_peridot::isa::{Instruction, Scratchpad, Transpose};

/// The memories of a chip, row-major.
#[derive(Clone, Debug)]
pub struct Model {
    n: usize,
    pub memory: Vec<u16>,
    pub a: Vec<u16>,
    pub b: Vec<u16>,
    pub result: Vec<u32>,
}

impl Model {
    pub fn new(config: PeridotConfig) -> Self {
        let n = config.array as usize;
        Self {
            n,
            memory: vec![0; config.memory_rows as usize * n],
            a: vec![0; config.scratch_rows() as usize * n],
            b: vec![0; config.scratch_rows() as usize * n],
            result: vec![0; config.result_rows() as usize * n],
        }
    }

    /// The device memory as the host reads it.
    pub fn words(&self) -> Vec<u32> {
        let pair = |p: &[u16]| u32::from(p[0]) | u32::from(p[1]) << 16;
        self.memory.chunks(2).map(pair).collect()
    }

    pub fn execute(&mut self, command: Instruction) {
        let n = self.n;
        match command {
            Instruction::Nop {} | Instruction::Fence {} => {}
            Instruction::Load { scratchpad, count, source_row, destination_row } => {
                let to = match scratchpad {
                    Scratchpad::A => &mut self.a,
                    Scratchpad::B => &mut self.b,
                };
                let (from, at) = (source_row as usize * n, destination_row as usize * n);
                let length = count as usize * n;
                to[at..at + length].copy_from_slice(&self.memory[from..from + length]);
            }
            Instruction::Store { count, source_row, destination_row } => {
                for element in 0..count as usize * n {
                    let value = self.result[source_row as usize * n + element];
                    let at = destination_row as usize * n + 2 * element;
                    self.memory[at] = value as u16;
                    self.memory[at + 1] = (value >> 16) as u16;
                }
            }
            Instruction::Gemm { .. } => self.gemm(command),
        }
    }

    fn gemm(&mut self, command: Instruction) {
        let Instruction::Gemm {
            a_transpose,
            b_transpose,
            mt,
            nt,
            kt,
            a_base,
            b_base,
            c_base,
            a_i_stride,
            a_k_stride,
            b_k_stride,
            b_j_stride,
        } = command
        else {
            unreachable!("called for GEMM only")
        };
        let n = self.n as u32;
        for (i, j) in (0..mt).flat_map(|i| (0..nt).map(move |j| (i, j))) {
            for (r, c) in (0..n).flat_map(|r| (0..n).map(move |c| (r, c))) {
                let mut sum = 0;
                for (k, l) in (0..kt).flat_map(|k| (0..n).map(move |l| (k, l))) {
                    let a_tile = a_base + i * a_i_stride + k * a_k_stride;
                    let b_tile = b_base + k * b_k_stride + j * b_j_stride;
                    let a = self.a[self.element(a_tile, r, l, a_transpose)];
                    let b = self.b[self.element(b_tile, l, c, b_transpose)];
                    sum = mac(sum, a, b);
                }
                let to = self.element(c_base + i * nt + j, r, c, Transpose::No);
                if kt > 0 {
                    self.result[to] = sum;
                }
            }
        }
    }

    fn element(&self, tile: u32, row: u32, column: u32, transpose: Transpose) -> usize {
        let (row, column) = match transpose {
            Transpose::No => (row, column),
            Transpose::Yes => (column, row),
        };
        (tile as usize * self.n + row as usize) * self.n + column as usize
    }
}
