//! What the blocks cost on two FPGA families, kept in `hdl/blocks/SYNTHESIS.md`.
//!
//! The test synthesizes a few blocks and compares their lines with the file; with the variable
//! `OLIVINE_SYNTHESIS` set to `write`, it synthesizes all of them and writes the file:
//!
//! ```text
//! OLIVINE_SYNTHESIS=write cargo test --release -p olivine --test synthesis
//! ```

use olivine_tools::Tools;
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Every block of the registry, in sizes that show how it grows.
const BLOCKS: &[&str] = &[
    "counter",
    "counter:limit=10",
    "counter:reset=sync_n",
    "counter:reset=async_n",
    "fifo",
    "fifo:width=32,depth=64",
    "skid_buffer",
    "skid_buffer:width=32",
    "round_robin",
    "round_robin:n=16",
    "uart_rx",
    "uart_tx",
    "registered_fifo",
    "register_slice",
    "fork",
    "join",
    "stream_mux",
    "stream_demux",
    "width_converter",
    "packetizer",
    "credit_link",
    "fixed_priority",
    "weighted_round_robin",
    "priority_encoder",
    "one_hot_decoder",
    "one_hot_encoder",
    "barrel_shifter",
    "crc",
    "adder:how=kogge_stone",
    "adder:how=brent_kung",
    "adder:how=native",
    "multiplier:how=wallace",
    "multiplier:how=booth",
    "divider",
    "divider:layout=pipelined",
    "square_root",
    "register_file",
    "ram",
    "cam",
    "synchronizer",
    "reset_synchronizer",
    "async_reset_synchronizer",
    "handshake",
    "async_fifo",
    "axi_lite_manager",
    "apb_manager",
    "wishbone_manager",
    "axi4_manager",
    "axi4_memory",
    "axi_stream_pack",
    "axi_stream_unpack",
    "axi_stream_slice",
    "axi_lite_registers",
    "apb_registers",
    "wishbone_registers",
    "csr_bank",
    "timer",
    "spi_controller",
    "spi_peripheral",
    "i2c_manager",
    "i2c_subordinate",
    "lfsr",
    "counter_random",
];

/// What the test looks at.
const QUICK: &[&str] = &["counter", "skid_buffer", "round_robin"];

const FAMILIES: [(&str, &str); 2] = [("ECP5", "synth_ecp5"), ("iCE40", "synth_ice40")];

fn file() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("hdl/blocks/SYNTHESIS.md")
}

/// `| block | family | cells |` for each block and family.
fn lines(blocks: &[&str]) -> Vec<String> {
    let registry = olivine::designs::all();
    let folder = tempfile::tempdir().expect("a folder");
    let mut script = String::from("from pyosys import libyosys as ys\n");
    for (index, name) in blocks.iter().enumerate() {
        let design = registry.load(name).unwrap_or_else(|e| panic!("{name}: {}", e.message));
        let verilog = olivine::emit::emit(&design);
        fs::write(folder.path().join(format!("{index}.v")), verilog).expect("a file");
        for (family, synth) in FAMILIES {
            let top = &design.top().name;
            write!(
                script,
                "d = ys.Design()\n\
                 ys.run_pass('tee -q -o log read_verilog {index}.v', d)\n\
                 ys.run_pass('tee -q -o log {synth} -top {top}', d)\n\
                 ys.run_pass('tee -q -o {index}.{family} stat -json', d)\n"
            )
            .expect("a string");
        }
    }
    fs::write(folder.path().join("synth.py"), script).expect("a file");
    let pyosys = Tools::find().pyosys().unwrap_or_else(|missing| panic!("{missing}"));
    let output = pyosys.command().current_dir(&folder).arg("synth.py").output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut lines = Vec::new();
    for (index, name) in blocks.iter().enumerate() {
        for (family, _) in FAMILIES {
            let path = folder.path().join(format!("{index}.{family}"));
            let stat = fs::read_to_string(path).expect("a report");
            lines.push(format!("| `{name}` | {family} | {} |", cells(&stat)));
        }
    }
    lines
}

/// Cells by type, by name.
fn cells(stat: &str) -> String {
    let stat: Value = serde_json::from_str(stat).expect("JSON");
    let cells = stat.pointer("/design/num_cells_by_type").and_then(Value::as_object);
    let cells = cells.unwrap_or_else(|| panic!("no cells in {stat}"));
    let mut cells: Vec<String> = cells.iter().map(|(name, n)| format!("{name} {n}")).collect();
    cells.sort();
    cells.join(", ")
}

#[test]
fn blocks_cost_what_is_kept() {
    if std::env::var("OLIVINE_SYNTHESIS").as_deref() == Ok("write") {
        let yosys = Tools::find().pyosys().ok().and_then(|t| t.version()).unwrap_or_default();
        let head = format!(
            "# What the blocks cost\n\nCells after synthesis by Yosys {yosys}, kept so that a change \
             shows. Written by\n`OLIVINE_SYNTHESIS=write cargo test --release -p olivine --test \
             synthesis`.\n\n| design | family | cells |\n|---|---|---|\n"
        );
        fs::write(file(), head + &lines(BLOCKS).join("\n") + "\n").expect("a file");
    }
    let kept = fs::read_to_string(file()).expect("hdl/blocks/SYNTHESIS.md");
    for line in lines(QUICK) {
        assert!(kept.lines().any(|l| l == line), "not what is kept: {line}");
    }
}

#[test]
fn every_block_is_kept() {
    let kept = fs::read_to_string(file()).expect("hdl/blocks/SYNTHESIS.md");
    for block in BLOCKS {
        let count = kept.matches(&format!("| `{block}` |")).count();
        assert_eq!(count, FAMILIES.len(), "{block}");
    }
}
