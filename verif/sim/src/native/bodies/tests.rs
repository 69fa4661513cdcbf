//! Random instructions of one lane, before and after bodies are formed, by a reading of their own.

use super::form;
use crate::native::ops::{Bin, Cell, Compare, Inst, Op, Shift, V, When};
use proptest::prelude::*;
use smallvec::smallvec;

const CELLS: u32 = 6;

/// What instructions make of cells; every skipped body is left out.
fn run(insts: &[Inst], values: u32, cells: &[u64]) -> Vec<u64> {
    let mut cells = cells.to_vec();
    let mut known: Vec<Option<u64>> = vec![None; values as usize];
    let (mut at, mut result) = (0, 0);
    // For each body, whether it is done.
    let mut bodies: Vec<bool> = Vec::new();
    while at < insts.len() {
        let inst = &insts[at];
        at += 1;
        let done = bodies.iter().all(|done| *done);
        match inst.op {
            Op::If { when, negated } => {
                let holds = done && holds(when, &operands(inst, &known)) != negated;
                bodies.push(holds);
                continue;
            }
            Op::Else => {
                let first = bodies.pop().expect("a body");
                let outside = bodies.iter().all(|done| *done);
                if outside && first {
                    result = operands(inst, &known)[0];
                }
                bodies.push(outside && !first);
                continue;
            }
            Op::End(class) => {
                let second = bodies.pop().expect("a body");
                let outside = bodies.iter().all(|done| *done);
                if let (Some(to), Some(_), true) = (inst.to, class, outside) {
                    let own = if second { operands(inst, &known)[0] } else { result };
                    known[to.0 as usize] = Some(own);
                }
                continue;
            }
            _ if !done => continue,
            _ => {}
        }
        let from = operands(inst, &known);
        let made = match inst.op {
            Op::Number(value) => value,
            Op::Load(cell) => cells[(cell.at / 8) as usize],
            Op::Store(cell) => {
                cells[(cell.at / 8) as usize] = from[0];
                continue;
            }
            Op::Scalar(Bin::Add) => from[0].wrapping_add(from[1]),
            Op::Scalar(Bin::Xor) => from[0] ^ from[1],
            Op::Shift(Shift::Right, by) => from[0] >> by,
            Op::Choose => {
                if from[1] != 0 {
                    from[2]
                } else {
                    from[0]
                }
            }
            Op::ChooseTest(bits) => {
                if from[1] & u64::from(bits) != 0 {
                    from[2]
                } else {
                    from[0]
                }
            }
            Op::ChooseNumber(_, value) => {
                if from[1] == value as u64 {
                    from[2]
                } else {
                    from[0]
                }
            }
            op => unreachable!("not in these tests: {op:?}"),
        };
        known[inst.to.expect("a result").0 as usize] = Some(made);
    }
    cells
}

fn operands(inst: &Inst, known: &[Option<u64>]) -> Vec<u64> {
    let value = |v: &V| known[v.0 as usize].expect("a value is made before it is used");
    inst.from.iter().map(value).collect()
}

fn holds(when: When, from: &[u64]) -> bool {
    match when {
        When::Set => from[0] != 0,
        When::Test(bits) => from[0] & u64::from(bits) != 0,
        When::Number(Compare::Equal, value) => from[0] == value as u64,
        other => unreachable!("not in these tests: {other:?}"),
    }
}

fn cell(index: u32) -> Cell {
    Cell { at: 8 * index, size: 8 }
}

/// Instructions as a builder makes them: cells are loaded first, each is stored once, behind what
/// reads it; `choices` says what.
fn program(choices: &[u32]) -> (Vec<Inst>, u32) {
    let mut choices = choices.iter().copied();
    let mut choose = |below: u32| choices.next().unwrap_or(0) % below;
    let mut insts: Vec<Inst> = Vec::new();
    let mut values = 0;
    let mut make = |op, from: &[V]| {
        let to = V(values);
        values += 1;
        insts.push(Inst { op, to: Some(to), from: from.into() });
        to
    };
    let mut pool: Vec<V> = (0..CELLS).map(|c| make(Op::Load(cell(c)), &[])).collect();
    pool.extend([make(Op::Number(3), &[]), make(Op::Number(0), &[])]);
    let mut last = Vec::new();
    for target in 0..CELLS {
        for _ in 0..choose(7) {
            let [a, b, c] = [0; 3].map(|_| pool[choose(pool.len() as u32) as usize]);
            pool.push(match choose(6) {
                0 => make(Op::Scalar(Bin::Add), &[a, b]),
                1 => make(Op::Scalar(Bin::Xor), &[a, b]),
                2 => make(Op::Shift(Shift::Right, 1), &[a]),
                3 => make(Op::ChooseTest(1 + choose(3)), &[a, b, c]),
                4 => make(Op::ChooseNumber(Compare::Equal, 3), &[a, b, c]),
                _ => make(Op::Choose, &[a, b, c]),
            });
        }
        let (new, old) = (pool[pool.len() - 1], V(target));
        let [c, d] = [0; 2].map(|_| pool[choose(8) as usize]);
        let stored = match choose(5) {
            0 => new,
            1 => make(Op::Choose, &[old, c, new]),
            2 => make(Op::Choose, &[new, c, old]),
            3 => {
                let inner = make(Op::Choose, &[old, c, new]);
                make(Op::ChooseTest(1), &[old, d, inner])
            }
            _ => make(Op::ChooseTest(1), &[old, c, new]),
        };
        last.push(Inst { op: Op::Store(cell(target)), to: None, from: smallvec![stored] });
    }
    // Each store stands behind the last that has to do with it or reads its cell again.
    insts.extend(last);
    (insts, values)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn cells_become_the_same(
        choices in prop::collection::vec(any::<u32>(), 0..300),
        cells in prop::collection::vec(0u64..5, CELLS as usize),
        least in 0u32..6,
    ) {
        let (insts, mut values) = program(&choices);
        let expected = run(&insts, values, &cells);
        let mut owners = vec![0; values as usize];
        let formed = form(insts, least, &mut values, &mut owners, Vec::new());
        prop_assert_eq!(run(&formed, values, &cells), expected);
    }
}

/// Loads cell 0 for the other side of a choice, and stores to it before the choice.
fn load_across_a_store() -> Vec<Inst> {
    let inst = |op, to: Option<u32>, from: &[u32]| Inst {
        op,
        to: to.map(V),
        from: from.iter().copied().map(V).collect(),
    };
    vec![
        inst(Op::Load(cell(0)), Some(0), &[]),
        inst(Op::Load(cell(1)), Some(1), &[]),
        inst(Op::Shift(Shift::Right, 1), Some(2), &[0]),
        inst(Op::Store(cell(0)), None, &[1]),
        inst(Op::Choose, Some(3), &[1, 1, 2]),
        inst(Op::Store(cell(1)), None, &[3]),
    ]
}

#[test]
fn a_load_does_not_move_across_a_store() {
    let (mut values, mut owners) = (4, vec![0; 4]);
    let formed = form(load_across_a_store(), 0, &mut values, &mut owners, Vec::new());
    assert!(formed.iter().any(|inst| matches!(inst.op, Op::If { .. })), "a body is formed");
    assert_eq!(run(&formed, values, &[8, 1]), [1, 4]);
    // Moved, it would see the new value: this way of reading notices.
    let mut moved = formed;
    let load = moved.remove(0);
    let body = moved.iter().position(|inst| matches!(inst.op, Op::If { .. })).expect("formed");
    moved.insert(body + 1, load);
    assert_ne!(run(&moved, values, &[8, 1]), [1, 4]);
}

#[test]
fn states_under_one_condition_share_a_body() {
    let inst = |op, to: Option<u32>, from: &[u32]| Inst {
        op,
        to: to.map(V),
        from: from.iter().copied().map(V).collect(),
    };
    let mut insts = vec![inst(Op::Load(cell(0)), Some(0), &[])];
    for k in 1..4 {
        insts.push(inst(Op::Load(cell(k)), Some(k), &[]));
        insts.push(inst(Op::Scalar(Bin::Add), Some(10 + k), &[k, 0]));
        insts.push(inst(Op::Choose, Some(20 + k), &[k, 0, 10 + k]));
        insts.push(inst(Op::Store(cell(k)), None, &[20 + k]));
    }
    let (mut values, mut owners) = (24, vec![0; 24]);
    let formed = form(insts, 0, &mut values, &mut owners, Vec::new());
    let jumps = formed.iter().filter(|inst| matches!(inst.op, Op::If { .. })).count();
    let choices = formed.iter().filter(|inst| inst.op == Op::Choose).count();
    assert_eq!((jumps, choices), (1, 0), "{formed:#?}");
    assert_eq!(run(&formed, values, &[0, 5, 6, 7]), [0, 5, 6, 7]);
    assert_eq!(run(&formed, values, &[2, 5, 6, 7]), [2, 7, 8, 9]);
}
