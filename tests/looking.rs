//! `olivine show` and `olivine wave`: what one sees.

use std::path::Path;
use std::process::{Command, Output};

fn olivine(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).env_remove("COLUMNS");
    command.output().expect("the command starts")
}

fn stdout(arguments: &[&str]) -> String {
    let output = olivine(arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {said}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn refused(arguments: &[&str], told: &str) {
    let output = olivine(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(said.contains(told), "{arguments:?}: {said}");
}

/// Well-formed as far as tags go: each that opens is closed in its turn.
fn well_formed(svg: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in svg.split('<').skip(1) {
        let (tag, _) = part.split_once('>').expect("the end of a tag");
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{part}");
        } else if !tag.ends_with('/') {
            open.push(tag.split_whitespace().next().expect("a name"));
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn a_schematic_shows_every_part_of_a_module() {
    let svg = stdout(&["show", "fifo"]);
    well_formed(&svg);
    for part in
        ["push_payload", "pop_ready", "head", "tail", "words", "4 × 8 bits", "read", "write"]
    {
        assert!(svg.contains(&format!(">{part}<")), "no {part}");
    }
    assert!(svg.contains("2 bits, reset 0") && svg.contains("fifo.rs:"), "kinds and places");
    // What only properties see is not drawn.
    assert!(!svg.contains("past_valid"));
    assert_eq!(svg, stdout(&["show", "fifo"]), "the same design is the same picture");
}

#[test]
fn arrays_are_stacks_and_the_hierarchy_is_drawn() {
    let svg = stdout(&["show", "array:array=4"]);
    well_formed(&svg);
    assert!(
        svg.contains(">pe[4][4]: pe_bf16<") && svg.contains(">pe[4][4]<"),
        "hierarchy, and box"
    );
    assert!(svg.contains("a_next → a"), "what neighbours give each other");
    let one = stdout(&["show", "array:array=4", "--module", "pe_bf16"]);
    assert!(one.len() < svg.len() && !one.contains("hierarchy"));
    refused(&["show", "array:array=4", "--module", "pa"], "no module `pa`; it has array_4_of_bf16");
}

#[test]
fn every_design_can_be_drawn() {
    for name in stdout(&["list", "--names"]).lines() {
        well_formed(&stdout(&["show", name]));
    }
}

#[test]
fn a_run_is_drawn_as_its_values_read() {
    let wave = stdout(&["wave", "counter:limit=3", "--to", "6", "-s", "enable", "-s", "co?nt"]);
    let lines: Vec<&str> = wave.lines().collect();
    assert!(lines[0].starts_with("cycle   0") && lines[0].ends_with('5'), "{wave}");
    assert!(lines[2].starts_with("enable  ") && lines[3].starts_with("count   X "), "{wave}");
    assert_eq!(lines[4], "100 cycles in all");
    let binary = stdout(&["wave", "counter:limit=3", "--radix", "bin", "-s", "count"]);
    assert!(binary.contains("X 01 ") && binary.contains("X 10 "), "{binary}");
    refused(&["wave", "counter", "-s", "nothing*"], "no signal matches `nothing*`");
    refused(&["wave", "counter", "--cycles", "5", "--from", "5"], "has 5 cycles");
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    path.display().to_string()
}

#[test]
fn a_file_of_ours_shows_the_run_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let chosen = ["-s", "push_*", "-s", "level", "--to", "12", "--radix", "unsigned"];
    let run = ["wave", "fifo", "--cycles", "30", "--seed", "7"];
    let of_run = stdout(&[&run[..], &chosen[..]].concat());
    for name in ["run.vcd", "run.fst"] {
        let path = folder.path().join(name).display().to_string();
        stdout(&["sim", "fifo", "--cycles", "30", "--seed", "7", "--wave", &path]);
        let of_file = stdout(&[&["wave", &path][..], &chosen[..]].concat());
        assert_eq!(of_file, format!("{of_run}cycles of `top.clk`\n"), "{name}");
    }
    refused(&["sim", "fifo", "--cycles", "3", "--wave", "run.w"], "end in .vcd or .fst");
}

#[test]
fn files_of_others_are_read_by_their_clock() {
    let folder = tempfile::tempdir().expect("a folder");
    let vcd = "$timescale 1ns $end $scope module TOP $end $scope module u $end\n\
        $var wire 1 ! clock $end $var wire 4 # n $end $upscope $end $upscope $end\n\
        $enddefinitions $end\n#0\n0!\nbx #\n#5\n1!\nb0011 #\n#10\n0!\n#15\n1!\nb1111 #\n#20\n0!\n#25\n";
    let path = file(folder.path(), "other.vcd", vcd);
    let wave = stdout(&["wave", &path, "--radix", "signed"]);
    assert!(wave.contains("u.n    X 3   X -1\n"), "{wave}");
    assert!(wave.contains("cycles of `TOP.u.clock`"), "{wave}");
    assert_eq!(stdout(&["wave", &path, "--list"]), "u.n\n");
    refused(&["wave", &path, "--clock", "clk"], "no bit matches the clock `clk`");
    refused(&["wave", "no.vcd"], "cannot read no.vcd as a waveform: No such file");
    let broken = file(folder.path(), "broken.vcd", "this is no waveform");
    refused(&["wave", &broken], "as a waveform: ");
}
