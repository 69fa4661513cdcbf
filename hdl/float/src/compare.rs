//! [`Compare`] and [`Extreme`]: order, the lesser and the greater.

use crate::staged::sealed::Sealed;
use crate::unpacked::specials;
use crate::{Cuts, Format, Staged};
use olivine_lang::prelude::*;

/// Compares two floats.
///
/// ```text
///        +---------+--> less
///   a -->|         |--> equal
///        | Compare |
///   b -->|         |--> greater
///        +---------+--> unordered
/// ```
///
/// *Behaviour*: exactly one output is set: `unordered` if an operand is a NaN, else by value. The
/// two zeros are equal; infinities are at the ends.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined), whose one place is behind the comparison.
///
/// *Undefined*: nothing.
///
/// *Verification*: all pairs of 8-bit formats, wider ones by directed and random vectors against
/// the golden model; that exactly one output is set, and which, is proved for every format against a
/// description by cases.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Compare {
    /// Of both.
    pub format: Format,
}

/// The ports of [`Compare`].
#[derive(Ports)]
pub struct ComparePorts {
    /// The one.
    pub a: In<Float>,
    /// The other.
    pub b: In<Float>,
    /// `a < b`.
    pub less: Out<Bit>,
    /// `a = b`.
    pub equal: Out<Bit>,
    /// `a > b`.
    pub greater: Out<Bit>,
    /// One of them is a NaN.
    pub unordered: Out<Bit>,
}

/// Which of two.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub enum End {
    /// The lesser.
    Minimum,
    /// The greater.
    Maximum,
}

/// The lesser or the greater of two floats.
///
/// ```text
///        +---------+
///   a -->|         |
///        | Extreme |--> result
///   b -->|         |
///        +---------+
/// ```
///
/// *Behaviour*: IEEE 754-2019's `minimum` and `maximum`: −0 is below +0; if an operand is a NaN,
/// the result is the canonical one.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined), whose one place is behind the comparison.
///
/// *Undefined*: nothing.
///
/// *Verification*: as [`Compare`].
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Extreme {
    /// Of both, and of the result.
    pub format: Format,
    /// Which of the two.
    pub end: End,
}

/// The ports of [`Extreme`].
#[derive(Ports)]
pub struct ExtremePorts {
    /// The one.
    pub a: In<Float>,
    /// The other.
    pub b: In<Float>,
    /// One of the two.
    pub result: Out<Float>,
}

/// Whether it is a NaN.
#[track_caller]
fn is_nan(value: Float, format: Format) -> Bit {
    specials(value.slice(format.mantissa, format.exponent), value.slice(0, format.mantissa), format)
        .0
}

/// Whether the code of `a` stands before that of `b`: −0 before +0.
#[track_caller]
fn precedes(a: Float, b: Float) -> Bit {
    // Negative codes count down; with all their bits inverted, the sign too, they count up.
    let key = |x: Float| {
        let negative = x.top_bit();
        let magnitude = x.slice(0, x.width() - 1);
        cat((magnitude ^ negative.repeat(magnitude.width()), !negative))
    };
    key(a).lt(key(b))
}

impl Module for Compare {
    type Ports = ComparePorts;

    fn check(&self) -> Result<(), String> {
        self.format.possible()
    }

    fn ports(&self) -> ComparePorts {
        let (a, flag) = (self.format.shape(), bit());
        ComparePorts { a, b: a, less: flag, equal: flag, greater: flag, unordered: flag }
    }

    fn name(&self) -> String {
        format!("compare_{}", self.format.tag())
    }

    fn build(&self, p: ComparePorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for Compare {}

impl Staged for Compare {
    fn places(&self) -> u32 {
        1
    }

    #[named]
    fn stages(&self, p: ComparePorts, cuts: &mut Cuts) {
        let unordered = is_nan(p.a, self.format) | is_nan(p.b, self.format);
        let magnitude = |x: Float| x.slice(0, self.format.width() - 1);
        let zeros = !(magnitude(p.a) | magnitude(p.b)).any();
        let equal = zeros | p.a.eq(p.b);
        let less = precedes(p.a, p.b);
        let (unordered, equal, less) = cuts.here((unordered, equal, less));
        p.unordered.drive(unordered);
        p.equal.drive(equal & !unordered);
        p.less.drive(less & !equal & !unordered);
        p.greater.drive(!less & !equal & !unordered);
    }
}

impl Module for Extreme {
    type Ports = ExtremePorts;

    fn check(&self) -> Result<(), String> {
        self.format.possible()
    }

    fn ports(&self) -> ExtremePorts {
        let shape = self.format.shape();
        ExtremePorts { a: shape, b: shape, result: shape }
    }

    fn name(&self) -> String {
        let end = match self.end {
            End::Minimum => "minimum",
            End::Maximum => "maximum",
        };
        format!("{end}_{}", self.format.tag())
    }

    fn build(&self, p: ExtremePorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for Extreme {}

impl Staged for Extreme {
    fn places(&self) -> u32 {
        1
    }

    #[named]
    fn stages(&self, p: ExtremePorts, cuts: &mut Cuts) {
        let a_first = precedes(p.a, p.b);
        let take_a = if self.end == End::Minimum { a_first } else { !a_first };
        let any_nan = is_nan(p.a, self.format) | is_nan(p.b, self.format);
        let (take_a, any_nan, a, b) = cuts.here((take_a, any_nan, p.a, p.b));
        let nan = constant(unsigned(self.format.width()), self.format.nan());
        let nan = nan.as_float(self.format.shape());
        p.result.drive(any_nan.select(nan, take_a.select(a, b)));
    }
}
