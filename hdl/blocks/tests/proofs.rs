//! The contracts of the blocks, proved without bound.

use olivine_blocks::{
    Counter, Fifo, FifoOrder, RoundRobin, SkidBuffer, SkidBufferOrder, UartRx, UartTx,
};
use olivine_formal::{Options, prove};
use olivine_lang::{Module, elaborate, unsigned};

fn proved<M: Module>(module: M) {
    proved_to(20, module);
}

/// With runs of this length, which the covers need.
fn proved_to<M: Module>(depth: u32, module: M) {
    let design = elaborate(module).unwrap_or_else(|f| panic!("{f}"));
    let options = Options { depth, ..Options::default() };
    prove(&design, &options).unwrap_or_else(|f| panic!("{f}")).assert_proved();
}

#[test]
fn counters() {
    for limit in [1, 2, 3, 8, 10] {
        proved(Counter { limit });
    }
}

#[test]
fn fifos_neither_overflow_nor_underflow() {
    for depth in [1, 2, 3, 4, 6, 8] {
        proved(Fifo { of: unsigned(4), depth });
    }
}

#[test]
fn fifos_keep_the_order() {
    for depth in [1, 2, 3, 4, 6, 8] {
        proved(FifoOrder(Fifo { of: unsigned(4), depth }));
    }
}

#[test]
fn skid_buffers() {
    proved(SkidBuffer { of: unsigned(4) });
    proved(SkidBufferOrder(SkidBuffer { of: unsigned(4) }));
}

#[test]
fn round_robin_is_fair() {
    for n in [1, 2, 3, 4, 5] {
        proved(RoundRobin { n });
    }
}

#[test]
fn serial_lines() {
    for divisor in [1, 2, 3] {
        proved_to(12 * divisor, UartTx { divisor });
    }
    for divisor in [2, 4] {
        proved_to(10 * divisor + 5, UartRx { divisor });
    }
}
