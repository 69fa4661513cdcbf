//! What a design becomes on an ECP5-85F, by Yosys and nextpnr.
#![allow(dead_code)] // The test and the example take what they need of it.

use olivine_emit::{Options, Verilog};
use olivine_float::{Element, Format};
use olivine_lang::prelude::*;
use olivine_peridot::chip::{Array, Pe, PeKind};
use olivine_tools::{Tool, Tools};
use std::path::Path;
use std::process::Command;

/// An array whose edges are loaded from a shift register, so that its inputs need no pins. (Were
/// they the shift register itself, Yosys would take its bits for registers of the array, too.)
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct OnPins {
    /// The array.
    pub array: Array,
}

#[derive(Ports)]
pub struct OnPinsPorts {
    serial: In<Bit>,
    load: In<Bit>,
    drained: Out<Bit>,
    result: Out<Vec<Unsigned>>,
}

impl Module for OnPins {
    type Ports = OnPinsPorts;

    fn ports(&self) -> OnPinsPorts {
        let result = vec![self.array.kind.sum(); self.array.size];
        OnPinsPorts { serial: bit(), load: bit(), drained: bit(), result }
    }

    fn build(&self, p: OnPinsPorts) {
        let array = instance(self.array.clone(), "array");
        let edges = (array.step, array.a.clone(), array.b.clone());
        let shape = edges.as_bits().shape();
        let chain = reg(shape);
        chain.set(cat((p.serial, chain.truncate(chain.width() - 1))));
        let held = reg(chain.shape());
        when(p.load, || held.set(chain));
        let (step, a, b) = edges.shape().unpack(held);
        array.step.drive(step);
        array.a.drive(a);
        array.b.drive(b);
        p.drained.drive(array.drained);
        p.result.drive(array.result.clone());
    }
}

/// The kinds of which reports are kept, and what an element of each may cost in a 4×4 array.
pub const KINDS: [Bound; 3] = [
    Bound { name: "int8", kind: PeKind::Int8, tables: 92.0, multipliers: 1.0, mhz: 140.0 },
    Bound {
        name: "bf16, 5 sums",
        kind: PeKind::Bf16 { stages: 5 },
        tables: 800.0,
        multipliers: 1.0,
        mhz: 80.0,
    },
    Bound {
        name: "mxfp8 e4m3",
        kind: PeKind::Mx(Element::Float(Format::E4M3)),
        tables: 260.0,
        multipliers: 0.0,
        mhz: 100.0,
    },
];

/// What an element may cost, and how fast it must be.
pub struct Bound {
    /// For the table.
    pub name: &'static str,
    /// Which elements.
    pub kind: PeKind,
    /// At most so many tables for each.
    pub tables: f64,
    /// At most so many multipliers for each.
    pub multipliers: f64,
    /// At least so fast.
    pub mhz: f64,
}

/// Cells of one element after synthesis: tables, two for each carry cell among them, flip-flops
/// and multipliers.
pub fn element(kind: PeKind) -> Result<[u64; 3], String> {
    let design = elaborate(Pe { kind }).map_err(|faults| faults.to_string())?;
    let folder = folder()?;
    synthesize(&design, kind, folder.path())?;
    let text = std::fs::read_to_string(folder.path().join("cells")).map_err(|e| e.to_string())?;
    let count = |kind: &str| -> u64 {
        let cell = |line: &str| {
            let (count, name) = line.trim().split_once(char::is_whitespace)?;
            (name.trim() == kind).then(|| count.parse().ok())?
        };
        text.lines().find_map(cell).unwrap_or(0)
    };
    let tables = count("LUT4") + 2 * count("CCU2C");
    if tables == 0 {
        return Err(format!("{}: Yosys counts no cells", kind.tag()));
    }
    Ok([tables, count("TRELLIS_FF"), count("MULT18X18D")])
}

/// What nextpnr measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Four-input tables, carry cells among them.
    pub tables: u64,
    /// Flip-flops.
    pub registers: u64,
    /// 18×18 multipliers.
    pub multipliers: u64,
    /// The fastest clock.
    pub mhz: f64,
}

/// Synthesizes, places and routes an array.
pub fn array(array: Array, mhz: f64, seed: u32) -> Result<Report, String> {
    let kind = array.kind;
    let design = elaborate(OnPins { array }).map_err(|faults| faults.to_string())?;
    let folder = folder()?;
    synthesize(&design, kind, folder.path())?;
    let nextpnr = Tools::find().fpga_program("nextpnr-ecp5").map_err(|e| e.to_string())?;
    std::fs::write(folder.path().join("pins.lpf"), "").map_err(|e| e.to_string())?;
    run(&nextpnr, folder.path(), |command| {
        command.args(["--85k", "--package", "CABGA756", "--speed", "6", "--lpf", "pins.lpf"]);
        command.args(["--lpf-allow-unconstrained", "--timing-allow-fail", "--json"]);
        command.args(["netlist.json", "--report", "report.json", "--freq", &mhz.to_string()]);
        // More than its default of 10: the multipliers' ways decide, not the length of all wires.
        command.args(["--placer-heap-timingweight", "30"]);
        command.args(["--seed", &seed.to_string()])
    })?;
    let text = std::fs::read_to_string(folder.path().join("report.json"));
    read(&text.map_err(|e| e.to_string())?)
}

/// Not in /tmp, which programs in WebAssembly see as a folder of their own.
fn folder() -> Result<tempfile::TempDir, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let place = program.parent().ok_or("the program is in no folder")?;
    tempfile::tempdir_in(place).map_err(|e| e.to_string())
}

const SYNTHESIS: &str = "from pyosys import libyosys as ys
d = ys.Design()
ys.run_pass('tee -q -o log read_verilog top.v', d)
ys.run_pass('tee -q -o log synth_ecp5 FLAGS -top TOP -json netlist.json', d)
ys.run_pass('tee -q -o cells stat', d)
";

/// Tables of four inputs alone are smaller than joined ones, and as fast here. Products of four
/// bits are too small for a multiplier.
fn synthesize(design: &Design, kind: PeKind, folder: &Path) -> Result<(), String> {
    let pyosys = Tools::find().pyosys().map_err(|missing| missing.to_string())?;
    let verilog = Verilog::new(design, &Options::default());
    let flags = match kind {
        PeKind::Mx(Element::Float(_)) => "-nowidelut -nodsp",
        _ => "-nowidelut",
    };
    let script = SYNTHESIS.replace("FLAGS", flags).replace("TOP", &verilog.top);
    let write =
        |name: &str, text: &str| std::fs::write(folder.join(name), text).map_err(|e| e.to_string());
    write("top.v", &verilog.text)?;
    write("run.py", &script)?;
    run(&pyosys, folder, |command| command.arg("run.py"))
}

fn run(
    tool: &Tool,
    folder: &Path,
    arguments: impl FnOnce(&mut Command) -> &mut Command,
) -> Result<(), String> {
    let mut command = tool.command();
    arguments(command.current_dir(folder));
    let output = command.output().map_err(|e| format!("{}: {e}", tool.name()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = text.lines().rev().take(5).collect();
    Err(format!("{} failed: {}", tool.name(), last.join("\n")))
}

/// Reads nextpnr's report. One that counts nothing is a fault.
fn read(text: &str) -> Result<Report, String> {
    let json: serde_json::Value = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let used = |kind: &str| json["utilization"][kind]["used"].as_u64();
    let clocks = json["fmax"].as_object().ok_or("the report has no clocks")?;
    let fastest = clocks.values().filter_map(|clock| clock["achieved"].as_f64());
    let report = Report {
        tables: used("TRELLIS_COMB").ok_or("the report counts no tables")?,
        registers: used("TRELLIS_FF").ok_or("the report counts no registers")?,
        multipliers: used("MULT18X18D").unwrap_or(0),
        mhz: fastest.fold(f64::INFINITY, f64::min),
    };
    if report.tables == 0 || !report.mhz.is_finite() {
        return Err(format!("nothing was measured: {report:?}"));
    }
    Ok(report)
}
