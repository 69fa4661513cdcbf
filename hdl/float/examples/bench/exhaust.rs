//! All inputs.

use crate::batch::Batch;
use crate::evidence::{Method, Row};
use crate::stimulus::{ROUNDINGS, Random, golden_element, golden_format, golden_rounding};
use olivine_float::{
    Add, BlockDot, Cast, Element, Format, FromInteger, Overflow, Rounding, Times, ToInteger,
};
use olivine_golden::{f32_to_bf16, number};
use olivine_lang::prelude::{Design, elaborate};
use std::cell::Cell;
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
    /// Whose it is.
    judge: &'static str,
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
        Row::new((unit, format), (Method::Exhaustive, self.judge), cases as f64, start, mutant)
    }
}

/// All numbers of one format, in all these roundings, with either treatment of what is too large.
fn cast(from: Format, to: Format, roundings: &[Rounding], format: &str) -> Result<Row, String> {
    let overflows = [
        (Overflow::Saturate, number::Overflow::Saturate),
        (Overflow::Special, number::Overflow::Special),
    ];
    let (f, t, start) = (golden_format(from), golden_format(to), Instant::now());
    let (mut cases, mut mutant) = (0, None);
    for (rounding, (overflow, golden_overflow)) in
        roundings.iter().flat_map(|rounding| overflows.map(|overflow| (*rounding, overflow)))
    {
        let design = Cast::new(from, to).rounding(rounding).overflow(overflow);
        let design = elaborate(design).map_err(|e| e.to_string())?;
        let r = golden_rounding(rounding, 0);
        let golden = |[x]: [u64; 1]| number::cast(x, f, t, r, golden_overflow);
        let space = Space { count: 1 << from.width(), stimulus: |x| [x], golden, judge: GOLDEN };
        if mutant.is_none() {
            mutant = Some(space.find_fault(&design)?);
        }
        let shown = space.exhaust(&design).map_err(|e| format!("cast {format}: {e}"))?;
        if shown != space.count {
            return Err(format!("cast {format}: {shown} cases, not {}", space.count));
        }
        cases += shown;
    }
    let format = format!("{format}, {} roundings", roundings.len());
    let mutant = mutant.ok_or("no rounding")?;
    Row::new(("cast", &format), (Method::Exhaustive, GOLDEN), cases as f64, start, mutant)
}

/// Every integer of 8 bits to a float.
fn from_int8(to: Format, format: &str) -> Result<Row, String> {
    let rounding = Rounding::NearestEven;
    let design = elaborate(FromInteger { width: 8, to, rounding }).map_err(|e| e.to_string())?;
    let (t, nearest) = (golden_format(to), number::Rounding::NearestEven);
    let golden = |[x]: [u64; 1]| number::from_integer(i64::from(x as u8 as i8), t, nearest);
    Space { count: 1 << 8, stimulus: |x| [x], golden, judge: GOLDEN }.row("cast", format, &design)
}

/// Every float of a format to an integer of 8 bits.
fn to_int8(from: Format, format: &str) -> Result<Row, String> {
    let rounding = Rounding::NearestEven;
    let design = elaborate(ToInteger { width: 8, from, rounding }).map_err(|e| e.to_string())?;
    let (f, nearest) = (golden_format(from), number::Rounding::NearestEven);
    let golden = |[x]: [u64; 1]| number::to_integer(x, f, 8, nearest) as u64 & 255;
    Space { count: 1 << from.width(), stimulus: |x| [x], golden, judge: GOLDEN }
        .row("cast", format, &design)
}

/// All casts between formats of at most 16 bits.
fn casts(quick: bool) -> Result<Vec<Row>, String> {
    let narrow = [
        ("bf16", Format::BF16),
        ("fp16", Format::FP16),
        ("e5m2", Format::E5M2),
        ("e4m3", Format::E4M3),
        ("e3m2", Format::E3M2),
        ("e2m3", Format::E2M3),
        ("e2m1", Format::E2M1),
    ];
    let roundings = if quick { &ROUNDINGS[..1] } else { &ROUNDINGS[..] };
    let mut rows = Vec::new();
    for (from_name, from) in narrow {
        for (to_name, to) in narrow.into_iter().filter(|(_, to)| *to != from) {
            rows.push(cast(from, to, roundings, &format!("{from_name}→{to_name}"))?);
        }
        rows.push(to_int8(from, &format!("{from_name}→int8"))?);
        rows.push(from_int8(from, &format!("int8→{from_name}"))?);
    }
    Ok(rows)
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
    Space { count: 1 << (2 * width), stimulus, golden, judge: GOLDEN }.row(unit, format, design)
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
    let space = Space { count: 1 << 23, stimulus, golden, judge: GOLDEN };
    space.row("cast by chance", "e8m15→bf16, d × r", &design)
}

/// How many of all random numbers of 16 bits move a number with these discarded bits up; no other
/// becomes anything but itself.
fn moved(batch: &mut Batch<2, 1>, discarded: u64) -> Result<u64, String> {
    let (kept, up) = (0x3f80, Cell::new(0));
    let stimuli = (0..1 << 16).map(|random| [kept << 16 | discarded, random]);
    batch.agrees(stimuli, |[_, random]| {
        let moves = u64::from(discarded + random >= 1 << 16);
        up.set(up.get() + moves);
        [kept + moves]
    })?;
    Ok(up.get())
}

/// Every 16 discarded bits `d` of an fp32 with every random number: exactly `d` of these move it up,
/// none an exact number.
fn counted(quick: bool) -> Result<Row, String> {
    let (cast, rounding) =
        (Cast::new(Format::FP32, Format::BF16), Rounding::Stochastic { bits: 16 });
    let design = elaborate(cast.rounding(rounding)).map_err(|e| e.to_string())?;
    let (every, all) = (if quick { 1024 } else { 1 }, 1u64 << 16);
    let counts = |design: &Design, mut discarded: std::iter::StepBy<std::ops::Range<u64>>| {
        let mut batch = Batch::<2, 1>::new(design);
        discarded.try_fold(0, |shown, d| match moved(&mut batch, d)? {
            up if up == d => Ok(shown + all),
            up => Err(format!("cast by chance: {up} random numbers move up {d:#x}")),
        })
    };
    let mutations = design.mutations();
    let mut candidates = mutations.iter().step_by((mutations.len() / 7).max(1));
    let fault = candidates.find(|m| counts(&m.apply(&design), (0..all).step_by(8191)).is_err());
    let fault = fault.ok_or("cast by chance: no fault was found")?.description.clone();
    let start = Instant::now();
    let (design, half) = (&design, all / 2);
    let shown: u64 = std::thread::scope(|scope| {
        let work =
            [0..half, half..all].map(|d| scope.spawn(move || counts(design, d.step_by(every))));
        work.map(|w| w.join().expect("it does not panic")).into_iter().sum::<Result<u64, String>>()
    })?;
    let format = "fp32→bf16, of 2¹⁶ random numbers d move up";
    let method = (Method::Exhaustive, "the definition");
    Row::new(("cast by chance", format), method, shown as f64, start, fault)
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
    let space = Space { count: 1 << (2 * width), stimulus, golden, judge: GOLDEN };
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
    let space = Space { count: 1 << 16, stimulus, golden, judge: GOLDEN };
    let format = format!("{name}, all scales");
    space.row("block dot", &format, &elaborate(design).map_err(|e| e.to_string())?)
}

/// The rows; quick ones take seconds.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    let nearest = Rounding::NearestEven;
    let model = number::Rounding::NearestEven;
    let mut rows = Vec::new();
    rows.extend(casts(quick)?);
    rows.push(counted(quick)?);
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
    let all = Space { count: 1 << 32, stimulus: |x| [x], golden, judge: GOLDEN };
    rows.push(all.row("cast", "fp32→bf16", &cut)?);
    let (format, bits) = (Format::BF16, 1u64 << 32);
    let times = Times { operand: format, result: format, rounding: nearest };
    let times = elaborate(times).map_err(|e| e.to_string())?;
    let stimulus = |pair: u64| [pair >> 16, pair & 0xffff];
    let space = Space { count: bits, stimulus, golden: by_doubles, judge: "doubles, exact" };
    rows.push(space.row("multiply", "bf16", &times)?);
    Ok(rows)
}

/// The product of two bf16, which doubles hold exactly, rounded once to nearest, ties to even.
fn by_doubles(factors: [u64; 2]) -> u64 {
    let [a, b] = factors.map(|code| f64::from(f32::from_bits((code as u32) << 16)));
    let product = a * b;
    let sign = (product.to_bits() >> 63) << 15;
    if product.is_nan() {
        return 0x7fc0;
    }
    let magnitude = product.abs();
    if magnitude < f64::from(f32::MIN_POSITIVE) {
        // In units of the least bf16; a carry makes the least normal number.
        return sign | (magnitude * 2f64.powi(133)).round_ties_even() as u64;
    }
    let bits = magnitude.to_bits();
    let rounded = (bits + (1 << 44) - 1 + (bits >> 45 & 1)) >> 45;
    sign | (rounded - ((1023 - 127) << 7)).min(0x7f80)
}
