//! The validator finds a combinational loop exactly where the flat design has one.

use olivine_netlist::arbitrary::{Options, designs};
use olivine_netlist::{Design, ModuleId, ValueId};
use proptest::prelude::*;

/// Lets one operand of a cell, or one input of an instance, be another value of its width.
fn rewire(design: &mut Design, module: usize, which: usize, to: usize) {
    let m = module % design.modules.len();
    let module = &mut design.modules[m];
    let mut uses = 0;
    for cell in &module.cells {
        cell.op.operands(|_| uses += 1);
    }
    uses += module.instances.iter().flat_map(|i| i.inputs.iter().flatten()).count();
    if uses == 0 {
        return;
    }
    let widths: Vec<u32> = module.cells.iter().map(|c| c.width).collect();
    let mut left = which % uses;
    let mut change = |old: ValueId| {
        let chosen = left == 0;
        left = left.wrapping_sub(1);
        let fitting = |v: &u32| widths[*v as usize] == widths[old.index()];
        let fitting: Vec<u32> = (0..widths.len() as u32).filter(fitting).collect();
        if chosen { ValueId(fitting[to % fitting.len()]) } else { old }
    };
    module.cells.iter_mut().for_each(|c| c.op.map_operands(&mut change));
    for value in module.instances.iter_mut().flat_map(|i| i.inputs.iter_mut().flatten()) {
        *value = change(*value);
    }
}

fn placed_modules(design: &Design) -> Vec<ModuleId> {
    let mut found = vec![design.top];
    let mut next = 0;
    while next < found.len() {
        found.extend(design.module(found[next]).instances.iter().map(|i| i.module));
        next += 1;
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn loops_are_found_across_instances(
        design in designs(Options { undefined: false, ..Options::default() }),
        edits in proptest::collection::vec(any::<(usize, usize, usize)>(), 1..4),
    ) {
        let mut design = design;
        edits.into_iter().for_each(|(m, which, to)| rewire(&mut design, m, which, to));
        let faults = design.validate().err().unwrap_or_default();
        prop_assert!(faults.iter().all(|f| f.code == "N060"), "{:?}", faults);
        let flat = design.flatten();
        match flat.combinational_order() {
            Ok(order) => {
                // Modules that are not placed are validated too, but are not in the flat design.
                let placed = placed_modules(&design);
                let all = (0..design.modules.len()).all(|i| placed.contains(&ModuleId(i as u32)));
                prop_assert!(!all || faults.is_empty(), "{:?}\n{}", faults, design);
                prop_assert_eq!(order.len(), flat.cells.len());
            }
            Err(cycle) => {
                prop_assert!(!faults.is_empty(), "{:?}\n{}", cycle, design);
                for (at, value) in cycle.iter().enumerate() {
                    let next = cycle[(at + 1) % cycle.len()];
                    let mut feeds = false;
                    flat.combinational_operands(next, |operand| feeds |= operand == *value);
                    prop_assert!(feeds, "%{} does not feed %{}", value.0, next.0);
                }
            }
        }
    }
}
