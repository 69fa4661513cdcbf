//! A unit in stages beside the combinational one, whose results are delayed as long.

use olivine_formal::{Engine, Options, Row, prove};
use olivine_lang::prelude::Bits;
use olivine_netlist::{
    Case, ClockDomain, Design, Direction, DomainId, Instance, InstanceId, Kind, Module, ModuleId,
    Op, Place, Port, PortId, Property, PropertyKind, Register, RegisterId, ValueId,
};
use std::time::Duration;

/// The only domain.
const DOMAIN: DomainId = DomainId(0);

/// A value so many cycles ago, through registers that are zero under reset.
fn delayed(top: &mut Module, name: &str, mut value: ValueId, cycles: u32, place: Place) -> ValueId {
    let width = top.cell(value).width;
    for stage in 0..cycles {
        let id = RegisterId(top.registers.len() as u32);
        let register = top.add(Op::Register(id), width, place);
        top.registers.push(Register {
            name: format!("{name}_{stage}"),
            width,
            kind: Kind::Unsigned,
            domain: DOMAIN,
            reset: Some(Bits::zero(width)),
            init: None,
            crossing: false,
            cases: vec![Case { condition: None, value, place }],
            place,
            value: register,
        });
        value = register;
    }
    value
}

/// A design that asserts for each output that it is that of the unit so many cycles before, once so many
/// have passed.
fn miter(unit: &Design, pipelined: &Design, latency: u32) -> Design {
    let mut joint = unit.clone();
    let offset = joint.modules.len() as u32;
    joint.modules.extend(pipelined.modules.iter().cloned().map(|mut module| {
        module.name = format!("staged_{}", module.name);
        module.instances.iter_mut().for_each(|i| i.module.0 += offset);
        module
    }));
    let (inner, place) = (unit.top(), unit.top().place);
    let mut top = Module::new("miter", place);
    top.domains.push(ClockDomain::new("", place));
    let mut inputs = Vec::new();
    for port in &inner.ports {
        if port.direction == Direction::Output {
            inputs.push(Vec::new());
            continue;
        }
        let id = PortId(top.ports.len() as u32);
        let value = top.add(Op::Input(id), port.width, place);
        top.ports.push(Port { value, ..port.clone() });
        inputs.push(vec![value]);
    }
    let staged = ModuleId(pipelined.top.0 + offset);
    for (name, module) in [("unit", unit.top), ("staged", staged)] {
        let domains = vec![DOMAIN; joint.modules[module.0 as usize].domains.len()];
        let (name, dims, inputs) = (name.to_string(), Vec::new(), inputs.clone());
        top.instances.push(Instance { name, module, dims, inputs, domains, place });
    }
    let one = top.add(Op::Const(Bits::new(1, 1)), 1, place);
    let full = delayed(&mut top, "full", one, latency, place);
    let filling = top.add(Op::Not(full), 1, place);
    for (index, port) in inner.ports.iter().enumerate() {
        if port.direction == Direction::Input {
            continue;
        }
        let [now, found] = [0, 1].map(|side| {
            let (instance, port) = (InstanceId(side), PortId(index as u32));
            let op = Op::InstanceOutput { instance, element: 0, port };
            top.add(op, inner.ports[index].width, place)
        });
        let wanted = delayed(&mut top, &port.name, now, latency, place);
        let same = top.add(Op::Eq(found, wanted), 1, place);
        let condition = top.add(Op::Or(filling, same), 1, place);
        let (kind, domain) = (PropertyKind::Assert, DOMAIN);
        let name = format!("{} agrees", port.name);
        top.properties.push(Property { name, kind, condition, domain, place });
    }
    joint.top = ModuleId(joint.modules.len() as u32);
    joint.modules.push(top);
    joint
}

/// A row for each output: proved if it is that of the combinational unit `latency` cycles before, for all
/// inputs in each cycle. Induction over the stages sees one structure on both sides.
pub fn compare(unit: &Design, pipelined: &Design, latency: u32, limit: Duration) -> Vec<Row> {
    let joint = miter(unit, pipelined, latency);
    joint.validate().unwrap_or_else(|faults| panic!("{faults:?}"));
    let (engine, time_limit) = (Engine::KInduction, Some(limit));
    let options = Options { engine, depth: latency + 2, time_limit, ..Options::default() };
    prove(&joint, &options).unwrap_or_else(|faults| panic!("{faults:?}")).rows
}
