//! The operands of the commands as signals, taken from an instruction by the field table.

use crate::isa::{EXTENT_BITS, Field, Opcode, ROW_BITS, TILE_BITS};
use olivine_lang::prelude::*;

/// The bits of a field.
#[track_caller]
pub(crate) fn take(word: Unsigned, field: Field) -> Unsigned {
    word.slice(field.lsb, field.width)
}

#[track_caller]
fn flag(word: Unsigned, field: Field) -> Bit {
    take(word, field).as_bit()
}

/// The operands of LOAD.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct LoadOperands {
    /// Into scratchpad B, not A.
    pub into_b: Bit,
    /// Rows.
    pub count: Unsigned,
    /// First row in the device memory.
    pub source_row: Unsigned,
    /// First row in the scratchpad.
    pub destination_row: Unsigned,
}

impl LoadOperands {
    /// Their shape.
    pub fn shape_of() -> Self {
        let row = unsigned(ROW_BITS);
        Self { into_b: bit(), count: row, source_row: row, destination_row: row }
    }

    /// Those of an instruction.
    pub(crate) fn of(word: Unsigned) -> Self {
        let field = |name| Opcode::Load.field(name);
        Self {
            into_b: flag(word, field("scratchpad")),
            count: take(word, field("count")),
            source_row: take(word, field("source_row")),
            destination_row: take(word, field("destination_row")),
        }
    }
}

/// The operands of STORE.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct StoreOperands {
    /// Result rows.
    pub count: Unsigned,
    /// First row in the result buffer.
    pub source_row: Unsigned,
    /// First row in the device memory.
    pub destination_row: Unsigned,
}

impl StoreOperands {
    /// Their shape.
    pub fn shape_of() -> Self {
        let row = unsigned(ROW_BITS);
        Self { count: row, source_row: row, destination_row: row }
    }

    /// Those of an instruction.
    pub(crate) fn of(word: Unsigned) -> Self {
        let field = |name| Opcode::Store.field(name);
        Self {
            count: take(word, field("count")),
            source_row: take(word, field("source_row")),
            destination_row: take(word, field("destination_row")),
        }
    }
}

/// The operands of GEMM, named as in the instruction.
#[derive(Clone, Copy, Debug, Bundle)]
#[allow(missing_docs)]
pub struct GemmOperands {
    pub a_transpose: Bit,
    pub b_transpose: Bit,
    pub mt: Unsigned,
    pub nt: Unsigned,
    pub kt: Unsigned,
    pub a_base: Unsigned,
    pub b_base: Unsigned,
    pub c_base: Unsigned,
    pub a_i_stride: Unsigned,
    pub a_k_stride: Unsigned,
    pub b_k_stride: Unsigned,
    pub b_j_stride: Unsigned,
}

impl GemmOperands {
    /// Their shape.
    pub fn shape_of() -> Self {
        let (tile, extent) = (unsigned(TILE_BITS), unsigned(EXTENT_BITS));
        Self {
            a_transpose: bit(),
            b_transpose: bit(),
            mt: extent,
            nt: extent,
            kt: extent,
            a_base: tile,
            b_base: tile,
            c_base: tile,
            a_i_stride: extent,
            a_k_stride: extent,
            b_k_stride: extent,
            b_j_stride: extent,
        }
    }

    /// Those of an instruction.
    pub(crate) fn of(word: Unsigned) -> Self {
        let number = |name| take(word, Opcode::Gemm.field(name));
        Self {
            a_transpose: flag(word, Opcode::Gemm.field("a_transpose")),
            b_transpose: flag(word, Opcode::Gemm.field("b_transpose")),
            mt: number("mt"),
            nt: number("nt"),
            kt: number("kt"),
            a_base: number("a_base"),
            b_base: number("b_base"),
            c_base: number("c_base"),
            a_i_stride: number("a_i_stride"),
            a_k_stride: number("a_k_stride"),
            b_k_stride: number("b_k_stride"),
            b_j_stride: number("b_j_stride"),
        }
    }
}
