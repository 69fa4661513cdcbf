//! The proofs notice faults: every design that differs in one place of what its outputs depend on
//! is found out, apart from those that are listed, which behave the same: an inverted input, which
//! is any input again, or what is always overridden.

use olivine_formal::{Options, prove};
use olivine_lang::elaborate;
use olivine_netlist::{Change, Design, Direction, ModuleId, Op, ReadKind, RegisterId, ValueId};
use std::collections::HashSet;
use std::fmt::Write;

/// What the outputs of a module depend on.
#[derive(Default)]
struct Cone {
    values: HashSet<ValueId>,
    registers: HashSet<RegisterId>,
}

impl Cone {
    fn of(module: &olivine_netlist::Module) -> Self {
        let mut cone = Self::default();
        let outputs = module.ports.iter().filter(|p| p.direction == Direction::Output);
        let mut waiting: Vec<ValueId> = outputs.map(|p| p.value).collect();
        while let Some(value) = waiting.pop() {
            if !cone.values.insert(value) {
                continue;
            }
            let op = &module.cell(value).op;
            op.operands(|v| waiting.push(v));
            match *op {
                Op::Register(register) => {
                    cone.registers.insert(register);
                    let cases = &module.registers[register.index()].cases;
                    waiting.extend(
                        cases.iter().flat_map(|c| c.condition.into_iter().chain([c.value])),
                    );
                }
                Op::ReadData { memory, port } => {
                    let memory = &module.memories[memory.index()];
                    let read = &memory.reads[port as usize];
                    if let ReadKind::Sync { enable, .. } = read.kind {
                        waiting.extend(enable);
                    }
                    waiting.push(read.address);
                    for write in &memory.writes {
                        waiting.extend([write.address, write.data].into_iter().chain(write.enable));
                    }
                }
                _ => {}
            }
        }
        cone
    }

    fn holds(&self, change: &Change) -> bool {
        match change {
            Change::Replace { value, .. } | Change::InvertBit { value, .. } => {
                self.values.contains(value)
            }
            Change::StickCase { register, .. }
            | Change::DropCase { register, .. }
            | Change::FlipReset { register, .. } => self.registers.contains(register),
            Change::StickWrite { .. } | Change::DropWrite { .. } => true,
        }
    }
}

/// The mutants that no property notices in runs of this length, and how many there are in all.
pub fn survivors<M: olivine_lang::Module>(depth: u32, module: M) -> String {
    survivors_of_every(1, depth, module)
}

/// Of every `step`-th mutant, where all take too long.
pub fn survivors_of_every<M: olivine_lang::Module>(step: usize, depth: u32, module: M) -> String {
    let design = elaborate(module).unwrap_or_else(|f| panic!("{f}"));
    let (modules, files) = (vec![design.flatten()], design.files.clone());
    let design = Design { modules, top: ModuleId(0), files };
    let options = Options { depth, ..Options::default() };
    let cone = Cone::of(design.top());
    let mutations = design.mutations();
    let in_cone: Vec<_> =
        mutations.iter().filter(|m| cone.holds(&m.change)).step_by(step).collect();
    let mut text = String::new();
    for mutation in &in_cone {
        let report = prove(&mutation.apply(&design), &options).expect("a mutant is valid");
        if !report.failed() {
            let (_, what) = mutation.description.split_once(": ").expect("module: change");
            writeln!(text, "{what}").expect("a string takes all");
        }
    }
    format!("{text}of {}", in_cone.len())
}
