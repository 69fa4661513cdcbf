//! `rust-hdl`'s own simulator beside the design that was read.

use crate::blocks;
use crate::random::Random;
use crate::read;
use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::{Bits as Value, DomainId};
use rust_hdl::prelude::*;

/// Rounds until the logic is quiet.
const ROUNDS: usize = 50;
const CYCLES: u32 = 2_000;

/// Ports of a guest by name.
pub struct Wires<'a, B> {
    pub block: &'a mut B,
    pub design: Interp,
}

/// Sets an input on both sides.
macro_rules! drive {
    ($run:expr, $port:ident, $width:expr, $value:expr) => {{
        let value: u64 = $value;
        $run.block.$port.next = (value & (u64::MAX >> (64 - $width))).to_bits();
        let port = $run.design.interface().find(stringify!($port)).expect("a port");
        $run.design.set(port, &Value::new($width, value));
    }};
}

/// Sets a bit on both sides.
macro_rules! drive_bit {
    ($run:expr, $port:ident, $value:expr) => {{
        let value: bool = $value;
        $run.block.$port.next = value;
        let port = $run.design.interface().find(stringify!($port)).expect("a port");
        $run.design.set(port, &Value::bit_of(value));
    }};
}

/// Compares an output.
macro_rules! same {
    ($run:expr, $cycle:expr, $port:ident, $to:expr) => {{
        let port = $run.design.interface().find(stringify!($port)).expect("a port");
        let (theirs, read) = ($to($run.block.$port.val()), $run.design.get(port).low_u64());
        assert_eq!(theirs, read, "`{}` in cycle {}", stringify!($port), $cycle);
    }};
}

impl<'a, B: Block> Wires<'a, B> {
    pub fn new(block: &'a mut B) -> Self {
        block.connect_all();
        let design = Interp::new(&read::read(block), Undefined::Zero);
        Self { block, design }
    }

    pub fn settle(&mut self) {
        assert!(simulate(self.block, ROUNDS), "it settles");
    }
}

fn byte(value: Bits<8>) -> u64 {
    value.to_u64()
}

fn word(value: Bits<32>) -> u64 {
    value.to_u64()
}

#[test]
fn the_element_in_lockstep() {
    let mut block = blocks::Pe::default();
    let mut run = Wires::new(&mut block);
    let mut random = Random(1);
    for cycle in 0..CYCLES {
        run.block.clock.next = false.into();
        drive!(run, a, 8, random.bits(8).low_u64());
        drive!(run, b, 8, random.bits(8).low_u64());
        drive_bit!(run, clear, random.next().is_multiple_of(8));
        run.settle();
        same!(run, cycle, a_next, byte);
        same!(run, cycle, b_next, byte);
        same!(run, cycle, sum, word);
        run.block.clock.next = true.into();
        run.settle();
        run.design.step(DomainId(0));
    }
}

#[test]
fn the_fifo_in_lockstep() {
    let mut block = blocks::Fifo::default();
    let mut run = Wires::new(&mut block);
    let mut random = Random(2);
    let mut full = 0;
    for cycle in 0..CYCLES {
        run.block.clock.next = false.into();
        let busy = cycle / 100 % 3;
        drive_bit!(run, write, random.next() % 3 >= u64::from(busy));
        drive_bit!(run, read, random.next() % 3 < u64::from(busy));
        drive!(run, data_in, 8, random.next());
        run.settle();
        same!(run, cycle, empty, u64::from);
        same!(run, cycle, almost_empty, u64::from);
        same!(run, cycle, full, u64::from);
        same!(run, cycle, almost_full, u64::from);
        same!(run, cycle, overflow, u64::from);
        same!(run, cycle, underflow, u64::from);
        if !run.block.empty.val() {
            same!(run, cycle, data_out, byte);
        }
        full += u32::from(run.block.full.val());
        run.block.clock.next = true.into();
        run.settle();
        run.design.step(DomainId(0));
    }
    assert!(full > 0, "the FIFO never was full");
}
