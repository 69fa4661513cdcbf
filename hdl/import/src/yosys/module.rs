//! One module: its boundary, then its cells, then the names.

use super::arrays::{self, Placed};
use super::clocks::{self, Clocks, ResetPort};
use super::json::{Bit, SourceCell, SourceModule};
use super::{Log, cells, memory, properties, reset, state};
use crate::names::{Names, word};
use olivine_netlist::{
    Bits, Direction, DomainId, InstanceId, Kind, Label, Module, Op, Place, Port, PortId, ValueId,
};
use std::collections::HashMap;

/// A module on its way.
pub(super) struct Reader<'a> {
    pub source: &'a SourceModule,
    pub clocks: &'a Clocks,
    /// Index of the module.
    pub index: usize,
    pub module: Module,
    pub names: Names,
    pub log: &'a mut Log,
    /// What drives each net: a value and the bit of it.
    drivers: HashMap<u32, (ValueId, u32)>,
    /// Which cell of the text makes each net.
    makers: HashMap<u32, usize>,
    /// The first value that is no port and no output of a cell.
    pub first: ValueId,
    /// Where the text is that is being read.
    pub place: Place,
}

/// Reads a module; `before` are the modules that stand before it.
pub(super) fn build(
    source: &SourceModule,
    clocks: &Clocks,
    index: usize,
    before: &[Module],
    log: &mut Log,
) -> Module {
    let place = log.place(&source.src);
    let mut module = Module::new(word(&source.name), place);
    module.parameters.clone_from(&source.parameters);
    let own = &clocks[index];
    module.domains = own.iter().map(|clock| clocks::domain(clock, place)).collect();
    log.ports.push(HashMap::new());
    let (names, drivers) = (Names::default(), HashMap::new());
    let (makers, first) = (makers(source), ValueId(0));
    let mut reader =
        Reader { source, clocks, index, module, names, log, drivers, makers, first, place };
    for domain in reader.module.domains.clone() {
        reader.names.claim(&domain.clock_name(), None);
        reader.names.claim(&domain.reset_name(), None);
    }
    let resets = reader.inputs();
    let placed = arrays::find(source);
    reader.reserve(&placed, before);
    reader.first = ValueId(reader.module.cells.len() as u32);
    reader.outputs();
    source.cells.iter().for_each(|cell| reader.cell(cell));
    reader.connect(&placed, before);
    reader.labels();
    for (domain, value) in resets {
        reset::lift(&mut reader, domain, value);
    }
    reader.module
}

fn makers(source: &SourceModule) -> HashMap<u32, usize> {
    let cells = source.cells.iter().zip(0..);
    let bits = cells.flat_map(|(cell, at)| cell.bits("Y").iter().map(move |bit| (bit, at)));
    bits.filter_map(|(bit, at)| if let Bit::Net(net) = bit { Some((*net, at)) } else { None })
        .collect()
}

impl<'a> Reader<'a> {
    /// The cell of the text whose result has this bit.
    pub fn cell_of(&self, bit: Bit) -> Option<&'a SourceCell> {
        let Bit::Net(net) = bit else { return None };
        Some(&self.source.cells[*self.makers.get(&net)?])
    }

    fn drive(&mut self, bits: &[Bit], value: ValueId) {
        for (index, bit) in bits.iter().enumerate() {
            if let Bit::Net(net) = bit {
                self.drivers.entry(*net).or_insert((value, index as u32));
            }
        }
    }

    /// Adds a cell at the place of what is being read.
    pub fn add(&mut self, op: Op, width: u32) -> ValueId {
        self.module.add(op, width, self.place)
    }

    /// A constant.
    pub fn number(&mut self, width: u32, value: u64) -> ValueId {
        self.add(Op::Const(Bits::new(width, value)), width)
    }

    /// The domain of the clock on this net.
    pub fn domain(&self, bit: Bit) -> Option<DomainId> {
        let clocks = &self.clocks[self.index];
        let found = clocks.iter().position(|c| bit == Bit::Net(c.net))?;
        Some(DomainId(found as u32))
    }

    /// Input ports. A reset is a constant, as it is while inactive, given back: see
    /// [`reset::lift`].
    fn inputs(&mut self) -> Vec<(DomainId, ValueId)> {
        let mut resets = Vec::new();
        let clocks = self.clocks;
        let own = &clocks[self.index];
        for port in &self.source.ports {
            let reset =
                own.iter().position(|c| c.reset.as_ref().is_some_and(|r| r.port == port.name));
            if own.iter().any(|c| c.port == port.name) || port.bits.is_empty() {
                continue;
            }
            if port.direction == "inout" {
                let message = format!("the port `{}` goes both ways", port.name);
                let help = "split it into an input, an output and an enable";
                self.log.fault("I003", &self.source.src, message, help);
            }
            if port.direction != "input" {
                continue;
            }
            if let Some(domain) = reset {
                let inactive = own[domain].reset.as_ref().is_some_and(ResetPort::active_low);
                let value = self.number(1, u64::from(inactive));
                self.drive(&port.bits, value);
                resets.push((DomainId(domain as u32), value));
                continue;
            }
            let width = port.bits.len() as u32;
            let value = self.add(Op::Input(PortId(self.module.ports.len() as u32)), width);
            self.drive(&port.bits, value);
            self.port(&port.name, Direction::Input, value, port.signed);
        }
        resets
    }

    fn port(&mut self, name: &str, direction: Direction, value: ValueId, signed: bool) {
        let width = self.module.width(value);
        let text = name.to_string();
        let name = self.names.claim(name, Some(value));
        self.log.ports[self.index].insert(name.clone(), text);
        let (kind, place) = (kind(width, signed), self.place);
        self.module.ports.push(Port { name, direction, width, kind, place, value });
    }

    fn outputs(&mut self) {
        for port in self.source.ports.iter().filter(|p| p.direction == "output") {
            if !port.bits.is_empty() {
                let net = self.source.nets.iter().find(|n| n.name == port.name);
                self.place = self.log.place(&net.map(|n| n.src.clone()).unwrap_or_default());
                let mut value = self.word(&port.bits);
                // A name that the value cannot share, since it is another port's or register's.
                if !self.names.free(&word(&port.name), Some(value)) {
                    let width = self.module.width(value);
                    value = self.add(Op::Wire(value), width);
                }
                self.port(&port.name, Direction::Output, value, port.signed);
            }
        }
    }

    /// A value for each output of each cell, before any cell is read.
    fn reserve(&mut self, placed: &[Placed], before: &[Module]) {
        for cell in self.source.cells.iter().filter(|c| c.kind.starts_with('$')) {
            self.place = self.log.place(&cell.src);
            for port in ["Y", "Q", "RD_DATA"] {
                let bits = cell.bits(port);
                if !bits.is_empty() {
                    let value = self.add(Op::Undefined, bits.len() as u32);
                    self.drive(bits, value);
                }
            }
        }
        for (index, group) in placed.iter().enumerate() {
            let instance = InstanceId(index as u32);
            let ports = before[group.module].ports.iter().zip(0..);
            let outputs: Vec<_> = ports.filter(|(p, _)| p.direction == Direction::Output).collect();
            for (element, cell) in group.members.iter().zip(0..).map(|(m, e)| (e, *m)) {
                let cell = &self.source.cells[cell];
                self.place = self.log.place(&cell.src);
                for (port, id) in &outputs {
                    let bits = cell.bits(&self.port_of(group.module, &port.name));
                    if !bits.is_empty() {
                        let op = Op::InstanceOutput { instance, port: PortId(*id), element };
                        let value = self.add(op, port.width);
                        let bits = bits.to_vec();
                        self.drive(&bits, value);
                    }
                }
            }
        }
    }

    /// The name in the text of a port of a module that has been read.
    pub fn port_of(&self, module: usize, name: &str) -> String {
        let source = self.log.ports[module].get(name);
        source.cloned().unwrap_or_else(|| name.to_string())
    }

    /// The value that was reserved for an output, to be given its operator.
    pub fn reserved(&self, cell: &SourceCell, port: &str) -> Option<ValueId> {
        let bit = cell.bits(port).iter().find_map(|bit| match bit {
            Bit::Net(net) => self.drivers.get(net),
            _ => None,
        });
        bit.map(|(value, _)| *value)
    }

    /// The value of a connection; its width is the number of bits, or 1 if there are none.
    pub fn word(&mut self, bits: &[Bit]) -> ValueId {
        let mut parts = Vec::new();
        let mut rest = bits;
        while let Some(first) = rest.first() {
            let (part, length) = match first {
                Bit::Net(net) => self.run(*net, rest),
                Bit::Undefined => {
                    let count = rest.iter().take_while(|b| **b == Bit::Undefined).count();
                    (self.add(Op::Undefined, count as u32), count)
                }
                Bit::Zero | Bit::One => {
                    let known = |b: &&Bit| matches!(b, Bit::Zero | Bit::One);
                    let bools: Vec<bool> =
                        rest.iter().take_while(known).map(|b| *b == Bit::One).collect();
                    (self.add(Op::Const(Bits::from_bools(&bools)), bools.len() as u32), bools.len())
                }
            };
            parts.push(part);
            rest = &rest[length..];
        }
        match parts.as_slice() {
            [] => self.number(1, 0),
            [only] => *only,
            _ => self.add(Op::Concat(parts.into()), bits.len() as u32),
        }
    }

    /// The longest piece of one value that starts here.
    fn run(&mut self, net: u32, rest: &[Bit]) -> (ValueId, usize) {
        let Some(&(value, low)) = self.drivers.get(&net) else {
            if self.domain(Bit::Net(net)).is_some() {
                let message = "a clock is used as data";
                let help = "clocks are domains here: keep them apart from data";
                let place = self.place;
                self.log.faults.push(olivine_netlist::Fault::new("I011", place, message, help));
            }
            let alike = |b: &&Bit| **b == Bit::Net(net);
            let count = rest.iter().take_while(alike).take(1).count();
            return (self.add(Op::Undefined, 1), count);
        };
        let follows = |(i, bit): &(usize, &Bit)| match bit {
            Bit::Net(net) => self.drivers.get(net) == Some(&(value, low + *i as u32)),
            _ => false,
        };
        let length = rest.iter().enumerate().take_while(follows).count();
        if low == 0 && length as u32 == self.module.width(value) {
            return (value, length);
        }
        (self.add(Op::Slice { value, low }, length as u32), length)
    }

    /// One cell that is no instance.
    fn cell(&mut self, cell: &SourceCell) {
        if self.source.placed.contains_key(&cell.kind) {
            return;
        }
        self.place = self.log.place(&cell.src);
        let known = cells::read(self, cell)
            || state::read(self, cell)
            || memory::read(self, cell)
            || properties::read(self, cell);
        if !known {
            let message =
                format!("the cell `{}` is of the unknown type `{}`", cell.name, cell.kind);
            let help = match cell.kind.starts_with('$') {
                true => {
                    "let Yosys' `prep` make cells of words; latches and wired logic are not read"
                }
                false => "give the module's text too: black boxes are not read",
            };
            self.log.fault("I002", &cell.src, message, help);
        }
    }

    /// Names of nets, where they are not yet those of ports and state.
    fn labels(&mut self) {
        // Of a net that Yosys has cut down, what is left has its name elsewhere.
        let driven = |b: &Bit| !matches!(b, Bit::Net(n) if !self.drivers.contains_key(n));
        let constant = |bits: &[Bit]| !bits.iter().any(|b| matches!(b, Bit::Net(_)));
        let shown = |net: &&super::json::SourceNet| {
            !net.hidden && net.bits.iter().all(driven) && !constant(&net.bits)
        };
        let nets: Vec<_> = self.source.nets.iter().filter(shown).collect();
        for net in nets {
            if self.source.ports.iter().any(|p| p.name == net.name) {
                continue;
            }
            self.place = self.log.place(&net.src);
            let value = self.word(&net.bits);
            let named = self.module.cell(value).label.is_some()
                || matches!(self.module.cell(value).op, Op::Input(_) | Op::Register(_));
            if !named {
                let name = self.names.claim(&net.name, Some(value));
                let kind = kind(self.module.width(value), net.signed);
                let cell = &mut self.module.cells[value.index()];
                cell.label = Some(Box::new(Label { name, kind }));
            }
        }
    }
}

fn kind(width: u32, signed: bool) -> Kind {
    match (signed, width) {
        (true, _) => Kind::Signed,
        (false, 1) => Kind::Bit,
        (false, _) => Kind::Bits,
    }
}
