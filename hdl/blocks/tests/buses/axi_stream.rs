//! AXI-Stream: bytes packed into words; proofs, mutants, and random packets against plain Rust.

use crate::common::{found_out, proved};
use olivine_bench::{Bench, Poke};
use olivine_blocks::bus::AxiStreamPack;
use proptest::prelude::*;

#[test]
fn proofs() {
    for data in [8, 16, 32] {
        proved(14, AxiStreamPack { data });
    }
}

#[test]
fn faults_are_found() {
    insta::assert_snapshot!(found_out(12, 5, AxiStreamPack { data: 16 }), @"17 of 17");
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
        let bytes: Vec<(u8, bool)> = packets
            .iter()
            .flat_map(|p| p.iter().enumerate().map(|(i, byte)| (*byte, i + 1 == p.len())))
            .collect();
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
