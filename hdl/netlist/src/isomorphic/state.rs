//! Comparing registers, memories, instances and properties that have been matched.

use super::Difference;
use super::pairs::Pairing;
use super::walk::{Outcome, Walk};
use crate::{
    DomainId, Instance, InstanceId, Memory, MemoryId, Module, Property, ReadKind, ReadPort,
    Register, RegisterId,
};
use std::collections::HashMap;

impl Walk<'_> {
    fn conflict(&self, at: usize, what: &str, left: &str, right: &str) -> Difference {
        let message = format!("{what} `{left}` and `{right}` are matched with others already");
        self.differ_at(at, message)
    }

    pub(super) fn register(&mut self, at: usize, a: RegisterId, b: RegisterId) -> Outcome {
        let (l, r) = (&self.modules.0.registers[a.index()], &self.modules.1.registers[b.index()]);
        match self.registers.add(a, b) {
            Pairing::Known => return Ok(()),
            Pairing::Conflict => return Err(self.conflict(at, "registers", &l.name, &r.name)),
            Pairing::New => {}
        }
        let differs = [
            (l.reset != r.reset, "reset value"),
            (l.init != r.init, "init value"),
            (!self.same_domain(l.domain, r.domain), "clock domain"),
            (l.cases.len() != r.cases.len(), "number of cases"),
        ];
        if let Some((_, what)) = differs.iter().find(|(differs, _)| *differs) {
            let message = format!("registers `{}` and `{}` differ in the {what}", l.name, r.name);
            return Err(self.differ_at(at, message));
        }
        self.cases(at, l, r)
    }

    fn cases(&mut self, at: usize, l: &Register, r: &Register) -> Outcome {
        for (i, (case, other)) in l.cases.iter().zip(&r.cases).enumerate() {
            let condition = format!("condition of case {i} of register `{}`", l.name);
            self.optional(at, condition, case.condition, other.condition)?;
            self.follow(at, format!("case {i} of register `{}`", l.name), case.value, other.value);
        }
        Ok(())
    }

    pub(super) fn read(&mut self, at: usize, a: (MemoryId, u32), b: (MemoryId, u32)) -> Outcome {
        self.memory(at, a.0, b.0)?;
        let memories =
            (&self.modules.0.memories[a.0.index()], &self.modules.1.memories[b.0.index()]);
        match self.reads.add(a, b) {
            Pairing::Known => Ok(()),
            Pairing::Conflict => {
                let (l, r) = (&memories.0.name, &memories.1.name);
                Err(self.conflict(at, "read ports of memories", l, r))
            }
            Pairing::New => {
                let (l, r) = (&memories.0.reads[a.1 as usize], &memories.1.reads[b.1 as usize]);
                self.read_ports(at, &memories.0.name, l, r)
            }
        }
    }

    fn read_ports(&mut self, at: usize, name: &str, l: &ReadPort, r: &ReadPort) -> Outcome {
        self.follow(at, format!("read address of memory `{name}`"), l.address, r.address);
        match (&l.kind, &r.kind) {
            (ReadKind::Async, ReadKind::Async) => Ok(()),
            (
                ReadKind::Sync { domain: d, enable: e, collision: c },
                ReadKind::Sync { domain: f, enable: g, collision: h },
            ) if c == h && self.same_domain(*d, *f) => {
                self.optional(at, format!("read enable of memory `{name}`"), *e, *g)
            }
            _ => {
                let message = format!("a read port of memory `{name}` reads in another way");
                Err(self.differ_at(at, message))
            }
        }
    }

    pub(super) fn memory(&mut self, at: usize, a: MemoryId, b: MemoryId) -> Outcome {
        let (l, r) = (&self.modules.0.memories[a.index()], &self.modules.1.memories[b.index()]);
        match self.memories.add(a, b) {
            Pairing::Known => return Ok(()),
            Pairing::Conflict => return Err(self.conflict(at, "memories", &l.name, &r.name)),
            Pairing::New => {}
        }
        let differs = [
            (l.width != r.width, "width"),
            (l.depth != r.depth, "depth"),
            (l.init != r.init, "initial words"),
            (l.reads.len() != r.reads.len(), "number of read ports"),
            (l.writes.len() != r.writes.len(), "number of write ports"),
        ];
        if let Some((_, what)) = differs.iter().find(|(differs, _)| *differs) {
            let message = format!("memories `{}` and `{}` differ in the {what}", l.name, r.name);
            return Err(self.differ_at(at, message));
        }
        self.writes(at, l, r)
    }

    fn writes(&mut self, at: usize, l: &Memory, r: &Memory) -> Outcome {
        for (i, (a, b)) in l.writes.iter().zip(&r.writes).enumerate() {
            let port = format!("write port {i} of memory `{}`", l.name);
            if !self.same_domain(a.domain, b.domain) {
                let message = format!("{port} differs in the clock domain");
                return Err(self.differ_at(at, message));
            }
            self.follow(at, format!("address of {port}"), a.address, b.address);
            self.follow(at, format!("data of {port}"), a.data, b.data);
            self.optional(at, format!("enable of {port}"), a.enable, b.enable)?;
            self.optional(at, format!("mask of {port}"), a.mask, b.mask)?;
        }
        Ok(())
    }

    pub(super) fn instance(&mut self, at: usize, a: InstanceId, b: InstanceId) -> Outcome {
        let (l, r) = (&self.modules.0.instances[a.index()], &self.modules.1.instances[b.index()]);
        match self.instances.add(a, b) {
            Pairing::Known => return Ok(()),
            Pairing::Conflict => return Err(self.conflict(at, "instances", &l.name, &r.name)),
            Pairing::New => {}
        }
        let placed = self.placed(a, b);
        let differs = [
            (l.dims != r.dims, "dimensions"),
            (placed.0.ports.len() != placed.1.ports.len(), "number of ports"),
            (!self.same_domains(l, r, placed), "clock domains"),
        ];
        if let Some((_, what)) = differs.iter().find(|(differs, _)| *differs) {
            let message = format!("instances `{}` and `{}` differ in the {what}", l.name, r.name);
            return Err(self.differ_at(at, message));
        }
        for (port, values) in placed.0.ports.iter().zip(&l.inputs) {
            let Some(other) = placed.1.find_port(&port.name) else {
                let message =
                    format!("port `{}` of instance `{}` is on the left only", port.name, l.name);
                return Err(self.differ_at(at, message));
            };
            for (e, (a, b)) in values.iter().zip(&r.inputs[other.index()]).enumerate() {
                let element = l.element_name(e as u32);
                self.follow(at, format!("input `{element}.{}`", port.name), *a, *b);
            }
        }
        Ok(())
    }

    /// Inner domains of one name are outer domains of one name.
    pub(super) fn same_domains(
        &self,
        l: &Instance,
        r: &Instance,
        placed: (&Module, &Module),
    ) -> bool {
        let outer: HashMap<&str, DomainId> = placed
            .1
            .domains
            .iter()
            .map(|d| d.name.as_str())
            .zip(r.domains.iter().copied())
            .collect();
        let mut pairs = placed.0.domains.iter().zip(&l.domains);
        let count = placed.0.domains.len() == placed.1.domains.len();
        count
            && pairs.all(|(inner, left)| {
                outer.get(&*inner.name).is_some_and(|right| self.same_domain(*left, *right))
            })
    }

    pub(super) fn property(&mut self, l: &Property, r: &Property) -> Outcome {
        if l.kind != r.kind || !self.same_domain(l.domain, r.domain) {
            let message = format!("property {:?} differs in what is asked of it, or when", l.name);
            return Err(self.differ(message, &[(l.place, r.place)]));
        }
        self.start(format!("property {:?}", l.name), l.condition, r.condition)
    }
}
