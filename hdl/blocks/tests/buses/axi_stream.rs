//! AXI-Stream: bytes packed into words and back, registers between; proofs, mutants, and random
//! packets against plain Rust.

use crate::common::{found_out, proved};
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::Cut;
use olivine_blocks::bus::axi_stream::axi_stream_rules;
use olivine_blocks::bus::{
    AxiStreamPack, AxiStreamSlice, AxiStreamSliceProof, AxiStreamUnpack, AxiStreamUnpackProof,
    PacketByte, Side,
};
use olivine_lang::prelude::*;
use proptest::prelude::*;

#[test]
fn proofs() {
    for data in [8, 16, 32] {
        proved(14, AxiStreamPack { data });
        proved(14, AxiStreamUnpackProof(AxiStreamUnpack { data }));
    }
    for cut in Cut::ALL {
        proved(14, AxiStreamSliceProof(AxiStreamSlice { data: 16, cut }));
    }
}

#[test]
fn faults_are_found() {
    insta::assert_snapshot!(found_out(12, 5, AxiStreamPack { data: 16 }), @"17 of 17");
    // What is shifted into the bytes that are gone.
    let unpack = AxiStreamUnpackProof(AxiStreamUnpack { data: 16 });
    insta::assert_snapshot!(found_out(12, 2, unpack), @r"
    25 of 26
    `%9` is shift_right_signed instead of shift_right
    ");
    let slice = AxiStreamSliceProof(AxiStreamSlice { data: 8, cut: Cut::Full });
    insta::assert_snapshot!(found_out(12, 2, slice), @"31 of 31");
}

/// Words of four bytes, as (data, keep, last).
fn golden(packets: &[Vec<u8>]) -> Vec<(u64, u64, bool)> {
    let word = |packet: &[u8], i: usize, bytes: &[u8]| {
        let data = bytes.iter().rev().fold(0, |data, byte| data << 8 | u64::from(*byte));
        (data, (1 << bytes.len()) - 1, 4 * i + bytes.len() == packet.len())
    };
    let words = |packet: &Vec<u8>| -> Vec<_> {
        packet.chunks(4).enumerate().map(|(i, bytes)| word(packet, i, bytes)).collect()
    };
    packets.iter().flat_map(words).collect()
}

fn packets() -> impl Strategy<Value = Vec<Vec<u8>>> {
    proptest::collection::vec(proptest::collection::vec(any::<u8>(), 1..11), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn packets_against_chunks(packets in packets(), gaps in any::<u64>(), stalls in any::<u64>()) {
        let bytes = golden_bytes(&packets);
        let (mut sent, mut offered, mut found) = (0, false, Vec::new());
        let mut bench = Bench::new(AxiStreamPack { data: 32 });
        bench.run(260, |p, cycle| {
            offered = sent < bytes.len() && (offered || gaps >> (cycle % 64) & 1 == 0);
            p.bytes.valid.poke(offered);
            let (byte, last) = bytes.get(sent).copied().unwrap_or_default();
            p.bytes.payload.data.poke(byte);
            p.bytes.payload.last.poke(last);
            // Every fifth cycle for sure.
            p.bus.t.ready.poke(cycle % 5 == 0 || stalls >> (cycle % 64) & 1 == 0);
            let beat = p.bus.t.payload;
            if p.bus.t.valid.peek() & p.bus.t.ready.peek() == 1 {
                found.push((beat.data.peek(), beat.keep.peek(), beat.last.peek() == 1));
            }
            if offered && p.bytes.ready.peek() == 1 {
                sent += 1;
                offered = false;
            }
        });
        prop_assert_eq!(found, golden(&packets));
    }
}

/// Packer, register slice and unpacker, one behind the other.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct ThereAndBack {
    cut: Cut,
}

#[derive(Ports)]
struct ThereAndBackPorts {
    push: Sink<PacketByte>,
    pop: Source<PacketByte>,
}

impl Module for ThereAndBack {
    type Ports = ThereAndBackPorts;

    fn ports(&self) -> ThereAndBackPorts {
        let byte = stream(PacketByte { data: unsigned(8), last: bit() });
        ThereAndBackPorts { push: byte, pop: byte }
    }

    #[named]
    fn build(&self, p: ThereAndBackPorts) {
        let pack = instance(AxiStreamPack { data: 32 }, "pack");
        let slice = instance(AxiStreamSlice { data: 32, cut: self.cut }, "slice");
        let unpack = instance(AxiStreamUnpack { data: 32 }, "unpack");
        connect(p.push, pack.bytes);
        connect(pack.bus, slice.receive);
        connect(slice.transmit, unpack.bus);
        connect(unpack.bytes, p.pop);
        axi_stream_rules(&slice.transmit, 3).assert(Side::Manager);
    }
}

/// The bytes of packets in a row, the last of each marked.
fn golden_bytes(packets: &[Vec<u8>]) -> Vec<(u8, bool)> {
    let marked = |p: &Vec<u8>| {
        p.iter().enumerate().map(|(i, byte)| (*byte, i + 1 == p.len())).collect::<Vec<_>>()
    };
    packets.iter().flat_map(marked).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn packets_there_and_back(
        packets in packets(),
        gaps in any::<u64>(),
        stalls in any::<u64>(),
        cut in 0usize..3,
    ) {
        let bytes = golden_bytes(&packets);
        let (mut sent, mut offered, mut found) = (0, false, Vec::new());
        let mut bench = Bench::new(ThereAndBack { cut: Cut::ALL[cut] });
        bench.run(320, |p, cycle| {
            offered = sent < bytes.len() && (offered || gaps >> (cycle % 64) & 1 == 0);
            p.push.valid.poke(offered);
            let (byte, last) = bytes.get(sent).copied().unwrap_or_default();
            p.push.payload.data.poke(byte);
            p.push.payload.last.poke(last);
            p.pop.ready.poke(cycle % 5 == 0 || stalls >> (cycle % 64) & 1 == 0);
            if p.pop.valid.peek() & p.pop.ready.peek() == 1 {
                found.push((p.pop.payload.data.peek() as u8, p.pop.payload.last.peek() == 1));
            }
            if offered && p.push.ready.peek() == 1 {
                sent += 1;
                offered = false;
            }
        });
        prop_assert_eq!(found, bytes);
    }
}

#[test]
fn words_of_two_bytes() {
    let mut bench = Bench::new(AxiStreamUnpack { data: 16 });
    let mut at = 0;
    bench.run(8, |p, cycle| {
        p.bus.t.valid.poke(at < 3);
        p.bus.t.payload.data.poke([0xa1a0, 0xa3a2, 0x00b0, 0][at]);
        p.bus.t.payload.keep.poke(if at == 2 { 0b01 } else { 0b11 });
        p.bus.t.payload.last.poke(at > 0);
        p.bytes.ready.poke(cycle != 2);
        at += usize::from(at < 3 && p.bus.t.ready.peek() == 1);
    });
    assert_snapshot!("axi_stream_unpack_wave", bench.port_wave());
    let mut bench = Bench::new(AxiStreamSlice { data: 16, cut: Cut::Full });
    bench.run(7, |p, cycle| {
        p.receive.t.valid.poke(cycle < 5);
        p.receive.t.payload.data.poke([0xa1a0, 0xa3a2, 0xb0, 0xb0, 0xc1c0, 0, 0][cycle]);
        p.receive.t.payload.keep.poke(if cycle == 2 || cycle == 3 { 0b01 } else { 0b11 });
        p.receive.t.payload.last.poke((1..4).contains(&cycle));
        p.transmit.t.ready.poke(cycle != 1);
    });
    assert_snapshot!("axi_stream_slice_wave", bench.port_wave());
}

#[test]
fn three_bytes() {
    let mut bench = Bench::new(AxiStreamPack { data: 16 });
    bench.run(6, |p, cycle| {
        p.bytes.valid.poke(cycle < 3);
        p.bytes.payload.data.poke(0xa0 + cycle);
        p.bytes.payload.last.poke(cycle == 2);
        p.bus.t.ready.poke(cycle != 3);
    });
    insta::assert_snapshot!(bench.port_wave(), @r"

    cycle               0       1       2       3       4       5
    clk                 /‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___
    bytes_payload_data  X 160   X 161   X 162   X 163   X 164   X 165
    bytes_payload_last  ________________/‾‾‾‾‾‾‾\_______________________
    bytes_valid         ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______________________
    bytes_ready         ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    bus_tdata           X 0     X 160   X 41376 X 162           X 0
    bus_tkeep           X 0     X 1     X 3     X 1             X 0
    bus_tlast           ________________________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______
    bus_tvalid          ________________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______
    bus_tready          ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    ");
}
