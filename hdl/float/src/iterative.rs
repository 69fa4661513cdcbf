//! [`Iterative`]: products and quotients, a digit each cycle.

mod work;

use crate::product::product_of;
use crate::quotient::{finished, kinds};
use crate::sum::sum;
use crate::unpacked::{Unpacked, unpack};
use crate::{Cuts, Divide, Fma, Format, Rounding, Times};
use olivine_lang::prelude::*;
use work::Work;

/// What a unit is given.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Operands {
    /// What is added; only of [`Fma`].
    pub c: Option<Float>,
    /// A factor, or the dividend.
    pub a: Float,
    /// The other factor, or the divisor.
    pub b: Float,
    /// For stochastic rounding, uniform.
    pub random: Option<Unsigned>,
}

/// A unit that makes a product or a quotient of two significands, and something of that.
///
/// Sealed: what becomes of it is told here.
pub trait ByDigits: Module + sealed::Digits {
    /// The format of factors, or of dividend and divisor.
    fn operand(&self) -> Format;

    /// What it is given, as a shape.
    fn operands(&self) -> Operands;

    /// The shape of its result.
    fn result(&self) -> Float;
}

mod sealed {
    use super::{Float, Operands, Unpacked, Unsigned, Work};

    /// Units of this crate.
    pub trait Digits {
        /// What comes a digit after the other.
        fn work(&self) -> Work;

        /// The result, by the operands taken apart and what is kept after the last digit, with so many
        /// bits below the product so far or the rest.
        fn conclude(
            &self,
            operands: &Operands,
            pair: [&Unpacked; 2],
            kept: Unsigned,
            below: u32,
        ) -> Float;
    }
}

/// A unit whose multiplier or divider works in cycles. In fp32 a digit of 1 saves all four 18×18 multipliers of the
/// combinational product, with as many tables; the rounding, which stays, is the larger part.
///
/// ```text
///               +-----------+
///  operands ===>| Iterative |==> results
///               +-----------+
/// ```
///
/// *Parameters*: `unit`, a [`Times`], [`Fma`] or [`Divide`]; `digit`, the bits of `b`'s significand that meet
/// `a` in a cycle, or the bits of the quotient that come in one, each with a subtraction in series.
///
/// *Ports*: see [`IterativePorts`].
///
/// *Behaviour*: the unit's: each result is what the combinational unit gives for the operands, in
/// their order.
///
/// *Timing*: let `n` be the digits of a significand, ⌈(mantissa + 1) / `digit`⌉, or of a quotient, of which
/// there are ⌈(mantissa + 4) / `digit`⌉ (by chance: ⌈(mantissa + 3 + bits) / `digit`⌉). A result can leave
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
/// of the combinational unit for all inputs; after every step the product so far is exact, and dividend,
/// quotient so far and rest fit together. Wider ones
/// by directed and random vectors, with waits on both sides, against the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Iterative<U> {
    /// What is done.
    pub unit: U,
    /// Bits in a cycle: 1 to the width of a significand, or of a quotient.
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

impl<U: ByDigits> Module for Iterative<U> {
    type Ports = IterativePorts;

    fn check(&self) -> Result<(), String> {
        self.unit.check()?;
        let (digit, work) = (self.digit, self.unit.work());
        let (bits, noun) = (work.bits(), work.noun());
        if !(1..=bits).contains(&digit) {
            return Err(format!(
                "a digit of {digit} bits: it must have from 1 to the {bits} of a {noun}"
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
        let (format, work, digit) = (self.unit.operand(), self.unit.work(), self.digit);
        let steps = work.bits().div_ceil(digit);
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

        let [a, b] = [held.a, held.b].map(|operand| unpack(operand, format));
        let pair = [&a, &b];
        let begun = work.begun(pair, steps, digit);
        let kept = reg(unsigned(begun.width()));
        let next = mux(done.eq(0), begun, work.next(kept, pair, digit));
        when(done.lt(last), || kept.set(next));
        p.results.valid.drive(finished);
        p.results.payload.drive(self.unit.conclude(&held, pair, kept, steps * digit));

        always("no more steps than there are", done.le(none));
        for step in 0..=steps {
            let begun = done.eq(step + 1);
            let right = work.holds(kept, pair, step * digit);
            always(format!("after {step} digits"), begun.implies(right));
        }
        p.results.assert_rules("results");
        cover("a result is taken", p.results.transfer());
    }
}

/// The product of two numbers whose significands have the lower bits of `kept` for a product.
fn product([a, b]: [&Unpacked; 2], kept: Unsigned) -> Unpacked {
    product_of(a, b, kept.truncate(a.significand.width() + b.significand.width()))
}

fn shape(operand: Format, c: Option<Format>, rounding: Rounding) -> Operands {
    let factor = operand.shape();
    Operands { c: c.map(Format::shape), a: factor, b: factor, random: rounding.random() }
}

impl ByDigits for Times {
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

impl sealed::Digits for Times {
    fn work(&self) -> Work {
        Work::Product(self.operand.precision())
    }

    fn conclude(&self, o: &Operands, pair: [&Unpacked; 2], kept: Unsigned, _: u32) -> Float {
        self.target(o.random).pack(&product(pair, kept))
    }
}

impl ByDigits for Fma {
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

impl sealed::Digits for Fma {
    fn work(&self) -> Work {
        Work::Product(self.operand.precision())
    }

    fn conclude(&self, o: &Operands, pair: [&Unpacked; 2], kept: Unsigned, _: u32) -> Float {
        let target = self.target(o.random);
        let c = unpack(o.c.expect("it has one"), self.sum);
        let down = self.rounding == Rounding::Down;
        let product = product(pair, kept);
        target.pack(&sum(&c, &product, target.bits_wanted(), down, &mut Cuts::none()))
    }
}

impl ByDigits for Divide {
    fn operand(&self) -> Format {
        self.format
    }

    fn operands(&self) -> Operands {
        shape(self.format, None, self.rounding)
    }

    fn result(&self) -> Float {
        self.format.shape()
    }
}

impl sealed::Digits for Divide {
    fn work(&self) -> Work {
        Work::Quotient(self.bits())
    }

    fn conclude(&self, o: &Operands, [a, b]: [&Unpacked; 2], kept: Unsigned, below: u32) -> Float {
        let rest = kept.slice(below, kept.width() - below);
        let exact = finished(kinds(a, b), kept.truncate(below), rest);
        self.target(o.random).pack(&exact)
    }
}
