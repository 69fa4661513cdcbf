//! What surrounds a design on a board, run in Verilator against a bench in Verilog.

use olivine_fpga::{Board, Options, build};
use olivine_netlist::Design;
use olivine_tools::{Tool, Tools};
use std::path::Path;
use std::process::Output;

const BENCH: &str = include_str!("bench.v");

/// Counts cycles out of reset; shows them, the buttons, and echoes serial data. Its reset is of the
/// manner that needs most of the wrapper: asynchronous, which the board's is too when it ends at an
/// edge, and active low.
const DUT: &str = r#"
netlist 1
top dut
module dut {
  domain rising asynchronous active_low
  input uart_rx : bit
  input buttons : unsigned 2
  output uart_tx : bit = uart_rx
  output leds : unsigned 8 = shown
  register count : unsigned 6 reset 6'h00
    set more
  %0 : 1 = input uart_rx
  %1 : 2 = input buttons
  %2 : 6 = register count
  one : unsigned 6 = 6'h01
  more : unsigned 6 = add(count, one)
  shown : unsigned 8 = concat(count, buttons)
}
"#;

fn verilator(tool: &Tool, folder: &Path, arguments: &[&str]) -> Output {
    let files = ["design.v", "board.v"];
    tool.command().args(arguments).args(files).current_dir(folder).output().unwrap()
}

fn say(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn the_wrapper_resets_synchronizes_and_holds() {
    let folder = tempfile::tempdir().unwrap();
    let design = Design::parse(DUT).unwrap_or_else(|fault| panic!("{fault}"));
    let options = Options { folder: Some(folder.path().into()), ..Options::default() };
    let board = Board::load("ulx3s-85f").unwrap();
    build(&design, &board, &options, &mut |_| ()).unwrap_or_else(|error| panic!("{error}"));

    let tool = Tools::find().verilator().unwrap_or_else(|missing| panic!("{missing}"));
    let top = "dut_on_ulx3s_85f";
    // The files are called after their part in the build; the counter that ends the reset is a flop,
    // which may reset others at once.
    let waived = ["-Wno-DECLFILENAME", "-Wno-SYNCASYNCNET"];
    let rules = [&["--lint-only", "-Wall", "--top-module", top], &waived[..]].concat();
    let lint = verilator(&tool, folder.path(), &rules);
    assert!(lint.status.success(), "{}", say(&lint));

    std::fs::write(folder.path().join("bench.v"), BENCH).unwrap();
    let build = [
        "--binary",
        "--timing",
        "-Wno-fatal",
        "--top-module",
        "bench",
        "bench.v",
        "-CFLAGS",
        "-std=c++20",
        "-MAKEFLAGS",
        "CFG_CXXFLAGS_PCH_I=-include",
    ];
    let made = verilator(&tool, folder.path(), &build);
    assert!(made.status.success(), "{}", say(&made));
    let ran = std::process::Command::new(folder.path().join("obj_dir/Vbench")).output().unwrap();
    assert!(ran.status.success() && say(&ran).contains("all is well"), "{}", say(&ran));
}
