//! That the emitted Verilog means in Verilator what the netlist means: ports equal to those of
//! the interpreter, step by step, on random stimulus. Without Verilator these tests fail;
//! `scripts/setup` installs it.

mod common;

use common::{Random, differences, differing_step, random_design, siblings};
use olivine_cosim::{Effort, Model, Options, Verilated};
use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::Design;
use std::collections::{BTreeMap, BTreeSet};

const STEPS: u64 = 200;

const WRITTEN: &[&str] = &[
    include_str!("../../../hdl/emit/tests/designs/counter.nl"),
    include_str!("../../../hdl/emit/tests/designs/operators.nl"),
    include_str!("../../../hdl/emit/tests/designs/memories.nl"),
    include_str!("../../../hdl/emit/tests/designs/grid.nl"),
    include_str!("../../../hdl/emit/tests/designs/machine.nl"),
    include_str!("../../../hdl/emit/tests/designs/ripple.nl"),
    include_str!("../../../hdl/emit/tests/designs/resets.nl"),
];

fn build(design: &Design) -> Verilated {
    let options = Options { effort: Effort::Quick, ..Options::default() };
    Model::build(design, &options).unwrap_or_else(|error| panic!("{error}")).start()
}

fn written() -> Vec<Design> {
    WRITTEN.iter().map(|text| Design::parse(text).unwrap()).collect()
}

#[test]
fn written_designs_mean_the_same() {
    let design = siblings(written());
    let found = differences(&design, &mut build(&design), 5 * STEPS, 1);
    assert_eq!(found, BTreeMap::new());
}

#[test]
fn random_designs_mean_the_same() {
    let design = siblings((0..60).map(random_design).collect());
    let found = differences(&design, &mut build(&design), STEPS, 2);
    assert_eq!(found, BTreeMap::new());
}

/// The comparison can fail: of designs with one small fault each, run against the meaning of
/// the design without it, those show a difference which the interpreter shows to have one.
#[test]
fn mutants_are_caught() {
    let mutants: Vec<(Design, Design)> = written()
        .into_iter()
        .flat_map(|design| {
            let mutations = design.mutations();
            let chosen = mutations.iter().step_by(mutations.len().div_ceil(12));
            chosen.map(|m| (design.clone(), m.apply(&design))).collect::<Vec<_>>()
        })
        .collect();
    let (originals, mutants): (Vec<_>, Vec<_>) = mutants.into_iter().unzip();
    let (original, mutant) = (siblings(originals), siblings(mutants));
    let found = differences(&original, &mut build(&mutant), 5 * STEPS, 3);
    let mut meaning = Interp::new(&mutant, Undefined::Zero);
    assert_eq!(found, differences(&original, &mut meaning, 5 * STEPS, 3));
    let caught: BTreeSet<&str> =
        found.keys().filter_map(|port| port.split_once('_')).map(|(sibling, _)| sibling).collect();
    assert!(caught.len() >= 45, "{} caught: {caught:?}", caught.len());
}

/// Registers can be read under the author's paths and have the interpreter's values.
#[test]
fn registers_mean_the_same() {
    let mut designs = written();
    designs.extend((100..120).map(random_design));
    let design = siblings(designs);
    let options = Options { effort: Effort::Quick, registers: true, ..Options::default() };
    let mut engine = Model::build(&design, &options).unwrap_or_else(|e| panic!("{e}")).start();
    let mut meaning = Interp::new(&design, Undefined::Zero);
    let ports = engine.interface().ports.len();
    let registers: Vec<_> = engine.signals()[ports..].iter().map(|s| s.path.clone()).collect();
    assert!(registers.len() > 60, "{registers:?}");
    assert!(registers.iter().any(|path| path.ends_with(".pe[2][3].sum")), "{registers:?}");
    let index = |path: &String| meaning.signals().iter().position(|s| s.path == *path).unwrap();
    let indices: Vec<_> = registers.iter().map(index).collect();
    let mut changed = BTreeSet::new();
    let mut random = Random(4);
    for _ in 0..STEPS {
        assert_eq!(differing_step(&mut meaning, &mut engine, &mut random), []);
        for (i, path) in registers.iter().enumerate() {
            let (expect, found) = (meaning.read(indices[i]), engine.read(ports + i));
            assert_eq!(expect, found, "{path}");
            changed.extend(found.any().then_some(path));
        }
    }
    assert!(changed.len() * 2 > registers.len(), "most registers leave zero: {changed:?}");
}
