//! Random programs that stay within the chip's memories.

use olivine_peridot::PeridotConfig;
use olivine_peridot::isa::{Instruction, Scratchpad, Transpose};

/// SplitMix64.
#[derive(Clone, Debug)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: u32) -> u32 {
        (self.next() % u64::from(limit)) as u32
    }

    fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high - low + 1)
    }

    pub fn scratchpad(&mut self) -> Scratchpad {
        if self.below(2) == 0 { Scratchpad::A } else { Scratchpad::B }
    }

    pub fn transpose(&mut self) -> Transpose {
        if self.below(2) == 0 { Transpose::No } else { Transpose::Yes }
    }

    /// Mostly numbers around one; now and then anything.
    pub fn bf16(&mut self) -> u16 {
        let any = self.next();
        if any >> 56 == 0 {
            return any as u16;
        }
        any as u16 & 0x807f | (120 + (any >> 16) as u16 % 14) << 7
    }

    /// Two elements.
    pub fn word(&mut self) -> u32 {
        u32::from(self.bf16()) | u32::from(self.bf16()) << 16
    }
}

/// Copies rows to the front of a scratchpad until it is full, from anywhere.
pub fn fill(random: &mut Random, config: &PeridotConfig, scratchpad: Scratchpad) -> Instruction {
    let count = config.scratch_rows();
    let source_row = random.below(config.memory_rows - count + 1);
    Instruction::Load { scratchpad, count, source_row, destination_row: 0 }
}

/// Any LOAD that stays within the memories.
pub fn load(random: &mut Random, config: &PeridotConfig) -> Instruction {
    let count = random.below(config.scratch_rows() + 1);
    Instruction::Load {
        scratchpad: random.scratchpad(),
        count,
        source_row: random.below(config.memory_rows - count + 1),
        destination_row: random.below(config.scratch_rows() - count + 1),
    }
}

/// Any STORE that stays within the memories.
pub fn store(random: &mut Random, config: &PeridotConfig) -> Instruction {
    let most = config.result_rows().min(config.memory_rows / 2);
    let count = random.below(most + 1);
    Instruction::Store {
        count,
        source_row: random.below(config.result_rows() - count + 1),
        destination_row: random.below(config.memory_rows - 2 * count + 1),
    }
}

/// Any GEMM that stays within the memories.
pub fn gemm(random: &mut Random, config: &PeridotConfig) -> Instruction {
    let mt = random.between(1, config.result_tiles.min(3));
    let nt = random.between(1, (config.result_tiles / mt).min(3));
    let kt = random.between(1, 4);
    // Strides and base such that the last tile is there.
    let mut place = |i: u32, k: u32| {
        let last = config.scratch_tiles - 1;
        let i_stride = random.below(last / i.max(1) / 2 + 1);
        let k_stride = random.below((last - i * i_stride) / k.max(1) + 1);
        let base = random.below(last - i * i_stride - k * k_stride + 1);
        (base, i_stride, k_stride)
    };
    let (a_base, a_i_stride, a_k_stride) = place(mt - 1, kt - 1);
    let (b_base, b_j_stride, b_k_stride) = place(nt - 1, kt - 1);
    Instruction::Gemm {
        a_transpose: random.transpose(),
        b_transpose: random.transpose(),
        mt,
        nt,
        kt,
        a_base,
        b_base,
        c_base: random.below(config.result_tiles - mt * nt + 1),
        a_i_stride,
        a_k_stride,
        b_k_stride,
        b_j_stride,
    }
}

/// Fills both scratchpads and the result buffer, then does anything.
pub fn program(random: &mut Random, config: &PeridotConfig, length: usize) -> Vec<Instruction> {
    let mut commands = vec![
        fill(random, config, Scratchpad::A),
        fill(random, config, Scratchpad::B),
        Instruction::Gemm {
            a_transpose: Transpose::No,
            b_transpose: Transpose::No,
            mt: 1,
            nt: config.result_tiles,
            kt: 1,
            a_base: 0,
            b_base: 0,
            c_base: 0,
            a_i_stride: 0,
            a_k_stride: 0,
            b_k_stride: 0,
            b_j_stride: 0,
        },
    ];
    for _ in 0..length {
        let command = match random.below(8) {
            0 => Instruction::Nop {},
            1 => Instruction::Fence {},
            2 | 3 => load(random, config),
            4 | 5 => store(random, config),
            _ => gemm(random, config),
        };
        commands.push(command);
    }
    commands
}
