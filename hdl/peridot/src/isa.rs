//! The instruction set: one description from which the assembler, the hardware's decoder and
//! `ISA.md` take their numbers.
//!
//! An instruction is 128 bits, sent by the host as four words, lowest first. Its opcode is in
//! the low four bits; the other fields depend on the opcode ([`Opcode::fields`]). Bits that no
//! field covers are written as zero and ignored by the chip.
//!
//! Commands are carried out in order, and each starts when the one before it is complete, so a
//! command may use whatever earlier commands have produced.

mod address;
mod markdown;
mod operand;
mod uart;

pub use address::{
    ADDRESS_BITS, Csr, ID_VALUE, REGION_LSB, Region, STATUS_FIELDS, STATUS_LEVEL_MAX, csr_address,
    memory_address, status_field,
};
pub use markdown::markdown;
pub use operand::{Operand, Scratchpad, Transpose};
pub use uart::{
    UART_ADDRESS_BYTES, UART_COUNT_BYTES, UART_DONE, UART_PACKETS, UART_READ, UART_UNKNOWN,
    UART_WRITE,
};

/// Width of an instruction in bits.
pub const INSTRUCTION_BITS: u32 = 128;
/// The number of host words in an instruction.
pub const INSTRUCTION_WORDS: usize = 4;
/// Width of the opcode, the lowest bits of every instruction.
pub const OPCODE_BITS: u32 = 4;
/// Width of row addresses and row counts; running row addresses are modulo 2^24.
pub const ROW_BITS: u32 = 24;
/// Width of tile addresses; running tile addresses are modulo 2^16.
pub const TILE_BITS: u32 = 16;
/// Width of tile counts and tile strides.
pub const EXTENT_BITS: u32 = 10;

/// Some consecutive bits of an instruction or a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// `lower_snake_case`.
    pub name: &'static str,
    /// Its lowest bit.
    pub lsb: u32,
    /// Width in bits.
    pub width: u32,
    /// What it means.
    pub doc: &'static str,
}

/// Why a value is no instruction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IsaError {
    /// A field's value needs more bits than the field has.
    TooWide {
        /// The instruction's mnemonic.
        mnemonic: &'static str,
        /// The field.
        field: Field,
        /// What did not fit.
        value: u32,
    },
    /// No instruction has this opcode.
    UnknownOpcode(u32),
    /// Bits that no field covers are set.
    ReservedBits {
        /// The instruction's mnemonic.
        mnemonic: &'static str,
        /// The offending bits in place.
        bits: u128,
    },
}

impl std::fmt::Display for IsaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TooWide { mnemonic, field, value } => write!(
                f,
                "{mnemonic}: {} = {value} does not fit in {} bits; use at most {}",
                field.name,
                field.width,
                max_of(field.width)
            ),
            Self::UnknownOpcode(opcode) => {
                let known: Vec<_> = Opcode::ALL.iter().map(|o| o.mnemonic()).collect();
                write!(f, "no instruction has opcode {opcode}; known are {}", known.join(", "))
            }
            Self::ReservedBits { mnemonic, bits } => {
                write!(f, "{mnemonic}: bits {bits:#x} belong to no field; they must be zero")
            }
        }
    }
}

impl std::error::Error for IsaError {}

fn max_of(width: u32) -> u32 {
    u32::MAX >> (32 - width)
}

macro_rules! instructions {
    ($(
        $(#[doc = $doc:literal])*
        $variant:ident = $code:literal $mnemonic:literal {
            $( $field:ident: $type:ty = [$lsb:literal, $width:expr] $meaning:literal; )*
        }
    )*) => {
        /// What an instruction does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Opcode { $( $(#[doc = $doc])* $variant = $code, )* }

        impl Opcode {
            /// Every opcode, in numeric order.
            pub const ALL: &[Self] = &[ $( Self::$variant, )* ];

            /// The name in listings.
            pub fn mnemonic(self) -> &'static str {
                match self { $( Self::$variant => $mnemonic, )* }
            }

            /// What the instruction does, in Markdown.
            pub fn doc(self) -> &'static str {
                match self { $( Self::$variant => concat!($($doc, "\n"),*), )* }
            }

            /// The operand fields, the opcode itself left out.
            pub fn fields(self) -> &'static [Field] {
                match self { $( Self::$variant => &[ $( Field {
                    name: stringify!($field), lsb: $lsb, width: $width, doc: $meaning,
                }, )* ], )* }
            }
        }

        /// An instruction with its operands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Instruction { $(
            $(#[doc = $doc])*
            $variant { $( #[doc = $meaning] $field: $type, )* },
        )* }

        impl Instruction {
            /// The opcode.
            pub fn opcode(&self) -> Opcode {
                match self { $( Self::$variant { .. } => Opcode::$variant, )* }
            }

            /// The 128 bits, or the first field whose value does not fit.
            pub fn encode(&self) -> Result<u128, IsaError> {
                let word = self.opcode() as u128;
                match self { $( Self::$variant { $( $field, )* } => {
                    let values: &[u32] = &[ $( $field.to_bits(), )* ];
                    place(Opcode::$variant, values, word)
                } )* }
            }

            /// The instruction these 128 bits say.
            pub fn decode(word: u128) -> Result<Self, IsaError> {
                let code = word as u32 & max_of(OPCODE_BITS);
                match code { $( $code => {
                    reject_reserved(Opcode::$variant, word)?;
                    Ok(Self::$variant { $( $field: {
                        let bits = (word >> $lsb) as u32 & max_of($width);
                        <$type as Operand>::from_bits(bits)
                    }, )* })
                } )*
                    _ => Err(IsaError::UnknownOpcode(code)),
                }
            }
        }
    };
}

instructions! {
    /// Does nothing.
    Nop = 0 "NOP" {}

    /// Copies rows from the device memory to a scratchpad: row `source_row + n` to row
    /// `destination_row + n` for `n` in `0..count`. Scratchpad row `t·N + r` is row `r` of tile
    /// `t`.
    Load = 1 "LOAD" {
        scratchpad: Scratchpad = [4, 1] "which scratchpad: 0 A, 1 B";
        count: u32 = [8, ROW_BITS] "number of rows; 0 copies nothing";
        source_row: u32 = [32, ROW_BITS] "first row in the device memory";
        destination_row: u32 = [64, ROW_BITS] "first row in the scratchpad";
    }

    /// Multiplies tiled matrices: result tile `c_base + i·nt + j` is the sum over `k` of
    /// `op(A tile) · op(B tile)`, where the A tile is `a_base + i·a_i_stride + k·a_k_stride`, the
    /// B tile is `b_base + k·b_k_stride + j·b_j_stride`, and `op` transposes each tile or not.
    Gemm = 2 "GEMM" {
        a_transpose: Transpose = [4, 1] "1: A's tiles are transposed";
        b_transpose: Transpose = [5, 1] "1: B's tiles are transposed";
        mt: u32 = [8, EXTENT_BITS] "rows of result tiles; 0 computes nothing";
        nt: u32 = [18, EXTENT_BITS] "columns of result tiles; 0 computes nothing";
        kt: u32 = [28, EXTENT_BITS] "tiles along the sum; 0 computes nothing";
        a_base: u32 = [38, TILE_BITS] "first tile in scratchpad A";
        b_base: u32 = [54, TILE_BITS] "first tile in scratchpad B";
        c_base: u32 = [70, TILE_BITS] "first tile in the result buffer";
        a_i_stride: u32 = [86, EXTENT_BITS] "A tiles from one row of result tiles to the next";
        a_k_stride: u32 = [96, EXTENT_BITS] "A tiles from one k to the next";
        b_k_stride: u32 = [106, EXTENT_BITS] "B tiles from one k to the next";
        b_j_stride: u32 = [116, EXTENT_BITS] "B tiles from one column of result tiles to the next";
    }

    /// Copies rows from the result buffer to the device memory: result row `source_row + n` to
    /// memory rows `destination_row + 2n` (elements `0..N/2`, fp32) and `destination_row + 2n + 1`
    /// (the rest) for `n` in `0..count`. Result row `t·N + r` is row `r` of tile `t`.
    Store = 3 "STORE" {
        count: u32 = [8, ROW_BITS] "number of result rows; 0 copies nothing";
        source_row: u32 = [32, ROW_BITS] "first row in the result buffer";
        destination_row: u32 = [64, ROW_BITS] "first row in the device memory";
    }

    /// Waits until every earlier command is complete, then counts one up in the `fences` register.
    Fence = 4 "FENCE" {}
}

impl Opcode {
    /// The operand field with this name. Asking for one that is not there is a bug and panics.
    #[track_caller]
    pub fn field(self, name: &str) -> Field {
        let found = self.fields().iter().find(|f| f.name == name);
        *found.unwrap_or_else(|| panic!("{} has no field `{name}`", self.mnemonic()))
    }
}

impl Instruction {
    /// The four words the host writes to the command window, in this order.
    pub fn words(&self) -> Result<[u32; INSTRUCTION_WORDS], IsaError> {
        let word = self.encode()?;
        Ok([0, 32, 64, 96].map(|lsb| (word >> lsb) as u32))
    }
}

fn place(opcode: Opcode, values: &[u32], start: u128) -> Result<u128, IsaError> {
    let mut word = start;
    for (&field, &value) in opcode.fields().iter().zip(values) {
        if value > max_of(field.width) {
            return Err(IsaError::TooWide { mnemonic: opcode.mnemonic(), field, value });
        }
        word |= u128::from(value) << field.lsb;
    }
    Ok(word)
}

fn field_mask(opcode: Opcode) -> u128 {
    let mask = |f: &Field| u128::from(max_of(f.width)) << f.lsb;
    opcode.fields().iter().map(mask).fold(0, |a, b| a | b)
}

fn reject_reserved(opcode: Opcode, word: u128) -> Result<(), IsaError> {
    match word & !field_mask(opcode) & !u128::from(max_of(OPCODE_BITS)) {
        0 => Ok(()),
        bits => Err(IsaError::ReservedBits { mnemonic: opcode.mnemonic(), bits }),
    }
}

#[cfg(test)]
mod tests;
