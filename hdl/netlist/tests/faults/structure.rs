//! Faults of cells, memories, instances, resets and what modules are said to be.

use super::*;

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
