//! The designs of this repository, by name: what `olivine list` shows.

mod blocks;
mod buses;

use crate::exit::CommandError;
use crate::registry::{Arguments, Parameter, Registry, elaborated, elaborated_in};
use crate::train::chip_config;
use olivine_blocks::cdc::{
    AsyncFifo, AsyncResetSynchronizer, Handshake, ResetSynchronizer, Synchronizer,
};
use olivine_blocks::{Counter, Fifo, RoundRobin, SkidBuffer, UartRx, UartTx};
use olivine_lang::{Domain, unsigned};
use olivine_netlist::Design;
use olivine_peridot::chip::{Array, Pe, PeKind};
use olivine_peridot::{Peridot, PeridotConfig, PeridotUart};

const ARRAY: Parameter =
    Parameter { name: "array", default: "8", summary: "rows and columns, a power of two" };
const PE: Parameter = Parameter {
    name: "pe",
    default: "bf16",
    summary: "format of the factors: bf16, summed in fp32",
};
const KIND: Parameter = Parameter {
    name: "pe",
    default: "bf16",
    summary: "what elements multiply: int8, bf16, mxfp8, mxfp8e5m2, mxfp6, mxfp4 or mxint8",
};
const STAGES: Parameter =
    Parameter { name: "stages", default: "1", summary: "of bf16's adder, each with its own sum" };
const WIDTH: Parameter = Parameter { name: "width", default: "8", summary: "bits of a word" };
const DEPTH: Parameter = Parameter { name: "depth", default: "4", summary: "words it holds" };
const LIMIT: Parameter =
    Parameter { name: "limit", default: "256", summary: "counts from 0 to one less" };
const RESET: Parameter = Parameter {
    name: "reset",
    default: "sync",
    summary: "sync, sync_n, async or async_n: when it acts, and whether active low",
};
const REQUESTERS: Parameter = Parameter { name: "n", default: "4", summary: "requesters" };
const DIVISOR: Parameter = Parameter {
    name: "divisor",
    default: "217",
    summary: "cycles of a bit on the line: clock frequency over baud rate",
};

/// Every design of this repository.
pub fn all() -> Registry {
    chips(buses::register(crossings(blocks::register(blocks(Registry::empty())))))
}

fn blocks(registry: Registry) -> Registry {
    registry
        .design("counter", "counts the cycles with enable, and wraps", &[LIMIT, RESET], |a| {
            elaborated_in(reset(a)?, Counter { limit: positive(a, LIMIT)? })
        })
        .design("fifo", "words wait in order, show-ahead", &[WIDTH, DEPTH], |a| {
            let of = unsigned(positive(a, WIDTH)? as u32);
            elaborated(Fifo { of, depth: positive(a, DEPTH)? as usize })
        })
        .design("skid_buffer", "cuts a stream's paths both ways, at full rate", &[WIDTH], |a| {
            elaborated(SkidBuffer { of: unsigned(positive(a, WIDTH)? as u32) })
        })
        .design("round_robin", "grants one of n requesters, each in its turn", &[REQUESTERS], |a| {
            elaborated(RoundRobin { n: positive(a, REQUESTERS)? as u32 })
        })
        .design("uart_rx", "receives bytes from a serial line, 8N1", &[DIVISOR], |a| {
            elaborated(UartRx { divisor: positive(a, DIVISOR)? as u32 })
        })
        .design("uart_tx", "sends bytes on a serial line, 8N1", &[DIVISOR], |a| {
            elaborated(UartTx { divisor: positive(a, DIVISOR)? as u32 })
        })
}

/// The main domain with the reset that is asked for.
fn reset(arguments: &Arguments) -> Result<Domain, CommandError> {
    match arguments.get::<String>(RESET.name)?.as_str() {
        "sync" => Ok(Domain::MAIN),
        "sync_n" => Ok(Domain::MAIN.active_low()),
        "async" => Ok(Domain::MAIN.asynchronous_reset()),
        "async_n" => Ok(Domain::MAIN.asynchronous_reset().active_low()),
        other => Err(CommandError::usage(format!(
            "parameter `reset` cannot be `{other}`; it is sync, sync_n, async or async_n"
        ))),
    }
}

/// Clock-domain crossings, from the main domain into one called `far`.
fn crossings(registry: Registry) -> Registry {
    const FAR: Domain = Domain::new("far");
    registry
        .design("synchronizer", "one bit into another clock domain", &[], |_| {
            elaborated(Synchronizer { to: FAR, stages: 2 })
        })
        .design("reset_synchronizer", "a reset that is released at an edge", &[], |_| {
            elaborated(ResetSynchronizer { to: Domain::MAIN, stages: 2 })
        })
        .design(
            "async_reset_synchronizer",
            "an asynchronous reset, active low, that is released at an edge",
            &[],
            |_| {
                let domain = Domain::MAIN.asynchronous_reset().active_low();
                elaborated(AsyncResetSynchronizer { domain, stages: 2 })
            },
        )
        .design("handshake", "words into another clock domain, one by one", &[WIDTH], |a| {
            let of = unsigned(positive(a, WIDTH)? as u32);
            elaborated(Handshake { of, from: Domain::MAIN, to: FAR })
        })
        .design("async_fifo", "a stream into another clock domain", &[WIDTH, DEPTH], |a| {
            let of = unsigned(positive(a, WIDTH)? as u32);
            let depth = positive(a, DEPTH)? as usize;
            elaborated(AsyncFifo { of, depth, from: Domain::MAIN, to: FAR })
        })
}

fn chips(registry: Registry) -> Registry {
    registry
        .design("bf16_mac", "fused bf16×bf16+fp32, rounded once", &[], |_| {
            elaborated(olivine_float::Mac::BF16)
        })
        .design("pe", "a processing element of the array", &[KIND, STAGES], |a| {
            elaborated(Pe { kind: element_kind(a)? })
        })
        .design(
            "array",
            "N×N processing elements, output stationary",
            &[ARRAY, KIND, STAGES],
            |a| {
                let size = chip_config(a.get(ARRAY.name)?)?.array as usize;
                elaborated(Array { size, kind: element_kind(a)? })
            },
        )
        .design("peridot", "the training chip behind its host bus", &[ARRAY, PE], |a| {
            element_format(a)?;
            peridot(chip_config(a.get(ARRAY.name)?)?)
        })
        .on_board("the chip behind a serial line of 115200 baud, 8N1", |a, mhz| {
            element_format(a)?;
            let divisor = (mhz * 1e6 / f64::from(BAUD)).round() as u32;
            peridot_uart(a, divisor.max(1))
        })
        .design("peridot_uart", "the chip behind a serial line", &[ARRAY, PE, DIVISOR], |a| {
            element_format(a)?;
            peridot_uart(a, positive(a, DIVISOR)? as u32)
        })
}

/// The baud rate of chips on boards.
const BAUD: u32 = 115_200;

fn peridot_uart(arguments: &Arguments, divisor: u32) -> Result<Design, CommandError> {
    let chip = Peridot::new(chip_config(arguments.get(ARRAY.name)?)?);
    elaborated(PeridotUart { chip: chip.map_err(CommandError::usage)?, divisor })
}

/// The design of a chip of these sizes.
///
/// # Errors
/// The faults of the design.
pub fn peridot(config: PeridotConfig) -> Result<Design, CommandError> {
    elaborated(Peridot::new(config).map_err(CommandError::usage)?)
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

/// What elements multiply, and in how many stages they add.
fn element_kind(arguments: &Arguments) -> Result<PeKind, CommandError> {
    let name = arguments.get::<String>(KIND.name)?;
    let found = PeKind::NAMED.into_iter().find(|(known, _)| *known == name);
    let stages = positive(arguments, STAGES)? as u32;
    match found {
        Some((_, PeKind::Bf16 { .. })) => Ok(PeKind::Bf16 { stages }),
        Some((_, kind)) => Ok(kind),
        None => {
            let known = PeKind::NAMED.map(|(name, _)| name).join(", ");
            Err(CommandError::usage(format!(
                "parameter `pe` cannot be `{name}`; the elements there are: {known}"
            )))
        }
    }
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
