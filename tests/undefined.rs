//! What depends on undefined values is told.

use olivine::interp::{Engine, Undefined};
use olivine::netlist::Design;
use olivine::{Dependence, EngineKind, first_dependence};
use std::process::Command;

/// A register that powers up as it likes is let out from the cycle on in which three have gone by.
const LATE: &str = "netlist 1
top late
module late {
  domain rising
  output y : unsigned 8 = y
  register count : unsigned 3 reset 3'h0
    set %3 when %4
  register secret : unsigned 8
  %0 : 3 = register count
  %1 : 8 = register secret
  %2 : 3 = 3'h1
  %3 : 3 = add(count, %2)
  %4 : 1 = not(%6)
  %5 : 3 = 3'h3
  %6 : 1 = eq(count, %5)
  %7 : 8 = 8'h00
  y : unsigned 8 = mux(%6, secret, %7)
}
";

fn parsed(text: &str) -> Design {
    let design = Design::parse(text).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(design.validate(), Ok(()));
    design
}

fn first(design: &Design, engine: EngineKind) -> Option<Dependence> {
    let start = |undefined: Undefined| -> Result<Box<dyn Engine>, String> {
        engine.start(design, undefined).map_err(|error| error.message)
    };
    first_dependence(start, 200, 1).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_first_cycle_and_the_way_are_told() {
    for engine in [EngineKind::Sim, EngineKind::Interp] {
        let found = first(&parsed(LATE), engine).expect("it is let out");
        assert_eq!((found.cycle, found.output.as_str()), (3, "y"));
        assert_eq!(found.through, ["secret"]);
    }
    let known = parsed(&LATE.replace("secret : unsigned 8\n", "secret : unsigned 8 init 8'h2a\n"));
    assert_eq!(first(&known, EngineKind::Sim), None);
}

#[test]
fn registered_designs_keep_undefined_values_inside() {
    for name in ["fifo", "registered_fifo", "skid_buffer", "counter", "round_robin", "uart_tx"] {
        let design = olivine::designs::all().load(name).unwrap();
        assert_eq!(first(&design, EngineKind::Sim), None, "{name}");
    }
}

#[test]
fn the_command_says_so_and_fails() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("late.nl");
    std::fs::write(&path, LATE).unwrap();
    let run = |design: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
        let command = command.args(["sim", design, "--cycles", "20", "--check-undefined"]);
        let output = command.output().expect("it runs");
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, text) = run(&path.display().to_string());
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("`y` depends on an undefined value in cycle 3:"), "{text}");
    let (code, text) = run("fifo");
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("no output was seen to depend"), "{text}");
}
