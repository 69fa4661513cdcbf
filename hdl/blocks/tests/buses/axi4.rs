//! AXI4: memory and manager; proofs, mutants, and random bursts against an array.

use crate::common::{found_out, proved};
use olivine_bench::{Bench, Poke};
use olivine_blocks::bus::axi4::axi4_rules;
use olivine_blocks::bus::{
    Axi4Manager, Axi4ManagerPorts, Axi4ManagerProof, Axi4Memory, Axi4MemoryProof, Axi4Pair,
    BurstCommand, BurstEnd, BurstWord, BusAnswer,
};
use olivine_lang::prelude::*;
use proptest::prelude::*;

/// 16 bytes, in words of two.
const MEMORY: Axi4Memory = Axi4Memory { address: 4, data: 16, id: 1 };
const MANAGER: Axi4Manager = Axi4Manager { address: 4, data: 16, id: 1 };

#[test]
fn memory() {
    proved(10, Axi4MemoryProof(Axi4Memory { address: 3, data: 16, id: 1 }));
}

#[test]
fn manager() {
    proved(12, Axi4ManagerProof(Axi4Manager { address: 13, data: 8, id: 1 }));
}

#[test]
fn both_on_one_link() {
    proved(14, Axi4Pair { address: 3, data: 16, id: 1 });
}

#[test]
fn faults_are_found() {
    insta::assert_snapshot!(found_out(9, 101, Axi4Pair { address: 3, data: 16, id: 1 }), @"4 of 4");
    let memory = Axi4Memory { address: 2, data: 8, id: 1 };
    // `awready` also while a burst is walked: the manager offers no address then.
    insta::assert_snapshot!(found_out(8, 47, Axi4MemoryProof(memory)), @r"
    2 of 3
    `%73` is or instead of and
    ");
    let manager = Axi4Manager { address: 13, data: 8, id: 1 };
    insta::assert_snapshot!(found_out(9, 47, Axi4ManagerProof(manager)), @"5 of 5");
}

/// A manager and a memory on one link.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct System;

#[derive(Ports)]
struct SystemPorts {
    commands: Sink<BurstCommand>,
    words: Sink<BurstWord>,
    read: Source<BusAnswer>,
    ends: Source<BurstEnd>,
}

impl Module for System {
    type Ports = SystemPorts;

    fn ports(&self) -> SystemPorts {
        let Axi4ManagerPorts { commands, words, read, ends, .. } = MANAGER.ports();
        SystemPorts { commands, words, read, ends }
    }

    #[named]
    fn build(&self, p: SystemPorts) {
        let manager = instance(MANAGER, "manager");
        let memory = instance(MEMORY, "memory");
        connect(p.commands, manager.commands);
        connect(p.words, manager.words);
        connect(manager.read, p.read);
        connect(manager.ends, p.ends);
        connect(manager.bus, memory.bus);
        axi4_rules(&manager.bus).0.assert_both();
    }
}

/// A command: what to write (nothing: read), from which word on, how many words.
#[derive(Clone, Debug)]
struct Burst {
    write: Option<Vec<(u16, u8)>>,
    word: usize,
    count: usize,
}

fn bursts() -> impl Strategy<Value = Vec<Burst>> {
    let words = proptest::collection::vec((any::<u16>(), 0u8..4), 1..12);
    let burst = (any::<bool>(), words, 0usize..8).prop_map(|(write, words, word)| {
        let count = words.len();
        Burst { write: write.then_some(words), word, count }
    });
    proptest::collection::vec(burst, 1..10)
}

/// Writes the whole memory, so that nothing in it is undefined.
fn whole() -> Burst {
    Burst { write: Some(vec![(0x1234, 0b11); 8]), word: 0, count: 8 }
}

/// What is read, in order.
fn golden(bursts: &[Burst]) -> Vec<u16> {
    let mut memory = [0u16; 8];
    let mut read = Vec::new();
    for burst in bursts {
        for i in 0..burst.count {
            let word = &mut memory[(burst.word + i) % 8];
            match &burst.write {
                Some(words) => {
                    let (data, strobe) = words[i];
                    let mask = [0, 0x00ff, 0xff00, 0xffff][usize::from(strobe)];
                    *word = *word & !mask | data & mask;
                }
                None => read.push(*word),
            }
        }
    }
    read
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn bursts_against_an_array(random in bursts(), stalls in any::<u64>()) {
        let bursts: Vec<Burst> = std::iter::once(whole()).chain(random).collect();
        let words = bursts.iter().flat_map(|b| b.write.iter().flatten().copied());
        let words: Vec<(u16, u8)> = words.collect();
        let (mut asked, mut sent, mut ended, mut read) = (0, 0, 0, Vec::new());
        let mut bench = Bench::new(System);
        bench.run(60 * bursts.len(), |p, cycle| {
            let stalled = cycle % 3 != 0 && stalls >> (cycle % 64) & 1 == 1;
            p.commands.valid.poke(asked < bursts.len());
            if let Some(burst) = bursts.get(asked) {
                p.commands.payload.write.poke(burst.write.is_some());
                p.commands.payload.word.poke(burst.word);
                p.commands.payload.more.poke(burst.count - 1);
            }
            p.words.valid.poke(sent < words.len());
            if let Some((data, strobe)) = words.get(sent) {
                p.words.payload.data.poke(*data);
                p.words.payload.strobe.poke(*strobe);
            }
            p.read.ready.poke(!stalled);
            p.ends.ready.poke(!stalled);
            asked += usize::from(asked < bursts.len() && p.commands.ready.peek() == 1);
            sent += usize::from(sent < words.len() && p.words.ready.peek() == 1);
            ended += usize::from(!stalled && p.ends.valid.peek() == 1);
            if !stalled && p.read.valid.peek() == 1 {
                read.push(p.read.payload.data.peek() as u16);
            }
        });
        prop_assert_eq!(ended, bursts.len());
        prop_assert_eq!(read, golden(&bursts));
    }
}

#[test]
fn a_manager_writes_two_words_and_reads_two() {
    let mut bench = Bench::new(Axi4Manager { address: 13, data: 16, id: 1 });
    bench.run(14, |p, cycle| {
        p.commands.valid.poke(true);
        p.commands.payload.write.poke(cycle < 2);
        p.commands.payload.word.poke(6);
        p.commands.payload.more.poke(1);
        p.words.valid.poke(true);
        p.words.payload.data.poke(0xa0 + cycle);
        p.words.payload.strobe.poke(0b11);
        p.read.ready.poke(true);
        p.ends.ready.poke(true);
        p.bus.aw.ready.poke(true);
        p.bus.w.ready.poke(cycle != 2);
        p.bus.b.valid.poke(cycle == 5);
        p.bus.b.payload.id.poke(0);
        p.bus.b.payload.resp.poke(0);
        p.bus.ar.ready.poke(true);
        p.bus.r.valid.poke((9..11).contains(&cycle));
        p.bus.r.payload.id.poke(0);
        p.bus.r.payload.data.poke(0xb0 + cycle);
        p.bus.r.payload.resp.poke(0);
        p.bus.r.payload.last.poke(cycle == 10);
    });
    insta::assert_snapshot!("axi4_manager_wave", bench.port_wave());
}

#[test]
fn three_words_are_written() {
    let mut bench = Bench::new(MEMORY);
    let mut sent = 0;
    bench.run(7, |p, cycle| {
        let (aw, w) = (p.bus.aw, p.bus.w);
        aw.valid.poke(cycle == 0);
        aw.payload.id.poke(1);
        aw.payload.addr.poke(4);
        aw.payload.len.poke(2);
        aw.payload.size.poke(1);
        aw.payload.burst.poke(1);
        w.valid.poke(sent < 3);
        w.payload.data.poke(0xa0 + sent);
        w.payload.strb.poke(0b11);
        w.payload.last.poke(sent == 2);
        p.bus.ar.valid.poke(false);
        p.bus.b.ready.poke(cycle == 5);
        sent += w.ready.peek();
    });
    let shown = ["bus_aw", "bus_w", "bus_b"];
    let trace = bench.trace().filter(|s| shown.iter().any(|name| s.path.starts_with(name)));
    insta::assert_snapshot!(format!("\n{trace}"), @r"

    cycle        0     1     2     3     4     5     6
    clk          /‾‾\__/‾‾\__/‾‾\__/‾‾\__/‾‾\__/‾‾\__/‾‾\__
    bus_awid     ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    bus_awaddr   X 4
    bus_awlen    X 2
    bus_awsize   X 1
    bus_awburst  X Increment
    bus_awvalid  ‾‾‾‾‾‾\___________________________________
    bus_awready  ‾‾‾‾‾‾\_____________________________/‾‾‾‾‾
    bus_wdata    X 160       X 161 X 162 X 163
    bus_wstrb    X 3
    bus_wlast    __________________/‾‾‾‾‾\_________________
    bus_wvalid   ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_________________
    bus_wready   ______/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_________________
    bus_bid      ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    bus_bresp    X Okay
    bus_bvalid   ________________________/‾‾‾‾‾‾‾‾‾‾‾\_____
    bus_bready   ______________________________/‾‾‾‾‾\_____
    ");
}
