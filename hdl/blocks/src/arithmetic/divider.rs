//! [`Divider`].

use super::recurrence::{Layout, Recurrence};
use olivine_lang::prelude::*;

/// What is divided by what.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct Division {
    /// What is divided.
    pub dividend: Unsigned,
    /// By what.
    pub divisor: Unsigned,
}

/// What comes of it.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct Quotient {
    /// How often the divisor goes.
    pub quotient: Unsigned,
    /// What is left.
    pub remainder: Unsigned,
}

/// Divides unsigned numbers, a bit of the quotient a step.
///
/// ```text
///               +---------+
///  operands ===>| Divider |==> results
///               +---------+
/// ```
///
/// *Parameters*: `width` of all numbers, at least 1; `layout`: iterative or pipelined.
///
/// *Ports*: see [`DividerPorts`].
///
/// *Behaviour*: `dividend = quotient · divisor + remainder`, `remainder < divisor`. Restoring
/// division, from the highest bit on.
///
/// *Timing*: a result can leave `width + 1` cycles after its operands came. Iterative: one division
/// in `width + 1` cycles; pipelined: one a cycle, up to `width + 1` under way.
/// `operands.ready` depends combinationally on `results.ready`.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: nothing is under way.
///
/// *Numerics*: division by zero gives the greatest quotient and the dividend as remainder.
///
/// *Undefined*: `results.payload` while not valid.
///
/// *Verification*: proved by k-induction for both layouts up to 4 bits: the equation, of the bits
/// so far, after every step; nothing is lost, doubled or overtaken. Wider ones on random numbers.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{Divider, Layout};
///
/// let mut bench = Bench::new(Divider { width: 8, layout: Layout::Pipelined });
/// bench.run(10, |p, cycle| {
///     p.operands.valid.poke(cycle == 0);
///     p.operands.payload.dividend.poke(200u8);
///     p.operands.payload.divisor.poke(7u8);
///     p.results.ready.poke(true);
///     if cycle == 9 {
///         let result = p.results.payload;
///         assert_eq!((result.quotient.peek(), result.remainder.peek()), (28, 4));
///     }
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Divider {
    /// Bits of a number.
    pub width: u32,
    /// How it is laid out.
    pub layout: Layout,
}

/// The ports of [`Divider`].
#[derive(Ports)]
pub struct DividerPorts {
    /// Divisions to do.
    pub operands: Sink<Division>,
    /// Divisions done, in their order.
    pub results: Source<Quotient>,
}

/// A division under way.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
struct Under {
    /// The bits of the dividend still to come, above those of the quotient so far.
    quotient: Unsigned,
    remainder: Unsigned,
    divisor: Unsigned,
    /// What was asked for, for the contract alone.
    asked: Division,
}

impl Module for Divider {
    type Ports = DividerPorts;

    fn ports(&self) -> DividerPorts {
        let n = unsigned(self.width);
        DividerPorts {
            operands: stream(Division { dividend: n, divisor: n }),
            results: stream(Quotient { quotient: n, remainder: n }),
        }
    }

    #[named]
    fn build(&self, p: DividerPorts) {
        let n = unsigned(self.width);
        let asked = Division { dividend: n, divisor: n };
        let state = Under { quotient: n, remainder: n, divisor: n, asked };
        let (begin, end) = (wire(stream(state)).named("begin"), wire(stream(state)).named("end"));
        let asked = p.operands.payload;
        let (quotient, remainder) = (asked.dividend, constant(n, 0));
        begin.payload.drive(Under { quotient, remainder, divisor: asked.divisor, asked });
        begin.valid.drive(p.operands.valid);
        p.operands.ready.drive(begin.ready);
        let Under { quotient, remainder, asked, .. } = end.payload;
        p.results.payload.drive(Quotient { quotient, remainder });
        p.results.valid.drive(end.valid);
        end.ready.drive(p.results.ready);
        let holds = |state, steps| self.holds(state, steps);
        let asked_of = |now: Under| now.asked.dividend.concat(now.asked.divisor);
        let steps = self.width;
        let recurrence = Recurrence { steps, state, step, holds, asked: asked_of };
        recurrence.between(self.layout, begin, end);

        let (result, Division { dividend, divisor }) = (p.results.payload, asked);
        when(p.results.valid, || {
            let sum = result.quotient * divisor + result.remainder;
            let due = dividend.extend(sum.width());
            always("dividend = quotient · divisor + remainder", sum.eq(due));
            let by_zero = divisor.eq(0);
            let below = result.remainder.lt(divisor);
            always("the remainder is below the divisor", below | by_zero);
            let greatest = result.quotient.all() & result.remainder.eq(dividend);
            always("by zero: the greatest quotient", by_zero.implies(greatest));
        })
        .end();
    }
}

/// The next bit of the dividend goes to the remainder, from which the divisor is taken if it goes.
#[named]
fn step(now: Under) -> Under {
    let next = now.quotient.top_bit().as_unsigned().concat(now.remainder);
    let wide = now.divisor.extend(next.width());
    let goes = next.ge(wide);
    let rest = mux(goes, next.wrapping_sub(wide), next).truncate(now.divisor.width());
    let quotient = match now.quotient.width() {
        1 => goes.as_unsigned(),
        width => goes.as_unsigned().concat(now.quotient.slice(0, width - 1)),
    };
    Under { quotient, remainder: rest, ..now }
}

impl Divider {
    /// The upper `steps` bits of the dividend are divided, the others still to come.
    #[named]
    fn holds(&self, now: Under, steps: u32) -> Bit {
        let (width, asked) = (self.width, now.asked);
        let same = now.divisor.eq(asked.divisor);
        let to_come = if steps == width {
            constant(bit(), true)
        } else {
            now.quotient.slice(steps, width - steps).eq(asked.dividend.slice(0, width - steps))
        };
        if steps == 0 {
            return same & to_come & now.remainder.eq(0);
        }
        let so_far = asked.dividend.slice(width - steps, steps);
        let digits = now.quotient.slice(0, steps);
        let sum = digits * asked.divisor + now.remainder;
        let divided = sum.eq(so_far.extend(sum.width()));
        let by_zero = asked.divisor.eq(0) & digits.all();
        same & to_come & divided & (now.remainder.lt(asked.divisor) | by_zero)
    }
}
