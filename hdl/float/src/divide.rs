//! [`Divide`]: rounded quotients with gradual underflow.

use crate::arithmetic::BinaryPorts;
use crate::pack::Target;
use crate::quotient::{self, quotient};
use crate::staged::sealed::Sealed;
use crate::unpacked::unpack;
use crate::{Cuts, Format, Overflow, Rounding, Staged};
use olivine_lang::prelude::*;

/// Divides two floats.
///
/// ```text
///            +--------+
///       a -->|        |
///       b -->| Divide |--> result
///  random -->|        |
///            +--------+
/// ```
///
/// *Behaviour*: `result = round(a / b)`; IEEE 754's division in its five roundings. A reciprocal is that
/// of an `a` of one.
///
/// *Timing*: combinational: a result in each cycle, no handshake, no state, no reset; a subtraction for
/// each bit of the quotient in series, a bit more than the significand and what the rounding looks at.
/// In stages: [`Pipelined`](crate::Pipelined), with a place behind each four bits; a digit a cycle, which
/// is what most want: [`Iterative`](crate::Iterative).
///
/// *Numerics*: gradual underflow. Zero by zero and infinity by infinity are NaN; a number that is not zero
/// by zero, and infinity by a number, are infinity; a number by infinity is zero; each with the sign of the
/// product. Too large as for [`Add`](crate::Add).
///
/// *Undefined*: nothing.
///
/// *Verification*: all pairs of formats of at most 8 bits in all roundings, all pairs of bf16 significands
/// between boundaries, wider ones by directed and random vectors; against the golden model, which is
/// compared with SoftFloat and APFloat. All pairs of bf16, and fp32 by all pairs of special exponents
/// with patterned significands, in the arithmetic benchmark.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Divide {
    /// Of dividend, divisor and quotient.
    pub format: Format,
    /// How the result is rounded.
    pub rounding: Rounding,
}

impl Module for Divide {
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
        format!("divide_{}_{}", self.format.tag(), self.rounding.tag())
    }

    fn build(&self, p: BinaryPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Divide {
    /// Where results go.
    pub(crate) fn target(&self, random: Option<Unsigned>) -> Target {
        let (format, rounding, overflow) = (self.format, self.rounding, Overflow::Special);
        Target { format, rounding, overflow, random }
    }

    /// Bits of the quotient.
    pub(crate) fn bits(&self) -> u32 {
        quotient::bits(self.target(None).bits_wanted())
    }
}

impl Sealed for Divide {}

impl Staged for Divide {
    fn places(&self) -> u32 {
        1 + quotient::places(self.bits()) + 1
    }

    #[named]
    fn stages(&self, p: BinaryPorts, cuts: &mut Cuts) {
        let a = unpack(p.a, self.format).through(cuts);
        let b = unpack(p.b, self.format).through_too(cuts);
        let mut target = self.target(p.random);
        let exact = quotient(&a, &b, target.bits_wanted(), cuts);
        target.random = cuts.input(target.random);
        p.result.drive(target.pack_in_stages(exact, cuts));
    }
}
