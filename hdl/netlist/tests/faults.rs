//! Every fault code has a case here, with its whole text.

use olivine_netlist::{
    Bits, CODES, Design, DomainId, External, Faults, FileId, InstanceId, ModuleId, Op, Pin, PinTo,
    Place, PortId, RegisterId, ValueId,
};

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
    let here = include_str!("faults.rs");
    for (code, meaning) in CODES {
        assert!(here.contains(&format!("error[{code}]")), "no case for {code}: {meaning}");
    }
}

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

#[test]
fn widths_that_do_not_exist() {
    insta::assert_snapshot!(faults("%0 : 2000000 = undefined @0:2:1\nx : bits 0 = undefined"), @r#"
    error[N020]: module `m`: value `%0` is 2000000 bits wide
      --> src/a.rs:2:1
      help: widths go from 1 to 1048576

    error[N020]: module `m`: value `x` is 0 bits wide
      --> unknown place
      help: widths go from 1 to 1048576
    "#);
}

#[test]
fn widths_of_operators() {
    insta::assert_snapshot!(faults(
        "a : bits 8 = undefined @0:2:1
         b : bits 9 = undefined @0:3:1
         sum : bits 8 = add(a, b) @0:4:1
         product : bits 8 = mul_signed(a, a)
         less : bits 1 = less_unsigned(a, b)
         any : bits 2 = reduce_or(a)
         both : bits 16 = concat(a, b)
         none : bits 4 = concat()
         part : bits 4 = slice(a, 5)
         short : bits 4 = extend(a)
         chosen : bits 8 = mux(a, a, a)
         picked : bits 8 = select(a, a, b)
         nothing : bits 8 = select(a)
         moved : bits 4 = shift_left(a, b)
         same : bits 4 = wire(a)"
    ), @r#"
    error[N021]: module `m`: the widths of `sum` = add of 8 bits do not fit
      --> src/a.rs:4:1
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:3:1: `b` is 9 bits wide
      help: both operands are as wide as the result: extend or slice them

    error[N021]: module `m`: the widths of `product` = mul_signed of 8 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:2:1: `a` is 8 bits wide
      help: the result is as wide as both operands together: slice it afterwards

    error[N021]: module `m`: the widths of `less` = less_unsigned of 1 bit do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:3:1: `b` is 9 bits wide
      help: the operands are of one width and the result is 1 bit wide

    error[N021]: module `m`: the widths of `any` = reduce_or of 2 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      help: the result is 1 bit wide

    error[N021]: module `m`: the widths of `both` = concat of 16 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:3:1: `b` is 9 bits wide
      help: the result is as wide as all parts together

    error[N021]: module `m`: the widths of `none` = concat of 4 bits do not fit
      --> unknown place
      help: the result is as wide as all parts together

    error[N021]: module `m`: the widths of `part` = slice of 4 bits from bit 5 do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      help: the slice lies within its operand

    error[N021]: module `m`: the widths of `short` = extend of 4 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      help: the operand is not wider than the result

    error[N021]: module `m`: the widths of `chosen` = mux of 8 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:2:1: `a` is 8 bits wide
      help: the condition is 1 bit wide, both choices are as wide as the result

    error[N021]: module `m`: the widths of `picked` = select of 8 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:3:1: `b` is 9 bits wide
      help: there is an option, and each is as wide as the result

    error[N021]: module `m`: the widths of `nothing` = select of 8 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      help: there is an option, and each is as wide as the result

    error[N021]: module `m`: the widths of `moved` = shift_left of 4 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      src/a.rs:3:1: `b` is 9 bits wide
      help: the first operand is as wide as the result

    error[N021]: module `m`: the widths of `same` = wire of 4 bits do not fit
      --> unknown place
      src/a.rs:2:1: `a` is 8 bits wide
      help: the operand is as wide as the result
    "#);
}

/// Operators on values `a` (8 bits), `b` (8), `c` (3) and `bit` (1) that are as they should be.
#[test]
fn widths_that_fit() {
    for cell in [
        "8 = add(a, b)",
        "1 = eq(a, b)",
        "1 = reduce_xor(c)",
        "11 = mul_signed(a, c)",
        "8 = shift_right_signed(a, c)",
        "8 = mux(bit, a, b)",
        "8 = select(c, a, b, a)",
        "12 = concat(a, c, bit)",
        "8 = slice(a, 0)",
        "1 = slice(a, 7)",
        "8 = extend(a)",
        "20 = extend_signed(a)",
    ] {
        let text = format!(
            "module m {{
               a : bits 8 = undefined
               b : bits 8 = undefined
               c : bits 3 = undefined
               bit : bits 1 = undefined
               %4 : {cell}
             }}"
        );
        assert_eq!(parse(&text).validate(), Ok(()), "{cell}");
    }
}

#[test]
fn conditions_of_more_bits() {
    insta::assert_snapshot!(faults(
        "domain rising
         register r : bits 2 @0:2:1
           set r when r @0:3:1
         memory ram : bits 2 x 4 @0:4:1
           read sync r when r collision old @0:5:1
           write r r when r @0:6:1
         %0 : 2 = register r @0:7:1
         %1 : 2 = read ram 0
         cover \"r\" r @0:8:1"
    ), @r#"
    error[N022]: module `m`: a case of a register has the condition `r` of 2 bits
      --> src/a.rs:3:1
      src/a.rs:7:1: `r` is 2 bits wide
      help: a condition is 1 bit wide: compare or reduce it

    error[N022]: module `m`: the enable of a read port has the condition `r` of 2 bits
      --> src/a.rs:5:1
      src/a.rs:7:1: `r` is 2 bits wide
      help: a condition is 1 bit wide: compare or reduce it

    error[N022]: module `m`: the enable of a write port has the condition `r` of 2 bits
      --> src/a.rs:6:1
      src/a.rs:7:1: `r` is 2 bits wide
      help: a condition is 1 bit wide: compare or reduce it

    error[N022]: module `m`: a property has the condition `r` of 2 bits
      --> src/a.rs:8:1
      src/a.rs:7:1: `r` is 2 bits wide
      help: a condition is 1 bit wide: compare or reduce it
    "#);
}

#[test]
fn values_that_do_not_fit_their_owner() {
    insta::assert_snapshot!(faults(
        "domain rising
         input a : bits 4 @0:2:1
         output y : bits 4 = v @0:3:1
         register r : bits 3 @0:4:1
           set v @0:5:1
         memory ram : bits 4 x 4 @0:6:1
           read async v @0:7:1
           write v v @0:8:1
         %0 : 3 = input a
         %1 : 2 = register r
         %2 : 5 = read ram 0
         v : bits 8 = undefined @0:9:1"
    ), @r#"
    error[N023]: module `m`: a case of register `r` takes 3 bits, but `v` has 8
      --> src/a.rs:5:1
      src/a.rs:9:1: `v` is 8 bits wide
      help: extend or slice the value, or change the width

    error[N023]: module `m`: a read port of memory `ram` takes 4 bits, but `ram.read[0]` has 5
      --> src/a.rs:7:1
      unknown place: `ram.read[0]` is 5 bits wide
      help: extend or slice the value, or change the width

    error[N023]: module `m`: a write port of memory `ram` takes 4 bits, but `v` has 8
      --> src/a.rs:8:1
      src/a.rs:9:1: `v` is 8 bits wide
      help: extend or slice the value, or change the width

    error[N023]: module `m`: port `a` takes 4 bits, but `a` has 3
      --> src/a.rs:2:1
      unknown place: `a` is 3 bits wide
      help: extend or slice the value, or change the width

    error[N023]: module `m`: port `y` takes 4 bits, but `v` has 8
      --> src/a.rs:3:1
      src/a.rs:9:1: `v` is 8 bits wide
      help: extend or slice the value, or change the width

    error[N023]: module `m`: register `r` takes 3 bits, but `r` has 2
      --> src/a.rs:4:1
      unknown place: `r` is 2 bits wide
      help: extend or slice the value, or change the width
    "#);
}

#[test]
fn constants_that_do_not_fit() {
    insta::assert_snapshot!(faults(
        "domain rising
         register r : bits 3 reset 4'h0 init 2'h0 @0:4:1
         memory ram : bits 4 x 4 @0:6:1
           init 0 8'h00
         %0 : 3 = register r
         %1 : 5 = 8'h2a @0:7:1"
    ), @r#"
    error[N024]: module `m`: `%1` is 5 bits wide, its constant 8'h2a
      --> src/a.rs:7:1
      help: the constant is as wide as the result

    error[N024]: module `m`: the reset value of register `r` is 4'h0, but should be 3 bits wide
      --> src/a.rs:4:1
      help: write it in 3 bits

    error[N024]: module `m`: the init value of register `r` is 2'h0, but should be 3 bits wide
      --> src/a.rs:4:1
      help: write it in 3 bits

    error[N024]: module `m`: the initial word 1 of memory `ram` is 8'h00, but should be 4 bits wide
      --> src/a.rs:6:1
      help: write it in 4 bits
    "#);
}

#[test]
fn kinds_that_do_not_fit() {
    insta::assert_snapshot!(faults(
        "input a : bit 2
         %0 : 2 = input a
         f : float(8, 7) 17 = undefined
         e : enum Three 1 = undefined
         ok : enum Three 2 = undefined"
    ), @r#"
    error[N025]: module `m`: `f` is 17 bits wide, but read as a float of 1 + 8 + 7 bits
      --> unknown place
      help: change the width or the kind

    error[N025]: module `m`: `e` is 1 bit wide, but read as the enumeration `Three` of 3 variants
      --> unknown place
      help: change the width or the kind

    error[N025]: module `m`: `a` is 2 bits wide, but read as a truth value, which is 1 bit
      --> unknown place
      help: change the width or the kind
    "#);
}

#[test]
fn cells_that_stand_for_nothing_or_twice() {
    insta::assert_snapshot!(faults_after(|d| {
        let inner = &mut d.modules[0];
        inner.add(Op::Input(PortId(0)), 8, Place::UNKNOWN);
        inner.add(Op::Input(PortId(1)), 8, Place::UNKNOWN);
        inner.registers[0].value = ValueId(0);
        let m = &mut d.modules[1];
        m.ports[0].value = ValueId(1);
        m.memories[0].reads[0].value = ValueId(0);
        let (instance, port) = (InstanceId(0), PortId(1));
        m.add(Op::InstanceOutput { instance, port, element: 0 }, 8, Place::UNKNOWN);
        m.add(Op::InstanceOutput { instance, port, element: 3 }, 8, Place::UNKNOWN);
        m.add(Op::InstanceOutput { instance, port: PortId(0), element: 0 }, 8, Place::UNKNOWN);
    }), @r#"
    error[N011]: module `inner`: `y` is the name of a port and of a register
      --> src/a.rs:3:1
      unknown place: a port `y`
      src/a.rs:3:1: a register `y`
      help: rename one of them

    error[N031]: module `inner`: register `y` has a second cell, %1
      --> unknown place
      src/a.rs:3:1: the register
      unknown place: the cell it points at
      help: use %0, the one the register points at

    error[N030]: module `inner`: input port `a` has a second cell, %2
      --> unknown place
      src/a.rs:2:1: the input port
      unknown place: the cell it points at
      help: use %0, the one the input port points at

    error[N030]: module `inner`: a cell is the input `y`, which is an output
      --> unknown place
      unknown place: the port
      help: drive an output by the port's value

    error[N031]: module `inner`: register `y` points at %0, which is the cell of something else
      --> src/a.rs:3:1
      unknown place: %0 = input
      help: add a cell for the register `y` and point at it

    error[N030]: module `m`: input port `a` has a second cell, %0
      --> unknown place
      src/a.rs:5:1: the input port
      src/a.rs:8:1: the cell it points at
      help: use %1, the one the input port points at

    error[N032]: module `m`: read port `ram` has a second cell, %2
      --> src/a.rs:9:1
      unknown place: the read port
      unknown place: the cell it points at
      help: use %0, the one the read port points at

    error[N030]: module `m`: input port `a` points at %1, which is the cell of something else
      --> src/a.rs:5:1
      src/a.rs:8:1: %1 = output
      help: add a cell for the input port `a` and point at it

    error[N032]: module `m`: read port 0 of memory `ram` points at %0, which is the cell of something else
      --> unknown place
      unknown place: %0 = input
      help: add a cell for the read port 0 of memory `ram` and point at it

    error[N033]: module `m`: two cells are the output `inner.y`
      --> unknown place
      src/a.rs:8:1: the first
      unknown place: the second
      help: use %1 for both

    error[N033]: module `m`: `inner` has 1 element, but a cell is an output of element 3
      --> unknown place
      src/a.rs:7:1: the instance
      help: elements count from 0, row by row

    error[N033]: module `m`: a cell is the output `a` of `inner`, which is an input
      --> unknown place
      src/a.rs:2:1: the port
      help: an input's value stands with the instance
    "#);
}

#[test]
fn memories_that_cannot_be() {
    insta::assert_snapshot!(faults(
        "domain rising
         a : bits 3 = undefined @0:2:1
         w : bits 4 = undefined
         memory none : bits 4 x 0 @0:3:1
         memory large : bits 1000 x 4000000000 @0:4:1
         memory full : bits 4 x 2 @0:5:1
           init 1 2 3
           write a w mask a @0:6:1"
    ), @r#"
    error[N040]: module `m`: memory `none` has 0 words of 4 bits
      --> src/a.rs:3:1
      help: a memory has at least 1 word and at most 4294967296 bits

    error[N040]: module `m`: memory `large` has 4000000000 words of 1000 bits
      --> src/a.rs:4:1
      help: a memory has at least 1 word and at most 4294967296 bits

    error[N041]: module `m`: memory `full` has 2 words, but 3 initial ones
      --> src/a.rs:5:1
      help: drop the words that have no place

    error[N042]: module `m`: memory `full` has words of 4 bits, which a mask of 3 does not divide
      --> src/a.rs:6:1
      src/a.rs:2:1: `a` is 3 bits wide
      help: make the mask's width a divisor of the word's
    "#);
}

#[test]
fn instances_that_cannot_be() {
    insta::assert_snapshot!(faults_placing(
        "domain rising
         domain slow falling
         input a : bits 8 @0:3:1
         input b : bits 8 @0:4:1
         %0 : 8 = input a
         %1 : 8 = input b",
        "domain rising
         domain slow rising
         a : bits 4 = undefined @0:5:1
         w : bits 8 = undefined @0:6:1
         instance none[3][0] of inner @0:7:1
         instance many[70000][70000] of inner @0:8:1
         instance few[2] of inner in \"\" @0:9:1
           a = w
           b = w, a"
    ), @r#"
    error[N050]: module `m`: instance `none` has the dimensions [3, 0]
      --> src/a.rs:7:1
      help: each dimension is at least 1, and all elements are fewer than 2^32

    error[N054]: module `m`: instance `none` joins domain `slow` (falling) to `slow` (rising)
      --> src/a.rs:7:1
      unknown place: falling
      unknown place: rising
      help: let both act on one edge, and be reset in one way

    error[N050]: module `m`: instance `many` has the dimensions [70000, 70000]
      --> src/a.rs:8:1
      help: each dimension is at least 1, and all elements are fewer than 2^32

    error[N054]: module `m`: instance `many` joins domain `slow` (falling) to `slow` (rising)
      --> src/a.rs:8:1
      unknown place: falling
      unknown place: rising
      help: let both act on one edge, and be reset in one way

    error[N051]: module `m`: instance `few` has 1 value for port `a`, which takes 2
      --> src/a.rs:9:1
      src/a.rs:3:1: the port
      help: an input takes one value for each element, an output none

    error[N052]: module `m`: input `few[1].b` takes 8 bits, but `a` has 4
      --> src/a.rs:9:1
      src/a.rs:4:1: the port is 8 bits wide
      src/a.rs:5:1: `a` is 4 bits wide
      help: extend or slice the value

    error[N053]: module `m`: instance `few` gives 1 clock domain, but `inner` has 2
      --> src/a.rs:9:1
      src/a.rs:1:1: the placed module
      help: give one domain here for each domain of the placed module
    "#);
    insta::assert_snapshot!(faults_after(|d| drop(d.modules[1].instances[0].inputs.pop())), @r#"
    error[N051]: module `m`: instance `inner` connects 1 port, but `inner` has 2
      --> src/a.rs:7:1
      src/a.rs:1:1: the placed module
      help: list the ports in their order, outputs with no values
    "#);
}

#[test]
fn functions_of_floats_that_do_not_fit() {
    let sum = "input a : bits 32\ninput b : bits 16\noutput z : bits 32 = %2\n%0 : 32 = input a\n\
               %1 : 16 = input b\n%2 : 32 = undefined\n";
    let faults = |body: String| faults_of(&parse(&format!("module m @0:1:1 {{\n{body}\n}}\n")));
    let two_operands = faults(format!("computes multiply_add\n{sum}"));
    insta::assert_snapshot!(two_operands, @r#"
    error[N055]: module `m`: its ports or its state do not fit `multiply_add`
      --> src/a.rs:1:1
      help: give it 3 inputs of 16 or 32 bits, one output of 32, and no state, clock or property
    "#);
    for (what, body) in [
        ("8 bits", sum.replace("16", "8")),
        ("a clock", format!("domain rising\n{sum}")),
        ("two results", format!("{sum}output y : bits 32 = %2")),
    ] {
        let found = faults(format!("computes add\n{body}"));
        assert!(found.starts_with("error[N055]"), "{what}: {found}");
    }
    let fits = parse(&format!("module m {{\ncomputes add\n{sum}}}\n"));
    assert_eq!(fits.validate(), Ok(()));
}

#[test]
fn resets_that_do_not_fit() {
    insta::assert_snapshot!(faults_placing(
        "domain rising asynchronous @0:3:1",
        "domain rising active_low @0:4:1
         instance joined of inner @0:5:1"
    ), @r"
    error[N054]: module `m`: instance `joined` joins domain `` (rising asynchronous) to `` (rising active_low)
      --> src/a.rs:5:1
      src/a.rs:3:1: rising asynchronous
      src/a.rs:4:1: rising active_low
      help: let both act on one edge, and be reset in one way
    ");
    insta::assert_snapshot!(faults(
        "domain n rising @0:3:1
         domain rising active_low @0:4:1"
    ), @r"
    error[N011]: module `m`: `rst_n` is the reset of domain `n` and of domain ``
      --> src/a.rs:4:1
      src/a.rs:3:1: the first
      src/a.rs:4:1: the second
      help: rename one of the domains
    ");
}

#[test]
fn black_boxes_that_cannot_be() {
    insta::assert_snapshot!(faults(
        "domain rising @0:2:1
         domain slow rising @0:3:1
         input a : bits 2 @0:4:1
         input b : bits 2 @0:5:1
         output y : bits 2 = r @0:6:1
         external \"2CELL\" @0:7:1
           parameter MODE = \"a\\\"b\"
           parameter MODE = 2
           pin A = port a
           pin B = bit b 1
           pin C = bit b 2
           pin Y = port y
           pin Y0 = bit y 0
           pin A = 1'h0
           pin CK = clock
         register r : bits 2 reset 2'h0 init 2'h0 in slow
           set a
         a : bits 2 = input a
         b : bits 2 = input b
         r : bits 2 = register r"
    ), @r"
    error[N080]: module `m`: the Verilog module `2CELL` has no identifier for a name
      --> src/a.rs:7:1
      help: use letters, digits, `_` and `$`, not a digit first

    error[N080]: module `m`: the parameter `MODE` of `2CELL` is named twice
      --> src/a.rs:7:1
      help: name each parameter once

    error[N080]: module `m`: the pin `A` of `2CELL` is named twice
      --> src/a.rs:7:1
      help: name each pin once

    error[N080]: module `m`: the parameter `MODE` is a text that Verilog cannot have
      --> src/a.rs:7:1
      help: leave out quotes, backslashes, control characters and what is not ASCII

    error[N081]: module `m`: the pin `C` is bit 2 of `b`, which has 2 bits
      --> src/a.rs:7:1
      src/a.rs:5:1: the port
      help: name a bit that the port has

    error[N081]: module `m`: `b` has no pin of `2CELL` for each of its bits
      --> src/a.rs:7:1
      src/a.rs:5:1: the port
      help: connect the port, whole or bit by bit; a model has no more ports than what it is a model of

    error[N081]: module `m`: several pins of `2CELL` drive the output `y`
      --> src/a.rs:7:1
      src/a.rs:6:1: the port
      help: connect one pin to each bit of an output

    error[N082]: module `m`: `clk_slow` is connected to no pin of `2CELL`
      --> src/a.rs:7:1
      src/a.rs:3:1: the clock domain
      help: name the pin: the model has state of this domain

    error[N082]: module `m`: `rst_slow` is connected to no pin of `2CELL`
      --> src/a.rs:7:1
      src/a.rs:3:1: the clock domain
      help: name the pin: the model has state of this domain
    ");
    insta::assert_snapshot!(faults_after(|d| {
        let pin = |name: &str, to| Pin { name: name.to_string(), to };
        let pins = vec![pin("A", PinTo::Port(PortId(9))), pin("B", PinTo::Clock(DomainId(4)))];
        let (name, parameters) = ("CELL".to_string(), Vec::new());
        d.modules[0].external = Some(External { name, parameters, pins, place: Place::UNKNOWN });
        // Nor does it panic when it is shown.
        assert!(d.to_string().contains("pin A = port %9"), "{d}");
    }), @r"
    error[N001]: module `inner`: pin `A` uses port 9, but there are 2 (counted from 0)
      --> unknown place
      help: use a port that exists

    error[N001]: module `inner`: pin `B` uses clock domain 4, but there are 1 (counted from 0)
      --> unknown place
      help: use a clock domain that exists
    ");
}

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
