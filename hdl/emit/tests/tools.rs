//! That real tools accept the text: Verilator's lint without complaint, Yosys without warning.
//! Without the tools these tests fail; `scripts/setup` installs them.

use olivine_emit::{Options, Undefined, VERILATOR_WAIVERS, Verilog};
use olivine_netlist::Design;
use olivine_netlist::arbitrary::{self, design_from};
use olivine_tools::{MissingTool, Tool, Tools};
use std::fs;
use std::process::Command;

const DESIGNS: &[(&str, &str)] = &[
    ("counter", include_str!("designs/counter.nl")),
    ("operators", include_str!("designs/operators.nl")),
    ("memories", include_str!("designs/memories.nl")),
    ("grid", include_str!("designs/grid.nl")),
    ("machine", include_str!("designs/machine.nl")),
];

fn need(tool: Result<Tool, MissingTool>) -> Tool {
    tool.unwrap_or_else(|missing| panic!("{missing}"))
}

/// Random designs, the same ones every time, each with module names of its own.
fn random_designs(count: u32) -> Vec<(String, Design)> {
    let options = arbitrary::Options { operators: 30, ..arbitrary::Options::default() };
    let design = |seed: u32| {
        let mut state = seed;
        let choices: Vec<u32> = (0..300)
            .map(|_| {
                state = state.wrapping_mul(0x915f_77f5).wrapping_add(0x2545_f491);
                state.rotate_left(16)
            })
            .collect();
        let mut design = design_from(&choices, &options);
        design.modules.iter_mut().for_each(|m| m.name = format!("{}_{seed}", m.name));
        (format!("random_{seed}"), design)
    };
    (0..count).map(design).collect()
}

fn every_design() -> Vec<(String, Design)> {
    let parse = |(name, text): &(&str, &str)| (name.to_string(), Design::parse(text).unwrap());
    let mut designs: Vec<_> = DESIGNS.iter().map(parse).collect();
    designs.extend(random_designs(150));
    for (name, design) in &designs {
        assert_eq!(design.validate(), Ok(()), "{name}");
    }
    designs
}

fn options() -> [Options; 3] {
    [Undefined::Free, Undefined::Zero, Undefined::Unknown]
        .map(|undefined| Options { undefined, ..Options::default() })
}

fn run(mut command: Command) -> (bool, String) {
    let output = command.output().expect("the tool starts");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn verilator_has_nothing_to_complain_of() {
    let verilator = need(Tools::find().verilator());
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("waivers.vlt"), VERILATOR_WAIVERS).unwrap();
    for (name, design) in every_design() {
        for options in options() {
            let verilog = Verilog::new(&design, &options);
            fs::write(folder.path().join("top.v"), &verilog.text).unwrap();
            let mut command = verilator.command();
            command.current_dir(&folder).args(["--lint-only", "-Wall", "-DFORMAL", "--top-module"]);
            command.args([&verilog.top, "waivers.vlt", "top.v"]);
            let (clean, said) = run(command);
            assert!(clean && !said.contains("%Warning"), "{name}: {said}\n{}", verilog.text);
        }
    }
}

#[test]
fn verilator_complains_where_it_should() {
    let verilator = need(Tools::find().verilator());
    let folder = tempfile::tempdir().unwrap();
    let text = "module top (input wire [7:0] a, output wire [8:0] y);\nassign y = a;\nendmodule\n";
    fs::write(folder.path().join("waivers.vlt"), VERILATOR_WAIVERS).unwrap();
    fs::write(folder.path().join("top.v"), text).unwrap();
    let mut command = verilator.command();
    command.current_dir(&folder).args(["--lint-only", "-Wall", "waivers.vlt", "top.v"]);
    let (clean, said) = run(command);
    assert!(!clean && said.contains("WIDTHEXPAND"), "{said}");
}

#[test]
fn yosys_reads_it() {
    let pyosys = need(Tools::find().pyosys());
    let folder = tempfile::tempdir().unwrap();
    let mut script = String::from("from pyosys import libyosys as ys\n");
    for (i, (_, design)) in every_design().iter().enumerate() {
        let verilog = Verilog::new(design, &options()[i % 3]);
        fs::write(folder.path().join(format!("{i}.v")), &verilog.text).unwrap();
        script += &format!(
            "d = ys.Design()\nprint('design {i}', flush=True)\n\
             ys.run_pass('tee -q -o {i}.log read_verilog -formal {i}.v', d)\n\
             ys.run_pass('tee -q -a {i}.log prep -top {}', d)\n\
             ys.run_pass('tee -q -a {i}.log check -assert', d)\n\
             print(*[l for l in open('{i}.log') if 'Warning' in l])\n",
            verilog.top
        );
    }
    fs::write(folder.path().join("read.py"), script).unwrap();
    let mut command = pyosys.command();
    command.current_dir(&folder).arg("read.py");
    let (done, said) = run(command);
    // A memory that is addressed by constants only becomes registers, and Yosys says so.
    let warned = said.lines().any(|l| l.contains("Warning") && !l.contains("Replacing memory"));
    assert!(done && !warned, "{said}");
}
