//! The designs of this repository, by name: what `olivine list` shows.

use crate::exit::CommandError;
use crate::registry::{Arguments, Parameter, Registry};
use crate::train::chip_config;
use olivine_blocks::bus::csr::{CsrBank, CsrField, CsrRegister, RegisterMap};
use olivine_blocks::bus::{
    ApbFront, ApbManager, Axi4Manager, Axi4Memory, AxiLiteFront, AxiLiteManager, AxiStreamPack,
    RegisterBank, WishboneFront, WishboneManager,
};
use olivine_blocks::serial::{SpiController, SpiMode, SpiPeripheral, Timer};
use olivine_blocks::{Counter, Fifo, RoundRobin, SkidBuffer, UartRx, UartTx};
use olivine_lang::{Module, elaborate, unsigned};
use olivine_netlist::Design;
use olivine_peridot::chip::{Array, Pe};
use olivine_peridot::{Peridot, PeridotConfig, PeridotUart};

const ARRAY: Parameter =
    Parameter { name: "array", default: "8", summary: "rows and columns, a power of two" };
const PE: Parameter = Parameter {
    name: "pe",
    default: "bf16",
    summary: "format of the factors: bf16, summed in fp32",
};
const WIDTH: Parameter = Parameter { name: "width", default: "8", summary: "bits of a word" };
const DEPTH: Parameter = Parameter { name: "depth", default: "4", summary: "words it holds" };
const LIMIT: Parameter =
    Parameter { name: "limit", default: "256", summary: "counts from 0 to one less" };
const REQUESTERS: Parameter = Parameter { name: "n", default: "4", summary: "requesters" };
const DIVISOR: Parameter = Parameter {
    name: "divisor",
    default: "217",
    summary: "cycles of a bit on the line: clock frequency over baud rate",
};

const ADDRESS: Parameter =
    Parameter { name: "address", default: "8", summary: "bits of an address" };
const DATA: Parameter =
    Parameter { name: "data", default: "32", summary: "bits of a word, a power of two of bytes" };
const ID: Parameter = Parameter { name: "id", default: "2", summary: "bits of identification" };
const MODE: Parameter = Parameter { name: "mode", default: "0", summary: "of SPI, 0 to 3" };
const SPI: &[Parameter] = &[WIDTH, MODE, Parameter { default: "4", ..DIVISOR }];
const REGISTERS: Parameter = Parameter { name: "registers", default: "4", summary: "words" };

/// Every design of this repository.
pub fn all() -> Registry {
    chips(serial(buses(blocks(Registry::empty()))))
}

fn blocks(registry: Registry) -> Registry {
    registry
        .design("counter", "counts the cycles with enable, and wraps", &[LIMIT], |a| {
            finish(Counter { limit: positive(a, LIMIT)? })
        })
        .design("fifo", "words wait in order, show-ahead", &[WIDTH, DEPTH], |a| {
            let of = unsigned(positive(a, WIDTH)? as u32);
            finish(Fifo { of, depth: positive(a, DEPTH)? as usize })
        })
        .design("skid_buffer", "cuts a stream's paths both ways, at full rate", &[WIDTH], |a| {
            finish(SkidBuffer { of: unsigned(positive(a, WIDTH)? as u32) })
        })
        .design("round_robin", "grants one of n requesters, each in its turn", &[REQUESTERS], |a| {
            finish(RoundRobin { n: positive(a, REQUESTERS)? as u32 })
        })
        .design("uart_rx", "receives bytes from a serial line, 8N1", &[DIVISOR], |a| {
            finish(UartRx { divisor: positive(a, DIVISOR)? as u32 })
        })
        .design("uart_tx", "sends bytes on a serial line, 8N1", &[DIVISOR], |a| {
            finish(UartTx { divisor: positive(a, DIVISOR)? as u32 })
        })
}

/// Buses: managers, and what stands behind them. Registers are on each bus under its name.
fn buses(registry: Registry) -> Registry {
    let bank = |a: &Arguments| Ok::<_, CommandError>(positive(a, REGISTERS)? as usize);
    let registry = registry
        .design(
            "axi_lite_manager",
            "makes AXI4-Lite transfers of commands",
            &[ADDRESS, DATA],
            |a| finish(AxiLiteManager { address: bits(a, ADDRESS)?, data: bits(a, DATA)? }),
        )
        .design("apb_manager", "makes APB transfers of commands", &[ADDRESS, DATA], |a| {
            finish(ApbManager { address: bits(a, ADDRESS)?, data: bits(a, DATA)? })
        })
        .design("wishbone_manager", "makes Wishbone transfers of commands", &[ADDRESS, DATA], |a| {
            finish(WishboneManager { address: bits(a, ADDRESS)?, data: bits(a, DATA)? })
        })
        .design("axi4_manager", "moves words in AXI4 bursts", &[ADDRESS, DATA, ID], |a| {
            let (address, data, id) = (bits(a, ADDRESS)?, bits(a, DATA)?, bits(a, ID)?);
            finish(Axi4Manager { address, data, id })
        })
        .design("axi4_memory", "a memory behind AXI4", &[ADDRESS, DATA, ID], |a| {
            let (address, data, id) = (bits(a, ADDRESS)?, bits(a, DATA)?, bits(a, ID)?);
            finish(Axi4Memory { address, data, id })
        })
        .design("axi_stream_pack", "packs bytes into words of an AXI-Stream", &[DATA], |a| {
            finish(AxiStreamPack { data: bits(a, DATA)? })
        });
    let sizes = &[ADDRESS, DATA, REGISTERS];
    registry
        .design("axi_lite_registers", "words behind AXI4-Lite", sizes, move |a| {
            let bus = AxiLiteFront { address: bits(a, ADDRESS)?, data: bits(a, DATA)? };
            finish(RegisterBank { bus, registers: bank(a)? })
        })
        .design("apb_registers", "words behind APB", sizes, move |a| {
            let bus = ApbFront { address: bits(a, ADDRESS)?, data: bits(a, DATA)? };
            finish(RegisterBank { bus, registers: bank(a)? })
        })
        .design("wishbone_registers", "words behind Wishbone", sizes, move |a| {
            let bus = WishboneFront { address: bits(a, ADDRESS)?, data: bits(a, DATA)? };
            finish(RegisterBank { bus, registers: bank(a)? })
        })
        .design("csr_bank", "registers of a description behind AXI4-Lite", &[], |_| {
            let bus = AxiLiteFront { address: 4, data: 32 };
            finish(CsrBank { bus, map: example_map() })
        })
}

/// Serial lines and time.
fn serial(registry: Registry) -> Registry {
    registry
        .design("timer", "one-shot and periodic events, pulses of variable width", &[WIDTH], |a| {
            finish(Timer { prescale: 8, width: bits(a, WIDTH)? })
        })
        .design("spi_controller", "sends and receives words over SPI", SPI, |a| {
            let (mode, bits) = (spi_mode(a)?, bits(a, WIDTH)?);
            finish(SpiController { mode, bits, divisor: positive(a, DIVISOR)? as u32 })
        })
        .design("spi_peripheral", "the other end of SPI", &[WIDTH, MODE], |a| {
            finish(SpiPeripheral { mode: spi_mode(a)?, bits: bits(a, WIDTH)? })
        })
}

fn spi_mode(arguments: &Arguments) -> Result<SpiMode, CommandError> {
    let mode: usize = arguments.get(MODE.name)?;
    SpiMode::ALL.get(mode).copied().ok_or_else(|| {
        CommandError::usage(format!("parameter `mode` cannot be {mode}; give one from 0 to 3"))
    })
}

/// A register with a field of every kind.
fn example_map() -> RegisterMap {
    let control = CsrRegister::new("control", 0, "What it does.")
        .field(CsrField::read_write("enable", 0, 1).doc("It runs."))
        .field(CsrField::pulse("restart", 1, 1).doc("Begins again."))
        .field(CsrField::read_write("prescale", 8, 8).reset(1).doc("Cycles of a tick."));
    let status = CsrRegister::new("status", 4, "What happened.")
        .field(CsrField::write_one_to_clear("events", 0, 4).doc("Ends of a run."))
        .field(CsrField::read_only("busy", 8, 1).doc("It runs now."));
    let seen = CsrRegister::new("seen", 8, "What came since the last look.")
        .field(CsrField::read_to_clear("edges", 0, 8).doc("Edges."));
    RegisterMap::new("example", "An example.", 32).register(control).register(status).register(seen)
}

fn chips(registry: Registry) -> Registry {
    registry
        .design("bf16_mac", "fused bf16×bf16+fp32, rounded once", &[], |_| {
            finish(olivine_float::Mac::BF16)
        })
        .design("pe", "a processing element of the array", &[PE], |a| {
            element_format(a)?;
            finish(Pe)
        })
        .design("array", "N×N processing elements, output stationary", &[ARRAY, PE], |a| {
            element_format(a)?;
            finish(Array { size: chip_config(a.get(ARRAY.name)?)?.array as usize })
        })
        .design("peridot", "the training chip behind its host bus", &[ARRAY, PE], |a| {
            element_format(a)?;
            peridot(chip_config(a.get(ARRAY.name)?)?)
        })
        .design("peridot_uart", "the chip behind a serial line", &[ARRAY, PE, DIVISOR], |a| {
            element_format(a)?;
            let chip = Peridot::new(chip_config(a.get(ARRAY.name)?)?);
            let chip = chip.map_err(CommandError::usage)?;
            finish(PeridotUart { chip, divisor: positive(a, DIVISOR)? as u32 })
        })
}

/// The design of a chip of these sizes.
///
/// # Errors
/// The faults of the design.
pub fn peridot(config: PeridotConfig) -> Result<Design, CommandError> {
    finish(Peridot::new(config).map_err(CommandError::usage)?)
}

/// The value of a size, from 1 to 65,536: larger ones are slips of the keyboard.
fn positive(arguments: &Arguments, parameter: Parameter) -> Result<u64, CommandError> {
    let name = parameter.name;
    match arguments.get(name)? {
        value @ 1..=65_536 => Ok(value),
        value => Err(CommandError::usage(format!(
            "parameter `{name}` cannot be {value}; give one from 1 to 65536"
        ))),
    }
}

/// As [`positive`], for widths, which a module judges further.
fn bits(arguments: &Arguments, parameter: Parameter) -> Result<u32, CommandError> {
    Ok(positive(arguments, parameter)? as u32)
}

/// Refuses every format of factors but the one that elements have.
fn element_format(arguments: &Arguments) -> Result<(), CommandError> {
    match arguments.get::<String>(PE.name)?.as_str() {
        "bf16" => Ok(()),
        other => Err(CommandError::usage(format!(
            "parameter `pe` cannot be `{other}`; the elements there are: bf16"
        ))),
    }
}

/// The design of a module; faults are bad input.
fn finish<M: Module>(module: M) -> Result<Design, CommandError> {
    elaborate(module).map_err(CommandError::usage)
}
