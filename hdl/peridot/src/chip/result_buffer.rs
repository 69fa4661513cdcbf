//! [`ResultBuffer`]: rows of sums, as they leave the array.

use super::bank::Bank;
use olivine_float::Format;
use olivine_lang::prelude::*;

/// Keeps rows of N fp32 numbers. Takes them skewed, as the array gives them; gives whole rows.
///
/// *Behaviour*: `write_row` says where column 0 of `result` belongs; column c comes c cycles
/// later, and its address is kept until then.
///
/// *Timing*: one row in and one out a cycle. `read_data` is the row asked for from the next
/// cycle on, until the next read.
///
/// *Reset*: no write is in flight; the rows are undefined until they are written.
///
/// *Undefined*: a read of a row that is not there, or of which a column is written in the same
/// cycle. A write of a row that is not there must not be asked for: asserted.
///
/// *Verification*: within the chip.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct ResultBuffer {
    /// N: columns.
    pub size: usize,
    /// The number of rows.
    pub rows: usize,
}

/// The ports of [`ResultBuffer`].
#[derive(Ports)]
pub struct ResultBufferPorts {
    /// Column 0 of `result` is part of a row.
    pub write_valid: In<Bit>,
    /// Of which one.
    pub write_row: In<Unsigned>,
    /// The columns, column c being c cycles late.
    pub result: In<Vec<Float>>,
    /// Reads a row.
    pub read_valid: In<Bit>,
    /// Which one.
    pub read_row: In<Unsigned>,
    /// The row read last.
    pub read_data: Out<Vec<Unsigned>>,
}

impl Module for ResultBuffer {
    type Ports = ResultBufferPorts;

    fn ports(&self) -> ResultBufferPorts {
        let row = unsigned(index_width(self.rows));
        ResultBufferPorts {
            write_valid: bit(),
            write_row: row,
            result: vec![Format::FP32.shape(); self.size],
            read_valid: bit(),
            read_row: row,
            read_data: vec![unsigned(Format::FP32.width()); self.size],
        }
    }

    #[named]
    fn build(&self, p: ResultBufferPorts) {
        let width = Format::FP32.width();
        let bank = instances(Bank { width, depth: self.rows }, [self.size], "bank");
        let (mut valid, mut row) = (p.write_valid, p.write_row);
        for c in bank.indices() {
            bank[c].write_enable.drive(valid);
            bank[c].write_address.drive(row);
            bank[c].write_data.drive(p.result[c].as_unsigned());
            bank[c].read_enable.drive(p.read_valid);
            bank[c].read_address.drive(p.read_row);
            p.read_data[c].drive(bank[c].read_data);
            if c + 1 < self.size {
                let later = reg(bit()).reset(false).named(&format!("write_valid_column{}", c + 1));
                later.set(valid);
                (valid, row) = (later, delay(row, 1));
            }
        }
        if !self.rows.is_power_of_two() {
            let inside = p.write_row.lt(self.rows);
            always("only rows that are there are written", p.write_valid.implies(inside));
        }
    }
}
