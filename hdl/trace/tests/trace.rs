//! Selecting, renaming, comparing.

use olivine_netlist::{Bits, Kind};
use olivine_trace::{Signal, Trace};

/// Signals `a` and `u.b` of 8 bits with these values.
fn trace(values: &[(u64, u64)]) -> Trace {
    let signal = |path: &str| Signal { path: path.to_string(), width: 8, kind: Kind::Signed };
    let mut trace = Trace::new(vec![signal("a"), signal("u.b")]);
    let cycles = values.iter().map(|(a, b)| vec![Bits::new(8, *a), Bits::new(8, *b)]);
    trace.cycles.extend(cycles);
    trace
}

#[test]
fn columns_and_selections() {
    let t = trace(&[(1, 2), (3, 4)]);
    assert_eq!(t.column("u.b"), Some(vec![&Bits::new(8, 2), &Bits::new(8, 4)]));
    assert_eq!(t.column("c"), None);
    let turned = t.select(&["u.b", "a"]).unwrap();
    assert_eq!(turned.cycles[1], [Bits::new(8, 4), Bits::new(8, 3)]);
    assert_eq!(t.select(&["a", "c", "d"]), Err(vec!["c".to_string(), "d".to_string()]));
    assert_eq!(t.filter(|s| s.path.starts_with("u.")).signals.len(), 1);
    assert_eq!(t.window(1, 9).cycles.len(), 1);
    assert_eq!(t.window(5, 3).cycles.len(), 0);
    assert_eq!(t.rename(|path| format!("dut.{path}")).signals[1].path, "dut.u.b");
}

fn difference(left: &Trace, right: &Trace) -> String {
    left.first_difference(right).map_or("none".to_string(), |d| d.to_string())
}

#[test]
fn differences() {
    let t = trace(&[(1, 2), (3, 4)]);
    assert_eq!(difference(&t, &t.select(&["u.b", "a"]).unwrap()), "none");
    assert_eq!(
        difference(&t, &trace(&[(1, 2), (3, 255), (0, 0)])),
        "cycle 1: `u.b` is 4 on the left, -1 on the right"
    );
    assert_eq!(difference(&t, &trace(&[(1, 2)])), "the left trace has 2 cycles, the right one 1");
    let renamed = t.clone().rename(|path| path.replace("u.", "v."));
    assert_eq!(
        difference(&t, &renamed),
        "the traces observe different signals: left only [u.b], right only [v.b]"
    );
    let mut nan = trace(&[(0, 0)]);
    nan.signals[0].kind = Kind::Float { exponent: 4, mantissa: 3 };
    let mut other = nan.clone();
    nan.cycles[0][0] = Bits::new(8, 0x7c);
    other.cycles[0][0] = Bits::new(8, 0x7f);
    assert_eq!(
        difference(&nan, &other),
        "cycle 0: `a` is nan on the left, nan on the right (8'h7c and 8'h7f)"
    );
}
