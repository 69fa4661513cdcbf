//! Every registered design: real tools accept its Verilog, and all of its parameters count.

use olivine::emit::{Options, VERILATOR_WAIVERS, Verilog};
use olivine::netlist::Design;
use olivine_tools::{MissingTool, Tool, Tools};
use std::fs;
use std::process::Command;

/// Each design as it is by default, and small or odd ones beside it.
const OTHERS: &[&str] = &[
    "counter:limit=1",
    "counter:limit=10",
    "fifo:width=1,depth=1",
    "fifo:width=16,depth=5",
    "skid_buffer:width=1",
    "async_fifo:width=1,depth=2",
    "async_fifo:depth=16",
    "round_robin:n=1",
    "round_robin:n=5",
    "registered_fifo:width=1,depth=1",
    "registered_fifo:width=16,depth=5",
    "register_slice:cut=forward",
    "register_slice:cut=backward",
    "fork:n=1",
    "stream_mux:n=1",
    "stream_mux:n=3",
    "stream_demux:n=3",
    "width_converter:from=1,to=3",
    "width_converter:from=12,to=4",
    "width_converter:from=8,to=8",
    "packetizer:length=1",
    "credit_link:latency=0,credits=1",
    "fixed_priority:n=1",
    "weighted_round_robin:weights=1",
    "weighted_round_robin:weights=1-1",
    "priority_encoder:n=1",
    "priority_encoder:n=5",
    "one_hot_decoder:n=1",
    "one_hot_decoder:n=5",
    "one_hot_encoder:n=1",
    "one_hot_encoder:n=5",
    "barrel_shifter:width=1",
    "barrel_shifter:width=5,shift=right",
    "barrel_shifter:shift=arithmetic",
    "barrel_shifter:shift=rotate_left",
    "barrel_shifter:width=12,shift=rotate_right",
    "crc:kind=xmodem,width=3",
    "crc:kind=crc32c,width=64",
    "adder:how=native",
    "adder:how=ripple",
    "adder:width=32,how=carry_select",
    "adder:how=sklansky",
    "adder:width=1,how=kogge_stone",
    "adder:width=13,how=brent_kung",
    "multiplier:a=1,b=1",
    "multiplier:a=4,b=3,how=native",
    "multiplier:a=3,b=5,how=array",
    "multiplier:a=5,b=3,how=wallace",
    "divider:width=1",
    "divider:layout=pipelined",
    "square_root:digits=1",
    "square_root:layout=pipelined",
    "register_file:width=1,depth=1,reads=1",
    "register_file:depth=5,through=yes",
    "ram:ports=single,depth=1",
    "ram:ports=true_dual,depth=5",
    "cam:width=1,entries=1",
    "cam:entries=5",
    "uart_rx:divisor=1",
    "uart_tx:divisor=1",
    "axi_lite_manager:address=1,data=8",
    "axi4_manager:address=13,data=8,id=1",
    "axi4_manager:address=32,data=64",
    "axi4_memory:address=4,data=16,id=1",
    "axi_stream_pack:data=8",
    "axi_stream_unpack:data=8",
    "axi_stream_slice:data=8,cut=backward",
    "axi_lite_registers:registers=1",
    "apb_registers:registers=3,data=8",
    "wishbone_registers:registers=5,data=64",
    "timer:width=3",
    "spi_controller:width=1,mode=3,divisor=1",
    "spi_peripheral:width=3,mode=1",
    "array:array=2",
    "peridot:array=2",
    "peridot:array=4",
    "peridot_uart:array=4,divisor=25",
];

fn every_design() -> Vec<(String, Design)> {
    let registry = olivine::designs::all();
    let names = registry.entries().iter().map(|e| e.name);
    let load = |name: &str| {
        let design = registry.load(name).unwrap_or_else(|e| panic!("{name}: {}", e.message));
        (name.to_string(), design)
    };
    names.chain(OTHERS.iter().copied()).map(load).collect()
}

fn need(tool: Result<Tool, MissingTool>) -> Tool {
    tool.unwrap_or_else(|missing| panic!("{missing}"))
}

fn run(mut command: Command) -> (bool, String) {
    let output = command.output().expect("the tool starts");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn verilator_has_nothing_to_complain_of() {
    let verilator = need(Tools::find().verilator());
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("waivers.vlt"), VERILATOR_WAIVERS).expect("a file");
    for (name, design) in every_design() {
        let verilog = Verilog::new(&design, &Options::default());
        fs::write(folder.path().join("top.v"), &verilog.text).expect("a file");
        for formal in [&[][..], &["-DFORMAL"][..]] {
            let mut command = verilator.command();
            command.current_dir(&folder).args(["--lint-only", "-Wall"]).args(formal);
            command.args(["--top-module", &verilog.top, "waivers.vlt", "top.v"]);
            let (clean, said) = run(command);
            assert!(clean && !said.contains("%Warning"), "{name}: {said}");
        }
    }
}

#[test]
fn yosys_reads_it() {
    let pyosys = need(Tools::find().pyosys());
    let folder = tempfile::tempdir().expect("a folder");
    let mut script = String::from("from pyosys import libyosys as ys\n");
    let designs = every_design();
    for (i, (name, design)) in designs.iter().enumerate() {
        let verilog = Verilog::new(design, &Options::default());
        fs::write(folder.path().join(format!("{i}.v")), &verilog.text).expect("a file");
        script += &format!(
            "d = ys.Design()\nprint('reading {name}', flush=True)\n\
             ys.run_pass('tee -q -o {i}.log read_verilog -formal {i}.v', d)\n\
             ys.run_pass('tee -q -a {i}.log hierarchy -check -top {}', d)\n\
             ys.run_pass('tee -q -a {i}.log proc', d)\n\
             ys.run_pass('tee -q -a {i}.log check -assert', d)\n\
             print(*[l for l in open('{i}.log') if 'Warning' in l])\n",
            verilog.top
        );
    }
    fs::write(folder.path().join("read.py"), script).expect("a file");
    let mut command = pyosys.command();
    command.current_dir(&folder).arg("read.py");
    let (done, said) = run(command);
    // A memory of one word has an address without bits: Yosys makes it a register.
    let warned = said.lines().any(|l| l.contains("Warning") && !l.contains("Replacing memory"));
    assert!(done && !warned, "{said}");
    assert_eq!(said.matches("reading ").count(), designs.len(), "{said}");
}

#[test]
fn impossible_parameters_are_named() {
    let registry = olivine::designs::all();
    for (design, named) in [
        ("counter:limit=0", "`limit` cannot be 0"),
        ("fifo:depth=-1", "`depth` cannot be `-1`"),
        ("fifo:width=65537", "`width` cannot be 65537"),
        ("width_converter:from=3,to=4", "multiple"),
        ("adder:how=fast", "`how` cannot be `fast`; give one of native"),
        ("weighted_round_robin:weights=3,2", "`2` is not of the form"),
        ("weighted_round_robin:weights=3-x", "`weights` cannot be `3-x`"),
        ("weighted_round_robin:weights=0", "a weight of 0"),
        ("crc:width=65", "both must be 1 to 64"),
        ("array:array=3", "array = 3"),
        ("axi4_memory:data=24", "words of 24 bits"),
        ("apb_registers:address=4,registers=5", "reach 1 to 4"),
        ("spi_peripheral:mode=4", "`mode` cannot be 4"),
        ("async_fifo:depth=6", "`depth` must be a power of two"),
        ("pe:pe=fp8", "`pe` cannot be `fp8`"),
        ("uart_rx:baud=9600", "no parameter `baud`"),
    ] {
        let error = registry.load(design).expect_err(design);
        assert!(error.message.contains(named), "{design}: {}", error.message);
    }
}
