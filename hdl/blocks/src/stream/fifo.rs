//! [`Fifo`] and the proof of its order.

use super::order::assert_order;
use olivine_lang::prelude::*;

/// Holds up to `depth` words and gives them back in order.
///
/// ```text
///          +------+
///  push ==>| Fifo |==> pop
///          |      |--> level
///          +------+
/// ```
///
/// *Parameters*: `of`, the shape of a word; `depth`, at least 1, any number (a power of two saves
/// two comparators).
///
/// *Ports*: see [`FifoPorts`].
///
/// *Behaviour*: the words that came and have not left stand in a row. Show-ahead: the eldest is on
/// `pop` as soon as there is one. `push` is ready while there is room, `pop` valid while there is
/// a word; both may transfer in one cycle.
///
/// *Timing*: a word that comes can leave in the next cycle. No combinational path from one stream
/// to the other; `pop.payload` is read from an asynchronous memory.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: empty; the words are not cleared.
///
/// *Undefined*: `pop.payload` while `pop` is not valid.
///
/// *Verification*: proved by k-induction for depths that are powers of two and others: the level is
/// what it says and at most `depth`, so that nothing overflows or underflows; `push` is ready and
/// `pop` valid whenever they can be; `pop` keeps its rules; as [`FifoOrder`], the order of data.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::Fifo;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(Fifo { of: unsigned(8), depth: 2 });
/// bench.run(3, |p, cycle| {
///     p.push.valid.poke(true);
///     p.push.payload.poke(40 + cycle as u64);
///     p.pop.ready.poke(false);
/// });
/// bench.run(1, |p, _| {
///     assert_eq!((p.level.peek(), p.push.ready.peek(), p.pop.payload.peek()), (2, 0, 40));
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Fifo<T> {
    /// The shape of a word.
    pub of: T,
    /// The number of words.
    pub depth: usize,
}

/// The ports of [`Fifo`].
#[derive(Ports)]
pub struct FifoPorts<T: Shape> {
    /// Words that come.
    pub push: Sink<T>,
    /// Words that leave.
    pub pop: Source<T>,
    /// The number of words inside.
    pub level: Out<Unsigned>,
}

/// What is inside, for properties.
pub(super) struct Inside<T> {
    head: Unsigned,
    pub(super) level: Unsigned,
    words: Memory<T>,
}

impl<T: Shape> Inside<T> {
    /// The word behind `distance` others, where there is one.
    #[track_caller]
    pub(super) fn behind(&self, fifo: &Fifo<T>, distance: Unsigned) -> T {
        let width = self.head.width();
        let distance = distance.extend(width + 1).truncate(width);
        self.words.read(fifo.sum(self.head, distance))
    }
}

impl<T: Shape> Fifo<T> {
    /// `index`, below the depth, and one more, modulo the depth.
    fn after(&self, index: Unsigned) -> Unsigned {
        let next = index.wrapping_add(1);
        if self.depth.is_power_of_two() && self.depth > 1 {
            return next;
        }
        mux(index.eq(self.depth - 1), 0, next)
    }

    /// Sum of two indices below the depth, modulo the depth.
    fn sum(&self, index: Unsigned, distance: Unsigned) -> Unsigned {
        let sum = index + distance;
        let over = sum.ge(self.depth);
        mux(over, sum.wrapping_sub(self.depth), sum).truncate(index.width())
    }

    #[named]
    pub(super) fn body(&self, p: &FifoPorts<T>) -> Inside<T> {
        let pointer = unsigned(index_width(self.depth));
        let (head, tail) = (reg(pointer).reset(0), reg(pointer).reset(0));
        let level = reg(p.level.shape()).reset(0);
        let words = memory(self.of, self.depth);
        let (pushed, popped) = (p.push.transfer(), p.pop.transfer());
        when(pushed, || {
            words.write(tail, p.push.payload);
            tail.set(self.after(tail));
        });
        when(popped, || head.set(self.after(head)));
        when(pushed & !popped, || level.set(level.wrapping_add(1)));
        when(popped & !pushed, || level.set(level.wrapping_sub(1)));
        p.push.ready.drive(level.ne(self.depth));
        p.pop.valid.drive(level.ne(0));
        p.pop.payload.drive(words.read(head));
        p.level.drive(level);

        always("no more words than there is room for", level.le(self.depth));
        always("there is room until it is full", p.push.ready.eq((level + 1).le(self.depth)));
        always("a word is given while there is one", p.pop.valid.eq(p.level.any()));
        let (last, wide) = (self.depth - 1, pointer.width() + 1);
        always("the pointers stay in the memory", head.le(last) & tail.le(last));
        let reached = self.sum(head, level.extend(wide));
        always("the pointers are as far apart as there are words", reached.eq(tail));
        p.pop.assert_rules("pop");
        cover("full", level.eq(self.depth));
        cover("empty again", past_valid() & fell(p.pop.valid));
        Inside { head, level, words }
    }
}

fn ports<T: Shape>(fifo: &Fifo<T>) -> FifoPorts<T> {
    let word = stream(fifo.of);
    FifoPorts { push: word, pop: word, level: unsigned(bits_for(fifo.depth as u64)) }
}

impl<T: Shape> Module for Fifo<T> {
    type Ports = FifoPorts<T>;

    fn ports(&self) -> FifoPorts<T> {
        ports(self)
    }

    #[named]
    fn build(&self, p: FifoPorts<T>) {
        self.body(&p);
    }
}

/// A [`Fifo`] with the [order](crate::order) of its data as a property. For proofs: it is larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct FifoOrder<T>(
    /// What is proved.
    pub Fifo<T>,
);

impl<T: Shape> Module for FifoOrder<T> {
    type Ports = FifoPorts<T>;

    fn ports(&self) -> FifoPorts<T> {
        ports(&self.0)
    }

    #[named]
    fn build(&self, p: FifoPorts<T>) {
        let fifo = &self.0;
        let inside = fifo.body(&p);
        assert_order(p.push, p.pop, inside.level, fifo.depth, |distance| {
            inside.behind(fifo, distance)
        });
    }
}
