//! The counter, the show-ahead FIFO, the skid buffer, the round-robin arbiter and the serial line.

use crate::common::{proved, proved_to};
use crate::survivors::survivors;
use olivine_blocks::{
    Counter, Fifo, FifoOrder, RoundRobin, SkidBuffer, SkidBufferOrder, UartRx, UartTx,
};
use olivine_lang::unsigned;

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

/// What the proofs do not notice; see [`crate::survivors`].
mod mutants {
    use super::*;

    #[test]
    fn counter() {
        insta::assert_snapshot!(survivors(8, Counter { limit: 3 }), @r"
        bit 0 of `enable` is inverted
        of 28
        ");
    }

    #[test]
    fn fifo() {
        insta::assert_snapshot!(survivors(14, FifoOrder(Fifo { of: unsigned(1), depth: 3 })), @r"
        bit 0 of `push_payload` is inverted
        bit 0 of `push_valid` is inverted
        bit 0 of `pop_ready` is inverted
        of 77
        ");
    }

    #[test]
    fn skid_buffer() {
        insta::assert_snapshot!(survivors(14, SkidBufferOrder(SkidBuffer { of: unsigned(1) })), @r"
        bit 0 of `push_payload` is inverted
        bit 0 of `push_valid` is inverted
        bit 0 of `pop_ready` is inverted
        of 37
        ");
    }

    #[test]
    fn round_robin() {
        insta::assert_snapshot!(survivors(14, RoundRobin { n: 3 }), @r"
        bit 0 of `requests` is inverted
        bit 2 of `requests` is inverted
        bit 0 of `taken` is inverted
        of 44
        ");
    }

    #[test]
    fn uart_tx() {
        insta::assert_snapshot!(survivors(26, UartTx { divisor: 2 }), @r"
        bit 0 of `bytes_payload` is inverted
        bit 7 of `bytes_payload` is inverted
        bit 0 of `bytes_valid` is inverted
        `%13` is or instead of and
        `%15` is add instead of sub
        two operands of `%15` = sub are swapped
        bit 0 of the reset value of `timer` is inverted
        case 0 of register `timer` is always taken
        of 71
        ");
    }
}
