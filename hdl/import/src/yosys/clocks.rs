//! Which ports are clocks, and which are their resets.

use super::beside::{Beside, beside};
use super::json::{Bit, Source, SourceCell, SourceModule, SourcePort};
use super::{Log, Options};
use crate::names::word;
use olivine_netlist::{ClockDomain, Edge, Place, Polarity, ResetKind};
use std::collections::{BTreeMap, HashSet};

/// A clock domain of a module.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    /// Name of the domain.
    pub name: String,
    /// The port, and its net.
    pub port: String,
    pub net: u32,
    /// `None` while nothing says it.
    pub edge: Option<Edge>,
    pub reset: Option<ResetPort>,
}

/// The port of a reset.
#[derive(Clone, Debug)]
pub(super) struct ResetPort {
    pub port: String,
    pub net: u32,
    /// `None` while nothing says it; then it is synchronous, active as its name says.
    pub manner: Option<Manner>,
}

/// When a reset acts, and at which level.
pub(super) type Manner = (ResetKind, Polarity);

impl ResetPort {
    pub fn manner(&self) -> Manner {
        let low = self.port.ends_with(['n', 'N']);
        let by_name = if low { Polarity::ActiveLow } else { Polarity::ActiveHigh };
        self.manner.unwrap_or((ResetKind::Synchronous, by_name))
    }

    pub fn active_low(&self) -> bool {
        self.manner().1 == Polarity::ActiveLow
    }

    pub fn at_once(&self) -> bool {
        self.manner().0 == ResetKind::Asynchronous
    }
}

/// The domains of every module, in the order of their ports.
pub(super) type Clocks = Vec<Vec<Clock>>;

/// Uses of clocks by a cell: the bit and, if the cell says it, the edge.
fn uses(cell: &SourceCell, module: &SourceModule, clocks: &Clocks) -> Vec<(Bit, Option<Edge>)> {
    let edge = |rising: bool| Some(if rising { Edge::Rising } else { Edge::Falling });
    if let Some(&child) = module.placed.get(&cell.kind) {
        let of = |c: &Clock| Some((*cell.bits(&c.port).first()?, c.edge));
        return clocks[child].iter().filter_map(of).collect();
    }
    let ports = |name: &str, enable: Vec<Bit>, polarity: Vec<Bit>| {
        let at = |bits: &[Bit], i: usize| bits.get(i) == Some(&Bit::One);
        let bits = cell.bits(name).iter().enumerate();
        let used = bits.filter(|(i, _)| at(&enable, *i));
        used.map(|(i, bit)| (*bit, edge(at(&polarity, i)))).collect::<Vec<_>>()
    };
    match cell.kind.as_str() {
        "$mem_v2" => {
            let of = |way: &str| {
                let parameter = |p: &str| cell.constant(&format!("{way}_CLK_{p}"));
                ports(&format!("{way}_CLK"), parameter("ENABLE"), parameter("POLARITY"))
            };
            [of("RD"), of("WR")].concat()
        }
        "$check" | "$print" => {
            let all = vec![Bit::One; cell.bits("TRG").len()];
            let enabled = if cell.flag("TRG_ENABLE") { all } else { Vec::new() };
            ports("TRG", enabled, cell.constant("TRG_POLARITY"))
        }
        kind if kind.starts_with('$') => {
            ports("CLK", vec![Bit::One], cell.constant("CLK_POLARITY"))
        }
        _ => Vec::new(),
    }
}

/// A port that brings one bit in.
pub(super) fn bit_input(port: &SourcePort) -> Option<u32> {
    match (port.direction.as_str(), port.bits.as_slice()) {
        ("input", [Bit::Net(net)]) => Some(*net),
        _ => None,
    }
}

/// Finds the domains of every module.
pub(super) fn find(source: &mut Source, options: &Options, log: &mut Log) -> Clocks {
    let beside =
        if options.resets { beside(source) } else { vec![Vec::new(); source.modules.len()] };
    let mut clocks = Clocks::new();
    let mut passed: Vec<Vec<Passed>> = Vec::new();
    for (index, beside) in beside.iter().enumerate() {
        let module = &mut source.modules[index];
        join(module, &passed);
        let found = of_module(module, &clocks, beside, log);
        let outermost = index == source.top;
        passed.push(if outermost { Vec::new() } else { take_passed(module, &found) });
        clocks.push(found);
    }
    for (index, module) in source.modules.iter().enumerate().rev() {
        pass_down(module, index, &mut clocks);
    }
    clocks
}

/// An output port that shows a clock of its module, and the port that the clock comes in by.
struct Passed {
    output: String,
    input: String,
}

/// Takes the outputs that show a clock away from a module: outside, they are the clock itself.
fn take_passed(module: &mut SourceModule, clocks: &[Clock]) -> Vec<Passed> {
    let shown = |port: &SourcePort| {
        let clock = clocks.iter().find(|c| port.bits == [Bit::Net(c.net)])?;
        let output = port.name.clone();
        (port.direction == "output").then(|| Passed { output, input: clock.port.clone() })
    };
    let passed: Vec<Passed> = module.ports.iter().filter_map(shown).collect();
    module.ports.retain(|port| !passed.iter().any(|p| p.output == port.name));
    passed
}

/// Gives a clock that went through a placed module the net on which it went in.
fn join(module: &mut SourceModule, passed: &[Vec<Passed>]) {
    for cell in 0..module.cells.len() {
        let Some(&child) = module.placed.get(&module.cells[cell].kind) else { continue };
        for Passed { output, input } in &passed[child] {
            let outside = module.cells[cell].connections.remove(output);
            let inside = module.cells[cell].bits(input).to_vec();
            let (Some([Bit::Net(from)]), [to]) = (outside.as_deref(), inside.as_slice()) else {
                continue;
            };
            rename(module, *from, *to);
        }
    }
}

fn rename(module: &mut SourceModule, from: u32, to: Bit) {
    let connections = module.cells.iter_mut().flat_map(|c| c.connections.values_mut());
    let ports = module.ports.iter_mut().map(|p| &mut p.bits);
    let nets = module.nets.iter_mut().map(|n| &mut n.bits);
    let all = connections.chain(ports).chain(nets).flatten();
    all.filter(|bit| **bit == Bit::Net(from)).for_each(|bit| *bit = to);
}

fn of_module(module: &SourceModule, clocks: &Clocks, beside: &Beside, log: &mut Log) -> Vec<Clock> {
    let mut edges: BTreeMap<u32, Option<Edge>> = BTreeMap::new();
    let inputs: HashSet<u32> = module.ports.iter().filter_map(bit_input).collect();
    for cell in &module.cells {
        for (bit, edge) in uses(cell, module, clocks) {
            let Bit::Net(net) = bit else { continue };
            if !inputs.contains(&net) {
                let message = format!("the clock of `{}` is not an input port", cell.name);
                let help = "bring every clock in by a port: gated and divided clocks are not read";
                log.fault("I010", &cell.src, message, help);
                continue;
            }
            let known = edges.entry(net).or_default();
            if known.is_some() && edge.is_some() && *known != edge {
                let message = format!("the clock of `{}` acts on both of its edges", cell.name);
                log.fault("I014", &cell.src, message, "use two clocks, or one edge");
            }
            *known = known.or(edge);
        }
    }
    let data = data_nets(module, clocks);
    for port in &module.ports {
        let named = port.name == "clk" || port.name.starts_with("clk_");
        if let Some(net) = bit_input(port).filter(|net| named && !data.contains(net)) {
            edges.entry(net).or_default();
        }
    }
    let mut found = name(module, &edges, beside);
    for clock in &mut found {
        clock.reset = clock.reset.take().and_then(|reset| used(module, clocks, reset));
    }
    found
}

/// The reset as cells use it; `None` if they use it in ways that no domain has.
fn used(module: &SourceModule, clocks: &Clocks, reset: ResetPort) -> Option<ResetPort> {
    let is_it = |bits: &[Bit]| bits.contains(&Bit::Net(reset.net));
    let mut manners: Vec<Manner> = Vec::new();
    for cell in &module.cells {
        if let Some(&child) = module.placed.get(&cell.kind) {
            let inner = clocks[child].iter().filter_map(|c| c.reset.as_ref());
            let inner = inner.filter(|inner| is_it(cell.bits(&inner.port)));
            manners.extend(inner.filter_map(|inner| inner.manner));
        } else if cell.kind.starts_with('$') {
            if ["ALOAD", "SET", "CLR"].iter().any(|port| is_it(cell.bits(port))) {
                return None;
            }
            if is_it(cell.bits("ARST")) {
                let high = cell.flag("ARST_POLARITY");
                let polarity = if high { Polarity::ActiveHigh } else { Polarity::ActiveLow };
                manners.push((ResetKind::Asynchronous, polarity));
            }
        }
    }
    let first = manners.first().copied();
    let alike = manners.iter().all(|manner| Some(*manner) == first);
    alike.then_some(ResetPort { manner: first, ..reset })
}

/// The nets that something uses other than as a clock.
fn data_nets(module: &SourceModule, clocks: &Clocks) -> HashSet<u32> {
    let mut data = HashSet::new();
    let net = |bit: &Bit| if let Bit::Net(net) = bit { Some(*net) } else { None };
    for cell in &module.cells {
        let child = module.placed.get(&cell.kind);
        let is_clock = |port: &str| match child {
            Some(&child) => clocks[child].iter().any(|c| c.port == port),
            None => matches!(port, "CLK" | "RD_CLK" | "WR_CLK" | "TRG"),
        };
        let ports = cell.connections.iter().filter(|(port, _)| !is_clock(port));
        data.extend(ports.flat_map(|(_, bits)| bits).filter_map(net));
    }
    // An output of one bit may show a clock.
    let outputs = module.ports.iter().filter(|p| p.direction != "input" && p.bits.len() > 1);
    data.extend(outputs.flat_map(|p| &p.bits).filter_map(net));
    data
}

fn name(module: &SourceModule, edges: &BTreeMap<u32, Option<Edge>>, beside: &Beside) -> Vec<Clock> {
    let mut clocks = Vec::new();
    for port in &module.ports {
        let Some(net) = bit_input(port).filter(|net| edges.contains_key(net)) else { continue };
        let reset = beside.iter().find(|(clock, _)| *clock == port.name).and_then(|(_, name)| {
            let net = bit_input(module.ports.iter().find(|p| p.name == *name)?)?;
            Some(ResetPort { port: name.clone(), net, manner: None })
        });
        let name = match port.name.strip_prefix("clk_") {
            Some(name) => word(name),
            None if port.name == "clk" || edges.len() == 1 => String::new(),
            None => word(&port.name),
        };
        clocks.push(Clock { name, port: port.name.clone(), net, edge: edges[&net], reset });
    }
    for index in 0..clocks.len() {
        while collides(&clocks[index], module, &clocks) {
            let name = match clocks[index].name.as_str() {
                "" => clocks[index].port.clone(),
                name => format!("{}_{name}", clocks[index].port),
            };
            clocks[index].name = word(&name);
        }
    }
    clocks
}

/// Whether the names that a domain gives its clock and reset are those of other ports.
fn collides(clock: &Clock, module: &SourceModule, clocks: &[Clock]) -> bool {
    let domain = domain(clock, Place::UNKNOWN);
    let gone = |port: &str| {
        let reset = |c: &Clock| c.reset.as_ref().is_some_and(|r| r.port == port);
        clocks.iter().any(|c| c.port == port || reset(c))
    };
    let ordinary = module.ports.iter().filter(|p| !gone(&p.name));
    let names = [domain.clock_name(), domain.reset_name()];
    ordinary.map(|p| word(&p.name)).any(|name| names.contains(&name))
}

/// The domain that a clock is.
pub(super) fn domain(clock: &Clock, place: Place) -> ClockDomain {
    let (reset, polarity) = clock.reset.as_ref().map(ResetPort::manner).unwrap_or_default();
    let edge = clock.edge.unwrap_or_default();
    ClockDomain { name: clock.name.clone(), edge, reset, polarity, place }
}

/// A clock or a reset that nothing in a module uses acts as its surroundings say.
fn pass_down(module: &SourceModule, index: usize, clocks: &mut Clocks) {
    for cell in &module.cells {
        let Some(&child) = module.placed.get(&cell.kind) else { continue };
        for inner in 0..clocks[child].len() {
            let bit = cell.bits(&clocks[child][inner].port).first();
            let outer = clocks[index].iter().find(|c| bit == Some(&Bit::Net(c.net)));
            let edge = outer.and_then(|c| c.edge);
            let manner = outer.and_then(|c| Some(c.reset.as_ref()?.manner()));
            let inner = &mut clocks[child][inner];
            inner.edge = inner.edge.or(edge);
            if let Some(reset) = &mut inner.reset {
                reset.manner = reset.manner.or(manner);
            }
        }
    }
}
