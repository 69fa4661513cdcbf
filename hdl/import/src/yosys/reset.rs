//! Resets as the waist has them: a value that a register takes, no signal.
//!
//! Everything was read with the reset inactive. A register that depends on it must take a constant
//! when it is active, whatever all else is; that constant is found by evaluating what depends on the
//! reset, bit by bit, where all else is unknown.

use super::module::Reader;
use olivine_netlist::{Bits, Case, DomainId, Module, Op, Register, ValueId};

/// A bit is known or not.
type Known = Vec<Option<bool>>;

/// Gives registers their reset values. `reset` is the constant that stood for the port. Registers of
/// an asynchronous reset have theirs already: nothing else may depend on it.
pub(super) fn lift(r: &mut Reader<'_>, domain: DomainId, reset: ValueId) {
    let dependent = dependents(&r.module, reset);
    let active = evaluate(&r.module, &dependent, reset);
    let at_once = r.module.domains[domain.index()].resets_at_once();
    for index in 0..r.module.registers.len() {
        let register = &r.module.registers[index];
        let depends = |case: &Case| {
            let condition = case.condition.is_some_and(|c| dependent[c.index()]);
            condition || dependent[case.value.index()]
        };
        if !register.cases.iter().any(depends) {
            continue;
        }
        match value_in_reset(&r.module, register, &active) {
            Some(value) if register.domain == domain && !at_once => {
                r.module.registers[index].reset = Some(value);
            }
            _ => fault(r, &format!("the register `{}`", r.module.registers[index].name)),
        }
    }
    for what in others(&r.module, &dependent) {
        fault(r, &what);
    }
    simplify(&mut r.module, &dependent);
}

fn fault(r: &mut Reader<'_>, what: &str) {
    let message = format!("{what} depends on a reset, but not as a register that it resets");
    let help = "read with `resets: false`: the port is an ordinary input then";
    r.log.fault("I012", &r.source.src, message, help);
}

/// Which cells depend on the reset.
fn dependents(module: &Module, reset: ValueId) -> Vec<bool> {
    let mut users: Vec<Vec<u32>> = vec![Vec::new(); module.cells.len()];
    for (cell, at) in module.cells.iter().zip(0..) {
        cell.op.operands(|v| users[v.index()].push(at));
    }
    let mut found = vec![false; module.cells.len()];
    let mut waiting = vec![reset.0];
    while let Some(value) = waiting.pop() {
        if !std::mem::replace(&mut found[value as usize], true) {
            waiting.extend(&users[value as usize]);
        }
    }
    found
}

/// The dependents, operands before those that use them.
fn ordered(module: &Module, dependent: &[bool]) -> Vec<ValueId> {
    let mut order = Vec::new();
    let mut entered = vec![false; dependent.len()];
    for start in (0..dependent.len() as u32).map(ValueId).filter(|v| dependent[v.index()]) {
        let mut waiting = vec![(start, false)];
        while let Some((value, done)) = waiting.pop() {
            if done {
                order.push(value);
            } else if !std::mem::replace(&mut entered[value.index()], true) {
                waiting.push((value, true));
                let operand = |v: ValueId| {
                    if dependent[v.index()] {
                        waiting.push((v, false));
                    }
                };
                module.cell(value).op.operands(operand);
            }
        }
    }
    order
}

/// What is known of each value while the reset is active.
fn evaluate(module: &Module, dependent: &[bool], reset: ValueId) -> Vec<Option<Known>> {
    let mut values: Vec<Option<Known>> = vec![None; module.cells.len()];
    for value in ordered(module, dependent) {
        let known = match value == reset {
            true => known(module, &values, reset).iter().map(|bit| bit.map(|b| !b)).collect(),
            false => operator(module, &values, value),
        };
        values[value.index()] = Some(known);
    }
    values
}

/// What is known of any value: constants, and what was evaluated.
fn known(module: &Module, values: &[Option<Known>], value: ValueId) -> Known {
    if let Some(known) = &values[value.index()] {
        return known.clone();
    }
    let width = module.width(value);
    match &module.cell(value).op {
        Op::Const(bits) => (0..width).map(|i| Some(bits.bit(i))).collect(),
        _ => vec![None; width as usize],
    }
}

/// The operators that resets go through; of others nothing is known.
fn operator(module: &Module, values: &[Option<Known>], value: ValueId) -> Known {
    let of = |v: ValueId| known(module, values, v);
    let cell = module.cell(value);
    let width = cell.width as usize;
    let each = |a: ValueId, b: ValueId, f: fn(Option<bool>, Option<bool>) -> Option<bool>| {
        of(a).into_iter().zip(of(b)).map(|(a, b)| f(a, b)).collect()
    };
    match &cell.op {
        Op::Wire(a) => of(*a),
        Op::Not(a) => of(*a).into_iter().map(|b| b.map(|b| !b)).collect(),
        Op::And(a, b) => each(*a, *b, and),
        Op::Or(a, b) => each(*a, *b, |a, b| and(a.map(|a| !a), b.map(|b| !b)).map(|c| !c)),
        Op::Xor(a, b) => each(*a, *b, |a, b| Some(a? ^ b?)),
        Op::ReduceOr(a) => vec![of(*a).into_iter().fold(Some(false), or)],
        Op::ReduceAnd(a) => vec![of(*a).into_iter().fold(Some(true), and)],
        Op::Mux { condition, then, otherwise } => match of(*condition)[0] {
            Some(true) => of(*then),
            Some(false) => of(*otherwise),
            None => each(*then, *otherwise, |a, b| a.filter(|_| a == b)),
        },
        Op::Concat(parts) => parts.iter().flat_map(|p| of(*p)).collect(),
        Op::Slice { value, low } => of(*value)[*low as usize..*low as usize + width].to_vec(),
        Op::Extend(a) => {
            let mut bits = of(*a);
            bits.resize(width, Some(false));
            bits
        }
        _ => vec![None; width],
    }
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    and(a.map(|a| !a), b.map(|b| !b)).map(|c| !c)
}

/// The constant that a register takes while the reset is active.
fn value_in_reset(module: &Module, register: &Register, active: &[Option<Known>]) -> Option<Bits> {
    for case in register.cases.iter().rev() {
        let condition = case.condition.map_or(Some(true), |c| known(module, active, c)[0]);
        match condition {
            Some(true) => {
                let bits: Option<Vec<bool>> =
                    known(module, active, case.value).into_iter().collect();
                return bits.map(|bits| Bits::from_bools(&bits));
            }
            Some(false) => {}
            None => return None,
        }
    }
    None
}

/// What else depends on the reset. Properties are sampled without it.
fn others(module: &Module, dependent: &[bool]) -> Vec<String> {
    let is = |v: &ValueId| dependent[v.index()];
    let mut found = Vec::new();
    let outputs = module.ports.iter().filter(|p| is(&p.value));
    found.extend(outputs.map(|p| format!("the output `{}`", p.name)));
    for memory in &module.memories {
        let reads = memory.reads.iter().any(|p| is(&p.address));
        let writes = memory.writes.iter().any(|p| {
            let control = p.enable.iter().chain(&p.mask).any(is);
            control || is(&p.address) || is(&p.data)
        });
        if reads || writes {
            found.push(format!("the memory `{}`", memory.name));
        }
    }
    let instances = module.instances.iter().filter(|i| i.inputs.iter().flatten().any(is));
    found.extend(instances.map(|i| format!("an input of `{}`", i.name)));
    found
}

/// Folds what the constant decides.
fn simplify(module: &mut Module, dependent: &[bool]) {
    for value in ordered(module, dependent) {
        let constant = |v: ValueId| match &module.cell(v).op {
            Op::Const(bits) => Some(bits.any()),
            _ => None,
        };
        let op = match &module.cell(value).op {
            Op::Not(a) if module.width(value) == 1 => {
                constant(*a).map(|bit| Op::Const(Bits::bit_of(!bit)))
            }
            Op::Mux { condition, then, otherwise } => {
                constant(*condition).map(|bit| Op::Wire(if bit { *then } else { *otherwise }))
            }
            _ => None,
        };
        if let Some(op) = op {
            module.cells[value.index()].op = op;
        }
    }
    for register in &mut module.registers {
        let never = |case: &Case| {
            let condition = case.condition.map(|c| &module.cells[c.index()].op);
            matches!(condition, Some(Op::Const(bits)) if !bits.any())
        };
        register.cases.retain(|case| !never(case));
    }
}
