//! Many designs as one, for engines that are costly to build.

use olivine_netlist::{
    ClockDomain, Design, Direction, DomainId, Instance, InstanceId, Module, ModuleId, Op, Place,
    Port, PortId, ValueId,
};

/// The designs side by side below one top; the ports of design `i` begin with `d<i>_`. Domains of
/// one number, edge and kind of reset are one at the top. All designs have the same files.
pub(super) fn siblings(designs: &[Design]) -> Design {
    let files = designs.first().map_or_else(Vec::new, |d| d.files.clone());
    let mut all = Design { modules: Vec::new(), top: ModuleId(0), files };
    let mut top = Module::new("siblings", Place::UNKNOWN);
    for (index, design) in designs.iter().enumerate() {
        let first = all.modules.len() as u32;
        for module in &design.modules {
            let mut module = module.clone();
            module.name = format!("d{index}_{}", module.name);
            module.instances.iter_mut().for_each(|p| p.module.0 += first);
            all.modules.push(module);
        }
        place(&mut top, design.top(), ModuleId(first + design.top.0), index);
    }
    all.modules.push(top);
    all.top = ModuleId(all.modules.len() as u32 - 1);
    all
}

fn place(top: &mut Module, placed: &Module, module: ModuleId, index: usize) {
    let instance = InstanceId(top.instances.len() as u32);
    let mut inputs: Vec<Vec<ValueId>> = Vec::new();
    for (p, port) in placed.ports.iter().enumerate() {
        let own = PortId(top.ports.len() as u32);
        let op = match port.direction {
            Direction::Input => Op::Input(own),
            Direction::Output => {
                Op::InstanceOutput { instance, port: PortId(p as u32), element: 0 }
            }
        };
        let value = top.add(op, port.width, Place::UNKNOWN);
        let name = format!("d{index}_{}", port.name);
        top.ports.push(Port { name, value, place: Place::UNKNOWN, ..port.clone() });
        inputs.push(if port.direction == Direction::Input { vec![value] } else { Vec::new() });
    }
    let domains =
        placed.domains.iter().enumerate().map(|(i, domain)| domain_of(top, i, domain)).collect();
    top.instances.push(Instance {
        name: format!("d{index}"),
        module,
        dims: Vec::new(),
        inputs,
        domains,
        place: Place::UNKNOWN,
    });
}

fn domain_of(top: &mut Module, index: usize, domain: &ClockDomain) -> DomainId {
    let name = format!("{}{index}", domain.manner()).replace(' ', "_");
    let found = top.domains.iter().position(|d| d.name == name);
    let at = found.unwrap_or_else(|| {
        top.domains.push(ClockDomain { name, place: Place::UNKNOWN, ..domain.clone() });
        top.domains.len() - 1
    });
    DomainId(at as u32)
}
