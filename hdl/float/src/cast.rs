//! [`Cast`]: a float in another format.

use crate::pack::Target;
use crate::staged::sealed::Sealed;
use crate::unpacked::unpack;
use crate::{Cuts, Format, Overflow, Rounding, Staged};
use olivine_lang::prelude::*;

/// Converts a float to another format.
///
/// ```text
///            +------+
///   value -->|      |
///            | Cast |--> result
///  random -->|      |
///            +------+
/// ```
///
/// *Behaviour*: `result = round(value)`.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined).
///
/// *Numerics*: subnormal numbers are read and made. Too large numbers and infinities by
/// [`Overflow`]. A NaN becomes the canonical one: positive, quiet, no payload; in a format without
/// NaN the largest number. A zero keeps its sign.
///
/// *Undefined*: nothing.
///
/// *Verification*: every input of formats of up to 16 bits to every other format in every
/// rounding, fp32 by directed and random vectors (all of them in the arithmetic benchmark), against
/// the golden model, which is compared with SoftFloat and APFloat. Stochastic rounding: for every
/// number of bits cut off and every random number.
///
/// ```
/// use olivine_float::{Cast, Format, Overflow, Rounding};
///
/// let cast = Cast::new(Format::FP32, Format::E4M3)
///     .rounding(Rounding::Stochastic { bits: 16 })
///     .overflow(Overflow::Saturate);
/// let design = olivine_lang::elaborate(cast).unwrap();
/// assert_eq!(design.top().name, "cast_e8m23_e4m3n_sr16_saturate");
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Cast {
    from: Format,
    to: Format,
    rounding: Rounding,
    overflow: Overflow,
}

impl Cast {
    /// To nearest, ties to even, [`Overflow::Special`].
    pub fn new(from: Format, to: Format) -> Self {
        let (rounding, overflow) = (Rounding::NearestEven, Overflow::Special);
        Self { from, to, rounding, overflow }
    }

    /// With this rounding.
    #[must_use]
    pub fn rounding(self, rounding: Rounding) -> Self {
        Self { rounding, ..self }
    }

    /// With this treatment of what is too large.
    #[must_use]
    pub fn overflow(self, overflow: Overflow) -> Self {
        Self { overflow, ..self }
    }

    /// Exponents alike, infinities on both sides: rounding is an increment of the code.
    fn cuts_mantissa(&self) -> bool {
        let alike = self.from.exponent == self.to.exponent;
        let ieee = [self.from, self.to].iter().all(|f| f.specials == crate::Specials::Ieee);
        alike
            && ieee
            && self.from.mantissa > self.to.mantissa + self.rounding.random_bits().max(1) - 1
    }
}

/// The ports of [`Cast`].
#[derive(Ports)]
pub struct CastPorts {
    /// What is converted.
    pub value: In<Float>,
    /// For stochastic rounding, uniform.
    pub random: Option<In<Unsigned>>,
    /// The same in the other format.
    pub result: Out<Float>,
}

impl Module for Cast {
    type Ports = CastPorts;

    fn check(&self) -> Result<(), String> {
        self.from.possible()?;
        self.to.possible()?;
        self.rounding.possible()
    }

    fn ports(&self) -> CastPorts {
        let random = self.rounding.random();
        CastPorts { value: self.from.shape(), random, result: self.to.shape() }
    }

    fn name(&self) -> String {
        let saturate = if self.overflow == Overflow::Saturate { "_saturate" } else { "" };
        let (from, to, rounding) = (self.from.tag(), self.to.tag(), self.rounding.tag());
        format!("cast_{from}_{to}_{rounding}{saturate}")
    }

    fn build(&self, p: CastPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for Cast {}

impl Staged for Cast {
    fn places(&self) -> u32 {
        if self.cuts_mantissa() { 1 } else { 2 }
    }

    #[named]
    fn stages(&self, p: CastPorts, cuts: &mut Cuts) {
        if self.cuts_mantissa() {
            return p.result.drive(cuts.here(self.cut(p.value, p.random)));
        }
        let exact = unpack(p.value, self.from).through(cuts);
        let random = cuts.input(p.random);
        p.result.drive(self.target(random).pack_in_stages(exact, cuts));
    }
}

impl Cast {
    fn target(&self, random: Option<Unsigned>) -> Target {
        let Self { to: format, rounding, overflow, .. } = *self;
        Target { format, rounding, overflow, random }
    }

    /// The code without its last bits, rounded: a subnormal number is no special case, and a carry
    /// past the largest exponent makes the code of infinity.
    #[named]
    fn cut(&self, value: Float, random: Option<Unsigned>) -> Float {
        let to = self.to;
        let width = to.width() - 1;
        let dropped = self.from.mantissa - to.mantissa;
        let sign = value.top_bit();
        let kept = value.slice(dropped, width);
        let special = value.slice(self.from.mantissa, to.exponent).all();
        let nan = special & value.slice(0, self.from.mantissa).any();
        let below = cat((constant(bit(), false), value.slice(0, dropped)));
        let up = self.rounding.goes_up(sign, kept.bit(0), below, random);
        let rounded = kept.wrapping_add(up.as_unsigned().extend(width));
        let of = |code: u64| constant(unsigned(width), code);
        let overflows = rounded.gt(to.largest()) & !special;
        let saturate = self.overflow == Overflow::Saturate;
        let to_largest =
            (overflows & !self.rounding.to_infinity(sign)) | ((overflows | special) & saturate);
        let number = special.select(of(to.largest() + 1), rounded);
        let number = to_largest.select(of(to.largest()), number);
        cat((nan.select(of(to.nan()), number), sign & !nan)).as_float(to.shape())
    }
}
