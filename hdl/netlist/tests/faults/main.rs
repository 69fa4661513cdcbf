//! Every fault code has a case here, with its whole text.

mod loops;
mod names;
mod structure;
mod widths;

use olivine_netlist::{
    Bits, CODES, Design, DomainId, External, Faults, FileId, InstanceId, ModuleId, Op, Pin, PinTo,
    Place, PortId, RegisterId, ValueId,
};

/// The files that show faults.
const CASES: [&str; 5] = [
    include_str!("main.rs"),
    include_str!("loops.rs"),
    include_str!("names.rs"),
    include_str!("structure.rs"),
    include_str!("widths.rs"),
];

/// The faults of a design, as a person sees them.
fn faults_of(design: &Design) -> String {
    let faults = design.validate().expect_err("the design should have faults");
    Faults::new(design, faults).to_string()
}

/// The faults of a module with this body.
fn faults(body: &str) -> String {
    faults_of(&parse(&format!("module m @0:1:1 {{\n{body}\n}}\n")))
}

/// The faults of a top module `m` with this body, which may place `inner`.
fn faults_placing(inner: &str, body: &str) -> String {
    let modules = format!("module inner @0:1:1 {{\n{inner}\n}}\nmodule m @0:2:1 {{\n{body}\n}}\n");
    faults_of(&parse(&modules))
}

fn parse(modules: &str) -> Design {
    let text = format!("file \"src/a.rs\"\nenum Three = A, B, C\ntop m\n{modules}");
    Design::parse(&text).unwrap_or_else(|fault| panic!("{fault}\n{text}"))
}

/// A valid design of two modules, to be broken by hand.
fn valid() -> Design {
    let design = parse(
        "module inner @0:1:1 {
           domain rising
           input a : bits 8 @0:2:1
           output y : bits 8 = y
           %0 : 8 = input a
           register y : bits 8 @0:3:1
             set a
           %1 : 8 = register y
         }
         module m @0:4:1 {
           domain rising
           input a : bits 8 @0:5:1
           output y : bits 8 = inner.y
           memory ram : bits 8 x 4 @0:6:1
             read async a
           instance inner of inner @0:7:1
             a = a
           %0 : 8 = input a
           %1 : 8 = output inner.y @0:8:1
           %2 : 8 = read ram 0 @0:9:1
         }",
    );
    assert_eq!(design.validate(), Ok(()));
    design
}

/// The faults of the valid design after `change`.
fn faults_after(change: impl FnOnce(&mut Design)) -> String {
    let mut design = valid();
    change(&mut design);
    faults_of(&design)
}

#[test]
fn every_code_has_a_case() {
    for (code, meaning) in CODES {
        assert!(
            CASES.iter().any(|file| file.contains(&format!("error[{code}]"))),
            "no case for {code}: {meaning}"
        );
    }
}

#[test]
fn a_design_too_large_when_flat() {
    let mut text = "module m0 {\n%0 : 1 = undefined\n}\n".to_string();
    for level in 1..8 {
        text += &format!("module m{level} {{\ninstance u[1000] of m{}\n}}\n", level - 1);
    }
    text += "module m @0:1:1 {\ninstance u[1000] of m7\n}\n";
    insta::assert_snapshot!(faults_of(&parse(&text)), @r#"
    error[N070]: the design has more than 2147483648 cells, every element counted
      --> src/a.rs:1:1
      help: place fewer elements
    "#);
}

#[test]
fn faults_of_several_modules_come_together() {
    let text = "module a {\n%0 : 4 = not(%1)\n%1 : 3 = undefined\n}
        module m {\n%0 : 4 = not(%1)\n%1 : 3 = undefined\n}\n";
    let faults = parse(text).validate().unwrap_err();
    assert_eq!(faults.len(), 2);
}

#[test]
fn a_constant_of_no_bits_is_a_fault_not_a_panic() {
    let text = "module m {\nx : bits 0 = 0'h\n%1 : 1 = eq(x, x)\n}\n";
    let codes: Vec<_> = parse(text).validate().unwrap_err().iter().map(|f| f.code).collect();
    assert_eq!(codes, ["N020"]);
    assert_eq!(Bits::zero(0).width(), 0);
}
