//! What a cycle costs in machine code, counted: a slow-down shows on the noisiest machine.
//!
//! What is counted is the code as it is written, the most that is executed: conditions skip some of
//! it. Its bytes show what registers cost. `INSTA_UPDATE=always` keeps new counts; let them go down.

#[path = "../examples/simbench/designs.rs"]
mod designs;
#[path = "../examples/simbench/float.rs"]
mod float;
#[path = "../examples/simbench/irregular.rs"]
mod irregular;
#[path = "../examples/riscv/processor/mod.rs"]
#[allow(dead_code)] // The bench needs more of it.
mod processor;

use designs::{Array, Kind};
use olivine::interp::Undefined;
use olivine::netlist::{Design, DomainId};
use olivine::prelude::*;
use olivine::sim::{Compiled, Tier, Tuning};

/// A line for each module that has at least one of a hundred instructions.
fn counted(tier: Tier, title: &str, design: &Design, gate_level: bool) -> String {
    let tuning = Tuning { tier: Some(tier), gate_level, ..Tuning::default() };
    let engine = Compiled::tuned(design, Undefined::Zero, tuning);
    let work = engine.work(DomainId(0)).expect("machine code");
    let all: u64 = work.iter().map(|w| w.instructions).sum();
    let shown = work.iter().filter(|w| w.instructions * 100 >= all);
    let row = |w: &olivine::sim::Work| {
        format!("  {:>7} {} ({}×)\n", w.instructions, w.module, w.occurrences)
    };
    let described = engine.describe();
    let bytes = described.split(',').next().expect("bytes of code come first");
    format!("{title}: {all}, {bytes}\n{}", shown.map(row).collect::<String>())
}

fn array(kind: Kind, n: usize) -> Design {
    elaborate(Array { kind, n }).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The counts of a tier; of one that is not here, that there is nothing to count.
fn counts(tier: Tier) -> Option<String> {
    let design = array(Kind::Int8, 4);
    if !tier.is_available() {
        let tuning = Tuning { tier: Some(Tier::Bytecode), ..Tuning::default() };
        let work = Compiled::tuned(&design, Undefined::Zero, tuning).work(DomainId(0));
        assert_eq!(work, None, "no machine code, nothing to count");
        return None;
    }
    let processor = elaborate(irregular::Processor).unwrap_or_else(|faults| panic!("{faults}"));
    let registered = |name: &str| olivine::designs::all().load(name).expect("a registered design");
    let counts = [
        counted(tier, "int8 8", &array(Kind::Int8, 8), true),
        counted(tier, "int8 16", &array(Kind::Int8, 16), true),
        counted(tier, "bf16 8, gates", &array(Kind::Bf16, 8), true),
        counted(tier, "bf16 8, floats", &array(Kind::Bf16, 8), false),
        counted(tier, "peridot, 8 × 8", &registered("peridot"), false),
        counted(tier, "fifo", &registered("fifo"), false),
        counted(tier, "riscv", &processor, false),
    ];
    Some(counts.concat())
}

#[test]
fn instructions_of_a_cycle() {
    counts(Tier::Avx512).into_iter().for_each(|counts| insta::assert_snapshot!(counts));
}

#[test]
fn instructions_of_a_cycle_on_avx2() {
    counts(Tier::Avx2).into_iter().for_each(|counts| insta::assert_snapshot!(counts));
}
