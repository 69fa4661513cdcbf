//! Witnesses and certificates in the model-checking competition's forms.

use olivine_formal::fuzz::machine::{machine, reset_at_once};
use olivine_formal::fuzz::{CASES, options};
use olivine_formal::{
    Aiger, Btor2, Engine, Options, Paths, Report, Start, Stimulus, Verdict, Witnesses, prove,
    read_aiger, read_btor2,
};
use olivine_netlist::arbitrary::{self, design_from};
use olivine_netlist::{Design, PropertyKind};
use proptest::collection::vec;
use proptest::prelude::*;

mod asserted;
use asserted::with_assertions;

fn violation(report: &Report) -> Option<&Stimulus> {
    report.rows.iter().find_map(|row| match &row.verdict {
        Verdict::Violated(run) => Some(&run.stimulus),
        _ => None,
    })
}

/// A run goes out and comes back, on both sides of a file: of the design that was written, and of
/// the one that is read from it.
fn goes_round(
    (design, ours): (&Design, &Witnesses),
    (read, theirs): (&Design, &Witnesses),
    run: &Stimulus,
) {
    let text = ours.write(run).unwrap_or_else(|why| panic!("{why}"));
    let told = |fault| panic!("{fault}\n{text}\n{design}");
    ours.read(&text, design).unwrap_or_else(told);
    let there = theirs.read(&text, read).unwrap_or_else(told);
    let back = theirs.write(&there).unwrap_or_else(|why| panic!("{why}"));
    ours.read(&back, design).unwrap_or_else(|fault| panic!("{fault}\n{back}\n{design}"));
}

fn both_forms(design: &Design, options: &Options) -> Option<()> {
    let report = prove(design, options).unwrap_or_else(|faults| panic!("{faults}"));
    let run = violation(&report)?;
    let btor2 = Btor2::of(design, options).expect("it has assertions");
    let read = read_btor2(&btor2.to_text()).unwrap_or_else(|fault| panic!("{fault}"));
    let theirs = Witnesses::of_btor2_file(&read);
    let number = read.top().properties.iter().filter(|p| p.kind == PropertyKind::Assert).count();
    assert!(number > 0);
    goes_round((design, &btor2.witnesses()), (&read, &theirs), run);
    let aiger = Aiger::of(design, options).expect("it has assertions");
    let read = read_aiger(&aiger.to_binary()).unwrap_or_else(|fault| panic!("{fault}"));
    let theirs = Witnesses::of_aiger_file(&read);
    goes_round((design, &aiger.witnesses()), (&read, &theirs), run);
    Some(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..Default::default() })]

    #[test]
    fn runs_go_round(choices in vec(any::<u32>(), 20..120), which in 0..CASES, at_once: bool) {
        let design = machine(&choices);
        let design = if at_once { reset_at_once(design) } else { design };
        both_forms_if_asserted(&design, &Options { engine: Engine::Auto, ..options(which) });
    }

    #[test]
    fn runs_of_any_design_go_round(choices in vec(any::<u32>(), 0..300), edges in 0..3u32) {
        let kind = arbitrary::Options { width: 20, operators: 8, ..Default::default() };
        let design = with_assertions(design_from(&choices, &kind));
        let start = if edges == 0 { Start::PowerUp } else { Start::AfterReset { edges } };
        let options = Options { engine: Engine::Bmc, depth: 3, start, ..Options::default() };
        both_forms_if_asserted(&design, &options);
    }

    /// What is proved by an invariant is so by its circuit: induction over one step proves it.
    #[test]
    fn circuits_are_inductive(choices in vec(any::<u32>(), 20..120), at_once: bool) {
        let design = machine(&choices);
        let design = if at_once { reset_at_once(design) } else { design };
        let options = Options { engine: Engine::Pdr, ..Options::default() };
        let Ok(aiger) = Aiger::of(&design, &options) else { return Ok(()) };
        let report = prove(&design, &options).expect("it has assertions");
        let Ok(circuit) = aiger.witness_circuit(&report) else { return Ok(()) };
        let read = read_aiger(&circuit.to_binary()).expect("it is well formed");
        let once = Options {
            engine: Engine::KInduction,
            start: Start::PowerUp,
            depth: 1,
            paths: Paths::Any,
            ..Options::default()
        };
        let again = prove(&read, &once).expect("it has an output");
        prop_assert!(again.succeeded(), "{}\n{}\n{}\n{}", report, again, design, circuit.to_ascii());
    }
}

fn both_forms_if_asserted(design: &Design, options: &Options) {
    if design.top().properties.iter().any(|p| p.kind == PropertyKind::Assert) {
        both_forms(design, options);
    }
}

/// A counter to three that an input lets go on.
const COUNTER: &str = "1 sort bitvec 2\n2 sort bitvec 1\n3 zero 1\n4 state 1\n5 init 1 4 3\n\
    6 input 2\n7 uext 1 6 1\n8 add 1 4 7\n9 next 1 4 8\n10 ones 1\n11 eq 2 4 10\n12 bad 11\n";

#[test]
fn the_text_is_the_formats() {
    let design = read_btor2(COUNTER).unwrap();
    let options = Options { start: Start::PowerUp, ..Options::default() };
    let report = prove(&design, &options).unwrap();
    let witnesses = Witnesses::of_btor2_file(&design);
    let text = witnesses.write(violation(&report).unwrap()).unwrap();
    assert_eq!(text, "sat\nb0\n#0\n@0\n0 1\n@1\n0 1\n@2\n0 1\n@3\n0 0\n.\n");
    let aiger = "aag 3 1 1 1 1\n2\n4 7 1\n4\n6 5 2\n";
    let design = read_aiger(aiger.as_bytes()).unwrap();
    let report = prove(&design, &options).unwrap();
    let text = Witnesses::of_aiger_file(&design).write(violation(&report).unwrap()).unwrap();
    assert_eq!(text, "1\nb0\n1\n0\n.\n");
}

/// Without what it excludes a circuit is no longer inductive.
#[test]
fn a_circuit_needs_its_invariant() {
    // Two counters in step; that they are is found, not said.
    let text = "1 sort bitvec 2\n2 sort bitvec 1\n3 zero 1\n4 state 1\n5 init 1 4 3\n6 state 1\n\
        7 init 1 6 3\n8 inc 1 4\n9 constd 1 2\n10 eq 2 4 9\n11 ite 1 10 3 8\n12 next 1 4 11\n\
        13 next 1 6 4\n14 ones 1\n15 eq 2 6 14\n16 bad 15\n";
    let design = read_btor2(text).unwrap();
    let options = Options { start: Start::PowerUp, engine: Engine::Pdr, ..Options::default() };
    let aiger = Aiger::of(&design, &options).unwrap();
    let report = prove(&design, &options).unwrap();
    let once = Options { engine: Engine::KInduction, depth: 1, paths: Paths::Any, ..options };
    let inductive =
        |aiger: &Aiger| prove(&read_aiger(&aiger.to_binary()).unwrap(), &once).unwrap().succeeded();
    assert!(inductive(&aiger.witness_circuit(&report).unwrap()));
    assert!(!inductive(&aiger));
    let open = prove(&design, &Options { engine: Engine::Bmc, ..once.clone() }).unwrap();
    assert_eq!(aiger.witness_circuit(&open).unwrap_err(), "\"bad 0\" is not proved");
}

/// A run that violates nothing is refused, and what is no witness told with its line.
#[test]
fn what_is_wrong_is_told() {
    let design = read_btor2(COUNTER).unwrap();
    let told =
        |text: &str| Witnesses::of_btor2_file(&design).read(text, &design).unwrap_err().to_string();
    let check = |text: &str, expect: &str| assert_eq!(told(text), expect, "{text}");
    check("unsat\n", "line 1: it witnesses no violation");
    check("b0\n", "line 1: it begins with no `sat`");
    check("sat\nb0\n@0\n0 1\n", "line 5: it ends without `.`");
    check("sat\nb1\n@0\n0 1\n.\n", "line 1: `b1` is no bad state of the file");
    check("sat\nb0\n@0\n0 11\n.\n", "line 4: 2 bits are given to something of 1");
    check("sat\nb0\n@0\n7 1\n.\n", "line 4: the file has no input 7");
    check("sat\nb0\n@1\n0 1\n.\n", "line 3: step 1 does not come after the one before it");
    check("sat\nb0\n@0\n0 1\n.\n", "line 1: the last step of the run does not violate b0");
    let aiger = read_aiger(b"aag 1 1 0 1 0\n2\n2\n").unwrap();
    let told =
        |text: &str| Witnesses::of_aiger_file(&aiger).read(text, &aiger).unwrap_err().to_string();
    assert_eq!(told("1\nb0\n\n1\n"), "line 4: it ends without `.`");
    assert_eq!(told("1\nb0\n\n10\n.\n"), "line 4: 1 digits 0, 1 or x should stand here");
    assert_eq!(told("1\nb0\n\n0\n.\n"), "line 1: the last step of the run does not violate b0");
    assert_eq!(told("0\nb0\n.\n"), "line 1: it witnesses no violation");
}
