//! Element and array against chains of the golden multiply-accumulate.

mod common;

use common::program::Random;
use olivine_bench::{Bench, Poke};
use olivine_golden::mac;
use olivine_peridot::chip::{Array, Pe, PeKind, PePorts};

/// One step of an element.
#[derive(Clone, Copy, Debug)]
struct Pair {
    a: u16,
    b: u16,
    valid: bool,
    first: bool,
    last: bool,
}

/// Tiles of random length with bubbles between and inside.
fn steps(random: &mut Random, tiles: usize) -> Vec<Pair> {
    let mut steps = Vec::new();
    for _ in 0..tiles {
        let length = 1 + random.below(9);
        let mut done = 0;
        while done < length {
            let valid = random.below(4) > 0;
            let (first, last) = (done == 0, done == length - 1);
            steps.push(Pair { a: random.bf16(), b: random.bf16(), valid, first, last });
            done += u32::from(valid);
        }
    }
    steps
}

fn poke(p: &PePorts, pair: Pair) {
    p.a.poke(pair.a);
    p.b.poke(pair.b);
    p.step.valid.poke(pair.valid);
    p.step.first.poke(pair.first);
    p.step.last.poke(pair.last);
}

#[test]
fn element_sums_and_passes_on() {
    let mut steps = steps(&mut Random(1), 60);
    steps.extend([Pair { valid: false, ..steps[0] }; 3]);
    let (mut sum, mut due) = (0, Vec::new());
    let mut bench = Bench::new(Pe { kind: PeKind::Bf16 { stages: 1 } });
    bench.run(steps.len(), |p, cycle| {
        poke(p, steps[cycle]);
        if let Some(before) = cycle.checked_sub(1).map(|c| steps[c]) {
            assert_eq!(p.a_next.peek(), u64::from(before.a));
            assert_eq!(p.b_next.peek(), u64::from(before.b));
            assert_eq!(p.step_next.valid.peek() == 1, before.valid);
            assert_eq!(p.step_next.last.peek() == 1, before.last);
        }
        if let Some((_, sum)) = due.iter().find(|(when, _)| *when == cycle) {
            assert_eq!(p.drain_next.peek(), u64::from(*sum));
        }
        if let Pair { a, b, valid: true, first, last } = steps[cycle] {
            sum = mac(if first { 0 } else { sum }, a, b);
            // The sum is there in the third cycle after the last step.
            due.extend(last.then_some((cycle + 3, sum)));
        }
    });
    assert_eq!(due.len(), 60);
    assert!(due.iter().all(|(when, _)| *when < steps.len()), "every sum was compared");
}

#[test]
fn element_drains_from_the_north() {
    let mut bench = Bench::new(Pe { kind: PeKind::Bf16 { stages: 1 } });
    bench.run(4, |p, cycle| {
        p.shift.poke(cycle % 2 == 0);
        p.drain.poke(0x4040_4040u32 + cycle as u32);
        let from = [None, Some(0), Some(0), Some(2)][cycle];
        if let Some(from) = from {
            assert_eq!(p.drain_next.peek(), 0x4040_4040 + from);
        }
    });
}

#[test]
#[should_panic(expected = "a finished sum does not meet one that is drained")]
fn element_asserts_that_sums_do_not_collide() {
    let mut bench = Bench::new(Pe { kind: PeKind::Bf16 { stages: 1 } });
    let only = Pair { a: 0, b: 0, valid: true, first: true, last: true };
    bench.run(3, |p, _| {
        poke(p, only);
        p.shift.poke(true);
    });
}

/// Multiplies random tiles back to back and with bubbles; every row that leaves is compared.
fn array_multiplies(size: usize, seed: u64) {
    let mut random = Random(seed);
    let (tiles, mut schedule) = (5, Vec::new());
    let mut expected = Vec::new();
    for tile in 0..tiles {
        let length = size * (1 + random.below(3) as usize);
        let mut sums = vec![vec![0u32; size]; size];
        for k in 0..length {
            let bubbles = if tile % 2 == 1 { random.below(3) } else { 0 };
            (0..bubbles).for_each(|_| schedule.push(None));
            let edge = |r: &mut Random| (0..size).map(|_| r.bf16()).collect::<Vec<u16>>();
            let (a, b) = (edge(&mut random), edge(&mut random));
            for (r, c) in (0..size).flat_map(|r| (0..size).map(move |c| (r, c))) {
                sums[r][c] = mac(sums[r][c], a[r], b[c]);
            }
            schedule.push(Some((a, b, k == 0, k == length - 1)));
        }
        let last = schedule.len() - 1;
        for (i, c) in (0..size).flat_map(|i| (0..size).map(move |c| (i, c))) {
            expected.push((last + size + 2 + i + c, c, sums[size - 1 - i][c]));
        }
    }
    let mut compared = 0;
    let cycles = schedule.len() + 4 * size;
    Bench::new(Array::bf16(size)).run(cycles, |p, cycle| {
        let now = schedule.get(cycle).and_then(Option::as_ref);
        p.step.valid.poke(now.is_some());
        if let Some((a, b, first, last)) = now {
            (0..size).for_each(|i| p.a[i].poke(a[i]));
            (0..size).for_each(|i| p.b[i].poke(b[i]));
            p.step.first.poke(*first);
            p.step.last.poke(*last);
        }
        let due = expected.iter().filter(|(when, _, _)| *when == cycle);
        for &(_, column, sum) in due {
            assert_eq!(p.result[column].peek(), u64::from(sum), "cycle {cycle} column {column}");
            compared += 1;
        }
        let column = expected.iter().any(|(when, column, _)| (*when, *column) == (cycle, 0));
        assert_eq!(p.drained.peek() == 1, column, "cycle {cycle}");
    });
    assert_eq!(compared, tiles * size * size);
}

#[test]
fn arrays_multiply() {
    for (size, seeds) in [(2, 8), (4, 4), (8, 2)] {
        (0..seeds).for_each(|seed| array_multiplies(size, seed));
    }
}

#[test]
#[should_panic(expected = "tiles finish far enough apart")]
fn arrays_assert_that_tiles_do_not_meet() {
    let mut bench = Bench::new(Array::bf16(4));
    bench.run(8, |p, cycle| {
        p.step.valid.poke(true);
        p.step.last.poke(cycle % 3 == 0);
    });
}
