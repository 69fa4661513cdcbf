//! [`Iterative`]: products, a digit of a factor each cycle.

use crate::product::product_of;
use crate::sum::sum;
use crate::unpacked::{Unpacked, unpack};
use crate::{Cuts, Fma, Format, Rounding, Times};
use olivine_lang::prelude::*;

/// What a unit with a product is given.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Operands {
    /// What is added; only of [`Fma`].
    pub c: Option<Float>,
    /// A factor.
    pub a: Float,
    /// The other factor.
    pub b: Float,
    /// For stochastic rounding, uniform.
    pub random: Option<Unsigned>,
}

/// A unit that makes a product of two significands, and something of that.
///
/// Sealed: what becomes of a product is told here.
pub trait OfProduct: Module + sealed::Concludes {
    /// The format of the factors.
    fn operand(&self) -> Format;

    /// What it is given, as a shape.
    fn operands(&self) -> Operands;

    /// The shape of its result.
    fn result(&self) -> Float;
}

mod sealed {
    use super::{Float, Operands, Unpacked};

    /// Units of this crate.
    pub trait Concludes {
        /// The result, by the exact product.
        fn conclude(&self, operands: &Operands, product: &Unpacked) -> Float;
    }
}

/// A unit whose multiplier works in cycles. In fp32 a digit of 1 saves all four 18×18 multipliers of the
/// combinational product, with as many tables; the rounding, which stays, is the larger part.
///
/// ```text
///               +-----------+
///  operands ===>| Iterative |==> results
///               +-----------+
/// ```
///
/// *Parameters*: `unit`, a [`Times`] or [`Fma`]; `digit`, the bits of `b`'s significand that meet `a` in a
/// cycle.
///
/// *Ports*: see [`IterativePorts`].
///
/// *Behaviour*: the unit's: each result is what the combinational unit gives for the operands, in
/// their order.
///
/// *Timing*: let `n` be the digits of a significand, ⌈(mantissa + 1) / `digit`⌉. A result can leave
/// `n + 2` cycles after its operands came, and operands can come in the cycle in which the result
/// leaves: one in `n + 2` cycles. `operands.ready` depends combinationally on `results.ready`; results come
/// from registers through the unit's rounding.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: nothing is under way.
///
/// *Numerics*: the unit's.
///
/// *Undefined*: `results.payload` while not valid.
///
/// *Verification*: proved by k-induction for 4- and 8-bit formats and several digits: the result is that
/// of the combinational unit for all inputs; after every step the product so far is exact. Wider ones
/// by directed and random vectors, with waits on both sides, against the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Iterative<U> {
    /// What is done.
    pub unit: U,
    /// Bits in a cycle: 1 to the width of a significand.
    pub digit: u32,
}

/// The ports of [`Iterative`].
#[derive(Ports)]
pub struct IterativePorts {
    /// What to do.
    pub operands: Sink<Operands>,
    /// What came of it.
    pub results: Source<Float>,
}

impl<U: OfProduct> Module for Iterative<U> {
    type Ports = IterativePorts;

    fn check(&self) -> Result<(), String> {
        self.unit.check()?;
        let (digit, precision) = (self.digit, self.unit.operand().precision());
        if !(1..=precision).contains(&digit) {
            return Err(format!(
                "a digit of {digit} bits: it must have from 1 to the {precision} of a significand"
            ));
        }
        Ok(())
    }

    fn ports(&self) -> IterativePorts {
        IterativePorts {
            operands: stream(self.unit.operands()),
            results: stream(self.unit.result()),
        }
    }

    fn name(&self) -> String {
        format!("{}_digit{}", self.unit.name(), self.digit)
    }

    #[named]
    fn build(&self, p: IterativePorts) {
        let format = self.unit.operand();
        let steps = format.precision().div_ceil(self.digit);
        // Steps done, the first of which only loads; one more than there are is none.
        let (last, none) = (steps + 1, steps + 2);
        let done = reg(unsigned(bits_for(none.into()))).reset(none);
        let held = reg(p.operands.payload.shape());
        let finished = done.eq(last);
        when(done.lt(last), || done.set(done.wrapping_add(1)));
        when(p.results.transfer(), || done.set(none));
        when(p.operands.transfer(), || {
            done.set(0);
            held.set(p.operands.payload);
        });
        p.operands.ready.drive(done.eq(none) | (finished & p.results.ready));

        let [a, b] = [held.a, held.b].map(|factor| unpack(factor, format));
        let digits = steps * self.digit;
        // The product so far, above the digits still to come.
        let product = reg(unsigned(format.precision() + digits));
        let loaded = b.significand.extend(product.width());
        let next = mux(done.eq(0), loaded, self.step(product, a.significand));
        when(done.lt(last), || product.set(next));
        let both = product.truncate(2 * format.precision());
        p.results.valid.drive(finished);
        p.results.payload.drive(self.unit.conclude(&held, &product_of(&a, &b, both)));

        always("no more steps than there are", done.le(none));
        for step in 0..=steps {
            let begun = done.eq(step + 1);
            let right = self.holds(product, [a.significand, b.significand], step);
            always(format!("after {step} digits"), begun.implies(right));
        }
        p.results.assert_rules("results");
        cover("a result is taken", p.results.transfer());
    }
}

impl<U: OfProduct> Iterative<U> {
    /// The lowest digit meets `a`; the sum moves down over it.
    #[named]
    fn step(&self, product: Unsigned, a: Unsigned) -> Unsigned {
        let below = product.width() - a.width();
        let so_far = product.slice(below, a.width());
        let sum =
            (a * product.truncate(self.digit)).wrapping_add(so_far.extend(a.width() + self.digit));
        match below - self.digit {
            0 => sum,
            rest => cat((product.slice(self.digit, rest), sum)),
        }
    }

    /// So many digits of `b` are multiplied, the others still to come.
    #[named]
    fn holds(&self, product: Unsigned, [a, b]: [Unsigned; 2], step: u32) -> Bit {
        let below = product.width() - a.width();
        let b = b.extend(below);
        let met = step * self.digit;
        let to_come = match below - met {
            0 => constant(bit(), true),
            rest => product.truncate(rest).eq(b.slice(met, rest)),
        };
        let so_far = product.slice(below - met, a.width() + met);
        let right = match met {
            0 => !so_far.any(),
            _ => so_far.eq(a * b.truncate(met)),
        };
        to_come & right
    }
}

fn shape(operand: Format, c: Option<Format>, rounding: Rounding) -> Operands {
    let factor = operand.shape();
    Operands { c: c.map(Format::shape), a: factor, b: factor, random: rounding.random() }
}

impl OfProduct for Times {
    fn operand(&self) -> Format {
        self.operand
    }

    fn operands(&self) -> Operands {
        shape(self.operand, None, self.rounding)
    }

    fn result(&self) -> Float {
        self.result.shape()
    }
}

impl sealed::Concludes for Times {
    fn conclude(&self, operands: &Operands, product: &Unpacked) -> Float {
        self.target(operands.random).pack(product)
    }
}

impl OfProduct for Fma {
    fn operand(&self) -> Format {
        self.operand
    }

    fn operands(&self) -> Operands {
        shape(self.operand, Some(self.sum), self.rounding)
    }

    fn result(&self) -> Float {
        self.sum.shape()
    }
}

impl sealed::Concludes for Fma {
    fn conclude(&self, operands: &Operands, product: &Unpacked) -> Float {
        let target = self.target(operands.random);
        let c = unpack(operands.c.expect("it has one"), self.sum);
        let down = self.rounding == Rounding::Down;
        target.pack(&sum(&c, product, target.bits_wanted(), down, &mut Cuts::none()))
    }
}
