//! Faults of indices, order and names.

use super::*;

#[test]
fn indices_outside_their_lists() {
    insta::assert_snapshot!(faults_after(|d| {
        d.top = ModuleId(9);
        d.modules[1].cells[2].op = Op::Add(ValueId(1), ValueId(99));
        d.modules[0].cells[1].op = Op::Register(RegisterId(5));
        d.modules[1].instances[0].module = ModuleId(7);
        d.modules[1].properties.push(olivine_netlist::Property {
            name: "p".to_string(),
            kind: olivine_netlist::PropertyKind::Assert,
            condition: ValueId(50),
            domain: olivine_netlist::DomainId(3),
            place: Place::UNKNOWN,
        });
    }), @r#"
    error[N001]: the top is module 9 of a design with 2
      --> unknown place
      help: name one of the design's modules as the top

    error[N001]: module `inner`: `%1` uses register 5, but there are 1 (counted from 0)
      --> unknown place
      help: use a register that exists

    error[N001]: module `m`: `%2` uses value 99, but there are 3 (counted from 0)
      --> src/a.rs:9:1
      help: use a value that exists

    error[N001]: module `m`: property `p` uses value 50, but there are 3 (counted from 0)
      --> unknown place
      help: use a value that exists

    error[N001]: module `m`: property `p` uses clock domain 3, but there are 1 (counted from 0)
      --> unknown place
      help: use a clock domain that exists

    error[N001]: module `m`: instance `inner` uses module 7, but there are 2 (counted from 0)
      --> src/a.rs:7:1
      help: use a module that exists
    "#);
}

#[test]
fn modules_out_of_order() {
    insta::assert_snapshot!(faults_after(|d| {
        d.modules.swap(0, 1);
        d.modules[0].instances[0].module = ModuleId(1);
        d.top = ModuleId(0);
    }), @r#"
    error[N002]: module `m` places `inner`, which stands after it
      --> src/a.rs:4:1
      help: list each module before those that place it
    "#);
}

#[test]
fn recursion() {
    insta::assert_snapshot!(faults_after(|d| {
        let mut back = d.modules[1].instances[0].clone();
        back.name = "again".to_string();
        back.module = ModuleId(1);
        back.place = Place { file: FileId(0), line: 33, column: 3 };
        d.modules[0].instances.push(back);
    }), @r#"
    error[N003]: module `inner` contains itself
      --> src/a.rs:1:1
      src/a.rs:33:3: `inner` places `m` as `again`
      src/a.rs:7:1: `m` places `inner` as `inner`
      help: an instance cannot place a module it is part of; end the recursion
    "#);
}

#[test]
fn names_not_well_formed() {
    insta::assert_snapshot!(faults(
        "domain Fast rising
         input Data : 4
         %0 : 4 = input Data
         \"a b\" : bits 4 = undefined
         a[0].1x : bits 4 = undefined
         assert \"\" %3 in Fast
         %3 : 1 = undefined"
    ), @r#"
    error[N010]: module `m`: the name `Fast` of a clock domain is not well-formed
      --> unknown place
      help: use lower case letters, digits and `_`, not a digit first

    error[N010]: module `m`: the property name `` is not well-formed
      --> unknown place
      help: say the property in one line of text

    error[N010]: module `m`: the name `Data` of a port is not well-formed
      --> unknown place
      help: use lower case letters, digits and `_`, not a digit first

    error[N010]: module `m`: the name `a b` of a value is not well-formed
      --> unknown place
      help: use words of lower case letters, digits and `_`, not a digit first, joined by `.`; a word may end in indices such as `[3]`

    error[N010]: module `m`: the name `a[0].1x` of a value is not well-formed
      --> unknown place
      help: use words of lower case letters, digits and `_`, not a digit first, joined by `.`; a word may end in indices such as `[3]`
    "#);
}

#[test]
fn names_for_two_things() {
    insta::assert_snapshot!(faults_placing(
        "output y : 1 = %0
         %0 : 1 = undefined",
        "domain rising
         input x : 4 @0:3:1
         input clk : 1 @0:4:1
         %0 : 4 = input x
         %9 : 1 = input clk
         %1 x : bits 4 = not(%0) @0:5:1
         instance u of inner @0:6:1
         memory t : bits 4 x 4 @0:7:1
           read async x0
         %2 : 4 = read t 0
         x0 : bits 4 = wire(%0)
         u.y : bits 4 = undefined @0:8:1
         t[1] : bits 4 = undefined @0:9:1
         assert \"twice\" %9 @0:10:1
         assert \"twice\" %9 @0:11:1"
    ), @r#"
    error[N011]: module `m`: two properties have the name `twice`
      --> src/a.rs:11:1
      src/a.rs:10:1: the first
      src/a.rs:11:1: the second
      help: say each property in its own words

    error[N011]: module `m`: `clk` is the name of a clock and of a port
      --> src/a.rs:4:1
      unknown place: a clock `clk`
      src/a.rs:4:1: a port `clk`
      help: rename one of them

    error[N011]: module `m`: `x` is the name of a port and of a value
      --> src/a.rs:5:1
      src/a.rs:3:1: a port `x`
      src/a.rs:5:1: a value `x`
      help: rename one of them

    error[N011]: module `m`: `u.y` is a path into an instance, but names something else
      --> src/a.rs:8:1
      src/a.rs:6:1: an instance of that name
      help: choose a name that does not begin like that

    error[N011]: module `m`: `t[1]` is a path into a memory, but names something else
      --> src/a.rs:9:1
      src/a.rs:7:1: a memory of that name
      help: choose a name that does not begin like that
    "#);
}

#[test]
fn one_name_for_one_value_is_no_fault() {
    let design = parse(
        "module inner {
           output y : 1 = %0
           %0 : 1 = undefined
         }
         module m {
           domain rising
           output count : 8 = count
           output u_y : 1 = u.y
           register count : bits 8
           %0 count : bits 8 = register count
           instance u of inner
           u.y : bit = output u.y
         }",
    );
    assert_eq!(design.validate(), Ok(()));
    assert_eq!(parse("module m {\n}\n").validate(), Ok(()));
}
