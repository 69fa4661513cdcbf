//! A random module: values first, each from earlier ones; then what state takes from them.

use super::choices::Choices;
use super::{Options, place};
use crate::{
    ClockDomain, Design, Direction, DomainId, Encoding, EnumKind, Instance, InstanceId, Kind,
    Label, Module, ModuleId, Op, Place, Port, PortId, Property, PropertyKind, ValueId,
};
use std::sync::Arc;

pub(super) struct Builder<'a, 'c> {
    pub(super) design: &'a Design,
    pub(super) options: &'a Options,
    pub(super) choices: &'a mut Choices<'c>,
    pub(super) module: Module,
}

impl<'a, 'c> Builder<'a, 'c> {
    pub(super) fn new(
        design: &'a Design,
        options: &'a Options,
        choices: &'a mut Choices<'c>,
        domains: &[ClockDomain],
    ) -> Self {
        let at = place(choices);
        let mut module = Module::new(format!("m{}", design.modules.len()), at);
        module.domains = domains.to_vec();
        Self { design, options, choices, module }
    }

    pub(super) fn module(mut self, index: u32) -> Module {
        if self.choices.chance(2) {
            self.module.parameters = format!("Random {{ \"index\": {index} }}");
        }
        self.inputs();
        self.registers();
        if self.options.memories && self.choices.chance(3) {
            self.memory();
        }
        if index > 0 && !self.choices.chance(4) {
            self.instance();
        }
        for _ in 0..self.choices.below(self.options.operators + 1) {
            self.operator();
        }
        self.finish_registers();
        self.finish_memories();
        self.outputs();
        self.properties();
        self.shuffle();
        self.module
    }

    pub(super) fn place(&mut self) -> Place {
        place(self.choices)
    }

    pub(super) fn width(&mut self) -> u32 {
        let limit = self.options.width.max(1);
        let common = [1, 1, 8, 4, 2, 3, 16, 32, 33, 64, 65, limit];
        if self.choices.chance(3) {
            return 1 + self.choices.below(limit);
        }
        self.choices.pick(&common).min(limit)
    }

    pub(super) fn kind(&mut self, width: u32) -> Kind {
        match self.choices.below(6) {
            1 if width == 1 => Kind::Bit,
            2 => Kind::Signed,
            3 if width >= 3 => {
                let exponent = 1 + self.choices.below(width - 2);
                Kind::Float { exponent, mantissa: width - 1 - exponent }
            }
            4 => Kind::Enum(Arc::new(EnumKind {
                name: ["Fetch", "Mode"][self.choices.below(2) as usize].to_string(),
                variants: ["Idle", "Busy"][..1 + self.choices.below(2) as usize]
                    .iter()
                    .map(|v| v.to_string())
                    .collect(),
                // By the width, so that the choices mean what they meant without it.
                encoding: Encoding::ALL[if width == 1 { 0 } else { width as usize % 3 }],
            })),
            5 => Kind::Unsigned,
            _ => Kind::Bits,
        }
    }

    pub(super) fn add(&mut self, op: Op, width: u32) -> ValueId {
        let at = self.place();
        let value = self.module.add(op, width, at);
        if self.choices.chance(3) {
            let name = match self.choices.below(3) {
                1 => format!("v{}.part", value.0),
                2 => format!("v{}[{}]", value.0, self.choices.below(12)),
                _ => format!("v{}", value.0),
            };
            let kind = self.kind(width);
            self.module.cells[value.index()].label = Some(Box::new(Label { name, kind }));
        }
        value
    }

    pub(super) fn any(&mut self) -> ValueId {
        ValueId(self.choices.below(self.module.cells.len() as u32))
    }

    /// A value of this width: one there is, or one made from one there is.
    pub(super) fn of_width(&mut self, width: u32) -> ValueId {
        let value = self.any();
        let found = self.module.width(value);
        if found == width {
            return value;
        }
        let ids = (0..self.module.cells.len() as u32).map(ValueId);
        let fitting: Vec<ValueId> = ids.filter(|v| self.module.width(*v) == width).collect();
        if !fitting.is_empty() && !self.choices.chance(3) {
            return self.choices.pick(&fitting);
        }
        let op = match found > width {
            true => Op::Slice { value, low: self.choices.below(found - width + 1) },
            false if self.choices.chance(2) => Op::ExtendSigned(value),
            false => Op::Extend(value),
        };
        self.add(op, width)
    }

    pub(super) fn bit(&mut self) -> ValueId {
        self.of_width(1)
    }

    pub(super) fn optional_bit(&mut self) -> Option<ValueId> {
        if self.choices.chance(2) { Some(self.bit()) } else { None }
    }

    pub(super) fn domain(&mut self) -> DomainId {
        DomainId(self.choices.below(self.module.domains.len() as u32))
    }

    fn inputs(&mut self) {
        for i in 0..1 + self.choices.below(3) {
            let (width, at) = (self.width(), self.place());
            let value = self.add(Op::Input(PortId(i)), width);
            let (name, kind) = (format!("in{i}"), self.kind(width));
            let direction = Direction::Input;
            self.module.ports.push(Port { name, direction, width, kind, value, place: at });
        }
    }

    fn outputs(&mut self) {
        for i in 0..1 + self.choices.below(3) {
            let value = match self.choices.below(3) {
                0 => ValueId(self.module.cells.len() as u32 - 1),
                _ => self.any(),
            };
            let width = self.module.width(value);
            let (kind, at) = (self.kind(width), self.place());
            let name = self.output_name(i, value);
            let direction = Direction::Output;
            self.module.ports.push(Port { name, direction, width, kind, value, place: at });
        }
    }

    /// An output that is a register may have the register's name.
    fn output_name(&mut self, index: u32, value: ValueId) -> String {
        if let Op::Register(r) = self.module.cell(value).op {
            let name = &self.module.registers[r.index()].name;
            if !name.contains('.') && self.module.find_port(name).is_none() {
                return name.clone();
            }
        }
        format!("out{index}")
    }

    fn operator(&mut self) {
        let width = self.width();
        let (op, width) = match self.choices.below(26) {
            0 => (Op::Const(self.choices.bits(width)), width),
            1 if self.options.undefined => (Op::Undefined, width),
            code @ 2..=11 => (self.same_width(code, width), width),
            code @ 12..=17 => self.one_bit(code, width),
            18 | 19 => self.product(),
            20 => self.select(width),
            21 => self.concat(),
            22 => {
                let value = self.any();
                let low = self.choices.below(self.module.width(value));
                let width = 1 + self.choices.below(self.module.width(value) - low);
                (Op::Slice { value, low }, width)
            }
            code => {
                let value = self.any();
                let most = self.options.width.max(self.module.width(value));
                let spare = most - self.module.width(value);
                let width = self.module.width(value) + self.choices.below(spare + 1);
                let signed = code % 2 == 0;
                (if signed { Op::ExtendSigned(value) } else { Op::Extend(value) }, width)
            }
        };
        self.add(op, width);
    }

    fn same_width(&mut self, code: u32, width: u32) -> Op {
        let a = self.of_width(width);
        match code {
            2 => Op::Wire(a),
            3 => Op::Not(a),
            4 => Op::ShiftLeft(a, self.any()),
            5 => Op::ShiftRight(a, self.any()),
            6 => Op::ShiftRightSigned(a, self.any()),
            7 => Op::And(a, self.of_width(width)),
            8 => Op::Or(a, self.of_width(width)),
            9 => Op::Xor(a, self.of_width(width)),
            10 if self.choices.chance(2) => Op::Sub(a, self.of_width(width)),
            10 => Op::Add(a, self.of_width(width)),
            _ => {
                let condition = self.bit();
                Op::Mux { condition, then: a, otherwise: self.of_width(width) }
            }
        }
    }

    fn one_bit(&mut self, code: u32, width: u32) -> (Op, u32) {
        let a = self.of_width(width);
        let op = match code {
            12 => Op::ReduceAnd(a),
            13 => Op::ReduceOr(a),
            14 => Op::ReduceXor(a),
            15 => Op::Eq(a, self.of_width(width)),
            16 => Op::LessUnsigned(a, self.of_width(width)),
            _ => Op::LessSigned(a, self.of_width(width)),
        };
        (op, 1)
    }

    fn product(&mut self) -> (Op, u32) {
        let half = (self.options.width / 2).max(1);
        let (wa, wb) = (self.width().min(half), self.width().min(half));
        let (a, b) = (self.of_width(wa), self.of_width(wb));
        let signed = self.choices.chance(2);
        (if signed { Op::MulSigned(a, b) } else { Op::MulUnsigned(a, b) }, wa + wb)
    }

    fn select(&mut self, width: u32) -> (Op, u32) {
        let index = self.any();
        let options = (0..1 + self.choices.below(5)).map(|_| self.of_width(width)).collect();
        (Op::Select { index, options }, width)
    }

    fn concat(&mut self) -> (Op, u32) {
        let mut parts = vec![self.any()];
        let mut width = self.module.width(parts[0]);
        for _ in 0..self.choices.below(4) {
            let part = self.any();
            if width + self.module.width(part) <= self.options.width {
                width += self.module.width(part);
                parts.push(part);
            }
        }
        (Op::Concat(parts.into()), width)
    }

    fn instance(&mut self) {
        let module = ModuleId(self.choices.below(self.design.modules.len() as u32));
        let dims = self.dims();
        let instance = InstanceId(self.module.instances.len() as u32);
        let placed = self.design.module(module);
        let elements: u32 = dims.iter().product();
        let mut inputs = vec![Vec::new(); placed.ports.len()];
        // An element takes earlier values only, so a row of elements can chain but not loop.
        for element in 0..elements {
            for (values, port) in inputs.iter_mut().zip(&placed.ports) {
                if port.direction == Direction::Input {
                    values.push(self.of_width(port.width));
                }
            }
            for (index, port) in placed.ports.iter().enumerate() {
                if port.direction == Direction::Output && !self.choices.chance(8) {
                    let port_id = PortId(index as u32);
                    self.add(Op::InstanceOutput { instance, port: port_id, element }, port.width);
                }
            }
        }
        let domains = placed.domains.iter().map(|d| self.domain_like(d)).collect();
        let (name, at) = (format!("u{}", instance.0), self.place());
        self.module.instances.push(Instance { name, module, dims, inputs, domains, place: at });
    }

    fn dims(&mut self) -> Vec<u32> {
        let limit = self.options.elements.max(1);
        match self.choices.below(3) {
            1 => vec![1 + self.choices.below(limit)],
            2 if limit >= 4 => vec![1 + self.choices.below(limit / 2), 2],
            _ => Vec::new(),
        }
    }

    /// A domain here with the same edge and reset; the one of the same name is one.
    fn domain_like(&mut self, inner: &ClockDomain) -> DomainId {
        let domains = self.module.domains.iter().enumerate();
        let same = domains.filter(|(_, d)| d.acts_like(inner)).map(|(i, _)| DomainId(i as u32));
        let same: Vec<DomainId> = same.collect();
        let named = self.module.domains.iter().position(|d| d.name == inner.name);
        match named {
            Some(i) if !self.choices.chance(3) => DomainId(i as u32),
            _ => self.choices.pick(&same),
        }
    }

    fn properties(&mut self) {
        for i in 0..self.choices.below(3) {
            let kind =
                [PropertyKind::Cover, PropertyKind::Assert, PropertyKind::Assume][i as usize];
            let (condition, domain, at) = (self.bit(), self.domain(), self.place());
            let name = format!("property \"{i}\" of \\ all");
            self.module.properties.push(Property { name, kind, condition, domain, place: at });
        }
    }

    /// Puts the cells in another order, as an author may write them.
    fn shuffle(&mut self) {
        let count = self.module.cells.len() as u32;
        if !self.choices.chance(2) {
            return;
        }
        let mut to: Vec<u32> = (0..count).collect();
        for i in (1..count).rev() {
            to.swap(i as usize, self.choices.below(i + 1) as usize);
        }
        self.module.map_values(|v| ValueId(to[v.index()]));
        let cells = std::mem::take(&mut self.module.cells);
        let mut placed: Vec<_> = cells.into_iter().enumerate().collect();
        placed.sort_by_key(|(i, _)| to[*i]);
        self.module.cells = placed.into_iter().map(|(_, cell)| cell).collect();
    }
}
