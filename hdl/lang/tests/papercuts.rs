//! What is legal but surely not meant: each warning, its place and its text; and what is fine.

use olivine_lang::prelude::*;
use olivine_lang::{WARNINGS, explain, papercuts, render};
use std::collections::BTreeSet;

/// A module whose body is a function.
#[allow(unpredictable_function_pointer_comparisons)]
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Case(fn(Inputs));

#[derive(Ports)]
struct Inputs {
    a: In<Unsigned>,
    b: In<Unsigned>,
    full: In<Bit>,
    out: Source<Unsigned>,
}

impl Module for Case {
    type Ports = Inputs;

    fn ports(&self) -> Inputs {
        Inputs { a: unsigned(8), b: unsigned(4), full: bit(), out: stream(unsigned(8)) }
    }

    fn build(&self, p: Inputs) {
        p.out.payload.drive(p.a);
        (self.0)(p);
    }

    fn name(&self) -> String {
        "case".to_string()
    }
}

fn comparisons(p: Inputs) {
    p.out.valid.drive(p.full);
    cover("never", p.a.lt(0)); //~ W001
    cover("always", p.b.le(15)); //~ W001
    cover("never, signed", p.a.as_signed().gt(127)); //~ W001
    cover("always, signed", p.a.as_signed().ge(-128)); //~ W001
}

fn products(p: Inputs) {
    p.out.valid.drive(p.full);
    let product = (p.a * p.b).truncate(8); //~ W002
    cover("product", product.any());
    let signed = p.a.as_signed() * p.b.as_signed();
    cover("signed", signed.truncate(4).bits()[0]); //~ W002
}

fn impatient(p: Inputs) {
    p.out.valid.drive(p.out.ready & p.full);
}

fn fine(p: Inputs) {
    p.out.valid.drive(p.full);
    cover("not full", p.a.lt(255));
    cover("some", p.a.gt(0) & p.b.ge(1) & p.b.le(14));
    let product = (p.a * p.b).saturate(8);
    cover("product", product.any());
    cover("low", (p.a * p.b).slice(0, 8).any());
    cover("whole", (p.a * p.b).truncate(12).any());
    cover("sum", (p.a + p.b).truncate(8).any());
}

/// Before the number of a warning that a line ought to be blamed with.
const MARK: &str = concat!("; //", "~ W");

const SOURCE: &str = include_str!("papercuts.rs");

fn warnings_of(body: fn(Inputs)) -> olivine_lang::Faults {
    papercuts(Case(body)).unwrap_or_else(|faults| panic!("{faults}"))
}

#[test]
fn each_blames_its_line() {
    let mut found: BTreeSet<(u32, String)> = BTreeSet::new();
    for body in [comparisons, products] as [fn(Inputs); 2] {
        let warnings = warnings_of(body);
        found.extend(warnings.faults.iter().map(|w| (w.place.line, w.code.to_string())));
    }
    let lines = SOURCE.lines().zip(1..);
    let marked = lines.filter_map(|(line, n)| Some((n, line.split_once(MARK)?.1)));
    let marked = marked.map(|(n, number)| (n, format!("W{number}")));
    assert_eq!(found, marked.collect());
    assert_eq!(found.len(), 6);
}

#[test]
fn each_reads_well() {
    let texts = [comparisons, products, impatient].map(|body: fn(Inputs)| {
        let warnings = warnings_of(body);
        assert!(!warnings.faults.is_empty());
        render(&warnings)
    });
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn what_is_meant_is_not_warned_of() {
    assert_eq!(warnings_of(fine).faults, []);
}

#[test]
fn each_is_explained_by_examples_that_stand_here() {
    for (code, meaning) in WARNINGS {
        let text = explain(code).unwrap_or_else(|| panic!("{code} is not explained"));
        assert!(text.starts_with(&format!("# {code}: {meaning}\n")), "{text}");
        let examples = text.lines().filter(|line| line.starts_with("    "));
        let stands = |line: &str| SOURCE.contains(line.trim());
        assert_eq!(examples.filter(|line| stands(line)).count(), 2, "{text}");
    }
}
