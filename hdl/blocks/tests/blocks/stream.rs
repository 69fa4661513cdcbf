//! Blocks between streams, with producers and consumers that come and go.

use crate::common::{for_all_cycles, proved};
use crate::producer::{Producer, moves, taken};
use crate::survivors::survivors;
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{
    CreditLink, CreditLinkOrder, Cut, Fork, Join, Packetizer, RegisterSlice, RegisterSliceOrder,
    RegisteredFifo, RegisteredFifoOrder, StreamDemux, StreamMux, WidthConverter,
};
use olivine_lang::unsigned;
use proptest::prelude::any;
use std::collections::VecDeque;

#[test]
fn registered_fifo() {
    for depth in [1, 2, 3, 4, 6, 8] {
        proved(RegisteredFifo { of: unsigned(4), depth });
        proved(RegisteredFifoOrder(RegisteredFifo { of: unsigned(4), depth }));
        let module = RegisteredFifo { of: unsigned(16), depth };
        let golden = || (Producer::default(), VecDeque::new(), false);
        for_all_cycles(module, any::<(bool, bool)>(), golden, |p, state, (offer, ready)| {
            let (producer, row, ahead) = state;
            producer.poke(p.push, offer);
            p.pop.ready.poke(ready);
            assert_eq!(p.level.peek(), row.len() as u64);
            assert_eq!(p.push.ready.peek() == 1, row.len() < depth);
            assert_eq!(p.pop.valid.peek() == 1, *ahead);
            let left = taken(p.pop);
            if left.is_some() {
                assert_eq!(left, row.pop_front());
            }
            let waits = !row.is_empty();
            row.extend(producer.take(p.push));
            *ahead = waits;
        });
    }
    let mut bench = Bench::new(RegisteredFifo { of: unsigned(8), depth: 2 });
    bench.run(9, |p, cycle| {
        p.push.valid.poke(cycle < 4);
        p.push.payload.poke(10 + cycle);
        p.pop.ready.poke(cycle >= 4);
    });
    assert_snapshot!("registered_fifo_wave", bench.port_wave());
    let order = RegisteredFifoOrder(RegisteredFifo { of: unsigned(1), depth: 3 });
    assert_snapshot!("registered_fifo_survivors", survivors(12, order));
}

#[test]
fn register_slice() {
    for cut in Cut::ALL {
        proved(RegisterSlice { of: unsigned(4), cut });
        proved(RegisterSliceOrder(RegisterSlice { of: unsigned(4), cut }));
        let module = RegisterSlice { of: unsigned(16), cut };
        let golden = || (Producer::default(), VecDeque::new());
        for_all_cycles(
            module,
            any::<(bool, bool)>(),
            golden,
            |p, (producer, row), (offer, ready)| {
                producer.poke(p.push, offer);
                p.pop.ready.poke(ready);
                let room = match cut {
                    Cut::Forward => row.is_empty() || ready,
                    Cut::Backward => row.is_empty(),
                    Cut::Full => row.len() < 2,
                };
                assert_eq!(p.push.ready.peek() == 1, room);
                let passes = cut == Cut::Backward && producer.offers;
                assert_eq!(p.pop.valid.peek() == 1, !row.is_empty() || passes);
                row.extend(producer.take(p.push));
                if let Some(word) = taken(p.pop) {
                    assert_eq!(Some(word), row.pop_front());
                }
            },
        );
        let mut bench = Bench::new(RegisterSlice { of: unsigned(8), cut });
        bench.run(8, |p, cycle| {
            p.push.valid.poke(cycle < 6);
            p.push.payload.poke([10, 11, 12, 13, 13, 14, 15, 16][cycle]);
            p.pop.ready.poke(cycle != 2);
        });
        assert_snapshot!(format!("register_slice_{cut:?}_wave"), bench.port_wave());
        let order = RegisterSliceOrder(RegisterSlice { of: unsigned(1), cut });
        assert_snapshot!(format!("register_slice_{cut:?}_survivors"), survivors(12, order));
    }
}

#[test]
fn fork() {
    for n in [1, 2, 3, 4] {
        proved(Fork { of: unsigned(2), n });
        let module = Fork { of: unsigned(16), n };
        let golden = || (Producer::default(), vec![Vec::new(); n + 1]);
        for_all_cycles(
            module,
            any::<(bool, u8)>(),
            golden,
            |p, (producer, words), (offer, ready)| {
                producer.poke(p.push, offer);
                (0..n).for_each(|i| p.pops[i].ready.poke(ready >> i & 1 == 1));
                for i in 0..n {
                    let had = words[i].len() > words[n].len();
                    assert_eq!(p.pops[i].valid.peek() == 1, producer.offers && !had);
                    words[i].extend(taken(p.pops[i]));
                }
                words[n].extend(producer.take(p.push));
                let came = words[n].len();
                assert!((0..n).all(|i| words[i][..came] == words[n][..]), "{words:x?}");
                assert!((0..n).all(|i| words[i].len() <= came + 1), "{words:x?}");
                assert!((0..n).any(|i| words[i].len() == came), "{words:x?}");
            },
        );
    }
    let mut bench = Bench::new(Fork { of: unsigned(8), n: 2 });
    bench.run(7, |p, cycle| {
        p.push.valid.poke(cycle < 6);
        p.push.payload.poke([10, 11, 11, 12, 13, 13, 14][cycle]);
        p.pops[0].ready.poke(cycle != 2 && cycle != 5);
        p.pops[1].ready.poke(cycle != 1 && cycle != 4);
    });
    assert_snapshot!("fork_wave", bench.port_wave());
    assert_snapshot!("fork_survivors", survivors(8, Fork { of: unsigned(1), n: 2 }));
}

#[test]
fn join() {
    proved(Join { left: unsigned(3), right: unsigned(5) });
    let module = Join { left: unsigned(16), right: unsigned(9) };
    let golden = || [Producer::salted(0), Producer::salted(1)];
    for_all_cycles(module, any::<(bool, bool, bool)>(), golden, |p, [left, right], inputs| {
        left.poke(p.left, inputs.0);
        right.poke(p.right, inputs.1);
        p.pop.ready.poke(inputs.2);
        assert_eq!(p.pop.valid.peek() == 1, left.offers && right.offers);
        let pair = moves(p.pop).then(|| {
            let (left, right) = p.pop.payload;
            (left.peek(), right.peek())
        });
        assert_eq!(pair, left.take(p.left).zip(right.take(p.right)));
        assert_eq!(left.sent, right.sent);
    });
    let mut bench = Bench::new(Join { left: unsigned(8), right: unsigned(4) });
    bench.run(6, |p, cycle| {
        p.left.valid.poke(cycle > 0);
        p.left.payload.poke([0, 20, 20, 21, 21, 22][cycle]);
        p.right.valid.poke(cycle > 1);
        p.right.payload.poke([0, 0, 1, 2, 2, 3][cycle]);
        p.pop.ready.poke(cycle != 3);
    });
    assert_snapshot!("join_wave", bench.port_wave());
    assert_snapshot!(
        "join_survivors",
        survivors(6, Join { left: unsigned(1), right: unsigned(1) })
    );
}

#[test]
fn stream_mux() {
    for n in [1, 2, 3, 4] {
        proved(StreamMux { of: unsigned(2), n });
        let module = StreamMux { of: unsigned(16), n };
        let golden = || (0..=n).map(Producer::salted).collect::<Vec<_>>();
        for_all_cycles(
            module,
            any::<(bool, bool, u8)>(),
            golden,
            |p, all, (choice, ready, offers)| {
                let (choices, producers) = all.split_last_mut().expect("choices come last");
                choices.poke(p.choices, choice);
                p.pop.ready.poke(ready);
                for (i, producer) in producers.iter_mut().enumerate() {
                    producer.poke(p.pushes[i], offers >> i & 1 == 1);
                }
                let chosen =
                    (choices.word(choices.sent, p.choices.payload.width()) as usize).min(n - 1);
                let wanted = choices.offers && producers[chosen].offers;
                assert_eq!(p.pop.valid.peek() == 1, wanted);
                let left = taken(p.pop);
                assert_eq!(left.is_some(), choices.take(p.choices).is_some());
                for (i, producer) in producers.iter_mut().enumerate() {
                    let came = producer.take(p.pushes[i]);
                    assert_eq!(came, left.filter(|_| i == chosen));
                }
            },
        );
    }
    let mut bench = Bench::new(StreamMux { of: unsigned(8), n: 2 });
    bench.run(6, |p, cycle| {
        p.choices.valid.poke(cycle > 0);
        p.choices.payload.poke(cycle / 2 % 2);
        p.pushes[0].valid.poke(cycle < 5);
        p.pushes[0].payload.poke(10u8);
        p.pushes[1].valid.poke(cycle != 2);
        p.pushes[1].payload.poke(20u8);
        p.pop.ready.poke(true);
    });
    assert_snapshot!("stream_mux_wave", bench.port_wave());
    assert_snapshot!("stream_mux_survivors", survivors(6, StreamMux { of: unsigned(1), n: 2 }));
}

#[test]
fn stream_demux() {
    for n in [1, 2, 3, 4] {
        proved(StreamDemux { of: unsigned(2), n });
        let module = StreamDemux { of: unsigned(16), n };
        let golden = || [Producer::salted(0), Producer::salted(1)];
        for_all_cycles(module, any::<(bool, bool, u8)>(), golden, |p, [words, choices], inputs| {
            words.poke(p.push, inputs.0);
            choices.poke(p.choices, inputs.1);
            (0..n).for_each(|i| p.pops[i].ready.poke(inputs.2 >> i & 1 == 1));
            let chosen =
                (choices.word(choices.sent, p.choices.payload.width()) as usize).min(n - 1);
            let came = words.take(p.push);
            let possible = choices.offers && inputs.2 >> chosen & 1 == 1;
            assert_eq!(came.is_some(), choices.take(p.choices).is_some());
            assert!(came.is_none() || possible);
            for i in 0..n {
                assert_eq!(taken(p.pops[i]), came.filter(|_| i == chosen));
            }
        });
    }
    let mut bench = Bench::new(StreamDemux { of: unsigned(8), n: 2 });
    bench.run(6, |p, cycle| {
        p.choices.valid.poke(cycle > 0);
        p.choices.payload.poke(cycle / 2 % 2);
        p.push.valid.poke(cycle < 5);
        p.push.payload.poke(10 + cycle.saturating_sub(1));
        p.pops[0].ready.poke(true);
        p.pops[1].ready.poke(true);
    });
    assert_snapshot!("stream_demux_wave", bench.port_wave());
    assert_snapshot!("stream_demux_survivors", survivors(6, StreamDemux { of: unsigned(1), n: 2 }));
}

#[test]
fn width_converter() {
    for (from, to) in [(1, 2), (2, 6), (2, 8), (3, 15), (6, 2), (8, 2), (15, 3), (4, 4), (1, 1)] {
        proved(WidthConverter { from, to });
    }
    for (from, to) in [(4, 4), (8, 32), (5, 15), (32, 8), (15, 5)] {
        let module = WidthConverter { from, to };
        let golden = || (Producer::default(), VecDeque::new());
        for_all_cycles(
            module,
            any::<(bool, bool)>(),
            golden,
            |p, (producer, bits), (offer, ready)| {
                producer.poke(p.push, offer);
                p.pop.ready.poke(ready);
                let whole = bits.len() >= to as usize;
                assert_eq!(p.pop.valid.peek() == 1, whole);
                if let Some(word) = taken(p.pop) {
                    let due = bits.drain(..to as usize).rev().fold(0, |word, bit| word << 1 | bit);
                    assert_eq!(word, due);
                }
                if let Some(word) = producer.take(p.push) {
                    bits.extend((0..from).map(|i| word >> i & 1));
                }
            },
        );
    }
    for (from, to) in [(4, 8), (8, 4)] {
        let mut bench = Bench::new(WidthConverter { from, to });
        bench.run(7, |p, cycle| {
            p.push.valid.poke(true);
            p.push.payload.poke(1 + cycle);
            p.pop.ready.poke(cycle != 3);
        });
        assert_snapshot!(format!("width_converter_{from}_{to}_wave"), bench.port_wave());
    }
    for (from, to) in [(1, 3), (3, 1)] {
        let left = survivors(9, WidthConverter { from, to });
        assert_snapshot!(format!("width_converter_{from}_{to}_survivors"), left);
    }
}

#[test]
fn packetizer() {
    for length_max in [1, 3, 10] {
        proved(Packetizer { of: unsigned(2), length_max: length_max.max(2) });
        let module = Packetizer { of: unsigned(16), length_max };
        let golden = || ([Producer::salted(0), Producer::salted(1)], 0);
        for_all_cycles(module, any::<(bool, bool, bool)>(), golden, |p, state, inputs| {
            let ([words, lengths], left) = state;
            words.poke(p.words, inputs.0);
            lengths.poke(p.lengths, inputs.1);
            p.packets.ready.poke(inputs.2);
            assert_eq!(p.packets.valid.peek() == 1, words.offers && *left > 0);
            let framed = p.packets.payload;
            let word = moves(p.packets).then(|| (framed.word.peek(), framed.last.peek() == 1));
            let came = words.take(p.words);
            assert_eq!(word, came.map(|word| (word, *left == 1)));
            *left -= u64::from(word.is_some());
            if let Some(length) = lengths.take(p.lengths) {
                assert_eq!(*left, 0);
                *left = length;
            }
        });
    }
    let mut bench = Bench::new(Packetizer { of: unsigned(8), length_max: 3 });
    bench.run(9, |p, cycle| {
        p.lengths.valid.poke(cycle < 7);
        p.lengths.payload.poke([2, 3, 3, 1, 1, 1, 2, 0, 0][cycle]);
        p.words.valid.poke(true);
        p.words.payload.poke(9 + cycle.max(1));
        p.packets.ready.poke(true);
    });
    assert_snapshot!("packetizer_wave", bench.port_wave());
    let small = Packetizer { of: unsigned(1), length_max: 2 };
    assert_snapshot!("packetizer_survivors", survivors(10, small));
}

#[test]
fn credit_link() {
    for (latency, credits) in [(0, 1), (0, 2), (1, 1), (1, 3), (2, 5), (3, 2)] {
        proved(CreditLink { of: unsigned(2), latency, credits });
        proved(CreditLinkOrder(CreditLink { of: unsigned(2), latency, credits }));
        let module = CreditLink { of: unsigned(16), latency, credits };
        let golden = || (Producer::default(), VecDeque::new(), VecDeque::new(), 0usize);
        for_all_cycles(module, any::<(bool, bool)>(), golden, |p, state, (offer, ready)| {
            // Words with the cycle in which they came, credits with that in which they left.
            let (producer, row, back, now) = state;
            producer.poke(p.push, offer);
            p.pop.ready.poke(ready);
            back.retain(|left| left + latency + 1 > *now);
            let spent = row.len() + back.len();
            assert_eq!(p.credits.peek(), (credits - spent) as u64);
            assert_eq!(p.push.ready.peek() == 1, spent < credits);
            let arrived = row.front().is_some_and(|(came, _)| came + latency < *now);
            assert_eq!(p.pop.valid.peek() == 1, arrived);
            if let Some(word) = taken(p.pop) {
                assert_eq!(row.pop_front().map(|(_, word)| word), Some(word));
                back.push_back(*now);
            }
            row.extend(producer.take(p.push).map(|word| (*now, word)));
            *now += 1;
        });
    }
    // 2 · latency + 2 credits keep the full rate, one less does not.
    for latency in 0..4 {
        let moved = |credits: usize| {
            let mut bench = Bench::new(CreditLink { of: unsigned(8), latency, credits });
            let mut moved = 0;
            bench.run(40, |p, _| {
                p.push.valid.poke(true);
                p.push.payload.poke(0);
                p.pop.ready.poke(true);
                moved += usize::from(moves(p.push));
            });
            moved
        };
        assert_eq!(moved(2 * latency + 2), 40);
        assert!(moved(2 * latency + 1) < 40);
    }
    let mut bench = Bench::new(CreditLink { of: unsigned(8), latency: 1, credits: 2 });
    bench.run(10, |p, cycle| {
        p.push.valid.poke(true);
        p.push.payload.poke(10 + cycle);
        p.pop.ready.poke(cycle > 4);
    });
    assert_snapshot!("credit_link_wave", bench.port_wave());
    let small = CreditLinkOrder(CreditLink { of: unsigned(1), latency: 1, credits: 2 });
    assert_snapshot!("credit_link_survivors", survivors(10, small));
}
