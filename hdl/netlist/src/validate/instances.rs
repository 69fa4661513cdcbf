//! Instances: sizes, connections, clock domains.

use super::{Checker, MAX_FLAT_CELLS};
use crate::fault::count;
use crate::{Design, Direction, Fault, Instance, Port, ValueId};

pub(super) fn check(c: &mut Checker<'_>) {
    for instance in &c.module.instances {
        let elements = instance.dims.iter().try_fold(1u32, |n, d| n.checked_mul(*d));
        match elements {
            Some(1..) => check_inputs(c, instance),
            _ => {
                let message =
                    format!("instance `{}` has the dimensions {:?}", instance.name, instance.dims);
                let help = "each dimension is at least 1, and all elements are fewer than 2^32";
                c.fault("N050", instance.place, message, help);
            }
        }
        check_domains(c, instance);
    }
}

fn check_inputs(c: &mut Checker<'_>, instance: &Instance) {
    let placed = c.placed(instance.module);
    if instance.inputs.len() != placed.ports.len() {
        let message = format!(
            "instance `{}` connects {}, but `{}` has {}",
            instance.name,
            count(instance.inputs.len() as u64, "port"),
            placed.name,
            placed.ports.len()
        );
        let help = "list the ports in their order, outputs with no values";
        c.fault("N051", instance.place, message, help).label(placed.place, "the placed module");
    }
    for (port, values) in placed.ports.iter().zip(&instance.inputs) {
        check_values(c, instance, port, values);
    }
}

fn check_values(c: &mut Checker<'_>, instance: &Instance, port: &Port, values: &[ValueId]) {
    let wanted = if port.direction == Direction::Input { instance.elements() as usize } else { 0 };
    if values.len() != wanted {
        let message = format!(
            "instance `{}` has {} for port `{}`, which takes {wanted}",
            instance.name,
            count(values.len() as u64, "value"),
            port.name
        );
        let help = "an input takes one value for each element, an output none";
        c.fault("N051", instance.place, message, help).label(port.place, "the port");
        return;
    }
    for (element, value) in values.iter().enumerate() {
        let found = c.module.width(*value);
        if found != port.width {
            let shown = c.show(*value);
            let message = format!(
                "input `{}.{}` takes {}, but {shown} has {found}",
                instance.element_name(element as u32),
                port.name,
                count(port.width, "bit")
            );
            let defined = c.module.cell(*value).place;
            c.fault("N052", instance.place, message, "extend or slice the value")
                .label(port.place, format!("the port is {} wide", count(port.width, "bit")))
                .label(defined, format!("{shown} is {} wide", count(found, "bit")));
        }
    }
}

fn check_domains(c: &mut Checker<'_>, instance: &Instance) {
    let placed = c.placed(instance.module);
    if instance.domains.len() != placed.domains.len() {
        let message = format!(
            "instance `{}` gives {}, but `{}` has {}",
            instance.name,
            count(instance.domains.len() as u64, "clock domain"),
            placed.name,
            placed.domains.len()
        );
        let help = "give one domain here for each domain of the placed module";
        c.fault("N053", instance.place, message, help).label(placed.place, "the placed module");
    }
    for (inner, outer) in placed.domains.iter().zip(&instance.domains) {
        let outer = &c.module.domains[outer.index()];
        if !inner.acts_like(outer) {
            let message = format!(
                "instance `{}` joins domain `{}` ({}) to `{}` ({})",
                instance.name,
                inner.name,
                inner.manner(),
                outer.name,
                outer.manner()
            );
            let help = "let both act on one edge, and be reset in one way";
            c.fault("N054", instance.place, message, help)
                .label(inner.place, inner.manner().to_string())
                .label(outer.place, outer.manner().to_string());
        }
    }
}

/// What is said to be a function of floats has the operands and the result of one, and no state.
pub(super) fn check_function(c: &mut Checker<'_>) {
    let Some(function) = c.module.computes else { return };
    let m = c.module;
    let widths = |direction: Direction| {
        let ports = m.ports.iter().filter(move |p| p.direction == direction);
        ports.map(|p| p.width).collect::<Vec<u32>>()
    };
    let (inputs, outputs) = (widths(Direction::Input), widths(Direction::Output));
    let state = m.registers.len() + m.memories.len() + m.domains.len() + m.properties.len();
    let fits = inputs.len() == function.operands()
        && inputs.iter().all(|width| [16, 32].contains(width))
        && outputs == [32]
        && state == 0;
    if !fits {
        let message = format!("its ports or its state do not fit `{function}`");
        let help = format!(
            "give it {} inputs of 16 or 32 bits, one output of 32, and no state, clock or property",
            function.operands()
        );
        c.fault("N055", m.place, message, help);
    }
}

/// Cells and instances are counted as if flattened; the design has no other fault.
pub(super) fn check_size(design: &Design, faults: &mut Vec<Fault>) {
    let mut sizes: Vec<u64> = Vec::new();
    for module in &design.modules {
        let own = module.cells.len() as u64 + module.registers.len() as u64;
        let below = module
            .instances
            .iter()
            .map(|i| u64::from(i.elements()).saturating_mul(1 + sizes[i.module.index()]));
        sizes.push(below.fold(own, u64::saturating_add).min(u64::MAX - 1));
    }
    let size = sizes[design.top.index()];
    if size > MAX_FLAT_CELLS {
        let message =
            format!("the design has more than {MAX_FLAT_CELLS} cells, every element counted");
        let help = "place fewer elements";
        faults.push(Fault::new("N070", design.top().place, message, help));
    }
}
