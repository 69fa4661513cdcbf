//! Evidence that is taken away is missed.

use crate::found::Tests;
use crate::source::{File, imports, items};
use std::collections::BTreeMap;

const TESTS: &str = r#"
    fn proved(module: Thing) {
        report(module).assert_proved();
    }

    const SMALL: Thing = Thing { width: 1 };

    struct Golden;

    #[test]
    fn proof() {
        let module = SMALL;
        proved(module.clone());
    }

    fn survivors(module: Thing) {
        elaborate(module).mutations();
    }

    #[test]
    fn mutants() {
        survivors(SMALL);
    }

    #[test]
    fn random() {
        for_all_cycles(SMALL, any::<bool>(), || Golden, |p, golden, bit| p.a.poke(bit));
    }

    #[test]
    fn wave() {
        let bench = Bench::new(SMALL);
        assert_snapshot!(bench.port_wave(), @"\ncycle 0 1 2\nclk __\na X 0\nb X 1\n");
        assert_snapshot!(format!("{SMALL:?}_wave"), bench.port_wave());
    }
"#;

/// Golden models, waves, random cycles, proofs and changes of the block `Thing`, if there are any.
fn found(text: &str, snapshots: BTreeMap<String, String>) -> [bool; 5] {
    let (items, imports) = (items(text), imports(text));
    let file = File { binary: "blocks".into(), module: "things".into(), items, imports };
    let tests = Tests::of(vec![file], snapshots);
    let ports = ["a", "b"].map(String::from).into();
    let all = [
        tests.golden("Thing"),
        tests.waves("Thing", &ports),
        tests.properties("Thing"),
        tests.proofs("Thing"),
        tests.changed("Thing"),
    ];
    all.map(|names| !names.is_empty())
}

/// With one part of the text changed.
#[track_caller]
fn without(part: &str, instead: &str) -> [bool; 5] {
    assert!(TESTS.contains(part), "{part}");
    found(&TESTS.replace(part, instead), BTreeMap::new())
}

#[test]
fn evidence_that_is_taken_away_is_missed() {
    let inline = r#"@"\ncycle 0 1 2\nclk __\na X 0\nb X 1\n""#;
    assert_eq!(found(TESTS, BTreeMap::new()), [true; 5]);
    assert_eq!(
        without("proved(module.clone());", "// proved(SMALL)"),
        [true, true, true, false, true]
    );
    assert_eq!(without(".assert_proved()", ""), [true, true, true, false, true]);
    let ignored = "#[test]\n #[ignore]\n fn proof";
    assert_eq!(without("#[test]\n    fn proof", ignored), [true, true, true, false, true]);
    assert_eq!(
        without("let module = SMALL", "let module = LARGE"),
        [true, true, true, false, true]
    );
    assert_eq!(without("|| Golden, ", "|| (), "), [false, true, true, true, true]);
    assert_eq!(without("for_all_cycles(SMALL", "once(SMALL"), [false, true, false, true, true]);
    assert_eq!(
        without("for_all_cycles(SMALL", "for_all_cycles(OTHER"),
        [false, true, false, true, true]
    );
    assert_eq!(without("a X 0", "inside X 0"), [true, false, true, true, true]);
    assert_eq!(without(inline, r#"@"nothing""#), [true, false, true, true, true]);
    let all_but = [true, true, true, true, false];
    assert_eq!(without("survivors(SMALL);", ""), all_but);
    assert_eq!(without(".mutations()", ""), all_but);
    assert_eq!(without("Thing", "Other"), [false; 5]);
}

#[test]
fn a_wave_may_be_kept_in_a_file() {
    let inline = r#", @"\ncycle 0 1 2\nclk __\na X 0\nb X 1\n""#;
    let text = TESTS.replace(inline, "");
    let kept = |name: &str| {
        let wave = "cycle  0  1  2\nclk  _\na  _\nb  _\n".to_string();
        found(&text, [(name.to_string(), wave)].into())[1]
    };
    assert!(kept("blocks__things__1_wave"));
    assert!(!kept("blocks__others__1_wave"));
    assert!(!kept("blocks__things__1"));
}

#[test]
fn a_contract_that_says_too_little_is_none() {
    let contract = |timing: &str, module: &str| {
        let text = format!(
            "/// *Ports*: a.\n/// *Behaviour*: b.\n/// {timing}: c.\n/// *Verification*: d.\n\
             pub struct Thing;\nimpl<T: Shape> Module for {module} {{}}"
        );
        let found = crate::modules(&items(&text), "thing.rs");
        found.into_iter().map(|block| (block.name, block.contract)).collect::<Vec<_>>()
    };
    let thing = |contract: Option<&str>| vec![("Thing".to_string(), contract.map(String::from))];
    assert_eq!(contract("*Timing*", "Thing<T>"), thing(Some("thing.rs")));
    assert_eq!(contract("Timing", "Thing<T>"), thing(None));
    assert_eq!(contract("*Timing*", "ThingProof"), vec![]);
}
