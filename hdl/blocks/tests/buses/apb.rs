//! APB: manager, front and register bank; proofs, mutants, and random commands against an array.

use crate::common::{found_out, proved};
use crate::system::{REGISTERS, System, holds, obeys, steps};
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::bus::{ApbFront, ApbManager, RegisterBank};
use proptest::prelude::*;

const SMALL: ApbFront = ApbFront { address: 3, data: 16 };
const MANAGER: ApbManager = ApbManager { address: 3, data: 16 };

#[test]
fn proofs() {
    proved(12, SMALL);
    proved(12, MANAGER);
    proved(12, RegisterBank { bus: SMALL, registers: 3 });
}

/// A manager and a bank on one link: every rule of both ends is proved.
#[test]
fn both_on_one_link() {
    holds(12, System { manager: MANAGER, bus: SMALL, registers: 1 });
}

#[test]
fn faults_are_found() {
    insta::assert_snapshot!(found_out(12, 5, SMALL), @"4 of 4");
    insta::assert_snapshot!(found_out(12, 5, MANAGER), @"12 of 12");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn commands_against_an_array(steps in steps()) {
        obeys(System { manager: MANAGER, bus: SMALL, registers: REGISTERS }, &steps);
    }
}

#[test]
fn a_manager_writes_and_reads() {
    let mut bench = Bench::new(MANAGER);
    bench.run(9, |p, cycle| {
        p.commands.valid.poke(cycle == 0 || cycle >= 4);
        p.commands.payload.write.poke(cycle == 0);
        p.commands.payload.address.poke(2);
        p.commands.payload.data.poke(0xbeef);
        p.commands.payload.strobe.poke(0b11);
        p.answers.ready.poke(true);
        // The read waits for a cycle, and is refused.
        p.bus.pready.poke(cycle == 2 || cycle > 6);
        p.bus.prdata.poke(0x1234);
        p.bus.pslverr.poke(cycle > 6);
    });
    assert_snapshot!("apb_manager_wave", bench.port_wave());
}

#[test]
fn a_write_and_a_refused_read() {
    let mut bench = Bench::new(RegisterBank { bus: SMALL, registers: 1 });
    bench.run(7, |p, cycle| {
        p.bus.psel.poke((1..=2).contains(&cycle) || (4..=5).contains(&cycle));
        p.bus.penable.poke(cycle == 2 || cycle == 5);
        p.bus.pwrite.poke(cycle < 3);
        p.bus.paddr.poke(if cycle < 3 { 0 } else { 2 });
        p.bus.pstrb.poke(if cycle < 3 { 0b11 } else { 0 });
        p.bus.pwdata.poke(0xbeef);
    });
    insta::assert_snapshot!(bench.port_wave(), @r"

    cycle        0   1   2   3   4   5   6
    clk          /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    bus_psel     ____/‾‾‾‾‾‾‾\___/‾‾‾‾‾‾‾\___
    bus_penable  ________/‾‾‾\_______/‾‾‾\___
    bus_pwrite   ‾‾‾‾‾‾‾‾‾‾‾‾\_______________
    bus_paddr    X 0         X 2
    bus_pprot    X 0
    bus_pwdata   X 48879
    bus_pstrb    X 3         X 0
    bus_pready   ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    bus_prdata   X 0
    bus_pslverr  ____________________/‾‾‾\___
    values0      X 0         X 48879
    ");
}
