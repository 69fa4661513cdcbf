//! Arrays of every kind of element against the golden models, every sum that leaves.

mod common;

use common::program::Random;
use olivine_bench::{Bench, Poke};
use olivine_float::{Element, Format};
use olivine_golden::number::{self, Specials, Value};
use olivine_golden::{PeKind as GoldenKind, PeSum};
use olivine_lang::Bits;
use olivine_peridot::chip::{Array, BLOCK, PeKind};

const ELEMENTS: [Element; 6] = [
    Element::Float(Format::E2M1),
    Element::Float(Format::E2M3),
    Element::Float(Format::E3M2),
    Element::Float(Format::E4M3),
    Element::Float(Format::E5M2),
    Element::Int8,
];

fn golden(kind: PeKind) -> GoldenKind {
    match kind {
        PeKind::Int8 => GoldenKind::Int8,
        PeKind::Bf16 { .. } => GoldenKind::Bf16,
        PeKind::Mx(Element::Int8) => GoldenKind::Mx(number::Element::Int8),
        PeKind::Mx(Element::Float(Format { exponent, mantissa, specials })) => {
            let specials = match specials {
                olivine_float::Specials::Ieee => Specials::Ieee,
                olivine_float::Specials::NanOnly => Specials::NanOnly,
                olivine_float::Specials::Numbers => Specials::Numbers,
            };
            GoldenKind::Mx(number::Element::Float(number::Format { exponent, mantissa, specials }))
        }
    }
}

/// A code: of floats mostly near one; of elements any.
fn code(random: &mut Random, kind: PeKind) -> u64 {
    match kind {
        PeKind::Bf16 { .. } => random.bf16().into(),
        _ => random.next() & ((1 << kind.factor().width()) - 1),
    }
}

/// Few specials, so that most blocks have a number.
fn factor(random: &mut Random, kind: PeKind) -> u64 {
    let GoldenKind::Mx(element) = golden(kind) else { return code(random, kind) };
    let rare = random.below(200) == 0;
    loop {
        let code = code(random, kind);
        if rare || matches!(element.value(code), Value::Finite { .. }) {
            return code;
        }
    }
}

/// Whether what is drained is the sum.
#[track_caller]
fn compare(kind: PeKind, drained: &Bits, wanted: PeSum) {
    let bits = |low: u32, width: u32| {
        (0..width).fold(0u128, |all, i| all | u128::from(drained.bit(low + i)) << i)
    };
    let wanted = match wanted {
        PeSum::Code(code) => return assert_eq!(bits(0, 32), u128::from(code)),
        PeSum::Exact(value) => value,
    };
    let PeKind::Mx(element) = kind else { panic!("only blocks are exact") };
    let width = kind.sum().width() - 3;
    let [nan, infinite, negative] = [0, 1, 2].map(|flag| bits(width + flag, 1) == 1);
    match wanted {
        Value::Nan => assert!(nan, "NaN"),
        Value::Infinity { negative: below } => {
            assert_eq!((nan, infinite, negative), (false, true, below));
        }
        Value::Finite { .. } => {
            assert_eq!((nan, infinite), (false, false), "a number");
            let code = bits(0, width) as i128;
            let integer = code << (128 - width) >> (128 - width);
            let unit = match element {
                Element::Int8 => -12,
                Element::Float(f) => 2 * (2 - (1 << (f.exponent - 1)) - f.mantissa as i32),
            };
            let found = Value::integer(integer, unit);
            assert_eq!(found.compare(wanted), Some(std::cmp::Ordering::Equal), "{found:?}");
        }
    }
}

/// One step, of a group, with its factors.
struct Step {
    a: Vec<u64>,
    b: Vec<u64>,
    first: bool,
    last: bool,
}

/// A sum that leaves: when, in which column, and which.
struct Due {
    cycle: usize,
    column: usize,
    sum: PeSum,
}

/// Random tiles, back to back and with bubbles, and what leaves.
fn tiles(array: &Array, count: usize, random: &mut Random) -> (Vec<Option<Step>>, Vec<Due>) {
    let Array { size, kind } = *array;
    let (sums, mut schedule, mut due) = (kind.interleaved(), Vec::new(), Vec::new());
    for tile in 0..count {
        let length = match kind {
            PeKind::Mx(_) => BLOCK,
            _ => array.least_distance().div_ceil(sums) + random.below(9) as usize,
        };
        let mut pairs = vec![Vec::new(); size * size * sums];
        for k in 0..length {
            let bubbles = if tile % 2 == 1 { random.below(3) as usize } else { 0 };
            (0..bubbles * sums).for_each(|_| schedule.push(None));
            for slot in 0..sums {
                let [a, b] =
                    [(); 2].map(|()| (0..size).map(|_| factor(random, kind)).collect::<Vec<u64>>());
                for (r, c) in (0..size).flat_map(|r| (0..size).map(move |c| (r, c))) {
                    pairs[(r * size + c) * sums + slot].push((a[r], b[c]));
                }
                schedule.push(Some(Step { a, b, first: k == 0, last: k == length - 1 }));
            }
        }
        let begins = schedule.len() - sums;
        for i in 0..size * sums {
            for column in 0..size {
                let row = size - 1 - i / sums;
                let pairs = &pairs[(row * size + column) * sums + i % sums];
                let cycle = begins + size + kind.latency() + sums - 2 + i + array.late(column);
                due.push(Due { cycle, column, sum: golden(kind).sum(pairs) });
            }
        }
    }
    (schedule, due)
}

/// How many sums were compared.
fn multiplies(array: &Array, seed: u64) -> usize {
    let count = 5;
    let (schedule, due) = tiles(array, count, &mut Random(seed));
    let cycles = 1 + due.iter().map(|due| due.cycle).max().expect("something leaves");
    let mut compared = 0;
    Bench::new(array.clone()).run(cycles, |p, cycle| {
        let now = schedule.get(cycle).and_then(Option::as_ref);
        p.step.valid.poke(now.is_some());
        if let Some(step) = now {
            (0..array.size).for_each(|i| p.a[i].poke(step.a[i]));
            (0..array.size).for_each(|i| p.b[i].poke(step.b[i]));
            p.step.first.poke(step.first);
            p.step.last.poke(step.last);
        }
        for Due { column, sum, .. } in due.iter().filter(|due| due.cycle == cycle) {
            compare(array.kind, &p.result[*column].peek_bits(), *sum);
            compared += 1;
        }
        let leaves = due.iter().any(|due| due.cycle == cycle && due.column == 0);
        assert_eq!(p.drained.peek() == 1, leaves, "cycle {cycle}");
    });
    assert_eq!(compared, count * array.size * array.size * array.kind.interleaved());
    compared
}

#[test]
fn arrays_of_integers() {
    for size in [2, 4, 8] {
        (0..4).for_each(|seed| assert!(multiplies(&Array { size, kind: PeKind::Int8 }, seed) > 0));
    }
}

#[test]
fn arrays_of_floats_of_any_number_of_stages() {
    for stages in 1..=8 {
        let kind = PeKind::Bf16 { stages };
        for size in [2, 3, 4] {
            assert!(multiplies(&Array { size, kind }, stages.into()) > 0);
        }
    }
}

#[test]
fn arrays_of_block_elements() {
    for element in ELEMENTS {
        let kind = PeKind::Mx(element);
        for size in [2, 4, 8] {
            assert!(multiplies(&Array { size, kind }, 7) > 0);
        }
    }
    let kind = PeKind::Mx(Element::Float(Format::E2M1));
    for size in [16, 32] {
        assert!(multiplies(&Array { size, kind }, 8) > 0);
    }
}

/// Groups of several sums go as a whole.
#[test]
#[should_panic(expected = "groups are whole")]
fn arrays_assert_whole_groups() {
    let mut bench = Bench::new(Array { size: 2, kind: PeKind::Bf16 { stages: 3 } });
    bench.run(8, |p, cycle| p.step.valid.poke(cycle % 3 == 1));
}

#[test]
#[should_panic(expected = "a tile starts where the one before has ended")]
fn elements_assert_that_tiles_follow() {
    let mut bench = Bench::new(Array { size: 2, kind: PeKind::Int8 });
    bench.run(8, |p, _| {
        p.step.valid.poke(true);
        p.step.first.poke(true);
        p.step.last.poke(false);
    });
}

#[test]
fn impossible_parameters_are_told() {
    let message = |array| olivine_lang::elaborate::<Array>(array).unwrap_err().to_string();
    let many = Array { size: 64, kind: PeKind::Mx(Element::Int8) };
    assert!(message(many).contains("drain in more cycles than an MX block has"));
    let stages = Array { size: 2, kind: PeKind::Bf16 { stages: 0 } };
    assert!(message(stages).contains("it must have from 1 to 8"));
}
