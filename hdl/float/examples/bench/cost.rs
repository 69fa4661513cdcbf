//! What units cost: cells, depth, and time in simulation.

use crate::batch::{LANES, copies};
use crate::catalogue::units;
use crate::evidence::for_each;
use crate::tile::{SIZE, tile};
use olivine_emit::{Options, Verilog};
use olivine_float::{
    BlockDot, Divide, Element, Fma, Format, Iterative, Nvfp4Dot, Nvfp4Quantize, Quantize, Rounding,
    Times, ToScale,
};
use olivine_interp::{Engine, Interp, Undefined};
use olivine_lang::prelude::{Module, elaborate};
use olivine_netlist::{Design, Direction, PortId};
use olivine_sim::Compiled;
use olivine_tools::Tools;
use std::time::{Duration, Instant};

/// The costs of a unit.
pub struct Row {
    unit: &'static str,
    format: &'static str,
    /// Cells of an ECP5, by kind.
    cells: Vec<(String, u64)>,
    /// Levels of four-input tables from inputs to outputs.
    levels: u64,
    /// Results per second of the compiled simulator, many units side by side, and of the interpreter;
    /// not of units that take cycles.
    speed: Option<[f64; 2]>,
}

impl Row {
    fn count(&self, kind: &str) -> u64 {
        self.cells.iter().find(|(name, _)| name == kind).map_or(0, |(_, count)| *count)
    }

    /// Four-input tables, with two for each carry cell.
    fn tables(&self) -> u64 {
        self.count("LUT4") + 2 * self.count("CCU2C")
    }

    /// A line of the table.
    fn print(&self) {
        let Self { unit, format, levels, .. } = self;
        let (tables, multipliers) = (self.tables(), self.count("MULT18X18D"));
        let speed = self.speed.map_or("– | –".to_string(), |[simulated, interpreted]| {
            format!("{simulated:.2e} | {:.0}", simulated / interpreted)
        });
        println!("| {unit} | {format} | {tables} | {multipliers} | {levels} | {speed} |");
    }

    /// For the report.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "unit": self.unit, "format": self.format, "luts": self.tables(),
            "multipliers": self.count("MULT18X18D"), "levels": self.levels,
            "results_per_second": self.speed.map(|[simulated, _]| simulated),
            "against_interpreter": self.speed.map(|[simulated, interpreted]| simulated / interpreted),
        })
    }
}

/// What stands above the table.
const HEAD: &str = "
# What it costs

LUT4 and 18×18 multipliers of an ECP5 by Yosys, two LUT4 for each carry cell; levels of four-input tables;
results per second of the compiled simulator, and as a multiple of the interpreter's in the same run, of
units that give one in each cycle. Blocks are of 8 elements, as larger ones cost in proportion.

| unit | format | LUT4 | 18×18 | levels | results/s | against interpreter |
|---|---|---|---|---|---|---|";

/// A unit in a format.
type Costed = (&'static str, &'static str, Design);

fn costed(unit: &'static str, format: &'static str, module: impl Module) -> Costed {
    (unit, format, elaborate(module).expect("it is possible"))
}

/// Blocks of 8 and what takes cycles.
fn more() -> Vec<Costed> {
    let (size, rounding, from) = (8, Rounding::NearestEven, Format::FP32);
    let dot = |format, element| costed("block dot", format, BlockDot { element, size });
    let e4m3 = Element::Float(Format::E4M3);
    let single = Times { operand: from, result: from, rounding };
    let fma = Fma { operand: Format::BF16, sum: from, rounding };
    let divide = Divide { format: from, rounding };
    assert_eq!(SIZE, 8, "the square's edge");
    vec![
        dot("mxfp8 e4m3 ×8", e4m3),
        dot("mxfp4 e2m1 ×8", Element::Float(Format::E2M1)),
        dot("mxint8 ×8", Element::Int8),
        costed("block dot", "nvfp4 ×8", Nvfp4Dot { size }),
        costed("cast", "fp16→e8m0", ToScale { from: Format::FP16 }),
        costed("quantize", "fp32→mxfp8 e4m3 ×8", Quantize { from, element: e4m3, size, rounding }),
        costed("quantize", "fp32→nvfp4 ×8", Nvfp4Quantize { from, size, rounding }),
        ("quantize", "bf16→mxfp8 e4m3, a square of 8", tile()),
        costed("divide", "fp32", divide.clone()),
        costed(
            "divide",
            "fp32, a digit of 1 each cycle",
            Iterative { unit: divide.clone(), digit: 1 },
        ),
        costed("divide", "fp32, a digit of 2 each cycle", Iterative { unit: divide, digit: 2 }),
        costed(
            "multiply",
            "fp32, a digit of 1 each cycle",
            Iterative { unit: single.clone(), digit: 1 },
        ),
        costed("multiply", "fp32, a digit of 4 each cycle", Iterative { unit: single, digit: 4 }),
        costed(
            "fused add",
            "bf16→fp32, a digit of 2 each cycle",
            Iterative { unit: fma, digit: 2 },
        ),
    ]
}

/// The costs of every unit; quick of those that take seconds to synthesize.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    let large = |(unit, _, _): &Costed| ["quantize", "block dot"].contains(unit);
    let small = |(unit, format, _): &Costed| {
        let formats = ["fp32→bf16", "fp32→e4m3", "bf16", "e4m3→fp32", "bf16→fp32", "int8→int32"];
        let order = ["compare", "maximum"].contains(unit);
        order || (*unit != "fused add" && formats.contains(format))
    };
    let all = units().into_iter().map(|unit| (unit.name, unit.format, unit.design));
    // Of fp32 the scale is the field of the exponent: wires alone.
    let wires = |(_, format, _): &Costed| *format == "fp32→e8m0";
    let all = all.filter(|costed| !large(costed) && !wires(costed)).chain(more());
    let chosen: Vec<Costed> = all.filter(|costed| !quick || small(costed)).collect();
    println!("{HEAD}");
    for_each(&chosen, row, Row::print)
}

fn row((unit, format, design): &Costed) -> Result<Row, String> {
    let (cells, levels) = synthesize(design)?;
    let speed = design.top().domains.is_empty().then(|| {
        let copies = copies(design);
        let mut simulator = Compiled::new(&copies, Undefined::Zero);
        let mut interpreter = Interp::new(design, Undefined::Zero);
        [
            results_per_second(&mut simulator, &copies, LANES),
            results_per_second(&mut interpreter, design, 1),
        ]
    });
    Ok(Row { unit, format, cells, levels, speed })
}

const SCRIPT: &str = "from pyosys import libyosys as ys
d = ys.Design()
ys.run_pass('tee -q -o log read_verilog top.v', d)
ys.run_pass('tee -q -o log synth_ecp5 -top TOP', d)
ys.run_pass('tee -q -o cells stat', d)
d = ys.Design()
ys.run_pass('tee -q -o log read_verilog top.v', d)
ys.run_pass('tee -q -o log synth -flatten -lut 4 -top TOP', d)
ys.run_pass('tee -q -o levels ltp -noff', d)
";

/// Cells of an ECP5, and the levels of a mapping to tables alone.
fn synthesize(design: &Design) -> Result<(Vec<(String, u64)>, u64), String> {
    let pyosys = Tools::find().pyosys().map_err(|missing| missing.to_string())?;
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let verilog = Verilog::new(design, &Options::default());
    let script = SCRIPT.replace("TOP", &verilog.top);
    let write = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).map_err(|e| e.to_string())
    };
    write("top.v", &verilog.text)?;
    write("run.py", &script)?;
    let mut command = pyosys.command();
    let output = command.current_dir(&folder).arg("run.py").output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(format!("Yosys: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let read =
        |name: &str| std::fs::read_to_string(folder.path().join(name)).map_err(|e| e.to_string());
    let cell = |line: &str| {
        let (count, name) = line.trim().split_once(char::is_whitespace)?;
        let kinds = ["LUT4", "CCU2C", "MULT18X18D", "PFUMX", "L6MUX21", "TRELLIS_FF"];
        let kind = kinds.into_iter().find(|kind| *kind == name.trim())?;
        Some((kind.to_string(), count.parse().ok()?))
    };
    let cells: Vec<(String, u64)> = read("cells")?.lines().filter_map(cell).collect();
    let levels = read("levels")?;
    let length = levels.split("length=").nth(1).and_then(|rest| rest.split(')').next());
    let length = length.and_then(|length| length.parse().ok());
    let name = &design.top().name;
    if cells.is_empty() {
        return Err(format!("{name}: Yosys reports no cells"));
    }
    Ok((cells, length.ok_or_else(|| format!("{name}: Yosys reports no depth: {levels}"))?))
}

/// The least time that is measured.
const ENOUGH: Duration = Duration::from_millis(100);

/// New inputs, all outputs read, by an engine for a design of so many units.
fn results_per_second(engine: &mut impl Engine, design: &Design, units: usize) -> f64 {
    let of = |direction: Direction| -> Vec<PortId> {
        let ports = design.top().ports.iter().enumerate();
        let found = ports.filter(|(_, port)| port.direction == direction);
        found.map(|(index, _)| PortId(index as u32)).collect()
    };
    let (inputs, outputs) = (of(Direction::Input), of(Direction::Output));
    let (start, mut rounds) = (Instant::now(), 0u64);
    let mut value = 1u64;
    while start.elapsed() < ENOUGH {
        for port in &inputs {
            value = value.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
            engine.set_u64(*port, value >> 7);
        }
        for port in &outputs {
            std::hint::black_box(engine.get_u64(*port));
        }
        rounds += 1;
    }
    rounds as f64 * units as f64 / start.elapsed().as_secs_f64()
}
