//! [`AxiStreamUnpack`] and the proof of its order.

use super::access::check_widths;
use super::axi_stream::{AxiStream, AxiStreamBeat, axi_stream, beat_rules, is_packed};
use super::{PacketByte, Side};
use olivine_lang::prelude::*;

/// Unpacks the words of an AXI-Stream into a [`Stream`] of bytes: the other end of
/// [`AxiStreamPack`](super::AxiStreamPack).
///
/// ```text
///         +-----------------+
///   bus ==| AxiStreamUnpack |==> bytes
///         +-----------------+
/// ```
///
/// *Parameters*: `data`, bits of a word: a power of two of bytes.
///
/// *Ports*: see [`AxiStreamUnpackPorts`].
///
/// *Behaviour*: the bytes of each word that `tkeep` names leave from the lowest on. `last` goes
/// with the last byte of a word with `tlast`.
///
/// *Timing*: a word's first byte is valid one cycle after the word; a byte a cycle, the next word
/// comes while the last byte of the one before leaves. Combinational from `bytes.ready` to
/// `tready`.
///
/// *Handshake*: [`Stream`]'s rules on `bytes`, whatever comes.
///
/// *Reset*: no byte is held.
///
/// *Undefined*: the byte while it is not valid; what leaves of a word that breaks
/// [rule 2](super::axi_stream::axi_stream_rules), such as one with no bytes.
///
/// *Verification*: proved by k-induction as [`AxiStreamUnpackProof`], the transmitter's rules 1 and
/// 2 assumed: the byte that came as number *n*, arbitrary but fixed, leaves as number *n*, with
/// `last` if its packet ends with it. In tests against packets in plain Rust, and behind an
/// [`AxiStreamPack`](super::AxiStreamPack).
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::bus::AxiStreamUnpack;
///
/// let mut bench = Bench::new(AxiStreamUnpack { data: 16 });
/// let mut bytes = Vec::new();
/// bench.run(3, |p, cycle| {
///     p.bus.t.valid.poke(cycle == 0);
///     p.bus.t.payload.data.poke(0x4241);
///     p.bus.t.payload.keep.poke(0b11);
///     p.bus.t.payload.last.poke(false);
///     p.bytes.ready.poke(true);
///     if p.bytes.valid.peek() == 1 {
///         bytes.push(p.bytes.payload.data.peek());
///     }
/// });
/// assert_eq!(bytes, [0x41, 0x42]);
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiStreamUnpack {
    /// Bits of a word.
    pub data: u32,
}

/// The ports of [`AxiStreamUnpack`].
#[derive(Ports)]
pub struct AxiStreamUnpackPorts {
    /// Words that come.
    pub bus: Flipped<AxiStream>,
    /// Bytes that leave.
    pub bytes: Source<PacketByte>,
}

impl Module for AxiStreamUnpack {
    type Ports = AxiStreamUnpackPorts;

    fn check(&self) -> Result<(), String> {
        check_widths(64, self.data)
    }

    fn ports(&self) -> AxiStreamUnpackPorts {
        let byte = PacketByte { data: unsigned(8), last: bit() };
        AxiStreamUnpackPorts { bus: axi_stream(self.data), bytes: stream(byte) }
    }

    #[named]
    fn build(&self, p: AxiStreamUnpackPorts) {
        self.body(&p);
    }
}

impl AxiStreamUnpack {
    /// What is left of the word that is held.
    #[named]
    fn body(&self, p: &AxiStreamUnpackPorts) -> AxiStreamBeat {
        let (word, bytes) = (p.bus.t, p.bytes);
        let (data, last) = (reg(word.payload.data.shape()), reg(bit()));
        let keep = reg(word.payload.keep.shape()).reset(0);
        let only = !keep.shift_right(1).any();
        when(bytes.transfer(), || {
            data.set(data.shift_right(8));
            keep.set(keep.shift_right(1));
        });
        when(word.transfer(), || {
            data.set(word.payload.data);
            keep.set(word.payload.keep);
            last.set(word.payload.last);
        });
        bytes.valid.drive(keep.bit(0));
        bytes.payload.data.drive(data.truncate(8));
        bytes.payload.last.drive(last & only);
        word.ready.drive(!keep.bit(0) | (only & bytes.ready));
        bytes.assert_rules("bytes");
        AxiStreamBeat { data, keep, last }
    }
}

/// An [`AxiStreamUnpack`] whose transmitter is assumed to keep rules 1 and 2, and the order of its
/// bytes. For proofs.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiStreamUnpackProof(
    /// What is proved.
    pub AxiStreamUnpack,
);

impl Module for AxiStreamUnpackProof {
    type Ports = AxiStreamUnpackPorts;

    fn ports(&self) -> AxiStreamUnpackPorts {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: AxiStreamUnpackPorts) {
        let held = self.0.body(&p);
        beat_rules(&p.bus).assume(Side::Manager);
        self.order(&p, &held);
    }
}

impl AxiStreamUnpackProof {
    /// The bytes of a word, the lowest first.
    fn lanes(&self, data: Unsigned) -> Vec<Unsigned> {
        (0..self.0.data / 8).map(|i| data.slice(8 * i, 8)).collect()
    }

    /// Numbers of bytes modulo more than two words hold.
    #[named]
    fn order(&self, p: &AxiStreamUnpackPorts, held: &AxiStreamBeat) {
        let (word, bytes) = (p.bus.t, p.bytes);
        let number = unsigned(bits_for(u64::from(self.0.data / 4)));
        let count = |keep: Unsigned| keep.count_ones().extend(number.width());
        let (new, inside) = (count(word.payload.keep), count(held.keep));
        let (came, went) = (reg(number).reset(0), reg(number).reset(0));
        when(word.transfer(), || came.set(came.wrapping_add(new)));
        when(bytes.transfer(), || went.set(went.wrapping_add(1)));
        let chosen = reg(number);
        chosen.set(chosen);
        let kept = reg(bytes.payload.shape());
        let lane = chosen.wrapping_sub(came);
        when(word.transfer() & lane.lt(new), || {
            kept.data.set(select(lane, &self.lanes(word.payload.data)));
            kept.last.set(word.payload.last & lane.wrapping_add(1).eq(new));
        });

        always("as many bytes are inside as came and have not left", {
            came.wrapping_sub(went).eq(inside)
        });
        always("bytes lie one beside the other", is_packed(held.keep));
        let distance = chosen.wrapping_sub(went);
        when(distance.lt(inside), || {
            let byte = select(distance, &self.lanes(held.data));
            always("a byte is inside unchanged", byte.eq(kept.data));
            let ends = held.last & distance.wrapping_add(1).eq(inside);
            always("its packet ends with its last byte", ends.eq(kept.last));
        });
        when(bytes.valid & went.eq(chosen), || {
            always("a byte leaves in its turn", bytes.payload.same_as(kept));
        });
        always("a byte is there while one is inside", bytes.valid.eq(inside.ne(0)));
        let frees = inside.eq(0) | (inside.eq(1) & bytes.ready);
        always("a word comes when the last byte leaves", word.ready.eq(frees));
        cover("a packet ends", bytes.transfer() & bytes.payload.last);
        cover("a word comes while a byte leaves", word.transfer() & bytes.transfer());
    }
}
