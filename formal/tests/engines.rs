//! Each engine by itself, and what becomes of its certificates when they are falsified.

mod common;

use common::{check_with, module, verdicts};
use olivine_formal::{
    Certificate, Engine, Evidence, Options, Rejection, StateBit, Verdict, equivalent, prove,
};
use olivine_netlist::Design;
use std::time::{Duration, Instant};

fn with(engine: Engine) -> Options {
    Options { engine, ..Options::default() }
}

/// A ring of tokens in which one moves while others wait; `property` is about them.
fn ring(property: &str) -> String {
    format!(
        "input go : bit
        register a : 4 reset 4'h1
          set turned when go
        register n : 8 reset 8'h0
          set more when go
        go : bit = input go
        a : 4 = register a
        n : 8 = register n
        low : 3 = slice(a, 0)
        top : 1 = slice(a, 3)
        turned : 4 = concat(top, low)
        one : 8 = 8'h1
        sum : 8 = add(n, one)
        end : 8 = 8'hc7
        last : 1 = eq(n, end)
        zero : 8 = 8'h0
        more : 8 = mux(last, zero, sum)
        none : 4 = 4'h0
        {property}"
    )
}

const ONE_TOKEN: &str = "three : 4 = 4'h3
    both : 4 = and(a, three)
    never : 1 = eq(both, three)
    ok : 1 = not(never)
    assert \"not two neighbours\" ok";

const FAR: &str = "far : 8 = 8'h96
    at : 1 = eq(n, far)
    ok : 1 = not(at)
    assert \"never 150\" ok";

#[test]
fn an_invariant_needs_no_depth() {
    let beyond = "limit : 8 = 8'hf0\nok : 1 = less_unsigned(n, limit)\nassert \"in range\" ok";
    let shallow = Options { depth: 1, ..with(Engine::Pdr) };
    check_with(&shallow, &ring(beyond), &["proved by an invariant"]);
    check_with(&shallow, &ring(ONE_TOKEN), &["proved by an invariant"]);
    check_with(&shallow, &ring(FAR), &["violated 151"]);
}

#[test]
fn an_invariant_is_found_where_assumptions_make_it() {
    let body = "input up : bit
        register held : bit reset 1'h0
          set up
        register both : bit reset 1'h0
          set met
        up : bit = input up
        held : bit = register held
        both : bit = register both
        met : bit = and(held, up)
        calm : bit = not(met)
        ok : bit = not(both)
        ASSUMED
        assert \"never both\" ok";
    let assumed = body.replace("ASSUMED", "assume \"not twice\" calm");
    check_with(&with(Engine::Pdr), &assumed, &["proved by an invariant"]);
    check_with(&with(Engine::Pdr), &body.replace("ASSUMED", ""), &["violated 3"]);
}

fn certificate(design: &Design, engine: Engine) -> Certificate {
    let report = prove(design, &with(engine)).unwrap_or_else(|f| panic!("{f}"));
    match &report.rows[0].verdict {
        Verdict::Proved { certificate, .. } => Certificate::clone(certificate),
        _ => panic!("{report}"),
    }
}

/// Every clause is needed, or the invariant is no longer one when a clause is turned round.
#[test]
fn falsified_invariants_are_refused() {
    let design = module(&ring(ONE_TOKEN));
    let right = certificate(&design, Engine::Pdr);
    assert_eq!(right.check(&design, None), Ok(()));
    let Evidence::Invariant { clauses } = &right.evidence else { panic!("{right:?}") };
    let with = |clauses: Vec<Vec<StateBit>>| {
        let wrong = Certificate { evidence: Evidence::Invariant { clauses }, ..right.clone() };
        wrong.check(&design, None)
    };
    assert_eq!(with(Vec::new()), Err(Rejection::InvariantStep));
    let mut falsified = 0;
    for index in 0..clauses.len() {
        let mut empty = clauses.clone();
        empty[index].clear();
        assert_eq!(with(empty), Err(Rejection::InvariantStart));
        for part in 0..clauses[index].len() {
            let mut turned = clauses.clone();
            turned[index][part].value ^= true;
            falsified += u32::from(with(turned).is_err());
        }
    }
    assert!(falsified >= 4, "{falsified} of {clauses:?}");
    let mut unknown = clauses.clone();
    unknown[0][0].state = "b".to_string();
    assert_eq!(with(unknown), Err(Rejection::NoSuchState("b".to_string())));
    let mut beyond = clauses.clone();
    beyond[0][0].bit = 4;
    assert_eq!(with(beyond), Err(Rejection::NoSuchState("a".to_string())));
}

/// Two ways to multiply; the second one row at a time, the rows in reverse order.
fn multiplier(width: u32, rows: bool, wrong: bool) -> Design {
    let double = 2 * width;
    let mut body = format!(
        "input a : {width}
        input b : {width}
        output y : {double} = y
        a : {width} = input a
        b : {width} = input b
        wide : {double} = extend(a)
        none : {double} = {double}'h0
        sum{width} : {double} = wire(none)\n"
    );
    for row in (0..width).rev() {
        let by = if wrong && row == 2 { 3 } else { row };
        body += &format!(
            "bit{row} : 1 = slice(b, {row})
            by{row} : 6 = 6'h{by:x}
            moved{row} : {double} = shift_left(wide, by{row})
            row{row} : {double} = mux(bit{row}, moved{row}, none)
            sum{row} : {double} = add(sum{}, row{row})\n",
            row + 1
        );
    }
    body += &match rows {
        true => format!("y : {double} = wire(sum0)"),
        false => format!("y : {double} = mul_unsigned(a, b)"),
    };
    module(&body)
}

#[test]
fn every_pattern_of_a_multiplier() {
    let (plain, rows) = (multiplier(9, false, false), multiplier(9, true, false));
    let exhaust = with(Engine::Exhaust);
    let report = equivalent(&plain, &rows, &exhaust).unwrap();
    assert_eq!(verdicts(&report), ["proved by patterns"], "{report}");
    let design = olivine_formal::miter(&plain, &rows).unwrap();
    let Verdict::Proved { certificate, .. } = &report.rows[0].verdict else { panic!("{report}") };
    assert_eq!(certificate.evidence, Evidence::Exhaustion { free_bits: 18 });
    assert_eq!(certificate.check(&design, None), Ok(()));
    let wrong = multiplier(9, true, true);
    let report = equivalent(&plain, &wrong, &exhaust).unwrap();
    assert_eq!(verdicts(&report), ["violated 1"], "{report}");
    let design = olivine_formal::miter(&plain, &wrong).unwrap();
    let claimed = Certificate { design: design.digest(), ..Certificate::clone(certificate) };
    assert_eq!(claimed.check(&design, None), Err(Rejection::Pattern));
}

/// A property of state that holds in every state, and one that does not.
#[test]
fn patterns_of_state() {
    let always = "sign : 4 = 4'h8\nmost : 4 = or(a, sign)\nok : 1 = less_unsigned(low4, most)
        low4 : 4 = extend(low)\nassert \"below\" ok";
    check_with(&with(Engine::Exhaust), &ring(always), &["proved by patterns"]);
    // Whether the states that fail are reached is beyond this engine.
    check_with(
        &with(Engine::Exhaust),
        &ring(ONE_TOKEN),
        &["unknown 0: trying every pattern does not show it"],
    );
}

/// A search that cannot end in time ends soon after, and says how far it came.
#[test]
fn the_time_limit_is_kept() {
    // No two factors of 24 bits give this prime.
    let design = module(
        "input a : 24\ninput b : 24\na : 24 = input a\nb : 24 = input b
        product : 48 = mul_unsigned(a, b)\nprime : 48 = 48'h7fffffffff8d
        found : 1 = eq(product, prime)\nok : 1 = not(found)\nassert \"no factors\" ok",
    );
    let limit = Duration::from_millis(1500);
    for engine in [Engine::Auto, Engine::KInduction, Engine::Pdr] {
        let options = Options { time_limit: Some(limit), ..with(engine) };
        let start = Instant::now();
        let report = prove(&design, &options).unwrap();
        assert!(start.elapsed() < 2 * limit, "{engine:?}: {:?}", start.elapsed());
        let Verdict::Unknown { reason, .. } = &report.rows[0].verdict else { panic!("{report}") };
        assert!(reason.starts_with("the time limit of 1.5 s is reached"), "{reason}");
    }
}
