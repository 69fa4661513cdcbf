//! Wishbone (B4, standard cycles): record of ports and rules.

use super::{Rules, Side};
use olivine_lang::prelude::*;

/// The link as its manager sees it; a subordinate has `Flipped<Wishbone>`. A *request* is `cyc`
/// and `stb` together, an *end* `ack` or `err`.
#[derive(Clone, Copy, Debug, Ports)]
pub struct Wishbone {
    /// A bus cycle is under way.
    pub cyc: Out<Bit>,
    /// A transfer is asked for.
    pub stb: Out<Bit>,
    /// It is a write.
    pub we: Out<Bit>,
    /// The address, counted in words.
    pub adr: Out<Unsigned>,
    /// Bit `i`: byte `i` is meant.
    pub sel: Out<Unsigned>,
    /// The word to write.
    pub dat_w: Out<Unsigned>,
    /// The word that is read.
    pub dat_r: In<Unsigned>,
    /// The transfer ends.
    pub ack: In<Bit>,
    /// The transfer ends, refused.
    pub err: In<Bit>,
}

/// The shape of a link with `address` bits of address and words of `data` bits.
pub fn wishbone(address: u32, data: u32) -> Wishbone {
    let (adr, dat, sel) = (unsigned(address), unsigned(data), unsigned(data / 8));
    let bit = bit();
    Wishbone { cyc: bit, stb: bit, we: bit, adr, sel, dat_w: dat, dat_r: dat, ack: bit, err: bit }
}

impl Wishbone {
    /// The manager asks for a transfer.
    #[track_caller]
    pub fn request(&self) -> Bit {
        self.cyc & self.stb
    }

    /// The transfer ends in this cycle.
    #[track_caller]
    pub fn end(&self) -> Bit {
        self.ack | self.err
    }
}

/// The rules of a link.
///
/// The manager:
/// 1. Neither `cyc` nor `stb` just after reset.
/// 2. `stb` only with `cyc`.
/// 3. A request stays until its end. (The standard lets a manager give up; ours do not.)
/// 4. `we`, `adr` and `sel` are unchanged until then, of a write `dat_w` too.
///
/// The subordinate:
/// 5. An end answers a request, in the same cycle.
/// 6. Not both `ack` and `err`.
#[named]
pub fn wishbone_rules(bus: &Wishbone) -> Rules {
    let mut rules = Rules::new();
    let waited = past_valid() & past(bus.request() & !bus.end());
    let mut manager = |text, holds| rules.add(Side::Manager, text, holds);
    manager("Wishbone 1: quiet just after reset", past_valid() | !(bus.cyc | bus.stb));
    manager("Wishbone 2: no strobe without a cycle", bus.stb.implies(bus.cyc));
    manager("Wishbone 3: a request stays until its end", waited.implies(bus.request()));
    let what = (bus.we, bus.adr, bus.sel);
    let same = what.same_as(past(what)) & (!bus.we | bus.dat_w.eq(past(bus.dat_w)));
    manager("Wishbone 4: a request is unchanged until its end", waited.implies(same));
    let mut subordinate = |text, holds| rules.add(Side::Subordinate, text, holds);
    subordinate("Wishbone 5: an end answers a request", bus.end().implies(bus.request()));
    subordinate("Wishbone 6: not acknowledged and refused", !(bus.ack & bus.err));
    rules
}
