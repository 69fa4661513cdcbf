//! MX blocks against the golden model.

#[path = "common/batch.rs"]
mod batch;
#[path = "common/stimulus.rs"]
mod stimulus;

use batch::Batch;
use olivine_float::{BlockDot, BlockSum, Element, Format, Quantize, Rounding};
use olivine_golden::number::{self, Value};
use olivine_lang::elaborate;
use stimulus::{ELEMENTS, ROUNDINGS, Random, corners, golden_element, golden_format};

const SIZE: usize = 32;
/// c, the codes and the scale of a, those of b.
const DOT: usize = 1 + 2 * (SIZE + 1);
const NEAREST: number::Rounding = number::Rounding::NearestEven;

fn golden_dot(element: Element, s: [u64; DOT]) -> u32 {
    let (a, b) = (&s[1..=SIZE], &s[SIZE + 2..DOT - 1]);
    let scales = [s[SIZE + 1], s[DOT - 1]].map(|scale| scale as u8);
    let element = golden_element(element);
    number::block_dot(element, s[0] as u32, (a, scales[0]), (b, scales[1]), NEAREST)
}

fn mask(element: Element) -> u64 {
    (1 << element.width()) - 1
}

/// Codes of one block: any, sparse ones, or alike; few of them special.
fn codes(random: &mut Random, element: Element) -> [u64; SIZE] {
    let kind = random.next();
    let one = random.next() & mask(element);
    let special = |code: u64| !matches!(golden_element(element).value(code), Value::Finite { .. });
    let mut codes = [(); SIZE].map(|()| {
        let code = match kind % 4 {
            0 => one ^ (random.next() & 1) << (element.width() - 1),
            1 if random.next().is_multiple_of(4) => 0,
            _ => random.next() & mask(element),
        };
        if special(code) { 0 } else { code }
    });
    if kind >> 8 & 15 == 0 {
        codes[(kind >> 16) as usize % SIZE] = mask(element) >> (kind >> 30 & 3);
    }
    codes
}

/// All pairs of elements, each at one of the places, between others.
#[test]
fn dots_of_every_pair_of_elements() {
    for element in ELEMENTS {
        let mut unit =
            Batch::<DOT, 1>::new(&elaborate(BlockDot { element, size: SIZE as u32 }).unwrap());
        let mut random = Random(1);
        let all = 1u64 << (2 * element.width());
        let stimuli = (0..all).map(|pair| {
            let mut stimulus = [0; DOT];
            let place = (pair ^ pair >> element.width()) as usize % SIZE;
            if pair % 4 > 0 {
                stimulus[1..=SIZE].copy_from_slice(&codes(&mut random, element));
                stimulus[SIZE + 2..DOT - 1].copy_from_slice(&codes(&mut random, element));
            }
            stimulus[1 + place] = pair & mask(element);
            stimulus[SIZE + 2 + place] = pair >> element.width();
            let scales = [(); 2].map(|()| 107 + random.next() % 40);
            [stimulus[SIZE + 1], stimulus[DOT - 1]] = scales;
            // Half of the sums all but cancel.
            stimulus[0] = match random.next() & 3 {
                0 => random.float(Format::FP32),
                1 => 0,
                _ => u64::from(golden_dot(element, stimulus) ^ 1 << 31) ^ random.next() & 1,
            };
            stimulus
        });
        let shown = unit.compare(stimuli, |s| [golden_dot(element, s).into()]);
        assert_eq!(shown, all);
    }
}

/// All scales, at the ends of fp32's range too.
#[test]
fn dots_with_every_scale() {
    for element in [Element::Float(Format::E4M3), Element::Float(Format::E5M2), Element::Int8] {
        let mut unit =
            Batch::<DOT, 1>::new(&elaborate(BlockDot { element, size: SIZE as u32 }).unwrap());
        let mut random = Random(2);
        let stimuli = (0..20_000u64).map(|i| {
            let mut stimulus = [0; DOT];
            stimulus[1..=SIZE].copy_from_slice(&codes(&mut random, element));
            stimulus[SIZE + 2..DOT - 1].copy_from_slice(&codes(&mut random, element));
            stimulus[SIZE + 1] = i % 256;
            let near_least = (105 + random.next() % 60).saturating_sub(i % 256);
            stimulus[DOT - 1] = if i.is_multiple_of(3) { near_least } else { random.next() & 255 };
            stimulus[0] = random.float(Format::FP32);
            stimulus
        });
        unit.compare(stimuli, |s| [golden_dot(element, s).into()]);
    }
}

/// The sums of blocks, all bits of them.
#[test]
fn sums_are_exact() {
    const SUM: usize = 2 * SIZE;
    for element in ELEMENTS.into_iter().filter(|e| *e != Element::Float(Format::E5M2)) {
        let unit = elaborate(BlockSum { element, size: SIZE as u32 }).unwrap();
        let width = unit.top().ports[SUM].width;
        let mut unit = Batch::<SUM, 4>::new(&unit);
        let mut random = Random(3);
        let stimuli = (0..60_000).map(|_| {
            let mut stimulus = [0; SUM];
            stimulus[..SIZE].copy_from_slice(&codes(&mut random, element));
            stimulus[SIZE..].copy_from_slice(&codes(&mut random, element));
            stimulus
        });
        // The integer of a special total does not count; these have none.
        let numbers = stimuli.filter(|s| {
            let special = number::block_sum(golden_element(element), &s[..SIZE], &s[SIZE..]);
            matches!(special, Value::Finite { .. })
        });
        let unit_exponent = match element {
            Element::Float(f) => {
                let f = golden_format(f);
                2 * (f.exponent_min() - f.mantissa as i32)
            }
            Element::Int8 => -12,
        };
        let shown = unit.compare(numbers, |s| {
            let sum = number::block_sum(golden_element(element), &s[..SIZE], &s[SIZE..]);
            let integer = sum.scaled(-unit_exponent).to_integer(63, number::Rounding::TowardZero);
            [integer as u64 & (u64::MAX >> (64 - width)), 0, 0, 0]
        });
        assert!(shown > 50_000);
    }
}

/// Values of a block: of one size, of many, with corners among them.
fn values<const N: usize>(random: &mut Random, from: Format) -> [u64; N] {
    let near = random.float(from) & !((1 << from.mantissa) - 1);
    let (spread, kind) = (random.next() % 20, random.next() % 8);
    let corners = corners(from);
    [(); N].map(|()| match kind {
        0 => 0,
        1 => corners[random.next() as usize % corners.len()],
        2 => random.float(from),
        _ => random.float_near(near, from, spread),
    })
}

fn quantize<const N: usize, const I: usize, const O: usize>(
    from: Format,
    element: Element,
    rounding: Rounding,
    count: usize,
) {
    let unit = Quantize { from, element, size: N as u32, rounding };
    let mut unit = Batch::<I, O>::new(&elaborate(unit).unwrap());
    let mut random = Random(4);
    let stimuli = (0..count).map(|_| {
        let mut stimulus = [0; I];
        stimulus[..N].copy_from_slice(&values::<N>(&mut random, from));
        stimulus[N..].iter_mut().for_each(|r| *r = random.next() & 0xff);
        stimulus
    });
    let (e, f) = (golden_element(element), golden_format(from));
    unit.compare(stimuli, |stimulus| {
        let roundings: Vec<number::Rounding> = (0..N)
            .map(|i| stimulus::golden_rounding(rounding, stimulus.get(N + i).copied().unwrap_or(0)))
            .collect();
        let (scale, codes) = number::quantize(e, &stimulus[..N], f, &roundings);
        std::array::from_fn(|i| if i == 0 { scale.into() } else { codes[i - 1] })
    });
}

#[test]
fn quantisation() {
    for element in ELEMENTS {
        for from in [Format::FP32, Format::BF16] {
            for rounding in ROUNDINGS {
                quantize::<4, 4, 5>(from, element, rounding, 6_000);
            }
        }
    }
}

#[test]
fn quantisation_of_whole_blocks_by_chance() {
    for element in ELEMENTS {
        quantize::<32, 64, 33>(Format::FP32, element, Rounding::Stochastic { bits: 8 }, 4_000);
    }
}
