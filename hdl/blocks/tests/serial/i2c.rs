//! I²C: proofs, and both ends on one pair of lines.

use crate::common::proved;
use olivine_bench::{Bench, Poke};
use olivine_blocks::serial::{I2cCommand, I2cManager, I2cSubordinate};
use olivine_lang::prelude::*;
use proptest::prelude::*;
use std::collections::VecDeque;

pub const OURS: u8 = 0x2a;

#[test]
fn managers() {
    proved(20, I2cManager { divisor: 2 });
}

#[test]
fn subordinates() {
    proved(24, I2cSubordinate { address: OURS.into(), setup: 1 });
}

/// Both ends on one pair of lines.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Bus {
    pub divisor: u32,
}

#[derive(Ports)]
pub struct BusPorts {
    commands: Sink<I2cCommand>,
    byte: Out<Unsigned>,
    refused: Out<Bit>,
    done: Out<Bit>,
    written: Source<Unsigned>,
    replies: Sink<Unsigned>,
    /// Somebody else pulls the clock on where it is low.
    stretch: In<Bit>,
    scl: Out<Bit>,
    sda: Out<Bit>,
}

impl Module for Bus {
    type Ports = BusPorts;

    fn ports(&self) -> BusPorts {
        let (bit, byte) = (bit(), unsigned(8));
        let command = I2cManager { divisor: self.divisor }.ports().commands;
        BusPorts {
            commands: command,
            byte,
            refused: bit,
            done: bit,
            written: stream(byte),
            replies: stream(byte),
            stretch: bit,
            scl: bit,
            sda: bit,
        }
    }

    #[named]
    fn build(&self, p: BusPorts) {
        let manager = instance(I2cManager { divisor: self.divisor }, "manager");
        let subordinate =
            instance(I2cSubordinate { address: OURS.into(), setup: 2 }, "subordinate");
        // Who pulls wins; a resistor lifts the line.
        let scl_was = reg(bit()).reset(true);
        let scl = !(manager.scl_low | subordinate.scl_low | (p.stretch & !scl_was));
        scl_was.set(scl);
        let sda = !(manager.sda_low | subordinate.sda_low);
        for (line, of_manager, of_subordinate) in
            [(scl, manager.scl, subordinate.scl), (sda, manager.sda, subordinate.sda)]
        {
            of_manager.drive(line);
            of_subordinate.drive(line);
        }
        connect(p.commands, manager.commands);
        connect(subordinate.written, p.written);
        connect(p.replies, subordinate.replies);
        p.byte.drive(manager.byte);
        p.refused.drive(manager.refused);
        p.done.drive(manager.done);
        p.scl.drive(scl);
        p.sda.drive(sda);
    }
}

/// From a START on: to whom, which way, the bytes, and whether a STOP follows.
#[derive(Clone, Debug)]
pub struct Transaction {
    pub address: u8,
    pub read: bool,
    pub bytes: Vec<u8>,
    pub stop: bool,
}

impl Transaction {
    /// The `i`-th command: start, read, data, refuse, stop.
    fn command(&self, i: usize) -> (bool, bool, u8, bool, bool) {
        let last = i == self.bytes.len();
        match i.checked_sub(1) {
            None => (true, false, self.address << 1 | u8::from(self.read), false, false),
            Some(_) if self.read => (false, true, 0, last, last && self.stop),
            Some(byte) => (false, false, self.bytes[byte], false, last && self.stop),
        }
    }
}

fn transactions() -> impl Strategy<Value = Vec<Transaction>> {
    let address = prop_oneof![3 => Just(OURS), 1 => 0u8..128];
    let bytes = proptest::collection::vec(any::<u8>(), 1..4);
    let one = (address, any::<bool>(), bytes, any::<bool>());
    let one =
        one.prop_map(|(address, read, bytes, stop)| Transaction { address, read, bytes, stop });
    proptest::collection::vec(one, 1..5)
}

/// The bytes that go to our subordinate, and those that come from it.
fn golden(all: &[Transaction], read: bool) -> Vec<u8> {
    let ours = all.iter().filter(|t| t.address == OURS && t.read == read);
    ours.flat_map(|t| t.bytes.iter().copied()).collect()
}

/// Makes all transactions; every byte comes to the other end, and who is not meant refuses.
pub fn talk(mut bench: Bench<Bus>, divisor: usize, all: &[Transaction], stalls: u64) {
    let mut replies = VecDeque::from(golden(all, true));
    let (mut at, mut byte, mut pending) = (0, 0, false);
    let (mut written, mut read, mut refusals) = (Vec::new(), Vec::new(), 0);
    let commands: usize = all.iter().map(|t| 1 + t.bytes.len()).sum();
    bench.run(commands * (11 * (4 * divisor + 8) + 200), |p, cycle| {
        let stalled = stalls >> (cycle / 3 % 64) & 1 == 1 && cycle % 150 > 10;
        // Four cycles at most.
        p.stretch.poke(stalls >> (cycle % 61) & 1 == 1 && cycle % 5 > 0);
        if p.done.peek() == 1 {
            pending = false;
            if byte > 0 && all[at].read {
                read.push(p.byte.peek() as u8);
            }
            let refused = p.refused.peek() == 1;
            let abandoned = refused && byte == 0;
            refusals += usize::from(abandoned);
            byte += 1;
            if abandoned || byte > all[at].bytes.len() {
                (at, byte) = (at + 1, 0);
            }
        }
        let offered = at < all.len() && !pending;
        p.commands.valid.poke(offered);
        let (start, reads, data, refuse, stop) =
            all.get(at).map_or_else(Default::default, |t| t.command(byte));
        // What is not offered is the contrary.
        p.commands.payload.start.poke(start == offered);
        p.commands.payload.read.poke(reads == offered);
        p.commands.payload.data.poke(if offered { data } else { !data });
        p.commands.payload.refuse.poke(refuse == offered);
        p.commands.payload.stop.poke(stop == offered);
        pending |= offered && p.commands.ready.peek() == 1;
        p.written.ready.poke(!stalled);
        if !stalled && p.written.valid.peek() == 1 {
            written.push(p.written.payload.peek() as u8);
        }
        p.replies.valid.poke(!stalled && !replies.is_empty());
        p.replies.payload.poke(replies.front().copied().unwrap_or_default());
        if !stalled && !replies.is_empty() && p.replies.ready.peek() == 1 {
            replies.pop_front();
        }
    });
    assert_eq!(at, all.len());
    assert_eq!(written, golden(all, false));
    assert_eq!(read, golden(all, true));
    assert_eq!(refusals, all.iter().filter(|t| t.address != OURS).count());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn bytes_go_both_ways(all in transactions(), stalls in any::<u64>(), divisor in 2u32..5) {
        talk(Bench::new(Bus { divisor }), divisor as usize, &all, stalls);
    }
}

#[test]
fn a_byte_that_nobody_acknowledges() {
    let mut bench = Bench::new(I2cManager { divisor: 2 });
    bench.run(190, |p, cycle| {
        p.commands.valid.poke(cycle == 0);
        p.commands.payload.start.poke(true);
        p.commands.payload.read.poke(false);
        p.commands.payload.data.poke(0b1010_0110);
        p.commands.payload.refuse.poke(false);
        p.commands.payload.stop.poke(false);
        // The clock is stretched once.
        p.scl.poke(p.scl_low.peek() == 0 && !(30..38).contains(&cycle));
        p.sda.poke(p.sda_low.peek() == 0);
    });
    let shown = ["scl_low", "sda_low", "scl", "done", "open"];
    let trace = bench.trace().filter(|s| shown.contains(&s.path.as_str()));
    insta::assert_snapshot!("i2c_manager_wave", trace.to_string());
}

#[test]
fn an_address_is_acknowledged() {
    let mut bench = Bench::new(I2cSubordinate { address: OURS.into(), setup: 1 });
    let bits = u32::from(OURS) << 2 | 1;
    bench.run(96, |p, cycle| {
        // A START, then a bit in eight cycles.
        let bit = (cycle / 8).checked_sub(1);
        p.scl.poke(bit.is_none() || (2..6).contains(&(cycle % 8)));
        let data = bit.map_or(cycle < 4, |bit| bit < 9 && bits >> (8 - bit) & 1 == 1);
        p.sda.poke(data && p.sda_low.peek() == 0);
        p.written.ready.poke(true);
        p.replies.valid.poke(false);
    });
    let shown = ["scl", "sda", "sda_low", "scl_low"];
    let trace = bench.trace().filter(|s| shown.contains(&s.path.as_str()));
    insta::assert_snapshot!("i2c_subordinate_wave", trace.to_string());
}
