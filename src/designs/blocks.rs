//! The blocks, group by group.

use super::{DEPTH, REQUESTERS, WIDTH, positive};
use crate::exit::CommandError;
use crate::registry::{Arguments, Parameter, Registry, elaborated};
use olivine_blocks::{
    Adder, AdderArchitecture, BarrelShifter, Cam, CounterRandom, Crc, CreditLink, Cut, Divider,
    FixedPriority, Fork, Join, Layout, Lfsr, Multiplier, MultiplierArchitecture, OneHotDecoder,
    OneHotEncoder, Packetizer, Polynomial, PriorityEncoder, Ram, RamKind, RegisterFile,
    RegisterSlice, RegisteredFifo, Shift, SquareRoot, StreamDemux, StreamMux, WeightedRoundRobin,
    WidthConverter, WriteThrough,
};
use olivine_lang::{Unsigned, unsigned};

const fn parameter(name: &'static str, default: &'static str, summary: &'static str) -> Parameter {
    Parameter { name, default, summary }
}

const CONSUMERS: Parameter = parameter("n", "2", "consumers");
const PRODUCERS: Parameter = parameter("n", "2", "producers");
const BITS: Parameter = parameter("n", "8", "bits that are looked at");
const RIGHT: Parameter = parameter("right", "4", "bits of the right stream's words");
const FROM: Parameter = parameter("from", "8", "bits of a word that comes");
const TO: Parameter = parameter("to", "32", "bits of a word that leaves");
const LENGTH: Parameter = parameter("length", "255", "words of the longest packet");
const LATENCY: Parameter = parameter("latency", "2", "registers each way, from 0");
const CREDITS: Parameter = parameter("credits", "6", "words that may be under way");
const WEIGHTS: Parameter = parameter("weights", "3-2-1", "grants of each requester in its turn");
const READS: Parameter = parameter("reads", "2", "read ports");
const ENTRIES: Parameter = parameter("entries", "8", "keys it holds");
const A: Parameter = parameter("a", "8", "bits of the first factor");
const B: Parameter = parameter("b", "8", "bits of the second factor");
const DIGITS: Parameter = parameter("digits", "8", "bits of a root, half of those of a number");
pub(super) const CUT: Parameter =
    parameter("cut", "full", "which paths: forward, backward or full");
const SHIFT: Parameter =
    parameter("shift", "left", "how: left, right, arithmetic, rotate_left or rotate_right");
const KIND: Parameter = parameter("kind", "crc32", "which: crc32, crc32c, modbus, xmodem, smbus");
const DEGREE: Parameter = parameter("degree", "16", "of the polynomial: 8, 16, 32 or 64");
const STEPS: Parameter = parameter("steps", "4", "of an advance, 1 to 64");
const ROUNDS: Parameter = parameter("rounds", "20", "how often it mixes, 1 to 32");
const STAGES: Parameter = parameter("latency", "2", "registers between the rounds, from 0");
const THROUGH: Parameter = parameter("through", "no", "a write is read in its own cycle: no, yes");
const RAM: Parameter = parameter("ports", "simple_dual", "single, simple_dual or true_dual");
const LAYOUT: Parameter = parameter("layout", "iterative", "iterative or pipelined");
const ADDER: Parameter = parameter(
    "how",
    "kogge_stone",
    "native, ripple, carry_select, sklansky, kogge_stone or brent_kung",
);
const MULTIPLIER: Parameter = parameter("how", "booth", "native, array, wallace or booth");

/// Adds all of them.
pub(super) fn register(registry: Registry) -> Registry {
    memories(arithmetic(random(bits(arbiters(links(streams(registry)))))))
}

/// A parameter that names one of several.
fn named<T: Clone>(a: &Arguments, p: Parameter, all: &[(&str, T)]) -> Result<T, CommandError> {
    let text = a.get::<String>(p.name)?;
    let found = all.iter().find(|(name, _)| *name == text);
    found.map(|(_, value)| value.clone()).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        let name = p.name;
        CommandError::usage(format!(
            "parameter `{name}` cannot be `{text}`; give one of {}",
            names.join(", ")
        ))
    })
}

fn size(a: &Arguments, p: Parameter) -> Result<usize, CommandError> {
    Ok(positive(a, p)? as usize)
}

fn width(a: &Arguments, p: Parameter) -> Result<u32, CommandError> {
    Ok(positive(a, p)? as u32)
}

fn word(a: &Arguments) -> Result<Unsigned, CommandError> {
    Ok(unsigned(width(a, WIDTH)?))
}

/// Which paths a register slice cuts.
pub(super) fn cut(a: &Arguments) -> Result<Cut, CommandError> {
    let all = [("forward", Cut::Forward), ("backward", Cut::Backward), ("full", Cut::Full)];
    named(a, CUT, &all)
}

fn streams(registry: Registry) -> Registry {
    registry
        .design("registered_fifo", "words wait in order, in block RAM", &[WIDTH, DEPTH], |a| {
            elaborated(RegisteredFifo { of: word(a)?, depth: size(a, DEPTH)? })
        })
        .design("register_slice", "cuts some of a stream's paths", &[WIDTH, CUT], |a| {
            elaborated(RegisterSlice { of: word(a)?, cut: cut(a)? })
        })
        .design("fork", "gives each word to several consumers", &[WIDTH, CONSUMERS], |a| {
            elaborated(Fork { of: word(a)?, n: size(a, CONSUMERS)? })
        })
        .design("join", "pairs the words of two streams", &[WIDTH, RIGHT], |a| {
            elaborated(Join { left: word(a)?, right: unsigned(width(a, RIGHT)?) })
        })
        .design("stream_mux", "words of the stream that is chosen", &[WIDTH, PRODUCERS], |a| {
            elaborated(StreamMux { of: word(a)?, n: size(a, PRODUCERS)? })
        })
        .design("stream_demux", "words to the chosen consumer", &[WIDTH, CONSUMERS], |a| {
            elaborated(StreamDemux { of: word(a)?, n: size(a, CONSUMERS)? })
        })
}

fn links(registry: Registry) -> Registry {
    registry
        .design("width_converter", "narrow words into wide ones, or back", &[FROM, TO], |a| {
            elaborated(WidthConverter { from: width(a, FROM)?, to: width(a, TO)? })
        })
        .design("packetizer", "cuts a stream into packets", &[WIDTH, LENGTH], |a| {
            elaborated(Packetizer { of: word(a)?, length_max: positive(a, LENGTH)? })
        })
        .design(
            "credit_link",
            "a stream over a distance, on credit",
            &[WIDTH, LATENCY, CREDITS],
            |a| {
                let latency = a.get::<u16>(LATENCY.name)?.into();
                elaborated(CreditLink { of: word(a)?, latency, credits: size(a, CREDITS)? })
            },
        )
}

fn arbiters(registry: Registry) -> Registry {
    registry
        .design("fixed_priority", "grants the requester of lowest number", &[REQUESTERS], |a| {
            elaborated(FixedPriority { n: width(a, REQUESTERS)? })
        })
        .design("weighted_round_robin", "grants in turn, in proportion", &[WEIGHTS], |a| {
            let text = a.get::<String>(WEIGHTS.name)?;
            let weights: Result<Vec<u32>, _> = text.split('-').map(str::parse).collect();
            let weights = weights.map_err(|_| {
                CommandError::usage(format!(
                    "parameter `weights` cannot be `{text}`; give numbers joined by `-`, as 3-2-1"
                ))
            })?;
            elaborated(WeightedRoundRobin { weights })
        })
}

fn bits(registry: Registry) -> Registry {
    registry
        .design("priority_encoder", "the index of the lowest one", &[BITS], |a| {
            elaborated(PriorityEncoder { n: width(a, BITS)? })
        })
        .design("one_hot_decoder", "binary to one-hot", &[BITS], |a| {
            elaborated(OneHotDecoder { n: width(a, BITS)? })
        })
        .design("one_hot_encoder", "one-hot to binary", &[BITS], |a| {
            elaborated(OneHotEncoder { n: width(a, BITS)? })
        })
        .design("barrel_shifter", "shifts by a variable amount", &[WIDTH, SHIFT], |a| {
            let all = [
                ("left", Shift::Left),
                ("right", Shift::Right),
                ("arithmetic", Shift::Arithmetic),
                ("rotate_left", Shift::RotateLeft),
                ("rotate_right", Shift::RotateRight),
            ];
            elaborated(BarrelShifter { width: width(a, WIDTH)?, shift: named(a, SHIFT, &all)? })
        })
        .design("crc", "a cyclic redundancy check over words", &[KIND, WIDTH], |a| {
            let all = [
                ("crc32", Crc::CRC32),
                ("crc32c", Crc::CRC32C),
                ("modbus", Crc::MODBUS),
                ("xmodem", Crc::XMODEM),
                ("smbus", Crc::SMBUS),
            ];
            elaborated(Crc { word: width(a, WIDTH)?, ..named(a, KIND, &all)? })
        })
}

fn random(registry: Registry) -> Registry {
    registry
        .design("lfsr", "random numbers in sequence", &[DEGREE, STEPS], |a| {
            let all = ["8", "16", "32", "64"].into_iter().zip(Polynomial::ALL).collect::<Vec<_>>();
            let (polynomial, steps) = (named(a, DEGREE, &all)?, width(a, STEPS)?);
            elaborated(Lfsr { polynomial, steps })
        })
        .design("counter_random", "random numbers by seed and place", &[ROUNDS, STAGES], |a| {
            let latency = a.get(STAGES.name)?;
            elaborated(CounterRandom { rounds: width(a, ROUNDS)?, latency })
        })
}

fn arithmetic(registry: Registry) -> Registry {
    let layout = |a: &Arguments| {
        let all = [("iterative", Layout::Iterative), ("pipelined", Layout::Pipelined)];
        named(a, LAYOUT, &all)
    };
    registry
        .design("adder", "a sum, by one of several structures", &[WIDTH, ADDER], |a| {
            let all = [
                ("native", AdderArchitecture::Native),
                ("ripple", AdderArchitecture::Ripple),
                ("carry_select", AdderArchitecture::CarrySelect),
                ("sklansky", AdderArchitecture::Sklansky),
                ("kogge_stone", AdderArchitecture::KoggeStone),
                ("brent_kung", AdderArchitecture::BrentKung),
            ];
            elaborated(Adder { width: width(a, WIDTH)?, architecture: named(a, ADDER, &all)? })
        })
        .design("multiplier", "a product, by one of several structures", &[A, B, MULTIPLIER], |a| {
            let all = [
                ("native", MultiplierArchitecture::Native),
                ("array", MultiplierArchitecture::Array),
                ("wallace", MultiplierArchitecture::Wallace),
                ("booth", MultiplierArchitecture::Booth),
            ];
            let architecture = named(a, MULTIPLIER, &all)?;
            elaborated(Multiplier { a: width(a, A)?, b: width(a, B)?, architecture })
        })
        .design("divider", "quotient and remainder", &[WIDTH, LAYOUT], move |a| {
            elaborated(Divider { width: width(a, WIDTH)?, layout: layout(a)? })
        })
        .design("square_root", "root and remainder", &[DIGITS, LAYOUT], move |a| {
            elaborated(SquareRoot { digits: width(a, DIGITS)?, layout: layout(a)? })
        })
}

fn memories(registry: Registry) -> Registry {
    registry
        .design(
            "register_file",
            "words with several readers",
            &[WIDTH, DEPTH, READS, THROUGH],
            |a| {
                let through =
                    named(a, THROUGH, &[("no", WriteThrough::No), ("yes", WriteThrough::Yes)])?;
                let (width, depth) = (width(a, WIDTH)?, size(a, DEPTH)?);
                elaborated(RegisterFile { width, depth, reads: size(a, READS)?, through })
            },
        )
        .design("ram", "a memory that is read at the edge", &[WIDTH, DEPTH, RAM], |a| {
            let all = [
                ("single", RamKind::Single),
                ("simple_dual", RamKind::SimpleDual),
                ("true_dual", RamKind::TrueDual),
            ];
            let kind = named(a, RAM, &all)?;
            elaborated(Ram { width: width(a, WIDTH)?, depth: size(a, DEPTH)?, kind })
        })
        .design("cam", "finds entries by their content", &[WIDTH, ENTRIES], |a| {
            elaborated(Cam { width: width(a, WIDTH)?, entries: size(a, ENTRIES)? })
        })
}
