//! The verbs of proof as a user runs them.

use std::path::Path;
use std::process::{Command, Output};

fn olivine(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
    command.current_dir(folder).args(arguments).output().expect("the command starts")
}

#[track_caller]
fn ends(folder: &Path, arguments: &[&str], code: i32, says: &str) {
    let output = olivine(folder, arguments);
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(said.contains(says), "{arguments:?} does not say `{says}`: {said}");
}

/// Counts to `last` and begins again.
fn counter(last: u32, property: &str) -> String {
    format!(
        "netlist 1
top counter
module counter {{
  domain rising
  input go : bit
  output value : 4 = count
  register count : 4 reset 4'h0
    set next when go
  go : bit = input go
  count : 4 = register count
  last : 4 = 4'h{last:x}
  one : 4 = 4'h1
  zero : 4 = 4'h0
  sum : 4 = add(count, one)
  at_last : bit = eq(count, last)
  next : 4 = mux(at_last, zero, sum)
  limit : 4 = 4'ha
  in_range : bit = less_unsigned(count, limit)
  beyond : bit = not(in_range)
  {property}
}}
"
    )
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, last: u32, property: &str| {
        std::fs::write(folder.path().join(name), counter(last, property)).expect("written");
    };
    write("nine.nl", 9, "assert \"below ten\" in_range");
    write("twelve.nl", 12, "assert \"below ten\" in_range");
    write("reached.nl", 9, "cover \"the end\" at_last");
    write("unreached.nl", 9, "cover \"beyond\" beyond");
    write("plain.nl", 9, "");
    folder
}

#[test]
fn what_is_proved_can_be_certified() {
    let folder = folder();
    let at = folder.path();
    for engine in ["auto", "kind", "pdr", "exhaust", "algebra"] {
        let code = if ["exhaust", "algebra"].contains(&engine) { 4 } else { 0 };
        let arguments = ["prove", "nine.nl", "--engine", engine, "--json", "verdict.json"];
        ends(at, &arguments, code, "below ten");
    }
    for engine in ["kind", "pdr"] {
        let arguments = ["prove", "nine.nl", "--engine", engine, "--certificate", "proof.json"];
        ends(at, &arguments, 0, "proved");
        ends(at, &["certify", "proof.json"], 0, "holds");
        ends(at, &["certify", "proof.json", "--design", "nine.nl"], 0, "holds");
        ends(at, &["certify", "proof.json", "--design", "twelve.nl"], 1, "wanted is");
    }
    let proof = std::fs::read_to_string(at.join("proof.json")).expect("written");
    let falsified = |from: &str, to: &str| {
        assert!(proof.contains(from), "{proof}");
        std::fs::write(at.join("false.json"), proof.replacen(from, to, 1)).expect("written");
    };
    falsified("\"value\": false", "\"value\": true");
    ends(at, &["certify", "false.json"], 1, "REFUSED");
    falsified("4'h9", "4'hc");
    ends(at, &["certify", "false.json"], 2, "not the one of its digest");
    falsified("certificates 1", "certificates 0");
    ends(at, &["certify", "false.json"], 2, "the format is");
    ends(at, &["certify", "nine.nl"], 2, "no certificate file");
    ends(at, &["certify", "none.json"], 2, "cannot read none.json");
}

#[test]
fn what_is_violated_is_saved_as_a_test() {
    let folder = folder();
    let at = folder.path();
    ends(at, &["prove", "twelve.nl", "--save", "runs"], 1, "VIOLATED in cycle 11");
    let test = std::fs::read_to_string(at.join("runs/below_ten.rs")).expect("a test");
    assert!(test.contains("designs.load(\"twelve.nl\")"), "{test}");
    assert!(at.join("runs/below_ten.vcd").exists());
    let text = std::fs::read_to_string(at.join("runs/below_ten.json")).expect("a stimulus");
    let stimulus: olivine::formal::Stimulus = serde_json::from_str(&text).expect("readable");
    let design = olivine::netlist::Design::parse(&counter(12, "assert \"below ten\" in_range"));
    let replay = stimulus.replay(&design.expect("a design")).expect("it fits");
    assert!(replay.confirmed());
    let mended = olivine::netlist::Design::parse(&counter(9, "assert \"below ten\" in_range"));
    let replay = stimulus.replay(&mended.expect("a design")).expect("it fits");
    assert!(!replay.confirmed());
}

#[test]
fn equivalence_and_covers() {
    let folder = folder();
    let at = folder.path();
    let proof = ["equiv", "nine.nl", "plain.nl", "--certificate", "equal.json"];
    ends(at, &proof, 0, "output value agrees");
    ends(at, &["certify", "equal.json", "--equiv", "nine.nl", "plain.nl"], 0, "holds");
    ends(at, &["certify", "equal.json", "--equiv", "nine.nl", "twelve.nl"], 1, "wanted is");
    ends(at, &["equiv", "nine.nl", "twelve.nl"], 1, "VIOLATED");
    ends(at, &["cover", "reached.nl"], 0, "reached in cycle");
    ends(at, &["cover", "unreached.nl"], 1, "UNREACHABLE");
    ends(at, &["cover", "plain.nl"], 2, "has no cover");
    ends(at, &["cover", "reached.nl", "--depth", "2", "--engine", "bmc"], 0, "not reached in 2");
    let nothing = ["prove", "twelve.nl", "--certificate", "none.json"];
    ends(at, &nothing, 1, "no certificate to write");
}

/// In the forms of the model-checking competition models go out and come back, and so do runs.
#[test]
fn models_and_witnesses_of_the_competition() {
    let folder = folder();
    let at = folder.path();
    for (form, file) in [("--btor2", "twelve.btor2"), ("--aiger", "twelve.aig")] {
        let arguments = ["prove", "twelve.nl", form, file, "--witness", "run.wit"];
        ends(at, &arguments, 1, "VIOLATED");
        for design in ["twelve.nl", file] {
            ends(at, &["certify", "run.wit", "--design", design], 0, "replayed");
        }
        let other = ["certify", "run.wit", "--design", "nine.nl"];
        ends(at, &other, 1, "the last step of the run does not violate b0");
        ends(at, &["prove", file, "--witness", "again.wit"], 1, "VIOLATED");
        ends(at, &["certify", "again.wit", "--design", file], 0, "replayed");
    }
    ends(at, &["prove", "twelve.nl", "--witness", "run.wit"], 2, "a witness is one of a file");
    let circuit = ["prove", "nine.nl", "--engine", "pdr", "--aiger", "nine.aag"];
    ends(at, &[&circuit[..], &["--witness", "circuit.aig"]].concat(), 0, "proved");
    ends(at, &["prove", "circuit.aig", "--engine", "kind", "--depth", "1"], 0, "proved");
    std::fs::write(at.join("wrong.btor2"), "1 sort bitvec 1\n2 bad 7\n").expect("written");
    ends(at, &["prove", "wrong.btor2"], 2, "wrong.btor2: line 2: node 7 has no value");
}
