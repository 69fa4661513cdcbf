//! All inputs.

use crate::batch::Batch;
use crate::evidence::{Method, Row};
use crate::stimulus::{Random, golden_element, golden_format, golden_rounding};
use olivine_float::{Add, BlockDot, Cast, Element, Format, Overflow, Rounding, Times};
use olivine_golden::{f32_to_bf16, number};
use olivine_lang::prelude::{Design, elaborate};
use std::time::Instant;

const GOLDEN: &str = "golden model";

/// Something to compare on all numbers below a bound.
struct Space<const I: usize, S, G> {
    /// How many.
    count: u64,
    /// The inputs of each.
    stimulus: S,
    /// The right result.
    golden: G,
}

impl<const I: usize, S, G> Space<I, S, G>
where
    S: Fn(u64) -> [u64; I] + Sync,
    G: Fn([u64; I]) -> u64 + Sync,
{
    /// All of them, on all processors.
    fn exhaust(&self, design: &Design) -> Result<u64, String> {
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
        let share = self.count.div_ceil(threads);
        let part = |thread: u64| {
            let (first, end) = (thread * share, ((thread + 1) * share).min(self.count));
            let stimuli = (first..end).map(&self.stimulus);
            Batch::<I, 1>::new(design).agrees(stimuli, |s| [(self.golden)(s)])
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|t| scope.spawn(move || part(t))).collect();
            workers.into_iter().map(|w| w.join().expect("it does not panic")).sum()
        })
    }

    /// A fault that is found among the first of them, spread over all.
    fn find_fault(&self, design: &Design) -> Result<String, String> {
        let step = (self.count >> 20).max(1) | 1;
        let mutations = design.mutations();
        let stride = (mutations.len() / 7).max(1);
        for mutation in mutations.iter().skip(stride / 2).step_by(stride) {
            let stimuli = (0..self.count).step_by(step as usize).map(&self.stimulus);
            let mut mutant = Batch::<I, 1>::new(&mutation.apply(design));
            if mutant.agrees(stimuli, |s| [(self.golden)(s)]).is_err() {
                return Ok(mutation.description.clone());
            }
        }
        Err(format!("{}: no fault was found", design.top().name))
    }

    fn row(&self, unit: &str, format: &str, design: &Design) -> Result<Row, String> {
        let mutant = self.find_fault(design)?;
        let start = Instant::now();
        let cases = self.exhaust(design).map_err(|e| format!("{unit} {format}: {e}"))?;
        if cases != self.count {
            return Err(format!("{unit} {format}: {cases} cases, not {}", self.count));
        }
        Row::new((unit, format), (Method::Exhaustive, GOLDEN), cases as f64, start, mutant)
    }
}

/// All numbers of one format.
fn cast(from: Format, to: Format, rounding: Rounding, format: &str) -> Result<Row, String> {
    let overflow = Overflow::Saturate;
    let design = Cast::new(from, to).rounding(rounding).overflow(overflow);
    let (f, t, r) = (golden_format(from), golden_format(to), golden_rounding(rounding, 0));
    let golden = |[x]: [u64; 1]| number::cast(x, f, t, r, number::Overflow::Saturate);
    let space = Space { count: 1 << from.width(), stimulus: |x| [x], golden };
    space.row("cast", format, &elaborate(design).map_err(|e| e.to_string())?)
}

/// All pairs of one format.
fn pairs(
    unit: &str,
    format: &str,
    width: u32,
    design: &Design,
    golden: impl Fn([u64; 2]) -> u64 + Sync,
) -> Result<Row, String> {
    let stimulus = |pair: u64| [pair >> width, pair & ((1 << width) - 1)];
    Space { count: 1 << (2 * width), stimulus, golden }.row(unit, format, design)
}

/// Every way to cut off 8 bits, with every random number, at every bf16 of one binade and sign.
fn by_chance() -> Result<Row, String> {
    let (from, to) = (Format::ieee(8, 15), Format::BF16);
    let rounding = Rounding::Stochastic { bits: 8 };
    let design = elaborate(Cast::new(from, to).rounding(rounding)).map_err(|e| e.to_string())?;
    let (f, t) = (golden_format(from), golden_format(to));
    let golden = |[x, random]: [u64; 2]| {
        number::cast(x, f, t, golden_rounding(rounding, random), number::Overflow::Special)
    };
    let stimulus = |i: u64| [(i >> 8) | 127 << 15, i & 255];
    let space = Space { count: 1 << 23, stimulus, golden };
    space.row("cast by chance", "e8m15→bf16, d × r", &design)
}

/// Blocks of two elements of which one is zero: all pairs of the other.
fn products(name: &str, element: Element) -> Result<Row, String> {
    let design = BlockDot { element, size: 2 };
    let (e, width) = (golden_element(element), element.width());
    let golden = |s: [u64; 7]| {
        let (a, b) = ((&s[1..3], s[3] as u8), (&s[4..6], s[6] as u8));
        number::block_dot(e, s[0] as u32, a, b, number::Rounding::NearestEven).into()
    };
    let stimulus = |i: u64| [0, i & ((1 << width) - 1), 0, 120, i >> width, 0, 130];
    let space = Space { count: 1 << (2 * width), stimulus, golden };
    let format = format!("{name}, all pairs");
    space.row("block dot", &format, &elaborate(design).map_err(|e| e.to_string())?)
}

/// All pairs of scales of two blocks; their elements and the sum are made of the scales.
fn scales(name: &str, element: Element) -> Result<Row, String> {
    let design = BlockDot { element, size: 2 };
    let e = golden_element(element);
    let golden = |s: [u64; 7]| {
        let (a, b) = ((&s[1..3], s[3] as u8), (&s[4..6], s[6] as u8));
        number::block_dot(e, s[0] as u32, a, b, number::Rounding::NearestEven).into()
    };
    let stimulus = |i: u64| {
        let mut random = Random(i);
        let [a, b, c, d] = [(); 4].map(|()| random.next() & ((1 << element.width()) - 1));
        let near = (i >> 8) + (i & 255);
        let exponent = (near + random.next() % 16).clamp(127, 380) - 126;
        let sum = (random.next() & 0x807f_ffff) | exponent << 23;
        [sum, a, b, i >> 8, c, d, i & 255]
    };
    let space = Space { count: 1 << 16, stimulus, golden };
    let format = format!("{name}, all scales");
    space.row("block dot", &format, &elaborate(design).map_err(|e| e.to_string())?)
}

/// The rows; quick ones take seconds.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    let nearest = Rounding::NearestEven;
    let model = number::Rounding::NearestEven;
    let mut rows = Vec::new();
    let narrow = [
        ("bf16", Format::BF16),
        ("fp16", Format::FP16),
        ("e5m2", Format::E5M2),
        ("e4m3", Format::E4M3),
    ];
    for (from_name, from) in narrow {
        for (to_name, to) in narrow.into_iter().filter(|(_, to)| *to != from) {
            rows.push(cast(from, to, nearest, &format!("{from_name}→{to_name}"))?);
        }
    }
    rows.push(by_chance()?);
    for (name, format) in [("e5m2", Format::E5M2), ("e4m3", Format::E4M3)] {
        let f = golden_format(format);
        let times = Times { operand: format, result: Format::FP32, rounding: nearest };
        let times = elaborate(times).map_err(|e| e.to_string())?;
        let wide = golden_format(Format::FP32);
        let golden = |[a, b]: [u64; 2]| number::multiply(a, b, f, wide, model);
        rows.push(pairs("multiply", &format!("{name}→fp32"), 8, &times, golden)?);
        let add = elaborate(Add { format, rounding: nearest }).map_err(|e| e.to_string())?;
        rows.push(pairs("add", name, 8, &add, |[a, b]| number::add(a, b, f, model))?);
    }
    for (name, element) in [
        ("mxfp8 e5m2", Element::Float(Format::E5M2)),
        ("mxfp8 e4m3", Element::Float(Format::E4M3)),
        ("mxfp6 e3m2", Element::Float(Format::E3M2)),
        ("mxfp6 e2m3", Element::Float(Format::E2M3)),
        ("mxfp4 e2m1", Element::Float(Format::E2M1)),
        ("mxint8", Element::Int8),
    ] {
        rows.push(products(name, element)?);
        rows.push(scales(name, element)?);
    }
    if quick {
        return Ok(rows);
    }
    let cut = Cast::new(Format::FP32, Format::BF16);
    let cut = elaborate(cut).map_err(|e| e.to_string())?;
    let golden = |[x]: [u64; 1]| f32_to_bf16(x as u32).into();
    let all = Space { count: 1 << 32, stimulus: |x| [x], golden };
    rows.push(all.row("cast", "fp32→bf16", &cut)?);
    let format = Format::BF16;
    let f = golden_format(format);
    let times = Times { operand: format, result: format, rounding: nearest };
    let times = elaborate(times).map_err(|e| e.to_string())?;
    rows.push(pairs("multiply", "bf16", 16, &times, |[a, b]| number::multiply(a, b, f, f, model))?);
    Ok(rows)
}
