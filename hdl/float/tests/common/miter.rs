//! Two combinational designs of the same ports side by side.

use olivine_formal::{Engine, Options, Paths, Row, Start, prove};
use olivine_netlist::{
    ClockDomain, Design, Direction, DomainId, Instance, InstanceId, Module, ModuleId, Op, Port,
    PortId, Property, PropertyKind, ValueId,
};
use std::time::Duration;

/// A design that asserts for each output that both agree.
fn miter(first: &Design, second: &Design) -> Design {
    let mut joint = first.clone();
    let offset = joint.modules.len() as u32;
    joint.modules.extend(second.modules.iter().cloned().map(|mut module| {
        module.name = format!("second_{}", module.name);
        module.instances.iter_mut().for_each(|i| i.module.0 += offset);
        module
    }));
    let inner = first.top();
    let mut top = Module::new("miter", inner.place);
    top.domains.push(ClockDomain::new("", inner.place));
    let inputs: Vec<Vec<ValueId>> = inner
        .ports
        .iter()
        .map(|port| {
            if port.direction == Direction::Output {
                return Vec::new();
            }
            let id = PortId(top.ports.len() as u32);
            let value = top.add(Op::Input(id), port.width, port.place);
            top.ports.push(Port { value, ..port.clone() });
            vec![value]
        })
        .collect();
    for (name, module) in [("first", first.top), ("second", ModuleId(second.top.0 + offset))] {
        let (dims, domains, place) = (Vec::new(), Vec::new(), inner.place);
        let name = name.to_string();
        top.instances.push(Instance { name, module, dims, inputs: inputs.clone(), domains, place });
    }
    for (index, port) in inner.ports.iter().enumerate() {
        if port.direction == Direction::Input {
            continue;
        }
        let [x, y] = [0, 1].map(|side| {
            let (instance, of) = (InstanceId(side), PortId(index as u32));
            top.add(Op::InstanceOutput { instance, element: 0, port: of }, port.width, port.place)
        });
        let condition = top.add(Op::Eq(x, y), 1, port.place);
        let (kind, domain) = (PropertyKind::Assert, DomainId(0));
        let name = format!("{} agrees", port.name);
        top.properties.push(Property { name, kind, condition, domain, place: port.place });
    }
    joint.top = ModuleId(joint.modules.len() as u32);
    joint.modules.push(top);
    joint
}

/// How combinational properties are proved: in the one step that there is.
pub fn options(limit: Duration) -> Options {
    Options {
        engine: Engine::KInduction,
        depth: 1,
        time_limit: Some(limit),
        start: Start::PowerUp,
        paths: Paths::Any,
        ..Options::default()
    }
}

/// As [`compare`], with an engine of choice.
#[allow(dead_code)] // Most take what is best in general.
pub fn compare_by(first: &Design, second: &Design, engine: Engine, limit: Duration) -> Vec<Row> {
    let joint = miter(first, second);
    let options = Options { engine, ..options(limit) };
    prove(&joint, &options).unwrap_or_else(|faults| panic!("{faults:?}")).rows
}

/// A row for each output: proved if both designs give the same for all inputs.
pub fn compare(first: &Design, second: &Design, limit: Duration) -> Vec<Row> {
    let joint = miter(first, second);
    prove(&joint, &options(limit)).unwrap_or_else(|faults| panic!("{faults:?}")).rows
}
