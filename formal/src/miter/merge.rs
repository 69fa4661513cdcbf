//! Placing one side of a miter.

use super::Joint;
use olivine_netlist::{
    Cell, Design, DomainId, FileId, Label, Memory, MemoryId, Module, Op, Place, Property,
    PropertyKind, ReadKind, ReadPort, Register, RegisterId, ValueId, WritePort,
};
use std::cell::Cell as Slot;

/// One of two designs.
pub(super) struct Side<'a> {
    /// `first` or `second`.
    pub name: &'a str,
    /// The flat design.
    pub flat: Module,
    /// Number of files before its own.
    pub files: usize,
    /// Index of its first cell, once it is placed.
    start: Slot<u32>,
}

impl<'a> Side<'a> {
    /// A validated design. What its placed modules assume is for it to keep and constrains no run.
    pub fn new(name: &'a str, design: &Design, files: usize) -> Self {
        let mut flat = design.flatten();
        let own = |p: &Property| design.top().properties.iter().any(|own| own.name == p.name);
        flat.properties.retain(|p| p.kind != PropertyKind::Assume || own(p));
        Self { name, flat, files, start: Slot::new(0) }
    }

    /// Whether a domain has registers, and whether any of them has a reset value.
    pub fn uses(&self, domain: DomainId) -> [bool; 2] {
        let registers = || self.flat.registers.iter().filter(|r| r.domain == domain);
        [registers().next().is_some(), registers().any(|r| r.reset.is_some())]
    }

    fn named(&self, name: &str) -> String {
        format!("{}.{name}", self.name)
    }

    fn at(&self, place: Place) -> Place {
        shifted(place, self.files)
    }
}

/// A place in files that stand behind so many others.
pub(super) fn shifted(place: Place, files: usize) -> Place {
    match place.line {
        0 => place,
        _ => Place { file: FileId(place.file.0 + files as u32), ..place },
    }
}

impl Joint {
    /// Where a value of a placed side is.
    pub(super) fn moved(&self, side: &Side<'_>, value: ValueId) -> ValueId {
        ValueId(value.0 + side.start.get())
    }

    fn domain(&self, side: &Side<'_>, domain: DomainId) -> DomainId {
        let name = &side.flat.domains[domain.index()].name;
        let index = self.module.domains.iter().position(|d| d.name == *name);
        DomainId(index.expect("every domain of both sides is here") as u32)
    }

    /// Copies cells, state and assumptions of a side.
    pub(super) fn place_side(&mut self, side: &Side<'_>) {
        side.start.set(self.module.cells.len() as u32);
        let registers = self.module.registers.len() as u32;
        let memories = self.module.memories.len() as u32;
        for cell in &side.flat.cells {
            let mut op = match cell.op {
                Op::Register(r) => Op::Register(RegisterId(r.0 + registers)),
                Op::ReadData { memory, port } => {
                    Op::ReadData { memory: MemoryId(memory.0 + memories), port }
                }
                Op::Input(port) => {
                    let name = &side.flat.ports[port.index()].name;
                    let shared = self.inputs.iter().find(|(n, _)| n == name);
                    Op::Wire(shared.expect("the ports have been compared").1)
                }
                _ => cell.op.clone(),
            };
            if !matches!(cell.op, Op::Input(_)) {
                op.map_operands(|v| self.moved(side, v));
            }
            let label = |l: &Label| Label { name: side.named(&l.name), kind: l.kind.clone() };
            let label = cell.label.as_deref().map(|l| Box::new(label(l)));
            self.add(Cell { op, width: cell.width, place: side.at(cell.place), label });
        }
        for register in &side.flat.registers {
            let register = self.register(side, register);
            self.module.registers.push(register);
        }
        for memory in &side.flat.memories {
            let memory = self.memory(side, memory);
            self.module.memories.push(memory);
        }
        let assumed = side.flat.properties.iter().filter(|p| p.kind == PropertyKind::Assume);
        for property in assumed {
            let property = Property {
                name: side.named(&property.name),
                kind: property.kind,
                condition: self.moved(side, property.condition),
                domain: self.domain(side, property.domain),
                place: side.at(property.place),
            };
            self.module.properties.push(property);
        }
    }

    fn register(&self, side: &Side<'_>, register: &Register) -> Register {
        let mut placed = register.clone();
        placed.name = side.named(&register.name);
        placed.place = side.at(register.place);
        placed.domain = self.domain(side, register.domain);
        placed.value = self.moved(side, register.value);
        for case in &mut placed.cases {
            case.condition = case.condition.map(|v| self.moved(side, v));
            case.value = self.moved(side, case.value);
            case.place = side.at(case.place);
        }
        placed
    }

    fn memory(&self, side: &Side<'_>, memory: &Memory) -> Memory {
        let moved = |v: ValueId| self.moved(side, v);
        let read = |read: &ReadPort| ReadPort {
            address: moved(read.address),
            kind: match read.kind {
                ReadKind::Async => ReadKind::Async,
                ReadKind::Sync { domain, enable, collision } => ReadKind::Sync {
                    domain: self.domain(side, domain),
                    enable: enable.map(moved),
                    collision,
                },
            },
            place: side.at(read.place),
            value: moved(read.value),
        };
        let write = |write: &WritePort| WritePort {
            domain: self.domain(side, write.domain),
            address: moved(write.address),
            data: moved(write.data),
            enable: write.enable.map(moved),
            mask: write.mask.map(moved),
            place: side.at(write.place),
        };
        Memory {
            name: side.named(&memory.name),
            reads: memory.reads.iter().map(read).collect(),
            writes: memory.writes.iter().map(write).collect(),
            place: side.at(memory.place),
            ..memory.clone()
        }
    }
}
