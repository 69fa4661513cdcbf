//! Faults of widths, constants and kinds.

use super::*;

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
