//! [`view`]: a module by itself, with what it places replaced by what is known of that.

use crate::certificate::Placed;
use olivine_netlist::{
    Design, DomainId, Instance, Module, ModuleId, Op, Property, PropertyKind, ValueId,
};
use std::collections::HashSet;

/// The module as the top of a design. What each placed module assumes is asserted; what is relied
/// on of it is assumed, and what else it asserts stays so; what is asserted further within is left
/// out. Of an instance that is cut the outputs are anything that fits what is relied on.
pub(crate) fn view(design: &Design, module: ModuleId, placed: &[Placed]) -> Design {
    let mut view = Design {
        modules: design.modules[..module.index()].iter().map(silent).collect(),
        top: module,
        files: design.files.clone(),
    };
    let mut top = design.module(module).clone();
    top.computes = None;
    let mut before = Vec::new();
    for instance in &mut top.instances {
        let known = placed.iter().find(|p| p.instance == instance.name);
        let mut child = contract(design.module(instance.module), known);
        if known.is_some_and(|p| p.cut) {
            cut(&mut child);
        }
        let taken =
            |name: &str| design.modules.iter().chain(&before).any(|m: &Module| m.name == name);
        child.name = format!("{}_of_{}", child.name, instance.name);
        while taken(&child.name) {
            child.name.push('_');
        }
        instance.module = ModuleId((module.index() + before.len()) as u32);
        before.push(child);
    }
    view.modules.extend(before);
    view.modules.push(top);
    view.top = ModuleId(view.modules.len() as u32 - 1);
    view
}

/// Whether a step of the outer module is at most one of each domain of the placed one, and resets
/// come in the same order: only then a proof of the one speaks of the other.
pub(crate) fn keeps_domains(instance: &Instance) -> bool {
    instance.domains.windows(2).all(|pair: &[DomainId]| pair[0] < pair[1])
}

/// The names of what the elements of an instance have to be given, as the placing module has them.
pub(crate) fn owed(design: &Design, instance: &Instance) -> Vec<String> {
    of_elements(design, instance, PropertyKind::Assume)
}

/// The names, as the placing module has them, of the placed module's own properties of this kind,
/// by element.
pub(crate) fn of_elements(design: &Design, instance: &Instance, kind: PropertyKind) -> Vec<String> {
    let own = properties(design.module(instance.module), kind);
    let element = |e: u32| {
        let name = instance.element_name(e);
        own.clone().map(move |p| format!("{name}.{p}"))
    };
    (0..instance.elements()).flat_map(element).collect()
}

/// The names of a module's own properties of this kind.
pub(crate) fn properties(
    module: &Module,
    kind: PropertyKind,
) -> impl Iterator<Item = &str> + Clone {
    module.properties.iter().filter(move |p| p.kind == kind).map(|p| p.name.as_str())
}

fn silent(module: &Module) -> Module {
    let mut module = module.clone();
    module.computes = None;
    module.external = None;
    module.properties.clear();
    module
}

fn contract(module: &Module, known: Option<&Placed>) -> Module {
    let mut result = silent(module);
    for property in &module.properties {
        let relied = known.is_some_and(|p| p.relied.contains(&property.name));
        let kind = match property.kind {
            PropertyKind::Assume => PropertyKind::Assert,
            PropertyKind::Assert if relied => PropertyKind::Assume,
            PropertyKind::Assert => PropertyKind::Assert,
            _ => continue,
        };
        result.properties.push(Property { kind, ..property.clone() });
    }
    result
}

/// Whoever uses an output, inside or outside, sees anything instead.
fn cut(module: &mut Module) {
    let old = module.clone();
    let mut instead = vec![None; old.cells.len()];
    for port in &old.ports {
        let computed = !matches!(old.cell(port.value).op, Op::Input(_) | Op::Const(_));
        if computed && instead[port.value.index()].is_none() {
            let anything = module.add(Op::Undefined, port.width, port.place);
            instead[port.value.index()] = Some(anything);
        }
    }
    let seen = |v: ValueId| instead.get(v.index()).copied().flatten().unwrap_or(v);
    module.map_values(seen);
    // What bore the port's name because it was that value is no longer.
    let mut taken = names(&old);
    for (port, old) in module.ports.iter_mut().zip(&old.ports).filter(|(p, o)| p.value != o.value) {
        port.name = format!("{}_cut", old.name);
        while !taken.insert(port.name.clone()) {
            port.name.push('_');
        }
    }
    // State still points at its own cells.
    for (register, old) in module.registers.iter_mut().zip(&old.registers) {
        register.value = old.value;
    }
    for (memory, old) in module.memories.iter_mut().zip(&old.memories) {
        for (read, old) in memory.reads.iter_mut().zip(&old.reads) {
            read.value = old.value;
        }
    }
}

/// All names in a module.
fn names(module: &Module) -> HashSet<String> {
    let labels = module.cells.iter().filter_map(|c| c.label.as_ref()).map(|l| &l.name);
    let ports = module.ports.iter().map(|p| &p.name);
    let registers = module.registers.iter().map(|r| &r.name);
    let memories = module.memories.iter().map(|m| &m.name);
    let instances = module.instances.iter().map(|i| &i.name);
    let state = registers.chain(memories).chain(instances);
    labels.chain(ports).chain(state).cloned().collect()
}
