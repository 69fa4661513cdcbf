//! What is free besides the inputs: undefined values.

use olivine_interp::{Choices, Interp, undefined_path};
use olivine_netlist::{Bits, Collision, Design, Module, Op, ReadKind, ValueId};

/// Something free: its path, and its width.
pub type Open = (String, u32);

/// How many bits are free.
pub fn bits(open: &[Open]) -> u32 {
    open.iter().map(|(_, width)| width).sum()
}

/// Every choice of values.
pub fn combinations(open: &[Open]) -> impl Iterator<Item = Vec<(String, Bits)>> {
    (0..1_u64 << bits(open)).map(move |mut number| {
        let mut values = Vec::new();
        for (path, width) in open {
            values.push((path.clone(), Bits::new(*width, number & ((1 << width) - 1))));
            number >>= width;
        }
        values
    })
}

/// An interpreter for which these are the values at these times.
pub fn chosen(design: &Design, values: Vec<(String, Bits)>, times: std::ops::Range<u64>) -> Interp {
    let mut choices = Choices::default();
    for (path, value) in values {
        times.clone().for_each(|time| choices.choose(path.clone(), time, value.clone()));
    }
    Interp::with_choices(design, choices)
}

/// What is undefined at power-up.
pub fn at_power_up(flat: &Module) -> Vec<Open> {
    let registers = flat.registers.iter().filter(|r| r.init.is_none());
    let mut open: Vec<Open> = registers.map(|r| (r.name.clone(), r.width)).collect();
    for memory in &flat.memories {
        let missing = memory.init.len() as u32..memory.depth;
        open.extend(missing.map(|address| (format!("{}[{address}]", memory.name), memory.width)));
        for (port, read) in memory.reads.iter().enumerate() {
            if read.kind != ReadKind::Async {
                open.push((format!("{}.read[{port}]", memory.name), memory.width));
            }
        }
    }
    open
}

/// What is undefined in each step, under the paths that the interpreter documents.
pub fn in_step(flat: &Module) -> Vec<Open> {
    let undefined = (0..flat.cells.len() as u32).map(ValueId);
    let undefined = undefined.filter(|&value| flat.cell(value).op == Op::Undefined);
    let mut open: Vec<Open> =
        undefined.map(|value| (undefined_path(flat, value), flat.width(value))).collect();
    for memory in &flat.memories {
        for (port, read) in memory.reads.iter().enumerate() {
            let address = flat.width(read.address);
            let within = address < 32 && 1 << address <= memory.depth;
            let collides = matches!(read.kind, ReadKind::Sync { collision, .. }
                if collision == Collision::Undefined);
            if !within || collides {
                open.push((format!("{}.read[{port}]", memory.name), memory.width));
            }
        }
    }
    open
}
