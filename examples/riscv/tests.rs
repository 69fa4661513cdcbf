//! The core against the machine, on programs of chance and on the compiled one.

use crate::machine::{End, Machine};
use crate::processor::{Core, PORT, System, WORDS, words};
use crate::run::{Run, run};
use crate::system;
use olivine::formal::{self, prove};
use olivine::interp::{Engine, Interp, Undefined};
use olivine::netlist::DomainId;
use olivine::prelude::*;
use olivine::sim::{Compiled, Lockstep, Tier, Tuning};
use proptest::collection::vec;
use proptest::prelude::*;
use std::ops::Range;

/// Runs `program` on the core, and on the machine; both must show the same.
fn compared(program: &[u32], size: usize, limit: u64) -> (Run, Option<End>) {
    let mut machine = Machine::new(program, size, PORT);
    let mut addresses = Vec::new();
    let mut end = None;
    while end.is_none() && (addresses.len() as u64) < limit {
        match machine.step() {
            Ok(address) => addresses.push(address),
            Err(reason) => end = Some(reason),
        }
    }
    let shown = run(System { program: program.to_vec(), words: size }, 2 * limit + 10);
    let kept = shown.addresses.len().min(addresses.len());
    assert_eq!(shown.addresses[..kept], addresses[..kept], "the order of what retires");
    if let Some(reason) = end {
        assert_eq!(shown.trapped, reason == End::Trapped, "how it ends");
        assert_eq!(shown.retired, machine.retired);
        assert_eq!(shown.printed, machine.printed);
    }
    (shown, end)
}

#[test]
fn the_compiled_program_runs() {
    let (shown, end) = compared(&words(), WORDS, 5_000_000);
    assert_eq!(end, Some(End::Asked));
    let text = String::from_utf8(shown.printed).expect("text");
    // There are 564 primes below 4,096; 511 pairs of neighbours are in order.
    assert!(text.starts_with("primes 00000234\nsorted 000001ff\nchecksum "), "{text}");
    assert_eq!(text.lines().count(), 4);
}

/// Gives each register but x0 a value of its own.
fn beginning(values: &[u32; 31]) -> Vec<u32> {
    let load = |(register, value): (u32, &u32)| {
        let low = (value << 20).cast_signed() >> 20;
        let high = value.wrapping_sub(low.cast_unsigned()) & 0xffff_f000;
        let low = low.cast_unsigned() << 20;
        [high | register << 7 | 0x37, low | register << 15 | register << 7 | 0x13]
    };
    (1..).zip(values).flat_map(load).collect()
}

/// Prints every register but x31, which points at the printer.
fn ending() -> Vec<u32> {
    let mut program = vec![PORT | 31 << 7 | 0x37];
    for register in 1..31 {
        for _ in 0..4 {
            program.push(register << 20 | 31 << 15 | 0x23);
            program.push(8 << 20 | register << 15 | 5 << 12 | register << 7 | 0x13);
        }
    }
    program.push(0x10_0073);
    program
}

/// The words of data of random programs: behind all code, and in reach of an immediate.
const DATA: Range<u32> = 420..512;

fn instruction() -> impl Strategy<Value = u32> {
    let register = || 0..31u32;
    let arithmetic = (register(), register(), register(), 0..8u32, any::<bool>(), any::<bool>());
    let arithmetic = arithmetic.prop_map(|(rd, rs1, rs2, funct3, alternate, immediate)| {
        let allowed = funct3 == 5 || (funct3 == 0 && !immediate);
        let alternate = if alternate && allowed { 0x4000_0000 } else { 0 };
        let opcode = if immediate { 0x13 } else { 0x33 };
        alternate | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode
    });
    let upper = (register(), 0..1u32 << 20, any::<bool>())
        .prop_map(|(rd, high, lui)| high << 12 | rd << 7 | if lui { 0x37 } else { 0x17 });
    let access = (register(), 0..5u32, DATA, 0..4u32, any::<bool>());
    let access = access.prop_map(|(register, funct3, word, byte, load)| {
        let funct3 = if load { [0, 1, 2, 4, 5][funct3 as usize] } else { funct3 % 3 };
        let byte = byte & !((1 << (funct3 & 3)) - 1);
        let address = 4 * word + byte;
        match load {
            true => address << 20 | funct3 << 12 | register << 7 | 0x03,
            false => {
                let (high, low) = (address >> 5, address & 31);
                high << 25 | register << 20 | funct3 << 12 | low << 7 | 0x23
            }
        }
    });
    let ahead = (register(), register(), 0..6usize, 1..4u32);
    let branch = ahead.clone().prop_map(|(rs1, rs2, kind, skip)| {
        let funct3 = [0, 1, 4, 5, 6, 7][kind];
        rs2 << 20 | rs1 << 15 | funct3 << 12 | (4 * skip) << 7 | 0x63
    });
    let jump = ahead.prop_map(|(rd, _, _, skip)| (4 * skip) << 20 | rd << 7 | 0x6f);
    prop_oneof![6 => arithmetic, 2 => upper, 3 => access, 2 => branch, 1 => jump]
}

fn cases() -> ProptestConfig {
    ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn programs_of_chance(values in any::<[u32; 31]>(), body in vec(instruction(), 1..100)) {
        let nothing = [0x13; 3];
        let parts = [beginning(&values), body, nothing.to_vec(), ending()];
        let mut program = parts.concat();
        prop_assert!(program.len() <= DATA.start as usize);
        // All data is defined.
        program.resize(2048, 0x5a5a_1234);
        let (shown, end) = compared(&program, 2048, 2000);
        prop_assert_eq!(end, Some(End::Asked));
        prop_assert_eq!(shown.printed.len(), 120);
    }

    #[test]
    fn words_of_chance(values in any::<[u32; 31]>(), body in vec(any::<(u32, u8)>(), 8..60)) {
        let opcodes = [0x37, 0x17, 0x6f, 0x67, 0x63, 0x03, 0x13, 0x33, 0x0f];
        let word = |(word, opcode): (u32, u8)| {
            let opcode = opcodes.get(usize::from(opcode % 12)).copied().unwrap_or(word & 0x7f);
            // Stores might write into what is fetched already, counters the machine has not.
            let opcode = if opcode == 0x23 || opcode == 0x73 { 0x13 } else { opcode };
            (word & !0x7f) | opcode
        };
        let mut program = beginning(&values);
        program.extend(body.into_iter().map(word));
        program.resize(128, 0x10_0073);
        compared(&program, 128, 300);
    }
}

#[test]
fn counters_count() {
    // Reads cycle, instret and cycle once more, and prints the differences.
    let csr = |number: u32, rd: u32| number << 20 | 2 << 12 | rd << 7 | 0x73;
    let program = [
        csr(0xc00, 1),
        csr(0xc02, 2),
        csr(0xc00, 3),
        csr(0xc82, 4),
        PORT | 31 << 7 | 0x37,
        0x4000_0000 | 1 << 20 | 3 << 15 | 5 << 7 | 0x33,
        5 << 20 | 31 << 15 | 0x23,
        2 << 20 | 31 << 15 | 0x23,
        4 << 20 | 31 << 15 | 0x23,
        0x0000_0073,
    ];
    let shown = run(System { program: program.to_vec(), words: 16 }, 100);
    assert_eq!((shown.printed, shown.trapped), (vec![2, 1, 0], false));
}

#[test]
fn it_halts_for_good() {
    let design = elaborate(Core { start: 0 }).unwrap_or_else(|faults| panic!("{faults}"));
    prove(&design, &formal::Options::default()).expect("a valid design").assert_proved();
}

#[test]
fn each_tier_runs_it_alike() {
    let design = elaborate(system()).unwrap_or_else(|faults| panic!("{faults}"));
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        let undefined = Undefined::Random(7);
        let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
        let compiled = Compiled::tuned(&design, undefined, tuning);
        let mut both = Lockstep::new(Interp::new(&design, undefined), compiled).with_violations();
        let clock = DomainId(0);
        for cycle in 0..3000 {
            both.set_reset(clock, cycle < 2);
            both.step(clock);
        }
        assert!(both.difference().is_none(), "{tier}: {:?}", both.difference());
        assert!(both.compared().0 > 0, "nothing was compared");
    }
}
