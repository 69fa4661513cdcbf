//! Registered designs are what their own Verilog says, read back through Yosys: proved equal, whole
//! memories included, and each proof is checked.

#[path = "../hdl/import/tests/common/mod.rs"]
mod common;

use common::{Outcome, compare, one_change_is_found, read_back, settled};
use olivine::netlist::Design;

/// Proved equal in every run.
const PROVED: &[&str] = &[
    "counter",
    "counter:limit=10",
    "counter:reset=sync_n",
    "counter:reset=async_n",
    "fifo",
    "fifo:width=16,depth=5",
    "skid_buffer",
    "round_robin",
    "round_robin:n=5",
    "uart_tx",
    "bf16_mac",
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
    "adder",
    "multiplier",
    "divider",
    "square_root",
    "register_file",
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
    "uart_rx",
    "pe",
    "array:array=2",
    "registered_fifo",
    "ram",
    "axi4_memory",
];

/// The whole chip, with all its memories, and with its serial line: proved equal too.
const CHIPS: &[&str] = &["peridot", "peridot_uart"];

fn load(name: &str) -> Design {
    let registry = olivine::designs::all();
    settled(&registry.load(name).unwrap_or_else(|e| panic!("{name}: {}", e.message)))
}

/// Each is proved equal to what its Verilog says.
fn all_proved(names: &[&str]) {
    for name in names {
        let design = load(name);
        match compare(&design, &read_back(&design), 240) {
            Outcome::Proved => {}
            Outcome::Lockstep(cycles) => panic!("{name} is not proved; it ran for {cycles} cycles"),
            Outcome::Different(report) => panic!("{name}: {report}"),
        }
    }
}

#[test]
fn blocks_are_proved_to_be_what_their_verilog_says() {
    all_proved(PROVED);
}

#[test]
fn chips_are_proved_to_be_what_their_verilog_says() {
    all_proved(CHIPS);
}

#[test]
fn one_change_before_writing_is_found() {
    for name in
        ["counter:limit=10", "fifo", "round_robin", "uart_tx", "ram", "registered_fifo", "pe"]
    {
        one_change_is_found(name, &load(name), 3);
    }
}

#[test]
fn the_list_names_every_design() {
    let registry = olivine::designs::all();
    let names = registry.entries().iter().map(|e| e.name);
    let listed = |name: &str| {
        let all = PROVED.iter().chain(CHIPS);
        all.map(|d| d.split(':').next().unwrap_or_default()).any(|first| first == name)
    };
    let missing: Vec<&str> = names.filter(|name| !listed(name)).collect();
    assert!(missing.is_empty(), "not read back: {missing:?}");
}
