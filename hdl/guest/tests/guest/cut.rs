//! Registers cut: what they hold comes in, what they take next goes out.

use olivine_netlist::{
    Bits, Design, Direction, Kind, Module, ModuleId, Op, PortId, ReadKind, Register, ValueId,
};

/// The flat design with an input for each register and outputs for what it takes next, its reset
/// value and its value at power-up, all named after the register and its domain.
///
/// Two designs that are equal so are equal: they start in the same state, and in the same state
/// they show the same and go to the same state. The opposite is not true.
pub fn cut(design: &Design) -> Design {
    let mut flat = design.flatten();
    let needed = needed(&flat);
    let mut registers = std::mem::take(&mut flat.registers);
    let mut index = 0..;
    registers.retain(|_| index.next().is_some_and(|i: usize| needed[i]));
    // Cells of state become ports, in the order of their names; of what nobody sees, nothing is
    // left that could be asked.
    let mut order: Vec<&Register> = registers.iter().collect();
    order.sort_by(|a, b| a.name.cmp(&b.name));
    for register in &order {
        let frozen = register.cases.is_empty() && register.reset.is_none();
        match (&register.init, frozen) {
            (Some(init), true) => flat.cells[register.value.index()].op = Op::Const(init.clone()),
            _ => {
                let port = PortId(flat.ports.len() as u32);
                flat.cells[register.value.index()].op = Op::Input(port);
                let value = register.value;
                add_port(&mut flat, "state", register, Direction::Input, value);
            }
        }
    }
    for register in &order {
        if !(register.cases.is_empty() && register.reset.is_none() && register.init.is_some()) {
            let next = next(&mut flat, register);
            add_port(&mut flat, "next", register, Direction::Output, next);
            for (what, bits) in [("reset", &register.reset), ("init", &register.init)] {
                let value = constant(&mut flat, register, bits.as_ref());
                add_port(&mut flat, what, register, Direction::Output, value);
            }
        }
    }
    flat.properties.clear();
    for cell in &mut flat.cells {
        cell.label = None;
        if matches!(cell.op, Op::Register(_)) {
            cell.op = Op::Undefined;
        }
    }
    Design { modules: vec![flat], top: ModuleId(0), files: design.files.clone() }
}

/// Which registers an output or a memory depends on, now or later.
fn needed(flat: &Module) -> Vec<bool> {
    let mut needed = vec![false; flat.registers.len()];
    let mut seen = vec![false; flat.cells.len()];
    let outputs = flat.ports.iter().filter(|p| p.direction == Direction::Output);
    let mut waiting: Vec<ValueId> = outputs.map(|p| p.value).collect();
    for memory in &flat.memories {
        for read in &memory.reads {
            waiting.push(read.address);
            if let ReadKind::Sync { enable, .. } = read.kind {
                waiting.extend(enable);
            }
        }
        for write in &memory.writes {
            waiting.extend([write.address, write.data]);
            waiting.extend(write.enable.iter().chain(&write.mask));
        }
    }
    while let Some(value) = waiting.pop() {
        if std::mem::replace(&mut seen[value.index()], true) {
            continue;
        }
        let op = &flat.cell(value).op;
        op.operands(|v| waiting.push(v));
        if let Op::Register(id) = op {
            needed[id.index()] = true;
            for case in &flat.registers[id.index()].cases {
                waiting.extend(case.condition.iter().chain([&case.value]));
            }
        }
    }
    needed
}

fn add_port(m: &mut Module, what: &str, r: &Register, direction: Direction, value: ValueId) {
    let domain = &m.domains[r.domain.index()].name;
    let name = r.name.replace(['.', '[', ']'], "_");
    let name = format!("{what}__{domain}__{name}");
    let width = m.width(value);
    let kind = Kind::Bits;
    m.ports.push(olivine_netlist::Port { name, direction, width, kind, place: r.place, value });
}

/// What the cases give, from the first to the last.
fn next(m: &mut Module, r: &Register) -> ValueId {
    r.cases.iter().fold(r.value, |otherwise, case| match case.condition {
        None => case.value,
        Some(condition) => {
            let op = Op::Mux { condition, then: case.value, otherwise };
            m.add(op, r.width, case.place)
        }
    })
}

/// A constant, with a bit on top that says whether there is one.
fn constant(m: &mut Module, r: &Register, bits: Option<&Bits>) -> ValueId {
    let bits = match bits {
        Some(bits) => bits.concat(&Bits::new(1, 1)),
        None => Bits::zero(r.width + 1),
    };
    m.add(Op::Const(bits), r.width + 1, r.place)
}
