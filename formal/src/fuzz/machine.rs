//! Small machines with properties that are often nearly true.

use olivine_netlist::{
    Bits, Case, ClockDomain, Collision, Design, Direction, DomainId, Instance, InstanceId, Kind,
    Memory, MemoryId, Module, ModuleId, Op, Place, Port, PortId, Property, PropertyKind, ReadKind,
    ReadPort, Register, RegisterId, ResetKind, ValueId, WritePort,
};

const AT: Place = Place::UNKNOWN;

/// A machine of up to three registers of up to two bits, up to three input bits, up to three
/// assertions and covers, up to one assumption; a function of the choices.
pub fn machine(choices: &[u32]) -> Design {
    let mut machine = Machine::new(choices);
    machine.leaves(3);
    (0..machine.below(10)).for_each(|_| machine.operator());
    machine.cases();
    machine.properties();
    machine.design()
}

/// A machine of one register and a memory of two or three words, which one or two ports read and
/// one or two write.
pub fn memory_machine(choices: &[u32]) -> Design {
    let mut machine = Machine::new(choices);
    machine.leaves(1);
    machine.memory();
    (0..machine.below(6)).for_each(|_| machine.operator());
    machine.writes();
    machine.cases();
    machine.properties();
    machine.design()
}

/// A machine that has also one or two properties of runs without end, and up to two conditions of
/// fair runs.
pub fn endless_machine(choices: &[u32]) -> Design {
    let mut design = machine(choices);
    let module = design.modules.remove(0);
    let mut machine = Machine { choices: choices.iter(), module };
    for i in 0..1 + machine.below(2) {
        machine.endless(format!("again {i}"), PropertyKind::Live);
    }
    for i in 0..machine.below(3) {
        machine.endless(format!("fair {i}"), PropertyKind::Fair);
    }
    machine.design()
}

/// Two machines side by side, of up to two registers each, which are alike or not quite; their
/// inputs are their own or the same. Each has its assertions and assumption, and one assertion is
/// about both.
pub fn twins(choices: &[u32]) -> Design {
    let mut machine = Machine::new(choices);
    machine.leaves(2);
    (0..machine.below(6)).for_each(|_| machine.operator());
    machine.cases();
    machine.properties();
    let value = machine.module.properties[0].condition;
    machine.port("right", Direction::Output, 1, value);
    let one = machine.module.clone();
    machine.vary();
    let (mut other, mut pair) = (machine.module, Machine::new(machine.choices.as_slice()));
    other.name = "other".to_string();
    pair.module.name = "pair".to_string();
    pair.place(&[&one, &other]);
    let top = ModuleId(2);
    Design { modules: vec![one, other, pair.module], top, files: Vec::new() }
}

/// The machine with an asynchronous reset.
pub fn reset_at_once(mut design: Design) -> Design {
    let domains = design.modules.iter_mut().flat_map(|module| &mut module.domains);
    domains.for_each(|domain| domain.reset = ResetKind::Asynchronous);
    design
}

struct Machine<'a> {
    choices: std::slice::Iter<'a, u32>,
    module: Module,
}

impl<'a> Machine<'a> {
    fn new(choices: &'a [u32]) -> Self {
        let mut module = Module::new("m", AT);
        module.domains.push(ClockDomain::new("", AT));
        Self { choices: choices.iter(), module }
    }

    fn design(self) -> Design {
        Design { modules: vec![self.module], top: ModuleId(0), files: Vec::new() }
    }

    fn below(&mut self, bound: u32) -> u32 {
        self.choices.next().copied().unwrap_or(0) % bound
    }

    fn any(&mut self) -> ValueId {
        ValueId(self.below(self.module.cells.len() as u32))
    }

    fn constant(&mut self, width: u32) -> Bits {
        let value = self.below(1 << width);
        Bits::new(width, u64::from(value))
    }

    fn maybe(&mut self, width: u32) -> Option<Bits> {
        (self.below(2) == 0).then(|| self.constant(width))
    }

    /// A value, and another of its width.
    fn pair(&mut self) -> (ValueId, ValueId) {
        let first = self.any();
        let width = self.module.width(first);
        (first, self.of_width(width))
    }

    fn of_width(&mut self, width: u32) -> ValueId {
        let value = self.any();
        if self.module.width(value) == width && self.below(3) > 0 {
            return value;
        }
        let constant = self.constant(width);
        self.module.add(Op::Const(constant), width, AT)
    }

    /// One bit that says something about the values.
    fn bit(&mut self) -> ValueId {
        let (a, b) = self.pair();
        let op = match self.below(4) {
            0 => Op::LessUnsigned(a, b),
            1 => Op::LessSigned(a, b),
            2 => Op::ReduceOr(a),
            _ => Op::Eq(a, b),
        };
        self.module.add(op, 1, AT)
    }

    fn not(&mut self, bit: ValueId) -> ValueId {
        self.module.add(Op::Not(bit), 1, AT)
    }

    /// At most so many registers, inputs, perhaps something undefined.
    fn leaves(&mut self, registers: u32) {
        for i in 0..1 + self.below(registers) {
            let width = 1 + self.below(2);
            let value = self.module.add(Op::Register(RegisterId(i)), width, AT);
            let (reset, init) = (self.maybe(width), self.maybe(width));
            self.module.registers.push(Register {
                name: format!("r{i}"),
                width,
                kind: Kind::Bits,
                domain: DomainId(0),
                reset,
                init,
                crossing: false,
                cases: Vec::new(),
                place: AT,
                value,
            });
        }
        for i in 0..self.below(3) {
            let width = 1 + self.below(2) * u32::from(i == 0);
            let value = self.module.add(Op::Input(PortId(i)), width, AT);
            self.port(["in_a", "in_b"][i as usize], Direction::Input, width, value);
        }
        if self.below(4) == 3 {
            self.module.add(Op::Undefined, 1, AT);
        }
    }

    fn port(&mut self, name: &str, direction: Direction, width: u32, value: ValueId) {
        let (name, kind) = (name.to_string(), Kind::Bits);
        self.module.ports.push(Port { name, direction, width, kind, place: AT, value });
    }

    /// Changes something small, or nothing.
    fn vary(&mut self) {
        let width = self.module.registers[0].width;
        let zero = Bits::zero(width);
        let register = &self.module.registers[0];
        let changed = |value: &Option<Bits>| value.is_none().then_some(zero.clone());
        let (reset, init) = (changed(&register.reset), changed(&register.init));
        match self.below(8) {
            0 => self.module.registers[0].reset = reset,
            1 => self.module.registers[0].init = init,
            2 => self.module.properties.retain(|p| p.kind != PropertyKind::Assume),
            3 => self.module.registers[0].cases[0].condition = None,
            _ => {}
        }
    }

    /// Places these modules, which have the same ports, and asserts that the last port of each is one.
    fn place(&mut self, modules: &[&Module]) {
        let ports = &modules[0].ports;
        let mut inputs: Vec<Vec<Vec<ValueId>>> = vec![vec![Vec::new(); ports.len()]; modules.len()];
        for (at, port) in ports.iter().enumerate().filter(|(_, p)| p.direction == Direction::Input)
        {
            let shared = self.below(2) == 0;
            let mut value = None;
            for (which, inputs) in inputs.iter_mut().enumerate() {
                if value.is_none() || !shared {
                    let id = PortId(self.module.ports.len() as u32);
                    let input = self.module.add(Op::Input(id), port.width, AT);
                    let name = format!("{}_{which}", port.name);
                    self.port(&name, Direction::Input, port.width, input);
                    value = Some(input);
                }
                inputs[at].extend(value);
            }
        }
        let port = PortId(ports.len() as u32 - 1);
        let mut right = Vec::new();
        for (which, inputs) in inputs.into_iter().enumerate() {
            let instance = InstanceId(which as u32);
            self.module.instances.push(Instance {
                name: format!("machine_{which}"),
                module: ModuleId(which as u32),
                dims: Vec::new(),
                inputs,
                domains: vec![DomainId(0)],
                place: AT,
            });
            right.push(self.module.add(Op::InstanceOutput { instance, port, element: 0 }, 1, AT));
        }
        let both = self.module.add(Op::And(right[0], right[1]), 1, AT);
        self.property("both are right".to_string(), PropertyKind::Assert, both);
    }

    fn operator(&mut self) {
        let (a, b) = self.pair();
        let width = self.module.width(a);
        let op = match self.below(8) {
            0 => Op::Add(a, b),
            1 => Op::Sub(a, b),
            2 => Op::Xor(a, b),
            3 => Op::And(a, b),
            4 => Op::Or(a, b),
            5 => Op::ShiftLeft(a, b),
            _ => Op::Mux { condition: self.bit(), then: a, otherwise: b },
        };
        self.module.add(op, width, AT);
    }

    /// A memory and what reads it.
    fn memory(&mut self) {
        let width = 1 + self.below(2);
        let depth = 2 + self.below(2) * u32::from(width == 1);
        let init = match self.below(3) {
            0 => Vec::new(),
            1 => vec![self.constant(width); depth as usize],
            _ => (0..1 + self.below(depth)).map(|_| self.constant(width)).collect(),
        };
        let mut reads = Vec::new();
        for port in 0..1 + self.below(2) {
            let address = self.any();
            let collision = match self.below(6) {
                0 => Some(Collision::Old),
                1 => Some(Collision::New),
                2 => Some(Collision::Undefined),
                _ => None,
            };
            let enable = (collision.is_some() && self.below(2) == 0).then(|| self.bit());
            let domain = DomainId(0);
            let sync = |collision| ReadKind::Sync { domain, enable, collision };
            let kind = collision.map_or(ReadKind::Async, sync);
            let value = self.module.add(Op::ReadData { memory: MemoryId(0), port }, width, AT);
            reads.push(ReadPort { address, kind, place: AT, value });
        }
        self.module.memories.push(Memory {
            name: "words".to_string(),
            width,
            depth,
            kind: Kind::Bits,
            init,
            crossing: false,
            reads,
            writes: Vec::new(),
            place: AT,
        });
    }

    /// What writes the memory.
    fn writes(&mut self) {
        let width = self.module.memories[0].width;
        for _ in 0..1 + self.below(2) {
            let (address, data) = (self.any(), self.of_width(width));
            let enable = (self.below(3) > 0).then(|| self.bit());
            let parts = 1 + self.below(width);
            let mask = (self.below(3) == 0).then(|| self.of_width(parts));
            let write = WritePort { domain: DomainId(0), address, data, enable, mask, place: AT };
            self.module.memories[0].writes.push(write);
        }
    }

    fn cases(&mut self) {
        for i in 0..self.module.registers.len() {
            let width = self.module.registers[i].width;
            for _ in 0..1 + self.below(2) {
                let condition = (self.below(3) > 0).then(|| self.bit());
                let value = self.of_width(width);
                self.module.registers[i].cases.push(Case { condition, value, place: AT });
            }
        }
    }

    fn properties(&mut self) {
        let count = 1 + self.below(3);
        for i in 0..count {
            let kind = [PropertyKind::Assert, PropertyKind::Cover][self.below(4) as usize / 3];
            let (a, b) = (self.bit(), self.bit());
            let condition = match (kind, self.below(3)) {
                (PropertyKind::Cover, _) => self.module.add(Op::And(a, b), 1, AT),
                (_, 0) => self.not(a),
                _ => {
                    let not = self.not(a);
                    self.module.add(Op::Or(not, b), 1, AT)
                }
            };
            self.property(format!("property {i}"), kind, condition);
        }
        if self.below(3) == 2 {
            let bit = self.bit();
            let condition = if self.below(2) == 0 { self.not(bit) } else { bit };
            self.property("assumption".to_string(), PropertyKind::Assume, condition);
        }
    }

    fn endless(&mut self, name: String, kind: PropertyKind) {
        let (a, b) = (self.bit(), self.bit());
        let condition = match self.below(3) {
            0 => a,
            1 => self.not(a),
            _ => self.module.add(Op::Or(a, b), 1, AT),
        };
        self.property(name, kind, condition);
    }

    fn property(&mut self, name: String, kind: PropertyKind, condition: ValueId) {
        self.module.properties.push(Property {
            name,
            kind,
            condition,
            domain: DomainId(0),
            place: AT,
        });
    }
}
