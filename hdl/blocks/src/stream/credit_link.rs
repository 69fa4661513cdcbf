//! [`CreditLink`]: a stream over a distance.

use super::fifo::Fifo;
use olivine_lang::prelude::*;

/// Carries a stream over a distance of some cycles at full rate: the producer sends on credit.
///
/// ```text
///          +--------+ == latency =>+----------+
///  push ==>| sender |              | receiver |==> pop
///          +--------+<- latency -- +----------+
///                     credits
/// ```
///
/// *Parameters*: `of`, the shape of a word; `latency`, registers each way; `credits`, words that may
/// be under way, at least 1. `2 · latency + 1` and more keep the full rate.
///
/// *Ports*: see [`CreditLinkPorts`].
///
/// *Behaviour*: words leave in the order in which they came. A word takes a credit with it; the
/// credit goes back when the word leaves. `push` is ready while there are credits. The receiver has
/// room for all credits, and so no backpressure.
///
/// *Timing*: a word can leave `latency + 1` cycles after it came. No combinational paths between
/// the streams; only registers lie between sender and receiver.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: empty, all credits at the sender.
///
/// *Undefined*: `pop.payload` while `pop` is not valid.
///
/// *Verification*: proved by k-induction for several sizes: credits at the sender, words under way
/// and inside, and credits on their way back are always as many as there were; what arrives finds
/// room, so that nothing is lost; `pop` keeps its rules. The order is that of registers and of
/// [`Fifo`], proved there.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::CreditLink;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(CreditLink { of: unsigned(8), latency: 2, credits: 3 });
/// bench.run(6, |p, cycle| {
///     p.push.valid.poke(true);
///     p.push.payload.poke(cycle);
///     p.pop.ready.poke(false);
///     assert_eq!(p.push.ready.peek() == 1, cycle < 3);
///     assert_eq!(p.pop.valid.peek() == 1, cycle >= 3);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CreditLink<T> {
    /// The shape of a word.
    pub of: T,
    /// Registers each way.
    pub latency: usize,
    /// Words that may be under way.
    pub credits: usize,
}

/// The ports of [`CreditLink`].
#[derive(Ports)]
pub struct CreditLinkPorts<T: Shape> {
    /// Words that come.
    pub push: Sink<T>,
    /// Words that leave.
    pub pop: Source<T>,
    /// Credits that the sender has.
    pub credits: Out<Unsigned>,
}

impl<T: Shape> Module for CreditLink<T> {
    type Ports = CreditLinkPorts<T>;

    fn ports(&self) -> CreditLinkPorts<T> {
        let credits = unsigned(bits_for(self.credits as u64));
        CreditLinkPorts { push: stream(self.of), pop: stream(self.of), credits }
    }

    #[named]
    fn build(&self, p: CreditLinkPorts<T>) {
        let credits = reg(p.credits.shape()).reset(self.credits);
        let fifo = instance(Fifo { of: self.of, depth: self.credits }, "receiver");
        let sent = p.push.transfer();
        let there = self.carried(sent);
        let back = self.carried(p.pop.transfer());
        let (arrives, returns) = (there[self.latency], back[self.latency]);
        when(sent & !returns, || credits.set(credits.wrapping_sub(1)));
        when(returns & !sent, || credits.set(credits.wrapping_add(1)));
        p.push.ready.drive(credits.ne(0));
        p.credits.drive(credits);
        fifo.push.valid.drive(arrives);
        fifo.push.payload.drive(delay(p.push.payload, self.latency as u32));
        p.pop.valid.drive(fifo.pop.valid);
        p.pop.payload.drive(fifo.pop.payload);
        fifo.pop.ready.drive(p.pop.ready);

        always("what arrives finds room", arrives.implies(fifo.push.ready));
        let under_way = there[1..].iter().chain(&back[1..]);
        let width = bits_for((self.credits * 2 + 2 * self.latency) as u64);
        let sum = under_way.fold(credits.extend(width), |sum, bit| {
            sum.wrapping_add(bit.as_unsigned().extend(width))
        });
        let sum = sum.wrapping_add(fifo.level.extend(width));
        always("credits are neither lost nor made", sum.eq(self.credits));
        always("no word is sent without credit", p.push.ready.eq(p.credits.any()));
        p.pop.assert_rules("pop");
        cover("all words are at the receiver", fifo.level.eq(self.credits));
    }
}

impl<T: Shape> CreditLink<T> {
    /// A bit now and in each of the registers on its way, which are empty after reset.
    #[named]
    fn carried(&self, bit_now: Bit) -> Vec<Bit> {
        let mut all = vec![bit_now];
        for _ in 0..self.latency {
            let carried = reg(bit()).reset(false);
            carried.set(all[all.len() - 1]);
            all.push(carried);
        }
        all
    }
}
