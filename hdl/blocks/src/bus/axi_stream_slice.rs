//! [`AxiStreamSlice`] and the proof of its order.

use super::Side;
use super::access::check_widths;
use super::axi_stream::{
    AxiStream, AxiStreamBeat, axi_stream, axi_stream_beat, beat_rules, is_beat,
};
use crate::stream::order::assert_order;
use crate::stream::{Cut, RegisterSlice, RegisterSlicePorts, Slot};
use olivine_lang::prelude::*;

/// Cuts combinational paths of an AXI-Stream by registers, at full throughput: a
/// [`RegisterSlice`] under the standard's names.
///
/// ```text
///            +----------------+
///  receive ==| AxiStreamSlice |== transmit
///            +----------------+
/// ```
///
/// *Parameters*: `data`, bits of a word: a power of two of bytes; `cut`, which [paths](Cut).
///
/// *Ports*: see [`AxiStreamSlicePorts`].
///
/// *Behaviour*: a row of at most one beat, or two for a full slice, in order and unchanged, so that
/// packets stay what they were.
///
/// *Timing*: that of [`RegisterSlice`]: latency one cycle, none for a backward slice; one beat a
/// cycle.
///
/// *Handshake*: the [rules](super::axi_stream::axi_stream_rules) of a transmitter on `transmit`, if
/// who is on `receive` keeps them.
///
/// *Reset*: empty.
///
/// *Undefined*: the beat without `tvalid`.
///
/// *Verification*: proved by k-induction as [`AxiStreamSliceProof`] for all cuts, rules 1 and 2
/// assumed on `receive`: both on `transmit`; the order of beats, which says that packets keep their
/// lengths, so that rule 3 passes through. In tests between packer and unpacker.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::Cut;
/// use olivine_blocks::bus::AxiStreamSlice;
///
/// let mut bench = Bench::new(AxiStreamSlice { data: 16, cut: Cut::Full });
/// bench.run(2, |p, cycle| {
///     p.receive.t.valid.poke(true);
///     p.receive.t.payload.data.poke(0x4142);
///     p.receive.t.payload.keep.poke(0b11);
///     p.receive.t.payload.last.poke(true);
///     p.transmit.t.ready.poke(true);
///     assert_eq!(p.transmit.t.valid.peek() == 1, cycle == 1);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiStreamSlice {
    /// Bits of a word.
    pub data: u32,
    /// Which paths are cut.
    pub cut: Cut,
}

/// The ports of [`AxiStreamSlice`].
#[derive(Ports)]
pub struct AxiStreamSlicePorts {
    /// Beats that come.
    pub receive: Flipped<AxiStream>,
    /// Beats that leave.
    pub transmit: AxiStream,
}

impl Module for AxiStreamSlice {
    type Ports = AxiStreamSlicePorts;

    fn check(&self) -> Result<(), String> {
        check_widths(64, self.data)
    }

    fn ports(&self) -> AxiStreamSlicePorts {
        let bus = axi_stream(self.data);
        AxiStreamSlicePorts { receive: bus, transmit: bus }
    }

    #[named]
    fn build(&self, p: AxiStreamSlicePorts) {
        self.body(&p);
    }
}

impl AxiStreamSlice {
    /// The beats inside, the eldest first.
    #[named]
    fn body(&self, p: &AxiStreamSlicePorts) -> Vec<Slot<AxiStreamBeat>> {
        let slice = RegisterSlice { of: axi_stream_beat(self.data), cut: self.cut };
        slice.body(&RegisterSlicePorts { push: p.receive.t, pop: p.transmit.t })
    }
}

/// An [`AxiStreamSlice`] whose transmitter is assumed to keep rules 1 and 2, and the order of its
/// beats. For proofs.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiStreamSliceProof(
    /// What is proved.
    pub AxiStreamSlice,
);

impl Module for AxiStreamSliceProof {
    type Ports = AxiStreamSlicePorts;

    fn ports(&self) -> AxiStreamSlicePorts {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: AxiStreamSlicePorts) {
        let slots = self.0.body(&p);
        beat_rules(&p.receive).named("receive").assume(Side::Manager);
        beat_rules(&p.transmit).assert(Side::Manager);
        let beats = slots.iter().map(|slot| slot.full.implies(is_beat(&slot.word)));
        always("what is inside is packed", all_of(beats));
        let level = cat(slots.iter().map(|slot| slot.full).collect::<Vec<Bit>>()).count_ones();
        let words: Vec<_> = slots.iter().map(|slot| slot.word).collect();
        assert_order(p.receive.t, p.transmit.t, level, slots.len(), |distance| {
            select(distance, &words)
        });
        cover("a packet ends", p.transmit.t.transfer() & p.transmit.t.payload.last);
    }
}
