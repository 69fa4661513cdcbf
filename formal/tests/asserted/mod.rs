//! Designs with an assertion for each output.

use olivine_netlist::{
    Design, Direction, DomainId, ModuleId, Op, Place, Property, PropertyKind, ValueId,
};

/// The flat design with an assertion for each output: that it is zero.
pub fn with_assertions(design: Design) -> Design {
    let mut flat = design.flatten();
    let outputs: Vec<ValueId> =
        flat.ports.iter().filter(|p| p.direction == Direction::Output).map(|p| p.value).collect();
    flat.properties.clear();
    for (i, value) in outputs.into_iter().enumerate() {
        let any = flat.add(Op::ReduceOr(value), 1, Place::UNKNOWN);
        let condition = flat.add(Op::Not(any), 1, Place::UNKNOWN);
        let domain = DomainId(i as u32 % flat.domains.len() as u32);
        let (name, kind, place) = (format!("p{i}"), PropertyKind::Assert, Place::UNKNOWN);
        flat.properties.push(Property { name, kind, condition, domain, place });
    }
    Design { modules: vec![flat], top: ModuleId(0), files: design.files }
}
