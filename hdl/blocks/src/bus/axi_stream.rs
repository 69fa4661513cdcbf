//! AXI-Stream (ARM IHI 0051): record of ports and rules.

use super::channel::channel;
use super::{Rules, Side};
use olivine_lang::Walk;
use olivine_lang::prelude::*;

/// The payload: a word and how it lies in its packet.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct AxiStreamBeat {
    /// The word.
    pub data: Unsigned,
    /// Bit `i`: byte `i` is part of the packet.
    pub keep: Unsigned,
    /// The packet ends with this word.
    pub last: Bit,
}

/// The link as its transmitter sees it; a receiver has `Flipped<AxiStream>`. It is a [`Stream`]
/// of beats whose ports are named as the standard names them: `bus_tdata`, `bus_tvalid`.
#[derive(Clone, Copy, Debug)]
pub struct AxiStream {
    /// The beats.
    pub t: Source<AxiStreamBeat>,
}

/// The shape of beats with words of `data` bits.
pub fn axi_stream_beat(data: u32) -> AxiStreamBeat {
    AxiStreamBeat { data: unsigned(data), keep: unsigned(data / 8), last: bit() }
}

/// The shape of a link with words of `data` bits.
pub fn axi_stream(data: u32) -> AxiStream {
    AxiStream { t: stream(axi_stream_beat(data)) }
}

impl Ports for AxiStream {
    fn walk_ports(&self, walk: &mut Walk<'_>) -> Self {
        Self {
            t: channel!(walk output input self.t,
                AxiStreamBeat { data "tdata", keep "tkeep", last "tlast" } "tvalid" "tready"),
        }
    }
}

/// The rules of a link whose packets have at most `longest` beats. All bind the transmitter; a
/// receiver may give `tready` as it likes.
///
/// 1. `tvalid`, once given, stays, the beat with it, until the transfer; not given just after
///    reset.
/// 2. A packet is packed: only its last beat may lack bytes, and those are the upper ones. (The
///    standard allows holes; our blocks make none and need not expect any.)
/// 3. No packet is longer than `longest` beats.
#[named]
pub fn axi_stream_rules(bus: &AxiStream, longest: u64) -> Rules {
    let mut rules = beat_rules(bus);
    let began = open_packet(bus, longest);
    let short =
        bus.t.valid.implies(began.lt(longest) & (bus.t.payload.last | began.ne(longest - 1)));
    rules.add(Side::Manager, "AXI-Stream 3: no packet is too long", short);
    rules
}

/// Rules 1 and 2.
#[named]
pub(super) fn beat_rules(bus: &AxiStream) -> Rules {
    let mut rules = Rules::new();
    rules.channel(Side::Manager, "AXI-Stream 1", &bus.t);
    let text = "AXI-Stream 2: only the last beat lacks bytes, its upper ones";
    rules.add(Side::Manager, text, bus.t.valid.implies(is_beat(&bus.t.payload)));
    rules
}

/// What rule 2 asks of a beat.
#[track_caller]
pub(super) fn is_beat(beat: &AxiStreamBeat) -> Bit {
    beat.keep.bit(0) & is_packed(beat.keep) & (beat.last | beat.keep.all())
}

/// Bytes lie one beside the other, from the lowest on.
#[track_caller]
pub(super) fn is_packed(keep: Unsigned) -> Bit {
    !(keep & keep.wrapping_add(1)).any()
}

/// Beats of the packet that is under way.
#[named]
fn open_packet(bus: &AxiStream, longest: u64) -> Unsigned {
    let count = reg(unsigned(bits_for(longest))).reset(0);
    when(bus.t.transfer(), || {
        when(bus.t.payload.last, || count.set(0)).otherwise(|| count.set(count.wrapping_add(1)));
    });
    count
}
