//! [`IntegerMac`], [`FromInteger`], [`ToInteger`]: integers.

use crate::normalise::normalise;
use crate::pack::Target;
use crate::staged::sealed::Sealed;
use crate::unpacked::{Unpacked, exponent_shape, resize, shift_right_sticky, unpack, widen};
use crate::{Cuts, Format, Overflow, Rounding, Staged};
use olivine_lang::prelude::*;

/// Multiplies and accumulates signed integers.
///
/// ```text
///        +------------+
///   a -->|            |
///   b -->| IntegerMac |--> sum
///   c -->|            |
///        +------------+
/// ```
///
/// *Behaviour*: `sum = c + a · b` modulo 2^`sum`, which is exact for chains of up to
/// 2^(`sum` − 2·`operand` + 1) − 1 products from zero: for int8 in int32 up to 131 071.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined), two places: before the product, and between it and the sum.
///
/// *Undefined*: nothing.
///
/// *Verification*: all pairs of int8 with patterned sums; that no chain within the bound leaves the
/// range is proved as an inductive step.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct IntegerMac {
    /// Width of the factors.
    pub operand: u32,
    /// Width of the sum, at least twice that of the factors.
    pub sum: u32,
}

impl IntegerMac {
    /// int8 × int8 + int32.
    pub const INT8: Self = Self { operand: 8, sum: 32 };
}

/// The ports of [`IntegerMac`].
#[derive(Ports)]
pub struct IntegerMacPorts {
    /// The sum so far.
    pub c: In<Signed>,
    /// A factor.
    pub a: In<Signed>,
    /// The other factor.
    pub b: In<Signed>,
    /// `c + a · b`.
    pub sum: Out<Signed>,
}

impl Module for IntegerMac {
    type Ports = IntegerMacPorts;

    fn check(&self) -> Result<(), String> {
        if self.operand == 0 || self.sum / 2 < self.operand {
            let Self { operand, sum } = self;
            return Err(format!(
                "factors of {operand} and a sum of {sum} bits: the factors must have at least 1 and \
                 the sum twice as many"
            ));
        }
        Ok(())
    }

    fn ports(&self) -> IntegerMacPorts {
        let (operand, sum) = (signed(self.operand), signed(self.sum));
        IntegerMacPorts { c: sum, a: operand, b: operand, sum }
    }

    fn name(&self) -> String {
        format!("mac_int{}_int{}", self.operand, self.sum)
    }

    fn build(&self, p: IntegerMacPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for IntegerMac {}

impl Staged for IntegerMac {
    fn places(&self) -> u32 {
        2
    }

    fn stages(&self, p: IntegerMacPorts, cuts: &mut Cuts) {
        let (c, a, b) = cuts.here((p.c, p.a, p.b));
        let (c, product) = cuts.here((c, a * b));
        p.sum.drive(c.wrapping_add(product.extend(self.sum)));
    }
}

/// Converts a signed integer to a float.
///
/// *Behaviour*: `result = round(value)`; zero is +0; too large as for [`Add`](crate::Add).
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset.
///
/// *Undefined*: nothing.
///
/// *Verification*: every integer of up to 16 bits, wider ones by corners and random vectors,
/// against the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct FromInteger {
    /// Width of the integer: 2 to 64.
    pub width: u32,
    /// The format of the result.
    pub to: Format,
    /// How the result is rounded.
    pub rounding: Rounding,
}

/// Whether integers can have this width.
fn integer_width(width: u32) -> Result<(), String> {
    if (2..=64).contains(&width) {
        return Ok(());
    }
    Err(format!("an integer of {width} bits: it must have from 2 to 64"))
}

/// The ports of [`FromInteger`].
#[derive(Ports)]
pub struct FromIntegerPorts {
    /// What is converted.
    pub value: In<Signed>,
    /// For stochastic rounding, uniform.
    pub random: Option<In<Unsigned>>,
    /// The float.
    pub result: Out<Float>,
}

/// `value · 2^scale`, exact.
#[named]
#[track_caller]
pub(crate) fn unpack_integer(value: Signed, scale: i32) -> Unpacked {
    let magnitude = value.abs();
    let (zeros, significand) = normalise(magnitude);
    let top = magnitude.width() as i32 - 1 + scale;
    let shape = exponent_shape((scale.min(0) - 1, top.max(magnitude.width() as i32) + 1));
    Unpacked {
        sign: value.is_negative(),
        nan: constant(bit(), false),
        infinite: constant(bit(), false),
        zero: !value.as_unsigned().any(),
        exponent: constant(shape, top).wrapping_sub(resize(zeros.to_signed(), shape)),
        significand,
        range: (scale, top),
    }
}

impl Module for FromInteger {
    type Ports = FromIntegerPorts;

    fn check(&self) -> Result<(), String> {
        integer_width(self.width)?;
        self.to.possible()?;
        self.rounding.possible()
    }

    fn ports(&self) -> FromIntegerPorts {
        let random = self.rounding.random();
        FromIntegerPorts { value: signed(self.width), random, result: self.to.shape() }
    }

    fn name(&self) -> String {
        format!("cast_int{}_{}_{}", self.width, self.to.tag(), self.rounding.tag())
    }

    #[named]
    fn build(&self, p: FromIntegerPorts) {
        let (format, rounding, random) = (self.to, self.rounding, p.random);
        let target = Target { format, rounding, overflow: Overflow::Special, random };
        p.result.drive(target.pack(&unpack_integer(p.value, 0)));
    }
}

/// Converts a float to a signed integer.
///
/// *Behaviour*: `result = round(value)`, to the nearest end where that is out of range, infinities
/// too; a NaN becomes 0.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset.
///
/// *Undefined*: nothing.
///
/// *Verification*: every float of up to 16 bits, fp32 by corners and random vectors, against the
/// golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct ToInteger {
    /// The format of the float.
    pub from: Format,
    /// Width of the integer: 2 to 64.
    pub width: u32,
    /// How the result is rounded.
    pub rounding: Rounding,
}

/// The ports of [`ToInteger`].
#[derive(Ports)]
pub struct ToIntegerPorts {
    /// What is converted.
    pub value: In<Float>,
    /// For stochastic rounding, uniform.
    pub random: Option<In<Unsigned>>,
    /// The integer.
    pub result: Out<Signed>,
}

impl Module for ToInteger {
    type Ports = ToIntegerPorts;

    fn check(&self) -> Result<(), String> {
        integer_width(self.width)?;
        self.from.possible()?;
        self.rounding.possible()
    }

    fn ports(&self) -> ToIntegerPorts {
        let random = self.rounding.random();
        ToIntegerPorts { value: self.from.shape(), random, result: signed(self.width) }
    }

    fn name(&self) -> String {
        format!("cast_{}_int{}_{}", self.from.tag(), self.width, self.rounding.tag())
    }

    #[named]
    fn build(&self, p: ToIntegerPorts) {
        let value = unpack(p.value, self.from);
        p.result.drive(to_integer(&value, self.width, self.rounding, p.random));
    }
}

/// The integer of `width` bits nearest by the rounding; the nearest end where there is none.
#[named]
#[track_caller]
pub(crate) fn to_integer(
    value: &Unpacked,
    width: u32,
    rounding: Rounding,
    random: Option<Unsigned>,
) -> Signed {
    let (integer, too_large) = magnitude(value, width, rounding, random);
    let wide = unsigned(width + 1);
    let one_if = |condition: Bit| condition.as_unsigned().extend(width + 1);
    let limit = constant(wide, 1).shift_left(width - 1).wrapping_sub(one_if(!value.sign));
    let beyond = too_large | value.infinite | integer.gt(limit);
    let clamped = beyond.select(limit, integer) & (!value.nan).repeat(width + 1);
    let negated = (clamped ^ value.sign.repeat(width + 1)).wrapping_add(one_if(value.sign));
    negated.truncate(width).as_signed()
}

/// The rounded magnitude, one bit wider than the integer, and whether it does not fit that.
#[named]
#[track_caller]
fn magnitude(
    value: &Unpacked,
    width: u32,
    rounding: Rounding,
    random: Option<Unsigned>,
) -> (Unsigned, Bit) {
    // The leading one has the weight 2^width when nothing is shifted.
    let frame = widen(value.significand, width + 1 + rounding.bits_below() + 1);
    let shape = exponent_shape((value.range.0 - 1, value.range.1.max(width as i32) + 1));
    let distance = constant(shape, width) - resize(value.exponent, shape);
    let too_large = distance.is_negative() & !value.zero;
    let aligned = shift_right_sticky(frame, distance.as_unsigned());
    let dropped = aligned.width() - (width + 1);
    let kept = aligned.slice(dropped, width + 1);
    let below = aligned.truncate(dropped);
    let up = rounding.goes_up(value.sign, kept.bit(0), below, random);
    let rounded = kept + up.as_unsigned();
    (rounded.truncate(width + 1), too_large | rounded.top_bit())
}
