//! Modules that are somebody else's in Verilog, from end to end: the behavioural model simulates and
//! proves, the vendor's cell stands in the Verilog, the two are held against each other in Verilator
//! and by proof, and a model that is wrong is found out.

use olivine::cosim::{Effort, Model, Options as Cosim, Verilated};
use olivine::emit::{BlackBoxes, Options as Emit, Verilog, emit};
use olivine::formal::{Options as Proof, Verdict, equivalent};
use olivine::interp::{Engine, Interp, Undefined};
use olivine::lang::elaborate_in;
use olivine::netlist::{Bits, Design, Direction, DomainId, PortId};
use olivine::prelude::*;
use olivine_import::{Options as Import, check_black_boxes, verilog};
use olivine_tools::Tools;

/// The vendor's own text.
const ACME: &str = include_str!("black_box/acme_mac.v");

/// ACME's cell and what it does. It is reset asynchronously by a pin that is active low.
#[module]
fn Mac() {
    let enable: In<Bit> = bit();
    let a: In<Unsigned> = unsigned(4);
    let b: In<Unsigned> = unsigned(4);
    let sum: Out<Unsigned> = unsigned(12);

    in_domain(Domain::here().asynchronous_reset(), || {
        let running = reg(unsigned(12)).reset(0).init(0).named("running");
        when(enable, || running.set(running.wrapping_add((a * b).extend(12))));
        sum.drive(running);
        black_box("ACME_MAC")
            .parameter("WIDTH", 4u32)
            .parameter("MODE", "SUM")
            .clock("CK")
            .reset_low("CLRN")
            .pin("EN", "enable")
            .pin("A", "a")
            .bits("B", "b")
            .tie("TEST", Bits::zero(1))
            .pin("P", "sum");
    });
}

/// Two of them in an array: the energy of the two halves of a byte.
#[module]
fn Energy() {
    let enable: In<Bit> = bit();
    let halves: In<Unsigned> = unsigned(8);
    let total: Out<Unsigned> = unsigned(13);

    let macs = instances(Mac, [2], "mac");
    for (mac, half) in macs.iter().zip([0, 4]) {
        let half = halves.slice(half, 4);
        mac.enable.drive(enable);
        mac.a.drive(half);
        mac.b.drive(half);
    }
    total.drive(macs[0].sum + macs[1].sum);
    let grown = total.ge(past(total)) | past(total).ge(4096 - 450);
    always("it grows, unless a half overflows", (!past_valid()) | grown);
    cover("both halves count", total.eq(450));
}

/// The design with the reset that its cells ask for, active high: that of the cells is active low.
fn design() -> Design {
    design_in(Domain::MAIN.asynchronous_reset())
}

fn design_in(domain: Domain) -> Design {
    elaborate_in(domain, Energy).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn verilog_has_an_instance_of_the_vendors() {
    let text = emit(&elaborate_in(Domain::MAIN.asynchronous_reset(), Mac).unwrap());
    let module = text.split("module mac").nth(1).expect("our module");
    insta::assert_snapshot!(format!("module mac{module}"), @r#"
    module mac (
        input  wire        clk,
        input  wire        rst,
        input  wire        enable,
        input  wire [3:0]  a,
        input  wire [3:0]  b,
        output wire [11:0] sum
    );

        ACME_MAC #(
            .WIDTH(4),
            .MODE("SUM")
        ) unit (
            .CK(clk),
            .CLRN(!rst),
            .EN(enable),
            .A(a),
            .B0(b[0]),
            .B1(b[1]),
            .B2(b[2]),
            .B3(b[3]),
            .TEST(1'b0),
            .P(sum)
        );
    endmodule

    `default_nettype wire
    "#);
    let all = emit(&design());
    assert_eq!(all.matches("ACME_MAC #(").count(), 1, "one module for the array: {all}");
    assert!(!all.contains("running"), "nothing of the model: {all}");
}

#[test]
fn the_model_simulates_and_proves() {
    let design = design();
    let mut engine = Interp::new(&design, Undefined::Random(1));
    let port = |name: &str| design.top().find_port(name).expect("a port");
    engine.set_u64(port("enable"), 1);
    let mut golden = 0;
    for byte in 0..200u64 {
        assert_eq!(engine.get_u64(port("total")), golden);
        engine.set_u64(port("halves"), byte * 37 % 256);
        let (low, high) = (byte * 37 % 16, byte * 37 % 256 / 16);
        golden += low * low + high * high;
        engine.step(DomainId(0));
        if golden >= 3000 {
            engine.set_reset(DomainId(0), true);
            engine.set_reset(DomainId(0), false);
            golden = 0;
        }
    }
    let report = olivine::formal::prove(&design, &Proof::default()).expect("it is valid");
    report.assert_proved();
}

/// Ports of one cycle after the other that differ, under random inputs and resets.
fn difference(design: &Design, verilated: &mut Verilated, cycles: u64) -> Option<u64> {
    let mut model = Interp::new(design, Undefined::Zero);
    let random = |what: &str, cycle| olivine::interp::undefined_bits(7, what, cycle, 64).low_u64();
    let clk = DomainId(0);
    (0..cycles).find(|&cycle| {
        for engine in [&mut model as &mut dyn Engine, verilated] {
            for (index, port) in design.top().ports.iter().enumerate() {
                if port.direction == Direction::Input {
                    engine.set_u64(PortId(index as u32), random(&port.name, cycle));
                }
            }
            engine.set_reset(clk, random("reset", cycle).is_multiple_of(50));
        }
        let outputs = |engine: &mut dyn Engine| {
            let ports = (0..design.top().ports.len() as u32).map(PortId);
            let seen: Vec<Bits> = ports.map(|port| engine.get(port)).collect();
            engine.step(clk);
            seen
        };
        outputs(&mut model) != outputs(verilated)
    })
}

fn in_verilator(design: &Design, vendor: &str) -> Verilated {
    let (effort, black_boxes) = (Effort::Quick, vec![vendor.to_string()]);
    let options = Cosim { effort, black_boxes, ..Cosim::default() };
    Model::build(design, &options).unwrap_or_else(|error| panic!("{error}")).start()
}

/// The design with another model: nothing of that is in its Verilog.
fn with_wrong_models(design: &Design) -> Vec<Design> {
    let of_the_model = |m: &&olivine::netlist::Mutation| {
        design.module(m.module).external.is_some() && !m.description.contains("reset value")
    };
    design.mutations().iter().filter(of_the_model).map(|m| m.apply(design)).collect()
}

#[test]
fn the_vendors_verilog_does_in_verilator_what_the_model_does() {
    let design = design();
    let mut vendor = in_verilator(&design, ACME);
    assert_eq!(difference(&design, &mut vendor, 20_000), None);
    let wrong = with_wrong_models(&design);
    assert!(wrong.len() >= 5, "{}", wrong.len());
    for wrong in wrong {
        assert_eq!(emit(&wrong), emit(&design), "a model is not written");
        // The model that Verilator runs is the vendor's, and so the right one.
        let found = difference(&wrong, &mut in_verilator(&wrong, ACME), 2_000);
        assert!(found.is_some(), "{wrong}");
    }
}

#[test]
fn without_the_vendors_verilog_the_model_runs_in_verilator() {
    let design = design();
    let options = Cosim { effort: Effort::Quick, ..Cosim::default() };
    let mut verilated = Model::build(&design, &options).unwrap().start();
    assert_eq!(difference(&design, &mut verilated, 2_000), None);
}

/// The design in whose Verilog the vendor's module stands, as Yosys reads it.
fn with_the_vendors(design: &Design) -> Design {
    let written = Verilog::new(design, &Emit::default());
    let text = written.text + ACME;
    verilog(&text, &written.top, &Import::default(), &Tools::find()).unwrap()
}

#[test]
fn the_model_is_proved_to_be_the_vendors_verilog() {
    let design = design_in(Domain::MAIN.asynchronous_reset().active_low());
    let theirs = with_the_vendors(&design);
    let report = equivalent(&design, &theirs, &Proof::default()).unwrap_or_else(|f| panic!("{f}"));
    assert!(report.succeeded(), "{report}");
    let wrong = with_wrong_models(&design).swap_remove(0);
    let report = equivalent(&wrong, &theirs, &Proof::default()).unwrap_or_else(|f| panic!("{f}"));
    assert!(matches!(report.rows[0].verdict, Verdict::Violated(_)), "{report}");
}

/// The faults of the design with another black box.
fn misfit(change: impl Fn(&mut olivine::netlist::External)) -> String {
    let mut design = design();
    let module = design.modules.iter_mut().find(|m| m.external.is_some()).expect("a black box");
    change(module.external.as_mut().expect("it is one"));
    let error = check_black_boxes(&design, ACME, &Tools::find()).expect_err("it does not fit");
    error.to_string()
}

#[test]
fn pins_are_held_against_the_vendors_verilog() {
    assert_eq!(
        check_black_boxes(&design(), ACME, &Tools::find()).map_err(|e| e.to_string()),
        Ok(())
    );
    let rename = |from: &'static str, to: &'static str| {
        move |e: &mut olivine::netlist::External| {
            e.pins.iter_mut().filter(|p| p.name == from).for_each(|p| p.name = to.to_string());
        }
    };
    insta::assert_snapshot!(misfit(rename("CLRN", "CLR")), @r"
    error[I031]: `ACME_MAC` has no pin `CLR`, which is to be a reset
      --> tests/black_box.rs:30:9
      help: its pins are: A, B0, B1, B2, B3, BUSY, CK, CLRN, EN, P, TEST

    error[I032]: the input `CLRN` of `ACME_MAC` is left open
      --> tests/black_box.rs:30:9
      help: give it a port of the model, or a constant by `tie`
    ");
    insta::assert_snapshot!(misfit(rename("A", "P")), @r"
    error[I031]: the pin `P` of `ACME_MAC` is an output of width 12, but the port `a` is an input of width 4
      --> tests/black_box.rs:30:9
      help: give the model's port the width and direction of the pin

    error[I032]: the input `A` of `ACME_MAC` is left open
      --> tests/black_box.rs:30:9
      help: give it a port of the model, or a constant by `tie`
    ");
    insta::assert_snapshot!(misfit(|e| e.parameters[0].1 = 5u32.into()), @r"
    error[I031]: the pin `A` of `ACME_MAC` is an input of width 5, but the port `a` is an input of width 4
      --> tests/black_box.rs:30:9
      help: give the model's port the width and direction of the pin

    error[I031]: the pin `P` of `ACME_MAC` is an output of width 14, but the port `sum` is an output of width 12
      --> tests/black_box.rs:30:9
      help: give the model's port the width and direction of the pin
    ");
    insta::assert_snapshot!(misfit(|e| e.parameters[1].0 = "MODUS".to_string()), @r"
    error[I030]: `ACME_MAC` has no parameter `MODUS`
      --> tests/black_box.rs:30:9
      help: its parameters are: MODE, WIDTH
    ");
    insta::assert_snapshot!(misfit(|e| e.name = "ACME_MUC".to_string()), @r"
    error[I030]: there is no Verilog module `ACME_MUC`
      --> tests/black_box.rs:30:9
      help: mend the name, or give its text too
    ");
    let untie = |e: &mut olivine::netlist::External| e.pins.retain(|p| p.name != "TEST");
    insta::assert_snapshot!(misfit(untie), @r"
    error[I032]: the input `TEST` of `ACME_MAC` is left open
      --> tests/black_box.rs:30:9
      help: give it a port of the model, or a constant by `tie`
    ");
}

/// iCE40's multiplier, its product in a register.
#[module]
fn Multiplier() {
    let a: In<Unsigned> = unsigned(16);
    let b: In<Unsigned> = unsigned(16);
    let product: Out<Unsigned> = unsigned(32);

    product.drive(delay(a * b, 1).init(0).named("held"));
    let mut cell = black_box("SB_MAC16")
        .parameter("TOPOUTPUT_SELECT", Bits::new(2, 3))
        .parameter("BOTOUTPUT_SELECT", Bits::new(2, 3))
        .parameter("PIPELINE_16x16_MULT_REG2", Bits::ones(1))
        .clock("CLK")
        .pin("A", "a")
        .pin("B", "b")
        .pin("O", "product")
        .tie("CE", Bits::ones(1))
        .tie("C", Bits::zero(16))
        .tie("D", Bits::zero(16));
    for unused in [
        "AHOLD",
        "BHOLD",
        "CHOLD",
        "DHOLD",
        "IRSTTOP",
        "IRSTBOT",
        "ORSTTOP",
        "ORSTBOT",
        "OLOADTOP",
        "OLOADBOT",
        "ADDSUBTOP",
        "ADDSUBBOT",
        "OHOLDTOP",
        "OHOLDBOT",
        "CI",
        "ACCUMCI",
        "SIGNEXTIN",
    ] {
        cell = cell.tie(unused, Bits::zero(1));
    }
}

/// Runs a script in the folder of Yosys' cells.
fn yosys(script: &str) -> String {
    let tool = Tools::find().pyosys().unwrap_or_else(|missing| panic!("{missing}"));
    let output = tool.command().args(["-c", script]).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// Yosys' own Verilog of the cell.
fn sb_mac16() -> String {
    let cells = yosys(
        "import os, pyosys\n\
         print(open(os.path.dirname(pyosys.__file__) + '/share/ice40/cells_sim.v').read())",
    );
    let start = cells.find("module SB_MAC16").expect("the cell");
    let end = start + cells[start..].find("endmodule").expect("its end");
    cells[start..end].to_string() + "endmodule\n"
}

#[test]
fn a_cell_of_an_fpga_is_placed_and_does_what_its_model_does() {
    let design = elaborate(Multiplier).unwrap_or_else(|faults| panic!("{faults}"));
    let cell = sb_mac16();
    check_black_boxes(&design, &cell, &Tools::find()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(difference(&design, &mut in_verilator(&design, &cell), 5_000), None);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("design.v");
    let options = Emit { black_boxes: BlackBoxes::Instances, ..Emit::default() };
    let written = Verilog::new(&design, &options);
    std::fs::write(&file, written.text).unwrap();
    let stat = yosys(&format!(
        "from pyosys import libyosys as ys\nd = ys.Design()\n\
         ys.run_pass('read_verilog {}', d)\nys.run_pass('synth_ice40 -top {}', d)\n\
         ys.run_pass('stat', d)",
        file.display(),
        written.top
    ));
    let counted = stat.lines().rev().find(|line| line.contains("SB_MAC16")).expect("the cell");
    assert!(counted.split_whitespace().any(|word| word == "1"), "{counted}");
}
