//! The six do what they are for, and the guide tells the truth about them.

use crate::axi_lite::{RegisterBank, RegisterBankPorts};
use crate::axi_lite_ready::{ReadyBank, ReadyBankPorts};
use crate::counter::Counter;
use crate::fir::Fir;
use crate::mistakes::{Circle, Forgotten, TooWide};
use crate::round_robin::RoundRobin;
use crate::stream_fifo::StreamFifo;
use crate::systolic::Systolic;
use olivine::blocks::bus::axi_lite::AxiLite;
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

#[test]
fn the_counter_counts() {
    for limit in 2..20 {
        Property::of(Counter { limit }).holds(
            any::<bool>(),
            || 0,
            |p, model, enable| {
                p.enable.poke(enable);
                assert_eq!(p.count.peek(), *model);
                assert_eq!(p.wraps.peek() == 1, enable && *model == limit - 1);
                *model = (*model + u64::from(enable)) % limit;
            },
        );
    }
}

#[test]
fn the_fifo_keeps_order() {
    for depth in [2, 4, 8, 16] {
        let fifo = Property::of(StreamFifo { of: unsigned(8), depth }).cycles(1..=80);
        fifo.holds(any::<(bool, u8, bool)>(), VecDeque::new, |p, model, (valid, word, ready)| {
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
}

#[test]
fn the_filter_convolves() {
    let taps = vec![1, -3, 7, 100];
    let filter = Property::of(Fir { width: 8, taps: taps.clone() });
    filter.holds(any::<i8>(), Vec::new, |p, samples, sample| {
        samples.insert(0, i64::from(sample));
        p.x.poke(sample);
        let terms = taps.iter().zip(&*samples).map(|(tap, sample)| tap * sample);
        assert_eq!(p.y.peek_signed(), terms.sum::<i64>());
    });
}

proptest! {
    #![proptest_config(cases())]

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
    fn the_banks_keep_what_is_written(
        writes in vec((0..4usize, any::<u32>(), 0..16u32), 1..12),
    ) {
        check_bank(RegisterBank { n: 4 }, &writes, |p: &RegisterBankPorts| (p.bus, &p.registers));
        check_bank(ReadyBank { n: 4 }, &writes, |p: &ReadyBankPorts| (p.bus, &p.registers));
    }
}

/// Writes, by index, data and strobe, and after each reads the word back.
fn check_bank<M: Module>(
    module: M,
    writes: &[(usize, u32, u32)],
    ports: impl Fn(&M::Ports) -> (AxiLite, &Vec<Unsigned>),
) {
    let mut bench = Bench::new(module);
    let mut model = [0u32; 4];
    for &(index, data, strobe) in writes {
        let mask = (0..4).filter(|b| strobe >> b & 1 == 1).fold(0, |m, b| m | 0xff << (8 * b));
        let old = model[index];
        model[index] = old & !mask | data & mask;
        // What is still to be accepted of the write, whether it is answered, and the same of the
        // read that follows.
        let (mut address, mut word, mut written, mut asked, mut read) =
            (true, true, false, false, false);
        bench.run(12, |p, _| {
            let (bus, registers) = ports(p);
            bus.aw.valid.poke(address);
            bus.aw.payload.addr.poke(index * 4);
            bus.w.valid.poke(word);
            bus.w.payload.data.poke(data);
            bus.w.payload.strb.poke(strobe);
            bus.b.ready.poke(true);
            bus.ar.valid.poke(written && !asked);
            bus.ar.payload.addr.poke(index * 4);
            bus.r.ready.poke(true);
            address &= bus.aw.ready.peek() == 0;
            word &= bus.w.ready.peek() == 0;
            asked |= written && bus.ar.ready.peek() == 1;
            if bus.r.valid.peek() == 1 {
                assert!(asked && !read, "each read is answered once");
                assert_eq!(bus.r.payload.data.peek(), u64::from(model[index]));
                read = true;
            }
            if bus.b.valid.peek() == 1 {
                assert!(!address && !word && !written, "each write is answered once");
                written = true;
            }
            if written {
                let shown = registers.iter().map(|r| r.peek() as u32);
                assert!(shown.eq(model), "every register has its word");
            }
        });
        assert!(read, "the read comes to an end");
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
    proved(ReadyBank { n: 3 });
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

/// Ours: the thing, the heading of its form, and the file.
const OURS: [(&str, &str, &str); 7] = [
    ("Counter", "Olivine", include_str!("counter.rs")),
    ("Stream FIFO", "Olivine", include_str!("stream_fifo.rs")),
    ("Round-robin arbiter", "Olivine", include_str!("round_robin.rs")),
    ("FIR filter", "Olivine", include_str!("fir.rs")),
    ("AXI4-Lite register bank", "Olivine", include_str!("axi_lite.rs")),
    (
        "AXI4-Lite register bank",
        "Olivine, of what the library has",
        include_str!("axi_lite_ready.rs"),
    ),
    ("Systolic array with its controller", "Olivine", include_str!("systolic.rs")),
];

/// How many lines state properties.
fn properties(code: &str) -> usize {
    code.lines().filter(|l| l.contains("always(") || l.contains(".assert_rules(")).count()
}

#[test]
fn the_lines_on_the_page_are_counted() {
    let peers = peers();
    let languages = ["Chisel", "Amaranth", "SpinalHDL", "Hardcaml", "Spade", "rust-hdl"];
    let mut table = String::from("| | Olivine | of them properties");
    languages.iter().for_each(|l| table += &format!(" | {l}"));
    table += " |\n|---|---|---|---|---|---|---|---|---|\n";
    for (name, form, code) in OURS {
        let ready = form != "Olivine";
        let note = if ready { ", of the library" } else { "" };
        table += &format!("| {name}{note} | {} | {}", lines(code), properties(code));
        for language in languages {
            let count = peers[&(name.to_string(), language.to_string())];
            // SpinalHDL's bank is of its library, those of the others are written out.
            let bank = name.contains("bank");
            let stands_here = !bank || ready == (language == "SpinalHDL");
            table += &if stands_here { format!(" | {count}") } else { " | ".to_string() };
        }
        table += " |\n";
    }
    assert!(PAGE.contains(&table), "the table should be\n{table}");
}

#[test]
fn ours_stand_on_the_page_as_they_are() {
    for (name, form, code) in OURS {
        let (_, code) = code.split_once("\n\n").expect("a heading");
        let thing = PAGE.split("\n## ").find(|t| t.starts_with(name)).expect("the thing");
        let shown = format!("#### {form}\n```text\n{}\n```\n", code.trim_end());
        assert!(thing.contains(&shown), "{name}, {form} is not shown as it is");
    }
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
