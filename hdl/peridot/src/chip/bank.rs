//! [`Bank`]: a memory with one read and one write port.

use olivine_lang::prelude::*;

/// A block of words: what a block RAM is.
///
/// *Behaviour*: where `write_enable`, `words[write_address] = write_data`. Where `read_enable`,
/// `read_data` is `words[read_address]` from the next cycle on, until the next read.
///
/// *Timing*: one read and one write a cycle; a read takes one cycle.
///
/// *Reset*: none; the words are undefined until they are written.
///
/// *Undefined*: a read of the address that is written in the same cycle, or of one past the end
/// (a write past the end does nothing).
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Bank {
    /// Width of a word in bits.
    pub width: u32,
    /// Number of words.
    pub depth: usize,
}

/// The ports of [`Bank`].
#[derive(Ports)]
pub struct BankPorts {
    /// Reads at the coming edge.
    pub read_enable: In<Bit>,
    /// Where.
    pub read_address: In<Unsigned>,
    /// What was read last.
    pub read_data: Out<Unsigned>,
    /// Writes at the coming edge.
    pub write_enable: In<Bit>,
    /// Where.
    pub write_address: In<Unsigned>,
    /// What.
    pub write_data: In<Unsigned>,
}

impl Module for Bank {
    type Ports = BankPorts;

    fn ports(&self) -> BankPorts {
        let (word, address) = (unsigned(self.width), unsigned(index_width(self.depth)));
        BankPorts {
            read_enable: bit(),
            read_address: address,
            read_data: word,
            write_enable: bit(),
            write_address: address,
            write_data: word,
        }
    }

    #[named]
    fn build(&self, p: BankPorts) {
        let words = memory(unsigned(self.width), self.depth).collision(Collision::Undefined);
        p.read_data.drive(words.read_sync_when(p.read_enable, p.read_address));
        when(p.write_enable, || words.write(p.write_address, p.write_data));
    }
}
