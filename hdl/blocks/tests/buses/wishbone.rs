//! Wishbone: manager, front and register bank; proofs, mutants, and random commands against an
//! array.

use crate::common::{found_out, proved};
use crate::system::{REGISTERS, System, holds, obeys, steps};
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::bus::{RegisterBank, WishboneFront, WishboneManager};
use proptest::prelude::*;

const SMALL: WishboneFront = WishboneFront { address: 2, data: 16 };
const MANAGER: WishboneManager = WishboneManager { address: 3, data: 16 };

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
    insta::assert_snapshot!(found_out(12, 5, SMALL), @"8 of 8");
    insta::assert_snapshot!(found_out(12, 5, MANAGER), @"11 of 11");
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
        // The write ends in its second cycle, the read is refused in its third.
        p.bus.ack.poke(cycle == 2);
        p.bus.err.poke(cycle == 7);
        p.bus.dat_r.poke(0x1234);
    });
    assert_snapshot!("wishbone_manager_wave", bench.port_wave());
}

#[test]
fn a_write_and_a_read() {
    let mut bench = Bench::new(RegisterBank { bus: SMALL, registers: 1 });
    bench.run(7, |p, cycle| {
        let asked = (1..=2).contains(&cycle) || (4..=5).contains(&cycle);
        p.bus.cyc.poke(asked);
        p.bus.stb.poke(asked);
        p.bus.we.poke(cycle < 3);
        p.bus.adr.poke(0);
        p.bus.sel.poke(0b11);
        p.bus.dat_w.poke(0xbeef);
    });
    insta::assert_snapshot!(bench.port_wave(), @r"

    cycle      0       1       2       3       4       5       6
    clk        /‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___
    bus_cyc    ________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______
    bus_stb    ________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______
    bus_we     ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_______________________________
    bus_adr    X 0
    bus_sel    X 3
    bus_dat_w  X 48879
    bus_dat_r  X 21920 X 0             X 48879
    bus_ack    ________________/‾‾‾‾‾‾‾\_______________/‾‾‾‾‾‾‾\_______
    bus_err    ________________________________________________________
    values0    X 0             X 48879
    ");
}
