//! Isomorphism does not see numbering, but sees every mutation that is observed.

use olivine_netlist::arbitrary::{Options, designs};
use olivine_netlist::{Design, ValueId, isomorphic};
use proptest::prelude::*;

/// The same design with its cells numbered backwards and without labels; ports, registers,
/// properties and files stand in another order.
fn renumbered(design: &Design) -> Design {
    let mut design = design.clone();
    for m in &mut design.modules {
        let last = m.cells.len() as u32 - 1;
        m.map_values(|v| ValueId(last - v.0));
        m.cells.reverse();
        m.cells.iter_mut().for_each(|c| c.label = None);
        m.properties.reverse();
        let count = m.registers.len() as u32;
        m.registers.reverse();
        for cell in &mut m.cells {
            if let olivine_netlist::Op::Register(r) = &mut cell.op {
                r.0 = count - 1 - r.0;
            }
        }
    }
    design
}

proptest! {
    #[test]
    fn numbering_does_not_count(design in designs(Options::default())) {
        let other = renumbered(&design);
        prop_assert_eq!(other.validate(), Ok(()));
        prop_assert_eq!(isomorphic(&design, &other), Ok(()), "{}\n{}", design, other);
        prop_assert_eq!(isomorphic(&other, &design), Ok(()));
    }

    #[test]
    fn mutations_are_valid_and_change_something(design in designs(Options::default())) {
        for mutation in design.mutations() {
            let mutant = mutation.apply(&design);
            prop_assert_eq!(mutant.validate(), Ok(()), "{}", mutation.description);
            prop_assert!(mutant != design, "{}", mutation.description);
        }
    }
}

/// Everything here is observed.
const OBSERVED: &str = "
top m
module inner {
  input a : bits 4
  output y : bits 4 = y
  a : bits 4 = input a
  y : bits 4 = not(a)
}
module m {
  domain rising
  input a : bits 4 @0:1:1
  input go : bit
  output y : bits 4 = y
  output count : bits 4 = count
  register count : bits 4 reset 4'h0
    set sum when go
    set a
  memory ram : bits 4 x 16
    read async a
    write a count when go
  instance u of inner
    a = word
  %0 : 4 = input a
  %1 : 1 = input go
  %2 : 4 = register count
  word : bits 4 = read ram 0
  %4 : 4 = output u.y
  one : bits 4 = 4'h1
  sum : bits 4 = add(count, one)
  high : bits 2 = slice(sum, 2)
  low : bits 2 = slice(sum, 1)
  both : bits 4 = concat(high, low)
  less : bits 1 = less_unsigned(both, u.y)
  y : bits 4 = mux(less, sum, both)
  assert \"less\" less
}
";

#[test]
fn mutations_of_what_is_observed_are_differences() {
    let design = Design::parse(OBSERVED).unwrap();
    assert_eq!(design.validate(), Ok(()));
    let mutations = design.mutations();
    for mutation in &mutations {
        let mutant = mutation.apply(&design);
        assert!(isomorphic(&design, &mutant).is_err(), "{}", mutation.description);
    }
    let list: Vec<_> = mutations.iter().map(|m| m.description.as_str()).collect();
    insta::assert_snapshot!(list.join("\n"), @r#"
    module `inner`: bit 0 of `a` is inverted
    module `inner`: bit 3 of `a` is inverted
    module `inner`: `y` is wire instead of not
    module `inner`: bit 0 of `y` is inverted
    module `inner`: bit 3 of `y` is inverted
    module `m`: bit 0 of `a` is inverted
    module `m`: bit 3 of `a` is inverted
    module `m`: bit 0 of `go` is inverted
    module `m`: bit 0 of `count` is inverted
    module `m`: bit 3 of `count` is inverted
    module `m`: bit 0 of `word` is inverted
    module `m`: bit 3 of `word` is inverted
    module `m`: bit 0 of `u.y` is inverted
    module `m`: bit 3 of `u.y` is inverted
    module `m`: bit 0 of the constant `one` is inverted
    module `m`: bit 3 of the constant `one` is inverted
    module `m`: `sum` is sub instead of add
    module `m`: bit 0 of `sum` is inverted
    module `m`: bit 3 of `sum` is inverted
    module `m`: `high` is the slice from bit 1
    module `m`: bit 0 of `high` is inverted
    module `m`: bit 1 of `high` is inverted
    module `m`: `low` is the slice from bit 2
    module `m`: bit 0 of `low` is inverted
    module `m`: bit 1 of `low` is inverted
    module `m`: two operands of `both` = concat are swapped
    module `m`: bit 0 of `both` is inverted
    module `m`: bit 3 of `both` is inverted
    module `m`: `less` is less_signed instead of less_unsigned
    module `m`: two operands of `less` = less_unsigned are swapped
    module `m`: bit 0 of `less` is inverted
    module `m`: two operands of `y` = mux are swapped
    module `m`: bit 0 of `y` is inverted
    module `m`: bit 3 of `y` is inverted
    module `m`: bit 0 of the reset value of `count` is inverted
    module `m`: bit 3 of the reset value of `count` is inverted
    module `m`: case 0 of register `count` is always taken
    module `m`: case 0 of register `count` is never taken
    module `m`: case 1 of register `count` is never taken
    module `m`: write port 0 of memory `ram` always writes
    module `m`: write port 0 of memory `ram` never writes
    "#);
}

#[test]
fn an_inverted_register_leaves_its_name_to_the_port() {
    let design = Design::parse(OBSERVED).unwrap();
    let mutations = design.mutations();
    let inverted = mutations.iter().find(|m| m.description.contains("bit 3 of `count` is"));
    let mutant = inverted.unwrap().apply(&design);
    assert_eq!(mutant.modules[1].registers[0].name, "count.before_fault");
    assert!(mutant.to_string().contains("output count : bits 4 = %13"), "{mutant}");
}

/// How the observed design differs from itself with `from` replaced by `to`.
fn difference(from: &str, to: &str) -> String {
    assert!(OBSERVED.contains(from), "{from}");
    let left = Design::parse(OBSERVED).unwrap();
    let right = Design::parse(&OBSERVED.replace(from, to)).unwrap();
    assert_eq!(right.validate(), Ok(()));
    isomorphic(&left, &right).unwrap_err().to_string()
}

#[test]
fn differences_say_how_they_were_reached() {
    insta::assert_snapshot!(difference("add(count, one)", "sub(count, one)"), @r#"
    `sum` = add against `sum` = sub
      at module `m`, port `y`, operand 1 of mux
    "#);
    insta::assert_snapshot!(difference("4'h1", "4'h2"), @r#"
    `one` = 4'h1 against `one` = 4'h2
      at module `m`, port `y`, operand 1 of mux, operand 1 of add
    "#);
    insta::assert_snapshot!(difference("reset 4'h0", "reset 4'h8"), @r#"
    registers `count` and `count` differ in the reset value
      at module `m`, port `y`, operand 1 of mux, operand 0 of add
    "#);
    insta::assert_snapshot!(difference("read async a", "read sync a collision old"), @r#"
    a read port of memory `ram` reads in another way
      at module `m`, port `y`, operand 0 of mux, operand 1 of less_unsigned, input `u.a`
    "#);
    insta::assert_snapshot!(difference("= not(a)", "= wire(a)"), @r#"
    `y` = not against `y` = wire
      at module `inner`, port `y`
    "#);
    insta::assert_snapshot!(difference("concat(high, low)", "concat(high, high)"), @r#"
    `low` = slice and `high` = slice are shared with different others
      at module `m`, port `y`, operand 2 of mux, operand 1 of concat
    "#);
    insta::assert_snapshot!(difference("output y : bits 4 = y\n  output count", "output z : bits 4 = y\n  output count"), @r#"
    port `y` is on the left only
      at module `m`
    "#);
    insta::assert_snapshot!(difference("\"less\"", "\"more\""), @r#"
    property "less" is on the left only
      at module `m`
    "#);
    insta::assert_snapshot!(difference("set sum when go", "set sum"), @r#"
    condition of case 0 of register `count` is on one side only
      at module `m`, port `y`, operand 1 of mux, operand 0 of add
    "#);
    insta::assert_snapshot!(difference("domain rising", "domain falling"), @r#"
    clock `clk` (rising) is on the left only
      at module `m`
    "#);
    insta::assert_snapshot!(difference("domain rising", "domain rising asynchronous"), @r#"
    clock `clk` (rising) is on the left only
      at module `m`
    "#);
    insta::assert_snapshot!(difference("domain rising", "domain rising active_low"), @r#"
    clock `clk` (rising) is on the left only
      at module `m`
    "#);
}

#[test]
fn what_nothing_observes_is_matched_by_name() {
    let with = |line: &str| {
        let text = format!("top m\nmodule m {{\ndomain rising\n{line}\n}}\n");
        let design = Design::parse(&text).unwrap();
        assert_eq!(design.validate(), Ok(()));
        design
    };
    let register = |name: &str, reset: &str| {
        with(&format!("register {name} : bits 1 {reset}\n%0 : 1 = register {name}"))
    };
    let of = |l: &Design, r: &Design| isomorphic(l, r).unwrap_err().message;
    let (a, b) = (register("a", ""), register("b", ""));
    assert_eq!(isomorphic(&a, &a), Ok(()));
    assert_eq!(of(&a, &b), "register `b` is on the right only");
    assert_eq!(of(&a, &with("")), "register `a` is on the left only");
    assert_eq!(
        of(&a, &register("a", "reset 1'h0")),
        "registers `a` and `a` differ in the reset value"
    );
    let memory = |depth: u32| with(&format!("memory t : bits 1 x {depth}"));
    assert_eq!(of(&memory(2), &memory(3)), "memories `t` and `t` differ in the depth");
    assert_eq!(isomorphic(&memory(2), &memory(2)), Ok(()));
    let dead = with("dead : bits 1 = undefined");
    assert_eq!(isomorphic(&dead, &with("")), Ok(()));
}
