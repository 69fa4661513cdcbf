//! All inputs where these are 2³²: half of them on each processor.

use crate::evidence::{Method, Row};
use crate::stimulus::Random;
use crate::sweep::{Feed, Sweep};
use olivine_float::{Cast, Divide, Format, Rounding, Times};
use olivine_golden::f32_to_bf16;
use olivine_lang::prelude::{Design, Module, elaborate};
use std::time::Instant;

/// Cases that one processor takes at a time.
const SHARE: u64 = 1 << 24;
const ALL: u64 = 1 << 32;

/// A unit on all inputs.
struct Wide<const I: usize, G> {
    unit: &'static str,
    format: &'static str,
    against: &'static str,
    feeds: [Feed; I],
    golden: G,
    /// Of so many shares one is taken.
    every: usize,
}

impl<const I: usize, G: Fn([u64; I]) -> u64 + Sync> Wide<I, G> {
    fn shares(&self) -> Vec<u64> {
        (0..ALL / SHARE).step_by(self.every).collect()
    }

    fn exhaust(&self, design: &Design) -> Result<u64, String> {
        let shares = self.shares();
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let part = |thread: usize| -> Result<u64, String> {
            let mut sweep = Sweep::new(design, self.feeds);
            let mine = shares.iter().skip(thread).step_by(threads);
            mine.map(|share| sweep.agrees(share * SHARE..(share + 1) * SHARE, &self.golden)).sum()
        };
        std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads).map(|t| scope.spawn(move || part(t))).collect();
            workers.into_iter().map(|w| w.join().expect("it does not panic")).sum()
        })
    }

    /// A fault that rounds of cases all over notice.
    fn find_fault(&self, design: &Design) -> Result<String, String> {
        let mutations = design.mutations();
        let stride = (mutations.len() / 7).max(1);
        let noticed = |mutant: &Design| {
            let (mut sweep, mut random) = (Sweep::new(mutant, self.feeds), Random(13));
            (0..4096).any(|_| {
                let first = (random.next() % (ALL >> 9)) << 9;
                sweep.agrees(first..first + (1 << 9), &self.golden).is_err()
            })
        };
        let mut candidates = mutations.iter().skip(stride / 2).step_by(stride);
        let fault = candidates.find(|mutation| noticed(&mutation.apply(design)));
        let fault = fault.ok_or_else(|| format!("{}: no fault was found", self.unit))?;
        Ok(fault.description.clone())
    }

    fn row(&self, module: impl Module) -> Result<Row, String> {
        let name = format!("{} {}", self.unit, self.format);
        let design = elaborate(module).map_err(|e| e.to_string())?;
        let mutant = self.find_fault(&design)?;
        let start = Instant::now();
        let cases = self.exhaust(&design).map_err(|e| format!("{name}: {e}"))?;
        let wanted = self.shares().len() as u64 * SHARE;
        if cases != wanted {
            return Err(format!("{name}: {cases} cases, not {wanted}"));
        }
        let all = self.every == 1;
        let method = (if all { Method::Exhaustive } else { Method::Vectors }, self.against);
        Row::new((self.unit, self.format), method, cases as f64, start, mutant)
    }
}

const fn from(low: u32) -> Feed {
    Feed { low, set: 0 }
}

/// Every 16 discarded bits `d` of an fp32 with every random number: exactly `d` of these move it up,
/// none an exact number, as what is right depends on whether their sum carries alone.
fn by_chance(every: usize) -> Result<Row, String> {
    let kept = 0x3f80u64;
    let wide = Wide {
        unit: "cast by chance",
        format: "fp32→bf16, of 2¹⁶ random numbers d move up",
        against: "the definition",
        feeds: [Feed { low: 16, set: kept << 16 }, from(0)],
        golden: |[x, random]: [u64; 2]| kept + (((x & 0xffff) + random) >> 16),
        every,
    };
    wide.row(Cast::new(Format::FP32, Format::BF16).rounding(Rounding::Stochastic { bits: 16 }))
}

fn cut(every: usize) -> Result<Row, String> {
    let golden = |[x]: [u64; 1]| f32_to_bf16(x as u32).into();
    let (unit, format, against) = ("cast", "fp32→bf16", "golden model");
    let wide = Wide { unit, format, against, feeds: [from(0)], golden, every };
    wide.row(Cast::new(Format::FP32, Format::BF16))
}

fn products(every: usize) -> Result<Row, String> {
    let (unit, against, feeds) = ("multiply", "doubles, exact", [from(16), from(0)]);
    let golden = |factors| rounded(doubles(factors, |a, b| a * b));
    let wide = Wide { unit, format: "bf16", against, feeds, golden, every };
    let (format, rounding) = (Format::BF16, Rounding::NearestEven);
    wide.row(Times { operand: format, result: format, rounding })
}

/// A quotient of significands of 8 bits is a number of 9 bits or is 2⁻¹⁷ of itself away from all such, so
/// that doubles, which come nearer, lie on the same side.
fn quotients(every: usize) -> Result<Row, String> {
    let (unit, against, feeds) = ("divide", "doubles", [from(16), from(0)]);
    let golden = |pair| rounded(doubles(pair, |a, b| a / b));
    let wide = Wide { unit, format: "bf16", against, feeds, golden, every };
    wide.row(Divide { format: Format::BF16, rounding: Rounding::NearestEven })
}

fn doubles(codes: [u64; 2], f: impl Fn(f64, f64) -> f64) -> f64 {
    let [a, b] = codes.map(|code| f64::from(f32::from_bits((code as u32) << 16)));
    f(a, b)
}

/// A number as bf16, to nearest, ties to even.
fn rounded(number: f64) -> u64 {
    let sign = (number.to_bits() >> 63) << 15;
    if number.is_nan() {
        return 0x7fc0;
    }
    let magnitude = number.abs();
    if magnitude.is_infinite() {
        return sign | 0x7f80;
    }
    if magnitude < f64::from(f32::MIN_POSITIVE) {
        // In units of the least bf16; a carry makes the least normal number.
        return sign | (magnitude * 2f64.powi(133)).round_ties_even() as u64;
    }
    let bits = magnitude.to_bits();
    let rounded = (bits + (1 << 44) - 1 + (bits >> 45 & 1)) >> 45;
    sign | (rounded - ((1023 - 127) << 7)).min(0x7f80)
}

/// The rows, each on all processors; quick: a part of the inputs.
pub fn rows(quick: bool) -> Result<Vec<Row>, String> {
    let shown = |row: Result<Row, String>| row.inspect(Row::print);
    let every = if quick { 256 } else { 1 };
    let first = shown(by_chance(every))?;
    Ok(vec![first, shown(cut(every))?, shown(products(every))?, shown(quotients(every))?])
}
