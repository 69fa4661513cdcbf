//! [`Maker`]: cells of a module whose widths follow from their operands.

use olivine_netlist::{Bits, Module, Op, Place, ValueId};
use std::collections::HashMap;

/// A module on its way. Operands of one operator are of one width where nothing else is said.
pub(super) struct Maker {
    pub module: Module,
    inverted: HashMap<ValueId, ValueId>,
    constants: HashMap<Bits, ValueId>,
}

impl Maker {
    pub fn new(name: &str) -> Self {
        let module = Module::new(name, Place::UNKNOWN);
        Self { module, inverted: HashMap::new(), constants: HashMap::new() }
    }

    pub fn width(&self, value: ValueId) -> u32 {
        self.module.width(value)
    }

    pub fn add_cell(&mut self, op: Op, width: u32) -> ValueId {
        self.module.add(op, width, Place::UNKNOWN)
    }

    /// A cell as wide as `like`.
    fn like(&mut self, like: ValueId, op: Op) -> ValueId {
        let width = self.width(like);
        self.add_cell(op, width)
    }

    pub fn constant(&mut self, bits: Bits) -> ValueId {
        if let Some(&known) = self.constants.get(&bits) {
            return known;
        }
        let made = self.add_cell(Op::Const(bits.clone()), bits.width());
        self.constants.insert(bits, made);
        made
    }

    pub fn number(&mut self, width: u32, value: u64) -> ValueId {
        self.constant(Bits::new(width, value))
    }

    /// The constant that a value is, if it is one by its form.
    pub fn known(&self, value: ValueId) -> Option<Bits> {
        match &self.module.cell(value).op {
            Op::Const(bits) => Some(bits.clone()),
            Op::Not(inner) => self.known(*inner).map(|bits| bits.not()),
            _ => None,
        }
    }

    pub fn not(&mut self, a: ValueId) -> ValueId {
        if let Some(&known) = self.inverted.get(&a) {
            return known;
        }
        let made = self.like(a, Op::Not(a));
        self.inverted.insert(a, made);
        made
    }

    pub fn and(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.like(a, Op::And(a, b))
    }

    pub fn or(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.like(a, Op::Or(a, b))
    }

    pub fn xor(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.like(a, Op::Xor(a, b))
    }

    pub fn add(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.like(a, Op::Add(a, b))
    }

    pub fn sub(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.like(a, Op::Sub(a, b))
    }

    pub fn negated(&mut self, a: ValueId) -> ValueId {
        let zero = self.number(self.width(a), 0);
        self.sub(zero, a)
    }

    pub fn mux(&mut self, condition: ValueId, then: ValueId, otherwise: ValueId) -> ValueId {
        self.like(then, Op::Mux { condition, then, otherwise })
    }

    /// The full product.
    pub fn product(&mut self, a: ValueId, b: ValueId, signed: bool) -> ValueId {
        let width = self.width(a) + self.width(b);
        let op = if signed { Op::MulSigned(a, b) } else { Op::MulUnsigned(a, b) };
        self.add_cell(op, width)
    }

    /// One bit.
    pub fn bit(&mut self, op: Op) -> ValueId {
        self.add_cell(op, 1)
    }

    pub fn equal(&mut self, a: ValueId, b: ValueId) -> ValueId {
        self.bit(Op::Eq(a, b))
    }

    /// Bits `low .. low + width`.
    pub fn slice(&mut self, value: ValueId, low: u32, width: u32) -> ValueId {
        if low == 0 && width == self.width(value) {
            return value;
        }
        self.add_cell(Op::Slice { value, low }, width)
    }

    pub fn sign(&mut self, value: ValueId) -> ValueId {
        self.slice(value, self.width(value) - 1, 1)
    }

    pub fn extend(&mut self, value: ValueId, width: u32, signed: bool) -> ValueId {
        if width == self.width(value) {
            return value;
        }
        let op = if signed { Op::ExtendSigned(value) } else { Op::Extend(value) };
        self.add_cell(op, width)
    }

    pub fn shift_left(&mut self, a: ValueId, amount: ValueId) -> ValueId {
        self.like(a, Op::ShiftLeft(a, amount))
    }

    pub fn shift_right(&mut self, a: ValueId, amount: ValueId) -> ValueId {
        self.like(a, Op::ShiftRight(a, amount))
    }

    /// The parts, least significant first, joined.
    pub fn concat(&mut self, parts: &[ValueId]) -> ValueId {
        let width = parts.iter().map(|&part| self.width(part)).sum();
        self.add_cell(Op::Concat(parts.into()), width)
    }

    /// All of these bits.
    pub fn all(&mut self, bits: &[ValueId]) -> ValueId {
        match bits {
            [one] => *one,
            [] => self.number(1, 1),
            _ => {
                let joined = self.concat(bits);
                self.bit(Op::ReduceAnd(joined))
            }
        }
    }
}
