//! [`Packetizer`].

use super::rules::{assert_rules_if, keeps_rules};
use olivine_lang::prelude::*;

/// A word of a packet.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct Framed<T: Shape> {
    /// The word.
    pub word: T,
    /// It is the last one of its packet.
    pub last: Bit,
}

/// Cuts a stream of words into packets of given lengths, whose last words are marked.
///
/// ```text
///    words ===>+------------+
///              | Packetizer |==> packets
///  lengths ===>+------------+
/// ```
///
/// *Parameters*: `of`, the shape of a word; `length_max`, the greatest length.
///
/// *Ports*: see [`PacketizerPorts`].
///
/// *Behaviour*: packet `k` has as many words as number `k` of `lengths`; a length of zero is no
/// packet. No word leaves without a length.
///
/// *Timing*: words go through combinationally; the length comes into a register at least one cycle
/// before its first word, also while the last word of the packet before leaves, so that there are
/// no gaps. `words.ready` depends on `packets.ready`, `lengths.ready` on `words` and `packets`.
///
/// *Handshake*: the four rules of [`Stream`] on `packets`, as long as the producer keeps them on
/// `words`.
///
/// *Reset*: between packets.
///
/// *Undefined*: `packets.payload` while not valid; what follows a length above `length_max`.
///
/// *Verification*: proved by k-induction: the words that left and those still to come are the
/// length that was taken; words pass unchanged, only in packets; the rules.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::Packetizer;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(Packetizer { of: unsigned(8), length_max: 7 });
/// bench.run(5, |p, cycle| {
///     p.lengths.valid.poke(true);
///     p.lengths.payload.poke(2u8);
///     p.words.valid.poke(true);
///     p.packets.ready.poke(true);
///     if cycle > 0 {
///         assert_eq!(p.packets.payload.last.peek() == 1, cycle % 2 == 0);
///     }
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Packetizer<T> {
    /// The shape of a word.
    pub of: T,
    /// The greatest length of a packet.
    pub length_max: u64,
}

/// The ports of [`Packetizer`].
#[derive(Ports)]
pub struct PacketizerPorts<T: Shape> {
    /// Words that come.
    pub words: Sink<T>,
    /// The lengths of the packets.
    pub lengths: Sink<Unsigned>,
    /// The words, the last of each packet marked.
    pub packets: Source<Framed<T>>,
}

impl<T: Shape> Module for Packetizer<T> {
    type Ports = PacketizerPorts<T>;

    fn ports(&self) -> PacketizerPorts<T> {
        let lengths = stream(unsigned(bits_for(self.length_max)));
        let packets = stream(Framed { word: self.of, last: bit() });
        PacketizerPorts { words: stream(self.of), lengths, packets }
    }

    #[named]
    fn build(&self, p: PacketizerPorts<T>) {
        let left = reg(p.lengths.payload.shape()).reset(0);
        let (inside, last) = (left.ne(0), left.eq(1));
        p.packets.valid.drive(p.words.valid & inside);
        p.packets.payload.drive(Framed { word: p.words.payload, last });
        p.words.ready.drive(p.packets.ready & inside);
        let moves = p.packets.transfer();
        p.lengths.ready.drive(!inside | (last & moves));
        when(moves, || left.set(left.wrapping_sub(1)));
        when(p.lengths.transfer(), || left.set(p.lengths.payload));

        // The length that was taken, and the words of it that have left.
        let (length, gone) = (reg(left.shape()).reset(0), reg(left.shape()).reset(0));
        when(moves, || gone.set(gone.wrapping_add(1)));
        when(p.lengths.transfer(), || {
            length.set(p.lengths.payload);
            gone.set(0);
        });
        always(
            "what left and what is to come is the length",
            (gone + left).eq(length.extend(left.width() + 1)),
        );
        always("words only leave in packets", moves.eq(p.words.transfer()));
        let ends = (gone + 1).eq(length.extend(left.width() + 1));
        when(p.packets.valid, || {
            always("a word is of a packet", gone.lt(length));
            always("the last one is marked", p.packets.payload.last.eq(ends));
            always("words pass unchanged", p.packets.payload.word.same_as(p.words.payload));
        })
        .end();
        always(
            "words pass inside packets",
            gone.lt(length).implies(p.packets.valid.eq(p.words.valid)),
        );
        let over = gone.eq(length) | (moves & ends);
        always("a length is taken when the packet before is over", p.lengths.ready.eq(over));
        assert_rules_if(keeps_rules(p.words), p.packets, "packets");
        cover("a packet of several words ends", moves & last & gone.ne(0));
    }
}
