//! Indices within their lists; modules before those that place them.

use super::Checker;
use crate::{Design, DomainId, Fault, InstanceId, ModuleId, Op, PinTo, Place, ReadKind, ValueId};

/// Checks what no single module owns. False if modules cannot be walked in order.
pub(super) fn check_design(design: &Design, faults: &mut Vec<Fault>) -> bool {
    if design.top.index() >= design.modules.len() {
        let message =
            format!("the top is module {} of a design with {}", design.top.0, design.modules.len());
        let help = "name one of the design's modules as the top";
        faults.push(Fault::new("N001", Place::UNKNOWN, message, help));
    }
    let before = faults.len();
    for (index, module) in design.modules.iter().enumerate() {
        for instance in &module.instances {
            let placed = instance.module.index();
            if placed >= index && placed < design.modules.len() {
                faults.push(order_fault(design, ModuleId(index as u32), instance.module));
            }
        }
    }
    faults.len() == before
}

fn order_fault(design: &Design, outer: ModuleId, inner: ModuleId) -> Fault {
    let name = |id: ModuleId| &design.module(id).name;
    let path = placement_path(design, inner, outer);
    let (code, message, help) = match &path {
        Some(_) => (
            "N003",
            format!("module `{}` contains itself", name(outer)),
            "an instance cannot place a module it is part of; end the recursion",
        ),
        None => (
            "N002",
            format!("module `{}` places `{}`, which stands after it", name(outer), name(inner)),
            "list each module before those that place it",
        ),
    };
    let mut fault = Fault::new(code, design.module(outer).place, message, help);
    let steps = std::iter::once(outer).chain(path.into_iter().flatten()).collect::<Vec<_>>();
    for pair in steps.windows(2) {
        let instances = &design.module(pair[0]).instances;
        if let Some(at) = instances.iter().find(|i| i.module == pair[1]) {
            let text = format!("`{}` places `{}` as `{}`", name(pair[0]), name(pair[1]), at.name);
            fault.label(at.place, text);
        }
    }
    fault
}

/// The modules from `from` to `to`, each placing the next, if there is such a chain.
fn placement_path(design: &Design, from: ModuleId, to: ModuleId) -> Option<Vec<ModuleId>> {
    let mut placed_by = vec![None; design.modules.len()];
    let mut seen = vec![false; design.modules.len()];
    let mut waiting = vec![from];
    seen[from.index()] = true;
    while let Some(id) = waiting.pop() {
        if id == to {
            let mut path = vec![to];
            while let Some(above) = placed_by[path[path.len() - 1].index()] {
                path.push(above);
            }
            path.reverse();
            return Some(path);
        }
        for instance in &design.module(id).instances {
            let next = instance.module.index();
            if seen.get(next) == Some(&false) {
                seen[next] = true;
                placed_by[next] = Some(id);
                waiting.push(instance.module);
            }
        }
    }
    None
}

/// Checks every index that the module holds.
pub(super) fn check(c: &mut Checker<'_>) {
    let m = c.module;
    for (i, cell) in m.cells.iter().enumerate() {
        let user = || format!("`{}`", m.value_name(c.design, ValueId(i as u32)));
        let mut bad = Vec::new();
        cell.op.operands(|v| bad.extend((v.index() >= m.cells.len()).then_some(v)));
        for value in bad {
            outside(c, cell.place, &user(), "value", value.0, m.cells.len());
        }
        reference(c, cell.place, &user, &cell.op);
    }
    for p in &m.ports {
        value(c, p.place, "port", &p.name, p.value);
    }
    for r in &m.registers {
        value(c, r.place, "register", &r.name, r.value);
        domain(c, r.place, "register", &r.name, r.domain);
        for case in &r.cases {
            for v in case.condition.into_iter().chain([case.value]) {
                value(c, case.place, "register", &r.name, v);
            }
        }
    }
    check_memories(c);
    check_pins(c);
    for p in &m.properties {
        value(c, p.place, "property", &p.name, p.condition);
        domain(c, p.place, "property", &p.name, p.domain);
    }
    for i in &m.instances {
        if i.module.index() >= c.design.modules.len() {
            let user = format!("instance `{}`", i.name);
            outside(c, i.place, &user, "module", i.module.0, c.design.modules.len());
        }
        i.domains.iter().for_each(|d| domain(c, i.place, "instance", &i.name, *d));
        i.inputs.iter().flatten().for_each(|v| value(c, i.place, "instance", &i.name, *v));
    }
}

fn check_memories(c: &mut Checker<'_>) {
    for m in &c.module.memories {
        for read in &m.reads {
            value(c, read.place, "memory", &m.name, read.address);
            value(c, read.place, "memory", &m.name, read.value);
            if let ReadKind::Sync { domain: d, enable, .. } = read.kind {
                domain(c, read.place, "memory", &m.name, d);
                enable.into_iter().for_each(|v| value(c, read.place, "memory", &m.name, v));
            }
        }
        for write in &m.writes {
            domain(c, write.place, "memory", &m.name, write.domain);
            let optional = write.enable.into_iter().chain(write.mask);
            for v in [write.address, write.data].into_iter().chain(optional) {
                value(c, write.place, "memory", &m.name, v);
            }
        }
    }
}

fn check_pins(c: &mut Checker<'_>) {
    let Some(external) = &c.module.external else { return };
    for pin in &external.pins {
        match pin.to {
            PinTo::Port(port) | PinTo::Bit(port, _) => {
                let count = c.module.ports.len();
                if port.index() >= count {
                    let user = format!("pin `{}`", pin.name);
                    outside(c, external.place, &user, "port", port.0, count);
                }
            }
            PinTo::Clock(d) | PinTo::Reset(d, _) => {
                domain(c, external.place, "pin", &pin.name, d);
            }
            PinTo::Constant(_) => {}
        }
    }
}

/// What a cell speaks of that is not a value.
fn reference(c: &mut Checker<'_>, place: Place, user: &dyn Fn() -> String, op: &Op) {
    let m = c.module;
    let (what, index, count) = match op {
        Op::Input(p) => ("port", p.0, m.ports.len()),
        Op::Register(r) => ("register", r.0, m.registers.len()),
        Op::ReadData { memory, port } => match m.memories.get(memory.index()) {
            None => ("memory", memory.0, m.memories.len()),
            Some(at) => ("read port", *port, at.reads.len()),
        },
        Op::InstanceOutput { instance: InstanceId(i), port, .. } => {
            match m.instances.get(*i as usize) {
                None => ("instance", *i, m.instances.len()),
                Some(at) => match c.design.modules.get(at.module.index()) {
                    None => return,
                    Some(placed) => ("port", port.0, placed.ports.len()),
                },
            }
        }
        _ => return,
    };
    if index as usize >= count {
        outside(c, place, &user(), what, index, count);
    }
}

fn value(c: &mut Checker<'_>, place: Place, what: &str, name: &str, value: ValueId) {
    let count = c.module.cells.len();
    if value.index() >= count {
        outside(c, place, &format!("{what} `{name}`"), "value", value.0, count);
    }
}

fn domain(c: &mut Checker<'_>, place: Place, what: &str, name: &str, domain: DomainId) {
    let count = c.module.domains.len();
    if domain.index() >= count {
        outside(c, place, &format!("{what} `{name}`"), "clock domain", domain.0, count);
    }
}

fn outside(c: &mut Checker<'_>, place: Place, user: &str, what: &str, index: u32, count: usize) {
    let message = format!("{user} uses {what} {index}, but there are {count} (counted from 0)");
    c.fault("N001", place, message, format!("use a {what} that exists"));
}
