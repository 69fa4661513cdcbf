//! The chip, from the command line to a bitstream.

use std::process::Command;

#[test]
fn peridot_becomes_a_bitstream_that_meets_its_clock() {
    let folder = tempfile::tempdir().expect("a folder");
    let json = folder.path().join("report.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
    command.current_dir(&folder);
    command.args(["fpga", "build", "peridot:array=2", "--board", "ulx3s-85f", "--json"]).arg(&json);
    let output = command.output().expect("the command starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("as: the chip behind a serial line"), "{said}");
    assert!(said.contains("MHz reached: met"), "{said}");

    let report: olivine::fpga::BuildReport =
        serde_json::from_slice(&std::fs::read(json).expect("a report")).expect("JSON");
    assert!(report.timing_met());
    // One exact 8×8 product in each of four elements, in a multiplier of the part.
    assert_eq!(report.used("MULT18X18D").map(|r| r.used), Some(4));
    let bitstream = std::fs::read(folder.path().join(&report.bitstream)).expect("a bitstream");
    assert!(bitstream.len() > 10_000, "{} bytes", bitstream.len());
}
