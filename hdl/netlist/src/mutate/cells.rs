//! Mutations of operators and values.

use super::{Change, Found, end_bits, flip};
use crate::{Bits, Cell, Direction, Module, Op, ValueId};

pub(super) fn list(found: &mut Found<'_>) {
    let module = found.module;
    for (index, cell) in module.cells.iter().enumerate() {
        let value = ValueId(index as u32);
        let shown = found.show(value);
        if let Op::Const(bits) = &cell.op {
            for bit in end_bits(cell.width) {
                let text = format!("bit {bit} of the constant {shown} is inverted");
                let op = Op::Const(flip(bits, bit));
                found.add(Change::Replace { value, op }, cell.place, &text);
            }
            continue;
        }
        if let Some(op) = other_operator(module, cell) {
            let text = format!("{shown} is {} instead of {}", op.name(), cell.op.name());
            found.add(Change::Replace { value, op }, cell.place, &text);
        }
        if let Some(op) = other_order(module, &cell.op) {
            let text = format!("two operands of {shown} = {} are swapped", cell.op.name());
            found.add(Change::Replace { value, op }, cell.place, &text);
        }
        if let Some((op, low)) = other_slice(module, cell) {
            let text = format!("{shown} is the slice from bit {low}");
            found.add(Change::Replace { value, op }, cell.place, &text);
        }
        for bit in end_bits(cell.width) {
            let text = format!("bit {bit} of {shown} is inverted");
            found.add(Change::InvertBit { value, bit }, cell.place, &text);
        }
    }
}

/// An operator that is easily mistaken for this one, with the same width rule.
fn other_operator(module: &Module, cell: &Cell) -> Option<Op> {
    Some(match cell.op {
        Op::Not(a) => Op::Wire(a),
        Op::And(a, b) => Op::Or(a, b),
        Op::Or(a, b) => Op::And(a, b),
        Op::Xor(a, b) => Op::Or(a, b),
        Op::Add(a, b) => Op::Sub(a, b),
        Op::Sub(a, b) => Op::Add(a, b),
        Op::ReduceAnd(a) if module.width(a) > 1 => Op::ReduceOr(a),
        Op::ReduceOr(a) if module.width(a) > 1 => Op::ReduceAnd(a),
        Op::ReduceXor(a) if module.width(a) > 1 => Op::ReduceOr(a),
        Op::MulUnsigned(a, b) => Op::MulSigned(a, b),
        Op::MulSigned(a, b) => Op::MulUnsigned(a, b),
        Op::LessUnsigned(a, b) => Op::LessSigned(a, b),
        Op::LessSigned(a, b) => Op::LessUnsigned(a, b),
        Op::Eq(a, b) => Op::LessUnsigned(a, b),
        Op::ShiftLeft(a, b) => Op::ShiftRight(a, b),
        Op::ShiftRight(a, b) => Op::ShiftRightSigned(a, b),
        Op::ShiftRightSigned(a, b) => Op::ShiftRight(a, b),
        Op::Extend(a) if module.width(a) < cell.width => Op::ExtendSigned(a),
        Op::ExtendSigned(a) if module.width(a) < cell.width => Op::Extend(a),
        _ => return None,
    })
}

/// The operator with two operands in the other order, where that matters.
fn other_order(module: &Module, op: &Op) -> Option<Op> {
    let alike = |a: &ValueId, b: &ValueId| a != b && module.width(*a) == module.width(*b);
    Some(match op {
        Op::Sub(a, b) if alike(a, b) => Op::Sub(*b, *a),
        Op::LessUnsigned(a, b) if alike(a, b) => Op::LessUnsigned(*b, *a),
        Op::LessSigned(a, b) if alike(a, b) => Op::LessSigned(*b, *a),
        Op::Mux { condition, then, otherwise } if then != otherwise => {
            Op::Mux { condition: *condition, then: *otherwise, otherwise: *then }
        }
        Op::Select { index, options } => {
            let at = options.windows(2).position(|pair| pair[0] != pair[1])?;
            let mut options = options.clone();
            options.swap(at, at + 1);
            Op::Select { index: *index, options }
        }
        Op::Concat(parts) => {
            let at = parts.windows(2).position(|pair| alike(&pair[0], &pair[1]))?;
            let mut parts = parts.clone();
            parts.swap(at, at + 1);
            Op::Concat(parts)
        }
        _ => return None,
    })
}

/// A slice one bit beside this one.
fn other_slice(module: &Module, cell: &Cell) -> Option<(Op, u32)> {
    let Op::Slice { value, low } = cell.op else { return None };
    let above = low + cell.width < module.width(value);
    let other = if above { low + 1 } else { low.checked_sub(1)? };
    Some((Op::Slice { value, low: other }, other))
}

/// Lets everyone that uses `value` see one bit of it inverted.
pub(super) fn invert(module: &mut Module, value: ValueId, bit: u32) {
    let Cell { width, place, .. } = *module.cell(value);
    let mask = Bits::new(width, 1).shift_left(u64::from(bit));
    let mask = module.add(Op::Const(mask), width, place);
    let inverted = ValueId(module.cells.len() as u32);
    let links = links(module);
    leave_names_to_ports(module, value);
    module.map_values(|v| if v == value { inverted } else { v });
    module.add(Op::Xor(value, mask), width, place);
    restore(module, &links);
}

/// An output port that was this value now is the inverted one; it alone keeps the name.
fn leave_names_to_ports(module: &mut Module, value: ValueId) {
    let outputs = module.ports.iter().filter(|p| p.direction == Direction::Output);
    let names: Vec<String> = outputs.filter(|p| p.value == value).map(|p| p.name.clone()).collect();
    let leave = |name: &mut String| {
        if names.contains(name) {
            name.push_str(".before_fault");
        }
    };
    module.registers.iter_mut().filter(|r| r.value == value).for_each(|r| leave(&mut r.name));
    if let Some(label) = &mut module.cells[value.index()].label {
        leave(&mut label.name);
    }
}

/// The cells that ports, registers and read ports own: no uses of the value, but its definition.
struct Links {
    ports: Vec<ValueId>,
    registers: Vec<ValueId>,
    reads: Vec<Vec<ValueId>>,
}

fn links(module: &Module) -> Links {
    let reads = |m: &crate::Memory| m.reads.iter().map(|r| r.value).collect();
    Links {
        ports: module.ports.iter().map(|p| p.value).collect(),
        registers: module.registers.iter().map(|r| r.value).collect(),
        reads: module.memories.iter().map(reads).collect(),
    }
}

fn restore(module: &mut Module, links: &Links) {
    let inputs = module.ports.iter_mut().zip(&links.ports);
    inputs.filter(|(p, _)| p.direction == Direction::Input).for_each(|(p, value)| p.value = *value);
    module.registers.iter_mut().zip(&links.registers).for_each(|(r, value)| r.value = *value);
    for (memory, values) in module.memories.iter_mut().zip(&links.reads) {
        memory.reads.iter_mut().zip(values).for_each(|(read, value)| read.value = *value);
    }
}
