//! [`CreditLink`]: a stream over a distance.

use super::fifo::{Fifo, FifoPorts};
use super::order::assert_order;
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
/// *Parameters*: `of`, the shape of a word; `latency`, registers each way; `credits`, words that
/// may be under way, at least 1. `2 · latency + 2` and more keep the full rate.
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
/// and inside, and credits on their way back are always as many as there were; words arrive after
/// the latency and find room, so that nothing is lost; `pop` keeps its rules; as
/// [`CreditLinkOrder`], the order of data.
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

/// The registers from the sender to the receiver, the latest word first.
struct OnTheWay<T> {
    valid: Vec<Bit>,
    word: Vec<T>,
}

/// A signal now and in each of the registers on its way.
#[track_caller]
fn carried<T: Shape>(now: T, latency: usize, register: impl Fn() -> T) -> Vec<T> {
    let mut all = vec![now];
    for _ in 0..latency {
        let next = register();
        next.set(all[all.len() - 1]);
        all.push(next);
    }
    all
}

fn ports<T: Shape>(link: &CreditLink<T>) -> CreditLinkPorts<T> {
    let credits = unsigned(bits_for(link.credits as u64));
    CreditLinkPorts { push: stream(link.of), pop: stream(link.of), credits }
}

impl<T: Shape> CreditLink<T> {
    fn receiver(&self) -> Fifo<T> {
        Fifo { of: self.of, depth: self.credits }
    }

    /// Everything but the receiver's FIFO.
    #[named]
    fn body(&self, p: &CreditLinkPorts<T>, fifo: &FifoPorts<T>) -> OnTheWay<T> {
        let credits = reg(p.credits.shape()).reset(self.credits);
        let sent = p.push.transfer();
        let empty = || reg(bit()).reset(false);
        let there = carried(sent, self.latency, empty);
        let back = carried(p.pop.transfer(), self.latency, empty);
        let words = carried(p.push.payload, self.latency, || reg(self.of));
        let (arrives, returns) = (there[self.latency], back[self.latency]);
        when(sent & !returns, || credits.set(credits.wrapping_sub(1)));
        when(returns & !sent, || credits.set(credits.wrapping_add(1)));
        p.push.ready.drive(credits.ne(0));
        p.credits.drive(credits);
        fifo.push.valid.drive(arrives);
        fifo.push.payload.drive(words[self.latency]);
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
        let sent_before = reg(unsigned(self.latency as u32 + 1)).reset(0);
        sent_before.set(cat((sent, sent_before)).truncate(self.latency as u32 + 1));
        let due = cat((sent, sent_before)).bit(self.latency as u32);
        always("a word arrives after the latency", arrives.eq(due));
        always("it is given while it is at the receiver", p.pop.valid.eq(fifo.level.any()));
        always("credits are neither lost nor made", sum.eq(self.credits));
        always("no word is sent without credit", p.push.ready.eq(p.credits.any()));
        p.pop.assert_rules("link");
        cover("all words are at the receiver", fifo.level.eq(self.credits));
        OnTheWay { valid: there[1..].to_vec(), word: words[1..].to_vec() }
    }
}

impl<T: Shape> Module for CreditLink<T> {
    type Ports = CreditLinkPorts<T>;

    fn ports(&self) -> CreditLinkPorts<T> {
        ports(self)
    }

    #[named]
    fn build(&self, p: CreditLinkPorts<T>) {
        let receiver = instance(self.receiver(), "receiver");
        self.body(&p, &receiver);
    }
}

/// A [`CreditLink`] with the [order](crate::order) of its data as a property. For proofs: it is
/// larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct CreditLinkOrder<T>(
    /// What is proved.
    pub CreditLink<T>,
);

impl<T: Shape> Module for CreditLinkOrder<T> {
    type Ports = CreditLinkPorts<T>;

    fn ports(&self) -> CreditLinkPorts<T> {
        ports(&self.0)
    }

    #[named]
    fn build(&self, p: CreditLinkPorts<T>) {
        let link = &self.0;
        let fifo = link.receiver();
        let level = unsigned(bits_for(fifo.depth as u64));
        let word = stream(link.of);
        let receiver = FifoPorts { push: wire(word), pop: wire(word), level: wire(level) };
        let inside = fifo.body(&receiver);
        let way = link.body(&p, &receiver);
        let width = bits_for((link.credits + link.latency) as u64);
        let number = |bits: &[Bit]| {
            let none = constant(unsigned(width), 0);
            bits.iter().fold(none, |n, bit| n.wrapping_add(bit.as_unsigned().extend(width)))
        };
        let held = inside.level.extend(width);
        let total = held.wrapping_add(number(&way.valid));
        let depth = link.credits;
        always("no more words under way than credits", total.le(depth));
        let total = total.truncate(width.min(level.width()));
        assert_order(p.push, p.pop, total, depth, |distance| {
            // Those at the receiver first, then those on the way, the latest last.
            let mut found = inside.behind(&fifo, distance);
            for (i, word) in way.word.iter().enumerate() {
                let before = held.wrapping_add(number(&way.valid[i + 1..]));
                let here = way.valid[i] & before.eq(distance.extend(width));
                found = mux(here, *word, found);
            }
            found
        });
    }
}
