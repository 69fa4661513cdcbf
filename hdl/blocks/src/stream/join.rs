//! [`Join`].

use super::rules::{assert_rules_if, keeps_rules};
use olivine_lang::prelude::*;

/// Pairs the words of two streams.
///
/// ```text
///  left ===>+------+
///           | Join |==> pop
///  right ==>+------+
/// ```
///
/// *Parameters*: `left` and `right`, the shapes of their words.
///
/// *Ports*: see [`JoinPorts`].
///
/// *Behaviour*: the words of both that come at the same place in their streams leave together.
///
/// *Timing*: combinational, no registers. Either `ready` depends on `pop.ready` and on the other's
/// `valid`.
///
/// *Handshake*: the four rules of [`Stream`] on `pop`, as long as both producers keep them.
///
/// *Undefined*: `pop.payload` while `pop` is not valid.
///
/// *Verification*: proved: three transfers happen together or none, with the payloads of both;
/// whenever both have a word and the consumer is ready; the rules.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::Join;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(Join { left: unsigned(8), right: unsigned(4) });
/// bench.run(2, |p, cycle| {
///     p.left.valid.poke(true);
///     p.right.valid.poke(cycle == 1);
///     p.pop.ready.poke(true);
///     assert_eq!(p.left.ready.peek(), cycle as u64);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Join<A, B> {
    /// The shape of the left stream's words.
    pub left: A,
    /// The shape of the right stream's words.
    pub right: B,
}

/// The ports of [`Join`].
#[derive(Ports)]
pub struct JoinPorts<A: Shape, B: Shape> {
    /// A stream.
    pub left: Sink<A>,
    /// The other.
    pub right: Sink<B>,
    /// Pairs.
    pub pop: Source<(A, B)>,
}

impl<A: Shape, B: Shape> Module for Join<A, B> {
    type Ports = JoinPorts<A, B>;

    fn ports(&self) -> JoinPorts<A, B> {
        let pop = stream((self.left, self.right));
        JoinPorts { left: stream(self.left), right: stream(self.right), pop }
    }

    #[named]
    fn build(&self, p: JoinPorts<A, B>) {
        p.pop.valid.drive(p.left.valid & p.right.valid);
        p.pop.payload.drive((p.left.payload, p.right.payload));
        p.left.ready.drive(p.pop.ready & p.right.valid);
        p.right.ready.drive(p.pop.ready & p.left.valid);

        let moves = p.pop.transfer();
        let together = p.left.transfer().eq(moves) & p.right.transfer().eq(moves);
        always("both words leave in a pair", together);
        let can = cat([p.left.valid, p.right.valid, p.pop.ready]).all();
        always("a pair leaves as soon as it can", moves.eq(can));
        let (left, right) = p.pop.payload;
        always("the left word is of the left", left.same_as(p.left.payload));
        always("the right word is of the right", right.same_as(p.right.payload));
        assert_rules_if(keeps_rules(p.left) & keeps_rules(p.right), p.pop, "pop");
        cover("a pair leaves", moves);
    }
}
