//! Mistakes of who asks for a proof: each is told with its code, at the line that is to blame.

#[path = "mistakes/cases.rs"]
mod cases;

use olivine::formal::{Engine, Options, diagnose, prove};
use olivine::lang::{Module, elaborate};
use olivine::netlist::{Design, Faults};
use std::fmt::Write;

/// A mistake, and the code that it gets.
pub struct Case {
    name: &'static str,
    code: &'static str,
    told: String,
}

const SOURCE: &str = include_str!("mistakes/cases.rs");

/// A mistake in Rust.
pub fn case<M: Module>(
    name: &'static str,
    code: &'static str,
    module: M,
    options: Options,
) -> Case {
    let design = elaborate(module).unwrap_or_else(|faults| panic!("{name}: {faults}"));
    Case { name, code, told: told(&design, &options) }
}

/// A mistake that Rust does not let one make: the body of a module in the text form.
pub fn text(name: &'static str, code: &'static str, body: &str) -> Case {
    let text = format!("netlist 1\nfile \"m.nl\"\ntop m\nmodule m {{\n  {body}\n}}\n");
    let told = match Design::parse(&text) {
        Ok(design) => told(&design, &Options::default()),
        Err(fault) => format!("error[parse]: {fault}\n  --> m.nl:"),
    };
    Case { name, code, told }
}

/// k-induction without anything said of paths.
pub fn kind(depth: u32) -> Options {
    let paths = olivine::formal::Paths::Any;
    Options { engine: Engine::KInduction, depth, paths, ..Options::default() }
}

/// Bounded model checking.
pub fn bmc(depth: u32) -> Options {
    Options { engine: Engine::Bmc, depth, ..Options::default() }
}

fn told(design: &Design, options: &Options) -> String {
    match prove(design, options) {
        Ok(report) => {
            let faults = diagnose(design, options, &report);
            Faults::new(design, faults).to_string()
        }
        Err(faults) => faults.to_string(),
    }
}

/// Where a fault of this code is shown.
fn blamed<'t>(told: &'t str, code: &str) -> Option<&'t str> {
    let (_, rest) = told.split_once(&format!("[{code}]: "))?;
    rest.lines().find_map(|line| line.trim().strip_prefix("--> "))
}

/// The line of the cases that a place is in.
fn source_line(place: &str) -> Option<&'static str> {
    let (_, rest) = place.split_once("mistakes/cases.rs:")?;
    let line: usize = rest.split(':').next()?.parse().ok()?;
    SOURCE.lines().nth(line - 1)
}

#[test]
fn each_mistake_is_told_at_its_line() {
    let cases = cases::all();
    assert!(cases.len() >= 30, "{}", cases.len());
    let mut all = String::new();
    let mut wrong = Vec::new();
    for Case { name, code, told } in &cases {
        let place = blamed(told, code);
        let right = match place.and_then(source_line) {
            Some(line) => line.split_once("// <- ").is_some_and(|(_, codes)| codes.contains(code)),
            None => place.is_some_and(|place| place.starts_with("m.nl:")),
        };
        if !right {
            wrong.push(format!("{name} ({code})\n{told}"));
        }
        // How far a limit lets it come is the machine's.
        let limited = matches!(*code, "P030" | "P031");
        let told = if limited { told.split(" is open").next().unwrap_or(told) } else { told };
        writeln!(all, "## {name}\n{told}").expect("a string takes it");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    insta::assert_snapshot!("mistakes", all);
}
