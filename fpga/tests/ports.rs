//! Designs whose boundary does not fit a board, and what is said of them. No program is run.

use olivine_fpga::{Board, BuildError, Options, build};
use olivine_netlist::Design;
use olivine_tools::Tools;
use std::path::Path;

/// What is said when a design with these lines is built, and these connections are asked for.
fn complaint(lines: &str, connect: &[(&str, &str)]) -> String {
    let text = format!("netlist 1\ntop dut\nmodule dut {{\n{lines}\n}}\n");
    let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"));
    let connect = connect.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let tools = Tools::at(Path::new("/nowhere"), vec![]);
    let options = Options { connect, tools, ..Options::default() };
    let board = Board::load("ulx3s-85f").unwrap();
    match build(&design, &board, &options, &mut |_| ()).unwrap_err() {
        error @ BuildError::Ports(_) => {
            assert_eq!(error.exit_code(), 2);
            error.to_string()
        }
        // The boundary fits: the next thing looked for is a program.
        BuildError::Missing(_) => "fits".into(),
        other => panic!("{other}"),
    }
}

const COUNT: &str = "output count : unsigned 4 = none\nnone : unsigned 4 = 4'h0";

#[test]
fn the_whole_complaint() {
    insta::assert_snapshot!(complaint(COUNT, &[]), @r"
    output `count`: `count` is not there on ulx3s-85f
    help: ulx3s-85f has the inputs buttons[6], switches[4], uart_rx[1] and the outputs leds[8], uart_tx[1]; rename the port, wrap the design, or connect the port to one of these by name
    ");
}

#[test]
fn every_misfit_is_named() {
    let check = |lines: &str, connect: &[(&str, &str)], expect: &str| {
        let complaint = complaint(lines, connect);
        assert!(complaint.starts_with(expect), "{lines}: {complaint}");
    };
    check(COUNT, &[("count", "leds")], "fits");
    check(
        COUNT,
        &[("count", "uart_tx")],
        "output `count` has 4 bits, `uart_tx` of ulx3s-85f has 1",
    );
    check(COUNT, &[("count", "buttons")], "output `count`: `buttons` drives the other way on");
    check(COUNT, &[("cuont", "leds")], "the design has no port `cuont` to connect");
    let leds = "output leds : bits 9 = none\nnone : bits 9 = 9'h000";
    check(leds, &[], "output `leds` has 9 bits, `leds` of ulx3s-85f has 8");
    let two = "output leds : bits 1 = none\noutput count : bits 1 = none\nnone : bits 1 = 1'h0";
    check(two, &[("count", "leds")], "ports `leds` and `count` both go to `leds`");
    let domains = "domain rising\ndomain slow rising\n";
    check(domains, &[], "the design has 2 clock domains (``, `slow`), the board one clock");
}
