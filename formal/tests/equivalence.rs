//! Two designs on the same inputs.

mod common;

use common::{module, verdicts};
use olivine_formal::{Engine, Options, Paths, Row, Verdict, equivalent, miter};
use olivine_netlist::arbitrary::{self, designs};
use olivine_netlist::{Design, ModuleId};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::time::Duration;

#[track_caller]
fn check(first: &Design, second: &Design, expect: &[&str]) {
    let report = equivalent(first, second, &Options::default()).unwrap_or_else(|f| panic!("{f}"));
    assert_eq!(verdicts(&report), expect, "{report}");
}

/// The sum of two squares and the product of sum and difference, at 4 bits.
fn arithmetic(result: &str) -> Design {
    module(&format!(
        "input a : 4
        input b : 4
        output y : 8 = y
        a : 4 = input a
        b : 4 = input b
        aa : 8 = mul_unsigned(a, a)
        bb : 8 = mul_unsigned(b, b)
        wa : 8 = extend(a)
        wb : 8 = extend(b)
        sum : 8 = add(wa, wb)
        difference : 8 = sub(wa, wb)
        product : 16 = mul_unsigned(sum, difference)
        low : 8 = slice(product, 0)
        squares : 8 = sub(aa, bb)
        y : 8 = {result}"
    ))
}

#[test]
fn combinational() {
    let (first, second) = (arithmetic("wire(squares)"), arithmetic("wire(low)"));
    // What k-induction shows at once does not wait for algebra.
    check(&first, &second, &["proved by sweeping"]);
    let engines = [
        (Engine::Algebra, "proved by algebra"),
        (Engine::Sweep, "proved by sweeping"),
        (Engine::KInduction, "proved 0"),
    ];
    for (engine, how) in engines {
        let options = Options { engine, ..Options::default() };
        let report = equivalent(&first, &second, &options).unwrap();
        assert_eq!(verdicts(&report), [how], "{report}");
    }
    check(&first, &arithmetic("add(low, wb)"), &["violated 1"]);
}

/// A register file written and read; `extra` stands between data and memory.
fn file(extra: &str, collision: &str) -> Design {
    module(&format!(
        "input write : bit
        input at : 2
        input data : 4
        output q : 4 = q
        memory file : 4 x 4
          init 0 0 0 0
          read sync at collision {collision}
          write at stored when write
        register seen : bit reset 1'h0
          set one
        write : bit = input write
        at : 2 = input at
        data : 4 = input data
        one : bit = 1'h1
        stored : 4 = {extra}
        seen : bit = register seen
        word : 4 = read file 0
        zero : 4 = 4'h0
        r : 4 = mux(seen, word, zero)
        q : 4 = wire(r)"
    ))
}

/// What a placed module assumes is for the design around it to keep: it excuses no difference.
#[test]
fn placed_modules_excuse_nothing() {
    let of = |top: &str, value: &str| {
        let text = format!(
            "netlist 1
            top {top}
            module echo {{
              domain rising
              input a : bit
              output y : bit = y
              a : bit = input a
              y : bit = {value}
              assume \"it is one\" a
            }}
            module outer {{
              domain rising
              input a : bit
              output y : bit = y
              instance echo of echo
                a = a
              a : bit = input a
              y : bit = output echo.y
            }}"
        );
        Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
    };
    check(&of("echo", "wire(a)"), &of("echo", "1'h1"), &["proved 0"]);
    check(&of("outer", "wire(a)"), &of("outer", "1'h1"), &["violated 1"]);
}

#[test]
fn memories_agree_word_by_word() {
    let plain = file("wire(data)", "old");
    let twice = file("and(data, data)", "old");
    // The read port of neither side is defined before its first read.
    check(&plain, &twice, &["proved by sweeping"]);
    let options = Options { engine: Engine::KInduction, ..Options::default() };
    let report = equivalent(&plain, &twice, &options).unwrap();
    assert_eq!(verdicts(&report), ["proved 1"], "{report}");
    check(&plain, &file("not(data)", "old"), &["violated 2"]);
    check(&plain, &file("wire(data)", "new"), &["violated 2"]);
    check(&file("wire(data)", "new"), &file("wire(data)", "new"), &["proved by sweeping"]);
    check(&file("wire(data)", "undefined"), &file("wire(data)", "undefined"), &["violated 2"]);
}

#[test]
fn state_of_one_name_is_a_lemma() {
    // Without the lemma the unreachable states in which both differ never end.
    let held = |next: &str| {
        module(&format!(
            "input d : bit
            input e : bit
            output y : bit = out
            register r : bit reset 1'h0
              set next when e
            register out : bit reset 1'h0
              set r when d
            d : bit = input d
            e : bit = input e
            r : bit = register r
            out : bit = register out
            a : bit = xor(r, d)
            b : bit = not(r)
            next : bit = {next}"
        ))
    };
    let (first, second) = (held("wire(a)"), held("mux(d, b, r)"));
    let (engine, paths) = (Engine::KInduction, Paths::Any);
    let options = Options { engine, paths, ..Options::default() };
    let report = equivalent(&first, &second, &options).unwrap();
    assert_eq!(verdicts(&report), ["proved 1"], "{report}");
}

#[test]
fn comparisons_of_nothing_are_refused() {
    let message = |a: &str, b: &str| miter(&module(a), &module(b)).unwrap_err().to_string();
    insta::assert_snapshot!(message("input a : 3\na : 3 = input a", "input a : 3\na : 3 = input a"), @r"
    error[P011]: nothing to compare: the designs have no outputs
      --> unknown place
      help: compare designs with outputs
    ");
    let first = "input a : 3\noutput y : 3 = a\na : 3 = input a";
    let second = "input a : 4\na : 4 = input a";
    insta::assert_snapshot!(message(first, second), @r"
    error[P010]: only the first design has `input a : 3`
      --> unknown place
      help: give both the same ports; the other has: input a : 4

    error[P010]: only the first design has `output y : 3`
      --> unknown place
      help: give both the same ports; the other has: input a : 4

    error[P010]: only the second design has `input a : 4`
      --> unknown place
      help: give both the same ports; the other has: input a : 3, output y : 3
    ");
}

/// A register with this reset value, if any, in a domain that acts like this.
fn in_manner(manner: &str, reset: &str) -> Design {
    let text = format!(
        "netlist 1\ntop m\nmodule m {{\ndomain {manner}\ninput d : bit\noutput y : bit = q
        register q : bit {reset}\n  set d\nd : bit = input d\nq : bit = register q\n}}\n"
    );
    Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

#[test]
fn designs_that_are_reset_in_other_ways_are_not_compared() {
    let of = |a: &str, b: &str| {
        let [a, b] = [a, b].map(|manner| in_manner(manner, "reset 1'h0"));
        miter(&a, &b).map(|_| ()).map_err(|faults| faults.to_string())
    };
    insta::assert_snapshot!(of("rising", "rising asynchronous").unwrap_err(), @r"
    error[P012]: domain `` is `rising` in the first design and `rising asynchronous` in the second
      --> unknown place
      unknown place: rising
      unknown place: rising asynchronous
      help: give both the same domain
    ");
    assert!(of("rising", "rising active_low").unwrap_err().contains("P012"));
    assert!(of("rising", "falling").unwrap_err().contains("P012"));
    let low = "rising asynchronous active_low";
    assert_eq!(of(low, low), Ok(()));
    let swept = equivalent(
        &in_manner(low, "reset 1'h0"),
        &in_manner(low, "reset 1'h0"),
        &Options { engine: Engine::Sweep, ..Options::default() },
    );
    assert_eq!(verdicts(&swept.unwrap()), ["proved by sweeping"]);
    // Where nothing is reset, nobody can tell.
    let [a, b] = ["rising", low].map(|manner| in_manner(manner, "init 1'h0"));
    check(&a, &b, &["proved by sweeping"]);
}

/// Designs in hierarchy and flat: never different, and mostly proved
/// equal within a second.
#[test]
fn random_designs_are_equal_to_themselves() {
    let narrow = arbitrary::Options {
        undefined: false,
        operators: 8,
        width: 6,
        memories: false,
        ..arbitrary::Options::default()
    };
    let limits =
        Options { time_limit: Some(Duration::from_secs(1)), depth: 4, ..Options::default() };
    let mut runner = TestRunner::deterministic();
    let strategy = designs(narrow);
    let mut proved = 0;
    for _ in 0..100 {
        let design = strategy.new_tree(&mut runner).expect("a design").current();
        let flat = Design {
            modules: vec![design.flatten()],
            top: ModuleId(0),
            files: design.files.clone(),
        };
        let report = match equivalent(&design, &flat, &limits) {
            Ok(report) => report,
            Err(faults) => {
                assert!(faults.faults.iter().all(|f| f.code == "P011"), "{faults}");
                continue;
            }
        };
        let violated = |row: &Row| matches!(row.verdict, Verdict::Violated(_));
        assert!(!report.rows.iter().any(violated), "{report}\n{design}");
        proved += usize::from(report.succeeded());
    }
    assert!(proved >= 50, "only {proved} of 100 were proved");
}
