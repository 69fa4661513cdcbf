//! Faults of combinational loops.

use super::*;

#[test]
fn a_loop_in_one_module() {
    insta::assert_snapshot!(faults(
        "a : bits 4 = not(c) @0:2:1
         %1 : 4 = and(a, k) @0:3:1
         k : bits 4 = undefined
         c : bits 4 = xor(%1, k) @0:4:1
         self : bits 4 = wire(self) @0:5:1
         memory ram : bits 4 x 4
           read async d
         d : bits 4 = read ram 0 @0:6:1"
    ), @r#"
    error[N060]: module `m`: a combinational loop: 3 values feed each other, `a` among them
      --> src/a.rs:2:1
      src/a.rs:2:1: a = not
      src/a.rs:3:1: %1 = and
      src/a.rs:4:1: c = xor
      help: put a register on the path, or let one of these not depend on the one before it

    error[N060]: module `m`: a combinational loop: `self` feeds itself
      --> src/a.rs:5:1
      src/a.rs:5:1: self = wire
      help: put a register on the path, or let one of these not depend on the one before it

    error[N060]: module `m`: a combinational loop: `d` feeds itself
      --> src/a.rs:6:1
      src/a.rs:6:1: d = read
      help: put a register on the path, or let one of these not depend on the one before it
    "#);
}

/// An element whose `east` depends on `west` at once, and whose `held` does not.
const ELEMENT: &str = "
    domain rising
    input west : bits 4 @0:10:1
    output east : bits 4 = east
    output held : bits 4 = held
    register held : bits 4 @0:11:1
      set east
    west : bits 4 = input west @0:12:1
    one : bits 4 = 4'h1
    east : bits 4 = add(west, one) @0:13:1
    %3 : 4 = register held";

#[test]
fn a_loop_through_instances_shows_what_is_inside() {
    insta::assert_snapshot!(faults_placing(
        ELEMENT,
        "domain rising
         instance row[2] of inner @0:20:1
           west = back, row[0].east
         back : bits 4 = not(row[1].east) @0:21:1
         %1 : 4 = output row[0].east @0:22:1
         %2 : 4 = output row[1].east @0:23:1"
    ), @r#"
    error[N060]: module `m`: a combinational loop: 3 values feed each other, `back` among them
      --> src/a.rs:21:1
      src/a.rs:21:1: back = not
      src/a.rs:12:1: row[0].west = input
      src/a.rs:13:1: row[0].east = add
      src/a.rs:22:1: row[0].east = output
      src/a.rs:12:1: row[1].west = input
      src/a.rs:13:1: row[1].east = add
      src/a.rs:23:1: row[1].east = output
      help: put a register on the path, or let one of these not depend on the one before it
    "#);
}

/// A row of elements, each connected as `west` says, through `port`.
fn row(west: &str, port: &str) -> Design {
    parse(&format!(
        "module inner {{ {ELEMENT}\n}}
         module m {{
           domain rising
           input a : bits 4
           %0 : 4 = input a
           instance row[3] of inner
             west = {west}
           %1 : 4 = output row[0].{port}
           %2 : 4 = output row[1].{port}
           %3 : 4 = output row[2].{port}
         }}"
    ))
}

#[test]
fn arrays_are_looked_at_element_by_element() {
    let east = row("a, row[0].east, row[1].east", "east");
    assert_eq!(east.validate(), Ok(()), "a chain without a cycle");
    let ring = row("row[2].held, row[0].held, row[1].held", "held");
    assert_eq!(ring.validate(), Ok(()), "a ring of registers");
    let ring = row("row[2].east, row[0].east, row[1].east", "east");
    assert_eq!(ring.validate().unwrap_err()[0].code, "N060", "a ring of sums");
    assert!(ring.flatten().combinational_order().is_err());
}

#[test]
fn a_long_loop_is_shown_in_part() {
    let mut module = olivine_netlist::Module::new("m", Place::UNKNOWN);
    for i in 0..1000 {
        module.add(Op::Not(ValueId((i + 1) % 1000)), 1, Place::UNKNOWN);
    }
    let design = Design { modules: vec![module], top: ModuleId(0), files: Vec::new() };
    let faults = design.validate().unwrap_err();
    assert_eq!((faults.len(), faults[0].labels.len()), (1, 65));
    assert!(faults[0].message.contains("1000 values"), "{}", faults[0].message);
}
