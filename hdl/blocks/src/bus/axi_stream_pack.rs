//! [`AxiStreamPack`].

use super::Side;
use super::access::check_widths;
use super::axi_stream::{AxiStream, AxiStreamBeat, axi_stream, beat_rules, is_packed};
use olivine_lang::prelude::*;

/// A byte of a packet.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct PacketByte {
    /// The byte.
    pub data: Unsigned,
    /// The packet ends with it.
    pub last: Bit,
}

/// Packs a [`Stream`] of bytes into the words of an AXI-Stream.
///
/// ```text
///             +---------------+
///   bytes ==> | AxiStreamPack |== bus
///             +---------------+
/// ```
///
/// *Parameters*: `data`, bits of a word: a power of two of bytes.
///
/// *Ports*: see [`AxiStreamPackPorts`].
///
/// *Behaviour*: bytes fill a word from the lowest on. When it is full, or the packet ends, it
/// goes out; `tkeep` says which bytes it has, `tlast` is that of its last byte. Bytes that it has
/// not are 0.
///
/// *Timing*: a word is valid one cycle after its last byte; a byte a cycle while the receiver
/// takes each word at once. Combinational from `tready` to `bytes.ready`.
///
/// *Handshake*: rules [1 and 2](super::axi_stream::axi_stream_rules) of a transmitter, whatever
/// comes; its packets have as many beats as the bytes make necessary.
///
/// *Reset*: no byte is held.
///
/// *Undefined*: the beat without `tvalid`.
///
/// *Verification*: proved by k-induction: its rules; every byte comes out once, in order, at its
/// place: the byte that came as number *n*, arbitrary but fixed, leaves as number *n*. In tests
/// against packets cut by plain Rust.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::bus::AxiStreamPack;
///
/// let mut bench = Bench::new(AxiStreamPack { data: 16 });
/// bench.run(3, |p, cycle| {
///     p.bytes.valid.poke(true);
///     p.bytes.payload.data.poke(0x40 + cycle);
///     p.bytes.payload.last.poke(false);
///     p.bus.t.ready.poke(true);
///     assert_eq!(p.bus.t.valid.peek() == 1, cycle == 2);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiStreamPack {
    /// Bits of a word.
    pub data: u32,
}

/// The ports of [`AxiStreamPack`].
#[derive(Ports)]
pub struct AxiStreamPackPorts {
    /// Bytes that come.
    pub bytes: Sink<PacketByte>,
    /// Words that leave.
    pub bus: AxiStream,
}

impl Module for AxiStreamPack {
    type Ports = AxiStreamPackPorts;

    fn check(&self) -> Result<(), String> {
        check_widths(64, self.data)
    }

    fn ports(&self) -> AxiStreamPackPorts {
        let byte = PacketByte { data: unsigned(8), last: bit() };
        AxiStreamPackPorts { bytes: stream(byte), bus: axi_stream(self.data) }
    }

    #[named]
    fn build(&self, p: AxiStreamPackPorts) {
        let out = p.bus.t;
        let shape = out.payload.shape();
        let (valid, beat) = (reg(bit()).reset(false), reg(shape).reset(zero(shape)));
        let emptied = out.transfer();
        let (data, keep) = (beat.data, beat.keep);
        let (data, keep) = (mux(emptied, 0, data), mux(emptied, 0, keep));
        // The lowest place that is free, as a mask of one bit.
        let place = keep.wrapping_add(1) & !keep;
        let lanes: Vec<Unsigned> = place.bits().iter().map(|bit| bit.repeat(8)).collect();
        let byte = p.bytes.payload.data.repeat(self.data / 8) & cat(lanes);
        when(emptied, || {
            valid.set(false);
            beat.set(zero(shape));
        });
        when(p.bytes.transfer(), || {
            let keep = keep | place;
            valid.set(keep.all() | p.bytes.payload.last);
            beat.set(AxiStreamBeat { data: data | byte, keep, last: p.bytes.payload.last });
        });
        p.bytes.ready.drive(!valid | out.ready);
        out.valid.drive(valid);
        out.payload.drive(beat);
        beat_rules(&p.bus).assert(Side::Manager);
        self.order(&p, &beat);
    }
}

impl AxiStreamPack {
    /// Numbers of bytes modulo more than two words hold.
    #[named]
    fn order(&self, p: &AxiStreamPackPorts, beat: &AxiStreamBeat) {
        let (out, bytes) = (p.bus.t, self.data / 8);
        let number = unsigned(bits_for(u64::from(2 * bytes)));
        let (came, went) = (reg(number).reset(0), reg(number).reset(0));
        let inside = beat.keep.count_ones();
        let held = inside.extend(number.width().max(inside.width())).truncate(number.width());
        when(p.bytes.transfer(), || came.set(came.wrapping_add(1)));
        when(out.transfer(), || went.set(went.wrapping_add(held)));
        let chosen = reg(number);
        chosen.set(chosen);
        let kept = reg(p.bytes.payload.shape());
        when(p.bytes.transfer() & came.eq(chosen), || kept.set(p.bytes.payload));

        always("as many bytes are inside as came and have not left", {
            came.wrapping_sub(went).eq(held)
        });
        always("bytes lie one beside the other", is_packed(beat.keep));
        let due = beat.keep.all() | beat.last;
        always("a word leaves when it is full or its packet ends", out.valid.eq(due));
        let distance = chosen.wrapping_sub(went);
        let places: Vec<Unsigned> = (0..bytes).map(|i| beat.data.slice(8 * i, 8)).collect();
        let empty = places.iter().zip(beat.keep.bits()).map(|(byte, kept)| kept | !byte.any());
        always("a byte that is not there is 0", all_of(empty));
        when(distance.lt(held), || {
            always("a byte is inside unchanged", select(distance, &places).eq(kept.data));
            let is_last = distance.wrapping_add(1).eq(held) & beat.last;
            always("the packet ends with its last byte", is_last.eq(kept.last));
        });
        always("a byte waits only behind a word that waits", {
            p.bytes.ready | (out.valid & !out.ready)
        });
        cover("a word is full", out.transfer() & out.payload.keep.all());
        cover("a packet ends", out.transfer() & out.payload.last);
    }
}
