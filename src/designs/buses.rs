//! Buses and serial lines.

use super::blocks::{CUT, cut};
use super::{DIVISOR, WIDTH, positive};
use crate::exit::CommandError;
use crate::registry::{Arguments, Parameter, Registry, elaborated};
use olivine_blocks::bus::csr::{CsrBank, CsrField, CsrRegister, RegisterMap};
use olivine_blocks::bus::{
    ApbFront, ApbManager, Axi4Manager, Axi4Memory, AxiLiteFront, AxiLiteManager, AxiStreamPack,
    AxiStreamSlice, AxiStreamUnpack, RegisterBank, WishboneFront, WishboneManager,
};
use olivine_blocks::serial::{
    I2cManager, I2cSubordinate, SpiController, SpiMode, SpiPeripheral, Timer,
};

const ADDRESS: Parameter =
    Parameter { name: "address", default: "8", summary: "bits of an address" };
const DATA: Parameter =
    Parameter { name: "data", default: "32", summary: "bits of a word, a power of two of bytes" };
const ID: Parameter = Parameter { name: "id", default: "2", summary: "bits of identification" };
const MODE: Parameter = Parameter { name: "mode", default: "0", summary: "of SPI, 0 to 3" };
const SPI: &[Parameter] = &[WIDTH, MODE, Parameter { default: "4", ..DIVISOR }];
const QUARTER: Parameter =
    Parameter { name: "divisor", default: "4", summary: "cycles of a quarter of a bit" };
const OWN: Parameter = Parameter { name: "own", default: "42", summary: "its address, to 127" };
const SETUP: Parameter =
    Parameter { name: "setup", default: "2", summary: "cycles from a reply's bit to the clock" };
const REGISTERS: Parameter = Parameter { name: "registers", default: "4", summary: "words" };

/// Adds them all.
pub(super) fn register(registry: Registry) -> Registry {
    serial(buses(registry))
}

/// Buses: managers, and what stands behind them. Registers are on each bus under its name.
fn buses(registry: Registry) -> Registry {
    let bank = |a: &Arguments| Ok::<_, CommandError>(positive(a, REGISTERS)? as usize);
    let registry = registry
        .design(
            "axi_lite_manager",
            "makes AXI4-Lite transfers of commands",
            &[ADDRESS, DATA],
            |a| elaborated(AxiLiteManager { address: bits(a, ADDRESS)?, data: bits(a, DATA)? }),
        )
        .design("apb_manager", "makes APB transfers of commands", &[ADDRESS, DATA], |a| {
            elaborated(ApbManager { address: bits(a, ADDRESS)?, data: bits(a, DATA)? })
        })
        .design("wishbone_manager", "makes Wishbone transfers of commands", &[ADDRESS, DATA], |a| {
            elaborated(WishboneManager { address: bits(a, ADDRESS)?, data: bits(a, DATA)? })
        })
        .design("axi4_manager", "moves words in AXI4 bursts", &[ADDRESS, DATA, ID], |a| {
            let (address, data, id) = (bits(a, ADDRESS)?, bits(a, DATA)?, bits(a, ID)?);
            elaborated(Axi4Manager { address, data, id })
        })
        .design("axi4_memory", "a memory behind AXI4", &[ADDRESS, DATA, ID], |a| {
            let (address, data, id) = (bits(a, ADDRESS)?, bits(a, DATA)?, bits(a, ID)?);
            elaborated(Axi4Memory { address, data, id })
        })
        .design("axi_stream_pack", "packs bytes into words of an AXI-Stream", &[DATA], |a| {
            elaborated(AxiStreamPack { data: bits(a, DATA)? })
        })
        .design("axi_stream_unpack", "bytes of the words of an AXI-Stream", &[DATA], |a| {
            elaborated(AxiStreamUnpack { data: bits(a, DATA)? })
        })
        .design("axi_stream_slice", "cuts some of an AXI-Stream's paths", &[DATA, CUT], |a| {
            elaborated(AxiStreamSlice { data: bits(a, DATA)?, cut: cut(a)? })
        });
    let sizes = &[ADDRESS, DATA, REGISTERS];
    registry
        .design("axi_lite_registers", "words behind AXI4-Lite", sizes, move |a| {
            let bus = AxiLiteFront { address: bits(a, ADDRESS)?, data: bits(a, DATA)? };
            elaborated(RegisterBank { bus, registers: bank(a)? })
        })
        .design("apb_registers", "words behind APB", sizes, move |a| {
            let bus = ApbFront { address: bits(a, ADDRESS)?, data: bits(a, DATA)? };
            elaborated(RegisterBank { bus, registers: bank(a)? })
        })
        .design("wishbone_registers", "words behind Wishbone", sizes, move |a| {
            let bus = WishboneFront { address: bits(a, ADDRESS)?, data: bits(a, DATA)? };
            elaborated(RegisterBank { bus, registers: bank(a)? })
        })
        .design("csr_bank", "registers of a description behind AXI4-Lite", &[], |_| {
            let bus = AxiLiteFront { address: 4, data: 32 };
            elaborated(CsrBank { bus, map: example_map() })
        })
}

/// Serial lines and time.
fn serial(registry: Registry) -> Registry {
    registry
        .design("timer", "one-shot and periodic events, pulses of variable width", &[WIDTH], |a| {
            elaborated(Timer { prescale: 8, width: bits(a, WIDTH)? })
        })
        .design("spi_controller", "sends and receives words over SPI", SPI, |a| {
            let (mode, bits) = (spi_mode(a)?, bits(a, WIDTH)?);
            elaborated(SpiController { mode, bits, divisor: positive(a, DIVISOR)? as u32 })
        })
        .design("spi_peripheral", "the other end of SPI", &[WIDTH, MODE], |a| {
            elaborated(SpiPeripheral { mode: spi_mode(a)?, bits: bits(a, WIDTH)? })
        })
        .design("i2c_manager", "moves bytes over I²C", &[QUARTER], |a| {
            elaborated(I2cManager { divisor: bits(a, QUARTER)? })
        })
        .design("i2c_subordinate", "the other end of I²C", &[OWN, SETUP], |a| {
            elaborated(I2cSubordinate { address: a.get(OWN.name)?, setup: bits(a, SETUP)? })
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

/// As [`positive`], for widths, which a module judges further.
fn bits(arguments: &Arguments, parameter: Parameter) -> Result<u32, CommandError> {
    Ok(positive(arguments, parameter)? as u32)
}
