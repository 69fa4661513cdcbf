//! AXI4-Lite: manager, front and register bank; proofs, mutants, and random commands against an
//! array.

use crate::common::{found_out, proved};
use crate::system::{REGISTERS, System, holds, obeys, steps};
use insta::assert_snapshot;
use olivine_bench::{Bench, Poke};
use olivine_blocks::bus::{
    AxiLiteFront, AxiLiteManager, AxiLiteManagerProof, AxiLitePair, RegisterBank,
};
use proptest::prelude::*;

const SMALL: AxiLiteFront = AxiLiteFront { address: 3, data: 16 };

#[test]
fn front() {
    proved(12, SMALL);
    proved(12, AxiLiteFront { address: 4, data: 8 });
}

#[test]
fn manager() {
    proved(12, AxiLiteManagerProof(AxiLiteManager { address: 4, data: 16 }));
}

#[test]
fn what_one_end_assumes_the_other_keeps() {
    holds(16, AxiLitePair { address: 3, data: 16 });
}

#[test]
fn register_bank() {
    for registers in [1, 3] {
        proved(12, RegisterBank { bus: SMALL, registers });
    }
}

#[test]
fn faults_are_found() {
    insta::assert_snapshot!(found_out(12, 9, SMALL), @"11 of 11");
    let manager = AxiLiteManager { address: 2, data: 8 };
    insta::assert_snapshot!(found_out(12, 9, AxiLiteManagerProof(manager)), @"12 of 12");
    let bank = RegisterBank { bus: SMALL, registers: 3 };
    insta::assert_snapshot!(found_out(12, 9, bank), @"16 of 16");
}

fn system() -> System<AxiLiteManager, AxiLiteFront> {
    let manager = AxiLiteManager { address: SMALL.address, data: SMALL.data };
    System { manager, bus: SMALL, registers: REGISTERS }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn commands_against_an_array(steps in steps()) {
        obeys(system(), &steps);
    }
}

#[test]
fn a_manager_writes_and_reads() {
    let mut bench = Bench::new(AxiLiteManager { address: 4, data: 16 });
    bench.run(9, |p, cycle| {
        p.commands.valid.poke(cycle == 0 || (4..7).contains(&cycle));
        p.commands.payload.write.poke(cycle == 0);
        p.commands.payload.address.poke(2);
        p.commands.payload.data.poke(0xbeef);
        p.commands.payload.strobe.poke(0b11);
        p.answers.ready.poke(true);
        p.bus.aw.ready.poke(true);
        // The word is taken after its address.
        p.bus.w.ready.poke(cycle == 2);
        p.bus.b.valid.poke(cycle == 4);
        p.bus.b.payload.resp.poke(0);
        p.bus.ar.ready.poke(true);
        p.bus.r.valid.poke(cycle == 8);
        p.bus.r.payload.data.poke(0x1234);
        p.bus.r.payload.resp.poke(2);
    });
    assert_snapshot!("axi_lite_manager_wave", bench.port_wave());
}

#[test]
fn a_write_and_a_read() {
    let mut bench = Bench::new(RegisterBank { bus: SMALL, registers: 1 });
    bench.run(7, |p, cycle| {
        p.bus.aw.valid.poke(cycle == 0);
        p.bus.aw.payload.addr.poke(0);
        p.bus.w.valid.poke(cycle == 0);
        p.bus.w.payload.data.poke(0xbeef);
        p.bus.w.payload.strb.poke(0b11);
        p.bus.b.ready.poke(true);
        p.bus.ar.valid.poke(cycle == 2);
        p.bus.ar.payload.addr.poke(1);
        p.bus.r.ready.poke(cycle == 5);
    });
    insta::assert_snapshot!(bench.port_wave(), @r"

    cycle        0         1         2         3         4         5         6
    clk          /‾‾‾‾\____/‾‾‾‾\____/‾‾‾‾\____/‾‾‾‾\____/‾‾‾‾\____/‾‾‾‾\____/‾‾‾‾\____
    bus_awaddr   X 0
    bus_awprot   X 0
    bus_awvalid  ‾‾‾‾‾‾‾‾‾‾\___________________________________________________________
    bus_awready  ‾‾‾‾‾‾‾‾‾‾\_________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    bus_wdata    X 48879
    bus_wstrb    X 3
    bus_wvalid   ‾‾‾‾‾‾‾‾‾‾\___________________________________________________________
    bus_wready   ‾‾‾‾‾‾‾‾‾‾\_________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    bus_bresp    X SubordinateError  X Okay
    bus_bvalid   ____________________/‾‾‾‾‾‾‾‾‾\_______________________________________
    bus_bready   ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    bus_araddr   X 1
    bus_arprot   X 0
    bus_arvalid  ____________________/‾‾‾‾‾‾‾‾‾\_______________________________________
    bus_arready  ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    bus_rdata    X 34322                                 X 48879
    bus_rresp    X Okay
    bus_rvalid   ________________________________________/‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾\_________
    bus_rready   __________________________________________________/‾‾‾‾‾‾‾‾‾\_________
    values0      X 0                 X 48879
    ");
}
