//! That real tools accept the text: Verilator's lint without complaint, Yosys without warning.
//! Without the tools these tests fail; `scripts/setup` installs them.

use olivine_emit::{Options, Undefined, VERILATOR_WAIVERS, Verilog};
use olivine_netlist::Design;
use olivine_netlist::arbitrary::{self, design_from, with_resets};
use olivine_tools::{MissingTool, Tool, Tools};
use std::fs;
use std::process::Command;

const DESIGNS: &[(&str, &str)] = &[
    ("counter", include_str!("designs/counter.nl")),
    ("operators", include_str!("designs/operators.nl")),
    ("memories", include_str!("designs/memories.nl")),
    ("grid", include_str!("designs/grid.nl")),
    ("machine", include_str!("designs/machine.nl")),
    ("ripple", include_str!("designs/ripple.nl")),
    ("resets", include_str!("designs/resets.nl")),
    ("endless", include_str!("designs/endless.nl")),
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
        let mut design = with_resets(design_from(&choices, &options), u64::from(seed));
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

/// A memory of 512 words with one read port, and the ECP5 cells that Yosys makes of it.
fn ecp5_cells(read: &str) -> Vec<(String, u32)> {
    let text = format!(
        "netlist 1\ntop mem\nmodule mem {{\n  domain rising\n  input read : bits 9\n  \
         input address : bits 9\n  input data : bits 16\n  input enable : bit\n  \
         output out : bits 16 = %4\n  memory ram : bits 16 x 512\n    read {read}\n    \
         write address data when enable\n  %0 : 9 = input read\n  %1 : 9 = input address\n  \
         %2 : 16 = input data\n  %3 : 1 = input enable\n  %4 : 16 = read ram 0\n}}\n"
    );
    let design = Design::parse(&text).unwrap();
    assert_eq!(design.validate(), Ok(()));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mem.v"), olivine_emit::emit(&design)).unwrap();
    let script = "from pyosys import libyosys as ys\nd = ys.Design()\n\
                  ys.run_pass('tee -q -o log read_verilog mem.v', d)\n\
                  ys.run_pass('tee -q -o log synth_ecp5 -top mem', d)\n\
                  ys.run_pass('tee -q -o stat stat', d)\n";
    let mut command = need(Tools::find().pyosys()).command();
    command.current_dir(&folder).args(["-c", script]);
    let (done, said) = run(command);
    assert!(done, "{said}");
    let report = fs::read_to_string(folder.path().join("stat")).unwrap();
    let cell = |line: &str| {
        let (count, name) = line.trim().split_once(char::is_whitespace)?;
        let name = name.trim();
        let is_cell =
            name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        Some((name.to_string(), count.parse().ok()?)).filter(|_| is_cell)
    };
    report.lines().filter_map(cell).collect()
}

#[test]
fn yosys_infers_memories() {
    let count = |cells: &[(String, u32)], name: &str| {
        cells.iter().find(|(n, _)| n == name).map_or(0, |(_, count)| *count)
    };
    let free = ecp5_cells("sync read collision undefined");
    assert_eq!(free, [("DP16KD".to_string(), 1)], "an undefined collision costs nothing");
    for collision in ["old", "new"] {
        let cells = ecp5_cells(&format!("sync read collision {collision}"));
        assert_eq!(count(&cells, "DP16KD"), 1, "{collision}: {cells:?}");
        assert!(count(&cells, "TRELLIS_FF") < 60, "{collision}: {cells:?}");
    }
    let cells = ecp5_cells("async read");
    assert_eq!(count(&cells, "DP16KD"), 0, "{cells:?}");
    assert_eq!(count(&cells, "TRELLIS_DPR16X4"), 128, "{cells:?}");
}

/// Whether Yosys proves all assertions of a counter, by induction from its reset on.
fn proved_by_yosys(counter: &str) -> bool {
    let design = Design::parse(counter).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("top.v"), olivine_emit::emit(&design)).unwrap();
    let script = "from pyosys import libyosys as ys\nd = ys.Design()\n\
                  ys.run_pass('read_verilog -formal -DFORMAL top.v; prep -top counter', d)\n\
                  ys.run_pass('async2sync; chformal -cover -remove; chformal -lower', d)\n\
                  ys.run_pass('select -assert-count 1 t:$assert', d)\n\
                  ys.run_pass('sat -prove-asserts -tempinduct -seq 1 -set-at 1 rst 1', d)\n";
    let mut command = need(Tools::find().pyosys()).command();
    command.current_dir(&folder).args(["-c", script]);
    let (done, said) = run(command);
    assert!(done, "{said}");
    let [proved, refuted] = ["Induction step proven: SUCCESS!", "model found for base case: FAIL!"]
        .map(|line| said.contains(line));
    assert!(proved != refuted, "{said}");
    proved
}

#[test]
fn assertions_reach_yosys() {
    let counter = include_str!("designs/counter.nl");
    assert!(proved_by_yosys(counter));
    let limit = "%11 : 2 = 2'h3";
    assert!(counter.contains(limit));
    assert!(!proved_by_yosys(&counter.replace(limit, "%11 : 2 = 2'h2")));
}
