//! [`Module`]: ports, cells, state, instances and properties.

use crate::{Bits, Cell, ClockDomain, External, FloatFunction, Kind, ModuleId, Op, Place};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// The arena index.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// Index into [`Module::cells`]: the value which that cell defines.
    ValueId
    /// Index into [`Module::ports`].
    PortId
    /// Index into [`Module::registers`].
    RegisterId
    /// Index into [`Module::memories`].
    MemoryId
    /// Index into [`Module::instances`].
    InstanceId
    /// Index into [`Module::domains`].
    DomainId
    /// Index into [`Module::properties`].
    PropertyId
}

/// One unit of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Unique in the design; `lower_snake_case`, a Verilog identifier.
    pub name: String,
    /// The author's doc of its parameters, such as `Counter { limit: 3 }`; may be empty.
    pub parameters: String,
    /// Where it was authored.
    pub place: Place,
    /// The boundary, in the author's order, clocks and resets left out (see [`ClockDomain`]).
    pub ports: Vec<Port>,
    /// The values. A cell may use values defined after it; combinational loops are faults.
    pub cells: Vec<Cell>,
    /// State of fixed width.
    pub registers: Vec<Register>,
    /// Addressed state.
    pub memories: Vec<Memory>,
    /// Placed modules.
    pub instances: Vec<Instance>,
    /// The clock domains it uses, its instances' included.
    pub domains: Vec<ClockDomain>,
    /// Assertions, assumptions and covers.
    pub properties: Vec<Property>,
    /// What its author says that it computes.
    pub computes: Option<FloatFunction>,
    /// What it is in Verilog, where that is somebody else's; all else here is then its model.
    pub external: Option<External>,
}

impl Module {
    /// A module with nothing in it.
    pub fn new(name: impl Into<String>, place: Place) -> Self {
        Self {
            name: name.into(),
            parameters: String::new(),
            place,
            ports: Vec::new(),
            cells: Vec::new(),
            registers: Vec::new(),
            memories: Vec::new(),
            instances: Vec::new(),
            domains: Vec::new(),
            properties: Vec::new(),
            computes: None,
            external: None,
        }
    }

    /// The cell that defines `value`.
    pub fn cell(&self, value: ValueId) -> &Cell {
        &self.cells[value.index()]
    }

    /// The width of `value` in bits.
    pub fn width(&self, value: ValueId) -> u32 {
        self.cell(value).width
    }

    /// Adds a cell without a label and returns its value.
    pub fn add(&mut self, op: Op, width: u32, place: Place) -> ValueId {
        self.cells.push(Cell { op, width, place, label: None });
        ValueId(self.cells.len() as u32 - 1)
    }

    /// The port with this name.
    pub fn find_port(&self, name: &str) -> Option<PortId> {
        self.ports.iter().position(|p| p.name == name).map(|i| PortId(i as u32))
    }
}

/// Which way a port carries values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Into the module.
    Input,
    /// Out of the module.
    Output,
}

/// A place on the boundary of a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// `lower_snake_case`, unique among the module's ports.
    pub name: String,
    /// Which way.
    pub direction: Direction,
    /// Width in bits, 1 or more.
    pub width: u32,
    /// The reading.
    pub kind: Kind,
    /// Where it was declared.
    pub place: Place,
    /// Input: the one cell [`Op::Input`] of this port. Output: the value that drives it.
    pub value: ValueId,
}

/// State of fixed width. At each acting edge of its domain the register takes
/// 1. its reset value, if it has one and the domain's reset is active;
/// 2. else the value of the **last** case whose condition is one;
/// 3. else the value it had.
///
/// If the domain's reset is asynchronous, a register with a reset value takes it as soon as the reset
/// is active, without an edge, and holds it for as long.
///
/// At power-up it holds `init`, or an undefined value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// The author's name, unique within the module.
    pub name: String,
    /// Width in bits, 1 or more.
    pub width: u32,
    /// The reading.
    pub kind: Kind,
    /// The clock domain.
    pub domain: DomainId,
    /// Value after reset; without one, reset leaves the register to its cases.
    pub reset: Option<Bits>,
    /// Value at power-up; undefined without one.
    pub init: Option<Bits>,
    /// Whether it takes state of other clock domains on purpose.
    pub crossing: bool,
    /// Assignments in the author's order.
    pub cases: Vec<Case>,
    /// Where it was authored.
    pub place: Place,
    /// The one cell [`Op::Register`] of this register.
    pub value: ValueId,
}

/// One conditional assignment to a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// One bit; `None` means always.
    pub condition: Option<ValueId>,
    /// What is assigned.
    pub value: ValueId,
    /// Where it was authored.
    pub place: Place,
}

/// Addressed state: `depth` words of `width` bits. An address at or above the depth reads an
/// undefined value and writes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The author's name, unique within the module.
    pub name: String,
    /// Width of a word in bits.
    pub width: u32,
    /// Number of words.
    pub depth: u32,
    /// The reading of a word.
    pub kind: Kind,
    /// Words at power-up from address 0 on; those that are missing are undefined.
    pub init: Vec<Bits>,
    /// Whether its words are read at once in other clock domains on purpose.
    pub crossing: bool,
    /// Read ports.
    pub reads: Vec<ReadPort>,
    /// Write ports; of several writes to one address at one edge, the last port's stays.
    pub writes: Vec<WritePort>,
    /// Where it was authored.
    pub place: Place,
}

/// When a read port answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadKind {
    /// Combinationally: the word as it is before the coming edge.
    Async,
    /// One cycle later: at an edge with `enable`, the word is read and held until the next one.
    Sync {
        /// The clock domain.
        domain: DomainId,
        /// One bit; `None` means always.
        enable: Option<ValueId>,
        /// What is read where the same edge writes.
        collision: Collision,
    },
}

/// What a synchronous read gives at the address that the same edge writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Collision {
    /// The word before the write (read-first).
    Old,
    /// The word after the write (write-first).
    New,
    /// An undefined value.
    Undefined,
}

/// A read port of a memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadPort {
    /// Unsigned, any width.
    pub address: ValueId,
    /// Asynchronous or synchronous.
    pub kind: ReadKind,
    /// Where it was authored.
    pub place: Place,
    /// The one cell [`Op::ReadData`] of this port.
    pub value: ValueId,
}

/// A write port of a memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WritePort {
    /// The clock domain.
    pub domain: DomainId,
    /// Unsigned, any width.
    pub address: ValueId,
    /// As wide as a word.
    pub data: ValueId,
    /// One bit; `None` means always.
    pub enable: Option<ValueId>,
    /// Which parts of the word are written: bit `i` governs the `i`-th of as many equal parts as
    /// the mask is wide. `None` writes the whole word.
    pub mask: Option<ValueId>,
    /// Where it was authored.
    pub place: Place,
}

/// A placed module, or an array of equal ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The author's name, unique within the module.
    pub name: String,
    /// What is placed.
    pub module: ModuleId,
    /// Array dimensions, outermost first; empty for a single instance.
    pub dims: Vec<u32>,
    /// For each port of the placed module (by [`PortId`]): one value per element, row-major, if
    /// it is an input; nothing if it is an output.
    pub inputs: Vec<Vec<ValueId>>,
    /// For each clock domain of the placed module, the domain here that it is.
    pub domains: Vec<DomainId>,
    /// Where it was authored.
    pub place: Place,
}

impl Instance {
    /// The number of elements: the product of the dimensions, 1 for a single instance.
    pub fn elements(&self) -> u32 {
        self.dims.iter().fold(1, |product, dim| product.saturating_mul(*dim))
    }

    /// The name of an element: `pe[1][2]`, or just the name for a single instance.
    pub fn element_name(&self, element: u32) -> String {
        let mut rest = element;
        let mut indices = Vec::new();
        for &dim in self.dims.iter().rev() {
            indices.push(rest % dim);
            rest /= dim;
        }
        let suffix = indices.iter().rev().map(|i| format!("[{i}]"));
        suffix.fold(self.name.clone(), |name, index| name + &index)
    }
}

/// What is asked of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PropertyKind {
    /// Must hold at every sample.
    Assert,
    /// May be relied on: a constraint on the inputs.
    Assume,
    /// Should hold at some sample.
    Cover,
    /// Must hold at infinitely many samples of every fair run without end.
    Live,
    /// Says which runs are fair: those in which it holds at infinitely many samples.
    Fair,
}

impl PropertyKind {
    /// All kinds, each with its word in the text form.
    pub const NAMED: [(&'static str, Self); 5] = [
        ("assert", Self::Assert),
        ("assume", Self::Assume),
        ("cover", Self::Cover),
        ("live", Self::Live),
        ("fair", Self::Fair),
    ];

    /// Its word in the text form.
    pub fn word(self) -> &'static str {
        let (word, _) = Self::NAMED[self as usize];
        word
    }

    /// Whether one sample in which the condition does not hold violates it. What speaks of runs
    /// without end no simulation can judge.
    pub fn is_violated_by_a_sample(self) -> bool {
        matches!(self, Self::Assert | Self::Assume)
    }

    /// Whether it is something to prove or to reach, rather than something to rely on.
    pub fn is_goal(self) -> bool {
        matches!(self, Self::Assert | Self::Cover | Self::Live)
    }
}

/// A property, sampled just before each acting edge of its domain while the domain's reset is
/// inactive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// A sentence that says it, unique within the module.
    pub name: String,
    /// What is asked.
    pub kind: PropertyKind,
    /// One bit.
    pub condition: ValueId,
    /// The clock domain.
    pub domain: DomainId,
    /// Where it was authored.
    pub place: Place,
}
