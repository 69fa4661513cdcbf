//! The command as a user runs it: verbs, exit codes, messages.

use std::process::{Command, Output};

fn olivine(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments);
    command.output().expect("the command starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const COUNTER: &str = "hdl/emit/tests/designs/counter.nl";

#[test]
fn help_documents_the_exit_codes() {
    let output = olivine(&["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let text = stdout(&output);
    for line in ["0  done", "1  violated", "2  wrong usage", "3  a tool", "4  ran out"] {
        assert!(text.contains(line), "no `{line}` in\n{text}");
    }
}

#[test]
fn bad_input_ends_with_2_on_stderr() {
    let cases: &[(&[&str], &str)] = &[
        (&["sim", "nothing", "--cycles", "1"], "no design is called `nothing`"),
        (&["sim", "missing.nl", "--cycles", "1"], "cannot read missing.nl"),
        (&["sim", COUNTER, "--cycles", "0"], "0 is not in 1.."),
        (
            &["sim", COUNTER, "--cycles", "1", "--engine", "interp", "--profile"],
            "--profile is for --engine sim",
        ),
        (
            &["sim", COUNTER, "--cycles", "1", "--tier", "bytecode", "--profile"],
            "--profile counts machine code, and bytecode executes here",
        ),
        (&["emit", "README.md.nl"], "cannot read README.md.nl"),
        (&["regress", "no-plan.toml"], "no-plan.toml"),
        (&["replay", "no-such-test"], "no-such-test"),
        (&["fpga", "build", COUNTER, "--board", "breadboard"], "breadboard"),
        (&["frobnicate"], "unrecognized subcommand"),
    ];
    for (arguments, message) in cases {
        let output = olivine(arguments);
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(message), "{arguments:?} said: {said}");
        assert_eq!(stdout(&output), "", "{arguments:?}: errors go to stderr");
    }
}

#[test]
fn engines_agree_and_a_seed_replays() {
    let digest = |engine: &str, seed: &str| {
        let arguments = ["sim", COUNTER, "--cycles", "500", "--engine", engine, "--seed", seed];
        let output = olivine(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let text = stdout(&output);
        let line = text.lines().find(|l| l.starts_with("outputs_digest"));
        line.expect("a digest").to_string()
    };
    let reference = digest("interp", "7");
    for engine in ["sim", "lockstep", "verilator", "interp"] {
        assert_eq!(digest(engine, "7"), reference, "{engine}");
    }
}

#[test]
fn the_text_form_is_a_design_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("copy.nl");
    let copy = copy.to_str().expect("a path");
    let output = olivine(&["emit", COUNTER, "--form", "netlist", "-o", copy]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let (first, second) = (olivine(&["emit", COUNTER]), olivine(&["emit", copy]));
    assert!(stdout(&first).contains("module counter"));
    assert_eq!(stdout(&first), stdout(&second));
}

/// Those that take a design: what `list --names` prints is good for each of them.
#[test]
fn every_listed_name_is_a_design_for_every_verb() {
    let listed = stdout(&olivine(&["list", "--names"]));
    let names: Vec<&str> = listed.lines().collect();
    assert!(names.len() >= 10, "{listed}");
    for name in names {
        let emitted = olivine(&["emit", name]);
        assert_eq!(emitted.status.code(), Some(0), "{name}: {}", stderr(&emitted));
        assert!(stdout(&emitted).contains("endmodule"), "{name}");
        let run = olivine(&["sim", name, "--cycles", "20"]);
        // What a design asserts of its surroundings, random stimulus may break.
        assert!(matches!(run.status.code(), Some(0 | 1)), "{name}: {}", stderr(&run));
        assert!(stdout(&run).contains("outputs_digest"), "{name}");
        // A proof may have no end; that the verb takes the design is what counts here.
        let proof =
            olivine(&["prove", name, "--engine", "bmc", "--depth", "1", "--time-limit", "2"]);
        let nothing = stderr(&proof).contains("error[P001]: nothing to prove");
        let taken = matches!(proof.status.code(), Some(0 | 1 | 4)) || nothing;
        assert!(taken, "{name}: {}", stderr(&proof));
    }
}

#[test]
fn a_code_is_explained() {
    let output = olivine(&["explain", "N060"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("combinational loop"));
    let output = olivine(&["explain", "N061"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("N060  a combinational loop"), "{}", stderr(&output));
}

#[test]
fn ways_between_clock_domains_are_listed_and_unsafe_ones_fail() {
    let listed = olivine(&["crossings", "async_fifo"]);
    assert_eq!(listed.status.code(), Some(0), "{}", stderr(&listed));
    let told = stdout(&listed);
    assert!(told.contains("2 clock domains, ") && !told.contains(", 0 crossings"), "{told}");
    assert!(told.contains("on purpose: `") && told.contains(" of far ("), "{told}");

    // The same of a file; and where nobody says of a way that it is on purpose, it is a fault.
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("fifo.nl");
    let path = file.to_str().expect("text");
    assert_eq!(
        olivine(&["emit", "async_fifo", "--form", "netlist", "-o", path]).status.code(),
        Some(0)
    );
    let read = olivine(&["crossings", path]);
    assert_eq!((read.status.code(), stdout(&read)), (Some(0), told));
    let text = std::fs::read_to_string(&file).expect("a file");
    let unsaid = text.replace(" crossing", "");
    assert_ne!(unsaid, text);
    std::fs::write(&file, unsaid).expect("a file");
    let refused = olivine(&["crossings", path]);
    assert_eq!(refused.status.code(), Some(1));
    let said = stderr(&refused);
    assert!(said.starts_with("error[L090]: `") && said.contains("is sampled by"), "{said}");
    assert!(said.contains("not said to be on purpose"), "{said}");
}
