//! That real tools accept the Verilog of every unit: Verilator's lint without complaint, Yosys
//! without warning. Without the tools these tests fail; `scripts/setup` installs them.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/catalogue.rs"]
mod catalogue;
#[path = "common/stimulus.rs"]
mod stimulus;

use olivine_emit::{Options, VERILATOR_WAIVERS, Verilog};
use olivine_float::{
    Cast, Element, Format, Lfsr, Nvfp4Dot, Nvfp4Quantize, Polynomial, Quantize, QuantizeTile,
    Rounding,
};
use olivine_lang::elaborate;
use olivine_netlist::Design;
use olivine_tools::{MissingTool, Tool, Tools};
use std::fs;
use std::process::Command;

fn need(tool: Result<Tool, MissingTool>) -> Tool {
    tool.unwrap_or_else(|missing| panic!("{missing}"))
}

/// The catalogue, and what it leaves out: registers, and random numbers for each element.
fn designs() -> Vec<Design> {
    let mut all: Vec<Design> = catalogue::units().into_iter().map(|unit| unit.design).collect();
    let lfsr = Lfsr { polynomial: Polynomial::Degree32, steps: 16 };
    let by_chance = Rounding::Stochastic { bits: 8 };
    let element = Element::Float(Format::E2M1);
    let quantize = Quantize { from: Format::BF16, element, size: 4, rounding: by_chance };
    let tile = QuantizeTile { quantize: quantize.clone() };
    let nvfp4 = Nvfp4Quantize { from: Format::BF16, size: 4, rounding: by_chance };
    let narrow = Cast::new(Format::E2M1, Format::E4M3).rounding(by_chance);
    all.extend([elaborate(lfsr), elaborate(quantize), elaborate(narrow)].map(Result::unwrap));
    all.extend([elaborate(nvfp4), elaborate(Nvfp4Dot { size: 16 })].map(Result::unwrap));
    all.extend([elaborate(tile)].map(Result::unwrap));
    all
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
    for design in designs() {
        let verilog = Verilog::new(&design, &Options::default());
        fs::write(folder.path().join("top.v"), &verilog.text).unwrap();
        let mut command = verilator.command();
        command.current_dir(&folder).args(["--lint-only", "-Wall", "-DFORMAL", "--top-module"]);
        command.args([&verilog.top, "waivers.vlt", "top.v"]);
        let (clean, said) = run(command);
        assert!(clean && !said.contains("%Warning"), "{}: {said}", design.top().name);
    }
}

#[test]
fn yosys_reads_it() {
    let pyosys = need(Tools::find().pyosys());
    let folder = tempfile::tempdir().unwrap();
    let mut script = String::from("from pyosys import libyosys as ys\n");
    let designs = designs();
    for (i, design) in designs.iter().enumerate() {
        let verilog = Verilog::new(design, &Options::default());
        fs::write(folder.path().join(format!("{i}.v")), &verilog.text).unwrap();
        script += &format!(
            "d = ys.Design()\n\
             ys.run_pass('tee -q -o {i}.log read_verilog -formal {i}.v', d)\n\
             ys.run_pass('tee -q -a {i}.log hierarchy -check -top {}', d)\n\
             ys.run_pass('tee -q -a {i}.log proc', d)\n\
             ys.run_pass('tee -q -a {i}.log check -assert', d)\n\
             print('{i}', *[l for l in open('{i}.log') if 'Warning' in l], flush=True)\n",
            verilog.top
        );
    }
    fs::write(folder.path().join("read.py"), script).unwrap();
    let mut command = pyosys.command();
    command.current_dir(&folder).arg("read.py");
    let (done, said) = run(command);
    assert!(done && !said.contains("Warning"), "{said}");
    let read = said.lines().filter(|line| line.trim().parse::<usize>().is_ok()).count();
    assert_eq!(read, designs.len(), "{said}");
}
