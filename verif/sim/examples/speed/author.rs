//! Just enough of an authoring layer to write the benchmark's designs.

use olivine_netlist::{
    Bits, Case, ClockDomain, Direction, DomainId, Edge, Kind, Module, Op, Place, Port, PortId,
    Register, RegisterId, ValueId,
};

const AT: Place = Place::UNKNOWN;

/// A module being written.
pub struct Author(pub Module);

/// A value of it.
pub type V = ValueId;

impl Author {
    pub fn new(name: &str) -> Self {
        let mut module = Module::new(name, AT);
        module.domains.push(ClockDomain { name: String::new(), edge: Edge::Rising, place: AT });
        Self(module)
    }

    pub fn w(&self, v: V) -> u32 {
        self.0.width(v)
    }

    pub fn cell(&mut self, op: Op, width: u32) -> V {
        self.0.add(op, width, AT)
    }

    pub fn lit(&mut self, width: u32, value: u64) -> V {
        self.cell(Op::Const(Bits::new(width, value)), width)
    }

    fn port(&mut self, name: &str, direction: Direction, value: V) {
        let width = self.w(value);
        let port = Port { name: name.into(), direction, width, kind: Kind::Bits, place: AT, value };
        self.0.ports.push(port);
    }

    pub fn input(&mut self, name: &str, width: u32) -> V {
        let value = self.cell(Op::Input(PortId(self.0.ports.len() as u32)), width);
        self.port(name, Direction::Input, value);
        value
    }

    pub fn output(&mut self, name: &str, value: V) {
        self.port(name, Direction::Output, value);
    }

    /// A register that resets to zero and takes `next` when `enable` holds.
    pub fn reg(&mut self, name: &str, width: u32) -> V {
        let value = self.cell(Op::Register(RegisterId(self.0.registers.len() as u32)), width);
        self.0.registers.push(Register {
            name: name.into(),
            width,
            kind: Kind::Bits,
            domain: DomainId(0),
            reset: Some(Bits::zero(width)),
            init: Some(Bits::zero(width)),
            cases: Vec::new(),
            place: AT,
            value,
        });
        value
    }

    pub fn set(&mut self, register: V, condition: Option<V>, value: V) {
        let Op::Register(id) = self.0.cell(register).op else { panic!("not a register") };
        self.0.registers[id.index()].cases.push(Case { condition, value, place: AT });
    }

    pub fn and(&mut self, a: V, b: V) -> V {
        let w = self.w(a);
        self.cell(Op::And(a, b), w)
    }

    pub fn or(&mut self, a: V, b: V) -> V {
        let w = self.w(a);
        self.cell(Op::Or(a, b), w)
    }

    pub fn any_of(&mut self, bits: &[V]) -> V {
        let first = bits[0];
        bits[1..].iter().fold(first, |a, &b| self.or(a, b))
    }

    pub fn xor(&mut self, a: V, b: V) -> V {
        let w = self.w(a);
        self.cell(Op::Xor(a, b), w)
    }

    pub fn add(&mut self, a: V, b: V) -> V {
        let w = self.w(a);
        self.cell(Op::Add(a, b), w)
    }

    pub fn sub(&mut self, a: V, b: V) -> V {
        let w = self.w(a);
        self.cell(Op::Sub(a, b), w)
    }

    pub fn is(&mut self, a: V, value: u64) -> V {
        let w = self.w(a);
        let b = self.lit(w, value);
        self.cell(Op::Eq(a, b), 1)
    }

    pub fn any(&mut self, a: V) -> V {
        self.cell(Op::ReduceOr(a), 1)
    }

    pub fn mux(&mut self, condition: V, then: V, otherwise: V) -> V {
        let w = self.w(then);
        self.cell(Op::Mux { condition, then, otherwise }, w)
    }

    pub fn slice(&mut self, value: V, low: u32, width: u32) -> V {
        self.cell(Op::Slice { value, low }, width)
    }

    pub fn bit(&mut self, value: V, index: u32) -> V {
        self.slice(value, index, 1)
    }

    pub fn ext(&mut self, value: V, width: u32) -> V {
        self.cell(Op::Extend(value), width)
    }

    pub fn sext(&mut self, value: V, width: u32) -> V {
        self.cell(Op::ExtendSigned(value), width)
    }

    /// Parts joined, most significant first (as Verilog writes it).
    pub fn cat(&mut self, parts: &[V]) -> V {
        let width = parts.iter().map(|&p| self.w(p)).sum();
        self.cell(Op::Concat(parts.iter().rev().copied().collect()), width)
    }

    /// Zeros below `value`.
    pub fn pad(&mut self, value: V, zeros: u32) -> V {
        let zero = self.lit(zeros, 0);
        self.cat(&[value, zero])
    }
}
