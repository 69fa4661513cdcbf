//! What a cycle costs in machine code, counted: a slow-down shows on the noisiest machine.
//!
//! What is counted is the code as it is written, the most that is executed: conditions skip some of
//! it. `INSTA_UPDATE=always` keeps new counts; let them go down.

#[path = "../examples/simbench/designs.rs"]
mod designs;
#[path = "../examples/simbench/float.rs"]
mod float;

use designs::{Array, Kind};
use olivine::interp::Undefined;
use olivine::netlist::{Design, DomainId};
use olivine::prelude::*;
use olivine::sim::{Compiled, Tier, Tuning};

/// A line for each module that has at least one of a hundred instructions.
fn counted(title: &str, design: &Design, gate_level: bool) -> String {
    let tuning = Tuning { tier: Some(Tier::Avx512), gate_level, ..Tuning::default() };
    let engine = Compiled::tuned(design, Undefined::Zero, tuning);
    let work = engine.work(DomainId(0)).expect("machine code");
    let all: u64 = work.iter().map(|w| w.instructions).sum();
    let shown = work.iter().filter(|w| w.instructions * 100 >= all);
    let row = |w: &olivine::sim::Work| {
        format!("  {:>7} {} ({}×)\n", w.instructions, w.module, w.occurrences)
    };
    format!("{title}: {all}\n{}", shown.map(row).collect::<String>())
}

fn array(kind: Kind, n: usize) -> Design {
    elaborate(Array { kind, n }).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn instructions_of_a_cycle() {
    if !Tier::Avx512.is_available() {
        let work = Compiled::new(&array(Kind::Int8, 4), Undefined::Zero).work(DomainId(0));
        return assert_eq!(work, None, "no machine code, nothing to count");
    }
    let registered = |name: &str| olivine::designs::all().load(name).expect("a registered design");
    let counts = [
        counted("int8 8", &array(Kind::Int8, 8), true),
        counted("int8 16", &array(Kind::Int8, 16), true),
        counted("bf16 8, gates", &array(Kind::Bf16, 8), true),
        counted("bf16 8, floats", &array(Kind::Bf16, 8), false),
        counted("peridot, 8 × 8", &registered("peridot"), false),
        counted("fifo", &registered("fifo"), false),
    ];
    insta::assert_snapshot!(counts.concat());
}
