//! [`HostBus`]: words to and from the chip.

use std::fmt;

/// The chip did not answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BusError {
    /// The simulated design has not the boundary of the chip.
    Port {
        /// The port.
        name: String,
        /// What is wrong with it.
        fault: String,
    },
    /// No word went over for too long.
    Timeout {
        /// Whether it was a write.
        write: bool,
        /// The address of the word that did not go over.
        address: u32,
        /// How many cycles the bus waited.
        waited_cycles: u64,
    },
}

impl fmt::Display for BusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Port { name, fault } => {
                write!(f, "the design is no Peridot chip: port `{name}` {fault}")
            }
            Self::Timeout { write, address, waited_cycles } => {
                let what = if *write { "write to" } else { "read of" };
                write!(
                    f,
                    "host bus: the {what} {address:#08x} did not finish in {waited_cycles} cycles"
                )
            }
        }
    }
}

impl std::error::Error for BusError {}

/// A way to the chip's address space ([`crate::isa::Region`]), in 32-bit words.
///
/// Accesses happen in the order of the calls. A write has gone into the chip when the call
/// returns; what it sets off may take longer.
pub trait HostBus {
    /// Writes `words` to consecutive addresses.
    fn write_block(&mut self, address: u32, words: &[u32]) -> Result<(), BusError>;

    /// Fills `words` from consecutive addresses.
    fn read_block(&mut self, address: u32, words: &mut [u32]) -> Result<(), BusError>;

    /// Leaves the chip alone for about this many of its cycles, where time is simulated.
    fn idle(&mut self, cycles: u64);

    /// Writes one word.
    fn write(&mut self, address: u32, word: u32) -> Result<(), BusError> {
        self.write_block(address, &[word])
    }

    /// Reads one word.
    fn read(&mut self, address: u32) -> Result<u32, BusError> {
        let mut word = [0];
        self.read_block(address, &mut word)?;
        Ok(word[0])
    }
}

impl<B: HostBus + ?Sized> HostBus for &mut B {
    fn write_block(&mut self, address: u32, words: &[u32]) -> Result<(), BusError> {
        (**self).write_block(address, words)
    }

    fn read_block(&mut self, address: u32, words: &mut [u32]) -> Result<(), BusError> {
        (**self).read_block(address, words)
    }

    fn idle(&mut self, cycles: u64) {
        (**self).idle(cycles);
    }
}
