//! Algebra: what it has to prove, what it may not, and certificates that claim too much.

#[path = "../common/mod.rs"]
mod common;
mod expressions;
mod multipliers;

use common::{check_with, module, verdicts};
use multipliers::{Fault, array, booth, of_bits, operator, wallace};
use olivine_formal::{
    Certificate, Engine, Evidence, Merge, Options, Rejection, Verdict, equivalent, miter, prove,
};
use olivine_netlist::Design;

fn by(engine: Engine) -> Options {
    Options { engine, ..Options::default() }
}

/// Proved by algebra, and the checker says the same.
#[track_caller]
fn proves_equal(first: &Design, second: &Design, engine: Engine) -> Certificate {
    let report = equivalent(first, second, &by(engine)).unwrap();
    assert_eq!(verdicts(&report), ["proved by algebra"], "{report}");
    let Verdict::Proved { certificate, .. } = &report.rows[0].verdict else { panic!("{report}") };
    assert_eq!(certificate.check(&miter(first, second).unwrap(), None), Ok(()));
    Certificate::clone(certificate)
}

#[test]
fn multipliers_of_every_structure() {
    // What is small others show at once.
    for (width, engine) in [(8, Engine::Algebra), (12, Engine::Algebra), (32, Engine::Auto)] {
        proves_equal(&array(width), &wallace(width, Fault::None), engine);
        proves_equal(&array(width), &booth(width, Fault::None), engine);
    }
    proves_equal(&operator(32), &booth(32, Fault::None), Engine::Algebra);
    proves_equal(&booth(16, Fault::None), &wallace(16, Fault::None), Engine::Algebra);
    proves_equal(&operator(64), &array(64), Engine::Algebra);
    proves_equal(&of_bits(8, Fault::None), &wallace(8, Fault::None), Engine::Algebra);
    proves_equal(&of_bits(16, Fault::None), &operator(16), Engine::Algebra);
}

#[test]
fn wrong_multipliers_are_never_proved() {
    let width = 8;
    let wrong = [
        wallace(width, Fault::RowDropped),
        wallace(width, Fault::CarryInPlace),
        wallace(width, Fault::RowNarrow),
        booth(width, Fault::SignMisread),
        booth(width, Fault::CarryInPlace),
        of_bits(width, Fault::RowDropped),
    ];
    let right = array(width);
    let certificate = proves_equal(&right, &wallace(width, Fault::None), Engine::Algebra);
    for (number, wrong) in wrong.iter().enumerate() {
        let report = equivalent(&right, wrong, &by(Engine::Algebra)).unwrap();
        let open = "unknown 0: algebra does not show it";
        assert_eq!(verdicts(&report), [open], "{number}: {report}");
        let report = equivalent(&right, wrong, &by(Engine::Auto)).unwrap();
        assert!(matches!(report.rows[0].verdict, Verdict::Violated(_)), "{number}: {report}");
        let joint = miter(&right, wrong).unwrap();
        let merges = Vec::new();
        let evidence = Evidence::Algebra { merges };
        let claimed = Certificate { design: joint.digest(), evidence, ..certificate.clone() };
        assert_eq!(claimed.check(&joint, None), Err(Rejection::Algebra), "{number}");
    }
}

const OPERANDS: &str = "input a : 12\ninput b : 12\ninput c : 12\ninput up : 1
    a : 12 = input a\nb : 12 = input b\nc : 12 = input c\nup : 1 = input up\n";

#[track_caller]
fn proves(body: &str) -> Certificate {
    let design = module(&format!("{OPERANDS}{body}\nassert \"so it is\" same"));
    let report = prove(&design, &by(Engine::Algebra)).unwrap();
    assert_eq!(verdicts(&report), ["proved by algebra"], "{report}");
    let Verdict::Proved { certificate, .. } = &report.rows[0].verdict else { panic!("{report}") };
    assert_eq!(certificate.check(&design, None), Ok(()));
    Certificate::clone(certificate)
}

#[track_caller]
fn leaves_open(body: &str) {
    let body = format!("{OPERANDS}{body}\nassert \"so it is\" same");
    check_with(&by(Engine::Algebra), &body, &["unknown 0: algebra does not show it"]);
    // It is wrong, and every engine together finds that out.
    let report = prove(&module(&body), &by(Engine::Auto)).unwrap();
    assert!(matches!(report.rows[0].verdict, Verdict::Violated(_)), "{report}");
}

/// A sum modulo 2^12 is one modulo 2^11 and not one modulo 2^13.
#[test]
fn what_wraps_wraps() {
    proves(
        "sum : 12 = add(a, b)\nlow : 11 = slice(sum, 0)
        x : 11 = slice(a, 0)\ny : 11 = slice(b, 0)\nother : 11 = add(y, x)\nsame : 1 = eq(low, other)",
    );
    proves(
        "x : 14 = extend(a)\ny : 14 = extend(b)\nz : 14 = extend(c)
        xy : 14 = add(x, y)\nall : 14 = add(xy, z)\nzy : 14 = add(z, y)\nother : 14 = add(zy, x)
        long : 20 = extend(all)\nlonger : 20 = extend(other)\nsame : 1 = eq(long, longer)",
    );
    leaves_open(
        "sum : 12 = add(a, b)\nlong : 13 = extend(sum)
        x : 13 = extend(a)\ny : 13 = extend(b)\nother : 13 = add(y, x)\nsame : 1 = eq(long, other)",
    );
    leaves_open(
        "sum : 12 = sub(a, b)\nlong : 13 = extend_signed(sum)
        x : 13 = extend(a)\ny : 13 = extend(b)\nother : 13 = sub(x, y)\nsame : 1 = eq(long, other)",
    );
}

/// Bits of a sum that are used as such: the sums have to be found equal first.
#[test]
fn parts_of_equal_sums() {
    let sums =
        "ab : 12 = add(a, b)\nabc : 12 = add(ab, c)\ncb : 12 = add(c, b)\ncba : 12 = add(cb, a)\n";
    let slices = "x : 5 = slice(abc, 7)\ny : 5 = slice(cba, 7)\nsame : 1 = eq(x, y)";
    let certificate = proves(&format!("{sums}{slices}"));
    let Evidence::Algebra { merges } = &certificate.evidence else { panic!("{certificate:?}") };
    assert_eq!(merges.len(), 1);
    for what in [
        "p : 1 = less_unsigned(abc, c)\nq : 1 = less_unsigned(cba, c)\nsame : 1 = eq(p, q)",
        "x : 12 = shift_left(a, abc)\ny : 12 = shift_left(a, cba)\nsame : 1 = eq(x, y)",
        "p : 24 = extend(abc)\nq : 24 = extend(cba)\nx : 24 = sub(p, q)
        some : 1 = reduce_or(x)\nsame : 1 = not(some)",
        "p : 12 = and(abc, b)\nq : 12 = and(b, cba)\nx : 12 = mux(up, p, c)\ny : 12 = mux(up, q, c)
        same : 1 = eq(x, y)",
        "eq1 : 1 = eq(abc, cba)\nno : 1 = not(up)\nsame : 1 = or(no, eq1)",
    ] {
        proves(&format!("{sums}{what}"));
    }
    // Carries out of the low bits: of others they are others.
    leaves_open(
        "x : 11 = slice(a, 1)\ny : 11 = slice(b, 1)\nxy : 11 = add(x, y)
        ab : 12 = add(a, b)\nhigh : 11 = slice(ab, 1)\nsame : 1 = eq(xy, high)",
    );
}

#[test]
fn products_in_twos_complement() {
    proves(
        "product : 24 = mul_signed(a, b)
        x : 24 = extend_signed(a)\ny : 24 = extend_signed(b)
        wide : 48 = mul_unsigned(x, y)\nlow : 24 = slice(wide, 0)\nsame : 1 = eq(product, low)",
    );
    leaves_open(
        "product : 24 = mul_signed(a, b)\nother : 24 = mul_unsigned(a, b)\nsame : 1 = eq(product, other)",
    );
}

/// What is not said, said of other values, or said too late.
#[test]
fn certificates_that_claim_too_much_are_refused() {
    let body =
        "ab : 12 = add(a, b)\nabc : 12 = add(ab, c)\ncb : 12 = add(c, b)\ncba : 12 = add(cb, a)
        p : 1 = less_unsigned(abc, c)\nq : 1 = less_unsigned(cba, c)\nsame : 1 = eq(p, q)
        other : 1 = eq(ab, cb)";
    let certificate = proves(body);
    let design =
        module(&format!("{OPERANDS}{body}\nassert \"so it is\" same\nassert \"no\" other"));
    let certificate = Certificate { design: design.digest(), ..certificate };
    assert_eq!(certificate.check(&design, None), Ok(()));
    let Evidence::Algebra { merges } = &certificate.evidence else { panic!("{certificate:?}") };
    assert_eq!(merges.len(), 2, "the sums, and what they are compared by");
    let with = |merges: Vec<Merge>| {
        let evidence = Evidence::Algebra { merges };
        Certificate { evidence, ..certificate.clone() }.check(&design, None)
    };
    let changed = |change: &dyn Fn(&mut Vec<Merge>)| {
        let mut merges = merges.clone();
        change(&mut merges);
        with(merges)
    };
    assert_eq!(with(Vec::new()), Err(Rejection::Algebra));
    let unequal = |result| matches!(result, Err(Rejection::UnequalValue(_)));
    assert!(unequal(changed(&|m| m.reverse())));
    assert!(unequal(changed(&|m| m[0].inverted = true)));
    assert!(unequal(changed(&|m| m[0].bits = 13)));
    assert!(unequal(changed(&|m| m[0].bits = u32::MAX)));
    assert!(unequal(changed(&|m| m[0].of = None)));
    assert!(unequal(changed(&|m| (m[0].of, m[0].bits) = (None, 0))));
    assert!(unequal(changed(&|m| m[0].of = Some((u32::MAX, 0)))));
    assert!(unequal(changed(&|m| m[0].value = u32::MAX)));
    assert!(unequal(changed(&|m| {
        let (value, of) = (m[0].value, m[0].of.unwrap().0);
        (m[0].value, m[0].of) = (of, Some((value, 0)));
    })));
    let other = Certificate { properties: vec!["no".to_string()], ..certificate.clone() };
    assert_eq!(other.check(&design, None), Err(Rejection::Algebra));
}
