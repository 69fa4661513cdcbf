//! What the tests of buses share: proofs, and mutants that must not pass.

use olivine_formal::{Engine, Options, Report, Row, prove};
use olivine_lang::{Module, elaborate};
use olivine_netlist::{
    Change, Design, Direction, ModuleId, Mutation, Op, PropertyKind, RegisterId, ValueId,
};
use std::collections::HashSet;
use std::time::Duration;

fn options(depth: u32) -> Options {
    Options {
        depth,
        engine: Engine::KInduction,
        time_limit: Some(Duration::from_secs(40)),
        ..Options::default()
    }
}

/// The verdicts in runs of this length.
pub fn report(depth: u32, design: &Design) -> Report {
    prove(design, &options(depth)).unwrap_or_else(|f| panic!("{f}"))
}

/// Every assertion is proved without bound, every cover reached in runs of this length.
pub fn proved<M: Module>(depth: u32, module: M) {
    let design = elaborate(module).unwrap_or_else(|f| panic!("{f}"));
    report(depth, &design).assert_proved();
}

/// What the outputs of a module depend on, its instances apart.
fn cone(module: &olivine_netlist::Module) -> (HashSet<ValueId>, HashSet<RegisterId>) {
    let (mut values, mut registers) = (HashSet::new(), HashSet::new());
    let outputs = module.ports.iter().filter(|p| p.direction == Direction::Output);
    let mut waiting: Vec<ValueId> = outputs.map(|p| p.value).collect();
    waiting.extend(module.instances.iter().flat_map(|i| i.inputs.iter().flatten()).copied());
    while let Some(value) = waiting.pop() {
        if !values.insert(value) {
            continue;
        }
        let op = &module.cell(value).op;
        op.operands(|v| waiting.push(v));
        if let Op::Register(register) = *op {
            registers.insert(register);
            let cases = &module.registers[register.index()].cases;
            waiting.extend(cases.iter().flat_map(|c| c.condition.into_iter().chain([c.value])));
        }
    }
    (values, registers)
}

/// The changes in one place of what the outputs of a module depend on.
pub fn mutations_of(design: &Design, module: ModuleId) -> Vec<Mutation> {
    let (values, registers) = cone(design.module(module));
    let given = |op: &Op| matches!(op, Op::Input(_) | Op::InstanceOutput { .. });
    let relevant = |change: &Change| match change {
        Change::Replace { value, .. } | Change::InvertBit { value, .. } => {
            values.contains(value) && !given(&design.module(module).cell(*value).op)
        }
        Change::StickCase { register, .. }
        | Change::DropCase { register, .. }
        | Change::FlipReset { register, .. } => registers.contains(register),
        Change::StickWrite { .. } | Change::DropWrite { .. } => true,
    };
    let mutations = design.mutations().into_iter();
    mutations.filter(|m| m.module == module && relevant(&m.change)).collect()
}

/// Of the designs that differ in one place of what the outputs of the top module depend on, every
/// `step`-th is searched for a violation in runs of this length: how many were found out, of how
/// many, and what was not.
pub fn found_out<M: Module>(depth: u32, step: usize, module: M) -> String {
    let design = elaborate(module).unwrap_or_else(|f| panic!("{f}"));
    let mutations: Vec<Mutation> =
        mutations_of(&design, design.top).into_iter().step_by(step).collect();
    assert!(!mutations.is_empty(), "there is nothing to change");
    // A mutant that cannot do what it should, so that a cover is not reached, is found out, too.
    let passes = |mutant: &Design| {
        let fine = |row: &Row| match row.kind {
            PropertyKind::Cover => row.succeeded(),
            _ => !row.failed(),
        };
        report(depth, mutant).rows.iter().all(fine)
    };
    assert!(passes(&design), "the design itself passes in runs of {depth} samples");
    let survivors: Vec<&str> = mutations
        .iter()
        .filter(|m| passes(&m.apply(&design)))
        .map(|m| m.description.split_once(": ").map_or("", |(_, what)| what))
        .collect();
    let found = mutations.len() - survivors.len();
    format!("{found} of {}\n{}", mutations.len(), survivors.join("\n"))
}
