//! [`RegisteredFifo`] and the proof of its order.

use super::order::assert_order;
use olivine_lang::prelude::*;

/// A [`Fifo`](crate::Fifo) for block RAM: read at the edge, all outputs from registers.
///
/// ```text
///          +----------------+
///  push ==>| RegisteredFifo |==> pop
///          |                |--> level
///          +----------------+
/// ```
///
/// *Parameters*: `of`, the shape of a word; `depth`, at least 1, any number.
///
/// *Ports*: see [`RegisteredFifoPorts`].
///
/// *Behaviour*: as [`Fifo`](crate::Fifo): words leave in the order in which they came, at most
/// `depth` are inside. The eldest is read ahead into the output register of the memory.
///
/// *Timing*: a word that comes can leave two cycles later; one transfer a cycle. No combinational
/// path from one stream to the other; `pop.payload` and `pop.valid` are registers.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: empty; the words are not cleared.
///
/// *Undefined*: `pop.payload` while `pop` is not valid. What the memory reads at an address that is
/// being written does not matter.
///
/// *Verification*: proved by k-induction for depths that are powers of two and others: level and
/// pointers; `pop` keeps its rules; as [`RegisteredFifoOrder`], the order of data.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::RegisteredFifo;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(RegisteredFifo { of: unsigned(8), depth: 4 });
/// bench.run(4, |p, cycle| {
///     p.push.valid.poke(cycle == 0);
///     p.push.payload.poke(40u8);
///     p.pop.ready.poke(false);
///     assert_eq!(p.pop.valid.peek() == 1, cycle >= 2);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RegisteredFifo<T> {
    /// The shape of a word.
    pub of: T,
    /// The number of words.
    pub depth: usize,
}

/// The ports of [`RegisteredFifo`].
#[derive(Ports)]
pub struct RegisteredFifoPorts<T: Shape> {
    /// Words that come.
    pub push: Sink<T>,
    /// Words that leave.
    pub pop: Source<T>,
    /// The number of words inside.
    pub level: Out<Unsigned>,
}

/// What is inside, for properties.
struct Inside<T> {
    head: Unsigned,
    level: Unsigned,
    /// The eldest word is in the output register.
    ahead: Bit,
    words: Memory<T>,
}

impl<T: Shape> RegisteredFifo<T> {
    /// The index `distance` words behind `index`, modulo the depth.
    #[track_caller]
    fn behind(&self, index: Unsigned, distance: Unsigned) -> Unsigned {
        let sum = index + distance;
        mux(sum.ge(self.depth), sum.wrapping_sub(self.depth), sum).truncate(index.width())
    }

    #[named]
    fn body(&self, p: &RegisteredFifoPorts<T>) -> Inside<T> {
        let pointer = unsigned(index_width(self.depth));
        let (head, tail) = (reg(pointer).reset(0), reg(pointer).reset(0));
        let level = reg(p.level.shape()).reset(0);
        let ahead = reg(bit()).reset(false);
        let words = memory(self.of, self.depth).collision(Collision::Undefined);
        let next = |index: Unsigned| mux(index.eq(self.depth - 1), 0, index.wrapping_add(1));
        let (pushed, popped) = (p.push.transfer(), p.pop.transfer());
        let stored = level.wrapping_sub(ahead.as_unsigned().extend(level.width()));
        let load = stored.ne(0) & (!ahead | popped);
        when(pushed, || {
            words.write(tail, p.push.payload);
            tail.set(next(tail));
        });
        when(popped, || ahead.set(false));
        when(load, || {
            ahead.set(true);
            head.set(next(head));
        });
        when(pushed & !popped, || level.set(level.wrapping_add(1)));
        when(popped & !pushed, || level.set(level.wrapping_sub(1)));
        p.push.ready.drive(level.ne(self.depth));
        p.pop.valid.drive(ahead);
        p.pop.payload.drive(words.read_sync_when(load, head));
        p.level.drive(level);

        always("no more words than there is room for", level.le(self.depth));
        always("there is room until it is full", p.push.ready.eq((level + 1).le(self.depth)));
        always("the word ahead is one of those inside", ahead.implies(level.ne(0)));
        let last = self.depth - 1;
        always("the pointers stay in the memory", head.le(last) & tail.le(last));
        let reached = self.behind(head, stored.extend(pointer.width() + 1));
        always("the pointers are as far apart as there are words", reached.eq(tail));
        let waits = past_valid() & past(stored.ne(0));
        always("a word in the memory comes ahead in the next cycle", waits.implies(p.pop.valid));
        p.pop.assert_rules("pop");
        cover("full", level.eq(self.depth));
        cover("empty again", past_valid() & fell(p.level.any()));
        Inside { head, level, ahead, words }
    }
}

fn ports<T: Shape>(fifo: &RegisteredFifo<T>) -> RegisteredFifoPorts<T> {
    let level = unsigned(bits_for(fifo.depth as u64));
    RegisteredFifoPorts { push: stream(fifo.of), pop: stream(fifo.of), level }
}

impl<T: Shape> Module for RegisteredFifo<T> {
    type Ports = RegisteredFifoPorts<T>;

    fn ports(&self) -> RegisteredFifoPorts<T> {
        ports(self)
    }

    #[named]
    fn build(&self, p: RegisteredFifoPorts<T>) {
        self.body(&p);
    }
}

/// A [`RegisteredFifo`] with the [order](crate::order) of its data as a property. For proofs: it is
/// larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RegisteredFifoOrder<T>(
    /// What is proved.
    pub RegisteredFifo<T>,
);

impl<T: Shape> Module for RegisteredFifoOrder<T> {
    type Ports = RegisteredFifoPorts<T>;

    fn ports(&self) -> RegisteredFifoPorts<T> {
        ports(&self.0)
    }

    #[named]
    fn build(&self, p: RegisteredFifoPorts<T>) {
        let fifo = &self.0;
        let inside = fifo.body(&p);
        assert_order(p.push, p.pop, inside.level, fifo.depth, |distance| {
            let first = inside.ahead & distance.eq(0);
            let width = distance.width().max(inside.head.width() + 1);
            let ahead = inside.ahead.as_unsigned().extend(width);
            let stored = distance.extend(width).wrapping_sub(ahead);
            let stored = stored.truncate(inside.head.width() + 1);
            let word = inside.words.read(fifo.behind(inside.head, stored));
            mux(first, p.pop.payload, word)
        });
    }
}
