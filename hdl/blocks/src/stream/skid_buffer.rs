//! [`SkidBuffer`] and the proof of its order.

use super::order::assert_order;
use olivine_lang::prelude::*;

/// Cuts every combinational path of a stream, `ready` included, at full throughput.
///
/// ```text
///          +------------+
///  push ==>| SkidBuffer |==> pop
///          +------------+
/// ```
///
/// *Parameters*: `of`, the shape of the payload.
///
/// *Ports*: see [`SkidBufferPorts`].
///
/// *Behaviour*: a row of at most two words. When the consumer stops, the word that is under way
/// skids into the second register; that is when `push` ceases to be ready.
///
/// *Timing*: latency one cycle, one transfer a cycle. All outputs come from registers.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: empty.
///
/// *Undefined*: `pop.payload` while `pop` is not valid.
///
/// *Verification*: proved by k-induction: `pop` keeps its rules; `push` is ready and `pop` valid
/// whenever they can be; the second register is only used behind the first; as [`SkidBufferOrder`],
/// the order of data.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::SkidBuffer;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(SkidBuffer { of: unsigned(8) });
/// bench.run(5, |p, cycle| {
///     p.push.valid.poke(true);
///     p.push.payload.poke(cycle as u64);
///     p.pop.ready.poke(true);
///     assert_eq!(p.push.ready.peek(), 1);
///     assert_eq!(p.pop.valid.peek() == 1, cycle > 0);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SkidBuffer<T> {
    /// The shape of the payload.
    pub of: T,
}

/// The ports of [`SkidBuffer`].
#[derive(Ports)]
pub struct SkidBufferPorts<T: Shape> {
    /// Words that come.
    pub push: Sink<T>,
    /// Words that leave.
    pub pop: Source<T>,
}

/// A register with a valid bit.
struct Slot<T> {
    full: Bit,
    word: T,
}

impl<T: Shape> SkidBuffer<T> {
    #[named]
    fn body(&self, p: &SkidBufferPorts<T>) -> (Slot<T>, Slot<T>) {
        let (full, word) = (reg(bit()).reset(false), reg(self.of));
        let (skid_full, skid_word) = (reg(bit()).reset(false), reg(self.of));
        when(!full | p.pop.ready, || {
            full.set(skid_full | p.push.valid);
            word.set(mux(skid_full, skid_word, p.push.payload));
            skid_full.set(false);
        })
        .otherwise_when(p.push.transfer(), || {
            skid_full.set(true);
            skid_word.set(p.push.payload);
        });
        p.push.ready.drive(!skid_full);
        p.pop.valid.drive(full);
        p.pop.payload.drive(word);

        always("the second register is only used behind the first", skid_full.implies(full));
        p.pop.assert_rules("pop");
        let level = full.as_unsigned() + skid_full.as_unsigned();
        always("there is room until two words are inside", p.push.ready.eq(level.lt(2)));
        always("a word is given while there is one", p.pop.valid.eq(level.any()));
        cover("both registers are full", skid_full);
        (Slot { full, word }, Slot { full: skid_full, word: skid_word })
    }
}

fn ports<T: Shape>(buffer: &SkidBuffer<T>) -> SkidBufferPorts<T> {
    SkidBufferPorts { push: stream(buffer.of), pop: stream(buffer.of) }
}

impl<T: Shape> Module for SkidBuffer<T> {
    type Ports = SkidBufferPorts<T>;

    fn ports(&self) -> SkidBufferPorts<T> {
        ports(self)
    }

    #[named]
    fn build(&self, p: SkidBufferPorts<T>) {
        self.body(&p);
    }
}

/// A [`SkidBuffer`] with the [order](crate::order) of its data as a property. For proofs: it is
/// larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SkidBufferOrder<T>(
    /// What is proved.
    pub SkidBuffer<T>,
);

impl<T: Shape> Module for SkidBufferOrder<T> {
    type Ports = SkidBufferPorts<T>;

    fn ports(&self) -> SkidBufferPorts<T> {
        ports(&self.0)
    }

    #[named]
    fn build(&self, p: SkidBufferPorts<T>) {
        let (first, second) = self.0.body(&p);
        let level = first.full.as_unsigned() + second.full.as_unsigned();
        assert_order(p.push, p.pop, level, 2, |distance| {
            select(distance, &[first.word, second.word])
        });
    }
}
