//! [`ApbFront`].

use super::access::{check_widths, word_index, word_index_width};
use super::apb::{Apb, apb, apb_rules};
use super::{FrontPorts, RegisterBus, Rules, Side, access};
use olivine_lang::prelude::*;

/// A subordinate of APB that turns transfers into [accesses](super::Access) of registers.
///
/// ```text
///           +----------+
///     bus ==| ApbFront |== access
///           +----------+
/// ```
///
/// *Parameters*: `address`, bits of a byte address; `data`, bits of a word: a power of two of
/// bytes (the standard's are 8, 16 and 32).
///
/// *Ports*: `bus`, see [`Apb`]; `access`, see [`Access`](super::Access).
///
/// *Behaviour*: each transfer makes one access, in its access cycle; a fault is `pslverr`. The low
/// bits of an address, within the word, and `pprot` do not matter.
///
/// *Timing*: no wait states: two cycles a transfer. Combinational from the bus to `access` and
/// back to `prdata` and `pslverr`.
///
/// *Handshake*: the [rules](super::apb::apb_rules) that bind a subordinate, whatever the manager
/// does.
///
/// *Reset*: it has no state.
///
/// *Undefined*: `prdata` but at the end of a read; the access' index and data without `read`,
/// `write`.
///
/// *Verification*: proved: the rules; an access in exactly the last cycle of a transfer, of its
/// kind, address and bytes; what it says is what the access says. In tests against an array, see
/// [`RegisterBank`](super::RegisterBank).
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct ApbFront {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
}

impl RegisterBus for ApbFront {
    type Link = Apb;

    fn rules(link: &Apb) -> Rules {
        apb_rules(link)
    }
}

impl Module for ApbFront {
    type Ports = FrontPorts<Apb>;

    fn check(&self) -> Result<(), String> {
        check_widths(self.address, self.data)
    }

    fn ports(&self) -> FrontPorts<Apb> {
        FrontPorts {
            bus: apb(self.address, self.data),
            access: access(word_index_width(self.address, self.data), self.data),
        }
    }

    #[named]
    fn build(&self, p: FrontPorts<Apb>) {
        let (bus, access) = (p.bus, p.access);
        let index = word_index(bus.paddr, self.data);
        access.read.drive(bus.access() & !bus.pwrite);
        access.write.drive(bus.access() & bus.pwrite);
        access.read_index.drive(index);
        access.write_index.drive(index);
        access.write_data.drive(bus.pwdata);
        access.write_strobe.drive(bus.pstrb);
        bus.pready.drive(true);
        bus.prdata.drive(access.read_data);
        bus.pslverr.drive((access.read & access.read_fault) | (access.write & access.write_fault));
        self.contract(&p);
    }
}

impl ApbFront {
    #[named]
    fn contract(&self, p: &FrontPorts<Apb>) {
        let (bus, access) = (p.bus, p.access);
        apb_rules(&bus).assert(Side::Subordinate);
        let ends = bus.end();
        always("no transfer waits", bus.penable.implies(!bus.psel | ends));
        always("each transfer makes one access", (access.read ^ access.write).eq(ends));
        always("an access is of one kind", !(access.read & access.write));
        let here = |index: Unsigned| index.eq(word_index(bus.paddr, self.data));
        when(ends & !bus.pwrite, || {
            always("a read is of the transfer", access.read & here(access.read_index));
            always("a read gives the word", bus.prdata.eq(access.read_data));
            always("a read is refused as the access is", bus.pslverr.eq(access.read_fault));
        });
        when(ends & bus.pwrite, || {
            always("a write is of the transfer", access.write & here(access.write_index));
            always("a write is of the word", {
                access.write_data.eq(bus.pwdata) & access.write_strobe.eq(bus.pstrb)
            });
            always("a write is refused as the access is", bus.pslverr.eq(access.write_fault));
        });
        cover("a read is refused", bus.pslverr & !bus.pwrite);
        cover("a word is written", access.write & !access.write_fault);
    }
}
