//! Registers, resets, domains and properties, on designs built cell by cell.

mod common;

use common::{Builder, power_up_zero};
use olivine_interp::{Engine, Interp, Undefined, find_signals, record, undefined_bits};
use olivine_netlist::{Bits, DomainId, Op, PropertyKind, ResetKind};

const CLK: DomainId = DomainId(0);

/// Counts enabled cycles; the second case of the register wins over the first.
fn counter() -> Builder {
    let mut b = Builder::new("counter");
    let enable = b.input("enable", 1);
    let clear = b.input("clear", 1);
    let count = b.register("count", 8, Some(5), None);
    let one = b.constant(8, 1);
    let next = b.cell(Op::Add(count, one), 8);
    let zero = b.constant(8, 0);
    b.case(count, Some(enable), next);
    b.case(count, Some(clear), zero);
    b.output("value", count);
    b
}

#[test]
fn the_last_case_that_holds_wins() {
    let mut engine = power_up_zero(counter());
    let [enable, clear, value] =
        ["enable", "clear", "value"].map(|n| engine.interface().find(n).unwrap());
    engine.set_u64(enable, 1);
    engine.step_by(CLK, 3);
    assert_eq!(engine.get_u64(value), 3);
    engine.set_u64(clear, 1);
    engine.step(CLK);
    assert_eq!(engine.get_u64(value), 0);
    engine.set_u64(enable, 0);
    engine.set_u64(clear, 0);
    engine.step(CLK);
    assert_eq!((engine.get_u64(value), engine.cycle()), (0, 5));
}

#[test]
fn reset_wins_over_all_cases() {
    let mut engine = power_up_zero(counter());
    engine.set_u64(engine.interface().find("clear").unwrap(), 1);
    engine.set_reset(CLK, true);
    engine.step(CLK);
    assert_eq!(engine.get_u64(engine.interface().find("value").unwrap()), 5);
}

#[test]
fn an_asynchronous_reset_acts_at_once_and_stays() {
    let mut b = counter();
    b.0.domains[0].reset = ResetKind::Asynchronous;
    let plain = b.register("plain", 8, None, Some(1));
    let count = b.0.registers[0].value;
    b.case(plain, None, count);
    b.output("plain", plain);
    let mut engine = power_up_zero(b);
    let [enable, value, plain] =
        ["enable", "value", "plain"].map(|n| engine.interface().find(n).unwrap());
    engine.set_u64(enable, 1);
    engine.step_by(CLK, 2);
    let seen = |engine: &mut Interp| (engine.get_u64(value), engine.get_u64(plain));
    assert_eq!(seen(&mut engine), (2, 1));
    engine.set_reset(CLK, true);
    assert_eq!(seen(&mut engine), (5, 1), "without an edge, and only what has a reset value");
    engine.step(CLK);
    assert_eq!(seen(&mut engine), (5, 5));
    engine.set_reset(CLK, false);
    assert_eq!(seen(&mut engine), (5, 5), "kept until the next edge");
    engine.step_by(CLK, 3);
    engine.set_reset(CLK, true);
    engine.set_reset(CLK, false);
    assert_eq!(seen(&mut engine), (5, 7), "a pulse is enough");
}

#[test]
fn at_power_up_a_register_holds_init_or_an_undefined_value() {
    let mut b = Builder::new("two");
    let known = b.register("known", 8, None, Some(7));
    let unknown = b.register("unknown", 70, None, None);
    b.output("a", known);
    b.output("b", unknown);
    let mut engine = Interp::new(&b.design(), Undefined::Random(3));
    let found = find_signals(&engine, &["known", "unknown"]).unwrap();
    assert_eq!(engine.read(found[0]), Bits::new(8, 7));
    assert_eq!(engine.read(found[1]), undefined_bits(3, "unknown", 0, 70));
}

#[test]
fn an_undefined_cell_takes_a_new_value_each_cycle() {
    let mut b = Builder::new("any");
    b.domain("clk");
    let any = b.cell(Op::Undefined, 32);
    b.output("any", any);
    let mut engine = Interp::new(&b.design(), Undefined::Random(9));
    let port = engine.interface().find("any").unwrap();
    for cycle in 0..4 {
        assert_eq!(engine.get(port), undefined_bits(9, "undefined[0]", cycle, 32));
        engine.step(CLK);
    }
}

#[test]
fn domains_step_alone() {
    let mut b = Builder::new("pair");
    let fast = b.register("fast", 8, None, Some(0));
    let slow_domain = b.domain("slow");
    let slow = b.register_in(slow_domain, "slow_count", 8, None, Some(0));
    for register in [fast, slow] {
        let one = b.constant(8, 1);
        let next = b.cell(Op::Add(register, one), 8);
        b.case(register, None, next);
    }
    b.output("a", fast);
    b.output("b", slow);
    let mut engine = power_up_zero(b);
    engine.step_by(CLK, 5);
    engine.step_by(slow_domain, 2);
    let [a, b] = ["a", "b"].map(|n| engine.interface().find(n).unwrap());
    assert_eq!((engine.get_u64(a), engine.get_u64(b), engine.cycle()), (5, 2, 7));
}

#[test]
fn properties_are_sampled_before_the_edge_and_not_under_reset() {
    let mut b = counter();
    let count = b.value_of_register("count");
    let three = b.constant(8, 3);
    let low = b.cell(Op::LessUnsigned(count, three), 1);
    b.property("stays low", PropertyKind::Assert, low);
    b.property("is low once", PropertyKind::Cover, low);
    let mut engine = power_up_zero(b);
    engine.set_u64(engine.interface().find("enable").unwrap(), 1);
    engine.step_by(CLK, 4);
    let found = engine.take_violations();
    let seen: Vec<_> = found.iter().map(|v| (v.cycle, v.path.as_str(), v.kind)).collect();
    assert_eq!(seen, [(3, "stays low", PropertyKind::Assert)]);
    engine.set_reset(CLK, true);
    engine.step(CLK);
    assert!(engine.take_violations().is_empty());
}

#[test]
fn a_trace_records_before_the_edge() {
    let mut engine = power_up_zero(counter());
    let enable = engine.interface().find("enable").unwrap();
    let signals = find_signals(&engine, &["count", "enable"]).unwrap();
    let trace = record(&mut engine, CLK, &signals, 4, |e, cycle| e.set_u64(enable, cycle % 2));
    let counts: Vec<u64> = trace.cycles.iter().map(|c| c[0].low_u64()).collect();
    assert_eq!(counts, [0, 0, 1, 1]);
    assert_eq!(trace.signals[1].path, "enable");
    assert_eq!(find_signals(&engine, &["count", "no"]), Err("no"));
}

#[test]
fn a_restored_state_runs_the_same_way() {
    let mut engine = power_up_zero(counter());
    engine.set_u64(engine.interface().find("enable").unwrap(), 1);
    engine.step_by(CLK, 10);
    let state = engine.snapshot().unwrap();
    engine.step_by(CLK, 10);
    let after = engine.snapshot();
    assert_ne!(Ok(&state), after.as_ref());
    engine.restore(&state).unwrap();
    engine.step_by(CLK, 10);
    assert_eq!(engine.snapshot(), after);
}

#[test]
fn step_until_counts_edges() {
    let mut engine = power_up_zero(counter());
    let [enable, value] = ["enable", "value"].map(|n| engine.interface().find(n).unwrap());
    engine.set_u64(enable, 1);
    assert_eq!(engine.step_until(CLK, value, 6, 100), Some(6));
    assert_eq!(engine.step_until(CLK, value, 6, 100), Some(0));
    assert_eq!(engine.step_until(CLK, value, 5, 10), None);
}
