//! The form of the model-checking competition, written and read; and the engine of others that is
//! asked through it.

use olivine_formal::fuzz::machine::{machine, reset_at_once};
use olivine_formal::fuzz::{CASES, options};
use olivine_formal::{
    Abc, Aiger, Answered, Claim, Engine, ExternalEngine, Options, Question, Report, Start, Verdict,
    prove, prove_by, read_aiger,
};
use olivine_netlist::{Design, PropertyKind};
use proptest::collection::vec;
use proptest::prelude::*;
use std::time::Duration;

/// How many samples a run that violates some assertion has at least; `None` if all are proved.
fn shortest(report: &Report, resets: usize) -> Option<usize> {
    let cycles = report.rows.iter().filter_map(|row| match &row.verdict {
        Verdict::Violated(run) => Some(run.stimulus.cycles.len() - resets),
        _ => None,
    });
    cycles.min()
}

fn asserts(design: &Design) -> bool {
    design.top().properties.iter().any(|p| p.kind == PropertyKind::Assert)
}

/// Without vacuous runs, of which the form knows nothing.
fn decided(report: &Report) -> bool {
    !report.rows.iter().any(|row| matches!(row.verdict, Verdict::Vacuous { .. }))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    /// What is written is read as a system of the same verdict, the run longer by what comes
    /// before the first sample.
    #[test]
    fn written_and_read_it_is_the_same(
        choices in vec(any::<u32>(), 20..120),
        which in 0..CASES,
        at_once: bool,
    ) {
        let design = machine(&choices);
        let design = if at_once { reset_at_once(design) } else { design };
        let options = Options { engine: Engine::Auto, ..options(which) };
        let report = prove(&design, &options).expect("it has properties");
        if !asserts(&design) || !decided(&report) {
            return Ok(());
        }
        let resets = usize::from(options.start != Start::PowerUp);
        let aiger = Aiger::of(&design, &options).expect("it has assertions");
        let again = Options { start: Start::PowerUp, depth: options.depth + 2, ..options };
        for file in [aiger.to_ascii().into_bytes(), aiger.to_binary()] {
            let read = read_aiger(&file).unwrap_or_else(|fault| panic!("{fault}"));
            let other = prove(&read, &again).unwrap_or_else(|faults| panic!("{faults}"));
            prop_assert_eq!(
                shortest(&other, 0),
                shortest(&report, resets).map(|samples| samples + 1),
                "{}\n{}\n{}", report, other, design
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..Default::default() })]

    /// ABC says the same, its invariants are taken by the checker, and its violations replay.
    #[test]
    fn abc_agrees(choices in vec(any::<u32>(), 20..120), which in 0..CASES) {
        let abc = Abc::find().unwrap_or_else(|missing| panic!("{missing}"));
        let design = machine(&choices);
        let options = Options { engine: Engine::Auto, ..options(which) };
        let ours = prove(&design, &options).expect("it has properties");
        if !asserts(&design) || !decided(&ours) {
            return Ok(());
        }
        let theirs = prove_by(&abc, &design, &options).expect("it has properties");
        let rows = ours.rows.iter().zip(&theirs.rows);
        let violated = |row: &olivine_formal::Row| matches!(row.verdict, Verdict::Violated(_));
        let any = ours.rows.iter().any(violated);
        for (ours, theirs) in rows.filter(|(row, _)| row.kind == PropertyKind::Assert) {
            prop_assert_eq!(violated(ours), violated(theirs), "{}\n{}\n{}", ours, theirs, design);
            if !any {
                let proved = matches!(theirs.verdict, Verdict::Proved { .. });
                prop_assert!(proved, "{}\n{}", theirs, design);
            }
        }
    }
}

/// Says what it is told to.
struct Liar(Answered);

impl ExternalEngine for Liar {
    fn name(&self) -> String {
        "liar".to_string()
    }

    fn ask(&self, _: &Question<'_>, _: Duration) -> Result<Answered, String> {
        Ok(self.0.clone())
    }
}

/// A counter to five; asserted is that it stays below a limit.
fn counter(limit: u32) -> Design {
    let text = format!(
        "netlist 1\ntop m\nmodule m {{\ndomain rising\nregister r : 3 reset 3'h0\n  set next
        r : 3 = register r\none : 3 = 3'h1\nzero : 3 = 3'h0\nfive : 3 = 3'h5\nlast : bit = eq(r, five)
        more : 3 = add(r, one)\nnext : 3 = mux(last, zero, more)\nlimit : 3 = 3'h{limit}
        below : bit = less_unsigned(r, limit)\nassert \"below\" below\n}}\n"
    );
    Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}"))
}

#[test]
fn nobody_is_believed() {
    let told = |limit, answer| {
        let report = prove_by(&Liar(answer), &counter(limit), &Options::default()).unwrap();
        match &report.rows[0].verdict {
            Verdict::Unknown { reason, .. } => reason.clone(),
            other => panic!("{other:?}"),
        }
    };
    let without = Answered::Never(Claim::Nothing);
    assert_eq!(told(6, without), "liar says that it is proved, and gives no certificate");
    let nothing = Answered::Never(Claim::Excluded(Vec::new()));
    for limit in [5, 6] {
        let told = told(limit, nothing.clone());
        assert!(told.starts_with("liar says that it is proved; its invariant fails"), "{told}");
    }
    let induction = told(5, Answered::Never(Claim::Induction { k: 1 }));
    assert!(induction.contains("its induction fails"), "{induction}");
    let no_circuit = told(6, Answered::Never(Claim::Circuit(b"nothing".to_vec())));
    assert_eq!(no_circuit, "liar gives a certificate that is no witness circuit");
    let elsewhere = Answered::Never(Claim::Excluded(vec![vec![(77, true)]]));
    assert_eq!(told(6, elsewhere), "liar speaks of latches that there are not");
    assert_eq!(told(6, Answered::Once(0)), "liar shows a run that ends before samples count");
    assert_eq!(told(6, Answered::Once(4)), "another assertion is violated");
    // Latches: samples count, broken, three of the register. Not both 4 and 2: not 6, not 7.
    let right = Answered::Never(Claim::Excluded(vec![vec![(4, true), (3, true)]]));
    // The same as a witness circuit, made from our own proof.
    let options = Options { engine: Engine::Pdr, ..Options::default() };
    let aiger = Aiger::of(&counter(6), &options).unwrap();
    let ours = prove(&counter(6), &options).unwrap();
    let circuit = aiger.witness_circuit(&ours).unwrap().to_binary();
    for right in [right, Answered::Never(Claim::Circuit(circuit))] {
        let report = prove_by(&Liar(right), &counter(6), &Options::default()).unwrap();
        assert!(matches!(report.rows[0].verdict, Verdict::Proved { .. }), "{report}");
    }
}

/// A latch that changes: both of its values again and again, and nothing again and again.
#[test]
fn runs_without_end_are_read() {
    let text = b"aag 1 0 1 0 0 0 0 2 1\n2 3\n2\n1\n2\n3\n0\n2\n";
    let design = read_aiger(text).unwrap();
    let options = Options { start: Start::PowerUp, ..Options::default() };
    let report = prove(&design, &options).unwrap();
    let [both, nothing] = &report.rows[..] else { panic!("{report}") };
    assert!(matches!(both.verdict, Verdict::Violated(_)), "{both}");
    assert!(matches!(nothing.verdict, Verdict::Proved { .. }), "{nothing}");
}

#[test]
fn a_file_that_is_wrong_is_told_where() {
    let told = |text: &str| read_aiger(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(told(""), "line 1: the file ends too early");
    assert_eq!(told("xyz 1\n"), "line 1: it begins with neither `aag` nor `aig`");
    assert_eq!(told("aag 1 1\n"), "line 1: the header has five to nine numbers");
    assert_eq!(told("aag 1 1 1 0 0\n"), "line 1: the numbers of the header do not fit together");
    assert_eq!(told("aag 1 1 0 1 0\n2\n4\n"), "line 3: 4 is not defined");
    assert_eq!(told("aag 1 1 0 1 0\n3\n2\n"), "line 2: 3 cannot be defined here");
    assert_eq!(told("aag 1 1 0 1 0\ntwo\n2\n"), "line 2: `two` should be numbers");
    assert_eq!(
        told("aag 1 0 1 0 0\n2 3 7\n"),
        "line 2: a latch has a next and perhaps a first value"
    );
    let binary = read_aiger(b"aig 1 0 0 1 1\n2\n\xff").unwrap_err().to_string();
    assert!(binary.contains("binary part"), "{binary}");
}
