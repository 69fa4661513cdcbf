//! Replaying a stimulus on the interpreter.

use super::{Cycle, Stimulus};
use crate::placed::flattened;
use crate::system::{Cone, find_property};
use olivine_interp::{Choices, Engine, Interp, find_signals};
use olivine_netlist::{
    Bits, Design, Direction, DomainId, EnumKind, Kind, Module, ModuleId, Op, PropertyId,
    PropertyKind,
};
use olivine_trace::{Signal, Trace};
use std::fmt;
use std::sync::Arc;

/// What a replay saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// Reset, ports, and the registers that the property depends on.
    pub trace: Trace,
    /// Whether the last cycle violates the assertion or reaches the cover; of a property of runs
    /// without end, whether the cycles of the loop lead back to its beginning, are fair, and the
    /// condition holds in none of them. In the trace `loop` is one in the loop.
    pub hit: bool,
    /// The first assumption that a cycle violates, if any: then the run is none that counts.
    pub violated_assumption: Option<String>,
}

impl Replay {
    /// Whether the run shows what it was made to show.
    pub fn confirmed(&self) -> bool {
        self.hit && self.violated_assumption.is_none()
    }
}

/// A stimulus is not one for the design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplayFault(pub(super) String);

impl fmt::Display for ReplayFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the stimulus does not fit the design: {}; record it anew", self.0)
    }
}

impl std::error::Error for ReplayFault {}

impl Stimulus {
    /// Runs a validated design from power-up on the interpreter.
    ///
    /// # Errors
    /// If the stimulus names something that the design does not have, or has in another width.
    pub fn replay(&self, design: &Design) -> Result<Replay, ReplayFault> {
        let flat = flattened(design);
        let property = find_property(&flat, &self.property)
            .ok_or_else(|| ReplayFault(format!("it has no property `{}`", self.property)))?;
        if flat.properties[property.index()].kind == PropertyKind::Live {
            return self.replay_loop(design, flat, property);
        }
        let shown = shown(&flat, property);
        let mut run = Run::new(design, flat, property, self.choices());
        let names: Vec<&str> = shown.iter().map(String::as_str).collect();
        let signals = find_signals(&run.interp, &names)
            .map_err(|path| ReplayFault(format!("nothing is called `{path}`")))?;
        let mut trace = Trace::new(run.signals(&signals));
        for cycle in &self.cycles {
            let row = run.cycle(cycle, &signals)?;
            trace.cycles.push(row);
        }
        Ok(Replay { trace, hit: run.hit, violated_assumption: run.violated_assumption })
    }

    /// The undefined values, for an interpreter.
    pub(crate) fn choices(&self) -> Choices {
        let mut choices = Choices::default();
        for chosen in &self.undefined {
            choices.choose(&chosen.path, chosen.time, chosen.value.clone());
        }
        choices
    }
}

/// Ports, and the registers that the property depends on.
pub(super) fn shown(flat: &Module, property: PropertyId) -> Vec<String> {
    let cone = Cone::of(flat, [flat.properties[property.index()].condition]);
    let ports = flat.ports.iter().map(|p| p.name.clone());
    ports.chain(cone.registers(flat).map(|r| r.name.clone())).collect()
}

/// An interpreter under way.
pub(super) struct Run {
    pub interp: Interp,
    property: String,
    domains: Vec<String>,
    has_reset_line: bool,
    pub hit: bool,
    /// The assertions that the last cycle violated.
    pub violated: Vec<String>,
    pub violated_assumption: Option<String>,
}

impl Run {
    pub fn new(design: &Design, mut flat: Module, property: PropertyId, choices: Choices) -> Self {
        let domains: Vec<String> = flat.domains.iter().map(|d| d.name.clone()).collect();
        let has_reset_line = flat.find_port("rst").is_none();
        let name = flat.properties[property.index()].name.clone();
        cover_as_assert(&mut flat, property);
        let flat = Design { modules: vec![flat], top: ModuleId(0), files: design.files.clone() };
        Self {
            interp: Interp::with_choices(&flat, choices),
            property: name,
            domains,
            has_reset_line,
            hit: false,
            violated: Vec::new(),
            violated_assumption: None,
        }
    }

    pub fn signals(&self, observed: &[usize]) -> Vec<Signal> {
        let mut signals = Vec::new();
        if self.domains.len() > 1 {
            let (name, variants) = ("Domain".to_string(), self.domains.clone());
            let kind = EnumKind { name, variants, ..EnumKind::default() };
            let width = self.domains.len().next_power_of_two().trailing_zeros();
            let kind = Kind::Enum(Arc::new(kind));
            signals.push(Signal { path: "edge".to_string(), width, kind });
        }
        if self.has_reset_line {
            signals.push(Signal { path: "rst".to_string(), width: 1, kind: Kind::Bit });
        }
        signals.extend(observed.iter().map(|&i| self.interp.signals()[i].clone()));
        signals
    }

    /// One cycle; the values of the signals in it.
    pub fn cycle(&mut self, cycle: &Cycle, observed: &[usize]) -> Result<Vec<Bits>, ReplayFault> {
        let domain = self.domains.iter().position(|d| *d == cycle.domain);
        let domain = domain
            .ok_or_else(|| ReplayFault(format!("it has no clock domain `{}`", cycle.domain)))?;
        self.drive(cycle)?;
        let mut row = Vec::new();
        if self.domains.len() > 1 {
            let width = self.domains.len().next_power_of_two().trailing_zeros();
            row.push(Bits::new(width, domain as u64));
        }
        if self.has_reset_line {
            row.push(Bits::bit_of(cycle.reset));
        }
        row.extend(observed.iter().map(|&i| self.interp.read(i)));
        self.interp.step(DomainId(domain as u32));
        let violations = self.interp.take_violations();
        let asserted = violations.iter().filter(|v| v.kind == PropertyKind::Assert);
        self.violated = asserted.map(|v| v.path.clone()).collect();
        self.hit = self.violated.contains(&self.property);
        if self.violated_assumption.is_none() {
            let broken = violations.into_iter().find(|v| v.kind == PropertyKind::Assume);
            self.violated_assumption = broken.map(|v| v.path);
        }
        Ok(row)
    }

    fn drive(&mut self, cycle: &Cycle) -> Result<(), ReplayFault> {
        for domain in 0..self.domains.len() {
            self.interp.set_reset(DomainId(domain as u32), cycle.reset);
        }
        for input in &cycle.inputs {
            let port = self.interp.interface().find(&input.port);
            let fits = |p: &olivine_interp::PortInfo| {
                p.direction == Direction::Input && p.width == input.value.width()
            };
            let port = port.filter(|p| fits(&self.interp.interface().ports[p.index()]));
            let port = port.ok_or_else(|| {
                ReplayFault(format!("no input `{}` takes {}", input.port, input.value))
            })?;
            self.interp.set(port, &input.value);
        }
        Ok(())
    }
}

/// Engines report what is violated; so a cover is turned into the assertion that it is not
/// reached. The new cell stands last, so that every other keeps its index.
fn cover_as_assert(flat: &mut Module, property: PropertyId) {
    let cover = flat.properties[property.index()].clone();
    if cover.kind == PropertyKind::Cover {
        let never = flat.add(Op::Not(cover.condition), 1, cover.place);
        let turned = &mut flat.properties[property.index()];
        turned.kind = PropertyKind::Assert;
        turned.condition = never;
    }
}
