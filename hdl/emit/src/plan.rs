//! [`Plan`]: everything decided about a module before it is written.

use crate::array::{self, Vector};
use crate::enums::Enums;
use crate::liveness::Flow;
use crate::naming::{self, Names};
use crate::{Boundary, DomainPins, Options};
use olivine_netlist::{Design, DomainId, InstanceId, Kind, Module, Op, PortId, ValueId};

/// The decisions for one module.
pub(crate) struct Plan<'a> {
    pub(crate) design: &'a Design,
    pub(crate) module: &'a Module,
    pub(crate) options: &'a Options,
    pub(crate) boundaries: &'a [Boundary],
    index: usize,
    pub(crate) flow: Flow,
    pub(crate) names: Names,
    pub(crate) enums: Enums,
}

/// Bits `low .. low + width` of the identifier `name`, which has `total` bits.
#[derive(PartialEq, Eq)]
pub(crate) struct Spot<'a> {
    pub(crate) name: &'a str,
    pub(crate) total: u32,
    pub(crate) low: u32,
    pub(crate) width: u32,
}

impl Spot<'_> {
    /// The selection as Verilog writes it.
    pub(crate) fn text(&self) -> String {
        let Self { name, low, .. } = self;
        match self.width {
            width if width == self.total => (*name).to_string(),
            1 => format!("{name}[{low}]"),
            width => format!("{name}[{}:{low}]", low + width - 1),
        }
    }

    /// Its `width` bits from its bit `low` on.
    pub(crate) fn sub(&self, low: u32, width: u32) -> Self {
        Spot { name: self.name, total: self.total, low: self.low + low, width }
    }
}

impl<'a> Plan<'a> {
    pub(crate) fn new(
        design: &'a Design,
        module: &'a Module,
        boundaries: &'a [Boundary],
        index: usize,
        options: &'a Options,
    ) -> Self {
        let flow = Flow::new(module, options);
        let (names, enums) = naming::name(design, module, &flow, &boundaries[index], options);
        Self { design, module, options, boundaries, index, flow, names, enums }
    }

    /// What the module is called outside.
    pub(crate) fn boundary(&self) -> &'a Boundary {
        &self.boundaries[self.index]
    }

    /// The pins of a domain.
    pub(crate) fn pins(&self, domain: DomainId) -> &'a DomainPins {
        &self.boundary().domains[domain.index()]
    }

    /// The name of its own that a value has; `None` if it is written where it is used.
    pub(crate) fn own_name(&self, value: ValueId) -> Option<&str> {
        self.names.values[value.index()].as_deref()
    }

    /// The name of the vector of an array's outputs, or of a single instance's output.
    pub(crate) fn output_name(&self, instance: InstanceId, port: PortId) -> Option<&str> {
        self.names.outputs.get(&(instance, port)).map(String::as_str)
    }

    /// Where `value` has a name; `None` for constants and what is written in place.
    pub(crate) fn spot(&self, value: ValueId) -> Option<Spot<'_>> {
        let part = self.flow.parts[value.index()];
        let (vector, low) = array::vector_of(self.module, part)?;
        let (name, total) = self.vector(vector)?;
        Some(Spot { name, total, low, width: self.module.width(value) })
    }

    /// Name and width of a vector.
    pub(crate) fn vector(&self, vector: Vector) -> Option<(&str, u32)> {
        match vector {
            Vector::Value(base) => Some((self.own_name(base)?, self.module.width(base))),
            Vector::Outputs(instance, port) => {
                let placed = &self.module.instances[instance.index()];
                let width = self.design.module(placed.module).ports[port.index()].width;
                Some((self.output_name(instance, port)?, width * placed.elements()))
            }
        }
    }

    /// The reading of a value, as far as something declares it.
    pub(crate) fn kind(&self, value: ValueId) -> &'a Kind {
        let part = self.flow.parts[value.index()];
        if self.module.width(value) != self.module.width(part.base) {
            return &Kind::Bits;
        }
        let module = self.module;
        let cell = module.cell(part.base);
        match (&cell.op, &cell.label) {
            (_, Some(label)) => &label.kind,
            (Op::Input(port), _) => &module.ports[port.index()].kind,
            (Op::Register(register), _) => &module.registers[register.index()].kind,
            (Op::ReadData { memory, .. }, _) => &module.memories[memory.index()].kind,
            (Op::InstanceOutput { instance, port, .. }, _) => {
                let placed = module.instances[instance.index()].module;
                &self.design.module(placed).ports[port.index()].kind
            }
            _ => &Kind::Bits,
        }
    }
}

/// Whether the operator's Verilog means the same inside any other expression.
pub(crate) fn fits_in_place(module: &Module, op: &Op) -> bool {
    match op {
        Op::MulUnsigned(..) | Op::MulSigned(..) | Op::ShiftRightSigned(..) => false,
        Op::Select { index, options } => is_two_way(module, *index, options),
        _ => true,
    }
}

/// Whether a selection is a plain choice between two.
pub(crate) fn is_two_way(module: &Module, index: ValueId, options: &[ValueId]) -> bool {
    options.len() == 1 || (options.len() == 2 && module.width(index) == 1)
}
