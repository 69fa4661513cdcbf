//! What a command tells the chip to do, spelled out.

use olivine_peridot::isa::{
    INSTRUCTION_BITS, Instruction, Opcode, ROW_BITS, Scratchpad, TILE_BITS, Transpose,
};

/// The opcode is unknown; the command is skipped.
pub(super) struct Skipped;

/// Reads an instruction as the chip does: bits that belong to no field mean nothing.
pub(super) fn read(word: u128) -> Result<Instruction, Skipped> {
    let opcode = Opcode::ALL.iter().find(|&&o| o as u128 == word % 16).ok_or(Skipped)?;
    let fields = opcode.fields().iter();
    let mask = |lsb: u32, width: u32| (u128::MAX >> (INSTRUCTION_BITS - width)) << lsb;
    let meaningful = fields.map(|f| mask(f.lsb, f.width)).fold(15, |a, b| a | b);
    Instruction::decode(word & meaningful).map_err(|_| Skipped)
}

/// Row `first + index`, modulo 2^24.
pub(super) fn row(first: u32, index: u32) -> u32 {
    first.wrapping_add(index) % (1 << ROW_BITS)
}

/// A tile of a scratchpad.
pub(super) struct Tile {
    pub scratchpad: Scratchpad,
    pub index: usize,
    pub transposed: bool,
}

/// Two tiles to be multiplied.
pub(super) struct Pair {
    pub a: Tile,
    pub b: Tile,
}

/// A tile of the result: the sum over its pairs, in order.
pub(super) struct ResultTile {
    pub result: usize,
    pub pairs: Vec<Pair>,
}

/// The result tiles of a GEMM in the order in which the chip computes them; none for any other
/// command, nor where there is nothing to sum.
pub(super) fn result_tiles(command: &Instruction) -> Vec<ResultTile> {
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
    } = *command
    else {
        return Vec::new();
    };
    let a_tile = |i: u32, k: u32| Tile {
        scratchpad: Scratchpad::A,
        index: tile(a_base + i * a_i_stride + k * a_k_stride),
        transposed: a_transpose == Transpose::Yes,
    };
    let b_tile = |k: u32, j: u32| Tile {
        scratchpad: Scratchpad::B,
        index: tile(b_base + k * b_k_stride + j * b_j_stride),
        transposed: b_transpose == Transpose::Yes,
    };
    let result = |i: u32, j: u32| ResultTile {
        result: tile(c_base + i * nt + j),
        pairs: (0..kt).map(|k| Pair { a: a_tile(i, k), b: b_tile(k, j) }).collect(),
    };
    let rows = if kt == 0 { 0 } else { mt };
    (0..rows).flat_map(|i| (0..nt).map(move |j| (i, j))).map(|(i, j)| result(i, j)).collect()
}

/// A tile address, modulo 2^16.
fn tile(address: u32) -> usize {
    address as usize % (1 << TILE_BITS)
}
