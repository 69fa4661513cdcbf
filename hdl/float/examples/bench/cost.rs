//! What units cost: cells, depth, and time in simulation.

use crate::batch::{LANES, copies};
use crate::catalogue::{Unit, units};
use olivine_emit::{Options, Verilog};
use olivine_interp::{Engine, Interp, Undefined};
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
    /// Results per second of the compiled simulator, many units side by side.
    simulated: f64,
    /// Those of the interpreter.
    interpreted: f64,
}

impl Row {
    fn count(&self, kind: &str) -> u64 {
        self.cells.iter().find(|(name, _)| name == kind).map_or(0, |(_, count)| *count)
    }

    /// Four-input tables, with two for each carry cell.
    fn tables(&self) -> u64 {
        self.count("LUT4") + 2 * self.count("CCU2C")
    }

    /// For the report.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "unit": self.unit, "format": self.format, "luts": self.tables(),
            "multipliers": self.count("MULT18X18D"), "levels": self.levels,
            "results_per_second": self.simulated,
            "against_interpreter": self.simulated / self.interpreted,
        })
    }
}

/// The head of the table.
pub fn print_head() {
    println!("\n| unit | format | LUT4 | 18×18 | levels | results/s | against interpreter |");
    println!("|---|---|---|---|---|---|---|");
}

/// The costs of every unit; quick of those that take seconds to synthesize.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    let small = |unit: &Unit| {
        let formats = ["fp32→bf16", "fp32→e4m3", "bf16", "e4m3→fp32", "bf16→fp32", "int8→int32"];
        let order = ["compare", "maximum"].contains(&unit.name);
        order || (unit.name != "fused add" && formats.contains(&unit.format))
    };
    units().iter().filter(|unit| !quick || small(unit)).map(row).collect()
}

fn row(unit: &Unit) -> Result<Row, String> {
    let (cells, levels) = synthesize(&unit.design)?;
    let copies = copies(&unit.design);
    let mut simulator = Compiled::new(&copies, Undefined::Zero);
    let mut interpreter = Interp::new(&unit.design, Undefined::Zero);
    let row = Row {
        unit: unit.name,
        format: unit.format,
        cells,
        levels,
        simulated: results_per_second(&mut simulator, &copies, LANES),
        interpreted: results_per_second(&mut interpreter, &unit.design, 1),
    };
    println!(
        "| {} | {} | {} | {} | {levels} | {:.2e} | {:.0} |",
        row.unit,
        row.format,
        row.tables(),
        row.count("MULT18X18D"),
        row.simulated,
        row.simulated / row.interpreted
    );
    Ok(row)
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
