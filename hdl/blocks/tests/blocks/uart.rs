//! The serial line: each end alone, the receiver also with senders of another clock.

use crate::common::{for_all_cycles, proved_to};
use crate::survivors::{survivors, survivors_of_every};
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::{UartRx, UartTx};
use proptest::prelude::*;
use std::collections::VecDeque;

#[test]
fn transmitter() {
    for divisor in [1, 2, 3] {
        proved_to(12 * divisor, UartTx { divisor });
    }
    for divisor in [1, 2, 5] {
        let module = UartTx { divisor };
        // What the line shows in the cycles to come.
        let golden = VecDeque::<bool>::new;
        for_all_cycles(module, any::<(bool, u8)>(), golden, |p, line, (offered, byte)| {
            p.bytes.valid.poke(offered);
            p.bytes.payload.poke(byte);
            let idle = line.is_empty();
            assert_eq!(p.bytes.ready.peek() == 1, idle);
            assert_eq!(p.line.peek() == 1, line.pop_front().unwrap_or(true));
            if offered && idle {
                line.extend(golden_frame(byte, true, divisor as usize));
            }
        });
    }
    let mut bench = Bench::new(UartTx { divisor: 1 });
    bench.run(14, |p, cycle| {
        p.bytes.valid.poke(cycle != 0);
        p.bytes.payload.poke(if cycle < 5 { 0xb1u8 } else { 0x0f });
    });
    assert_snapshot!("uart_tx_wave", bench.port_wave());
}

/// A start bit, the byte from its lowest bit on, a stop bit, each for so many cycles.
fn golden_frame(byte: u8, stop: bool, cycles: usize) -> Vec<bool> {
    golden_bits(byte, stop).into_iter().flat_map(|bit| vec![bit; cycles]).collect()
}

fn golden_bits(byte: u8, stop: bool) -> Vec<bool> {
    let data = (0..8).map(|i| byte >> i & 1 == 1);
    std::iter::once(false).chain(data).chain([stop]).collect()
}

/// What happens on a line.
#[derive(Clone, Debug)]
enum Event {
    Byte(u8),
    /// The line stays low for as many more bits as this, after a stop bit that was low.
    Broken(u8, usize),
    /// A pulse too short for a start bit.
    Glitch,
    Idle,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        4 => any::<u8>().prop_map(Event::Byte),
        1 => (any::<u8>(), 0..3usize).prop_map(|(byte, more)| Event::Broken(byte, more)),
        1 => Just(Event::Glitch),
        1 => Just(Event::Idle),
    ];
    proptest::collection::vec(event, 1..8)
}

/// The line in each cycle, of a sender whose bits take this many hundredths of a cycle.
fn line(events: &[Event], divisor: usize, hundredths: usize) -> Vec<bool> {
    let sampled = |bits: Vec<bool>| {
        let cycles = bits.len() * hundredths / 100;
        (0..cycles).map(move |i| bits[(i * 100 / hundredths).min(bits.len() - 1)])
    };
    let pause = vec![true; divisor];
    let mut line = pause.clone();
    for event in events {
        match event {
            Event::Byte(byte) => line.extend(sampled(golden_bits(*byte, true))),
            Event::Broken(byte, more) => {
                line.extend(sampled([golden_bits(*byte, false), vec![false; *more]].concat()));
                line.extend(&pause);
            }
            Event::Glitch => {
                line.extend(vec![false; divisor / 2]);
                line.extend(&pause);
            }
            Event::Idle => line.extend(&pause),
        }
    }
    line.extend(vec![true; 2 * divisor + 3]);
    line
}

/// The bytes that are received; nothing for a frame without a stop bit.
fn golden_bytes(events: &[Event]) -> Vec<Option<u8>> {
    let of_event = |event: &Event| match event {
        Event::Byte(byte) => Some(Some(*byte)),
        Event::Broken(..) => Some(None),
        Event::Glitch | Event::Idle => None,
    };
    events.iter().filter_map(of_event).collect()
}

#[test]
fn receiver() {
    for divisor in [2, 3, 4] {
        proved_to(10 * divisor + 5, UartRx { divisor });
    }
    let mut bench = Bench::new(UartRx { divisor: 2 });
    let line = [true; 2].into_iter().chain(golden_frame(0xb1, true, 2)).collect::<Vec<_>>();
    bench.run(26, |p, cycle| p.line.poke(line.get(cycle).copied().unwrap_or(true)));
    assert_snapshot!("uart_rx_wave", bench.port_wave());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    /// Also of senders that are 4 % fast or slow.
    #[test]
    fn bytes_are_received(events in events(), divisor in 25..40usize, speed in 96..=104usize) {
        let line = line(&events, divisor, divisor * speed);
        let mut bench = Bench::new(UartRx { divisor: divisor as u32 });
        let mut found = Vec::new();
        bench.run(line.len(), |p, cycle| {
            p.line.poke(line[cycle]);
            if p.received.peek() == 1 {
                found.push(Some(p.byte.peek() as u8));
            }
            if p.framing_error.peek() == 1 {
                found.push(None);
            }
        });
        prop_assert_eq!(found, golden_bytes(&events));
    }

    /// `received` comes 9.5 bits and 3 cycles after the start bit begins.
    #[test]
    fn timing_of_the_receiver(byte: u8, divisor in 2..30usize, start in 1..20usize) {
        let mut bench = Bench::new(UartRx { divisor: divisor as u32 });
        let line = [vec![true; start], golden_frame(byte, true, divisor)].concat();
        let due = start + divisor / 2 + 9 * divisor + 3;
        bench.run(due + 3, |p, cycle| {
            p.line.poke(line.get(cycle).copied().unwrap_or(true));
            assert_eq!(p.received.peek() == 1, cycle == due, "in cycle {cycle}");
        });
    }
}

#[test]
fn mutants_of_the_transmitter() {
    assert_snapshot!(survivors(26, UartTx { divisor: 2 }), @r"
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

#[test]
fn mutants_of_the_receiver() {
    assert_snapshot!("uart_rx_survivors", survivors_of_every(13, 25, UartRx { divisor: 2 }));
}
