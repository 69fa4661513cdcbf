//! Every fault of the language: which line is blamed, and what the author reads.

#[path = "faults/cases.rs"]
mod cases;

use olivine_lang::prelude::*;
use olivine_lang::{CODES, render};
use std::collections::BTreeSet;

/// A module whose body is a function. Functions of equal code may be taken for one.
#[allow(unpredictable_function_pointer_comparisons)]
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Case(fn(Inputs));

/// What a body has at hand.
#[derive(Ports)]
struct Inputs {
    a: In<Unsigned>,
    b: In<Unsigned>,
    c: In<Bit>,
}

impl Inputs {
    /// Passes the inputs on to an instance.
    fn given(from: Inputs, to: Inputs) {
        to.a.drive(from.a);
        to.b.drive(from.b);
        to.c.drive(from.c);
    }
}

impl Module for Case {
    type Ports = Inputs;

    fn ports(&self) -> Inputs {
        Inputs { a: unsigned(8), b: unsigned(4), c: bit() }
    }

    fn build(&self, p: Inputs) {
        (self.0)(p);
    }

    fn name(&self) -> String {
        "case".to_string()
    }
}

const SOURCE: &str = include_str!("faults/cases.rs");

/// The lines that ought to be blamed, with the codes.
fn expected() -> BTreeSet<(u32, String)> {
    let lines = SOURCE.lines().zip(1..);
    let marked = lines.filter_map(|(line, n)| Some((n, line.split_once("//~ ")?.1)));
    marked.map(|(n, code)| (n, code.to_string())).collect()
}

#[test]
fn each_fault_blames_the_authors_line() {
    let mut blamed = BTreeSet::new();
    for case in cases::CASES {
        let faults = elaborate(Case(*case)).expect_err("each case has a fault");
        for fault in &faults.faults {
            let file = &faults.files[fault.place.file.0 as usize];
            assert!(file.ends_with("faults/cases.rs"), "{fault:?} in {file}");
            blamed.insert((fault.place.line, fault.code.to_string()));
        }
    }
    assert_eq!(blamed, expected());
}

#[test]
fn each_code_has_a_case() {
    let shown: BTreeSet<String> = expected().into_iter().map(|(_, code)| code).collect();
    let known: BTreeSet<String> = CODES.iter().map(|(code, _)| code.to_string()).collect();
    assert_eq!(shown, known);
}

#[test]
fn each_fault_reads_well() {
    let texts = cases::CASES.iter().map(|case| {
        let faults = elaborate(Case(*case)).expect_err("each case has a fault");
        render(&faults)
    });
    let all: Vec<String> = texts.collect();
    insta::assert_snapshot!(all.join("\n\n"));
}
