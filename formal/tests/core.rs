//! What proofs rest on, and what is kept of them.

mod common;

use common::module;
use olivine_formal::{
    Certificate, Engine, Options, ProofCore, Report, Verdict, prove, prove_cached, prove_with,
};
use olivine_netlist::Design;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Two counters and an assumption that only one of them needs.
const COUNTERS: &str = r#"
    input up : bit
    input other : bit
    register small : 4 reset 4'h0
      set next
    register free : 4 reset 4'h0
      set any
    up : bit = input up
    other : bit = input other
    small : 4 = register small
    free : 4 = register free
    one : 4 = 4'h1
    zero : 4 = 4'h0
    five : 4 = 4'h5
    last : bit = eq(small, five)
    more : 4 = add(small, one)
    next : 4 = mux(last, zero, more)
    any : 4 = add(free, one)
    seven : 4 = 4'h7
    below : bit = less_unsigned(small, seven)
    assert "it stays small" below
    bound : bit = less_unsigned(free, seven)
    no : bit = not(up)
    given : bit = or(no, bound)
    assume "it is not up beyond" given
    assert "as it was assumed" given
    assume "nothing else comes" quiet
    quiet : bit = not(other)
"#;

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| name.to_string()).collect()
}

fn certificate<'r>(report: &'r Report, property: &str) -> &'r Arc<Certificate> {
    match &report.row(property).expect("it is asked for").verdict {
        Verdict::Proved { certificate, .. } => certificate,
        other => panic!("{property}: {other:?}"),
    }
}

fn core(design: &Design, property: &str, engine: Engine) -> ProofCore {
    let properties = olivine_formal::Selection::Named(vec![property.to_string()]);
    let options = Options { engine, properties, ..Options::default() };
    let report = prove(design, &options).unwrap_or_else(|faults| panic!("{faults}"));
    certificate(&report, property).core(design, None).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn a_core_holds_what_is_needed_and_nothing_else() {
    let design = module(COUNTERS);
    for engine in [Engine::KInduction, Engine::Pdr] {
        let core = core(&design, "it stays small", engine);
        assert_eq!(core.registers, names(&["small"]), "{engine:?}: {core}");
        assert_eq!(core.assumptions, names(&[]), "{engine:?}: {core}");
        assert!(core.values.contains("next") && !core.values.contains("any"), "{core}");
        assert!(!core.is_without_logic());
    }
    let assumed = core(&design, "as it was assumed", Engine::KInduction);
    assert_eq!(assumed.assumptions, names(&["it is not up beyond"]), "{assumed}");
    assert_eq!(assumed.registers, names(&[]), "{assumed}");
}

/// With a part of the core gone the property does not hold, without the rest it does.
#[test]
fn a_design_cut_down_to_the_core_is_still_proved() {
    let whole = module(COUNTERS);
    let cut = |line: &str, by: &str| module(&COUNTERS.replace(line, by));
    let proved = |design: &Design| {
        let report = prove(design, &Options::default()).unwrap_or_else(|faults| panic!("{faults}"));
        matches!(report.row("it stays small").unwrap().verdict, Verdict::Proved { .. })
    };
    assert!(proved(&whole));
    assert!(proved(&cut("any : 4 = add(free, one)", "any : 4 = undefined")));
    assert!(!proved(&cut("next : 4 = mux(last, zero, more)", "next : 4 = undefined")));
}

#[test]
fn a_property_of_nothing_rests_on_nothing() {
    let design =
        module("input a : 2\na : 2 = input a\nsame : bit = eq(a, a)\nassert \"it is itself\" same");
    let core = core(&design, "it is itself", Engine::KInduction);
    // The comparison is the property's own and has a name, so it is in the core.
    assert_eq!(core.values, names(&["same"]));
    let design =
        module("input a : 2\na : 2 = input a\n%1 : 1 = eq(a, a)\nassert \"it is itself\" %1");
    assert!(self::core(&design, "it is itself", Engine::KInduction).is_without_logic());
}

fn cached(design: &Design, options: &Options, folder: &std::path::Path) -> (Report, bool) {
    prove_cached(design, options, folder, &mut |_| {}).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn what_was_decided_is_taken_and_what_has_changed_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path();
    let options = Options::default();
    let text = format!(
        "{COUNTERS}\ncover \"five\" last\nassert \"never five\" never\nnever : bit = not(last)"
    );
    let design = module(&text);
    let plain = prove_with(&design, &options, &mut |_| {}).unwrap();
    let (first, taken) = cached(&design, &options, folder);
    assert!(!taken);
    let (second, taken) = cached(&design, &options, folder);
    assert!(taken);
    let verdicts =
        |report: &Report| report.rows.iter().map(|r| r.verdict.clone()).collect::<Vec<_>>();
    assert_eq!(verdicts(&first), verdicts(&plain));
    assert_eq!(verdicts(&second), verdicts(&plain));
    let changed = module(&text.replace("five : 4 = 4'h5", "five : 4 = 4'h6"));
    assert!(!cached(&changed, &options, folder).1, "another design");
    let other = Options { engine: Engine::Pdr, ..options.clone() };
    assert!(!cached(&design, &other, folder).1, "another engine");
    let fewer = olivine_formal::Selection::Named(vec!["five".to_string()]);
    let fewer = Options { properties: fewer, ..options.clone() };
    assert!(!cached(&design, &fewer, folder).1, "other properties");
}

/// Whoever changes the file gets a new proof, not a wrong verdict.
#[test]
fn what_is_kept_is_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let options = Options { engine: Engine::KInduction, ..Options::default() };
    let body = |limit: &str| {
        format!(
            "register r : 3 reset 3'h0\n  set next\nr : 3 = register r\none : 3 = 3'h1
            next : 3 = add(r, one)\nlimit : 3 = 3'h{limit}\nis : bit = eq(r, limit)
            not : bit = not(is)\nassert \"it is not\" not"
        )
    };
    let design = module(&body("5"));
    let (report, _) = cached(&design, &options, folder.path());
    assert!(matches!(report.rows[0].verdict, Verdict::Violated(_)));
    let file = std::fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().path();
    // A proof of what does not hold.
    let forged = format!(
        r#"{{"format":"olivine verdicts 1","rows":[{{"property":"it is not","untriggered":null,
        "evidence":{{"proof":{{"k":1,"certificate":{{"design":"{}","start":{{"AfterReset":
        {{"edges":1}}}},"properties":["it is not"],"evidence":{{"kind":"induction","k":1,
        "distinct_states":false}}}}}}}}}}]}}"#,
        design.digest()
    );
    std::fs::write(&file, forged).unwrap();
    let (again, taken) = cached(&design, &options, folder.path());
    assert!(!taken && matches!(again.rows[0].verdict, Verdict::Violated(_)), "{again}");
    // And one of nothing readable.
    std::fs::write(&file, "{").unwrap();
    assert!(!cached(&design, &options, folder.path()).1);
    assert!(cached(&design, &options, folder.path()).1, "it was kept anew");
}
