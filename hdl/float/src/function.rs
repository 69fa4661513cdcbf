//! [`Evaluate`]: functions of one variable, by table and parabola.

mod bounded;
mod table;

use crate::normalise::normalise;
use crate::pack::Target;
use crate::staged::sealed::Sealed;
use crate::unpacked::{Unpacked, exponent_shape, resize, unpack};
use crate::{Cuts, Format, Overflow, Rounding, Specials, Staged};
use olivine_lang::prelude::*;
use table::{PLACES, segment};

/// A function of one variable.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum Function {
    /// 2^x.
    Exp2,
    /// log₂ x.
    Log2,
    /// 1/x.
    Reciprocal,
    /// 1/√x.
    ReciprocalRoot,
    /// 1/(1 + e^−x).
    Sigmoid,
    /// The hyperbolic tangent.
    Tanh,
    /// The error function.
    Erf,
    /// GELU: x·Φ(x), with the normal distribution; x/2 · (1 + erf(x/√2)).
    Gelu,
    /// The derivative of GELU: Φ(x) + x·φ(x), with the normal distribution and its density.
    GeluDerivative,
}

/// Evaluates a function of a float.
///
/// ```text
///       +----------+
///  x -->| Evaluate |--> result
///       +----------+
/// ```
///
/// *Behaviour*: `result = f(x)`, nearly rounded to nearest: a table of parabolas, whose value is
/// rounded once. There are 256 of them; of tanh 2048 and of erf, GELU and its derivative 1024, in
/// steps of 2⁻⁷ of |x|. The sigmoid is the reciprocal of 1 + 2^(−x·log₂ e), by two tables.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined), four places, of the sigmoid five.
///
/// *Numerics*: the largest error is below 0.6 units of the last place of the result in bf16, and
/// below 0.75 in fp32, near the zero of the logarithm, too. That of GELU's derivative is below
/// those plus 2⁻²⁶: its zero near −0.75 and its tail below −5 have no more exact digits, and below
/// −8 it is +0. That of GELU is below those plus |x|·2⁻²⁷: near its zero it is as exact as the others,
/// the tail below −5 loses digits, and from −8 down it is −0; from 8 up it is x. Subnormal numbers are
/// read and made.
///
/// | x | −∞ | below 0 | −0 | +0 | +∞ | NaN |
/// |---|---|---|---|---|---|---|
/// | 2^x | +0 | | 1 | 1 | +∞ | NaN |
/// | log₂ x | NaN | NaN | −∞ | −∞ | +∞ | NaN |
/// | 1/x | −0 | | −∞ | +∞ | +0 | NaN |
/// | 1/√x | NaN | NaN | −∞ | +∞ | +0 | NaN |
/// | sigmoid | +0 | | 1/2 | 1/2 | 1 | NaN |
/// | tanh, erf | −1 | | −0 | +0 | 1 | NaN |
/// | GELU | −0 | | −0 | +0 | +∞ | NaN |
/// | GELU's derivative | +0 | | 1/2 | 1/2 | 1 | NaN |
///
/// 2^x is +∞ where it is too large, 1/x infinity of its sign. In bf16 all are monotone
/// that should be.
///
/// *Undefined*: nothing.
///
/// *Verification*: all inputs of bf16, and directed and random ones of fp32, against the golden
/// model's series of 128 bits; the error bound and, in bf16, monotony. In the arithmetic benchmark 10⁸
/// inputs of fp32 for each function, the edges of its segments and what is around the worst.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Evaluate {
    /// Which function.
    pub function: Function,
    /// Of x and of the result: an exponent of 8 bits and a mantissa of 7 to 23, with infinities.
    pub format: Format,
}

/// The ports of [`Evaluate`].
#[derive(Ports)]
pub struct EvaluatePorts {
    /// Where.
    pub x: In<Float>,
    /// f(x).
    pub result: Out<Float>,
}

/// The table's index.
const INDEX: u32 = 8;
/// Bits of a place within a segment.
const WITHIN: u32 = 20;
/// Widths of the coefficients.
const WIDTHS: [u32; 3] = [32, 24, 16];

impl Module for Evaluate {
    type Ports = EvaluatePorts;

    fn check(&self) -> Result<(), String> {
        self.format.possible()?;
        let Format { exponent, mantissa, specials } = self.format;
        if exponent != 8 || !(7..=23).contains(&mantissa) || specials != Specials::Ieee {
            return Err("`format` must have an exponent of 8 bits, a mantissa of 7 to 23 and \
                        infinities, such as `Format::FP32`"
                .into());
        }
        Ok(())
    }

    fn ports(&self) -> EvaluatePorts {
        EvaluatePorts { x: self.format.shape(), result: self.format.shape() }
    }

    fn name(&self) -> String {
        let name = match self.function {
            Function::Exp2 => "exp2",
            Function::Log2 => "log2",
            Function::Reciprocal => "reciprocal",
            Function::ReciprocalRoot => "reciprocal_root",
            Function::Sigmoid => "sigmoid",
            Function::Tanh => "tanh",
            Function::Erf => "erf",
            Function::Gelu => "gelu",
            Function::GeluDerivative => "gelu_derivative",
        };
        format!("{name}_{}", self.format.tag())
    }

    fn build(&self, p: EvaluatePorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for Evaluate {}

impl Staged for Evaluate {
    fn places(&self) -> u32 {
        if self.function == Function::Sigmoid { 5 } else { 4 }
    }

    #[named]
    fn stages(&self, p: EvaluatePorts, cuts: &mut Cuts) {
        let x = unpack(p.x, self.format).through(cuts);
        let exact = match self.function {
            Function::Sigmoid => bounded::sigmoid(x, cuts),
            Function::Tanh | Function::Erf | Function::Gelu | Function::GeluDerivative => {
                bounded::by_magnitude(self.function, x, cuts)
            }
            _ => self.by_significand(x, cuts),
        };
        let significand = exact.significand & (!exact.zero).repeat(exact.significand.width());
        let exact = Unpacked { significand, ..exact };
        let target = Target {
            format: self.format,
            rounding: Rounding::NearestEven,
            overflow: Overflow::Special,
            random: None,
        };
        p.result.drive(target.pack_in_stages(exact.through(cuts), cuts));
    }
}

impl Evaluate {
    /// Functions whose parabolas are chosen by a fraction of one binade.
    #[named]
    fn by_significand(&self, x: Unpacked, cuts: &mut Cuts) -> Unpacked {
        // A fraction of 23 bits, whatever the format.
        let fraction = (x.significand.truncate(self.format.mantissa)
            << (23 - self.format.mantissa))
            << (INDEX + WITHIN - 23);
        let (place, whole) = match self.function {
            Function::Exp2 => fixed_point(&x),
            Function::ReciprocalRoot => {
                let odd = x.exponent.bit(0);
                (cat((fraction >> 1, odd)), x.exponent)
            }
            _ => (fraction, x.exponent),
        };
        let index = place.slice(WITHIN, INDEX);
        let parabola = parabola(self.function, index, place.truncate(WITHIN), cuts);
        let [x, along] = [x, Unpacked { exponent: whole, ..x }].map(|n| n.through_too(cuts));
        match self.function {
            Function::Exp2 => exponential(&x, along.exponent, parabola),
            Function::Log2 => logarithm(&x, parabola),
            Function::Reciprocal => reciprocal(&x, parabola),
            _ => reciprocal_root(&x, parabola),
        }
    }
}

/// The value of the table's parabola at a place, with [`PLACES`] fraction bits. One place for
/// registers, behind it.
fn parabola(function: Function, index: Unsigned, within: Unsigned, cuts: &mut Cuts) -> Unsigned {
    let words = (0..1u64 << index.width()).map(|place| {
        let s = segment(function, place, index.width());
        let fields = [s.c0, s.c1, s.c2].into_iter().zip(WIDTHS);
        let mut word = 0u128;
        for (field, width) in fields.rev() {
            word = word << width | (field as u128 & ((1 << width) - 1));
        }
        Bits::from_words(WIDTHS.iter().sum(), &[word as u64, (word >> 64) as u64])
    });
    let width = WIDTHS.iter().sum::<u32>();
    let coefficients =
        memory(unsigned(width), 1 << index.width()).init_bits(words).named("parabolas");
    let word = coefficients.read(index);
    let c0 = word.slice(0, WIDTHS[0]).as_signed();
    let c1 = word.slice(WIDTHS[0], WIDTHS[1]).as_signed();
    let c2 = word.slice(WIDTHS[0] + WIDTHS[1], WIDTHS[2]).as_signed();
    // From the middle: −1 to 1 in units of 2^-(WITHIN − 1).
    let v = cat((within.truncate(WITHIN - 1), !within.top_bit())).as_signed();
    let unit = WITHIN - 1;
    let square = (v * v).slice(unit, unit + 2).as_signed();
    let sum = (c0 + ((c1 * v) >> unit) + ((c2 * square) >> unit)).as_unsigned();
    cuts.here(sum.truncate(PLACES + 2))
}

/// Of a number below 2⁸ in magnitude its fraction above the next lower integer, and that integer;
/// of others unspecified.
#[named]
fn fixed_point(x: &Unpacked) -> (Unsigned, Signed) {
    let places = INDEX + WITHIN;
    let width = places + 9;
    let wide = x.significand << (width - x.significand.width());
    let shape = exponent_shape((x.range.0 - 1, x.range.1.max(width as i32) + 16));
    // The leading bit has the weight 2⁸ when nothing is shifted.
    let distance = constant(shape, 8).wrapping_sub(resize(x.exponent, shape));
    let far = distance.gt(constant(shape, width));
    let by = distance.as_unsigned().truncate(bits_for(u64::from(width)));
    let magnitude = wide.shift_right(by) & (!far & !x.zero).repeat(width);
    let negative = x.sign.repeat(width + 1);
    let number = (magnitude.extend(width + 1) ^ negative)
        .wrapping_add(x.sign.as_unsigned().extend(width + 1));
    (number.truncate(places), number.slice(places, 10).as_signed())
}

/// A fixed-point number as a significand with its leading one in front, and how far it went.
fn leading(value: Unsigned) -> (Unsigned, Unsigned) {
    let (zeros, significand) = normalise(value);
    (significand, zeros)
}

#[named]
fn exponential(x: &Unpacked, whole: Signed, parabola: Unsigned) -> Unpacked {
    // In [1, 2), but for the last place.
    let significand = within(parabola, PLACES);
    let large = x.exponent.ge(constant(x.exponent.shape(), 8)) & !x.zero;
    let range = (-512, 511);
    let shape = exponent_shape(range);
    let infinite = (x.infinite | large) & !x.sign;
    Unpacked {
        sign: constant(bit(), false),
        nan: x.nan,
        infinite,
        zero: (x.infinite | large) & x.sign,
        exponent: resize(whole, shape),
        significand,
        range,
    }
}

#[named]
fn logarithm(x: &Unpacked, slope: Unsigned) -> Unpacked {
    let m = x.significand.width() - 1;
    let upper = x.significand.bit(m - 1);
    // |t| with m + 1 fraction bits.
    let fraction = x.significand.truncate(m);
    let above = fraction.extend(m + 2) << 1;
    let below =
        (constant(unsigned(m + 1), 1u64 << m).wrapping_sub(fraction.extend(m + 1))).extend(m + 3);
    let t = upper.select(below, above);
    let places = PLACES + m + 1;
    let product = t * slope;
    let whole = resize(x.exponent, signed(10))
        .wrapping_add(resize(upper.as_unsigned().to_signed(), signed(10)));
    let width = places + 11;
    let product = product.truncate(places + 1).extend(width);
    let negative = upper.repeat(width);
    let part = (product ^ negative).wrapping_add(upper.as_unsigned().extend(width));
    let sum = (whole.extend(11).as_unsigned() << places).wrapping_add(part).as_signed();
    let magnitude = sum.abs();
    let (significand, zeros) = leading(magnitude);
    let range = (-(places as i32) - 2, 12);
    let shape = exponent_shape((range.0 - 2, 127));
    let top = magnitude.width() as i32 - 1 - places as i32;
    let exponent = constant(shape, top).wrapping_sub(resize(zeros.to_signed(), shape));
    let infinite = x.zero | x.infinite;
    Unpacked {
        sign: x.zero | sum.is_negative(),
        nan: x.nan | (x.sign & !x.zero),
        infinite,
        zero: !magnitude.any() & !infinite,
        exponent,
        significand,
        range,
    }
}

/// A number between 2^(top − [`PLACES`]) and twice that, the end excluded; what an approximation has
/// outside is an end.
#[named]
fn within(parabola: Unsigned, top: u32) -> Unsigned {
    let width = top + 1;
    let above = match parabola.width() - width {
        0 => constant(bit(), false),
        more => parabola.slice(width, more).any(),
    };
    let inside = parabola.bit(top);
    let low = parabola.truncate(top) & inside.repeat(top) | above.repeat(top);
    cat((low, constant(bit(), true)))
}

/// A number in (1/2, 1] times a power of two.
fn below_one(parabola: Unsigned, exponent: Signed, like: &Unpacked) -> Unpacked {
    let whole = parabola.bit(PLACES);
    let low = within(parabola.truncate(PLACES), PLACES - 1);
    let significand = whole.select(parabola.slice(1, PLACES), low);
    let range = (-like.range.1 - 2, -like.range.0 + 2);
    let shape = exponent_shape((range.0 - 2, range.1 + 2));
    let raised = resize(whole.as_unsigned().to_signed(), shape);
    Unpacked {
        exponent: resize(exponent, shape).wrapping_sub(1).wrapping_add(raised),
        significand,
        range,
        ..*like
    }
}

#[named]
fn reciprocal(x: &Unpacked, parabola: Unsigned) -> Unpacked {
    let exponent = -x.exponent;
    Unpacked { infinite: x.zero, zero: x.infinite, ..below_one(parabola, exponent, x) }
}

#[named]
fn reciprocal_root(x: &Unpacked, parabola: Unsigned) -> Unpacked {
    let half = x.exponent >> 1;
    Unpacked {
        sign: x.sign & x.zero,
        nan: x.nan | (x.sign & !x.zero),
        infinite: x.zero,
        zero: x.infinite,
        ..below_one(parabola, -half, x)
    }
}
