//! [`DeviceMemory`]: rows of bf16 numbers, shared by the host and the engines.

use super::bank::Bank;
use crate::PeridotConfig;
use olivine_lang::prelude::*;

/// Keeps rows of N bf16 numbers, which are N/2 words for the host.
///
/// ```text
///  host_read  --->|              |---> row_data, host_data
///  load_read  --->|              |---> load_grant
///                 | DeviceMemory |
///  host_write --->|              |
///  store_write -->|              |---> store_grant
/// ```
///
/// *Behaviour*: one read and one write port. The host's accesses go first; an engine's access
/// happens in a cycle in which it is granted. The host's words count along the rows, the lowest
/// pair of elements first.
///
/// *Timing*: one read and one write a cycle. `row_data`, and `host_data` as the word of it that
/// the host asked for, are there in the next cycle. Grants depend on the host's `valid` of the
/// same cycle.
///
/// *Reset*: none; the words are undefined until they are written.
///
/// *Undefined*: a read of a row that is not there, or that is written in the same cycle. A write
/// of a row that is not there does nothing.
///
/// *Verification*: within the chip.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct DeviceMemory {
    /// N: elements of a row.
    pub size: usize,
    /// The number of rows.
    pub rows: usize,
}

/// Width of a host word in bits.
pub(crate) const WORD_BITS: u32 = 32;

/// The ports of [`DeviceMemory`].
#[derive(Ports)]
pub struct DeviceMemoryPorts {
    /// The host reads.
    pub host_read_valid: In<Bit>,
    /// The host writes.
    pub host_write_valid: In<Bit>,
    /// Which word.
    pub host_address: In<Unsigned>,
    /// What the host writes.
    pub host_write_data: In<Unsigned>,
    /// The word that the host asked for a cycle ago.
    pub host_data: Out<Unsigned>,
    /// LOAD would read.
    pub load_valid: In<Bit>,
    /// Which row.
    pub load_row: In<Unsigned>,
    /// LOAD reads.
    pub load_grant: Out<Bit>,
    /// The words of the row that was asked for a cycle ago.
    pub row_data: Out<Vec<Unsigned>>,
    /// STORE would write.
    pub store_valid: In<Bit>,
    /// Which row.
    pub store_row: In<Unsigned>,
    /// The words of the row.
    pub store_data: In<Vec<Unsigned>>,
    /// STORE writes.
    pub store_grant: Out<Bit>,
}

impl DeviceMemory {
    /// The device memory of a chip.
    pub fn of(config: &PeridotConfig) -> Self {
        Self { size: config.array as usize, rows: config.memory_rows as usize }
    }

    /// Words of a row.
    pub fn words(&self) -> usize {
        self.size / 2
    }

    /// Width of a host address in bits.
    pub fn address_width(&self) -> u32 {
        index_width(self.rows * self.words())
    }

    /// The row and the word in it that a host address means.
    fn split(&self, address: Unsigned) -> (Unsigned, Unsigned) {
        let row = index_width(self.rows);
        match self.words() {
            1 => (address.truncate(row), constant(unsigned(1), 0)),
            words => {
                let word = index_width(words);
                (address.slice(word, row), address.truncate(word))
            }
        }
    }
}

impl Module for DeviceMemory {
    type Ports = DeviceMemoryPorts;

    fn ports(&self) -> DeviceMemoryPorts {
        let (word, row) = (unsigned(WORD_BITS), unsigned(index_width(self.rows)));
        DeviceMemoryPorts {
            host_read_valid: bit(),
            host_write_valid: bit(),
            host_address: unsigned(self.address_width()),
            host_write_data: word,
            host_data: word,
            load_valid: bit(),
            load_row: row,
            load_grant: bit(),
            row_data: vec![word; self.words()],
            store_valid: bit(),
            store_row: row,
            store_data: vec![word; self.words()],
            store_grant: bit(),
        }
    }

    #[named]
    fn build(&self, p: DeviceMemoryPorts) {
        let (host_row, host_word) = self.split(p.host_address);
        let load_grant = p.load_valid & !p.host_read_valid;
        let store_grant = p.store_valid & !p.host_write_valid;
        p.load_grant.drive(load_grant);
        p.store_grant.drive(store_grant);
        let read_row = p.host_read_valid.select(host_row, p.load_row);
        let write_row = p.host_write_valid.select(host_row, p.store_row);
        let bank = instances(Bank { width: WORD_BITS, depth: self.rows }, [self.words()], "bank");
        for w in bank.indices() {
            bank[w].read_enable.drive(p.host_read_valid | load_grant);
            bank[w].read_address.drive(read_row);
            p.row_data[w].drive(bank[w].read_data);
            let host_here = p.host_write_valid & host_word.eq(w);
            bank[w].write_enable.drive(host_here | store_grant);
            bank[w].write_address.drive(write_row);
            let data = p.host_write_valid.select(p.host_write_data, p.store_data[w]);
            bank[w].write_data.drive(data);
        }
        p.host_data.drive(select(delay(host_word, 1), &p.row_data));
        let load_alone = !(load_grant & p.host_read_valid);
        always("at most one reads", load_alone);
        always("at most one writes", !(store_grant & p.host_write_valid));
    }
}
