//! The emitter's Verilog, read back, is the design that was written.

mod common;

use common::random::Random;
use common::{Outcome, compare, one_change_is_found, read_back, read_text, settled};
use olivine_emit::{Options as Emit, Undefined as Emitted, Verilog};
use olivine_formal::equivalent;
use olivine_import::{Options, verilog};
use olivine_netlist::Design;
use olivine_netlist::arbitrary::{self, design_from, with_resets};
use olivine_tools::Tools;

const RESETS: &str = include_str!("../../emit/tests/designs/resets.nl");

const DESIGNS: &[(&str, &str)] = &[
    ("counter", include_str!("../../emit/tests/designs/counter.nl")),
    ("operators", include_str!("../../emit/tests/designs/operators.nl")),
    ("memories", include_str!("../../emit/tests/designs/memories.nl")),
    ("grid", include_str!("../../emit/tests/designs/grid.nl")),
    ("machine", include_str!("../../emit/tests/designs/machine.nl")),
    ("ripple", include_str!("../../emit/tests/designs/ripple.nl")),
    ("resets", RESETS),
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
        let design = settled(&with_resets(design_from(&choices, &options), seed));
        let read = read_back(&design);
        let outcome = common::lockstep(&design, &read, 300);
        assert!(matches!(outcome, Outcome::Lockstep(300)), "{seed}: {outcome:?}\n{design}");
        let proof = common::proof(1);
        proved += u32::from(equivalent(&design, &read, &proof).is_ok_and(|r| r.succeeded()));
    }
    assert!(proved >= 29, "only {proved} of 30 are proved");
}

/// What an emitter could do wrong about resets: forget that one is active low, or that it is
/// asynchronous.
#[test]
fn another_manner_of_reset_is_found() {
    let design = parse(RESETS);
    let options = Emit { undefined: Emitted::Zero, ..Emit::default() };
    let right = Verilog::new(&design, &options);
    let faults: [&[(&str, &str)]; 4] = [
        &[("negedge rst_n", "posedge rst_n"), ("if (!rst_n)", "if (rst_n)")],
        &[(" or negedge rst_n", "")],
        &[("if (!rst_slow_n)", "if (rst_slow_n)"), ("if (!rst_n) q", "if (rst_n) q")],
        &[(" or posedge rst_fast", "")],
    ];
    for fault in faults {
        let mut wrong = right.clone();
        for (from, to) in fault {
            wrong.text = wrong.text.replace(from, to);
        }
        assert_ne!(wrong.text, right.text, "{fault:?}");
        let read = verilog(&wrong.text, &wrong.top, &Options::default(), &Tools::find()).unwrap();
        if read.top().find_port("rst_slow_n").is_some() {
            // No reset at all is left: the text does not do what its names say.
            continue;
        }
        let outcome = compare(&design, &read_text(&design, &wrong), 5);
        assert!(matches!(&outcome, Outcome::Different(_)), "{fault:?}: {outcome:?}");
    }
}

#[test]
fn one_change_before_writing_is_found() {
    for name in ["counter", "grid", "machine", "ripple"] {
        let (_, text) = DESIGNS.iter().find(|(n, _)| *n == name).expect("a design");
        let design = parse(text);
        one_change_is_found(name, &design, 4);
    }
}
