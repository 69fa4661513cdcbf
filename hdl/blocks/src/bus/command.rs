//! What managers are told to do and what they say of it, the same for every bus.

use olivine_lang::prelude::*;

/// One transfer that a manager is to make.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct BusCommand {
    /// Write; otherwise read.
    pub write: Bit,
    /// The byte address.
    pub address: Unsigned,
    /// The word to write.
    pub data: Unsigned,
    /// Bit `i`: byte `i` is written.
    pub strobe: Unsigned,
}

/// How a transfer ended.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct BusAnswer {
    /// The word that was read; after a write undefined.
    pub data: Unsigned,
    /// The subordinate refused it.
    pub fault: Bit,
}

/// The shape of commands with addresses of `address` bits and words of `data` bits.
pub fn bus_command(address: u32, data: u32) -> BusCommand {
    let (address, data, strobe) = (unsigned(address), unsigned(data), unsigned(data / 8));
    BusCommand { write: bit(), address, data, strobe }
}

/// The shape of answers with words of `data` bits.
pub fn bus_answer(data: u32) -> BusAnswer {
    BusAnswer { data: unsigned(data), fault: bit() }
}

/// The ports of a manager that makes one transfer for each command.
#[derive(Ports)]
pub struct ManagerPorts<L: Ports> {
    /// What to do.
    pub commands: Sink<BusCommand>,
    /// How it ended, in the order of the commands.
    pub answers: Source<BusAnswer>,
    /// The bus.
    pub bus: L,
}
