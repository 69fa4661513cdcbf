//! A small builder of one-module designs.
#![allow(dead_code, reason = "each test file uses its own part")]

use olivine_interp::{Interp, Undefined};
use olivine_netlist::{
    Bits, Case, ClockDomain, Collision, Design, Direction, DomainId, Kind, Memory, MemoryId,
    Module, ModuleId, Op, Place, Port, PortId, Property, PropertyKind, ReadKind, ReadPort,
    Register, RegisterId, ValueId, WritePort,
};

const AT: Place = Place::UNKNOWN;

/// Builds one module.
pub struct Builder(pub Module);

/// An interpreter of it, undefined values zero.
pub fn power_up_zero(builder: Builder) -> Interp {
    Interp::new(&builder.design(), Undefined::Zero)
}

impl Builder {
    pub fn new(name: &str) -> Self {
        Self(Module::new(name, AT))
    }

    pub fn design(self) -> Design {
        Design { modules: vec![self.0], top: ModuleId(0), files: Vec::new() }
    }

    pub fn cell(&mut self, op: Op, width: u32) -> ValueId {
        self.0.add(op, width, AT)
    }

    pub fn constant(&mut self, width: u32, value: u64) -> ValueId {
        self.cell(Op::Const(Bits::new(width, value)), width)
    }

    fn port(&mut self, name: &str, direction: Direction, value: ValueId) {
        let width = self.0.width(value);
        let port = Port { name: name.into(), direction, width, kind: Kind::Bits, place: AT, value };
        self.0.ports.push(port);
    }

    pub fn input(&mut self, name: &str, width: u32) -> ValueId {
        let value = self.cell(Op::Input(PortId(self.0.ports.len() as u32)), width);
        self.port(name, Direction::Input, value);
        value
    }

    pub fn output(&mut self, name: &str, value: ValueId) {
        self.port(name, Direction::Output, value);
    }

    pub fn domain(&mut self, name: &str) -> DomainId {
        self.0.domains.push(ClockDomain::new(name, AT));
        DomainId(self.0.domains.len() as u32 - 1)
    }

    /// The first domain, made if there is none.
    fn clk(&mut self) -> DomainId {
        if self.0.domains.is_empty() { self.domain("") } else { DomainId(0) }
    }

    pub fn register(
        &mut self,
        name: &str,
        width: u32,
        reset: Option<u64>,
        init: Option<u64>,
    ) -> ValueId {
        let domain = self.clk();
        self.register_in(domain, name, width, reset, init)
    }

    pub fn register_in(
        &mut self,
        domain: DomainId,
        name: &str,
        width: u32,
        reset: Option<u64>,
        init: Option<u64>,
    ) -> ValueId {
        let value = self.cell(Op::Register(RegisterId(self.0.registers.len() as u32)), width);
        self.0.registers.push(Register {
            name: name.into(),
            width,
            kind: Kind::Unsigned,
            domain,
            reset: reset.map(|v| Bits::new(width, v)),
            init: init.map(|v| Bits::new(width, v)),
            crossing: false,
            cases: Vec::new(),
            place: AT,
            value,
        });
        value
    }

    pub fn value_of_register(&self, name: &str) -> ValueId {
        self.0.registers.iter().find(|r| r.name == name).expect("a register of this name").value
    }

    pub fn case(&mut self, register: ValueId, condition: Option<ValueId>, value: ValueId) {
        let Op::Register(id) = self.0.cell(register).op else { panic!("not a register") };
        let case = Case { condition, value, place: AT };
        self.0.registers[id.index()].cases.push(case);
    }

    pub fn memory(&mut self, name: &str, width: u32, depth: u32, init: &[u64]) -> MemoryId {
        self.clk();
        self.0.memories.push(Memory {
            name: name.into(),
            width,
            depth,
            kind: Kind::Bits,
            init: init.iter().map(|&v| Bits::new(width, v)).collect(),
            crossing: false,
            reads: Vec::new(),
            writes: Vec::new(),
            place: AT,
        });
        MemoryId(self.0.memories.len() as u32 - 1)
    }

    pub fn read_async(&mut self, memory: MemoryId, address: ValueId) -> ValueId {
        self.read(memory, address, ReadKind::Async)
    }

    pub fn read_sync(
        &mut self,
        memory: MemoryId,
        address: ValueId,
        enable: Option<ValueId>,
        collision: Collision,
    ) -> ValueId {
        self.read(memory, address, ReadKind::Sync { domain: DomainId(0), enable, collision })
    }

    fn read(&mut self, memory: MemoryId, address: ValueId, kind: ReadKind) -> ValueId {
        let port = self.0.memories[memory.index()].reads.len() as u32;
        let width = self.0.memories[memory.index()].width;
        let value = self.cell(Op::ReadData { memory, port }, width);
        self.0.memories[memory.index()].reads.push(ReadPort { address, kind, place: AT, value });
        value
    }

    pub fn write(
        &mut self,
        memory: MemoryId,
        address: ValueId,
        data: ValueId,
        enable: Option<ValueId>,
        mask: Option<ValueId>,
    ) {
        let port = WritePort { domain: DomainId(0), address, data, enable, mask, place: AT };
        self.0.memories[memory.index()].writes.push(port);
    }

    pub fn property(&mut self, name: &str, kind: PropertyKind, condition: ValueId) {
        let domain = self.clk();
        self.0.properties.push(Property { name: name.into(), kind, condition, domain, place: AT });
    }
}
