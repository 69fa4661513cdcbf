//! Cells that stand for something else, and that something: each points at the other.

use super::Checker;
use super::state::check_same;
use crate::fault::count;
use crate::{Direction, Op, Place, ValueId};
use std::collections::HashMap;

pub(super) fn check(c: &mut Checker<'_>) {
    check_ports(c);
    let m = c.module;
    for r in &m.registers {
        check_same(c, r.place, "register", &r.name, r.width, r.value);
    }
    check_owned_cells(c);
    check_owners(c);
    check_instance_outputs(c);
}

fn check_ports(c: &mut Checker<'_>) {
    let m = c.module;
    for p in &m.ports {
        check_same(c, p.place, "port", &p.name, p.width, p.value);
    }
}

/// Cells whose owner has another cell.
fn check_owned_cells(c: &mut Checker<'_>) {
    let m = c.module;
    for (i, cell) in m.cells.iter().enumerate() {
        let value = ValueId(i as u32);
        let (code, what, name, owner, owned) = match &cell.op {
            Op::Input(port) => {
                let p = &m.ports[port.index()];
                if p.direction == Direction::Output {
                    let message = format!("a cell is the input `{}`, which is an output", p.name);
                    c.fault("N030", cell.place, message, "drive an output by the port's value")
                        .label(p.place, "the port");
                    continue;
                }
                ("N030", "input port", &p.name, p.place, p.value)
            }
            Op::Register(r) => {
                let r = &m.registers[r.index()];
                ("N031", "register", &r.name, r.place, r.value)
            }
            Op::ReadData { memory, port } => {
                let x = &m.memories[memory.index()];
                let read = &x.reads[*port as usize];
                ("N032", "read port", &x.name, read.place, read.value)
            }
            _ => continue,
        };
        if owned != value {
            let message = format!("{what} `{name}` has a second cell, %{}", value.0);
            let help = format!("use %{}, the one the {what} points at", owned.0);
            c.fault(code, cell.place, message, help)
                .label(owner, format!("the {what}"))
                .label(m.cell(owned).place, "the cell it points at");
        }
    }
}

/// Owners that point at a cell which is something else.
fn check_owners(c: &mut Checker<'_>) {
    let m = c.module;
    for (i, p) in m.ports.iter().enumerate() {
        let is_own = matches!(m.cell(p.value).op, Op::Input(id) if id.index() == i);
        if p.direction == Direction::Input && !is_own {
            stray(c, "N030", p.place, &format!("input port `{}`", p.name), p.value);
        }
    }
    for (i, r) in m.registers.iter().enumerate() {
        if !matches!(m.cell(r.value).op, Op::Register(id) if id.index() == i) {
            stray(c, "N031", r.place, &format!("register `{}`", r.name), r.value);
        }
    }
    for (i, x) in m.memories.iter().enumerate() {
        for (j, read) in x.reads.iter().enumerate() {
            let op = &m.cell(read.value).op;
            let own = matches!(op, Op::ReadData { memory, port }
                if memory.index() == i && *port as usize == j);
            if !own {
                let what = format!("read port {j} of memory `{}`", x.name);
                stray(c, "N032", read.place, &what, read.value);
            }
        }
    }
}

fn stray(c: &mut Checker<'_>, code: &'static str, place: Place, what: &str, value: ValueId) {
    let cell = c.module.cell(value);
    let message = format!("{what} points at %{}, which is the cell of something else", value.0);
    c.fault(code, place, message, format!("add a cell for the {what} and point at it"))
        .label(cell.place, format!("%{} = {}", value.0, cell.op.name()));
}

fn check_instance_outputs(c: &mut Checker<'_>) {
    let m = c.module;
    let mut seen = HashMap::new();
    for (i, cell) in m.cells.iter().enumerate() {
        let Op::InstanceOutput { instance, port, element } = cell.op else { continue };
        let at = &m.instances[instance.index()];
        let p = &c.placed(at.module).ports[port.index()];
        let elements = at.elements();
        if p.direction == Direction::Input {
            let message =
                format!("a cell is the output `{}` of `{}`, which is an input", p.name, at.name);
            c.fault("N033", cell.place, message, "an input's value stands with the instance")
                .label(p.place, "the port");
        } else if element >= elements {
            let message = format!(
                "`{}` has {}, but a cell is an output of element {element}",
                at.name,
                count(elements, "element")
            );
            c.fault("N033", cell.place, message, "elements count from 0, row by row")
                .label(at.place, "the instance");
        } else if let Some(first) = seen.insert((instance, port, element), ValueId(i as u32)) {
            let message = format!(
                "two cells are the output `{}`",
                m.link_name(c.design, first).unwrap_or_default()
            );
            c.fault("N033", cell.place, message, format!("use %{} for both", first.0))
                .label(m.cell(first).place, "the first")
                .label(cell.place, "the second");
        } else {
            check_same(c, cell.place, "output", &p.name, p.width, ValueId(i as u32));
        }
    }
}
