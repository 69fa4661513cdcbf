//! [`LoadEngine`]: device memory to scratchpad.

use super::device_memory::WORD_BITS;
use super::operands::LoadOperands;
use super::processor::works_from;
use super::rotate::rotate_up;
use crate::PeridotConfig;
use olivine_float::Format;
use olivine_lang::prelude::*;

/// Carries out LOAD: copies rows from the device memory to a scratchpad.
///
/// *Behaviour*: `start` takes the operands; `busy` holds from the next cycle on until the last row
/// is written. A row is asked for in each cycle; one that is granted is rotated into its banks and
/// written two cycles later.
///
/// *Timing*: one row a cycle where the memory grants it; two cycles more in all. The request does
/// not depend on the grant.
///
/// *Handshake*: `start` only while not busy: asserted. A grant only where a row is asked for:
/// assumed.
///
/// *Reset*: idle.
///
/// *Undefined*: what is loaded from rows that are not there. Such rows, and rows that the
/// scratchpad does not have, raise `out_of_range`; the latter are not written.
///
/// *Verification*: within the chip, with random stalls. Its handshakes are proved there.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct LoadEngine {
    /// The chip.
    pub config: PeridotConfig,
}

/// The ports of [`LoadEngine`].
#[derive(Ports)]
pub struct LoadEnginePorts {
    /// Begins.
    pub start: In<Bit>,
    /// With these operands.
    pub operands: In<LoadOperands>,
    /// Rows are still to be copied.
    pub busy: Out<Bit>,
    /// It waits for the memory.
    pub stalled: Out<Bit>,
    /// A row is not there.
    pub out_of_range: Out<Bit>,
    /// It would read.
    pub memory_valid: Out<Bit>,
    /// This row.
    pub memory_row: Out<Unsigned>,
    /// It reads.
    pub memory_grant: In<Bit>,
    /// The words of the row read a cycle ago.
    pub memory_data: In<Vec<Unsigned>>,
    /// Writes to scratchpad A.
    pub write_a: Out<Bit>,
    /// Writes to scratchpad B.
    pub write_b: Out<Bit>,
    /// This row.
    pub write_row: Out<Unsigned>,
    /// Its elements as they lie in the banks.
    pub write_banks: Out<Vec<Unsigned>>,
}

impl Module for LoadEngine {
    type Ports = LoadEnginePorts;

    fn ports(&self) -> LoadEnginePorts {
        let n = self.config.array as usize;
        LoadEnginePorts {
            start: bit(),
            operands: LoadOperands::shape_of(),
            busy: bit(),
            stalled: bit(),
            out_of_range: bit(),
            memory_valid: bit(),
            memory_row: unsigned(index_width(self.config.memory_rows as usize)),
            memory_grant: bit(),
            memory_data: vec![unsigned(WORD_BITS); n / 2],
            write_a: bit(),
            write_b: bit(),
            write_row: unsigned(index_width(self.config.scratch_rows() as usize)),
            write_banks: vec![unsigned(Format::BF16.width()); n],
        }
    }

    fn name(&self) -> String {
        "load_engine".into()
    }

    #[named]
    fn build(&self, p: LoadEnginePorts) {
        let n = self.config.array as usize;
        let left = reg(p.operands.count.shape()).reset(0);
        let source = reg(p.operands.source_row.shape());
        let wanting = left.ne(0);
        when(p.memory_grant, || {
            left.set(left.wrapping_sub(1));
            source.set(source.wrapping_add(1));
        });
        p.memory_valid.drive(wanting);
        p.memory_row.drive(source.truncate(p.memory_row.width()));

        let reading = reg(bit()).reset(false);
        reading.set(p.memory_grant);
        let destination = reg(p.operands.destination_row.shape());
        let destination_exists = destination.lt(self.config.scratch_rows());
        when(reading, || destination.set(destination.wrapping_add(1)));
        let writing = reg(bit()).reset(false);
        writing.set(reading & destination_exists);
        let line = destination.truncate(index_width(n));
        let elements: Vec<Unsigned> = p.memory_data.iter().flat_map(elements).collect();
        for (out, element) in p.write_banks.iter().zip(rotate_up(&elements, line)) {
            out.drive(delay(element, 1));
        }
        p.write_row.drive(delay(destination, 1).truncate(p.write_row.width()));

        let into_b = reg(bit());
        p.write_a.drive(writing & !into_b);
        p.write_b.drive(writing & into_b);
        when(p.start, || {
            left.set(p.operands.count);
            source.set(p.operands.source_row);
            destination.set(p.operands.destination_row);
            into_b.set(p.operands.into_b);
        });

        let busy = wanting | reading | writing;
        p.busy.drive(busy);
        p.stalled.drive(wanting & !p.memory_grant);
        let source_missing = p.memory_grant & source.ge(self.config.memory_rows);
        p.out_of_range.drive(source_missing | (reading & !destination_exists));
        always("it starts only while idle", p.start.implies(!busy));
        always("it works only from its start on", works_from(p.start, busy));
        assume("only rows that are asked for are granted", p.memory_grant.implies(wanting));
    }
}

/// The two elements of a word, the lower first.
fn elements(word: &Unsigned) -> [Unsigned; 2] {
    let width = Format::BF16.width();
    [word.slice(0, width), word.slice(width, width)]
}
