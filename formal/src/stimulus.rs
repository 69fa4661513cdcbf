//! [`Stimulus`]: a run as data, to be kept and replayed.

mod looped;
mod replay;

pub use replay::{Replay, ReplayFault};

use crate::engine::{Model, ModelStep};
use crate::system::{Input, TransitionSystem};
use olivine_interp::undefined_path;
use olivine_netlist::{Bits, Direction, DomainId, PropertyId};
use serde::{Deserialize, Serialize};

/// A run from power-up: inputs cycle by cycle, and what undefined values are. It is plain data:
/// keep it as a file, and [`Stimulus::replay`] is a regression test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stimulus {
    /// The property that the last cycle violates or reaches.
    pub property: String,
    /// One edge each.
    pub cycles: Vec<Cycle>,
    /// The cycles from this one on repeat for ever: of a property of runs without end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats_from: Option<usize>,
    /// Undefined values; those that are not here are zero.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub undefined: Vec<Chosen>,
}

/// One edge of a clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycle {
    /// The domain whose edge it is.
    pub domain: String,
    /// Whether the resets are active.
    pub reset: bool,
    /// The input ports before the edge.
    pub inputs: Vec<Assignment>,
}

/// A port and its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The port's name.
    pub port: String,
    /// Written as in Verilog: `8'h2a`.
    #[serde(with = "verilog")]
    pub value: Bits,
}

/// An undefined value, under the path and time that [`Interp`](olivine_interp::Interp) gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The path.
    pub path: String,
    /// The number of edges before it; 0 is power-up.
    pub time: u64,
    /// Written as in Verilog: `8'h2a`.
    #[serde(with = "verilog")]
    pub value: Bits,
}

mod verilog {
    use olivine_netlist::Bits;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bits: &Bits, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(bits)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Bits, D::Error> {
        let text = String::deserialize(from)?;
        let parse = || {
            let (width, digits) = text.split_once("'h")?;
            Bits::parse_hex(width.parse().ok()?, digits)
        };
        parse().ok_or_else(|| D::Error::custom(format!("`{text}` is no value such as 8'h2a")))
    }
}

impl Stimulus {
    /// The run that an engine found, as words.
    pub(crate) fn new(
        system: &TransitionSystem,
        domains: &[DomainId],
        target: PropertyId,
        model: &Model,
    ) -> Self {
        let mut undefined = at_power_up(system, &model.power_up);
        let mut cycles = Vec::new();
        for (time, step) in model.steps.iter().enumerate() {
            let values = words(&step.inputs, system.inputs.iter().map(|&i| system.input_width(i)));
            let chosen = system.inputs.iter().zip(&values);
            undefined.extend(chosen.filter_map(|(&i, v)| undefined_in(system, i, time as u64, v)));
            cycles.push(cycle(system, domains, step, &values));
        }
        undefined.retain(|chosen| chosen.value.any());
        let property = system.flat.properties[target.index()].name.clone();
        Self { property, cycles, repeats_from: None, undefined }
    }
}

impl Stimulus {
    /// The run with its loop so many times more. `is_held` says of the path of an undefined value
    /// whether a synchronous read port holds it: then an edge chooses it for the time behind it.
    pub(crate) fn unrolled(&self, times: usize, is_held: impl Fn(&str) -> bool) -> Self {
        let Some(from) = self.repeats_from else { return self.clone() };
        let (mut longer, looped) = (self.clone(), &self.cycles[from..]);
        let first = |chosen: &Chosen| from as u64 + u64::from(is_held(&chosen.path));
        for time in 1..=times {
            let later = (time * looped.len()) as u64;
            longer.cycles.extend_from_slice(looped);
            let again = self.undefined.iter().filter(|chosen| chosen.time >= first(chosen));
            let moved = |chosen: &Chosen| Chosen { time: chosen.time + later, ..chosen.clone() };
            longer.undefined.extend(again.map(moved));
        }
        longer
    }
}

/// Cuts bits into words of these widths.
fn words(bits: &[bool], widths: impl Iterator<Item = u32>) -> Vec<Bits> {
    let mut rest = bits;
    let mut word = |width: u32| {
        let (first, after) = rest.split_at(width as usize);
        rest = after;
        Bits::from_bools(first)
    };
    widths.map(&mut word).collect()
}

fn at_power_up(system: &TransitionSystem, latches: &[bool]) -> Vec<Chosen> {
    let values = words(latches, system.states.iter().map(|&s| system.state_width(s)));
    let open = system.states.iter().zip(values).filter(|(s, _)| system.power_up(**s).is_none());
    let chosen = |(&state, value)| Chosen { path: system.state_name(state), time: 0, value };
    open.map(chosen).collect()
}

fn undefined_in(
    system: &TransitionSystem,
    input: Input,
    time: u64,
    value: &Bits,
) -> Option<Chosen> {
    let read = |m: usize, port| format!("{}.read[{port}]", system.flat.memories[m].name);
    let (path, time) = match input {
        Input::Port(_) => return None,
        Input::Undefined(cell) => (undefined_path(&system.flat, cell), time),
        Input::Answer(m, port) => (read(m.index(), port), time),
        Input::NextAnswer(m, port) => (read(m.index(), port), time + 1),
    };
    Some(Chosen { path, time, value: value.clone() })
}

fn cycle(
    system: &TransitionSystem,
    domains: &[DomainId],
    step: &ModelStep,
    values: &[Bits],
) -> Cycle {
    let flat = &system.flat;
    let value_of = |port: usize| {
        let is = |i: &Input| matches!(i, Input::Port(p) if p.index() == port);
        let found = system.inputs.iter().position(is);
        found.map_or_else(|| Bits::zero(flat.ports[port].width), |i| values[i].clone())
    };
    let ports = flat.ports.iter().enumerate().filter(|(_, p)| p.direction == Direction::Input);
    let assign = |(i, port): (usize, &olivine_netlist::Port)| Assignment {
        port: port.name.clone(),
        value: value_of(i),
    };
    Cycle {
        domain: flat.domains[domains[step.domain].index()].name.clone(),
        reset: step.reset,
        inputs: ports.map(assign).collect(),
    }
}
