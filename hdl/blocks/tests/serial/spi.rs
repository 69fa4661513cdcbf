//! SPI: a controller and a peripheral tell each other words, in every mode.

use crate::common::{found_out, proved};
use olivine_bench::{Bench, Poke};
use olivine_blocks::serial::{SpiController, SpiMode, SpiPeripheral, SpiWord};
use olivine_lang::prelude::*;
use proptest::prelude::*;

#[test]
fn controllers() {
    for mode in SpiMode::ALL {
        proved(20, SpiController { mode, bits: 3, divisor: 2 });
    }
    proved(20, SpiController { mode: SpiMode::Mode0, bits: 1, divisor: 1 });
}

#[test]
fn peripherals() {
    for mode in SpiMode::ALL {
        proved(20, SpiPeripheral { mode, bits: 3 });
    }
}

#[test]
fn faults_are_found() {
    let controller = SpiController { mode: SpiMode::Mode1, bits: 2, divisor: 2 };
    insta::assert_snapshot!(found_out(14, 9, controller), @"12 of 12");
    insta::assert_snapshot!(found_out(14, 9, SpiPeripheral { mode: SpiMode::Mode2, bits: 2 }), @"11 of 11");
}

/// Both ends on one line.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Line {
    mode: SpiMode,
    divisor: u32,
}

#[derive(Ports)]
struct LinePorts {
    words: Sink<SpiWord>,
    reply: In<Unsigned>,
    from_peripheral: Out<Unsigned>,
    from_peripheral_received: Out<Bit>,
    from_controller: Out<Unsigned>,
    from_controller_received: Out<Bit>,
    sclk: Out<Bit>,
    copi: Out<Bit>,
    cipo: Out<Bit>,
    cs_n: Out<Bit>,
}

impl Module for Line {
    type Ports = LinePorts;

    fn ports(&self) -> LinePorts {
        let (bit, word) = (bit(), unsigned(8));
        LinePorts {
            words: stream(SpiWord { data: word, last: bit }),
            reply: word,
            from_peripheral: word,
            from_peripheral_received: bit,
            from_controller: word,
            from_controller_received: bit,
            sclk: bit,
            copi: bit,
            cipo: bit,
            cs_n: bit,
        }
    }

    #[named]
    fn build(&self, p: LinePorts) {
        let Self { mode, divisor } = *self;
        let controller = instance(SpiController { mode, bits: 8, divisor }, "controller");
        let peripheral = instance(SpiPeripheral { mode, bits: 8 }, "peripheral");
        connect(p.words, controller.words);
        peripheral.reply.drive(p.reply);
        peripheral.sclk.drive(controller.sclk);
        peripheral.copi.drive(controller.copi);
        peripheral.cs_n.drive(controller.cs_n);
        // Nobody drives it high but who is selected.
        let cipo = peripheral.cipo & peripheral.cipo_enable;
        controller.cipo.drive(cipo);
        p.from_peripheral.drive(controller.word);
        p.from_peripheral_received.drive(controller.received);
        p.from_controller.drive(peripheral.word);
        p.from_controller_received.drive(peripheral.received);
        p.sclk.drive(controller.sclk);
        p.copi.drive(controller.copi);
        p.cipo.drive(cipo);
        p.cs_n.drive(controller.cs_n);
    }
}

/// What comes to the peripheral, and what comes back.
fn golden(words: &[(u8, u8, bool)]) -> (Vec<u8>, Vec<u8>) {
    words.iter().map(|(word, reply, _)| (*word, *reply)).unzip()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    /// A word to send, a word to reply with, and whether it is the last of a selection.
    #[test]
    fn words_go_both_ways(
        words in proptest::collection::vec((any::<u8>(), any::<u8>(), any::<bool>()), 1..8),
        mode in 0usize..4,
        divisor in 4u32..7,
    ) {
        let (mut sent, mut replied) = (0, 0);
        let (mut there, mut back) = (Vec::new(), Vec::new());
        let mut bench = Bench::new(Line { mode: SpiMode::ALL[mode], divisor });
        // Between words the selection is given time to be seen.
        let pause = 4 * divisor as usize;
        let mut wait = pause;
        bench.run((17 * divisor as usize + pause + 4) * words.len() + pause, |p, _| {
            let offered = sent < words.len() && wait == 0;
            p.words.valid.poke(offered);
            let (word, _, last) = words.get(sent).copied().unwrap_or_default();
            p.words.payload.data.poke(word);
            p.words.payload.last.poke(last);
            p.reply.poke(words.get(replied).map_or(0, |(_, reply, _)| *reply));
            if p.from_controller_received.peek() == 1 {
                there.push(p.from_controller.peek() as u8);
                replied += 1;
                p.reply.poke(words.get(replied).map_or(0, |(_, reply, _)| *reply));
            }
            if p.from_peripheral_received.peek() == 1 {
                back.push(p.from_peripheral.peek() as u8);
                wait = pause;
            }
            sent += usize::from(offered && p.words.ready.peek() == 1);
            wait = wait.saturating_sub(1);
        });
        prop_assert_eq!((there, back), golden(&words));
    }
}

#[test]
fn a_word_comes_to_a_peripheral() {
    let mut bench = Bench::new(SpiPeripheral { mode: SpiMode::Mode0, bits: 2 });
    bench.run(24, |p, cycle| {
        p.cs_n.poke(!(2..21).contains(&cycle));
        p.sclk.poke((8..12).contains(&cycle) || (16..20).contains(&cycle));
        p.copi.poke(cycle < 13);
        p.reply.poke(0b01);
    });
    insta::assert_snapshot!("spi_peripheral_wave", bench.port_wave());
}

#[test]
fn a_word_in_every_mode() {
    let waves: Vec<String> = SpiMode::ALL
        .iter()
        .map(|&mode| {
            let mut bench = Bench::new(SpiController { mode, bits: 3, divisor: 1 });
            bench.run(9, |p, cycle| {
                p.words.valid.poke(cycle == 0);
                p.words.payload.data.poke(0b101);
                p.words.payload.last.poke(true);
                p.cipo.poke(true);
            });
            let shown = ["sclk", "copi", "cs_n", "received", "word"];
            let trace = bench.trace().filter(|s| shown.contains(&s.path.as_str()));
            format!("{mode:?}\n{trace}")
        })
        .collect();
    insta::assert_snapshot!(waves.join("\n"), @r"
    Mode0
    cycle     0   1   2   3   4   5   6   7   8
    clk       /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    word      X 2     X 5     X 3     X 7
    received  ________________________________/‾‾‾
    sclk      ________/‾‾‾\___/‾‾‾\___/‾‾‾\_______
    copi      ‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾\_______
    cs_n      ‾‾‾‾\___________________________/‾‾‾

    Mode1
    cycle     0   1   2   3   4   5   6   7   8
    clk       /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    word      X 1         X 3     X 7
    received  ________________________________/‾‾‾
    sclk      ________/‾‾‾\___/‾‾‾\___/‾‾‾\_______
    copi      ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾‾‾‾‾
    cs_n      ‾‾‾‾\___________________________/‾‾‾

    Mode2
    cycle     0   1   2   3   4   5   6   7   8
    clk       /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    word      X 2     X 5     X 3     X 7
    received  ________________________________/‾‾‾
    sclk      ‾‾‾‾‾‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾‾‾‾‾
    copi      ‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾\_______
    cs_n      ‾‾‾‾\___________________________/‾‾‾

    Mode3
    cycle     0   1   2   3   4   5   6   7   8
    clk       /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    word      X 1         X 3     X 7
    received  ________________________________/‾‾‾
    sclk      ‾‾‾‾‾‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾‾‾‾‾
    copi      ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾‾‾‾‾
    cs_n      ‾‾‾‾\___________________________/‾‾‾
    ");
}
