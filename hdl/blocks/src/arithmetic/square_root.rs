//! [`SquareRoot`].

use super::recurrence::{Layout, Recurrence};
use olivine_lang::prelude::*;

/// A root and what is left.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct Root {
    /// The greatest number whose square is not above the operand.
    pub root: Unsigned,
    /// The operand less that square.
    pub remainder: Unsigned,
}

/// Square roots of unsigned numbers, rounded down, a bit of the root a step.
///
/// ```text
///              +------------+
///  numbers ===>| SquareRoot |==> roots
///              +------------+
/// ```
///
/// *Parameters*: `digits`, bits of a root, at least 1: numbers have twice as many; `layout`:
/// iterative or pipelined.
///
/// *Ports*: see [`SquareRootPorts`].
///
/// *Behaviour*: `number = root² + remainder`, `remainder ≤ 2 · root`. Digit by digit, from the
/// highest on.
///
/// *Timing*: a root can leave `digits + 1` cycles after its number came. Iterative: one root in
/// `digits + 1` cycles; pipelined: one a cycle. `numbers.ready` depends combinationally on
/// `roots.ready`.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: nothing is under way.
///
/// *Undefined*: `roots.payload` while not valid.
///
/// *Verification*: proved by k-induction for both layouts up to numbers of 8 bits: the equation, of
/// the bits so far, after every step; nothing is lost, doubled or overtaken. Wider ones on random
/// numbers.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::{Layout, SquareRoot};
///
/// let mut bench = Bench::new(SquareRoot { digits: 4, layout: Layout::Iterative });
/// bench.run(6, |p, cycle| {
///     p.numbers.valid.poke(cycle == 0);
///     p.numbers.payload.poke(200u8);
///     p.roots.ready.poke(true);
///     assert_eq!(p.roots.valid.peek() == 1, cycle == 5);
///     if cycle == 5 {
///         let result = p.roots.payload;
///         assert_eq!((result.root.peek(), result.remainder.peek()), (14, 4));
///     }
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SquareRoot {
    /// Bits of a root.
    pub digits: u32,
    /// How it is laid out.
    pub layout: Layout,
}

/// The ports of [`SquareRoot`].
#[derive(Ports)]
pub struct SquareRootPorts {
    /// Numbers that come.
    pub numbers: Sink<Unsigned>,
    /// Their roots, in their order.
    pub roots: Source<Root>,
}

/// A root under way.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
struct Under {
    /// The bits of the number still to come, uppermost.
    rest: Unsigned,
    root: Unsigned,
    remainder: Unsigned,
    /// As it came, for the contract alone.
    number: Unsigned,
}

impl Module for SquareRoot {
    type Ports = SquareRootPorts;

    fn check(&self) -> Result<(), String> {
        let possible = (1..=1 << 16).contains(&self.digits);
        let reason = || format!("roots of {} bits: there must be 1 to 65536", self.digits);
        possible.then_some(()).ok_or_else(reason)
    }

    fn ports(&self) -> SquareRootPorts {
        let root = unsigned(self.digits);
        let remainder = unsigned(self.digits.saturating_add(1));
        let numbers = stream(unsigned(self.digits.saturating_mul(2)));
        SquareRootPorts { numbers, roots: stream(Root { root, remainder }) }
    }

    #[named]
    fn build(&self, p: SquareRootPorts) {
        let (number, root) = (unsigned(2 * self.digits), unsigned(self.digits));
        let state = Under { rest: number, root, remainder: unsigned(self.digits + 1), number };
        let (begin, end) = (wire(stream(state)).named("begin"), wire(stream(state)).named("end"));
        let number = p.numbers.payload;
        begin.payload.drive(Under {
            rest: number,
            root: constant(state.root, 0),
            remainder: constant(state.remainder, 0),
            number,
        });
        begin.valid.drive(p.numbers.valid);
        p.numbers.ready.drive(begin.ready);
        let Under { root, remainder, number, .. } = end.payload;
        p.roots.payload.drive(Root { root, remainder });
        p.roots.valid.drive(end.valid);
        end.ready.drive(p.roots.ready);
        let holds = |state, steps| self.holds(state, steps);
        let recurrence =
            Recurrence { steps: self.digits, state, step, holds, asked: |now: Under| now.number };
        recurrence.between(self.layout, begin, end);

        let result = p.roots.payload;
        when(p.roots.valid, || {
            let sum = result.root * result.root + result.remainder;
            always("number = root² + remainder", sum.eq(number.extend(sum.width())));
            let twice = constant(unsigned(1), 0).concat(result.root);
            always("the next greater square is above it", result.remainder.le(twice));
        })
        .end();
    }
}

/// Two more bits of the number go to the remainder, from which 4 · root + 1 is taken if it goes.
#[named]
fn step(now: Under) -> Under {
    let (digits, bits) = (now.root.width(), now.rest.width());
    let next = now.rest.slice(bits - 2, 2).concat(now.remainder);
    let taken = constant(unsigned(2), 1).concat(now.root).extend(next.width());
    let goes = next.ge(taken);
    let rest = mux(goes, next.wrapping_sub(taken), next).truncate(digits + 1);
    let root = match digits {
        1 => goes.as_unsigned(),
        _ => goes.as_unsigned().concat(now.root.slice(0, digits - 1)),
    };
    Under { rest: now.rest.shift_left(2), root, remainder: rest, ..now }
}

impl SquareRoot {
    /// The root of the upper `2 · steps` bits is found, the others are still to come.
    #[named]
    fn holds(&self, now: Under, steps: u32) -> Bit {
        let bits = 2 * self.digits;
        let to_come = now.rest.eq(now.number.shift_left(2 * steps));
        if steps == 0 {
            return to_come & now.root.eq(0) & now.remainder.eq(0);
        }
        let so_far = now.number.slice(bits - 2 * steps, 2 * steps);
        let sum = now.root * now.root + now.remainder;
        let found = sum.eq(so_far.extend(sum.width().max(2 * steps)).truncate(sum.width()));
        let twice = constant(unsigned(1), 0).concat(now.root);
        let small = now.root.extend(self.digits + 1).shift_right(steps).eq(0);
        to_come & found & now.remainder.le(twice) & small
    }
}
