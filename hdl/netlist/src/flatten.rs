//! Flattening: one module without instances that means what the whole design means.

use crate::{
    Case, Cell, Design, Direction, DomainId, Instance, Kind, Label, Memory, MemoryId, Module,
    ModuleId, Op, PortId, Property, ReadKind, ReadPort, Register, RegisterId, ValueId, WritePort,
};
use std::collections::HashSet;

impl Design {
    /// The top module with every instance element inlined. The design is a validated one.
    ///
    /// - Ports, clock domains and name are the top's; the top's own cells keep their indices.
    /// - Names of what was in an instance are paths: `pe[1][2].acc`.
    /// - An input of an instance becomes a [`Op::Wire`] named after the port, unless it had a
    ///   name; so does an output, unless its own module gives that name to the value already.
    pub fn flatten(&self) -> Module {
        let outputs = self.modules.iter().map(free_output_names).collect();
        let mut flat = Flattening { design: self, free_outputs: outputs, next: Start::default() };
        let mut result = Module::new(self.top().name.clone(), self.top().place);
        result.parameters.clone_from(&self.top().parameters);
        result.ports.clone_from(&self.top().ports);
        result.domains.clone_from(&self.top().domains);
        let root = flat.reserve(self.top, String::new(), None, identity(self.top().domains.len()));
        let mut waiting = std::collections::VecDeque::from([root]);
        while let Some(placement) = waiting.pop_front() {
            let children = flat.children(&placement);
            flat.copy(&placement, &children, &mut result);
            waiting.extend(children.into_iter().flatten());
        }
        result
    }
}

fn identity(count: usize) -> Vec<DomainId> {
    (0..count as u32).map(DomainId).collect()
}

/// Which ports are outputs whose name nothing else in the module bears.
fn free_output_names(module: &Module) -> Vec<bool> {
    let labels = module.cells.iter().filter_map(|c| c.label.as_ref()).map(|l| l.name.as_str());
    let registers = module.registers.iter().map(|r| r.name.as_str());
    let taken: HashSet<&str> = labels.chain(registers).collect();
    let free = |p: &crate::Port| p.direction == Direction::Output && !taken.contains(&*p.name);
    module.ports.iter().map(free).collect()
}

/// Where the cells and memories of a placement begin in the flat module.
#[derive(Clone, Copy, Default)]
struct Start {
    cell: u32,
    register: u32,
    memory: u32,
}

/// One element of an instance (or the top), with its place in the flat module.
struct Placement {
    module: ModuleId,
    /// Path with a dot at its end; empty for the top.
    prefix: String,
    /// The flat values of the input ports, by port; `None` for the top.
    inputs: Option<Vec<ValueId>>,
    domains: Vec<DomainId>,
    start: Start,
}

impl Placement {
    fn value(&self, value: ValueId) -> ValueId {
        ValueId(value.0 + self.start.cell)
    }

    fn domain(&self, domain: DomainId) -> DomainId {
        self.domains[domain.index()]
    }

    fn name(&self, name: &str) -> String {
        [self.prefix.as_str(), name].concat()
    }

    fn label(&self, name: &str, kind: &Kind) -> Option<Box<Label>> {
        Some(Box::new(Label { name: self.name(name), kind: kind.clone() }))
    }
}

struct Flattening<'a> {
    design: &'a Design,
    free_outputs: Vec<Vec<bool>>,
    next: Start,
}

impl Flattening<'_> {
    fn reserve(
        &mut self,
        module: ModuleId,
        prefix: String,
        inputs: Option<Vec<ValueId>>,
        domains: Vec<DomainId>,
    ) -> Placement {
        let start = self.next;
        let body = self.design.module(module);
        self.next.cell += body.cells.len() as u32;
        self.next.register += body.registers.len() as u32;
        self.next.memory += body.memories.len() as u32;
        Placement { module, prefix, inputs, domains, start }
    }

    /// The elements placed in `parent`: by instance, then by element.
    fn children(&mut self, parent: &Placement) -> Vec<Vec<Placement>> {
        let design = self.design;
        let instances = &design.module(parent.module).instances;
        instances.iter().map(|instance| self.elements(parent, instance)).collect()
    }

    fn elements(&mut self, parent: &Placement, instance: &Instance) -> Vec<Placement> {
        let domains: Vec<_> = instance.domains.iter().map(|d| parent.domain(*d)).collect();
        let input = |values: &Vec<ValueId>, element: u32| {
            // An output port has no value here; the placed module never asks for it.
            values.get(element as usize).map_or(ValueId(0), |v| parent.value(*v))
        };
        let place = |element: u32| {
            let inputs = instance.inputs.iter().map(|values| input(values, element)).collect();
            let prefix = parent.name(&instance.element_name(element)) + ".";
            self.reserve(instance.module, prefix, Some(inputs), domains.clone())
        };
        (0..instance.elements()).map(place).collect()
    }

    fn copy(&self, placement: &Placement, children: &[Vec<Placement>], flat: &mut Module) {
        let body = self.design.module(placement.module);
        // Placements are copied in the order in which they were reserved.
        debug_assert_eq!(flat.cells.len(), placement.start.cell as usize);
        let cells = body.cells.iter().map(|c| self.cell(placement, children, body, c));
        flat.cells.extend(cells);
        flat.registers.extend(body.registers.iter().map(|r| register(placement, r)));
        flat.memories.extend(body.memories.iter().map(|m| memory(placement, m)));
        flat.properties.extend(body.properties.iter().map(|p| property(placement, p)));
    }

    fn cell(&self, at: &Placement, below: &[Vec<Placement>], body: &Module, cell: &Cell) -> Cell {
        let own_label = || cell.label.as_ref().and_then(|l| at.label(&l.name, &l.kind));
        let (op, label) = match (&cell.op, &at.inputs) {
            (Op::Input(port), Some(inputs)) => {
                let p = &body.ports[port.index()];
                let label = own_label().or_else(|| at.label(&p.name, &p.kind));
                (Op::Wire(inputs[port.index()]), label)
            }
            (Op::InstanceOutput { instance, port, element }, _) => {
                let child = &below[instance.index()][*element as usize];
                let value = self.design.module(child.module).ports[port.index()].value;
                let label = self.output_label(child, *port, own_label());
                (Op::Wire(child.value(value)), label)
            }
            (Op::Register(r), _) => {
                (Op::Register(RegisterId(r.0 + at.start.register)), own_label())
            }
            (Op::ReadData { memory, port }, _) => {
                let memory = MemoryId(memory.0 + at.start.memory);
                (Op::ReadData { memory, port: *port }, own_label())
            }
            (op, _) => {
                let mut op = op.clone();
                op.map_operands(|v| at.value(v));
                (op, own_label())
            }
        };
        Cell { op, width: cell.width, place: cell.place, label }
    }

    /// The name of an instance output seen from outside: the author's, else the port's path where
    /// nothing inside bears it.
    fn output_label(
        &self,
        child: &Placement,
        port: PortId,
        own: Option<Box<Label>>,
    ) -> Option<Box<Label>> {
        let p = &self.design.module(child.module).ports[port.index()];
        let path = child.name(&p.name);
        match own {
            Some(label) if label.name != path => Some(label),
            _ if self.free_outputs[child.module.0 as usize][port.index()] => {
                Some(Box::new(Label { name: path, kind: p.kind.clone() }))
            }
            _ => None,
        }
    }
}

fn register(at: &Placement, register: &Register) -> Register {
    let case = |c: &Case| Case {
        condition: c.condition.map(|v| at.value(v)),
        value: at.value(c.value),
        place: c.place,
    };
    Register {
        name: at.name(&register.name),
        domain: at.domain(register.domain),
        cases: register.cases.iter().map(case).collect(),
        value: at.value(register.value),
        kind: register.kind.clone(),
        reset: register.reset.clone(),
        init: register.init.clone(),
        ..*register
    }
}

fn memory(at: &Placement, memory: &Memory) -> Memory {
    Memory {
        name: at.name(&memory.name),
        kind: memory.kind.clone(),
        init: memory.init.clone(),
        reads: memory.reads.iter().map(|r| read_port(at, r)).collect(),
        writes: memory.writes.iter().map(|w| write_port(at, w)).collect(),
        ..*memory
    }
}

fn read_port(at: &Placement, read: &ReadPort) -> ReadPort {
    let kind = match &read.kind {
        ReadKind::Async => ReadKind::Async,
        ReadKind::Sync { domain, enable, collision } => ReadKind::Sync {
            domain: at.domain(*domain),
            enable: enable.map(|v| at.value(v)),
            collision: *collision,
        },
    };
    let (address, value) = (at.value(read.address), at.value(read.value));
    ReadPort { address, kind, place: read.place, value }
}

fn write_port(at: &Placement, write: &WritePort) -> WritePort {
    WritePort {
        domain: at.domain(write.domain),
        address: at.value(write.address),
        data: at.value(write.data),
        enable: write.enable.map(|v| at.value(v)),
        mask: write.mask.map(|v| at.value(v)),
        place: write.place,
    }
}

fn property(at: &Placement, property: &Property) -> Property {
    Property {
        name: at.name(&property.name),
        condition: at.value(property.condition),
        domain: at.domain(property.domain),
        ..*property
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Bits, ClockDomain, InstanceId, Place, Port};

    const AT: Place = Place::UNKNOWN;

    fn port(m: &mut Module, name: &str, direction: Direction, value: ValueId) {
        let kind = Kind::Unsigned;
        let name = name.to_string();
        m.ports.push(Port { name, direction, width: 8, kind, value, place: AT });
    }

    /// `count` goes up by `step` each cycle.
    fn counter() -> Module {
        let mut m = Module::new("counter", AT);
        m.domains.push(ClockDomain::new("", AT));
        let step = m.add(Op::Input(PortId(0)), 8, AT);
        let count = m.add(Op::Register(RegisterId(0)), 8, AT);
        let next = m.add(Op::Add(count, step), 8, AT);
        port(&mut m, "step", Direction::Input, step);
        port(&mut m, "next", Direction::Output, next);
        m.registers.push(Register {
            name: "count".to_string(),
            width: 8,
            kind: Kind::Unsigned,
            domain: DomainId(0),
            reset: Some(Bits::zero(8)),
            init: None,
            crossing: false,
            cases: vec![Case { condition: None, value: next, place: AT }],
            place: AT,
            value: count,
        });
        m
    }

    /// A row of `n` counters, each stepped by the one before it.
    fn row(n: u32) -> Design {
        let mut m = Module::new("row", AT);
        m.domains = counter().domains;
        let mut values = vec![m.add(Op::Input(PortId(0)), 8, AT)];
        for element in 0..n {
            let op = Op::InstanceOutput { instance: InstanceId(0), port: PortId(1), element };
            values.push(m.add(op, 8, AT));
        }
        port(&mut m, "step", Direction::Input, values[0]);
        port(&mut m, "last", Direction::Output, values[n as usize]);
        values.pop();
        m.instances.push(Instance {
            name: "c".to_string(),
            module: ModuleId(0),
            dims: vec![n],
            inputs: vec![values, Vec::new()],
            domains: vec![DomainId(0)],
            place: AT,
        });
        Design { modules: vec![counter(), m], top: ModuleId(1), files: Vec::new() }
    }

    #[test]
    fn a_row_becomes_one_module() {
        assert_eq!(row(3).validate(), Ok(()));
        let flat = row(3).flatten();
        let names: Vec<_> = flat.registers.iter().map(|r| &*r.name).collect();
        assert_eq!(names, ["c[0].count", "c[1].count", "c[2].count"]);
        let labels: Vec<_> =
            flat.cells.iter().filter_map(|c| c.label.as_ref()).map(|l| &*l.name).collect();
        assert_eq!(
            labels,
            ["c[0].next", "c[1].next", "c[2].next", "c[0].step", "c[1].step", "c[2].step"]
        );
        assert_eq!(flat.cell(ValueId(1)).op, Op::Wire(ValueId(6)));
        assert!(flat.instances.is_empty());
        assert_eq!(flat.combinational_order().unwrap().len(), flat.cells.len());
        let alone = Design { modules: vec![flat], top: ModuleId(0), files: Vec::new() };
        assert_eq!(alone.validate(), Ok(()));
    }

    #[test]
    fn a_million_cells_are_flattened_and_ordered() {
        let flat = row(250_000).flatten();
        assert_eq!(flat.cells.len(), 1_000_001);
        let order = flat.combinational_order().unwrap();
        let mut rank = vec![0; order.len()];
        order.iter().enumerate().for_each(|(i, v)| rank[v.index()] = i);
        for value in &order {
            flat.combinational_operands(*value, |o| assert!(rank[o.index()] < rank[value.index()]));
        }
    }

    #[test]
    fn a_loop_comes_in_the_direction_of_the_data() {
        let mut m = Module::new("ring", AT);
        m.add(Op::Wire(ValueId(3)), 1, AT);
        m.add(Op::Not(ValueId(0)), 1, AT);
        m.add(Op::Const(Bits::zero(1)), 1, AT);
        m.add(Op::And(ValueId(2), ValueId(1)), 1, AT);
        let cycle = m.combinational_order().unwrap_err();
        assert_eq!(cycle, [ValueId(1), ValueId(3), ValueId(0)]);
    }
}
