//! A one-bit fault in the array's RTL does not get past the tests, the proof or the
//! co-simulation; a plan with a planted fault fails, and its replay shows the same.

use olivine::cosim::Verilated;
use olivine::formal::{Options, Selection, Verdict, prove};
use olivine::interp::{Interp, Undefined, undefined_bits};
use olivine::lang::elaborate;
use olivine::netlist::{Design, Direction, DomainId, Mutation, PortId};
use olivine::peridot::chip::{Array, Pe, PeKind};
use olivine::sim::Lockstep;
use std::path::Path;
use std::process::{Command, Output};

/// The number of the fault that inverts the lowest bit of what an element passes on to the east.
fn fault(design: &Design) -> (usize, Mutation) {
    let wanted = |m: &Mutation| {
        let module = design.module(m.module);
        let text = &m.description;
        module.name.starts_with("pe") && text.contains("`a_next`") && text.contains("inverted")
    };
    let found = design.mutations().into_iter().enumerate().find(|(_, m)| wanted(m));
    found.expect("a one-bit fault in the path of an operand")
}

#[test]
fn the_proof_notices() {
    let design = elaborate(Pe { kind: PeKind::Bf16 { stages: 1 } }).expect("a valid design");
    // The other property speaks of the array's control, which one element alone has not.
    let name = "operands move on unchanged after one cycle";
    let options = Options { properties: Selection::Named(vec![name.into()]), ..Options::default() };
    prove(&design, &options).expect("a report").assert_proved();
    let (_, mutation) = fault(&design);
    let report = prove(&mutation.apply(&design), &options).expect("a report");
    let row = report.row(name).expect("the property");
    let Verdict::Violated(shown) = &row.verdict else { panic!("not noticed:\n{report}") };
    assert!(shown.trace.to_string().contains("a_next"), "the wave shows what is wrong");
}

/// Whether Verilator, running `verilog`'s Verilog, ever differs from the interpreter of `meaning`.
fn differs(verilog: &Design, meaning: &Design) -> bool {
    let model = Verilated::new(verilog).unwrap_or_else(|e| panic!("{e}"));
    let reference = Interp::new(meaning, Undefined::Zero);
    let mut both = Lockstep::new(model, reference).keep_going();
    use olivine::interp::Engine;
    let clock = DomainId(0);
    both.set_reset(clock, true);
    both.step(clock);
    both.set_reset(clock, false);
    let ports = meaning.top().ports.iter().enumerate();
    let inputs: Vec<_> = ports.filter(|(_, p)| p.direction == Direction::Input).collect();
    for cycle in 0..200 {
        for (index, port) in &inputs {
            let value = undefined_bits(1, &port.name, cycle, port.width);
            both.set(PortId(*index as u32), &value);
        }
        both.step(clock);
    }
    assert!(both.compared().0 > 0, "nothing was compared");
    both.difference().is_some()
}

#[test]
fn the_co_simulation_notices() {
    let design = elaborate(Array::bf16(2)).expect("a valid design");
    let (_, mutation) = fault(&design);
    assert!(!differs(&design, &design), "the design itself is simulated alike");
    assert!(differs(&mutation.apply(&design), &design), "the fault was not noticed");
}

fn olivine(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
    command.args(arguments).output().expect("the command starts")
}

/// Runs a plan of one bench in a folder; the exit code and what was printed.
fn regress(folder: &Path, seeds: u32, mutation: i64) -> (Option<i32>, String) {
    let plan = folder.join("plan.toml");
    let text = format!(
        "name = \"faults\"\n[[bench]]\nname = \"gemm\"\nseeds = {seeds}\n\
         parameters = {{ mutation = {mutation} }}\n"
    );
    std::fs::write(&plan, text).expect("a plan");
    let (plan, root) = (plan.display().to_string(), folder.join("runs").display().to_string());
    let output = olivine(&["regress", &plan, "--root", &root]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), text + &String::from_utf8_lossy(&output.stderr))
}

#[test]
fn the_tests_notice_and_the_replay_shows_it_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, text) = regress(folder.path(), 5, -1);
    assert_eq!(code, Some(0), "{text}");

    let design = olivine::benches::gemm_dut().expect("a valid design");
    let (number, _) = fault(&design);
    let (code, text) = regress(folder.path(), 5, number as i64);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("seed") && text.contains("replay"), "{text}");

    let id = text.split_whitespace().find(|w| w.starts_with("gemm-")).expect("a failed test");
    let root = folder.path().join("runs").display().to_string();
    let wave = folder.path().join("wave.vcd").display().to_string();
    let output = olivine(&["replay", id, "--root", &root, "--wave", &wave]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("the run came again exactly"), "{text}");
    assert!(std::fs::read_to_string(wave).expect("a wave").contains("$enddefinitions"));
}
