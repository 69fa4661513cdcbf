//! [`Scratchpad`]: tiles that are read by rows or by columns.

use super::bank::Bank;
use super::rotate::rotate_down;
use crate::PeridotConfig;
use crate::isa::TILE_BITS;
use olivine_float::Format;
use olivine_lang::prelude::*;

/// Keeps N×N tiles of bf16 numbers and gives a row or a column of one each cycle.
///
/// ```text
///           +------------+
///  read --->|            |---> line (N elements)
///           | Scratchpad |
///  write -->|            |
///           +------------+
/// ```
///
/// *Behaviour*: element (r, c) of tile t lies in bank `(r + c) mod N` at address `t·N + r`, so that
/// the elements of a row, and those of a column, lie in different banks. A row is written as it
/// lies in the banks: rotated up by its number, which is the writer's business.
///
/// *Timing*: one read and one write a cycle. `line` has what `read` asked for two cycles later.
///
/// *Reset*: none; the tiles are undefined until they are written.
///
/// *Undefined*: a read of a tile that is not there, or that is written in the same cycle. A write
/// of a row that is not there must not be asked for: asserted.
///
/// *Verification*: against an array, rows and columns of all tiles.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Scratchpad {
    /// N: rows and columns of a tile.
    pub size: usize,
    /// The number of tiles.
    pub tiles: u32,
}

/// Asks for a row or a column of a tile.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct LineRead {
    /// There is such a wish.
    pub valid: Bit,
    /// Of which tile.
    pub tile: Unsigned,
    /// Which row or column.
    pub line: Unsigned,
    /// A column, not a row.
    pub column: Bit,
}

impl LineRead {
    /// For tiles of `size` rows, as a shape.
    pub fn shape_of(size: usize) -> Self {
        let line = unsigned(index_width(size));
        Self { valid: bit(), tile: unsigned(TILE_BITS), line, column: bit() }
    }
}

/// The ports of [`Scratchpad`].
#[derive(Ports)]
pub struct ScratchpadPorts {
    /// What to read.
    pub read: In<LineRead>,
    /// The elements of the row or column, two cycles later.
    pub line: Out<Vec<Float>>,
    /// Writes a row.
    pub write_valid: In<Bit>,
    /// Which one: `t·N + r`.
    pub write_row: In<Unsigned>,
    /// Its elements as they lie in the banks.
    pub write_banks: In<Vec<Unsigned>>,
}

impl Scratchpad {
    /// One of the scratchpads of a chip.
    pub fn of(config: &PeridotConfig) -> Self {
        Self { size: config.array as usize, tiles: config.scratch_tiles }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.size * self.tiles as usize
    }
}

impl Module for Scratchpad {
    type Ports = ScratchpadPorts;

    fn ports(&self) -> ScratchpadPorts {
        ScratchpadPorts {
            read: LineRead::shape_of(self.size),
            line: vec![Format::BF16.shape(); self.size],
            write_valid: bit(),
            write_row: unsigned(index_width(self.rows())),
            write_banks: vec![unsigned(Format::BF16.width()); self.size],
        }
    }

    #[named]
    fn build(&self, p: ScratchpadPorts) {
        let (n, depth) = (self.size, self.rows());
        let bank = instances(Bank { width: Format::BF16.width(), depth }, [n], "bank");
        let line = p.read.line;
        for b in bank.indices() {
            // Row: the same address everywhere. Column: row (b − line) mod N is in bank b.
            let own = constant(line.shape(), b as u64);
            let row = p.read.column.select(own.wrapping_sub(line), line);
            let address = row.concat(p.read.tile).truncate(index_width(depth));
            bank[b].read_enable.drive(p.read.valid);
            bank[b].read_address.drive(address);
            bank[b].write_enable.drive(p.write_valid);
            bank[b].write_address.drive(p.write_row);
            bank[b].write_data.drive(p.write_banks[b]);
        }
        let read: Vec<Unsigned> = bank.iter().map(|b| b.read_data).collect();
        let elements = rotate_down(&read, delay(line, 1));
        for (out, element) in p.line.iter().zip(elements) {
            out.drive(delay(element, 1).as_float(Format::BF16.shape()));
        }
        if !depth.is_power_of_two() {
            let inside = p.write_row.lt(depth);
            always("only rows that are there are written", p.write_valid.implies(inside));
        }
    }
}
