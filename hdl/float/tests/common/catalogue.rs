//! Every unit in the formats that Peridot uses, with a check against its golden model.
#![allow(dead_code)]

use crate::batch::Batch;
use crate::stimulus::{Random, golden_element, golden_format, golden_rounding};
use olivine_float::{
    Add, BlockDot, Cast, Compare, CounterRandom, Divide, Element, End, Extreme, Fma, Format,
    FromInteger, IntegerMac, Mac, Nvfp4Dot, Nvfp4Quantize, Overflow, Quantize, Rounding, Times,
    ToInteger, ToScale,
};
use olivine_golden::{mac, number, random};
use olivine_lang::prelude::{Design, Module, elaborate};

/// Stimuli for which a unit is not compiled.
pub const FEW: usize = 96;

/// Runs a design, the unit or a mutant of it, on so many stimuli; how many, or the first difference.
type Check = Box<dyn Fn(&Design, usize) -> Result<u64, String> + Send + Sync>;

/// A combinational unit.
pub struct Unit {
    /// What it does.
    pub name: &'static str,
    /// In which formats.
    pub format: &'static str,
    /// The hardware.
    pub design: Design,
    /// Compares with the golden model.
    pub check: Check,
}

fn unit<const I: usize, const O: usize>(
    (name, format): (&'static str, &'static str),
    module: impl Module,
    stimulus: impl Fn(&mut Random, usize) -> [u64; I] + Send + Sync + 'static,
    golden: impl Fn([u64; I]) -> [u64; O] + Send + Sync + 'static,
) -> Unit {
    let check = move |design: &Design, count: usize| {
        let mut random = Random(11);
        let stimuli = (0..count).map(|i| stimulus(&mut random, i));
        let few = count <= FEW;
        let mut unit = if few { Batch::interpreted(design) } else { Batch::<I, O>::new(design) };
        unit.agrees(stimuli, &golden)
    };
    let design = elaborate(module).unwrap();
    Unit { name, format, design, check: Box::new(check) }
}

/// A pair: of corners, of near numbers, all but opposite ones, any.
fn pair(random: &mut Random, i: usize, format: Format) -> [u64; 2] {
    let a = random.float(format);
    let sign = 1 << (format.width() - 1);
    match i % 4 {
        0 => [(); 2].map(|()| random.corner(format)),
        1 => [a, random.float_near(a, format, u64::from(format.mantissa) + 3)],
        2 => [a, a ^ (random.next() & 3) ^ (sign * (random.next() & 1))],
        _ => [a, random.float(format)],
    }
}

/// As [`pair`], with an addend all but opposite, near, a corner, or any.
fn triple(random: &mut Random, i: usize, operand: Format, sum: Format) -> [u64; 3] {
    let [a, b] = pair(random, i / 4, operand);
    let (o, s) = (golden_format(operand), golden_format(sum));
    let product = number::multiply(a, b, o, s, number::Rounding::TowardZero);
    let c = match i % 4 {
        0 => (product ^ 1 << (sum.width() - 1)) ^ (random.next() & 3),
        1 => random.float_near(product, sum, u64::from(sum.mantissa) + 4),
        2 => random.corner(sum),
        _ => random.float(sum),
    };
    [c, a, b]
}

fn casts() -> Vec<Unit> {
    let cast = |name, format, from: Format, to: Format, rounding: Rounding, overflow: Overflow| {
        let module = Cast::new(from, to).rounding(rounding).overflow(overflow);
        let bits = if let Rounding::Stochastic { bits } = rounding { bits } else { 0 };
        let (f, t) = (golden_format(from), golden_format(to));
        let golden_overflow = match overflow {
            Overflow::Special => number::Overflow::Special,
            Overflow::Saturate => number::Overflow::Saturate,
        };
        let value = move |random: &mut Random, i: usize| {
            let spread = (1 << (to.exponent - 1)) + u64::from(to.mantissa) + 2;
            match i % 4 {
                0 => random.corner(from),
                1 => random.float(from),
                _ => random.float_near(127 << from.mantissa, from, spread),
            }
        };
        if bits == 0 {
            let golden = golden_rounding(rounding, 0);
            return unit(
                (name, format),
                module,
                move |r, i| [value(r, i)],
                move |[x]| [number::cast(x, f, t, golden, golden_overflow)],
            );
        }
        let stimulus = move |random: &mut Random, i: usize| {
            let x = value(random, i);
            let turns = (1u64 << bits).wrapping_sub(x & 0xffff);
            let r = match i % 3 {
                0 => turns,
                1 => turns.wrapping_sub(1),
                _ => random.next(),
            };
            [x, r & ((1 << bits) - 1)]
        };
        unit((name, format), module, stimulus, move |[x, random]| {
            [number::cast(x, f, t, golden_rounding(rounding, random), golden_overflow)]
        })
    };
    let nearest = Rounding::NearestEven;
    let chance = Rounding::Stochastic { bits: 16 };
    vec![
        cast("cast", "fp32→bf16", Format::FP32, Format::BF16, nearest, Overflow::Special),
        cast("cast by chance", "fp32→bf16", Format::FP32, Format::BF16, chance, Overflow::Special),
        cast("cast", "fp32→fp16", Format::FP32, Format::FP16, nearest, Overflow::Special),
        cast("cast", "fp32→e4m3", Format::FP32, Format::E4M3, nearest, Overflow::Saturate),
        cast("cast", "fp32→tf32", Format::FP32, Format::TF32, nearest, Overflow::Special),
        unit(
            ("cast", "fp32→e8m0"),
            ToScale { from: Format::FP32 },
            |r, _| [r.float(Format::FP32)],
            |[x]| [number::to_scale(x, number::Format::FP32).into()],
        ),
        cast("cast", "fp16→fp32", Format::FP16, Format::FP32, nearest, Overflow::Special),
    ]
}

fn arithmetic() -> Vec<Unit> {
    let rounding = Rounding::NearestEven;
    let nearest = number::Rounding::NearestEven;
    let add = |name, format: Format| {
        let f = golden_format(format);
        unit(
            ("add", name),
            Add { format, rounding },
            move |r, i| pair(r, i, format),
            move |[a, b]| [number::add(a, b, f, nearest)],
        )
    };
    let times = |name, operand: Format, result: Format| {
        let (o, f) = (golden_format(operand), golden_format(result));
        let module = Times { operand, result, rounding };
        unit(
            ("multiply", name),
            module,
            move |r, i| pair(r, i, operand),
            move |[a, b]| [number::multiply(a, b, o, f, nearest)],
        )
    };
    let divide = |name, format: Format| {
        let f = golden_format(format);
        unit(
            ("divide", name),
            Divide { format, rounding },
            move |r, i| pair(r, i, format),
            move |[a, b]| [number::divide(a, b, f, nearest)],
        )
    };
    let fma = |name, operand: Format, sum: Format| {
        let (o, s) = (golden_format(operand), golden_format(sum));
        let module = Fma { operand, sum, rounding };
        let stimulus = move |r: &mut Random, i| triple(r, i, operand, sum);
        unit(("fused add", name), module, stimulus, move |[c, a, b]| {
            [number::fused(c, a, b, o, s, nearest)]
        })
    };
    let stimulus = |r: &mut Random, i| triple(r, i, Format::BF16, Format::FP32);
    vec![
        add("fp32", Format::FP32),
        add("bf16", Format::BF16),
        add("fp16", Format::FP16),
        add("tf32", Format::TF32),
        times("fp32", Format::FP32, Format::FP32),
        times("bf16", Format::BF16, Format::BF16),
        times("fp16", Format::FP16, Format::FP16),
        times("tf32→fp32", Format::TF32, Format::FP32),
        times("e4m3→fp32", Format::E4M3, Format::FP32),
        divide("bf16", Format::BF16),
        divide("e4m3", Format::E4M3),
        unit(("accumulate", "bf16→fp32"), Mac::BF16, stimulus, |[c, a, b]| {
            [mac(c as u32, a as u16, b as u16).into()]
        }),
        fma("bf16→fp32", Format::BF16, Format::FP32),
        fma("fp32", Format::FP32, Format::FP32),
    ]
}

fn order_and_integers() -> Vec<Unit> {
    let (format, rounding) = (Format::FP32, Rounding::NearestEven);
    let f = golden_format(format);
    let nearest = number::Rounding::NearestEven;
    let compare = Compare { format };
    let maximum = Extreme { format, end: End::Maximum };
    let minimum = Extreme { format, end: End::Minimum };
    let sums = |random: &mut Random, i: usize| {
        let c = match i % 3 {
            0 => 0,
            1 => 0x7fff_fff0 + (random.next() & 31),
            _ => random.next() & 0xffff_ffff,
        };
        [c, random.next() & 255, random.next() & 255]
    };
    let integer = |random: &mut Random, i: usize| {
        let ends = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
        let any = (random.next() as i32 >> (random.next() & 31)) as u32;
        [if i.is_multiple_of(8) { ends[i / 8 % 5] } else { any.into() }]
    };
    vec![
        unit(
            ("compare", "fp32"),
            compare,
            move |r, i| pair(r, i, format),
            move |[a, b]| {
                let order = number::compare(a, b, f);
                [order.less, order.equal, order.greater, order.unordered].map(u64::from)
            },
        ),
        unit(
            ("maximum", "fp32"),
            maximum,
            move |r, i| pair(r, i, format),
            move |[a, b]| [number::maximum(a, b, f)],
        ),
        unit(
            ("minimum", "fp32"),
            minimum,
            move |r, i| pair(r, i, format),
            move |[a, b]| [number::minimum(a, b, f)],
        ),
        unit(("accumulate", "int8→int32"), IntegerMac::INT8, sums, |[c, a, b]| {
            let product = i32::from(a as u8 as i8) * i32::from(b as u8 as i8);
            [u64::from((c as u32 as i32).wrapping_add(product) as u32)]
        }),
        unit(
            ("cast", "int32→fp32"),
            FromInteger { width: 32, to: format, rounding },
            integer,
            move |[x]| [number::from_integer(x as u32 as i32 as i64, f, nearest)],
        ),
        unit(
            ("cast", "fp32→int8"),
            ToInteger { from: format, width: 8, rounding },
            |r, i| match i % 4 {
                0 => [r.float(Format::FP32)],
                _ => [r.float_near(0x41ff_ffff, Format::FP32, 6)],
            },
            move |[x]| [number::to_integer(x, f, 8, nearest) as u64 & 255],
        ),
    ]
}

/// Elements of a block in the catalogue.
const SIZE: usize = 32;

fn blocks() -> Vec<Unit> {
    let dot = |format, element: Element| {
        let mask = (1u64 << element.width()) - 1;
        let e = golden_element(element);
        let golden = move |s: [u64; 2 * SIZE + 3]| {
            let (a, b) = (&s[1..=SIZE], &s[SIZE + 2..2 * SIZE + 2]);
            let (sa, sb) = (s[SIZE + 1] as u8, s[2 * SIZE + 2] as u8);
            [number::block_dot(e, s[0] as u32, (a, sa), (b, sb), number::Rounding::NearestEven)
                .into()]
        };
        let stimulus = move |random: &mut Random, i: usize| {
            let mut s = [0; 2 * SIZE + 3];
            s[1..].fill_with(|| random.next() & mask);
            if i % 4 == 1 {
                // One pair alone.
                s[1..].fill(0);
                s[1 + i / 4 % SIZE] = random.next() & mask;
                s[SIZE + 2 + i / 4 % SIZE] = random.next() & mask;
            }
            [s[SIZE + 1], s[2 * SIZE + 2]] = [(); 2].map(|()| match random.next() & 31 {
                0 => 255,
                1 => random.next() & 255,
                _ => 117 + random.next() % 20,
            });
            s[0] = match i % 3 {
                0 => 0,
                1 => golden(s)[0] ^ 1 << 31,
                _ => random.float(Format::FP32),
            };
            s
        };
        let module = BlockDot { element, size: SIZE as u32 };
        unit(("block dot", format), module, stimulus, golden)
    };
    let quantize = |format, element: Element| {
        let (from, rounding) = (Format::FP32, Rounding::NearestEven);
        let module = Quantize { from, element, size: SIZE as u32, rounding };
        let stimulus = move |random: &mut Random, i: usize| {
            let near = random.float(from);
            [(); SIZE].map(|()| match i % 8 {
                0 => random.float(from),
                _ => random.float_near(near, from, 12),
            })
        };
        let (e, f) = (golden_element(element), golden_format(from));
        let nearest = [number::Rounding::NearestEven; SIZE];
        unit(("quantize", format), module, stimulus, move |values: [u64; SIZE]| {
            let (scale, codes) = number::quantize(e, &values, f, &nearest);
            let all: [u64; SIZE + 1] =
                std::array::from_fn(|i| if i == 0 { scale.into() } else { codes[i - 1] });
            all
        })
    };
    vec![
        dot("mxfp8 e4m3 ×32", Element::Float(Format::E4M3)),
        dot("mxfp4 e2m1 ×32", Element::Float(Format::E2M1)),
        dot("mxint8 ×32", Element::Int8),
        quantize("fp32→mxfp8 e4m3 ×32", Element::Float(Format::E4M3)),
    ]
}

/// Elements of an NVFP4 block.
const NARROW: usize = 16;

fn nvfp4() -> Vec<Unit> {
    const DOT: usize = 2 * NARROW + 3;
    let nearest = number::Rounding::NearestEven;
    let golden = move |s: [u64; DOT]| {
        let (a, b) = (&s[1..=NARROW], &s[NARROW + 2..DOT - 1]);
        let (sa, sb) = (s[NARROW + 1] as u8, s[DOT - 1] as u8);
        [number::nvfp4_dot(s[0] as u32, (a, sa), (b, sb), nearest).into()]
    };
    let blocks = move |random: &mut Random, i: usize| {
        let mut s = [0; DOT];
        s[1..].fill_with(|| random.next() & 15);
        if i % 4 == 1 {
            // One pair alone.
            s[1..].fill(0);
            s[1 + i / 4 % NARROW] = random.next() & 15;
            s[NARROW + 2 + i / 4 % NARROW] = random.next() & 15;
        }
        [s[NARROW + 1], s[DOT - 1]] = [(); 2].map(|()| random.next() & 255);
        s[0] = match i % 3 {
            0 => 0,
            1 => (golden(s)[0] ^ 1 << 31) ^ (random.next() & 1),
            _ => random.float(Format::FP32),
        };
        s
    };
    let (from, rounding) = (Format::FP32, Rounding::NearestEven);
    let values = move |random: &mut Random, i: usize| {
        let near = if i.is_multiple_of(8) { random.float(from) } else { 127 << 23 };
        [(); NARROW].map(|()| random.float_near(near, from, 1 + i as u64 % 12))
    };
    vec![
        unit(("block dot", "nvfp4 ×16"), Nvfp4Dot { size: NARROW as u32 }, blocks, golden),
        unit(
            ("quantize", "fp32→nvfp4 ×16"),
            Nvfp4Quantize { from, size: NARROW as u32, rounding },
            values,
            move |values: [u64; NARROW]| {
                let roundings = [nearest; NARROW];
                let (scale, codes) =
                    number::nvfp4_quantize(&values, number::Format::FP32, &roundings);
                let all: [u64; NARROW + 1] =
                    std::array::from_fn(|i| if i == 0 { scale.into() } else { codes[i - 1] });
                all
            },
        ),
    ]
}

/// All of them.
pub fn units() -> Vec<Unit> {
    let random = unit(
        ("counter random", "threefry 2×32, 20"),
        CounterRandom { rounds: 20, latency: 0 },
        |random, _| [(); 4].map(|()| random.next() & 0xffff_ffff),
        |words| {
            let [a, b, c, d] = words.map(|word| word as u32);
            random::threefry([a, b], [c, d], 20).map(u64::from)
        },
    );
    let groups = [casts(), arithmetic(), order_and_integers(), blocks(), nvfp4(), vec![random]];
    groups.into_iter().flatten().collect()
}
