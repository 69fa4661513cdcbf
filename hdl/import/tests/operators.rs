//! Every operator means what Yosys says it means: random cells of random widths and signs,
//! evaluated by Yosys and by the interpreter.

#[path = "common/random.rs"]
mod random;

use olivine_import::{Options, yosys_json};
use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::Bits;
use olivine_tools::Tools;
use random::Random;
use std::fmt::Write;

const UNARY: &[&str] = &[
    "$not",
    "$pos",
    "$neg",
    "$reduce_and",
    "$reduce_or",
    "$reduce_xor",
    "$reduce_xnor",
    "$reduce_bool",
    "$logic_not",
];
const BINARY: &[&str] = &[
    "$and",
    "$or",
    "$xor",
    "$xnor",
    "$shl",
    "$shr",
    "$sshl",
    "$sshr",
    "$shift",
    "$shiftx",
    "$lt",
    "$le",
    "$eq",
    "$ne",
    "$eqx",
    "$nex",
    "$ge",
    "$gt",
    "$add",
    "$sub",
    "$mul",
    "$div",
    "$mod",
    "$divfloor",
    "$modfloor",
    "$logic_and",
    "$logic_or",
];
/// Designs for each operator, and values for each design.
const SHAPES: usize = 8;
const VALUES: usize = 4;

/// A cell as its parameters and the widths of its ports.
struct Case {
    kind: String,
    parameters: Vec<(&'static str, u32)>,
    inputs: Vec<(&'static str, u32)>,
    width: u32,
}

fn cases() -> Vec<Case> {
    let mut random = Random(7);
    let mut all = Vec::new();
    for _ in 0..SHAPES {
        let mut width = |most: u64| 1 + (random.next() % most) as u32;
        for kind in UNARY {
            let (a, y, s) = (width(6), width(8), width(2) - 1);
            let parameters = vec![("A_SIGNED", s), ("A_WIDTH", a), ("Y_WIDTH", y)];
            all.push(Case { kind: kind.to_string(), parameters, inputs: vec![("A", a)], width: y });
        }
        for kind in BINARY {
            let (a, b, y, s) = (width(6), width(4), width(8), width(2) - 1);
            // Shifts have signs of their own; the amount of a plain one has none.
            let (sa, sb) = match *kind {
                "$shl" | "$shr" | "$sshl" | "$sshr" => (s, 0),
                "$shift" => (s, width(2) - 1),
                "$shiftx" => (0, width(2) - 1),
                _ => (s, s),
            };
            let widths = [("A_WIDTH", a), ("B_WIDTH", b), ("Y_WIDTH", y)];
            let parameters = [vec![("A_SIGNED", sa), ("B_SIGNED", sb)], widths.to_vec()].concat();
            let inputs = vec![("A", a), ("B", b)];
            all.push(Case { kind: kind.to_string(), parameters, inputs, width: y });
        }
        let (w, s) = (width(5), width(2));
        let case = |kind: &str, parameters, a, b, s, width| {
            let inputs = [("A", a), ("B", b), ("S", s)].into_iter().filter(|(_, w)| *w > 0);
            Case { kind: kind.into(), parameters, inputs: inputs.collect(), width }
        };
        all.push(case("$mux", vec![("WIDTH", w)], w, w, 1, w));
        all.push(case("$bwmux", vec![("WIDTH", w)], w, w, w, w));
        let both = vec![("WIDTH", w), ("S_WIDTH", s)];
        all.push(case("$pmux", both.clone(), w, w * s, s, w));
        all.push(case("$bmux", both.clone(), w << s, 0, s, w));
        all.push(case("$demux", both, w, 0, s, w << s));
    }
    all
}

/// The case as the module `mINDEX`.
fn module(case: &Case, index: usize) -> String {
    let mut next = 2;
    let mut bits = |width: u32| {
        let list: Vec<String> = (next..next + width).map(|n| n.to_string()).collect();
        next += width;
        format!("[{}]", list.join(", "))
    };
    let (mut ports, mut connections, mut directions) = (Vec::new(), Vec::new(), Vec::new());
    let outputs = [("Y", case.width)];
    let sides = [("input", &case.inputs[..]), ("output", &outputs[..])];
    for (direction, list) in sides {
        for (name, width) in list {
            let bits = bits(*width);
            let port = name.to_lowercase();
            ports.push(format!(r#""{port}": {{"direction": "{direction}", "bits": {bits}}}"#));
            connections.push(format!(r#""{name}": {bits}"#));
            directions.push(format!(r#""{name}": "{direction}""#));
        }
    }
    let parameters = case.parameters.iter().map(|(n, v)| format!(r#""{n}": "{v:032b}""#));
    format!(
        r#""m{index}": {{"attributes": {{}}, "ports": {{{}}}, "netnames": {{}}, "cells": {{"c": {{
        "type": "{}", "parameters": {{{}}}, "attributes": {{}},
        "port_directions": {{{}}}, "connections": {{{}}}}}}}}}"#,
        ports.join(", "),
        case.kind,
        parameters.collect::<Vec<_>>().join(", "),
        directions.join(", "),
        connections.join(", "),
    )
}

fn binary(bits: &Bits) -> String {
    (0..bits.width()).rev().map(|i| if bits.bit(i) { '1' } else { '0' }).collect()
}

/// What Yosys says of each module and its values: digits `0`, `1`, `x`.
fn evaluated(modules: &[String], values: &[Vec<Vec<Bits>>], cases: &[Case]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let json = format!(r#"{{"modules": {{{}}}}}"#, modules.join(",\n"));
    std::fs::write(folder.path().join("cells.json"), json).expect("a file");
    let mut script = String::from(
        "from pyosys import libyosys as ys\nd = ys.Design()\nys.run_pass('read_json cells.json', d)\n",
    );
    for (index, (case, all)) in cases.iter().zip(values).enumerate() {
        for values in all {
            let set = case.inputs.iter().zip(values).fold(String::new(), |mut text, (p, v)| {
                let name = p.0.to_lowercase();
                write!(text, " -set {name} {}'b{}", v.width(), binary(v)).expect("a string");
                text
            });
            writeln!(script, "ys.run_pass(\"eval{set} -show y m{index}\", d)").expect("a string");
        }
    }
    let pyosys = Tools::find().pyosys().unwrap_or_else(|missing| panic!("{missing}"));
    std::fs::write(folder.path().join("eval.py"), script).expect("a file");
    let output = pyosys.command().current_dir(&folder).arg("eval.py").output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let lines = text.lines().filter_map(|l| l.strip_prefix("Eval result: \\y = "));
    lines.map(|l| l.trim_end_matches('.').rsplit('\'').next().unwrap_or("").to_string()).collect()
}

#[test]
fn operators_mean_what_yosys_says() {
    let cases = cases();
    let modules: Vec<String> = cases.iter().enumerate().map(|(i, c)| module(c, i)).collect();
    let mut random = Random(11);
    let values: Vec<Vec<Vec<Bits>>> = cases
        .iter()
        .map(|case| {
            let one = |random: &mut Random| {
                case.inputs.iter().map(|(_, width)| random.bits(*width)).collect()
            };
            (0..VALUES).map(|_| one(&mut random)).collect()
        })
        .collect();
    let said = evaluated(&modules, &values, &cases);
    assert_eq!(said.len(), cases.len() * VALUES);
    let mut said = said.into_iter();
    let mut compared = 0;
    for ((case, module), values) in cases.iter().zip(&modules).zip(&values) {
        let text = format!(r#"{{"modules": {{{module}}}}}"#);
        let design = yosys_json(&text, &Options::default()).unwrap_or_else(|f| panic!("{f}"));
        let mut interp = Interp::new(&design, Undefined::Zero);
        for values in values {
            for ((name, _), value) in case.inputs.iter().zip(values) {
                let port = interp.interface().find(&name.to_lowercase()).expect("a port");
                interp.set(port, value);
            }
            let port = interp.interface().find("y").expect("a port");
            let got = binary(&interp.get(port));
            let expect = said.next().expect("counted");
            let (kind, parameters) = (&case.kind, &case.parameters);
            // A value that is undefined as a whole is one `x`.
            let expect = if expect == "x" { "x".repeat(got.len()) } else { expect };
            let agree = |(e, g): (char, char)| e == 'x' || e == g;
            assert!(
                expect.len() == got.len() && expect.chars().zip(got.chars()).all(agree),
                "{kind} {parameters:?} {values:?}: Yosys has {expect}, the design {got}"
            );
            compared += expect.matches(['0', '1']).count();
        }
    }
    assert!(compared > 4000, "only {compared} bits were compared");
}
