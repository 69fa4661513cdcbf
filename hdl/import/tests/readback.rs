//! The emitter's Verilog, read back, is the design that was written.

mod common;

use common::random::Random;
use common::{Outcome, compare, one_change_is_found, read_back, settled};
use olivine_formal::equivalent;
use olivine_netlist::Design;
use olivine_netlist::arbitrary::{self, design_from};

const DESIGNS: &[(&str, &str)] = &[
    ("counter", include_str!("../../emit/tests/designs/counter.nl")),
    ("operators", include_str!("../../emit/tests/designs/operators.nl")),
    ("memories", include_str!("../../emit/tests/designs/memories.nl")),
    ("grid", include_str!("../../emit/tests/designs/grid.nl")),
    ("machine", include_str!("../../emit/tests/designs/machine.nl")),
    ("ripple", include_str!("../../emit/tests/designs/ripple.nl")),
];

fn parse(text: &str) -> Design {
    settled(&Design::parse(text).expect("a design"))
}

#[test]
fn written_designs_are_proved_equal_to_their_verilog() {
    for (name, text) in DESIGNS {
        let design = parse(text);
        match compare(&design, &read_back(&design), 10) {
            Outcome::Proved => {}
            Outcome::Lockstep(cycles) => panic!("{name} is not proved; it ran for {cycles} cycles"),
            Outcome::Different(report) => panic!("{name}: {report}"),
        }
    }
}

#[test]
fn random_designs_run_as_their_verilog() {
    let options = arbitrary::Options { operators: 30, ..arbitrary::Options::default() };
    let mut proved = 0;
    for seed in 0..30 {
        let mut random = Random(seed);
        let choices: Vec<u32> = (0..300).map(|_| random.next() as u32).collect();
        let design = settled(&design_from(&choices, &options));
        let read = read_back(&design);
        let outcome = common::lockstep(&design, &read, 300);
        assert!(matches!(outcome, Outcome::Lockstep(300)), "{seed}: {outcome:?}\n{design}");
        let proof = common::proof(1);
        proved += u32::from(equivalent(&design, &read, &proof).is_ok_and(|r| r.succeeded()));
    }
    assert!(proved >= 29, "only {proved} of 30 are proved");
}

#[test]
fn one_change_before_writing_is_found() {
    for name in ["counter", "grid", "machine", "ripple"] {
        let (_, text) = DESIGNS.iter().find(|(n, _)| *n == name).expect("a design");
        let design = parse(text);
        one_change_is_found(name, &design, 4);
    }
}
