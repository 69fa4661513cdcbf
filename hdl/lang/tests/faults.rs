//! Every fault of the language: which line is blamed, and what the author reads.

#[path = "faults/cases.rs"]
mod cases;
#[path = "faults/right.rs"]
mod right;
#[path = "faults/time.rs"]
mod time;

use olivine_lang::prelude::*;
use olivine_lang::{CODES, explain, render};
use std::collections::BTreeSet;

/// A module whose body is a function. Functions of equal code may be taken for one.
#[allow(unpredictable_function_pointer_comparisons)]
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Case(fn(Inputs));

/// What a body has at hand.
#[derive(Ports)]
pub struct Inputs {
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

/// The files of cases with their texts.
const SOURCES: [(&str, &str); 2] =
    [("cases.rs", include_str!("faults/cases.rs")), ("time.rs", include_str!("faults/time.rs"))];

fn all_cases() -> impl Iterator<Item = fn(Inputs)> {
    cases::CASES.iter().chain(time::CASES).copied()
}

/// A fault by its file, line and code.
type Blame = (String, u32, String);

/// The lines that ought to be blamed, with the codes.
fn expected() -> BTreeSet<Blame> {
    let files = SOURCES.iter().flat_map(|(file, text)| {
        let lines = text.lines().zip(1..);
        let marked = lines.filter_map(|(line, n)| Some((n, line.split_once("//~ ")?.1)));
        marked.map(|(n, code)| (file.to_string(), n, code.to_string()))
    });
    files.collect()
}

#[test]
fn each_fault_blames_the_authors_line() {
    let mut blamed = BTreeSet::new();
    for case in all_cases() {
        let faults = elaborate(Case(case)).expect_err("each case has a fault");
        for fault in &faults.faults {
            let file = &faults.files[fault.place.file.0 as usize];
            let file = file.strip_prefix("hdl/lang/tests/faults/").unwrap_or(file);
            blamed.insert((file.to_string(), fault.place.line, fault.code.to_string()));
        }
    }
    assert_eq!(blamed, expected());
    assert!(blamed.len() >= 60, "{} ways of misusing the language", blamed.len());
}

#[test]
fn each_code_has_a_case() {
    let shown: BTreeSet<String> = expected().into_iter().map(|(_, _, code)| code).collect();
    let known: BTreeSet<String> = CODES.iter().map(|(code, _)| code.to_string()).collect();
    assert_eq!(shown, known);
}

#[test]
fn each_fault_reads_well() {
    let texts = all_cases().map(|case| {
        let faults = elaborate(Case(case)).expect_err("each case has a fault");
        render(&faults)
    });
    let all: Vec<String> = texts.collect();
    insta::assert_snapshot!(all.join("\n\n"));
}

/// The lines of the indented block after `label` in an explanation.
fn example<'a>(text: &'a str, label: &str) -> Vec<&'a str> {
    let (_, rest) = text.split_once(&format!("\n{label}:\n\n")).expect("there is an example");
    let lines = rest.lines().take_while(|line| line.starts_with("    ") || line.is_empty());
    lines.map(str::trim).filter(|line| !line.is_empty()).collect()
}

/// Whether these lines stand in a source, one after the other; marks do not count.
fn stands_in(source: &str, lines: &[&str]) -> bool {
    let source = source.lines().map(|line| line.split(" //~ ").next().unwrap_or(line).trim());
    let source: Vec<&str> = source.collect();
    source.windows(lines.len()).any(|window| window == lines)
}

#[test]
fn each_code_is_explained_by_examples_that_are_tested() {
    for (code, meaning) in CODES {
        let text = explain(code).unwrap_or_else(|| panic!("{code} is not explained"));
        assert!(text.starts_with(&format!("# {code}: {meaning}\n")), "{text}");
        let (wrong, right) = (example(text, "Wrong"), example(text, "Right"));
        assert!(
            !wrong.is_empty() && SOURCES.iter().any(|(_, source)| stands_in(source, &wrong)),
            "{code}: {wrong:#?}"
        );
        let bodies = include_str!("faults/right.rs");
        assert!(!right.is_empty() && stands_in(bodies, &right), "{code}: {right:#?}");
    }
    assert_eq!(explain("L999"), None);
}

#[test]
fn right_examples_have_no_fault() {
    for design in right::elaborated() {
        design.unwrap_or_else(|faults| panic!("{}", render(&faults)));
    }
}
