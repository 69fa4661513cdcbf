//! What an engine lets one look at.

use olivine_netlist::{Module, Port, Register, ValueId};
use olivine_trace::Signal;
use std::collections::HashSet;

/// Ports, registers and labelled values of a flat module in this order, each path once, with
/// their values. Engines that keep all of a design's names list them so.
pub fn observable(flat: &Module) -> (Vec<Signal>, Vec<ValueId>) {
    let port = |p: &Port| (p.name.clone(), p.kind.clone(), p.value);
    let register = |r: &Register| (r.name.clone(), r.kind.clone(), r.value);
    let labels = flat.cells.iter().enumerate().filter_map(|(i, cell)| {
        let label = cell.label.as_ref()?;
        Some((label.name.clone(), label.kind.clone(), ValueId(i as u32)))
    });
    let ports_and_registers =
        flat.ports.iter().map(port).chain(flat.registers.iter().map(register));
    let mut seen = HashSet::new();
    ports_and_registers
        .chain(labels)
        .filter(|(path, ..)| seen.insert(path.clone()))
        .map(|(path, kind, value)| (Signal { path, width: flat.width(value), kind }, value))
        .unzip()
}
