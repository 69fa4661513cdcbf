//! AXI4-Lite (ARM IHI 0022): record of ports and rules.
//!
//! Five streams: write address `aw`, write data `w`, write response `b`, read address `ar`, read
//! data `r`. The ports are named as the standard names them: `bus_awaddr`, `bus_rvalid`.

use super::channel::channel;
use super::{Rules, Side};
use olivine_lang::Walk;
use olivine_lang::prelude::*;

/// How a transfer ended, encoded as the standard does.
#[derive(Clone, State)]
pub enum AxiResponse {
    /// OKAY: done.
    Okay,
    /// EXOKAY: an exclusive access was done; not in AXI4-Lite.
    ExclusiveOkay,
    /// SLVERR: the subordinate was reached, and refused.
    SubordinateError,
    /// DECERR: there is no subordinate at the address.
    DecodeError,
}

/// The payload of `aw` and `ar`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct AxiLiteAddress {
    /// Of a byte in the word that is meant.
    pub addr: Unsigned,
    /// Privileged, non-secure, instruction.
    pub prot: Unsigned,
}

/// The payload of `w`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct AxiLiteWrite {
    /// The word.
    pub data: Unsigned,
    /// Bit `i`: byte `i` is written.
    pub strb: Unsigned,
}

/// The payload of `r`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct AxiLiteRead {
    /// The word.
    pub data: Unsigned,
    /// How it ended.
    pub resp: Enum<AxiResponse>,
}

/// The payload of `b`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct AxiLiteDone {
    /// How it ended.
    pub resp: Enum<AxiResponse>,
}

/// The link as its manager sees it; a subordinate has `Flipped<AxiLite>`.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct AxiLite {
    /// Write addresses.
    pub aw: Source<AxiLiteAddress>,
    /// Written words.
    pub w: Source<AxiLiteWrite>,
    /// Ends of writes.
    pub b: Sink<AxiLiteDone>,
    /// Read addresses.
    pub ar: Source<AxiLiteAddress>,
    /// Read words.
    pub r: Sink<AxiLiteRead>,
}

/// The shape of a link with addresses of `address` bits and words of `data` bits. The standard
/// knows words of 32 and 64 bits; here any number of bytes will do.
pub fn axi_lite(address: u32, data: u32) -> AxiLite {
    let (data, strb, resp) = (unsigned(data), unsigned(data / 8), enumeration());
    let address = AxiLiteAddress { addr: unsigned(address), prot: unsigned(3) };
    AxiLite {
        aw: stream(address),
        w: stream(AxiLiteWrite { data, strb }),
        b: stream(AxiLiteDone { resp }),
        ar: stream(address),
        r: stream(AxiLiteRead { data, resp }),
    }
}

impl Ports for AxiLite {
    fn walk_ports(&self, walk: &mut Walk<'_>) -> Self {
        Self {
            aw: channel!(walk output input self.aw,
                AxiLiteAddress { addr "awaddr", prot "awprot" } "awvalid" "awready"),
            w: channel!(walk output input self.w,
                AxiLiteWrite { data "wdata", strb "wstrb" } "wvalid" "wready"),
            b: channel!(walk input output self.b,
                AxiLiteDone { resp "bresp" } "bvalid" "bready"),
            ar: channel!(walk output input self.ar,
                AxiLiteAddress { addr "araddr", prot "arprot" } "arvalid" "arready"),
            r: channel!(walk input output self.r,
                AxiLiteRead { data "rdata", resp "rresp" } "rvalid" "rready"),
        }
    }
}

/// Transfers that were accepted and not yet answered, for invariants.
#[derive(Clone, Copy)]
pub struct AxiLiteOpen {
    /// Write addresses.
    pub addresses: Unsigned,
    /// Written words.
    pub words: Unsigned,
    /// Read addresses.
    pub reads: Unsigned,
}

/// The rules of a link on which at most `most` writes and `most` reads are open at once.
///
/// The manager:
/// 1. `awvalid`, once given, stays, the address with it, until the transfer; not given just after
///    reset.
/// 2. `wvalid` and the word likewise.
/// 3. `arvalid` and the address likewise.
///
/// The subordinate:
/// 4. `bvalid` and the response likewise.
/// 5. `rvalid`, word and response likewise.
/// 6. A write is answered after both its address and its word were accepted.
/// 7. A read is answered after its address was accepted.
/// 8. No response is EXOKAY.
/// 9. It accepts no more than `most` of each at once.
///
/// (The standard sets no limit in rule 9; a block says its own.)
#[named]
pub fn axi_lite_rules(bus: &AxiLite, most: u64) -> (Rules, AxiLiteOpen) {
    let mut rules = Rules::new();
    rules.channel(Side::Manager, "AXI4-Lite 1", &bus.aw);
    rules.channel(Side::Manager, "AXI4-Lite 2", &bus.w);
    rules.channel(Side::Manager, "AXI4-Lite 3", &bus.ar);
    rules.channel(Side::Subordinate, "AXI4-Lite 4", &bus.b);
    rules.channel(Side::Subordinate, "AXI4-Lite 5", &bus.r);
    let (written, read) = (bus.b.transfer(), bus.r.transfer());
    let addresses = open(bus.aw.transfer(), written, most);
    let words = open(bus.w.transfer(), written, most);
    let reads = open(bus.ar.transfer(), read, most);
    let mut subordinate = |text, holds| rules.add(Side::Subordinate, text, holds);
    let both = addresses.any() & words.any();
    subordinate(
        "AXI4-Lite 6: a write is accepted before it is answered",
        bus.b.valid.implies(both),
    );
    let asked = bus.r.valid.implies(reads.any());
    subordinate("AXI4-Lite 7: a read is accepted before it is answered", asked);
    let exclusive = |s: &Bit, resp: Enum<AxiResponse>| *s & resp.eq(AxiResponse::ExclusiveOkay);
    let none =
        !exclusive(&bus.b.valid, bus.b.payload.resp) & !exclusive(&bus.r.valid, bus.r.payload.resp);
    subordinate("AXI4-Lite 8: no response is EXOKAY", none);
    let few = |count: Unsigned| count.le(most);
    let few = few(addresses) & few(words) & few(reads);
    subordinate("AXI4-Lite 9: no more are open than there is room for", few);
    (rules, AxiLiteOpen { addresses, words, reads })
}

/// Counts what comes and has not gone; one more than `most` is kept apart.
#[named]
pub(crate) fn open(comes: Bit, goes: Bit, most: u64) -> Unsigned {
    let count = reg(unsigned(bits_for(most + 1))).reset(0);
    when(comes & !goes, || count.set(count.wrapping_add(1)));
    when(goes & !comes, || count.set(count.wrapping_sub(1)));
    count
}
