//! What a drawn trace looks like.

use olivine_netlist::{Bits, EnumKind, Kind};
use olivine_trace::{Drawing, Lane, Signal, Trace};
use std::sync::Arc;

/// A trace of signals with their kinds, widths and values.
fn trace(signals: &[(&str, Kind, u32, &[i64])]) -> Trace {
    let signal = |(path, kind, width, _): &(&str, Kind, u32, &[i64])| Signal {
        path: path.to_string(),
        width: *width,
        kind: kind.clone(),
    };
    let count = signals.first().map_or(0, |s| s.3.len());
    let cycle = |c: usize| signals.iter().map(|s| Bits::from_i64(s.2, s.3[c])).collect();
    Trace { signals: signals.iter().map(signal).collect(), cycles: (0..count).map(cycle).collect() }
}

fn counter() -> Trace {
    trace(&[
        ("enable", Kind::Bit, 1, &[0, 1, 1, 1, 0, 1]),
        ("count", Kind::Unsigned, 2, &[0, 0, 1, 2, 0, 0]),
        ("wraps", Kind::Bit, 1, &[0, 0, 0, 1, 0, 0]),
    ])
}

#[test]
fn a_counter() {
    insta::assert_snapshot!(counter(), @r#"
    cycle   0   1   2   3   4   5
    clk     /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    enable  ____/‾‾‾‾‾‾‾‾‾‾‾\___/‾‾‾
    count   X 0     X 1 X 2 X 0
    wraps   ____________/‾‾‾\_______
    "#);
}

#[test]
fn every_kind() {
    let variants = vec!["Idle".to_string(), "Fetching".to_string()];
    let state = Kind::Enum(Arc::new(EnumKind {
        name: "State".to_string(),
        variants,
        ..EnumKind::default()
    }));
    let bf16 = Kind::Float { exponent: 8, mantissa: 7 };
    insta::assert_snapshot!(trace(&[
        ("raw", Kind::Bits, 12, &[0x2a, 0x2a, 0xfff, 0, 1]),
        ("flag", Kind::Bits, 1, &[1, 0, 1, 0, 1]),
        ("signed", Kind::Signed, 8, &[-1, -128, 127, 0, 0]),
        ("pe[1][2].sum", bf16, 16, &[0x3f80, 0xbe80, 0x7f80, 0x7fc0, 0]),
        ("state", state, 1, &[0, 0, 1, 1, 0]),
    ]), @r#"
    cycle         0       1       2       3       4
    clk           /‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___/‾‾‾\___
    raw           X 02a           X fff   X 000   X 001
    flag          ‾‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾\_______/‾‾‾‾‾‾‾
    signed        X -1    X -128  X 127   X 0
    pe[1][2].sum  X 1     X -0.25 X inf   X nan   X 0
    state         X Idle          X Fetching      X Idle
    "#);
}

#[test]
fn values_that_hold_may_be_wide() {
    insta::assert_snapshot!(trace(&[
        ("word", Kind::Bits, 32, &[0x1234_5678, 0x1234_5678, 0x1234_5678, 0, 0, 0]),
    ]), @r#"
    cycle  0   1   2   3   4   5
    clk    /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    word   X 12345678  X 00000000
    "#);
}

#[test]
fn what_is_too_wide_goes_on_below() {
    let values: Vec<i64> = (0..14).map(|i| i / 4).collect();
    let levels: Vec<i64> = (0..14).map(|i| i / 3 % 2).collect();
    let long = trace(&[("n", Kind::Unsigned, 8, &values), ("b", Kind::Bit, 1, &levels)]);
    insta::assert_snapshot!(long.draw(&Drawing::default().width(40)), @r#"
    cycle  0   1   2   3   4   5   6   7
    clk    /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    n      X 0             X 1
    b      ____________/‾‾‾‾‾‾‾‾‾‾‾\_______

    cycle  8   9   10  11  12  13
    clk    /‾\_/‾\_/‾\_/‾\_/‾\_/‾\_
    n      X 2             X 3
    b      ____/‾‾‾‾‾‾‾‾‾‾‾\_______
    "#);
    insta::assert_snapshot!(long.draw(&Drawing::default().window(9, 12).without_clock()), @r#"
    cycle  9   10  11
    n      X 2
    b      ‾‾‾‾‾‾‾‾‾‾‾‾
    "#);
}

#[test]
fn very_wide_values_are_cut() {
    let wide = Trace {
        signals: vec![Signal { path: "w".to_string(), width: 200, kind: Kind::Bits }],
        cycles: vec![vec![Bits::ones(200)], vec![Bits::zero(200)]],
    };
    insta::assert_snapshot!(wide, @r#"
    cycle  0                       1
    clk    /‾‾‾‾‾‾‾‾‾‾‾\___________/‾‾‾‾‾‾‾‾‾‾‾\___________
    w      X ffffffffffffffffffff… X 00000000000000000000…
    "#);
}

#[test]
fn a_clock_of_ones_own() {
    insta::assert_snapshot!(trace(&[("clk", Kind::Bit, 1, &[1, 0, 1])]), @r#"
    cycle  0   1   2
    (clk)  /‾\_/‾\_/‾\_
    clk    ‾‾‾‾\___/‾‾‾
    "#);
}

#[test]
fn lanes_with_texts_of_their_own() {
    let texts = ["x", "x", "0x2a", "0x2a", "z"].map(str::to_string);
    let lanes = || {
        vec![
            ("bus", Lane::texts(texts.clone())),
            ("clk", Lane::Levels(vec![false, true, true, false, false])),
        ]
    };
    insta::assert_snapshot!(Drawing::default().draw_lanes(lanes()), @r#"
    cycle  0   1   2   3   4
    (clk)  /‾\_/‾\_/‾\_/‾\_/‾\_
    bus    X x     X 0x2a  X z
    clk    ____/‾‾‾‾‾‾‾\_______
    "#);
    insta::assert_snapshot!(Drawing::default().window(1, 3).without_clock().draw_lanes(lanes()), @r#"
    cycle  1       2
    bus    X x     X 0x2a
    clk    ‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾‾
    "#);
}

#[test]
fn nothing_to_draw() {
    insta::assert_snapshot!(trace(&[("a", Kind::Bit, 1, &[])]), @"(no cycles)");
    insta::assert_snapshot!(counter().draw(&Drawing::default().window(90, 100)), @"(no cycles)");
}
