//! [`Builder`]: the module under elaboration, with what its netlist does not say yet.

use crate::domain::Domain;
use crate::elaborate::Elaboration;
use crate::leaf::{Leaf, Net, Reading};
use crate::names::Taken;
use crate::pipeline::Staged;
use crate::place::At;
use crate::scope::{Scope, ScopeId, Scopes};
use olivine_netlist::{
    Bits, Direction, DomainId, Fault, Module, Op, Place, Port, PortId, RegisterId, ValueId,
};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU32, Ordering};

/// An operand was faulty; the fault is recorded and the result is poison.
pub(crate) struct Poisoned;

pub(crate) type Read<T> = Result<T, Poisoned>;

/// What a wire cell is for.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    Wire,
    Output(PortId),
    Input { instance: u32, port: u32, element: u32 },
}

/// A wire cell and its assignments.
pub(crate) struct Driven {
    pub(crate) value: ValueId,
    pub(crate) target: Target,
    pub(crate) at: At,
    pub(crate) drives: Vec<Drive>,
}

/// One assignment to a wire or a register.
#[derive(Clone, Copy)]
pub(crate) struct Drive {
    pub(crate) scope: ScopeId,
    pub(crate) value: ValueId,
    pub(crate) at: At,
}

/// What an author declared and ought to use: all its leaves together.
pub(crate) struct Declared {
    pub(crate) at: At,
    pub(crate) values: Vec<ValueId>,
}

/// What was asked of a memory, faulty or not.
pub(crate) struct Tried {
    pub(crate) at: At,
    pub(crate) read: bool,
    pub(crate) written: bool,
}

const NO_WIRE: u32 = u32::MAX;

pub(crate) struct Builder {
    pub(crate) serial: u32,
    pub(crate) module: Module,
    pub(crate) names: Taken,
    pub(crate) scopes: Scopes,
    pub(crate) driven: Vec<Driven>,
    /// For each cell its index in `driven`.
    driven_of: Vec<u32>,
    /// For each register its assignments.
    pub(crate) sets: Vec<Vec<Drive>>,
    /// For each register where it was made.
    pub(crate) register_at: Vec<At>,
    /// For registers of [`delay`](crate::delay()), what they delay and by how much.
    pub(crate) stages: HashMap<RegisterId, (ValueId, u32)>,
    /// For each memory what was asked of it.
    pub(crate) memory_tried: Vec<Tried>,
    /// Instances' inputs (by instance and port) that a fault says are not driven.
    pub(crate) undriven_inputs: HashSet<(u32, u32)>,
    pub(crate) declared: Vec<Declared>,
    /// What [`unused`](crate::unused) was said of.
    pub(crate) excused: HashSet<ValueId>,
    constants: HashMap<Bits, ValueId>,
    /// For each domain whether there was an edge outside of reset before.
    pub(crate) past_valid: HashMap<DomainId, ValueId>,
    /// What [`Domain::MAIN`] is here.
    pub(crate) main: Domain,
    /// What [`in_domain`](crate::in_domain) says of what is being written.
    pub(crate) clock: Domain,
    pub(crate) pipeline: Staged,
    /// Registers of machines whose tags leave some values out.
    pub(crate) machines: Vec<(ValueId, At)>,
}

static SERIAL: AtomicU32 = AtomicU32::new(1);

impl Builder {
    pub(crate) fn new(name: String, parameters: String, place: Place, main: Domain) -> Self {
        let mut module = Module::new(name, place);
        module.parameters = parameters;
        let mut names = Taken::default();
        let reset = main.declared(place).reset_name();
        ["clk", "rst", &reset].iter().for_each(|name| names.insert(*name));
        Self {
            serial: SERIAL.fetch_add(1, Ordering::Relaxed),
            module,
            names,
            scopes: Scopes::new(),
            driven: Vec::new(),
            driven_of: Vec::new(),
            sets: Vec::new(),
            register_at: Vec::new(),
            stages: HashMap::new(),
            memory_tried: Vec::new(),
            undriven_inputs: HashSet::new(),
            declared: Vec::new(),
            excused: HashSet::new(),
            constants: HashMap::new(),
            past_valid: HashMap::new(),
            main,
            clock: main,
            pipeline: Staged::default(),
            machines: Vec::new(),
        }
    }

    pub(crate) fn unique(&mut self, wanted: &str) -> String {
        self.names.unique(wanted)
    }

    /// A handle for `value`.
    pub(crate) fn leaf(&self, value: ValueId, reading: Reading) -> Leaf {
        let net = Net::Value { owner: self.serial, value: value.0 };
        Leaf { net, width: self.module.width(value), reading }
    }

    pub(crate) fn cell(&mut self, e: &mut Elaboration, at: At, op: Op, width: u32) -> ValueId {
        let place = e.files.place(at);
        self.module.add(op, width, place)
    }

    pub(crate) fn constant(&mut self, e: &mut Elaboration, at: At, bits: Bits) -> ValueId {
        if let Some(known) = self.constants.get(&bits) {
            return *known;
        }
        let value = self.cell(e, at, Op::Const(bits.clone()), bits.width());
        self.constants.insert(bits, value);
        value
    }

    /// A cell that is defined by what drives it.
    pub(crate) fn wire(&mut self, e: &mut Elaboration, at: At, to: Target, width: u32) -> ValueId {
        let own = ValueId(self.module.cells.len() as u32);
        let value = self.cell(e, at, Op::Wire(own), width);
        self.driven_of.resize(value.index(), NO_WIRE);
        self.driven_of.push(self.driven.len() as u32);
        self.driven.push(Driven { value, target: to, at, drives: Vec::new() });
        value
    }

    /// The index in `driven` of a wire cell.
    pub(crate) fn driven_index(&self, value: ValueId) -> Option<usize> {
        let index = self.driven_of.get(value.index()).copied()?;
        (index != NO_WIRE).then_some(index as usize)
    }

    pub(crate) fn port(
        &mut self,
        e: &mut Elaboration,
        at: At,
        name: &str,
        direction: Direction,
        leaf: Leaf,
    ) -> Leaf {
        let id = PortId(self.module.ports.len() as u32);
        let width = self.checked_width(e, at, leaf);
        let value = match direction {
            Direction::Input => self.cell(e, at, Op::Input(id), width),
            Direction::Output => self.wire(e, at, Target::Output(id), width),
        };
        // As the author wrote it; validation complains where it clashes.
        let name = name.to_string();
        self.names.insert(name.clone());
        let (kind, place) = (leaf.reading.kind(), e.files.place(at));
        self.module.ports.push(Port { name, direction, width, kind, place, value });
        self.leaf(value, leaf.reading)
    }

    /// The width of a shape, if a value can have it.
    pub(crate) fn checked_width(&self, e: &mut Elaboration, at: At, leaf: Leaf) -> u32 {
        if (1..=olivine_netlist::MAX_WIDTH).contains(&leaf.width) {
            return leaf.width;
        }
        let message = format!("`{leaf:?}` is no shape: a value has 1 to 1048576 bits");
        e.fault(self, "L012", at, message, "give it a width of at least 1; `bits_for` does");
        1
    }

    /// The value of an operand.
    pub(crate) fn read(&self, e: &mut Elaboration, at: At, leaf: Leaf) -> Read<ValueId> {
        match leaf.net {
            Net::Value { owner, value } if owner == self.serial => Ok(ValueId(value)),
            Net::Poison => Err(Poisoned),
            Net::Shape => {
                let message = format!("the shape `{leaf:?}` is used as a signal");
                let help = "a shape has no value; give it one with `wire(..)`, `reg(..)`, a port, \
                            or `constant(shape, value)`";
                e.fault(self, "L001", at, message, help);
                Err(Poisoned)
            }
            Net::Value { .. } => {
                let message = format!("a signal `{leaf:?}` of another module is used here");
                let help = "pass it through a port of this module";
                e.fault(self, "L002", at, message, help);
                Err(Poisoned)
            }
        }
    }

    /// The condition under which the present scope is active; `None` means always.
    pub(crate) fn enable(&self) -> Option<ValueId> {
        self.scopes.current().enable
    }

    pub(crate) fn scope(&self, id: ScopeId) -> &Scope {
        self.scopes.get(id)
    }

    /// A name for a value in messages.
    pub(crate) fn show(&self, value: ValueId) -> String {
        let cell = self.module.cell(value);
        if let Some(label) = &cell.label {
            return format!("`{}`", label.name);
        }
        match cell.op {
            Op::Input(p) => format!("`{}`", self.module.ports[p.index()].name),
            Op::Register(r) if !self.module.registers[r.index()].name.is_empty() => {
                format!("`{}`", self.module.registers[r.index()].name)
            }
            Op::Wire(_) => match self.driven_index(value).map(|i| self.driven[i].target) {
                Some(Target::Output(p)) => format!("`{}`", self.module.ports[p.index()].name),
                Some(Target::Input { instance, port, element }) => {
                    self.show_input(instance, port, element)
                }
                _ => "this wire".to_string(),
            },
            Op::Register(_) => "this register".to_string(),
            _ => "this value".to_string(),
        }
    }

    fn show_input(&self, instance: u32, port: u32, element: u32) -> String {
        let instance = &self.module.instances[instance as usize];
        format!("input {port} of `{}`", instance.element_name(element))
    }
}

impl Elaboration {
    /// Records a fault in the module being built, ready to take labels.
    pub(crate) fn fault(
        &mut self,
        b: &Builder,
        code: &'static str,
        at: At,
        message: impl AsRef<str>,
        help: impl Into<String>,
    ) -> &mut Fault {
        let place = self.files.place(at);
        let message = format!("module `{}`: {}", b.module.name, message.as_ref());
        self.faults.push(Fault::new(code, place, message, help));
        self.faults.last_mut().expect("a fault was just pushed")
    }

    /// The fault of a signal where a shape belongs.
    pub(crate) fn fault_shape_wanted(&mut self, b: &Builder, at: At, what: &str) {
        let message = format!("{what} is made from a shape, and this is a signal");
        let help = "say `.shape()` for its shape, or `delay(x, 1)` for its value a cycle later";
        self.fault(b, "L003", at, message, help);
    }
}

/// A leaf with the value of a new cell, or poison.
#[track_caller]
pub(crate) fn build(
    at: At,
    width: u32,
    reading: Reading,
    make: impl FnOnce(&mut Builder, &mut Elaboration) -> Read<Op>,
) -> Leaf {
    crate::elaborate::with(|b, e| match make(b, e) {
        Ok(op) => {
            let value = b.cell(e, at, op, width);
            b.leaf(value, reading)
        }
        Err(Poisoned) => Leaf::poison(width, reading),
    })
}
