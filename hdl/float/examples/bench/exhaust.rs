//! All inputs.

use crate::batch::Batch;
use crate::evidence::{Job, Method, Row};
use crate::stimulus::{ROUNDINGS, Random, golden_element, golden_format, golden_rounding};
use olivine_float::{
    Add, BlockDot, Cast, Divide, Element, End, Extreme, Format, FromInteger, FromScale, Overflow,
    Rounding, Times, ToInteger, ToScale,
};
use olivine_golden::number;
use olivine_lang::prelude::{Design, elaborate};
use std::time::Instant;

const GOLDEN: &str = "golden model";
const OVERFLOWS: [(Overflow, number::Overflow); 2] = [
    (Overflow::Saturate, number::Overflow::Saturate),
    (Overflow::Special, number::Overflow::Special),
];

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
    S: Fn(u64) -> [u64; I],
    G: Fn([u64; I]) -> u64,
{
    /// All of them.
    fn exhaust(&self, design: &Design) -> Result<u64, String> {
        let stimuli = (0..self.count).map(&self.stimulus);
        Batch::<I, 1>::new(design).agrees(stimuli, |s| [(self.golden)(s)])
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
    let (f, t, start) = (golden_format(from), golden_format(to), Instant::now());
    let (mut cases, mut mutant) = (0, None);
    for (rounding, (overflow, golden_overflow)) in
        roundings.iter().flat_map(|rounding| OVERFLOWS.map(|overflow| (*rounding, overflow)))
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

/// Every scale to a float, in all these roundings, with either treatment of what is too large.
fn from_scale(to: Format, roundings: &[Rounding], format: &str) -> Result<Row, String> {
    let (t, start) = (golden_format(to), Instant::now());
    let (mut cases, mut mutant) = (0, None);
    for rounding in roundings {
        for (overflow, golden_overflow) in OVERFLOWS {
            let design = FromScale { to, rounding: *rounding, overflow };
            let design = elaborate(design).map_err(|e| e.to_string())?;
            let r = golden_rounding(*rounding, 0);
            let golden = |[x]: [u64; 1]| number::from_scale(x as u8, t, r, golden_overflow);
            let space = Space { count: 1 << 8, stimulus: |x| [x], golden, judge: GOLDEN };
            if mutant.is_none() {
                mutant = Some(space.find_fault(&design)?);
            }
            cases += space.exhaust(&design).map_err(|e| format!("cast {format}: {e}"))?;
        }
    }
    let format = format!("{format}, {} roundings", roundings.len());
    let mutant = mutant.ok_or("no rounding")?;
    Row::new(("cast", &format), (Method::Exhaustive, GOLDEN), cases as f64, start, mutant)
}

/// Every float of a format to a scale.
fn to_scale(from: Format, format: &str) -> Result<Row, String> {
    let design = elaborate(ToScale { from }).map_err(|e| e.to_string())?;
    let f = golden_format(from);
    let golden = |[x]: [u64; 1]| number::to_scale(x, f).into();
    Space { count: 1 << from.width(), stimulus: |x| [x], golden, judge: GOLDEN }
        .row("cast", format, &design)
}

/// Formats of at most 19 bits.
const NARROW: [(&str, Format); 8] = [
    ("tf32", Format::TF32),
    ("bf16", Format::BF16),
    ("fp16", Format::FP16),
    ("e5m2", Format::E5M2),
    ("e4m3", Format::E4M3),
    ("e3m2", Format::E3M2),
    ("e2m3", Format::E2M3),
    ("e2m1", Format::E2M1),
];

/// All casts between them, of integers and of scales.
fn casts(quick: bool) -> Vec<Job> {
    let roundings = if quick { &ROUNDINGS[..1] } else { &ROUNDINGS[..] };
    let mut jobs: Vec<Job> = Vec::new();
    for (from_name, from) in NARROW {
        for (to_name, to) in NARROW.into_iter().filter(|(_, to)| *to != from) {
            jobs.push(Box::new(move || {
                cast(from, to, roundings, &format!("{from_name}→{to_name}"))
            }));
        }
        jobs.push(Box::new(move || to_int8(from, &format!("{from_name}→int8"))));
        jobs.push(Box::new(move || from_int8(from, &format!("int8→{from_name}"))));
        jobs.push(Box::new(move || to_scale(from, &format!("{from_name}→e8m0"))));
        jobs.push(Box::new(move || from_scale(from, roundings, &format!("e8m0→{from_name}"))));
    }
    jobs.push(Box::new(move || from_scale(Format::FP32, roundings, "e8m0→fp32")));
    jobs
}

/// All pairs of one format.
fn pairs(
    unit: &str,
    format: &str,
    width: u32,
    design: &Design,
    golden: impl Fn([u64; 2]) -> u64,
) -> Result<Row, String> {
    let stimulus = |pair: u64| [pair >> width, pair & ((1 << width) - 1)];
    Space { count: 1 << (2 * width), stimulus, golden, judge: GOLDEN }.row(unit, format, design)
}

/// The lesser or the greater of all pairs of a small format.
fn extreme(name: &str, format: Format, end: End) -> Result<Row, String> {
    let f = golden_format(format);
    let design = elaborate(Extreme { format, end }).map_err(|e| e.to_string())?;
    let (unit, golden): (_, fn(u64, u64, number::Format) -> u64) = match end {
        End::Minimum => ("minimum", number::minimum),
        End::Maximum => ("maximum", number::maximum),
    };
    pairs(unit, name, format.width(), &design, |[a, b]| golden(a, b, f))
}

/// The product of all pairs of a small format, in fp32.
fn times(name: &str, format: Format) -> Result<Row, String> {
    let (f, wide) = (golden_format(format), golden_format(Format::FP32));
    let rounding = Rounding::NearestEven;
    let times = Times { operand: format, result: Format::FP32, rounding };
    let times = elaborate(times).map_err(|e| e.to_string())?;
    let golden = |[a, b]: [u64; 2]| number::multiply(a, b, f, wide, number::Rounding::NearestEven);
    pairs("multiply", &format!("{name}→fp32"), format.width(), &times, golden)
}

/// The sum of all pairs of a small format.
fn add(name: &str, format: Format) -> Result<Row, String> {
    let f = golden_format(format);
    let add = Add { format, rounding: Rounding::NearestEven };
    let add = elaborate(add).map_err(|e| e.to_string())?;
    let golden = |[a, b]: [u64; 2]| number::add(a, b, f, number::Rounding::NearestEven);
    pairs("add", name, format.width(), &add, golden)
}

/// The quotient of all pairs of a small format.
fn divide(name: &str, format: Format) -> Result<Row, String> {
    let f = golden_format(format);
    let divide = Divide { format, rounding: Rounding::NearestEven };
    let divide = elaborate(divide).map_err(|e| e.to_string())?;
    let golden = |[a, b]: [u64; 2]| number::divide(a, b, f, number::Rounding::NearestEven);
    pairs("divide", name, format.width(), &divide, golden)
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

/// What is shown; quick rows take seconds.
pub fn jobs(quick: bool) -> Vec<Job> {
    let mut jobs = casts(quick);
    jobs.push(Box::new(by_chance));
    for (name, format) in NARROW.into_iter().filter(|(_, format)| format.width() <= 8) {
        jobs.push(Box::new(move || times(name, format)));
        jobs.push(Box::new(move || add(name, format)));
        jobs.push(Box::new(move || divide(name, format)));
        for end in [End::Minimum, End::Maximum] {
            jobs.push(Box::new(move || extreme(name, format, end)));
        }
    }
    for (name, element) in [
        ("mxfp8 e5m2", Element::Float(Format::E5M2)),
        ("mxfp8 e4m3", Element::Float(Format::E4M3)),
        ("mxfp6 e3m2", Element::Float(Format::E3M2)),
        ("mxfp6 e2m3", Element::Float(Format::E2M3)),
        ("mxfp4 e2m1", Element::Float(Format::E2M1)),
        ("mxint8", Element::Int8),
    ] {
        jobs.push(Box::new(move || products(name, element)));
        jobs.push(Box::new(move || scales(name, element)));
    }
    jobs
}
