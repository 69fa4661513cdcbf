//! [`FromScale`] and [`ToScale`]: E8M0, the scales of MX blocks.

use crate::pack::Target;
use crate::unpacked::{Unpacked, exponent_shape, resize, unpack};
use crate::{Format, Overflow, Rounding};
use olivine_lang::prelude::*;

/// The code of the scale that is NaN.
const NAN: u64 = 255;
/// What the scale 1 is encoded as.
const BIAS: i32 = 127;

/// Converts an E8M0 scale to a float.
///
/// ```text
///            +-----------+
///   scale -->|           |
///            | FromScale |--> result
///  random -->|           |
///            +-----------+
/// ```
///
/// *Behaviour* (OCP MX 1.0, section 5.4): `result = round(2^(scale − 127))`. E8M0 has neither sign nor
/// mantissa nor zero, so it is no [`Format`]; its code is an unsigned number.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset.
///
/// *Numerics*: the scale 255 is NaN. Subnormal numbers are made. Too large by [`Overflow`], as of
/// [`Cast`](crate::Cast).
///
/// *Undefined*: nothing.
///
/// *Verification*: all scales to every format, in every rounding and with either overflow, against the
/// golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct FromScale {
    /// The format of the result.
    pub to: Format,
    /// How the result is rounded, where the format does not have it.
    pub rounding: Rounding,
    /// What becomes of too large ones.
    pub overflow: Overflow,
}

/// The ports of [`FromScale`].
#[derive(Ports)]
pub struct FromScalePorts {
    /// E8M0.
    pub scale: In<Unsigned>,
    /// For stochastic rounding, uniform.
    pub random: Option<In<Unsigned>>,
    /// The float.
    pub result: Out<Float>,
}

impl Module for FromScale {
    type Ports = FromScalePorts;

    fn check(&self) -> Result<(), String> {
        self.to.possible()?;
        self.rounding.possible()
    }

    fn ports(&self) -> FromScalePorts {
        let random = self.rounding.random();
        FromScalePorts { scale: unsigned(8), random, result: self.to.shape() }
    }

    fn name(&self) -> String {
        let saturate = if self.overflow == Overflow::Saturate { "_saturate" } else { "" };
        format!("cast_e8m0_{}_{}{saturate}", self.to.tag(), self.rounding.tag())
    }

    #[named]
    fn build(&self, p: FromScalePorts) {
        let never = constant(bit(), false);
        let range = (-BIAS, BIAS);
        let shape = exponent_shape((range.0 - 1, 256));
        let power = Unpacked {
            sign: never,
            nan: p.scale.eq(NAN),
            infinite: never,
            zero: never,
            exponent: resize(p.scale.to_signed(), shape).wrapping_sub(BIAS),
            significand: constant(unsigned(2), 2),
            range,
        };
        let (format, rounding, overflow) = (self.to, self.rounding, self.overflow);
        p.result.drive(Target { format, rounding, overflow, random: p.random }.pack(&power));
    }
}

/// Converts a float to an E8M0 scale.
///
/// ```text
///           +---------+
///  value -->| ToScale |--> scale
///           +---------+
/// ```
///
/// *Behaviour*: `scale = ⌊log₂|value|⌋ + 127`, within 0 to 254: the power of two that is not above, as
/// OCP MX 1.0 (section 6.3) has it of a block's largest magnitude.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset.
///
/// *Numerics*: the sign does not count. Zero gives scale 0; an infinity or NaN the scale 255, which is
/// NaN. Subnormal numbers are read.
///
/// *Undefined*: nothing.
///
/// *Verification*: all numbers of formats of at most 19 bits, fp32 by directed and random vectors, against
/// the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct ToScale {
    /// The format of the float.
    pub from: Format,
}

/// The ports of [`ToScale`].
#[derive(Ports)]
pub struct ToScalePorts {
    /// What is converted.
    pub value: In<Float>,
    /// E8M0.
    pub scale: Out<Unsigned>,
}

impl Module for ToScale {
    type Ports = ToScalePorts;

    fn check(&self) -> Result<(), String> {
        self.from.possible()
    }

    fn ports(&self) -> ToScalePorts {
        ToScalePorts { value: self.from.shape(), scale: unsigned(8) }
    }

    fn name(&self) -> String {
        format!("cast_{}_e8m0", self.from.tag())
    }

    #[named]
    fn build(&self, p: ToScalePorts) {
        let x = unpack(p.value, self.from);
        unused(x.significand);
        unused(x.sign);
        let range = (x.range.0 + BIAS, x.range.1 + BIAS);
        let shape = exponent_shape((range.0.min(-1) - 1, range.1.max(255) + 1));
        let scale = resize(x.exponent, shape).wrapping_add(BIAS);
        let none = x.zero | scale.is_negative();
        let bounded = scale.gt(254).select(constant(shape, 254), scale).as_unsigned().truncate(8);
        p.scale.drive((bounded & (!none).repeat(8)) | (x.nan | x.infinite).repeat(8));
    }
}
