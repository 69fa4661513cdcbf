//! [`Add`], [`Times`] and [`Fma`]: rounded arithmetic with gradual underflow.

use crate::pack::Target;
use crate::product::product;
use crate::staged::sealed::Sealed;
use crate::sum::{self, sum};
use crate::unpacked::unpack;
use crate::{Cuts, Format, Overflow, Rounding, Staged};
use olivine_lang::prelude::*;

/// Adds two floats.
///
/// ```text
///            +-----+
///       a -->|     |
///       b -->| Add |--> result
///  random -->|     |
///            +-----+
/// ```
///
/// *Behaviour*: `result = round(a + b)`; IEEE 754's addition in its five roundings.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined).
///
/// *Numerics*: gradual underflow. Infinity minus infinity is NaN; a sum that cancels is +0, but −0
/// when rounding down; the sum of two zeros of one sign keeps it. Too large is infinity or, where
/// the rounding is toward it, the largest number; see [`Overflow::Special`] for formats without
/// infinity.
///
/// *Undefined*: nothing.
///
/// *Verification*: all pairs of 8-bit formats in all roundings; wider ones by directed and random
/// vectors; against the golden model, which is compared with SoftFloat and APFloat; fp32 by all pairs
/// of special exponents with patterned significands against these themselves. In bf16, fp16 and fp32,
/// to nearest, it is proved equal to an adder of another structure.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Add {
    /// Of terms and result.
    pub format: Format,
    /// How the result is rounded.
    pub rounding: Rounding,
}

/// Multiplies two floats.
///
/// ```text
///            +-------+
///       a -->|       |
///       b -->| Times |--> result
///  random -->|       |
///            +-------+
/// ```
///
/// *Behaviour*: `result = round(a · b)`; IEEE 754's multiplication in its five roundings.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined); a digit a cycle: [`Iterative`](crate::Iterative).
///
/// *Numerics*: gradual underflow. Infinity times zero is NaN. Too large as for [`Add`].
///
/// *Undefined*: nothing.
///
/// *Verification*: as [`Add`]; all pairs of bf16 in the arithmetic benchmark.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Times {
    /// The format of the factors.
    pub operand: Format,
    /// The format of the result.
    pub result: Format,
    /// How the result is rounded.
    pub rounding: Rounding,
}

/// Adds a product to a sum, rounded once.
///
/// ```text
///            +-----+
///       c -->|     |
///       a -->|     |
///       b -->| Fma |--> result
///  random -->|     |
///            +-----+
/// ```
///
/// *Behaviour*: `result = round(c + a · b)`; IEEE 754's fused multiplication and addition.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset. In stages:
/// [`Pipelined`](crate::Pipelined); a digit a cycle: [`Iterative`](crate::Iterative).
///
/// *Numerics*: gradual underflow: what [`Mac`](crate::Mac) takes for zero is a number here. Formats
/// are free: the product needs not fit the sum. Specials as for [`Add`] and [`Times`].
///
/// *Undefined*: nothing.
///
/// *Verification*: all triples of small formats, wider ones by directed and random vectors; against
/// the golden model, which is compared with SoftFloat's fused operation.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Fma {
    /// The format of the factors.
    pub operand: Format,
    /// The format of addend and result.
    pub sum: Format,
    /// How the result is rounded.
    pub rounding: Rounding,
}

/// The ports of [`Add`] and [`Times`].
#[derive(Ports)]
pub struct BinaryPorts {
    /// An operand.
    pub a: In<Float>,
    /// The other operand.
    pub b: In<Float>,
    /// For stochastic rounding, uniform.
    pub random: Option<In<Unsigned>>,
    /// The result, rounded.
    pub result: Out<Float>,
}

/// The ports of [`Fma`].
#[derive(Ports)]
pub struct FmaPorts {
    /// What is added.
    pub c: In<Float>,
    /// A factor.
    pub a: In<Float>,
    /// The other factor.
    pub b: In<Float>,
    /// For stochastic rounding, uniform.
    pub random: Option<In<Unsigned>>,
    /// `c + a · b`, rounded.
    pub result: Out<Float>,
}

fn target(format: Format, rounding: Rounding, random: Option<Unsigned>) -> Target {
    Target { format, rounding, overflow: Overflow::Special, random }
}

impl Module for Add {
    type Ports = BinaryPorts;

    fn check(&self) -> Result<(), String> {
        self.format.possible()?;
        self.rounding.possible()
    }

    fn ports(&self) -> BinaryPorts {
        let (shape, random) = (self.format.shape(), self.rounding.random());
        BinaryPorts { a: shape, b: shape, random, result: shape }
    }

    fn name(&self) -> String {
        format!("add_{}_{}", self.format.tag(), self.rounding.tag())
    }

    fn build(&self, p: BinaryPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for Add {}

impl Staged for Add {
    fn places(&self) -> u32 {
        1 + sum::PLACES + 1
    }

    #[named]
    fn stages(&self, p: BinaryPorts, cuts: &mut Cuts) {
        let a = unpack(p.a, self.format).through(cuts);
        let b = unpack(p.b, self.format).through_too(cuts);
        let mut target = target(self.format, self.rounding, p.random);
        let down = self.rounding == Rounding::Down;
        let exact = sum(&a, &b, target.bits_wanted(), down, cuts);
        target.random = cuts.input(target.random);
        p.result.drive(target.pack_in_stages(exact, cuts));
    }
}

impl Module for Times {
    type Ports = BinaryPorts;

    fn check(&self) -> Result<(), String> {
        self.operand.possible()?;
        self.result.possible()?;
        self.rounding.possible()
    }

    fn ports(&self) -> BinaryPorts {
        let (operand, random) = (self.operand.shape(), self.rounding.random());
        BinaryPorts { a: operand, b: operand, random, result: self.result.shape() }
    }

    fn name(&self) -> String {
        format!("times_{}_{}_{}", self.operand.tag(), self.result.tag(), self.rounding.tag())
    }

    fn build(&self, p: BinaryPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Times {
    /// Where results go.
    pub(crate) fn target(&self, random: Option<Unsigned>) -> Target {
        target(self.result, self.rounding, random)
    }
}

impl Sealed for Times {}

impl Staged for Times {
    fn places(&self) -> u32 {
        3
    }

    #[named]
    fn stages(&self, p: BinaryPorts, cuts: &mut Cuts) {
        let a = unpack(p.a, self.operand).through(cuts);
        let b = unpack(p.b, self.operand).through_too(cuts);
        let exact = product(&a, &b).through(cuts);
        let random = cuts.input(p.random);
        p.result.drive(self.target(random).pack_in_stages(exact, cuts));
    }
}

impl Module for Fma {
    type Ports = FmaPorts;

    fn check(&self) -> Result<(), String> {
        self.operand.possible()?;
        self.sum.possible()?;
        self.rounding.possible()
    }

    fn ports(&self) -> FmaPorts {
        let (operand, sum) = (self.operand.shape(), self.sum.shape());
        let random = self.rounding.random();
        FmaPorts { c: sum, a: operand, b: operand, random, result: sum }
    }

    fn name(&self) -> String {
        format!("fma_{}_{}_{}", self.operand.tag(), self.sum.tag(), self.rounding.tag())
    }

    fn build(&self, p: FmaPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Fma {
    /// Where results go.
    pub(crate) fn target(&self, random: Option<Unsigned>) -> Target {
        target(self.sum, self.rounding, random)
    }
}

impl Sealed for Fma {}

impl Staged for Fma {
    fn places(&self) -> u32 {
        2 + sum::PLACES + 1
    }

    #[named]
    fn stages(&self, p: FmaPorts, cuts: &mut Cuts) {
        let a = unpack(p.a, self.operand).through(cuts);
        let b = unpack(p.b, self.operand).through_too(cuts);
        let c = unpack(p.c, self.sum).through_too(cuts);
        let product = product(&a, &b).through(cuts);
        let c = c.through_too(cuts);
        let mut target = self.target(p.random);
        let down = self.rounding == Rounding::Down;
        let exact = sum(&c, &product, target.bits_wanted(), down, cuts);
        target.random = cuts.input(target.random);
        p.result.drive(target.pack_in_stages(exact, cuts));
    }
}
