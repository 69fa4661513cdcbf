//! Small designs and what is to be said of them.

mod common;

use common::{check_with, module, verdicts};
use olivine_formal::{Engine, Options, Paths, Selection, Start, Verdict, prove};

#[track_caller]
fn check(body: &str, expect: &[&str]) {
    check_with(&Options::default(), body, expect);
}

/// k-induction alone, not longer than this.
fn induction(depth: u32, paths: Paths) -> Options {
    Options { engine: Engine::KInduction, depth, paths, ..Options::default() }
}

fn with_start(start: Start) -> Options {
    Options { start, ..Options::default() }
}

/// Counts to a limit and begins again.
fn counter(width: u32, last: u64, property: &str) -> String {
    format!(
        "input enable : bit = enable
        register count : unsigned {width} reset {width}'h0
          set next when enable
        enable : bit = input enable
        count : unsigned {width} = register count
        last : {width} = {width}'h{last:x}
        one : {width} = {width}'h1
        zero : {width} = {width}'h0
        wrap : 1 = eq(count, last)
        sum : {width} = add(count, one)
        next : {width} = mux(wrap, zero, sum)
        {property}"
    )
    .replace("input enable : bit = enable", "input enable : bit")
}

#[test]
fn combinational() {
    let absorb = "input a : 8
        input b : 8
        a : 8 = input a
        b : 8 = input b
        both : 8 = and(a, b)
        either : 8 = or(a, both)
        same : 1 = eq(either, a)
        assert \"absorption\" same";
    check(absorb, &["proved 0"]);
    check(&absorb.replace("or(a, both)", "xor(a, both)"), &["violated 1"]);
}

#[test]
fn a_counter_stays_in_range() {
    let in_range = "limit : 4 = 4'ha\nok : 1 = less_unsigned(count, limit)\nassert \"range\" ok";
    check(&counter(4, 9, in_range), &["proved 1"]);
    check(&counter(4, 10, in_range), &["violated 11"]);
    // In the first cycle it is under reset; so the eleventh sample is cycle 11.
    let shallow = induction(10, Paths::Distinct);
    check_with(&shallow, &counter(4, 10, in_range), &["bounded 10"]);
}

#[test]
fn induction_needs_distinct_states_where_unreachable_states_go_round() {
    // The counter never leaves 0..=4, but 9 → 9 when disabled, so no k is enough by itself.
    let far =
        "bad : 4 = 4'h9\nis_bad : 1 = eq(count, bad)\nok : 1 = not(is_bad)\nassert \"far\" ok";
    check_with(&induction(20, Paths::Distinct), &counter(4, 4, far), &["proved 5"]);
    check_with(&induction(20, Paths::Any), &counter(4, 4, far), &["bounded 20"]);
    // An invariant is what is missing.
    check(&counter(4, 4, far), &["proved by an invariant"]);
}

#[test]
fn covers_are_reached_or_proved_unreachable() {
    let cover = |value: char| format!("v : 4 = 4'h{value}\nat : 1 = eq(count, v)\ncover \"at\" at");
    check(&counter(4, 9, &cover('9')), &["reached 10"]);
    check_with(&induction(20, Paths::Distinct), &counter(4, 9, &cover('f')), &["unreachable 6"]);
    check(&counter(4, 9, &cover('f')), &["unreachable by an invariant"]);
    let shallow = induction(3, Paths::Distinct);
    check_with(&shallow, &counter(4, 9, &cover('9')), &["bounded 3"]);
}

#[test]
fn properties_strengthen_each_other() {
    // Two shift registers fed alike: that their last bits agree follows only with the others.
    let body = "input d : bit
        input e : bit
        register a0 : bit reset 1'h0
          set d when e
        register b0 : bit reset 1'h0
          set d when e
        register a1 : bit reset 1'h0
          set a0 when d
        register b1 : bit reset 1'h0
          set b0 when d
        d : bit = input d
        e : bit = input e
        a0 : bit = register a0
        b0 : bit = register b0
        a1 : bit = register a1
        b1 : bit = register b1
        same0 : 1 = eq(a0, b0)
        same1 : 1 = eq(a1, b1)
        assert \"last bits agree\" same1
        assert \"first bits agree\" same0";
    check(body, &["proved 1", "proved 1"]);
    let alone = Options {
        properties: Selection::Named(vec!["last bits agree".to_string()]),
        ..induction(20, Paths::Any)
    };
    check_with(&alone, body, &["bounded 20"]);
}

#[test]
fn one_wrong_property_does_not_hold_up_the_others() {
    let body = "limit : 4 = 4'ha\nok : 1 = less_unsigned(count, limit)
        three : 4 = 4'h3\nlow : 1 = less_unsigned(count, three)
        assert \"wrong\" low\nassert \"right\" ok\ncover \"seen\" low";
    check(&counter(4, 9, body), &["violated 4", "proved 1", "reached 1"]);
}

#[test]
fn bounded_search_proves_nothing() {
    let in_range = "limit : 4 = 4'ha\nok : 1 = less_unsigned(count, limit)\nassert \"range\" ok";
    let bmc = Options { engine: Engine::Bmc, depth: 7, ..Options::default() };
    check_with(&bmc, &counter(4, 9, in_range), &["bounded 7"]);
    let report = prove(&module(&counter(4, 9, in_range)), &bmc).unwrap();
    assert!(!report.succeeded() && !report.failed());
    assert!(!report.to_string().contains("proved"), "{report}");
}

#[test]
fn contradictory_assumptions_are_vacuous() {
    let two = |first, second| {
        format!(
            "input a : 4
            a : 4 = input a
            x : 4 = 4'h{first}
            y : 4 = 4'h{second}
            is_x : 1 = eq(a, x)
            is_y : 1 = eq(a, y)
            zero : 1 = 1'h0
            assume \"x\" is_x
            assume \"y\" is_y
            assert \"nonsense\" zero
            assert \"sense\" is_x"
        )
    };
    check(&two(3, 4), &["vacuous 0", "vacuous 0"]);
    check(&two(3, 3), &["violated 1", "proved 0"]);
    // Later: the assumption holds for three samples and never after.
    let late = "v : 4 = 4'h3\nearly : 1 = less_unsigned(count, v)\nassume \"early\" early
        one1 : 1 = 1'h1\nassume \"goes on\" enable\nassert \"true\" one1";
    check(&counter(4, 9, late), &["vacuous 3"]);
}

#[test]
fn an_assumption_counts_up_to_the_sample_itself() {
    let body = "input a : bit
        register seen : bit reset 1'h0
          set a
        a : bit = input a
        seen : bit = register seen
        no_a : 1 = not(a)
        no_seen : 1 = not(seen)
        assume \"never a\" no_a
        assert \"never seen\" no_seen";
    check(body, &["proved 1"]);
    // Under reset nothing is assumed, but the register takes its reset value then.
    check(&body.replace("seen : bit reset 1'h0", "seen : bit"), &["violated 1"]);
}

#[test]
fn a_register_without_reset_value_takes_its_cases_under_reset() {
    let body = "register r : 2 init 2'h0
          set next
        r : 2 = register r
        one : 2 = 2'h1
        next : 2 = add(r, one)
        zero : 2 = 2'h0
        ok : 1 = eq(r, one)
        other : 1 = eq(r, zero)
        cover \"one\" ok
        cover \"zero\" other";
    check(body, &["reached 1", "reached 4"]);
    check_with(&with_start(Start::PowerUp), body, &["reached 1", "reached 0"]);
    check_with(&with_start(Start::AfterReset { edges: 3 }), body, &["reached 5", "reached 4"]);
}

#[test]
fn what_is_undefined_is_free() {
    let body = "register r : 4
          set r
        r : 4 = register r
        seven : 4 = 4'h7
        is : 1 = eq(r, seven)
        isnt : 1 = not(is)
        assert \"not seven\" isnt";
    check(body, &["violated 1"]);
    check(&body.replace("register r : 4\n", "register r : 4 init 4'h6\n"), &["proved 1"]);
    let any = "u : 4 = undefined\nv : 4 = undefined\nsame : 1 = eq(u, v)\nassert \"same\" same";
    check(any, &["violated 1"]);
    let itself = "u : 4 = undefined\nsame : 1 = eq(u, u)\nassert \"same\" same";
    check(itself, &["proved 0"]);
}

#[test]
fn an_implication_that_never_applies_is_noted() {
    let body = "v : 4 = 4'hc\nat : 1 = eq(count, v)\nnot_at : 1 = not(at)\nno : 1 = 1'h0
        holds : 1 = or(not_at, no)\nassert \"twelve implies nonsense\" holds";
    let report = prove(&module(&counter(4, 9, body)), &Options::default()).unwrap();
    assert_eq!(report.rows[0].untriggered, Some(20), "{report}");
    let report = prove(&module(&counter(4, 11, body)), &Options::default()).unwrap();
    assert_eq!(report.rows[0].untriggered, Some(20), "{report}");
    let report = prove(&module(&counter(4, 12, body)), &Options::default()).unwrap();
    assert_eq!(verdicts(&report), ["violated 13"]);
    let holds = body.replace("no : 1 = 1'h0", "no : 1 = eq(enable, enable)");
    let report = prove(&module(&counter(4, 12, &holds)), &Options::default()).unwrap();
    assert_eq!(report.rows[0].untriggered, None, "{report}");
}

#[test]
fn faults_are_told() {
    let message =
        |body: &str, options: &Options| prove(&module(body), options).unwrap_err().to_string();
    let options = Options::default();
    insta::assert_snapshot!(message("x : 1 = 1'h0", &options), @r#"
    error[P001]: nothing to prove: `m` has no assertion and no cover
      --> unknown place
      help: assert something, such as `always("the count stays below its limit", …)`
    "#);
    let named = |names: &[&str]| Options {
        properties: Selection::Named(names.iter().map(|n| n.to_string()).collect()),
        ..Options::default()
    };
    let two = "x : 1 = 1'h0\nassert \"first\" x\ncover \"second\" x\nassume \"third\" x";
    insta::assert_snapshot!(message(two, &named(&["fist", "third"])), @r#"
    error[P002]: no assertion or cover is called "fist"
      --> unknown place
      help: there are: "first", "second"

    error[P002]: no assertion or cover is called "third"
      --> unknown place
      help: there are: "first", "second"
    "#);
    insta::assert_snapshot!(message(two, &named(&[])), @r"
    error[P001]: nothing to prove: no name is given
      --> unknown place
      help: name a property, or select all
    ");
    insta::assert_snapshot!(message(two, &Options { depth: 0, ..options }), @r"
    error[P003]: a depth of 0 samples shows nothing
      --> unknown place
      help: ask for a depth of at least 1
    ");
}

#[test]
fn a_large_memory_is_unknown_only_where_it_matters() {
    let body = "input a : 16
        memory ram : 32 x 65536
          read async a
          write a word
        a : 16 = input a
        word : 32 = read ram 0
        zero : 32 = 32'h0
        empty : 1 = eq(word, zero)
        same : 1 = eq(a, a)
        assert \"empty\" empty
        assert \"same\" same";
    let report = prove(&module(body), &Options::default()).unwrap();
    let [empty, same] = &report.rows[..] else { panic!("{report}") };
    let Verdict::Unknown { reason, depth: 0 } = &empty.verdict else { panic!("{report}") };
    assert_eq!(reason, "it depends on 2097152 bits of memory (`ram`), the limit is 65536");
    assert!(same.succeeded());
}
