//! Designs that differ from I²C's ends in one place: found out on the bus, or on lines where nobody
//! keeps rules, unless they do the same.

use crate::common::mutations_of;
use crate::i2c::{Bus, OURS, Transaction, talk};
use olivine_bench::{Bench, Poke};
use olivine_blocks::serial::I2cSubordinate;
use olivine_interp::Undefined;
use olivine_lang::elaborate;
use olivine_netlist::{Design, ModuleId, Mutation};
use olivine_sim::Compiled;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// What is said on the line of mutants: every kind of transfer, to us and to others.
fn conversation() -> Vec<Transaction> {
    let transaction = |address, read, bytes: &[u8], stop| Transaction {
        address,
        read,
        bytes: bytes.to_vec(),
        stop,
    };
    vec![
        transaction(OURS, false, &[0xa5, 0x5a], true),
        transaction(OURS, true, &[0x3c, 0xc3, 0x0f], true),
        transaction(0x55, false, &[0xff], true),
        transaction(OURS, false, &[0x00, 0xff], false),
        transaction(OURS, true, &[0x81], false),
        transaction(OURS ^ 0x40, true, &[0x42], true),
        transaction(OURS ^ 1, false, &[0x24], true),
        transaction(OURS, false, &[0x7e], true),
    ]
}

/// The changes of a module in a design.
fn changes(design: &Design, name: &str) -> Vec<Mutation> {
    let module = design.modules.iter().position(|m| m.name.starts_with(name));
    mutations_of(design, ModuleId(module.expect("it is there") as u32))
}

/// Of the designs that differ in one place of a module of the bus, those that pass all sessions, on
/// the bus and in `more`, which is told the number of the change.
fn unnoticed(name: &str, more: impl Fn(usize, u64)) -> String {
    let (module, stalls) = (Bus { divisor: 3 }, [0, 0x5a5a_f00f_1234_9bdf, 0xffff_ffff_0000_0000]);
    let design = elaborate(module.clone()).unwrap_or_else(|f| panic!("{f}"));
    let changes = changes(&design, name);
    let fails = |session: &dyn Fn()| catch_unwind(AssertUnwindSafe(session)).is_err();
    let notices = |number: usize, seed: u64| {
        let mutant = changes[number].apply(&design);
        let talks = |stalls: u64| {
            let engine = Box::new(Compiled::new(&mutant, Undefined::Random(seed)));
            talk(Bench::on(module.clone(), mutant.clone(), engine), 3, &conversation(), stalls);
        };
        fails(&|| more(number, seed)) || stalls.iter().any(|s| fails(&|| talks(*s)))
    };
    let all = 0..changes.len();
    let left: Vec<usize> = all.filter(|i| ![1, 2].iter().any(|s| notices(*i, *s))).collect();
    let what = |i: &usize| changes[*i].description.split_once(": ").map_or("", |(_, what)| what);
    let names: Vec<&str> = left.iter().map(what).collect();
    format!("{} of {}\n{}", changes.len() - left.len(), changes.len(), names.join("\n"))
}

/// What is left does the same: quarters are counted before a command too, where nobody looks; the
/// bit that a shift drops; what `timer` and `count` are before the first command, which sets them.
#[test]
fn mutants_of_managers_are_noticed() {
    insta::assert_snapshot!("i2c_manager_unnoticed", unnoticed("i2c_manager", |_, _| {}));
}

/// What is left does the same: the bit that a shift drops; the answer to a reply is looked at in
/// each cycle before SCL falls, while SDA stays or ends all; a pulse that is counted before the first
/// START.
#[test]
fn mutants_of_subordinates_are_noticed() {
    let module = I2cSubordinate { address: OURS.into(), setup: 2 };
    let design = elaborate(module.clone()).unwrap_or_else(|f| panic!("{f}"));
    let changes = changes(&design, "i2c_subordinate");
    let alone = |number: usize, seed: u64| {
        let mutant = changes[number].apply(&design);
        let engine = Box::new(Compiled::new(&mutant, Undefined::Random(seed)));
        rude(Bench::on(module.clone(), mutant, engine), seed);
    };
    insta::assert_snapshot!("i2c_subordinate_unnoticed", unnoticed("i2c_subordinate", alone));
}

/// Lines on which nobody keeps the rules, though somebody often means us: the assertions of the
/// subordinate say what it must do all the same.
fn rude(mut bench: Bench<I2cSubordinate>, seed: u64) {
    let mut state = seed;
    // SplitMix64.
    let mut random = move |below: u64| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    };
    // One in so many cycles there is who takes bytes and who gives some.
    let slow = [2, 60][seed as usize % 2];
    // SCL and SDA in the cycles to come.
    let mut line: VecDeque<(bool, bool)> = VecDeque::new();
    let pulses = |line: &mut VecDeque<(bool, bool)>, bits: u32, count: u32, edge: usize| {
        for i in (0..count).rev() {
            let sda = bits >> i & 1 == 1;
            let before = line.back().is_none_or(|(_, sda)| *sda);
            line.extend(vec![(false, before); edge]);
            line.extend([(false, sda), (false, sda), (true, sda), (true, sda), (true, sda)]);
        }
    };
    let address = u32::from(OURS) << 2 | 1;
    // Somebody speaks already.
    pulses(&mut line, address, 9, 1);
    bench.run(4_000, |p, _| {
        if line.is_empty() {
            let edge = random(2) as usize;
            match random(8) {
                0 => line.extend([(true, false), (true, true), (true, true), (true, true)]),
                1..=4 => {
                    line.extend([(false, true), (false, true), (true, true), (true, true)]);
                    line.extend([(true, false), (true, false), (false, false)]);
                    let address = if random(4) == 0 { random(512) as u32 } else { address };
                    pulses(&mut line, address | (random(2) as u32) << 1, 9, edge);
                }
                5 => {
                    let bits = random(4) as u32;
                    pulses(&mut line, random(1 << 8) as u32, bits + 1, edge);
                }
                _ => pulses(&mut line, random(512) as u32, 9, edge),
            }
        }
        let (scl, sda) = line.pop_front().unwrap_or((true, true));
        p.scl.poke(scl);
        p.sda.poke(sda);
        p.written.ready.poke(random(slow) == 0);
        p.replies.valid.poke(random(slow) == 0);
        p.replies.payload.poke(random(256));
    });
}

#[test]
fn whatever_the_line_does() {
    for seed in 0..8 {
        rude(Bench::new(I2cSubordinate { address: OURS.into(), setup: 2 }), seed);
    }
}
