//! The six do what they are for, and the guide tells the truth about them.

use crate::axi_lite::RegisterBank;
use crate::counter::Counter;
use crate::fir::Fir;
use crate::mistakes::{Circle, Forgotten, TooWide};
use crate::round_robin::RoundRobin;
use crate::stream_fifo::StreamFifo;
use crate::systolic::Systolic;
use olivine::formal::{self, prove};
use olivine::lang::render;
use olivine::prelude::*;
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, VecDeque};

fn proved<M: Module>(module: M) {
    let design = elaborate(module).unwrap_or_else(|faults| panic!("{faults}"));
    prove(&design, &formal::Options::default()).expect("a valid design").assert_proved();
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn the_counter_counts(limit in 2..20u64, enables in vec(any::<bool>(), 1..60)) {
        let (mut bench, mut model) = (Bench::new(Counter { limit }), 0);
        bench.run(enables.len(), |p, cycle| {
            p.enable.poke(enables[cycle]);
            assert_eq!(p.count.peek(), model);
            assert_eq!(p.wraps.peek() == 1, enables[cycle] && model == limit - 1);
            model = (model + u64::from(enables[cycle])) % limit;
        });
    }

    #[test]
    fn the_fifo_keeps_order(depth in 0..4u32, cycles in vec(any::<(bool, u8, bool)>(), 1..80)) {
        let depth = 2usize << depth;
        let mut bench = Bench::new(StreamFifo { of: unsigned(8), depth });
        let mut model = VecDeque::new();
        bench.run(cycles.len(), |p, cycle| {
            let (valid, word, ready) = cycles[cycle];
            p.push.valid.poke(valid);
            p.push.payload.poke(word);
            p.pop.ready.poke(ready);
            assert_eq!(p.push.ready.peek() == 1, model.len() < depth);
            assert_eq!(p.pop.valid.peek() == 1, !model.is_empty());
            if let Some(first) = model.front() {
                assert_eq!(p.pop.payload.peek(), u64::from(*first));
            }
            let room = model.len() < depth;
            if ready {
                model.pop_front();
            }
            if valid && room {
                model.push_back(word);
            }
        });
    }

    #[test]
    fn the_filter_convolves(samples in vec(any::<i8>(), 1..40)) {
        let taps = vec![1, -3, 7, 100];
        let mut bench = Bench::new(Fir { width: 8, taps: taps.clone() });
        bench.run(samples.len(), |p, cycle| {
            p.x.poke(samples[cycle]);
            let term = |(i, tap): (usize, &i64)| {
                let sample = cycle.checked_sub(i).map_or(0, |at| i64::from(samples[at]));
                tap * sample
            };
            assert_eq!(p.y.peek_signed(), taps.iter().enumerate().map(term).sum::<i64>());
        });
    }

    #[test]
    fn the_array_multiplies(a in vec(any::<i8>(), 12), b in vec(any::<i8>(), 12)) {
        let (n, k) = (3, 4);
        let mut bench = Bench::new(Systolic { n, k });
        let (mut step, mut done) = (0, false);
        bench.run(30, |p, cycle| {
            p.start.poke(cycle == 1);
            let feeding = p.feeding.peek() == 1;
            for i in 0..n {
                p.a[i].poke(if feeding { a[i * k + step] } else { 99 });
                p.b[i].poke(if feeding { b[step * n + i] } else { -99 });
            }
            step += usize::from(feeding);
            if p.done.peek() == 1 {
                done = true;
                for at in 0..n * n {
                    let term = |i: usize| i64::from(a[at / n * k + i]) * i64::from(b[i * n + at % n]);
                    assert_eq!(p.sums[at].peek_signed(), (0..k).map(term).sum::<i64>());
                }
            }
        });
        assert!(done, "it comes to an end");
    }

    #[test]
    fn the_bank_keeps_what_is_written(
        writes in vec((0..4usize, any::<u32>(), 0..16u32), 1..12),
    ) {
        let mut bench = Bench::new(RegisterBank { n: 4 });
        let mut model = [0u32; 4];
        for (index, data, strobe) in writes {
            bench.run(2, |p, cycle| {
                let first = cycle.is_multiple_of(4);
                p.aw.valid.poke(first);
                p.w.valid.poke(first);
                p.aw.payload.poke(index * 4);
                p.w.payload.data.poke(data);
                p.w.payload.strobe.poke(strobe);
                p.b.ready.poke(true);
                p.ar.valid.poke(false);
                p.r.ready.poke(true);
                assert_eq!(p.b.valid.peek() == 1, !first);
            });
            let mask = (0..4).filter(|b| strobe >> b & 1 == 1).fold(0, |m, b| m | 0xff << (8 * b));
            model[index] = model[index] & !mask | data & mask;
            bench.run(2, |p, cycle| {
                let asks = cycle % 4 == 2;
                p.aw.valid.poke(false);
                p.w.valid.poke(false);
                p.ar.valid.poke(asks);
                p.ar.payload.poke(index * 4);
                if !asks {
                    assert_eq!(p.r.valid.peek(), 1);
                    assert_eq!(p.r.payload.data.peek(), u64::from(model[index]));
                }
                for (port, word) in p.registers.iter().zip(&model) {
                    assert_eq!(port.peek(), u64::from(*word));
                }
            });
        }
    }
}

#[test]
fn the_arbiter_is_fair() {
    let mut bench = Bench::new(RoundRobin { n: 4 });
    let mut grants = Vec::new();
    bench.run(6, |p, cycle| {
        p.requests.poke(if cycle < 4 { 0b1011u32 } else { 0b0100 });
        grants.push(p.grants.peek());
    });
    assert_eq!(grants, [0b0001, 0b0010, 0b1000, 0b0001, 0b0100, 0b0100]);
}

#[test]
fn what_they_promise_is_proved() {
    proved(StreamFifo { of: unsigned(4), depth: 4 });
    proved(RoundRobin { n: 5 });
    proved(RegisterBank { n: 2 });
}

const PAGE: &str = include_str!("../../src/guide/compare.md");

/// Lines that say something: no blank ones, no comments, no imports, no attributes of Rust.
fn lines(code: &str) -> usize {
    let nothing = ["//", "#[", "use ", "import ", "from ", "open "];
    let says = |line: &&str| {
        let line = line.trim();
        !line.is_empty() && !nothing.iter().any(|start| line.starts_with(start))
    };
    code.lines().filter(says).count()
}

/// By thing and language, the code blocks of the page.
fn peers() -> BTreeMap<(String, String), usize> {
    let mut found = BTreeMap::new();
    for thing in PAGE.split("\n## ").skip(1) {
        let name = thing.lines().next().unwrap_or_default().to_string();
        for part in thing.split("\n#### ").skip(1) {
            let language = part.lines().next().unwrap_or_default().to_string();
            let code = part.split("```").nth(1).unwrap_or_default();
            let code = code.split_once('\n').map_or("", |(_, code)| code);
            found.insert((name.clone(), language), lines(code));
        }
    }
    found
}

#[test]
fn the_lines_on_the_page_are_counted() {
    let ours = [
        ("Counter", include_str!("counter.rs")),
        ("Stream FIFO", include_str!("stream_fifo.rs")),
        ("Round-robin arbiter", include_str!("round_robin.rs")),
        ("FIR filter", include_str!("fir.rs")),
        ("AXI4-Lite register bank", include_str!("axi_lite.rs")),
        ("Systolic array with its controller", include_str!("systolic.rs")),
    ];
    let peers = peers();
    let languages = ["Chisel", "Amaranth", "SpinalHDL", "Hardcaml", "Spade", "rust-hdl"];
    let mut table = String::from("| | Olivine");
    languages.iter().for_each(|l| table += &format!(" | {l}"));
    table += " |\n|---|---|---|---|---|---|---|---|\n";
    for (name, code) in ours {
        table += &format!("| {name} | {}", lines(code));
        for language in languages {
            let count = peers.get(&(name.to_string(), language.to_string()));
            table += &format!(" | {}", count.expect("every language has its form"));
        }
        table += " |\n";
    }
    assert!(PAGE.contains(&table), "the table should be\n{table}");
}

fn said<M: Module>(module: M) -> String {
    render(&elaborate(module).expect_err("a mistake")).replace("\n\n", "\n")
}

#[test]
fn what_the_page_says_of_mistakes_is_what_is_said() {
    let told = [said(TooWide), said(Forgotten), said(Circle)];
    let missing: Vec<&str> = told.iter().map(|t| t.trim()).filter(|t| !PAGE.contains(t)).collect();
    assert!(missing.is_empty(), "not on the page:\n{}", missing.join("\n\n"));
}

#[test]
fn every_design_of_the_example_is_valid() {
    for entry in crate::designs().entries() {
        let loaded = crate::designs().load(entry.name);
        loaded.unwrap_or_else(|error| panic!("{}: {}", entry.name, error.message));
    }
}
