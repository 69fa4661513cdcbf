//! From a netlist to a bitstream, with the real programs.

use olivine_fpga::{Board, BuildError, BuildReport, Options, Progress, Stage, build};
use olivine_netlist::Design;
use olivine_tools::Tools;
use std::path::Path;

const BLINKER: &str = include_str!("designs/blinker.nl");

fn parse(text: &str) -> Design {
    Design::parse(text).unwrap_or_else(|fault| panic!("{fault}"))
}

fn blinker() -> Design {
    parse(BLINKER)
}

fn options(folder: &Path) -> Options {
    Options { folder: Some(folder.into()), ..Options::default() }
}

fn board() -> Board {
    Board::load("ulx3s-85f").unwrap()
}

fn built(folder: &Path) -> BuildReport {
    build(&blinker(), &board(), &options(folder), &mut |_| ()).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn a_small_design_becomes_a_bitstream_that_meets_its_clock() {
    let folder = tempfile::tempdir().unwrap();
    let report = built(folder.path());
    assert!(report.timing_met());
    assert_eq!(report.clocks.len(), 1);
    assert_eq!(report.clocks[0].clock, "clk");
    assert_eq!(report.clocks[0].constraint_mhz, 25.0);
    // clock, reset button, uart_rx, two buttons, uart_tx, eight LEDs, the held pin
    assert_eq!(report.used("TRELLIS_IO").unwrap().used, 15);
    // 28 count, the 8 upper bits of product, 16 reset, 2 button, 2 × 3 synchronizers
    assert_eq!(report.used("TRELLIS_FF").unwrap().used, 60);
    assert!(report.critical_paths.iter().all(|path| !path.steps.is_empty()));
    assert!(std::fs::read(&report.bitstream).unwrap().len() > 10_000);
    let kept = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    assert_eq!(serde_json::from_str::<BuildReport>(&kept).unwrap(), report);
}

#[test]
fn the_same_build_gives_the_same_report_and_bits() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, mut second) = (built(one.path()), built(two.path()));
    second.seconds = first.seconds;
    second.bitstream = first.bitstream.clone();
    assert_eq!(first, second);
}

#[test]
fn a_missed_clock_is_an_error_with_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { mhz: Some(900.0), ..options(folder.path()) };
    let error = build(&blinker(), &board(), &options, &mut |_| ()).unwrap_err();
    assert_eq!(error.exit_code(), 1);
    let text = error.to_string();
    assert!(text.starts_with("timing is not met: clk: 900."), "{text}");
    assert!(text.contains("src/blinker.rs:13"), "the author's line is named: {text}");
    let BuildError::Timing(report) = error else { panic!("{text}") };
    assert!(!report.timing_met());
}

#[test]
fn stages_are_told_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let mut stages = Vec::new();
    let mut lines = 0;
    let mut progress = |p: Progress| match p {
        Progress::Begin(stage) => stages.push(stage),
        Progress::Line(..) => lines += 1,
    };
    build(&blinker(), &board(), &options(folder.path()), &mut progress).unwrap();
    assert_eq!(stages, [Stage::Emit, Stage::Synthesize, Stage::PlaceAndRoute, Stage::Pack]);
    assert!(lines > 100, "{lines}");
}

#[test]
fn what_does_not_fit_shows_the_tools_error_and_leaves_no_bitstream() {
    let folder = tempfile::tempdir().unwrap();
    built(folder.path());
    let mut board = board();
    // No such site on this part: the placer refuses it.
    board.outputs.get_mut("leds").unwrap().pins[0] = "ZZ99".into();
    let error = build(&blinker(), &board, &options(folder.path()), &mut |_| ()).unwrap_err();
    assert_eq!(error.exit_code(), 1);
    let text = error.to_string();
    assert!(text.starts_with("nextpnr-ecp5 failed:\n") && text.contains("ZZ99"), "{text}");
    assert!(!folder.path().join("bitstream.bit").exists());
    assert!(!folder.path().join("report.json").exists());
}

#[test]
fn missing_programs_are_told_before_anything_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("build");
    let tools = Tools::at(Path::new("/nowhere"), vec![]);
    let options = Options { tools, ..options(&inside) };
    let error = build(&blinker(), &board(), &options, &mut |_| ()).unwrap_err();
    assert_eq!(error.exit_code(), 3);
    assert!(!inside.exists());
}

#[test]
fn a_clock_slower_than_the_boards_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { mhz: Some(10.0), ..options(folder.path()) };
    let error = build(&blinker(), &board(), &options, &mut |_| ()).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    let expect = "10 MHz is asked for, but the clock of ulx3s-85f runs at 25 MHz";
    assert_eq!(error.to_string(), expect);
}

#[test]
fn an_invalid_design_is_refused_with_its_faults() {
    let text = BLINKER.replace("xor(high, pressed)", "xor(high, buttons)");
    let folder = tempfile::tempdir().unwrap();
    let error = build(&parse(&text), &board(), &options(folder.path()), &mut |_| ()).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    assert!(error.to_string().contains("src/blinker.rs:15"), "{error}");
}
