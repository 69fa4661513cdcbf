//! [`WishboneFront`].

use super::access::check_widths;
use super::wishbone::{Wishbone, wishbone, wishbone_rules};
use super::{FrontPorts, RegisterBus, Rules, Side, access};
use olivine_lang::prelude::*;

/// A subordinate of Wishbone that turns requests into [accesses](super::Access) of registers.
///
/// ```text
///           +---------------+
///     bus ==| WishboneFront |== access
///           +---------------+
/// ```
///
/// *Parameters*: `address`, bits of an address, which counts words; `data`, bits of a word: a
/// power of two of bytes.
///
/// *Ports*: `bus`, see [`Wishbone`]; `access`, see [`Access`](super::Access).
///
/// *Behaviour*: each request makes one access; a fault ends it with `err`, everything else with
/// `ack`.
///
/// *Timing*: access in the first cycle of the request, end in the second: a transfer every two
/// cycles. `ack` and `err` depend combinationally on `cyc` and `stb`, so that a manager that gives
/// up is not answered; `dat_r` comes from a register.
///
/// *Handshake*: the [rules](super::wishbone::wishbone_rules) that bind a subordinate, whatever the
/// manager does.
///
/// *Reset*: nothing to answer.
///
/// *Undefined*: `dat_r` without `ack`; the access' index and data without `read`, `write`.
///
/// *Verification*: proved by k-induction: the rules; one access for each request, of its kind,
/// address and bytes; it ends in the next cycle as the access did. In tests against an array, see
/// [`RegisterBank`](super::RegisterBank).
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct WishboneFront {
    /// Bits of an address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
}

impl RegisterBus for WishboneFront {
    type Link = Wishbone;

    fn rules(link: &Wishbone) -> Rules {
        wishbone_rules(link)
    }
}

impl Module for WishboneFront {
    type Ports = FrontPorts<Wishbone>;

    fn check(&self) -> Result<(), String> {
        check_widths(self.address.saturating_add(self.data.max(8).ilog2() - 3), self.data)
    }

    fn ports(&self) -> FrontPorts<Wishbone> {
        FrontPorts {
            bus: wishbone(self.address, self.data),
            access: access(self.address, self.data),
        }
    }

    #[named]
    fn build(&self, p: FrontPorts<Wishbone>) {
        let (bus, access) = (p.bus, p.access);
        let (ended, refused) = (reg(bit()).reset(false), reg(bit()));
        let word = reg(bus.dat_r.shape());
        let begins = bus.request() & !ended;
        ended.set(begins);
        refused.set(mux(bus.we, access.write_fault, access.read_fault));
        word.set(access.read_data);
        access.read.drive(begins & !bus.we);
        access.write.drive(begins & bus.we);
        access.read_index.drive(bus.adr);
        access.write_index.drive(bus.adr);
        access.write_data.drive(bus.dat_w);
        access.write_strobe.drive(bus.sel);
        bus.ack.drive(bus.request() & ended & !refused);
        bus.err.drive(bus.request() & ended & refused);
        bus.dat_r.drive(word);
        contract(&p);
    }
}

#[named]
fn contract(p: &FrontPorts<Wishbone>) {
    let (bus, access) = (p.bus, p.access);
    wishbone_rules(&bus).assert(Side::Subordinate);
    let accessed = past_valid() & past(access.read | access.write);
    let any = access.read | access.write;
    always("each request makes one access", any.eq(bus.cyc & bus.stb & !accessed));
    when(access.read, || {
        always("a read is of the request", !bus.we & access.read_index.eq(bus.adr));
    });
    when(access.write, || {
        always("a write is of the request", {
            bus.we
                & access.write_index.eq(bus.adr)
                & access.write_data.eq(bus.dat_w)
                & access.write_strobe.eq(bus.sel)
        });
    });
    always("it ends one cycle after the access", bus.end().eq(accessed & bus.cyc & bus.stb));
    let (read, refused) = (past(access.read), past(access.read & access.read_fault));
    let refused = refused | past(access.write & access.write_fault);
    when(bus.end(), || {
        always("it is refused as the access was", bus.err.eq(refused));
        always("a read gives the word", read.implies(bus.dat_r.eq(past(access.read_data))));
    });
    cover("two transfers in a row", past_valid() & past(bus.ack) & access.read);
    cover("a write is refused", bus.err & bus.we);
}
