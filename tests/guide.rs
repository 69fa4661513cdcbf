//! The guide's claims lead somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const FEATURES: &str = include_str!("../src/guide/features.md");

/// Rows of the page's tables, without heads and rules.
fn rows() -> Vec<Vec<&'static str>> {
    let rows = FEATURES.lines().filter(|line| line.starts_with("| ") && line.contains('`'));
    rows.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

#[test]
fn every_feature_has_an_example_that_is_there_and_tested() {
    let rows = rows();
    assert!(rows.len() >= 35, "{} rows", rows.len());
    let mut features = BTreeSet::new();
    for row in rows {
        assert_eq!(row.len(), 8, "{row:?}");
        assert!(features.insert(row[0]), "{} stands twice", row[0]);
        let file = row[1].trim_matches('`');
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{file}: {e}"));
        // A test, a part of one, or code whose doc example or proof is run.
        let run = file.contains("tests/") || file.starts_with("examples/six/");
        assert!(run || text.contains("```\n"), "{file} is no test and has no example");
        for peer in &row[2..] {
            assert!(["●", "◐", "–"].contains(peer), "{row:?}");
        }
    }
}

#[path = "../examples/six/fir.rs"]
mod fir;

use olivine::prelude::*;

/// The tutorial's top: the filter between switches and LEDs.
#[module]
fn Board() {
    let switches: In<Unsigned> = unsigned(4);
    let leds: Out<Unsigned> = unsigned(8);

    let fir = instance(fir::Fir { width: 4, taps: vec![1, 3, -2, 5] }, "fir");
    fir.x.drive(switches.as_signed());
    leds.drive(fir.y.as_unsigned());
}

#[test]
fn the_filter_of_the_tutorial_becomes_a_bitstream() {
    let folder = tempfile::tempdir().expect("a folder");
    let board = olivine::fpga::Board::load("ulx3s-85f").expect("a board");
    let design = elaborate(Board).expect("a valid design");
    let options =
        olivine::fpga::Options { folder: Some(folder.path().to_path_buf()), ..Default::default() };
    let report = olivine::fpga::build(&design, &board, &options, &mut |_| ());
    let report = report.unwrap_or_else(|e| panic!("{e}"));
    assert!(report.timing_met());
    assert!(std::fs::read(&report.bitstream).expect("a bitstream").len() > 10_000);
}
