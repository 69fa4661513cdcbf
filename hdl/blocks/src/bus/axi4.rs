//! AXI4 (ARM IHI 0022): record of ports and rules.
//!
//! As AXI4-Lite with bursts: one address for up to 256 words. The optional signals lock, cache,
//! protection, quality of service, region and user are left away, as the standard allows.

use super::channel::channel;
use super::{AxiResponse, Rules, Side};
use olivine_lang::Walk;
use olivine_lang::prelude::*;

/// How the addresses of a burst follow each other, encoded as the standard does.
#[derive(Clone, State)]
pub enum AxiBurst {
    /// FIXED: the same each time.
    Fixed,
    /// INCR: one after the other.
    Increment,
    /// WRAP: one after the other, from the end of the burst's block to its beginning.
    Wrap,
    /// No burst is of this kind.
    Reserved,
}

/// The payload of `aw` and `ar`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct Axi4Address {
    /// Whose it is; the answer bears it.
    pub id: Unsigned,
    /// Of the first byte.
    pub addr: Unsigned,
    /// Words, less one.
    pub len: Unsigned,
    /// Bytes of each, as a power of two.
    pub size: Unsigned,
    /// Which addresses follow.
    pub burst: Enum<AxiBurst>,
}

/// The payload of `w`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct Axi4Write {
    /// The word.
    pub data: Unsigned,
    /// Bit `i`: byte `i` is written.
    pub strb: Unsigned,
    /// The last of the burst.
    pub last: Bit,
}

/// The payload of `b`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct Axi4Done {
    /// That of the address.
    pub id: Unsigned,
    /// How it ended.
    pub resp: Enum<AxiResponse>,
}

/// The payload of `r`.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct Axi4Read {
    /// That of the address.
    pub id: Unsigned,
    /// The word.
    pub data: Unsigned,
    /// How it ended.
    pub resp: Enum<AxiResponse>,
    /// The last of the burst.
    pub last: Bit,
}

/// The link as its manager sees it; a subordinate has `Flipped<Axi4>`.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Axi4 {
    /// Write addresses.
    pub aw: Source<Axi4Address>,
    /// Written words.
    pub w: Source<Axi4Write>,
    /// Ends of write bursts.
    pub b: Sink<Axi4Done>,
    /// Read addresses.
    pub ar: Source<Axi4Address>,
    /// Read words.
    pub r: Sink<Axi4Read>,
}

/// The shape of a link with addresses of `address` bits, words of `data` bits, and `id` bits of
/// identification. The standard's words have 8 to 1024 bits, a power of two.
pub fn axi4(address: u32, data: u32, id: u32) -> Axi4 {
    let (addr, len, size) = (unsigned(address), unsigned(8), unsigned(3));
    let (data, strb, id) = (unsigned(data), unsigned(data / 8), unsigned(id));
    let (last, resp) = (bit(), enumeration());
    let address = Axi4Address { id, addr, len, size, burst: enumeration() };
    Axi4 {
        aw: stream(address),
        w: stream(Axi4Write { data, strb, last }),
        b: stream(Axi4Done { id, resp }),
        ar: stream(address),
        r: stream(Axi4Read { id, data, resp, last }),
    }
}

impl Ports for Axi4 {
    fn walk_ports(&self, walk: &mut Walk<'_>) -> Self {
        Self {
            aw: channel!(walk output input self.aw, Axi4Address {
                id "awid", addr "awaddr", len "awlen", size "awsize", burst "awburst"
            } "awvalid" "awready"),
            w: channel!(walk output input self.w,
                Axi4Write { data "wdata", strb "wstrb", last "wlast" } "wvalid" "wready"),
            b: channel!(walk input output self.b,
                Axi4Done { id "bid", resp "bresp" } "bvalid" "bready"),
            ar: channel!(walk output input self.ar, Axi4Address {
                id "arid", addr "araddr", len "arlen", size "arsize", burst "arburst"
            } "arvalid" "arready"),
            r: channel!(walk input output self.r, Axi4Read {
                id "rid", data "rdata", resp "rresp", last "rlast"
            } "rvalid" "rready"),
        }
    }
}

/// A burst whose address was accepted, for invariants.
#[derive(Clone, Copy)]
pub struct OpenBurst {
    /// There is one.
    pub open: Bit,
    /// Its address.
    pub address: Axi4Address,
    /// The words of it that were transferred; of a write also before its address was.
    pub beats: Unsigned,
    /// The last of them was transferred (of a write: the answer is due).
    pub done: Bit,
}

/// The bursts that are open.
#[derive(Clone, Copy)]
pub struct Axi4Open {
    /// The write.
    pub write: OpenBurst,
    /// The read.
    pub read: OpenBurst,
}

/// The rules of a link on which one write and one read burst at most are open at once.
///
/// The manager:
/// 1. `awvalid`, once given, stays, the payload with it, until the transfer; not given just after
///    reset.
/// 2. `wvalid` likewise.
/// 3. `arvalid` likewise.
/// 4. A burst is FIXED, INCR or WRAP, of words no wider than the bus.
/// 5. An INCR burst does not cross a boundary of 4 KiB.
/// 6. A WRAP burst has 2, 4, 8 or 16 words and begins at a multiple of a word's bytes; a FIXED
///    burst has at most 16.
/// 7. A written word is `wlast` exactly if it is the burst's last; none comes after it before the
///    answer.
/// 8. It opens no burst while one of the same direction is open. (The standard sets no limit.)
///
/// The subordinate:
/// 9. `bvalid` as in 1.
/// 10. `rvalid` as in 1.
/// 11. A write is answered once, after its address and its last word, with its `id`.
/// 12. As many words are read as the address says, with its `id`, the last of them `rlast`.
///
/// (Strobes of narrow words are not judged.)
#[named]
pub fn axi4_rules(bus: &Axi4) -> (Rules, Axi4Open) {
    let mut rules = Rules::new();
    rules.channel(Side::Manager, "AXI4 1", &bus.aw);
    rules.channel(Side::Manager, "AXI4 2", &bus.w);
    rules.channel(Side::Manager, "AXI4 3", &bus.ar);
    rules.channel(Side::Subordinate, "AXI4 9", &bus.b);
    rules.channel(Side::Subordinate, "AXI4 10", &bus.r);
    let bytes = bus.w.payload.strb.width();
    address_rules(&mut rules, "write", &bus.aw, bytes);
    address_rules(&mut rules, "read", &bus.ar, bytes);
    let write = write_rules(&mut rules, bus);
    let read = read_rules(&mut rules, bus);
    (rules, Axi4Open { write, read })
}

/// What rules 4 to 6 ask of an address.
#[derive(Clone, Copy)]
pub(super) struct Legal {
    kind: Bit,
    inside: Bit,
    lengths: Bit,
}

impl Legal {
    /// Whether all is as it must be.
    pub(super) fn all(&self) -> Bit {
        self.kind & self.inside & self.lengths
    }
}

/// Judges a burst's address on a bus of so many bytes.
#[named]
pub(super) fn legal(address: &Axi4Address, bytes: u32) -> Legal {
    let Axi4Address { addr, len, size, burst, .. } = *address;
    let kind = burst.ne(AxiBurst::Reserved) & size.le(bytes.trailing_zeros());
    // The bytes from the page's beginning on, in 16 bits: 4 KiB and 256 words of 128 bytes.
    let page = addr.truncate(addr.width().min(12)).extend(16);
    let ones = constant(unsigned(16), 0xffff).shift_left(size);
    let end = (page & ones).wrapping_add((len + 1).extend(16).shift_left(size));
    let inside = burst.ne(AxiBurst::Increment) | end.le(4096);
    let aligned = !(page & !ones).any();
    let power = any_of([1, 3, 7, 15].map(|n| len.eq(n)));
    let wrap = burst.ne(AxiBurst::Wrap) | (power & aligned);
    let fixed = burst.ne(AxiBurst::Fixed) | len.lt(16);
    Legal { kind, inside, lengths: wrap & fixed }
}

/// Rules 4 to 6 of a burst's address.
#[named]
fn address_rules(rules: &mut Rules, what: &str, channel: &Source<Axi4Address>, bytes: u32) {
    let legal = legal(&channel.payload, bytes);
    let mut rule = |text: &str, holds: Bit| {
        rules.add(Side::Manager, &format!("{text} ({what})"), channel.valid.implies(holds));
    };
    rule("AXI4 4: a burst of a known kind, of words no wider than the bus", legal.kind);
    rule("AXI4 5: an INCR burst does not cross 4 KiB", legal.inside);
    rule("AXI4 6: WRAP and FIXED bursts have their lengths", legal.lengths);
}

/// Counts the words of a burst.
#[named]
fn beats(moves: Bit, ends: Bit) -> Unsigned {
    let beats = reg(unsigned(9)).reset(0);
    when(moves, || beats.set(beats.wrapping_add(1)));
    when(ends, || beats.set(0));
    beats
}

/// The address of a burst from its acceptance to its end.
#[named]
fn opened(channel: &Source<Axi4Address>, ends: Bit) -> (Bit, Axi4Address) {
    let (open, address) = (reg(bit()).reset(false), reg(channel.payload.shape()));
    when(ends, || open.set(false));
    when(channel.transfer(), || {
        open.set(true);
        address.set(channel.payload);
    });
    (open, address)
}

/// Rules 7, 8 and 11.
#[named]
fn write_rules(rules: &mut Rules, bus: &Axi4) -> OpenBurst {
    let answered = bus.b.transfer();
    let (open, address) = opened(&bus.aw, answered);
    let beats = beats(bus.w.transfer(), answered);
    let done = reg(bit()).reset(false);
    when(answered, || done.set(false));
    when(bus.w.transfer() & bus.w.payload.last, || done.set(true));
    let known = open | bus.aw.valid;
    let len = mux(open, address.len, bus.aw.payload.len).extend(9);
    let mut manager = |text, holds| rules.add(Side::Manager, text, holds);
    let last = bus.w.payload.last.eq(beats.eq(len));
    manager("AXI4 7a: the last word is WLAST", (bus.w.valid & known & !done).implies(last));
    manager("AXI4 7b: no word comes after the last", bus.w.valid.implies(!done));
    let few = mux(done, beats.eq((len + 1).truncate(9)), beats.le(len));
    manager("AXI4 7c: words before their address are as many as it says", known.implies(few));
    manager("AXI4 8a: one write at a time", bus.aw.valid.implies(!open));
    let answer = open & done & bus.b.payload.id.eq(address.id);
    let text = "AXI4 11: a write is answered after its last word";
    rules.add(Side::Subordinate, text, bus.b.valid.implies(answer));
    OpenBurst { open, address, beats, done }
}

/// Rules 8 and 12.
#[named]
fn read_rules(rules: &mut Rules, bus: &Axi4) -> OpenBurst {
    let moves = bus.r.transfer();
    let ends = moves & bus.r.payload.last;
    let (open, address) = opened(&bus.ar, ends);
    let beats = beats(moves, ends);
    rules.add(Side::Manager, "AXI4 8b: one read at a time", bus.ar.valid.implies(!open));
    let last = bus.r.payload.last.eq(beats.eq(address.len.extend(9)));
    let right = open & last & bus.r.payload.id.eq(address.id);
    let text = "AXI4 12: a read gives as many words as asked for, the last RLAST";
    rules.add(Side::Subordinate, text, bus.r.valid.implies(right));
    OpenBurst { open, address, beats, done: constant(bit(), false) }
}
