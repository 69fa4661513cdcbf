//! [`StoreEngine`]: result buffer to device memory.

use super::device_memory::WORD_BITS;
use super::operands::StoreOperands;
use super::processor::works_from;
use crate::PeridotConfig;
use olivine_lang::prelude::*;

/// Carries out STORE: copies result rows to the device memory, two memory rows for each.
///
/// *Behaviour*: `start` takes the operands; `busy` holds from the next cycle on until the last row
/// is written. A result row is read, then its lower and its upper half are written as they are
/// granted; the next row is read in the cycle that writes the upper half.
///
/// *Timing*: one memory row a cycle where the memory grants it; one cycle more in all. The request
/// does not depend on the grant.
///
/// *Handshake*: `start` only while not busy: asserted.
///
/// *Reset*: idle.
///
/// *Undefined*: what is stored of result rows that are not there. Such rows, and rows that the
/// device memory does not have, raise `out_of_range`; the latter are not written.
///
/// *Verification*: within the chip, with random stalls. Its handshakes are proved there.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct StoreEngine {
    /// The chip.
    pub config: PeridotConfig,
}

/// The ports of [`StoreEngine`].
#[derive(Ports)]
pub struct StoreEnginePorts {
    /// Begins.
    pub start: In<Bit>,
    /// With these operands.
    pub operands: In<StoreOperands>,
    /// Rows are still to be copied.
    pub busy: Out<Bit>,
    /// It waits for the memory.
    pub stalled: Out<Bit>,
    /// A row is not there.
    pub out_of_range: Out<Bit>,
    /// It reads a result row.
    pub read_valid: Out<Bit>,
    /// This one.
    pub read_row: Out<Unsigned>,
    /// The result row read last.
    pub read_data: In<Vec<Unsigned>>,
    /// It would write.
    pub memory_valid: Out<Bit>,
    /// This row.
    pub memory_row: Out<Unsigned>,
    /// These words.
    pub memory_data: Out<Vec<Unsigned>>,
    /// It writes, or drops a row that is not there.
    pub memory_grant: In<Bit>,
}

impl Module for StoreEngine {
    type Ports = StoreEnginePorts;

    fn ports(&self) -> StoreEnginePorts {
        let n = self.config.array as usize;
        StoreEnginePorts {
            start: bit(),
            operands: StoreOperands::shape_of(),
            busy: bit(),
            stalled: bit(),
            out_of_range: bit(),
            read_valid: bit(),
            read_row: unsigned(index_width(self.config.result_rows() as usize)),
            read_data: vec![unsigned(WORD_BITS); n],
            memory_valid: bit(),
            memory_row: unsigned(index_width(self.config.memory_rows as usize)),
            memory_data: vec![unsigned(WORD_BITS); n / 2],
            memory_grant: bit(),
        }
    }

    fn name(&self) -> String {
        "store_engine".into()
    }

    #[named]
    fn build(&self, p: StoreEnginePorts) {
        // Rows not yet read; whether one is read and not yet written; which half of it comes next.
        let left = reg(p.operands.count.shape()).reset(0);
        let holding = reg(bit()).reset(false);
        let upper = reg(bit()).reset(false);
        let source = reg(p.operands.source_row.shape());
        let destination = reg(p.operands.destination_row.shape());

        let destination_exists = destination.lt(self.config.memory_rows);
        let written = holding & (p.memory_grant | !destination_exists);
        let row_written = written & upper;
        when(written, || {
            destination.set(destination.wrapping_add(1));
            upper.set(!upper);
        });
        let reads = left.ne(0) & (!holding | row_written);
        when(row_written, || holding.set(false));
        when(reads, || {
            holding.set(true);
            left.set(left.wrapping_sub(1));
            source.set(source.wrapping_add(1));
        });
        p.read_valid.drive(reads);
        p.read_row.drive(source.truncate(p.read_row.width()));

        p.memory_valid.drive(holding & destination_exists);
        p.memory_row.drive(destination.truncate(p.memory_row.width()));
        let (low, high) = p.read_data.split_at(p.memory_data.len());
        for (word, out) in p.memory_data.iter().enumerate() {
            out.drive(upper.select(high[word], low[word]));
        }
        when(p.start, || {
            left.set(p.operands.count);
            source.set(p.operands.source_row);
            destination.set(p.operands.destination_row);
        });

        let busy = left.ne(0) | holding;
        p.busy.drive(busy);
        p.stalled.drive(holding & !written);
        let source_missing = reads & source.ge(self.config.result_rows());
        p.out_of_range.drive(source_missing | (holding & !destination_exists));
        always("it starts only while idle", p.start.implies(!busy));
        always("it works only from its start on", works_from(p.start, busy));
        always("it begins with a lower half", p.start.implies(!upper));
        always("an upper half is one of a row that is held", upper.implies(holding));
        always("only rows that are asked for are granted", {
            p.memory_grant.implies(holding & destination_exists)
        });
    }
}
