//! The counter, the show-ahead FIFO, the skid buffer and the round-robin arbiter.

use crate::common::{for_all_cycles, proved};
use crate::producer::{Producer, taken};
use crate::survivors::survivors;
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{Counter, Fifo, FifoOrder, RoundRobin, SkidBuffer, SkidBufferOrder};
use olivine_lang::unsigned;
use proptest::prelude::any;
use std::collections::VecDeque;

#[test]
fn counters() {
    for limit in [1, 2, 3, 8, 10] {
        proved(Counter { limit });
    }
    for limit in [1, 5, 256] {
        let golden = || 0u64;
        for_all_cycles(Counter { limit }, any::<bool>(), golden, |p, counted, enable| {
            p.enable.poke(enable);
            assert_eq!(p.count.peek(), *counted % limit);
            *counted += u64::from(enable);
            assert_eq!(p.wraps.peek() == 1, enable && counted.is_multiple_of(limit));
        });
    }
    let mut bench = Bench::new(Counter { limit: 3 });
    bench.run(8, |p, cycle| p.enable.poke(cycle != 2));
    assert_snapshot!("counter_wave", bench.port_wave());
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
        let golden = || (Producer::default(), VecDeque::new());
        let module = Fifo { of: unsigned(16), depth };
        for_all_cycles(module, any::<(bool, bool)>(), golden, |p, (producer, row), inputs| {
            producer.poke(p.push, inputs.0);
            p.pop.ready.poke(inputs.1);
            assert_eq!(p.level.peek(), row.len() as u64);
            assert_eq!(p.push.ready.peek() == 1, row.len() < depth);
            assert_eq!(p.pop.valid.peek() == 1, !row.is_empty());
            let left = taken(p.pop);
            if left.is_some() {
                assert_eq!(left, row.pop_front());
            }
            row.extend(producer.take(p.push));
        });
    }
    let mut bench = Bench::new(Fifo { of: unsigned(8), depth: 2 });
    bench.run(8, |p, cycle| {
        p.push.valid.poke(cycle < 5);
        p.push.payload.poke([10, 11, 12, 12, 12, 0, 0, 0][cycle]);
        p.pop.ready.poke(cycle > 2);
    });
    assert_snapshot!("fifo_wave", bench.port_wave());
}

#[test]
fn skid_buffers() {
    proved(SkidBuffer { of: unsigned(4) });
    proved(SkidBufferOrder(SkidBuffer { of: unsigned(4) }));
    let golden = || (Producer::default(), VecDeque::new());
    let module = SkidBuffer { of: unsigned(16) };
    for_all_cycles(module, any::<(bool, bool)>(), golden, |p, (producer, row), inputs| {
        producer.poke(p.push, inputs.0);
        p.pop.ready.poke(inputs.1);
        assert_eq!(p.push.ready.peek() == 1, row.len() < 2);
        assert_eq!(p.pop.valid.peek() == 1, !row.is_empty());
        let left = taken(p.pop);
        if left.is_some() {
            assert_eq!(left, row.pop_front());
        }
        row.extend(producer.take(p.push));
    });
    let mut bench = Bench::new(SkidBuffer { of: unsigned(8) });
    bench.run(8, |p, cycle| {
        p.push.valid.poke(cycle < 5);
        p.push.payload.poke([10, 11, 12, 12, 13, 0, 0, 0][cycle]);
        p.pop.ready.poke(cycle != 1);
    });
    assert_snapshot!("skid_buffer_wave", bench.port_wave());
}

#[test]
fn round_robin_is_fair() {
    for n in [1, 2, 3, 4, 5] {
        proved(RoundRobin { n });
    }
    let mut bench = Bench::new(RoundRobin { n: 3 });
    bench.run(8, |p, cycle| {
        p.requests.poke([0b111, 0b111, 0b111, 0b101, 0b101, 0b010, 0, 0b111][cycle]);
        p.taken.poke(cycle != 1);
    });
    assert_snapshot!("round_robin_wave", bench.port_wave());
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
}
