//! The units once more, in structures of their own, to be proved equal to. They share nothing with
//! the library but the ports.
#![allow(dead_code)]

use olivine_float::{
    BinaryPorts, BlockSum, BlockSumPorts, BlockTotal, CastPorts, ComparePorts, Element, End,
    ExtremePorts, Format, MacPorts, Specials,
};
use olivine_lang::prelude::*;

/// fp32 to bf16 as programs do it: an addition that carries into the kept half.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CutByCarry {
    /// To nearest, ties to even, or by a random number of 16 bits.
    pub by_chance: bool,
}

impl Module for CutByCarry {
    type Ports = CastPorts;

    fn ports(&self) -> CastPorts {
        let random = self.by_chance.then(|| unsigned(16));
        CastPorts { value: float(8, 23), random, result: float(8, 7) }
    }

    fn build(&self, p: CastPorts) {
        let code = p.value.as_bits();
        let nearest = constant(unsigned(16), 0x7fff) + code.bit(16).as_unsigned();
        let bias = p.random.map_or(nearest, |random| random.extend(17));
        let sum = code.wrapping_add(bias.extend(32));
        let nan = code.truncate(31).gt(0x7f80_0000);
        let quiet = constant(unsigned(16), 0x7fc0);
        p.result.drive(nan.select(quiet, sum.slice(16, 16)).as_float(float(8, 7)));
    }
}

/// Comparison by signs and magnitudes, case by case.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CompareByCases {
    /// Of both.
    pub format: Format,
    /// Says the less for the greater, which is wrong.
    pub fault: bool,
}

/// Whether a float is a NaN.
fn is_nan(x: Float, format: Format) -> Bit {
    let m = format.mantissa;
    let (top, mantissa) = (x.slice(m, format.exponent).all(), x.slice(0, m));
    match format.specials {
        Specials::Ieee => top & mantissa.any(),
        Specials::NanOnly => top & mantissa.all(),
        Specials::Numbers => constant(bit(), false),
    }
}

impl Module for CompareByCases {
    type Ports = ComparePorts;

    fn ports(&self) -> ComparePorts {
        let (a, flag) = (self.format.shape(), bit());
        ComparePorts { a, b: a, less: flag, equal: flag, greater: flag, unordered: flag }
    }

    fn build(&self, p: ComparePorts) {
        let magnitude = |x: Float| x.slice(0, x.width() - 1);
        let (a, b) = (magnitude(p.a), magnitude(p.b));
        let (minus_a, minus_b) = (p.a.top_bit(), p.b.top_bit());
        let zeros = !a.any() & !b.any();
        let mut flags = [p.less, p.equal, p.greater, p.unordered];
        if self.fault {
            flags.swap(0, 2);
        }
        let say = |which: usize| {
            flags.iter().enumerate().for_each(|(i, flag)| flag.drive(i == which));
        };
        when(is_nan(p.a, self.format) | is_nan(p.b, self.format), || say(3))
            .otherwise_when(zeros, || say(1))
            .otherwise_when(minus_a & !minus_b, || say(0))
            .otherwise_when(!minus_a & minus_b, || say(2))
            .otherwise_when(a.eq(b), || say(1))
            .otherwise_when(a.lt(b) ^ minus_a, || say(0))
            .otherwise(|| say(2));
    }
}

/// The lesser or the greater by signs and magnitudes, case by case.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct ExtremeByCases {
    /// Of both.
    pub format: Format,
    /// Which of the two.
    pub end: End,
}

impl Module for ExtremeByCases {
    type Ports = ExtremePorts;

    fn ports(&self) -> ExtremePorts {
        let shape = self.format.shape();
        ExtremePorts { a: shape, b: shape, result: shape }
    }

    fn build(&self, p: ExtremePorts) {
        let format = self.format;
        let (m, width) = (format.mantissa, format.width());
        let top = (1u64 << (width - 1)) - (1 << m);
        let nan = match format.specials {
            Specials::Ieee => top | 1 << (m - 1),
            _ => top | ((1 << m) - 1),
        };
        let nan = constant(unsigned(width), nan).as_float(format.shape());
        let (minus_a, minus_b) = (p.a.top_bit(), p.b.top_bit());
        let magnitude = |x: Float| x.slice(0, width - 1);
        let [lesser, greater] = match self.end {
            End::Minimum => [p.a, p.b],
            End::Maximum => [p.b, p.a],
        };
        when(is_nan(p.a, format) | is_nan(p.b, format), || p.result.drive(nan))
            .otherwise_when(minus_a & !minus_b, || p.result.drive(lesser))
            .otherwise_when(!minus_a & minus_b, || p.result.drive(greater))
            .otherwise_when(magnitude(p.a).lt(magnitude(p.b)) ^ minus_a, || p.result.drive(lesser))
            .otherwise(|| p.result.drive(greater));
    }
}

/// Addition as in textbooks: operands swapped by magnitude, subnormal numbers not normalised, the
/// result moved up no further than its exponent allows; to nearest, ties to even.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AddBySwap {
    /// One of IEEE's.
    pub format: Format,
}

impl Module for AddBySwap {
    type Ports = BinaryPorts;

    fn ports(&self) -> BinaryPorts {
        let shape = self.format.shape();
        BinaryPorts { a: shape, b: shape, random: None, result: shape }
    }

    #[named]
    fn build(&self, p: BinaryPorts) {
        let (e, m) = (self.format.exponent, self.format.mantissa);
        let magnitude = |x: Float| x.slice(0, e + m);
        let swap = magnitude(p.a).lt(magnitude(p.b));
        let (x, y) = (swap.select(p.b, p.a), swap.select(p.a, p.b));
        let normal = |x: Float| x.slice(m, e).any();
        // Exponents from 0, subnormal numbers and the least normal ones alike.
        let exponent = |x: Float| x.slice(m, e).wrapping_sub(normal(x).as_unsigned().extend(e));
        // Guard, round and sticky.
        let significand = |x: Float| x.slice(0, m).concat(normal(x)) << 3;
        let width = m + 4;
        let distance = exponent(x).wrapping_sub(exponent(y));
        let moved = significand(y).shift_right(distance);
        let lost = moved.shift_left(distance).ne(significand(y));
        let small = moved | lost.as_unsigned().extend(width);
        let subtract = p.a.top_bit() ^ p.b.top_bit();
        let (large, small) = (significand(x).extend(width + 1), small.extend(width + 1));
        let total = subtract.select(large.wrapping_sub(small), large.wrapping_add(small));
        let carried = total.top_bit();
        let halved = (total >> 1) | total.truncate(1).extend(width);
        let down = total.truncate(width);
        let zeros = down.leading_zeros();
        let wide = e.max(zeros.width());
        let enough = zeros.extend(wide).le(exponent(x).extend(wide));
        let up = enough.select(zeros.extend(wide), exponent(x).extend(wide));
        let aligned = carried.select(halved, down.shift_left(up));
        let raised = exponent(x).extend(wide).wrapping_add(carried.as_unsigned().extend(wide));
        let level = carried.select(raised, exponent(x).extend(wide).wrapping_sub(up));
        // The hidden one counts as a step of the exponent.
        let code = (level << m) + (aligned >> 3);
        let half = aligned.bit(2);
        let increment = half & (aligned.truncate(2).any() | aligned.bit(3));
        let code = code.wrapping_add(increment.as_unsigned().extend(code.width()));
        let infinity = constant(unsigned(e + m), (1u64 << (e + m)) - (1 << m));
        let top = constant(unsigned(e + m), (1u64 << (e + m)) - (1 << (m - 1)));
        let special = magnitude(x).ge(infinity);
        let nan = magnitude(x).gt(infinity) | (special & subtract & magnitude(y).eq(infinity));
        let overflows = code.ge(infinity.extend(code.width()));
        let cancels = !total.any();
        let finite = code.truncate(e + m) & (!cancels).repeat(e + m);
        let number = (special | overflows).select(infinity, finite);
        let sign = cancels.select(p.a.top_bit() & p.b.top_bit(), x.top_bit());
        let result = cat((nan.select(top, number), sign & !nan));
        p.result.drive(result.as_float(self.format.shape()));
    }
}

/// The bf16 accumulation step by step: the product and the sum so far as numbers of a wider exponent,
/// where nothing underflows; the textbook's sum of these; then zero and infinity by the exponent.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct MacBySteps;

/// fp32 with an exponent wide enough for every product and sum of bf16.
pub const WIDE: Format = Format::ieee(10, 23);

/// An fp32 in the wide format, subnormal numbers as zeros.
pub fn widened(x: Float) -> Float {
    let (mantissa, field) = (x.slice(0, 23), x.slice(23, 8));
    let rebiased = field.extend(10).wrapping_add(WIDE.bias() - Format::FP32.bias());
    let normal = cat((mantissa, rebiased));
    let infinite = cat((mantissa, constant(unsigned(10), 1023)));
    let code = field.all().select(infinite, normal) & field.any().repeat(33);
    cat((code, x.top_bit())).as_float(WIDE.shape())
}

/// The product of two bf16 in the wide format, exact.
pub fn wide_product(a: Float, b: Float) -> Float {
    let (field, fraction) = (|x: Float| x.slice(7, 8), |x: Float| x.slice(0, 7));
    let nan = |x: Float| field(x).all() & fraction(x).any();
    let infinite = |x: Float| field(x).all() & !fraction(x).any();
    let zero = |x: Float| !field(x).any();
    let significand = |x: Float| fraction(x).concat(constant(bit(), true));
    let product = significand(a) * significand(b);
    let carried = product.top_bit();
    let mantissa = carried.select(product.truncate(15), product.truncate(14) << 1) << 8;
    let exponents = (field(a) + field(b)).extend(10).wrapping_add(carried.as_unsigned().extend(10));
    let exponent = exponents.wrapping_add(WIDE.bias() - 2 * Format::BF16.bias());
    let infinity = constant(unsigned(33), 1023u64 << 23);
    let quiet = constant(unsigned(33), 1023u64 << 23 | 1 << 22);
    let none = zero(a) | zero(b);
    let endless = infinite(a) | infinite(b);
    let code = endless.select(infinity, cat((mantissa, exponent)) & (!none).repeat(33));
    let invalid = nan(a) | nan(b) | (endless & none);
    let sign = a.top_bit() ^ b.top_bit();
    cat((invalid.select(quiet, code), sign)).as_float(WIDE.shape())
}

impl Module for MacBySteps {
    type Ports = MacPorts;

    fn ports(&self) -> MacPorts {
        MacPorts { c: float(8, 23), a: float(8, 7), b: float(8, 7), sum: float(8, 23) }
    }

    fn build(&self, p: MacPorts) {
        let add = instance(AddBySwap { format: WIDE }, "add");
        add.a.drive(widened(p.c));
        add.b.drive(wide_product(p.a, p.b));
        p.sum.drive(narrowed(add.result));
    }
}

/// A number of the wide format as fp32: zero and infinity by the exponent.
pub fn narrowed(sum: Float) -> Float {
    let field = sum.slice(23, 10);
    let offset = WIDE.bias() - Format::FP32.bias();
    let special = field.all();
    let too_small = field.le(offset) & !special;
    let too_large = field.ge(offset + 255);
    let nan = special & sum.slice(0, 23).any();
    let code = cat((sum.slice(0, 23), field.wrapping_sub(offset).truncate(8)));
    let code = too_large.select(constant(unsigned(31), 0x7f80_0000), code);
    let code = nan.select(constant(unsigned(31), 0x7fc0_0000), code) & (!too_small).repeat(31);
    cat((code, sum.top_bit())).as_float(float(8, 23))
}

/// A block's sum in a chain, the last element first.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SumBackwards {
    /// Of the same.
    pub sum: BlockSum,
    /// Subtracts the last product, which is wrong.
    pub fault: bool,
}

impl Module for SumBackwards {
    type Ports = BlockSumPorts;

    fn ports(&self) -> BlockSumPorts {
        self.sum.ports()
    }

    fn build(&self, p: BlockSumPorts) {
        let Element::Float(format) = self.sum.element else { panic!("a chain of floats") };
        let width = p.total.integer.width();
        let pairs = p.a.iter().zip(&p.b).rev();
        let products = pairs.map(|(a, b)| {
            let (x, y) = (integer(*a, format, width), integer(*b, format, width));
            (x * y).truncate(width)
        });
        let products: Vec<Signed> = products.collect();
        let zero = constant(signed(width), 0);
        let first = if self.fault { zero.wrapping_sub(products[0]) } else { products[0] };
        let integer = products[1..].iter().fold(first, |sum, product| sum.wrapping_add(*product));
        let never = constant(bit(), false);
        p.total.drive(BlockTotal { integer, nan: never, infinite: never, negative: never });
    }
}

/// A float without specials as a multiple of the least one.
fn integer(code: Unsigned, format: Format, width: u32) -> Signed {
    let (mantissa, field) =
        (code.slice(0, format.mantissa), code.slice(format.mantissa, format.exponent));
    let below = mantissa.extend(width);
    let hidden = mantissa.concat(constant(bit(), true)).extend(width);
    let values: Vec<Unsigned> = (0..1u32 << format.exponent)
        .map(|e| if e == 0 { below } else { hidden.shift_left(e - 1) })
        .collect();
    let magnitude = select(field, &values).as_signed();
    let negative = constant(signed(width), 0).wrapping_sub(magnitude);
    code.top_bit().select(negative, magnitude)
}
