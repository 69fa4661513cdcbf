//! Every operator of the netlist as nodes.

use super::Writer;
use crate::btor2::model::{NodeId, NodeKind};
use crate::btor2::sort::Sort;
use crate::roles::InputRole;
use olivine_interp::undefined_path;
use olivine_netlist::{Bits, Cell, Op, ValueId};

impl Writer<'_> {
    pub(super) fn width(&self, node: NodeId) -> u32 {
        match self.model.node(node).sort {
            Sort::Bits(width) => width,
            Sort::Array { data, .. } => data,
        }
    }

    pub(super) fn constant(&mut self, bits: Bits) -> NodeId {
        self.shared(Sort::Bits(bits.width()), NodeKind::Const(bits))
    }

    /// The constant that a node is.
    fn known(&self, node: NodeId) -> Option<&Bits> {
        match &self.model.node(node).kind {
            NodeKind::Const(bits) => Some(bits),
            _ => None,
        }
    }

    /// An operator that gives so many bits.
    pub(super) fn apply(
        &mut self,
        name: &'static str,
        operands: &[NodeId],
        numbers: &[u32],
        width: u32,
    ) -> NodeId {
        let kind = NodeKind::Apply(name, operands.to_vec(), numbers.to_vec());
        self.shared(Sort::Bits(width), kind)
    }

    pub(super) fn not(&mut self, a: NodeId) -> NodeId {
        match self.known(a) {
            Some(bits) => {
                let inverted = bits.not();
                self.constant(inverted)
            }
            None => self.apply("not", &[a], &[], self.width(a)),
        }
    }

    pub(super) fn and(&mut self, a: NodeId, b: NodeId) -> NodeId {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(bits) = self.known(one) {
                if bits.all() {
                    return other;
                }
                if !bits.any() {
                    return one;
                }
            }
        }
        self.apply("and", &[a, b], &[], self.width(a))
    }

    pub(super) fn or(&mut self, a: NodeId, b: NodeId) -> NodeId {
        for (one, other) in [(a, b), (b, a)] {
            if let Some(bits) = self.known(one) {
                if bits.all() {
                    return one;
                }
                if !bits.any() {
                    return other;
                }
            }
        }
        self.apply("or", &[a, b], &[], self.width(a))
    }

    pub(super) fn ite(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId) -> NodeId {
        match self.known(condition) {
            Some(bits) if bits.any() => then,
            Some(_) => otherwise,
            None if then == otherwise => then,
            None => {
                let sort = self.model.node(then).sort;
                let operands = vec![condition, then, otherwise];
                self.shared(sort, NodeKind::Apply("ite", operands, Vec::new()))
            }
        }
    }

    pub(super) fn slice(&mut self, node: NodeId, low: u32, width: u32) -> NodeId {
        if low == 0 && width == self.width(node) {
            return node;
        }
        self.apply("slice", &[node], &[low + width - 1, low], width)
    }

    pub(super) fn extended(&mut self, node: NodeId, width: u32, signed: bool) -> NodeId {
        let more = width - self.width(node);
        if more == 0 {
            return node;
        }
        self.apply(if signed { "sext" } else { "uext" }, &[node], &[more], width)
    }

    pub(super) fn concat(&mut self, high: NodeId, low: NodeId) -> NodeId {
        let width = self.width(high) + self.width(low);
        self.apply("concat", &[high, low], &[], width)
    }

    /// The cells of the cone, in order.
    pub(super) fn cells(&mut self) {
        let system = self.system;
        for &value in &system.order {
            if self.values[value.index()].is_none() {
                let node = self.cell(value, system.flat.cell(value));
                self.values[value.index()] = Some(node);
            }
        }
    }

    fn cell(&mut self, value: ValueId, cell: &Cell) -> NodeId {
        let width = cell.width;
        let flat = &self.system.flat;
        match &cell.op {
            Op::Const(bits) => self.constant(bits.clone()),
            Op::Input(port) => {
                let name = flat.ports[port.index()].name.clone();
                self.input(Sort::Bits(width), InputRole::Port(name))
            }
            Op::Undefined => {
                let path = undefined_path(flat, value);
                self.input(Sort::Bits(width), InputRole::Undefined { path, later: false })
            }
            Op::Wire(a) => self.value(*a),
            Op::Not(a) => self.not(self.value(*a)),
            Op::And(a, b) => self.and(self.value(*a), self.value(*b)),
            Op::Or(a, b) => self.or(self.value(*a), self.value(*b)),
            Op::Xor(a, b) => self.binary("xor", *a, *b, width),
            Op::ReduceAnd(a) => self.apply("redand", &[self.value(*a)], &[], 1),
            Op::ReduceOr(a) => self.apply("redor", &[self.value(*a)], &[], 1),
            Op::ReduceXor(a) => self.apply("redxor", &[self.value(*a)], &[], 1),
            Op::Add(a, b) => self.binary("add", *a, *b, width),
            Op::Sub(a, b) => self.binary("sub", *a, *b, width),
            Op::MulUnsigned(a, b) => self.product(*a, *b, width, false),
            Op::MulSigned(a, b) => self.product(*a, *b, width, true),
            Op::Eq(a, b) => self.binary("eq", *a, *b, 1),
            Op::LessUnsigned(a, b) => self.binary("ult", *a, *b, 1),
            Op::LessSigned(a, b) => self.binary("slt", *a, *b, 1),
            Op::ShiftLeft(a, b) => self.shift("sll", *a, *b),
            Op::ShiftRight(a, b) => self.shift("srl", *a, *b),
            Op::ShiftRightSigned(a, b) => self.shift("sra", *a, *b),
            Op::Mux { condition, then, otherwise } => {
                self.ite(self.value(*condition), self.value(*then), self.value(*otherwise))
            }
            Op::Select { index, options } => self.select(*index, options),
            Op::Concat(parts) => {
                let parts: Vec<NodeId> = parts.iter().map(|&part| self.value(part)).collect();
                parts[1..].iter().fold(parts[0], |low, &high| self.concat(high, low))
            }
            Op::Slice { value, low } => self.slice(self.value(*value), *low, width),
            Op::Extend(a) => self.extended(self.value(*a), width, false),
            Op::ExtendSigned(a) => self.extended(self.value(*a), width, true),
            Op::ReadData { memory, port } => self.async_read(*memory, *port),
            Op::Register(_) | Op::InstanceOutput { .. } => {
                unreachable!("states have their nodes already, a flat module has no instances")
            }
        }
    }

    fn binary(&mut self, name: &'static str, a: ValueId, b: ValueId, width: u32) -> NodeId {
        self.apply(name, &[self.value(a), self.value(b)], &[], width)
    }

    fn product(&mut self, a: ValueId, b: ValueId, width: u32, signed: bool) -> NodeId {
        let a = self.extended(self.value(a), width, signed);
        let b = self.extended(self.value(b), width, signed);
        self.apply("mul", &[a, b], &[], width)
    }

    /// The format's shifts have an amount as wide as what is shifted: both are made as wide as the
    /// wider.
    fn shift(&mut self, name: &'static str, a: ValueId, amount: ValueId) -> NodeId {
        let (a, amount) = (self.value(a), self.value(amount));
        let own = self.width(a);
        let width = own.max(self.width(amount));
        let a = self.extended(a, width, name == "sra");
        let amount = self.extended(amount, width, false);
        let shifted = self.apply(name, &[a, amount], &[], width);
        self.slice(shifted, 0, own)
    }

    /// An index past the end chooses the last option.
    fn select(&mut self, index: ValueId, options: &[ValueId]) -> NodeId {
        let index = self.value(index);
        let width = self.width(index);
        let mut chosen = self.value(options[options.len() - 1]);
        for (i, &option) in options.iter().enumerate().rev().skip(1) {
            if width < 64 && i as u64 >> width != 0 {
                continue;
            }
            let number = self.constant(Bits::new(width, i as u64));
            let here = self.apply("eq", &[index, number], &[], 1);
            chosen = self.ite(here, self.value(option), chosen);
        }
        chosen
    }
}
