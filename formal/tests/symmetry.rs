//! Targets that are alike, and parts of a target that are: one is proved, the others take over its
//! proof. What is nearly alike does not.

mod common;

use common::{module, verdicts};
use olivine_formal::{Engine, Evidence, Options, Report, Verdict, Work, prove_with};
use olivine_netlist::Design;
use std::collections::BTreeSet;

/// The report, and how many properties were open whenever PDR had raised a level.
fn watched(design: &Design, engine: Engine) -> (Report, BTreeSet<usize>) {
    let mut open = BTreeSet::new();
    let options = Options { engine, ..Options::default() };
    let report = prove_with(design, &options, &mut |progress| {
        if let Work::Level(_) = progress.work {
            open.insert(progress.open);
        }
    });
    (report.unwrap_or_else(|faults| panic!("{faults}")), open)
}

/// The verdicts; each certificate is accepted by the checker.
#[track_caller]
fn checked(design: &Design, report: &Report) -> Vec<String> {
    for row in &report.rows {
        if let Verdict::Proved { certificate, .. } = &row.verdict {
            assert_eq!(certificate.check(design, None), Ok(()), "{row}");
        }
    }
    verdicts(report)
}

/// A counter up to 199 that waits, and is never seen where it cannot get to; `I` is its number.
const COUNTER: &str = "input goI : bit
    register nI : 8 reset 8'h0
      set moreI when goI
    goI : bit = input goI
    nI : 8 = register nI
    oneI : 8 = 8'h1
    sumI : 8 = add(nI, oneI)
    endI : 8 = 8'hc7
    lastI : bit = eq(nI, endI)
    zeroI : 8 = 8'h0
    moreI : 8 = mux(lastI, zeroI, sumI)
    limitI : 8 = 8'hf0
    okI : bit = less_unsigned(nI, limitI)
    assert \"in range I\" okI\n";

fn counters(count: usize) -> String {
    (0..count).map(|i| COUNTER.replace('I', &i.to_string())).collect()
}

#[test]
fn equal_instances_are_proved_once() {
    let design = module(&counters(64));
    for engine in [Engine::Pdr, Engine::Auto] {
        let (report, open) = watched(&design, engine);
        assert_eq!(checked(&design, &report), ["proved by an invariant"; 64]);
        assert_eq!(open, BTreeSet::from([64]), "{engine:?}");
    }
    let (report, _) = watched(&design, Engine::Pdr);
    for (i, row) in report.rows.iter().enumerate() {
        let Verdict::Proved { certificate, .. } = &row.verdict else { unreachable!() };
        let Evidence::Invariant { clauses } = &certificate.evidence else { unreachable!() };
        assert!(!clauses.is_empty());
        assert!(clauses.iter().flatten().all(|part| part.state == format!("n{i}")), "{row}");
    }
}

/// Whether of two targets the second was open after the first had been proved.
#[track_caller]
fn apart(body: &str, expect: [&str; 2]) -> bool {
    let design = module(body);
    let (report, open) = watched(&design, Engine::Pdr);
    assert_eq!(checked(&design, &report), expect, "{body}");
    open.contains(&1)
}

const PROVED: &str = "proved by an invariant";

#[test]
fn what_is_nearly_alike_is_proved_by_itself() {
    let pair = counters(2);
    assert!(!apart(&pair, [PROVED; 2]));
    let changed = |from: &str, to: &str| {
        assert_eq!(pair.matches(from).count(), 1, "{from}");
        pair.replace(from, to)
    };
    let reset = changed("register n1 : 8 reset 8'h0", "register n1 : 8 reset 8'h1");
    assert!(apart(&reset, [PROVED; 2]));
    let begun = changed("register n1 : 8 reset 8'h0", "register n1 : 8 init 8'h0");
    assert!(apart(&begun, [PROVED; 2]));
    let operands = changed("add(n1, one1)", "sub(one1, n1)");
    assert!(apart(&operands, [PROVED; 2]));
    let clock = changed("reset 8'h0\n      set more1", "reset 8'h0 in other\n      set more1");
    assert!(apart(&format!("domain other rising\n{clock}"), [PROVED; 2]));
    let branches = changed("mux(last1, zero1, sum1)", "mux(last1, sum1, zero1)");
    assert!(apart(&branches, [PROVED; 2]));
}

/// Registers that are set by inputs of their own and by one that both see.
const SET: &str = "input a : bit\ninput b : bit\ninput both : bit
    register ra : bit reset 1'h0\n  set next_a\nregister rb : bit reset 1'h0\n  set next_b
    a : bit = input a\nb : bit = input b\nboth : bit = input both
    ra : bit = register ra\nrb : bit = register rb
    set_a : bit = and(a, both)\nset_b : bit = and(b, both)
    next_a : bit = or(ra, set_a)\nnext_b : bit = or(rb, set_b)
    no_ra : bit = not(ra)\nno_rb : bit = not(rb)\nno_a : bit = not(a)\nno_b : bit = not(b)
    no_both : bit = not(both)\nsame : bit = eq(a, b)\nfewer : bit = or(no_a, no_b)
    assert \"never a\" no_ra\nassert \"never b\" no_rb\n";

#[test]
fn what_binds_is_alike_too() {
    let assuming = |assumed: &str| format!("{SET}assume \"assumed\" {assumed}");
    apart(&assuming("no_a"), [PROVED, "violated 2"]);
    assert!(!apart(&assuming("no_both"), [PROVED; 2]));
    assert!(!apart(&format!("{}\nassume \"other\" no_b", assuming("no_a")), [PROVED; 2]));
    // Each alone is right for the sake of the other's.
    let turned = format!("{}\nassume \"other\" same", assuming("no_a"));
    assert!(apart(&turned, [PROVED; 2]));
    let of_both = format!("{}\nassume \"other\" fewer", assuming("no_both"));
    assert!(!apart(&of_both, [PROVED; 2]));
}

/// A word goes two ways through registers that move or wait together; `flawed` bits of the second
/// way are inverted on it.
fn moved(width: u32, flawed: &str) -> Design {
    module(&format!(
        "input go : bit\ninput word : {width}
        register a : {width} reset {width}'h0\n  set word when go
        register b : {width} reset {width}'h0\n  set a when go
        register c : {width} reset {width}'h0\n  set turned when go
        register d : {width} reset {width}'h0\n  set c when go
        register asked : bit reset 1'h0\n  set go
        go : bit = input go\nword : {width} = input word\nflaw : {width} = {width}'h{flawed}
        turned : {width} = xor(word, flaw)
        a : {width} = register a\nb : {width} = register b
        c : {width} = register c\nd : {width} = register d\nasked : bit = register asked
        same : bit = eq(b, d)\nidle : bit = not(asked)\nok : bit = or(idle, same)
        assert \"the same\" ok"
    ))
}

#[test]
fn a_word_that_is_moved_is_proved_by_one_bit() {
    let design = moved(32, "0");
    let (report, _) = watched(&design, Engine::Pdr);
    assert_eq!(checked(&design, &report), [PROVED]);
    let Verdict::Proved { certificate, .. } = &report.rows[0].verdict else { unreachable!() };
    let Evidence::Invariant { clauses } = &certificate.evidence else { unreachable!() };
    let of_bit = |bit: u32| {
        let own = |clause: &&Vec<_>| {
            clause.iter().all(|p: &olivine_formal::StateBit| p.state == "asked" || p.bit == bit)
        };
        clauses.iter().filter(own).count()
    };
    let each = of_bit(0);
    assert!(each > 0 && (0..32).all(|bit| of_bit(bit) == each), "{each} clauses of bit 0");
    assert_eq!(clauses.len(), 32 * each);
    let (report, _) = watched(&moved(32, "00400000"), Engine::Pdr);
    assert_eq!(verdicts(&report), ["violated 3"], "{report}");
}
