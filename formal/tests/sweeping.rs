//! Sweeping: designs whose memories are far too large to be expanded, state of other names, what
//! has to be found to differ, and certificates that claim too much.

mod common;

use common::{module, verdicts};
use olivine_formal::{
    Certificate, Engine, Evidence, Merge, Options, Rejection, Report, StateBit, Verdict,
    equivalent, miter,
};
use olivine_netlist::arbitrary::{self, designs};
use olivine_netlist::{Bits, Design};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::time::Duration;

fn sweep(first: &Design, second: &Design) -> Report {
    let options = Options { engine: Engine::Sweep, ..Options::default() };
    equivalent(first, second, &options).unwrap_or_else(|faults| panic!("{faults}"))
}

fn certificate(report: &Report) -> Certificate {
    match &report.rows[0].verdict {
        Verdict::Proved { certificate, .. } => Certificate::clone(certificate),
        _ => panic!("{report}"),
    }
}

/// A memory of zeros at first that is written through two ports, of which the last wins, and read
/// at the address that a register holds.
#[derive(Clone, Copy)]
struct Plan {
    address: u32,
    ports: [&'static str; 2],
    register: &'static str,
    next: &'static str,
    sum: &'static str,
}

const PLAIN: Plan = Plan {
    address: 2,
    ports: ["write a data when up", "write b other"],
    register: "at",
    next: "mux(up, a, held)",
    sum: "add(word, data)",
};

fn memory(plan: Plan) -> Design {
    let Plan { address: width, ports: [first, second], register, next, sum } = plan;
    let depth = 1 << width;
    let mut design = module(&format!(
        "input a : {width}\ninput b : {width}\ninput data : 4\ninput up : bit
        output y : 4 = y
        register {register} : {width} reset {width}'h0
          set next
        memory words : 4 x {depth}
          read async held
          {first}
          {second}
        a : {width} = input a\nb : {width} = input b\ndata : 4 = input data\nup : bit = input up
        other : 4 = not(data)\nnone : 4 = 4'h0\nminus : 4 = sub(none, data)
        {register} : {width} = register {register}\nheld : {width} = wire({register})
        next : {width} = {next}\nword : 4 = read words 0\ny : 4 = {sum}"
    ));
    design.modules[0].memories[0].init = vec![Bits::zero(4); depth];
    design
}

/// Another order of operations, a register of another name, and words that nobody could expand.
#[test]
fn large_memories_are_taken_as_a_whole() {
    let plain = Plan { address: 16, ..PLAIN };
    let other = Plan { register: "place", sum: "sub(word, minus)", ..plain };
    let (first, second) = (memory(plain), memory(other));
    let report = equivalent(&first, &second, &Options::default()).unwrap();
    assert_eq!(verdicts(&report), ["proved by sweeping"], "{report}");
    let joint = miter(&first, &second).unwrap();
    assert_eq!(certificate(&report).check(&joint, None), Ok(()));
}

#[test]
fn what_differs_is_shown() {
    let [first, second] = PLAIN.ports;
    let others = [
        Plan { ports: [second, first], ..PLAIN },
        Plan { ports: [first, "write a other"], ..PLAIN },
        Plan { ports: [first, "write b data"], ..PLAIN },
        Plan { ports: ["write a data", second], ..PLAIN },
        Plan { next: "mux(up, b, held)", ..PLAIN },
        Plan { sum: "sub(word, data)", ..PLAIN },
    ];
    for (number, other) in others.into_iter().enumerate() {
        let (first, second) = (memory(PLAIN), memory(other));
        let report = equivalent(&first, &second, &Options::default()).unwrap();
        assert!(matches!(report.rows[0].verdict, Verdict::Violated(_)), "{number}: {report}");
        let report = sweep(&first, &second);
        assert!(matches!(report.rows[0].verdict, Verdict::Unknown { .. }), "{number}: {report}");
    }
}

/// A certificate that leaves something out, or says something else, is not taken.
#[test]
fn certificates_that_claim_too_much_are_refused() {
    let other = Plan { register: "place", sum: "sub(word, minus)", ..PLAIN };
    let (first, second) = (memory(PLAIN), memory(other));
    let joint = miter(&first, &second).unwrap();
    let good = certificate(&sweep(&first, &second));
    assert_eq!(good.check(&joint, None), Ok(()));
    let changed = |change: &dyn Fn(&mut Evidence)| {
        let mut certificate = good.clone();
        change(&mut certificate.evidence);
        certificate.check(&joint, None).unwrap_err()
    };
    type Parts<'a> =
        (&'a mut Vec<Vec<StateBit>>, &'a mut Vec<Vec<String>>, &'a mut Vec<Merge>, &'a mut bool);
    fn parts(evidence: &mut Evidence) -> Parts<'_> {
        match evidence {
            Evidence::Correspondence { equal, memories, merges, any_reset, .. } => {
                (equal, memories, merges, any_reset)
            }
            _ => panic!("{evidence}"),
        }
    }
    let refused = [
        changed(&|e| parts(e).0.clear()),
        changed(&|e| parts(e).0[0][1].value ^= true),
        changed(&|e| parts(e).0[0][1].bit ^= 1),
        changed(&|e| parts(e).0[0][1].bit = 9),
        changed(&|e| parts(e).1.clear()),
        changed(&|e| parts(e).1[0][1] = "second.word".to_string()),
        changed(&|e| parts(e).2[0].inverted ^= true),
        changed(&|e| parts(e).2[0].of = Some((u32::MAX, 0))),
        changed(&|e| *parts(e).3 ^= true),
    ];
    let place = "second.place".to_string();
    assert!(matches!(refused[0], Rejection::UnequalProperty | Rejection::UnequalValue(_)));
    assert_eq!(refused[1], Rejection::UnequalStart);
    assert!(matches!(refused[2], Rejection::UnequalStep | Rejection::UnequalValue(_)));
    assert_eq!(refused[3], Rejection::NoSuchState(place));
    assert!(matches!(refused[4], Rejection::UnequalProperty | Rejection::UnequalValue(_)));
    assert_eq!(refused[5], Rejection::NoSuchState("second.word".to_string()));
    assert!(refused[6..8].iter().all(|why| matches!(why, Rejection::UnequalValue(_))));
    assert_eq!(refused[8], Rejection::UnequalStart);
}

/// Mutants of random designs: nothing is proved equal in which a search finds a difference, and
/// every proof is taken.
#[test]
fn mutants_are_told_apart() {
    let limits = Options {
        time_limit: Some(Duration::from_secs(2)),
        depth: 6,
        engine: Engine::Bmc,
        ..Options::default()
    };
    let narrow = arbitrary::Options {
        undefined: false,
        operators: 8,
        width: 5,
        ..arbitrary::Options::default()
    };
    let mut runner = TestRunner::deterministic();
    let strategy = designs(narrow);
    let (mut proved, mut different) = (0, 0);
    for number in 0..500 {
        let design = strategy.new_tree(&mut runner).expect("a design").current();
        // Half of them have other resets.
        let design = arbitrary::with_resets(design, if number % 2 == 0 { 0 } else { number / 2 });
        let mutations = design.mutations();
        for mutation in mutations.iter().step_by(1 + mutations.len() / 3) {
            let mutant = mutation.apply(&design);
            let options = Options { engine: Engine::Sweep, ..limits.clone() };
            let Ok(swept) = equivalent(&design, &mutant, &options) else { continue };
            let Ok(searched) = equivalent(&design, &mutant, &limits) else { continue };
            let joint = miter(&design, &mutant).expect("it was just made");
            for (by_sweep, by_search) in swept.rows.iter().zip(&searched.rows) {
                let differs = matches!(by_search.verdict, Verdict::Violated(_));
                different += u32::from(differs);
                if let Verdict::Proved { certificate, .. } = &by_sweep.verdict {
                    proved += 1;
                    assert!(!differs, "{by_sweep}\n{by_search}\n{joint}");
                    assert_eq!(certificate.check(&joint, None), Ok(()), "{by_sweep}\n{joint}");
                }
            }
        }
    }
    assert!(proved >= 100 && different >= 100, "{proved} proved, {different} different");
}
