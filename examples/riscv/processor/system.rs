//! The core with its memory and a port to the world.

use super::core::{Core, Retired};
use olivine::prelude::*;

/// At or above this address, the upper half of all, is no memory: loads bring the input, stores print their lowest byte.
pub const PORT: u32 = 0x8000_0000;

/// A core, one memory for program and data, and a port to the world.
///
/// # Behaviour
/// Addresses from 0 to 4·`words` are the memory, little-endian, which repeats up to [`PORT`]. From
/// there on a load brings `input` as it is one cycle later, and the lowest byte of what is stored
/// appears at `printed` in the same cycle.
///
/// # Reset
/// The core starts at 0. The memory keeps what it has; the program is there at power-up.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct System {
    /// Words from address 0 on.
    pub program: Vec<u32>,
    /// Words of memory: a power of two.
    pub words: usize,
}

#[derive(Ports)]
pub struct SystemPorts {
    pub input: In<Unsigned>,
    pub printed: Out<Printed>,
    pub retired: Out<Retired>,
    pub halted: Out<Bit>,
    pub trapped: Out<Bit>,
}

/// A byte for the reader.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Printed {
    pub valid: Bit,
    pub byte: Unsigned,
}

impl Module for System {
    type Ports = SystemPorts;

    fn ports(&self) -> SystemPorts {
        let word = unsigned(32);
        SystemPorts {
            input: word,
            printed: Printed { valid: bit(), byte: unsigned(8) },
            retired: Retired { valid: bit(), address: word, instruction: word },
            halted: bit(),
            trapped: bit(),
        }
    }

    #[named]
    fn build(&self, p: SystemPorts) {
        let core = instance(Core { start: 0 }, "core");
        let ram = memory(unsigned(32), self.words).init(self.program.iter().map(|w| (*w).into()));
        let index = |address: Unsigned| address.slice(2, ram.address_width());
        core.instruction.drive(ram.read_sync(index(core.fetch_address)));
        let outside = core.data_address.bit(PORT.trailing_zeros());
        let stored = ram.read_sync(index(core.data_address));
        core.data_in.drive(mux(delay(outside, 1), p.input, stored));
        let stores = core.data_strobe.any();
        when(stores & !outside, || {
            ram.write_masked(index(core.data_address), core.data_out, core.data_strobe);
        });
        let valid = stores & outside;
        p.printed.drive(Printed { valid, byte: core.data_out.slice(0, 8) });
        p.retired.drive(core.retired);
        p.halted.drive(core.halted);
        p.trapped.drive(core.trapped);
    }
}
