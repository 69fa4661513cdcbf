//! [`RegisterFile`].

use olivine_lang::prelude::*;

/// What a [`RegisterFile`] reads at the address that is written in the same cycle.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum WriteThrough {
    /// The word before the write.
    No,
    /// The word that is written: a comparator for each read port.
    Yes,
}

/// A read port: the word is there in the same cycle.
#[derive(Clone, Copy, Ports)]
pub struct Read {
    /// Which word.
    pub address: In<Unsigned>,
    /// The word.
    pub data: Out<Unsigned>,
}

/// Words that several readers see at once and one writer changes.
///
/// ```text
///           +--------------+
///  write -->| RegisterFile |<--> reads[0 … n-1]
///           +--------------+
/// ```
///
/// *Parameters*: `width`, bits of a word; `depth`, the number of words; `reads`, the number of read
/// ports; `through`, what is read where the same cycle writes.
///
/// *Ports*: see [`RegisterFilePorts`].
///
/// *Behaviour*: `data` of each read port is the word written last at its address. With
/// [`WriteThrough::Yes`] a write counts in its own cycle, otherwise from the next on.
///
/// *Timing*: reads are combinational, writes act at the edge.
///
/// *Reset*: the words are not cleared.
///
/// *Undefined*: words never written; addresses at or above `depth`, where a write does nothing.
///
/// *Verification*: proved by k-induction: at an address arbitrary but fixed, every port reads what
/// was written there last.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{RegisterFile, WriteThrough};
///
/// let through = WriteThrough::Yes;
/// let mut bench = Bench::new(RegisterFile { width: 8, depth: 4, reads: 2, through });
/// bench.run(2, |p, cycle| {
///     p.write.poke(cycle == 0);
///     p.write_address.poke(3u8);
///     p.write_data.poke(7u8);
///     p.reads[1].address.poke(3u8);
///     assert_eq!(p.reads[1].data.peek(), 7);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RegisterFile {
    /// Bits of a word.
    pub width: u32,
    /// The number of words.
    pub depth: usize,
    /// The number of read ports.
    pub reads: usize,
    /// What is read where the same cycle writes.
    pub through: WriteThrough,
}

/// The ports of [`RegisterFile`].
#[derive(Ports)]
pub struct RegisterFilePorts {
    /// There is a word to write.
    pub write: In<Bit>,
    /// Where.
    pub write_address: In<Unsigned>,
    /// The word.
    pub write_data: In<Unsigned>,
    /// The readers.
    pub reads: Vec<Read>,
}

impl Module for RegisterFile {
    type Ports = RegisterFilePorts;

    fn ports(&self) -> RegisterFilePorts {
        let (address, data) = (unsigned(index_width(self.depth)), unsigned(self.width));
        RegisterFilePorts {
            write: bit(),
            write_address: address,
            write_data: data,
            reads: vec![Read { address, data }; self.reads],
        }
    }

    #[named]
    fn build(&self, p: RegisterFilePorts) {
        let words = memory(p.write_data.shape(), self.depth);
        when(p.write, || words.write(p.write_address, p.write_data));
        for read in &p.reads {
            let stored = words.read(read.address);
            let written_now = p.write & p.write_address.eq(read.address);
            read.data.drive(match self.through {
                WriteThrough::No => stored,
                WriteThrough::Yes => mux(written_now, p.write_data, stored),
            });
        }

        let chosen = reg(p.write_address.shape());
        chosen.set(chosen);
        let inside = chosen.extend(chosen.width() + 1).lt(self.depth);
        let (written, last) = (reg(bit()).reset(false), reg(p.write_data.shape()));
        let writes = p.write & chosen.eq(p.write_address);
        when(writes, || {
            written.set(true);
            last.set(p.write_data);
        });
        let through = constant(bit(), self.through == WriteThrough::Yes);
        let (known, due) =
            (written | (through & writes), mux(through & writes, p.write_data, last));
        when(inside & written, || {
            always("a word is as it was written last", words.read(chosen).eq(last));
        })
        .end();
        for (i, read) in p.reads.iter().enumerate() {
            when(inside & known & chosen.eq(read.address), || {
                always(format!("port {i} reads what was written last"), read.data.eq(due));
                cover(format!("port {i} reads what is being written over"), writes);
            })
            .end();
        }
    }
}
