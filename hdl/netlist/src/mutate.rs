//! Small faults put into a design on purpose, to show that something catches them.

mod cells;
mod state;

use crate::{Bits, Design, MemoryId, Module, ModuleId, Op, Place, RegisterId, ValueId};

/// A change at one place. A mutated design is as valid as the one before, but may behave the
/// same: not every mutation can be observed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutation {
    /// The module that is changed; all its instances change with it.
    pub module: ModuleId,
    /// What is changed.
    pub change: Change,
    /// Where that was authored.
    pub place: Place,
    /// Says it in one line: ``module `pe`: `sum` is sub instead of add``.
    pub description: String,
}

/// What a [`Mutation`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// The cell has another operator, operands in another order, or another constant.
    Replace {
        /// The cell.
        value: ValueId,
        /// What it is instead.
        op: Op,
    },
    /// Everyone that uses the value sees one bit of it inverted.
    InvertBit {
        /// The value.
        value: ValueId,
        /// The bit.
        bit: u32,
    },
    /// The case of a register is taken always.
    StickCase {
        /// The register.
        register: RegisterId,
        /// Index of the case.
        case: usize,
    },
    /// The case of a register is never taken.
    DropCase {
        /// The register.
        register: RegisterId,
        /// Index of the case.
        case: usize,
    },
    /// One bit of a register's reset value is inverted.
    FlipReset {
        /// The register.
        register: RegisterId,
        /// The bit.
        bit: u32,
    },
    /// A write port writes at every edge.
    StickWrite {
        /// The memory.
        memory: MemoryId,
        /// Index of the write port.
        port: usize,
    },
    /// A write port never writes.
    DropWrite {
        /// The memory.
        memory: MemoryId,
        /// Index of the write port.
        port: usize,
    },
}

impl Design {
    /// All mutations of this design, which is a validated one: module by module, cells first.
    pub fn mutations(&self) -> Vec<Mutation> {
        let mut list = Vec::new();
        for (index, module) in self.modules.iter().enumerate() {
            let mut found =
                Found { design: self, module, id: ModuleId(index as u32), list: &mut list };
            cells::list(&mut found);
            state::list(&mut found);
        }
        list
    }
}

impl Mutation {
    /// The design with this mutation, which was listed for it.
    pub fn apply(&self, design: &Design) -> Design {
        let mut design = design.clone();
        // What an author said of the unchanged design.
        design.modules.iter_mut().for_each(|module| module.computes = None);
        let module = &mut design.modules[self.module.index()];
        match &self.change {
            Change::Replace { value, op } => module.cells[value.index()].op = op.clone(),
            Change::InvertBit { value, bit } => cells::invert(module, *value, *bit),
            Change::StickCase { register, case } => {
                module.registers[register.index()].cases[*case].condition = None;
            }
            Change::DropCase { register, case } => {
                module.registers[register.index()].cases.remove(*case);
            }
            Change::FlipReset { register, bit } => {
                let reset = &mut module.registers[register.index()].reset;
                *reset = reset.as_ref().map(|bits| flip(bits, *bit));
            }
            Change::StickWrite { memory, port } => {
                module.memories[memory.index()].writes[*port].enable = None;
            }
            Change::DropWrite { memory, port } => {
                module.memories[memory.index()].writes.remove(*port);
            }
        }
        design
    }
}

fn flip(bits: &Bits, bit: u32) -> Bits {
    bits.xor(&Bits::new(bits.width(), 1).shift_left(u64::from(bit)))
}

/// The lowest and the highest bit of a value of this width.
fn end_bits(width: u32) -> impl Iterator<Item = u32> {
    [0, width - 1].into_iter().take(if width == 1 { 1 } else { 2 })
}

struct Found<'a> {
    design: &'a Design,
    module: &'a Module,
    id: ModuleId,
    list: &'a mut Vec<Mutation>,
}

impl Found<'_> {
    fn add(&mut self, change: Change, place: Place, description: &str) {
        let description = format!("module `{}`: {description}", self.module.name);
        self.list.push(Mutation { module: self.id, change, place, description });
    }

    fn show(&self, value: ValueId) -> String {
        format!("`{}`", self.module.value_name(self.design, value))
    }
}
