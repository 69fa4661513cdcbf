//! Proofs by modules: what they show, what they must not, and what the checker refuses.

mod common;

use common::short;
use olivine_formal::{Certificate, Composed, Engine, Evidence, Options, Rejection, Verdict};
use olivine_formal::{prove, prove_composed};
use olivine_netlist::arbitrary::{self, designs};
use olivine_netlist::{Cell, Design, DomainId, Op, Place, Property, PropertyKind, ValueId};
use proptest::prelude::Strategy;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::HashSet;

/// Saturates; asserts that it stays in range, if it is never asked to step by more than one.
const COUNTER: &str = r#"
module counter {
  domain rising
  input step : unsigned 4
  output count : unsigned 4 = count
  register count : unsigned 4 reset 4'h0
    set next
  %0 : 4 = input step
  %1 : 4 = register count
  nine : 4 = 4'h9
  two : 4 = 4'h2
  zero : 4 = 4'h0
  sum : 4 = add(count, step)
  at_end : bit = less_unsigned(count, nine)
  next : 4 = mux(at_end, sum, zero)
  small : bit = less_unsigned(step, two)
  ten : 4 = 4'ha
  in_range : bit = less_unsigned(count, ten)
  assume "it steps by at most one" small
  assert "it stays below ten" in_range
}
"#;

/// Three counters, each stepped by a bit of the one before it; the first as `step` says.
fn row(step: &str) -> Design {
    let text = format!(
        r#"
netlist 1
top row
{COUNTER}
module row {{
  domain rising
  input go : unsigned 4
  instance a of counter
    step = first
  instance b of counter
    step = low_a
  instance c of counter
    step = low_b
  %0 : 4 = input go
  one : 4 = 4'h1
  first : 4 = {step}
  count_a : 4 = output a.count
  count_b : 4 = output b.count
  count_c : 4 = output c.count
  low_a : 4 = and(count_a, one)
  low_b : 4 = and(count_b, one)
  ten : 4 = 4'ha
  fine_a : bit = less_unsigned(count_a, ten)
  fine_c : bit = less_unsigned(count_c, ten)
  fine : bit = and(fine_a, fine_c)
  assert "all are in range" fine
}}
"#
    );
    Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

fn composed(design: &Design) -> Composed {
    prove_composed(design, &Options::default()).unwrap_or_else(|faults| panic!("{faults}"))
}

fn certificate(composed: &Composed) -> Certificate {
    let Verdict::Proved { certificate, .. } = &composed.report.rows[0].verdict else {
        panic!("{}", composed.report)
    };
    Certificate::clone(certificate)
}

#[test]
fn each_module_is_proved_once() {
    let design = row("and(go, one)");
    let composed = composed(&design);
    assert!(composed.report.succeeded(), "{}", composed.report);
    // Four assertions and what three counters assume.
    assert_eq!(composed.report.rows.len(), 7, "{}", composed.report);
    insta::assert_snapshot!(composed, @r"
    module counter: 1 shown by itself
    module row: 1 shown by itself, whatever these do: a, b, c
    module row: 1 shown by itself, whatever these do: b, c, from the contracts alone of a
    module row: 1 shown by itself, whatever these do: c, from the contracts alone of a, b
    module row: 1 shown by itself, from the contracts alone of a, b, c
    ");
    let certificate = certificate(&composed);
    assert_eq!(certificate.check(&design, None), Ok(()));
    assert_eq!(certificate.properties.len(), 7);
}

/// What a placed module assumes is no assumption any more: the run that breaks it is shown.
#[test]
fn a_broken_contract_is_told() {
    let design = row("and(go, go)");
    let composed = composed(&design);
    let row = composed.report.row("a.it steps by at most one").expect("what it assumes has a row");
    assert_eq!(short(row), "violated 1", "{}", composed.report);
    assert!(!composed.report.succeeded());
    for row in &composed.report.rows {
        let by_modules = matches!(&row.verdict, Verdict::Proved { certificate, .. }
            if matches!(certificate.evidence, Evidence::Composition { .. }));
        let of_a = row.property.starts_with("a.") || !row.property.contains('.');
        assert!(!(by_modules && of_a), "{row}");
    }
}

/// The whole design at once: what placed modules assume is shown, and binds no run.
#[test]
fn the_whole_shows_what_placed_modules_assume() {
    for engine in [Engine::Auto, Engine::KInduction, Engine::Pdr] {
        let options = Options { engine, ..Options::default() };
        let design = row("and(go, one)");
        let report = prove(&design, &options).unwrap_or_else(|faults| panic!("{faults}"));
        assert!(report.succeeded() && report.rows.len() == 7, "{report}");
        let assumed = report.rows.iter().filter(|row| row.kind == PropertyKind::Assume);
        assert_eq!(assumed.count(), 3, "{report}");
        for row in &report.rows {
            let Verdict::Proved { certificate, .. } = &row.verdict else { panic!("{row}") };
            assert_eq!(certificate.check(&design, None), Ok(()), "{row}");
        }
        let broken = row("and(go, go)");
        let report = prove(&broken, &options).unwrap_or_else(|faults| panic!("{faults}"));
        for name in ["a.it steps by at most one", "a.it stays below ten"] {
            let row = report.row(name).expect(name);
            assert!(matches!(row.verdict, Verdict::Violated(_)), "{report}");
        }
    }
}

/// What a placed module takes as fair has to hold again and again, too.
#[test]
fn the_whole_shows_what_placed_modules_take_as_fair() {
    let report = |fair: &str| {
        let text = format!(
            "netlist 1\ntop m\nmodule waiter {{\n  domain rising\n  input go : bit
            output done : bit = done\n  register done : 1 reset 1'h0\n  set turned when go
            go : bit = input go\ndone : bit = register done\nturned : bit = not(done)
            fair \"it is told to go\" go\n  live \"it is done\" done\n}}
            module m {{\n  domain rising\n  input on : bit\n  on : bit = input on
            {fair}\n  instance inner of waiter\n  go = on\n}}\n"
        );
        let design = Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"));
        let report = prove(&design, &Options::default()).unwrap_or_else(|f| panic!("{f}"));
        for row in &report.rows {
            if let Verdict::Proved { certificate, .. } = &row.verdict {
                assert_eq!(certificate.check(&design, None), Ok(()), "{row}");
            }
        }
        assert_eq!(report.rows.len(), 2, "{report}");
        report
    };
    assert!(report("fair \"it goes on\" on").succeeded());
    let report = report("");
    let violated = |row: &olivine_formal::Row| matches!(row.verdict, Verdict::Violated(_));
    assert!(report.rows.iter().all(violated), "{report}");
    assert_eq!(report.rows[0].kind, PropertyKind::Fair);
}

/// A module that asserts what it assumes gives nothing to itself.
#[test]
fn no_proof_rests_on_itself() {
    let text = r#"
netlist 1
top outer
module echo {
  domain rising
  input value : bit
  output same : bit = value
  %0 : 1 = input value
  assume "it is one" value
  assert "it is still one" value
}
module outer {
  domain rising
  input first : bit
  instance a of echo
    value = first
  instance b of echo
    value = from_a
  %0 : 1 = input first
  from_a : bit = output a.same
  from_b : bit = output b.same
  assert "all are one" from_b
}
"#;
    let design = Design::parse(text).unwrap_or_else(|fault| panic!("{fault}"));
    let composed = composed(&design);
    for name in ["a.it is one", "b.it is one"] {
        let row = composed.report.row(name).expect(name);
        assert_eq!(short(row), "violated 1", "{}", composed.report);
    }
}

#[test]
fn the_checker_refuses_what_is_unfounded() {
    let design = row("and(go, one)");
    let whole = certificate(&composed(&design));
    let with = |change: &dyn Fn(&mut Vec<olivine_formal::ComposedStep>)| {
        let mut changed = whole.clone();
        let Evidence::Composition { steps } = &mut changed.evidence else { panic!("it is one") };
        change(steps);
        changed.check(&design, None)
    };
    assert_eq!(with(&|_| {}), Ok(()));
    // What is relied on comes later, is never shown, or is given to nobody.
    assert!(matches!(with(&|steps| steps.reverse()), Err(Rejection::Unfounded(_))));
    assert!(matches!(with(&|steps| drop(steps.remove(0))), Err(Rejection::Unfounded(_))));
    assert!(matches!(with(&|steps| drop(steps.remove(1))), Err(Rejection::Unfounded(_))));
    assert!(matches!(with(&|steps| drop(steps.pop())), Err(Rejection::Unfounded(_))));
    let more = |steps: &mut Vec<olivine_formal::ComposedStep>| {
        let last = steps.last_mut().expect("steps");
        last.placed[0].relied.push("it is never zero".to_string());
    };
    assert!(matches!(with(&more), Err(Rejection::Unfounded(_))));
    // The proof is of another module by itself.
    let uncut = |steps: &mut Vec<olivine_formal::ComposedStep>| {
        let last = steps.last_mut().expect("steps");
        last.placed[0].cut = !last.placed[0].cut;
    };
    assert_eq!(with(&uncut), Err(Rejection::OtherDesign));
    let mut claims = whole.clone();
    claims.properties.push("d.it stays below ten".to_string());
    assert!(claims.check(&design, None).is_err());
}

/// Bits of every module are asserted, one of each placed module is assumed; in `whole` that is
/// asserted too.
fn with_contracts(mut design: Design, number: usize) -> (Design, Design) {
    let (top, mut whole) = (design.top.index(), design.clone());
    for id in 0..design.modules.len() {
        let module = &design.modules[id];
        let bit = |(_, cell): &(usize, &Cell)| cell.width == 1 && !matches!(cell.op, Op::Const(_));
        let bits: Vec<usize> = module.cells.iter().enumerate().filter(bit).map(|c| c.0).collect();
        let mut properties = Vec::new();
        for i in 0..if bits.is_empty() { 0 } else { 7 } {
            let kind = match i {
                0 if id != top => PropertyKind::Assume,
                _ => PropertyKind::Assert,
            };
            let condition = ValueId(bits[(number * 7 + i * 5) % bits.len()] as u32);
            let (domain, place) = (DomainId(0), Place::UNKNOWN);
            let name = format!("property {i}");
            properties.push(Property { name, kind, condition, domain, place });
        }
        let asserted = properties.iter().cloned();
        whole.modules[id].properties =
            asserted.map(|p| Property { kind: PropertyKind::Assert, ..p }).collect();
        design.modules[id].properties = properties;
    }
    (design, whole)
}

/// What is shown by modules no run of the whole design violates.
#[test]
fn random_designs() {
    let narrow = arbitrary::Options {
        modules: 3,
        operators: 6,
        width: 2,
        domains: 2,
        elements: 2,
        ..arbitrary::Options::default()
    };
    let options = Options { depth: 8, ..Options::default() };
    let mut runner = TestRunner::deterministic();
    let (mut within, mut from_contracts) = (0, 0);
    for number in 0..400 {
        let design = designs(narrow.clone()).new_tree(&mut runner).expect("a design").current();
        let (design, whole) =
            with_contracts(arbitrary::with_resets(design, number), number as usize);
        let Ok(composed) = prove_composed(&design, &options) else { continue };
        let mut claimed = HashSet::new();
        for row in &composed.report.rows {
            let Verdict::Proved { certificate, .. } = &row.verdict else { continue };
            assert_eq!(certificate.check(&design, None), Ok(()), "{number}: {row}\n{design}");
            if matches!(certificate.evidence, Evidence::Composition { .. }) {
                claimed.insert(row.property.clone());
            }
        }
        within += claimed.iter().filter(|name| name.contains("].") || name.contains(".p")).count();
        from_contracts += composed.steps.iter().filter(|step| !step.placed.is_empty()).count();
        let flat = prove(&whole, &options).unwrap_or_else(|faults| panic!("{faults}"));
        for row in flat.rows.iter().filter(|row| claimed.contains(&row.property)) {
            assert!(!row.failed(), "{number}: {row}\n{composed}\n{design}");
        }
    }
    assert!(within >= 60 && from_contracts >= 30, "{within} within, {from_contracts} from them");
}
