//! APB (ARM IHI 0024, APB4): record of ports and rules.

use super::{Rules, Side};
use olivine_lang::prelude::*;

/// The link as its manager, the requester, sees it; a subordinate, the completer, has
/// `Flipped<Apb>`. A transfer is one *setup* cycle, `psel` without `penable`, then *access* cycles
/// with both until `pready`.
#[derive(Clone, Copy, Debug, Ports)]
pub struct Apb {
    /// A transfer is under way.
    pub psel: Out<Bit>,
    /// It is in its access cycles.
    pub penable: Out<Bit>,
    /// It is a write.
    pub pwrite: Out<Bit>,
    /// The address of a byte in the word that is meant.
    pub paddr: Out<Unsigned>,
    /// Privileged, non-secure, instruction.
    pub pprot: Out<Unsigned>,
    /// The word to write.
    pub pwdata: Out<Unsigned>,
    /// Bit `i`: byte `i` is written.
    pub pstrb: Out<Unsigned>,
    /// The transfer ends.
    pub pready: In<Bit>,
    /// The word that is read.
    pub prdata: In<Unsigned>,
    /// The transfer is refused.
    pub pslverr: In<Bit>,
}

/// The shape of a link with addresses of `address` bits and words of `data` bits: 8, 16 or 32.
pub fn apb(address: u32, data: u32) -> Apb {
    let (bit, word) = (bit(), unsigned(data));
    Apb {
        psel: bit,
        penable: bit,
        pwrite: bit,
        paddr: unsigned(address),
        pprot: unsigned(3),
        pwdata: word,
        pstrb: unsigned(data / 8),
        pready: bit,
        prdata: word,
        pslverr: bit,
    }
}

impl Apb {
    /// The transfer is in an access cycle.
    #[track_caller]
    pub fn access(&self) -> Bit {
        self.psel & self.penable
    }

    /// The transfer ends in this cycle.
    #[track_caller]
    pub fn end(&self) -> Bit {
        self.access() & self.pready
    }
}

/// The rules of a link.
///
/// The manager:
/// 1. No `psel` just after reset.
/// 2. `penable` only with `psel`.
/// 3. A transfer begins with a setup cycle.
/// 4. An access cycle follows the setup cycle, and each access cycle without `pready`.
/// 5. After the end `penable` falls.
/// 6. Address, kind, protection and strobes are unchanged from setup to end, of a write the word
///    too.
/// 7. A read has no strobes.
///
/// The subordinate:
/// 8. `pslverr` only at the end. (A recommendation of the standard that we keep.)
#[named]
pub fn apb_rules(bus: &Apb) -> Rules {
    let mut rules = Rules::new();
    let has_past = past_valid();
    let (selected, ended) = (has_past & past(bus.psel), has_past & past(bus.end()));
    let goes_on = selected & !ended;
    let mut manager = |text, holds| rules.add(Side::Manager, text, holds);
    manager("APB 1: quiet just after reset", has_past | !bus.psel);
    manager("APB 2: penable only with psel", bus.penable.implies(bus.psel));
    manager("APB 3: a transfer begins with setup", goes_on | !bus.penable);
    manager("APB 4: access goes on until ready", goes_on.implies(bus.access()));
    manager("APB 5: penable falls after the end", ended.implies(!bus.penable));
    let what = (bus.pwrite, bus.paddr, bus.pprot, bus.pstrb);
    let same = what.same_as(past(what)) & (!bus.pwrite | bus.pwdata.eq(past(bus.pwdata)));
    manager("APB 6: a transfer is unchanged until its end", goes_on.implies(same));
    let quiet = (bus.psel & !bus.pwrite).implies(!bus.pstrb.any());
    manager("APB 7: a read has no strobes", quiet);
    rules.add(Side::Subordinate, "APB 8: refused only at the end", bus.pslverr.implies(bus.end()));
    rules
}
