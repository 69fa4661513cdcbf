//! [`AsyncFifo`] and the proof of its order.

use super::{both, from_gray, seen_at, to_gray, two_flops};
use olivine_lang::prelude::*;

/// Takes a stream from one clock domain into another: up to a word for each edge.
///
/// ```text
///           +-----------+
///   push ==>| AsyncFifo |==> pop
///   (from)  +-----------+    (to)
/// ```
///
/// *Parameters*: `of`, the shape of a word; `depth`, the number of words, a power of two from 2 on
/// (8 or more for a word at every edge of two like clocks); `from` and `to`, the domains.
///
/// *Ports*: see [`AsyncFifoPorts`].
///
/// *Behaviour*: words stand in a memory that `from` writes and `to` reads. Each side counts in Gray
/// code, and sees the other's count through two flops: late, and so on the safe side. `push` is
/// ready while there surely is room, `pop` valid while there surely is a word.
///
/// *Timing*: a word can leave 3 edges of `to` after it came; room is seen 3 edges of `from` after a
/// word left. No combinational path from one side to the other; `pop.payload` is read from an
/// asynchronous memory whose word stands still.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: empty. Both domains are reset together.
///
/// *Undefined*: `pop.payload` while `pop` is not valid.
///
/// *Verification*: proved without bound, edges of both clocks in any order: no overflow, no
/// underflow, whatever is seen late; at most one bit of a Gray count changes at an edge; words and
/// room are seen when they should be; `pop` keeps its rules; as [`AsyncFifoOrder`], no word is
/// lost, doubled, changed or overtaken.
///
/// *Example*:
/// ```
/// use olivine_blocks::cdc::AsyncFifo;
/// use olivine_lang::{Domain, elaborate, unsigned};
///
/// let (of, to) = (unsigned(8), Domain::new("video"));
/// assert!(elaborate(AsyncFifo { of, depth: 8, from: Domain::MAIN, to }).is_ok());
/// assert!(elaborate(AsyncFifo { of, depth: 6, from: Domain::MAIN, to }).is_err());
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AsyncFifo<T> {
    /// The shape of a word.
    pub of: T,
    /// The number of words.
    pub depth: usize,
    /// The domain that pushes.
    pub from: Domain,
    /// The domain that pops.
    pub to: Domain,
}

/// The ports of [`AsyncFifo`].
#[derive(Ports)]
pub struct AsyncFifoPorts<T: Shape> {
    /// Words that come, in domain `from`.
    pub push: Sink<T>,
    /// Words that leave, in domain `to`.
    pub pop: Source<T>,
}

/// What is inside, for properties.
struct Inside<T> {
    head: Unsigned,
    tail: Unsigned,
    words: Memory<T>,
}

/// One side's count: as a number, and in Gray code for the other side to see.
struct Count {
    number: Unsigned,
    gray: Unsigned,
}

impl Count {
    fn new(name: &str, domain: Domain, width: u32) -> Self {
        let count = |name: &str| reg(unsigned(width)).reset(0).init(0).named(name);
        in_domain(domain, || Self { number: count(name), gray: count(&format!("{name}_gray")) })
    }

    /// One more at the coming edge.
    fn advance(&self) {
        let next = self.number.wrapping_add(1);
        self.number.set(next);
        self.gray.set(to_gray(next));
    }
}

impl<T: Shape> AsyncFifo<T> {
    fn domains(&self) -> [Domain; 2] {
        [self.from, self.to]
    }

    /// The width of a count: an address and the lap.
    fn width(&self) -> u32 {
        index_width(self.depth) + 1
    }

    #[named]
    fn body(&self, p: &AsyncFifoPorts<T>) -> Inside<T> {
        let width = self.width();
        let (tail, head) =
            (Count::new("tail", self.from, width), Count::new("head", self.to, width));
        let words = memory(self.of, self.depth).crossing();
        let address = |count: &Count| count.number.truncate(width - 1);

        let heads = in_domain(self.from, || two_flops("head_seen", head.gray, 0));
        // A lap ahead: in Gray code, the two highest bits differ.
        let lap = Bits::ones(2).extend(width).shift_left(u64::from(width - 2));
        p.push.ready.drive(tail.gray.ne(heads[1] ^ lap));
        in_domain(self.from, || {
            when(p.push.transfer(), || {
                words.write(address(&tail), p.push.payload);
                tail.advance();
            });
        });

        let tails = in_domain(self.to, || two_flops("tail_seen", tail.gray, 0));
        p.pop.valid.drive(head.gray.ne(tails[1]));
        p.pop.payload.drive(words.read(address(&head)));
        when(p.pop.transfer(), || head.advance());

        self.assert_counts(&head, &tail, heads, tails);
        let came = seen_at(self.to, 2, tail.number);
        let left = seen_at(self.from, 2, head.number);
        in_domain(self.to, || {
            always("a word is given two edges after it came", p.pop.valid.eq(came.ne(head.number)));
        });
        in_domain(self.from, || {
            let room = tail.number.wrapping_sub(left).ne(self.depth);
            always("room is seen two edges after a word left", p.push.ready.eq(room));
        });
        in_domain(self.to, || {
            p.pop.assert_rules("pop");
            cover("a word leaves", p.pop.transfer());
        });
        in_domain(self.from, || {
            cover("full", !p.push.ready);
            cover("more words came than fit", tail.number.gt(self.depth));
        });
        Inside { head: head.number, tail: tail.number, words }
    }

    /// Everything that is seen late lies in its order on the ring of counts, within one depth.
    fn assert_counts(
        &self,
        head: &Count,
        tail: &Count,
        heads: [Unsigned; 2],
        tails: [Unsigned; 2],
    ) {
        let [head1, head2] = heads.map(from_gray);
        let [tail1, tail2] = tails.map(from_gray);
        let ring = [head2, head1, head.number, tail2, tail1, tail.number];
        let ways = ring.windows(2).map(|pair| pair[1].wrapping_sub(pair[0]));
        let way = olivine_lang::sum(ways);
        both(self.domains(), "counts that are seen late are in order", || way.le(self.depth));
        both(self.domains(), "the Gray codes are those of the counts", || {
            to_gray(head.number).eq(head.gray) & to_gray(tail.number).eq(tail.gray)
        });
        let level = tail.number.wrapping_sub(head.number);
        both(self.domains(), "no more words than there is room for", || level.le(self.depth));
        for (name, count, domain) in [("head", head, self.to), ("tail", tail, self.from)] {
            in_domain(domain, || {
                let turned = (count.gray ^ past(count.gray)).count_ones();
                let one = past_valid().implies(turned.le(1));
                always(format!("at most one bit of the {name} changes at an edge"), one);
            });
        }
    }
}

fn ports<T: Shape>(of: T) -> AsyncFifoPorts<T> {
    AsyncFifoPorts { push: stream(of), pop: stream(of) }
}

fn check<T>(fifo: &AsyncFifo<T>) -> Result<(), String> {
    let possible = fifo.depth.is_power_of_two() && fifo.depth >= 2;
    possible.then_some(()).ok_or("`depth` must be a power of two, 2 or more".to_string())
}

impl<T: Shape> Module for AsyncFifo<T> {
    type Ports = AsyncFifoPorts<T>;

    fn check(&self) -> Result<(), String> {
        check(self)
    }

    fn ports(&self) -> AsyncFifoPorts<T> {
        ports(self.of)
    }

    #[named]
    fn build(&self, p: AsyncFifoPorts<T>) {
        self.body(&p);
    }
}

/// An [`AsyncFifo`] with the [order](crate::order) of its words as a property. For proofs: it is
/// larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AsyncFifoOrder<T>(
    /// What is proved.
    pub AsyncFifo<T>,
);

impl<T: Shape> Module for AsyncFifoOrder<T> {
    type Ports = AsyncFifoPorts<T>;

    fn check(&self) -> Result<(), String> {
        check(&self.0)
    }

    fn ports(&self) -> AsyncFifoPorts<T> {
        ports(self.0.of)
    }

    /// The counts number the words, modulo twice the depth; one number is chosen.
    #[named]
    fn build(&self, p: AsyncFifoPorts<T>) {
        let fifo = &self.0;
        let Inside { head, tail, words } = fifo.body(&p);
        let (chosen, kept) = in_domain(fifo.from, || (reg(head.shape()), reg(fifo.of)));
        chosen.set(chosen);
        when(p.push.transfer() & tail.eq(chosen), || kept.set(p.push.payload));

        let inside = chosen.wrapping_sub(head).lt(tail.wrapping_sub(head));
        let word = words.read(chosen.truncate(head.width() - 1));
        both(fifo.domains(), "the chosen word is inside unchanged", || {
            inside.implies(word.same_as(kept))
        });
        in_domain(fifo.to, || {
            let leaves = p.pop.valid & head.eq(chosen);
            let same = p.pop.payload.same_as(kept);
            always("the chosen word leaves in its turn", leaves.implies(same));
            cover("the chosen word leaves", p.pop.transfer() & head.eq(chosen));
        });
    }
}
