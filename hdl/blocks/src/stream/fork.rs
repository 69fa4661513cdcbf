//! [`Fork`].

use super::rules::{assert_rules_if, keeps_rules};
use olivine_lang::prelude::*;

/// Gives each word of a stream to several consumers, each in its own time.
///
/// ```text
///          +------+==> pops[0]
///  push ==>| Fork |    …
///          +------+==> pops[n-1]
/// ```
///
/// *Parameters*: `of`, the shape of a word; `n`, the number of consumers, at least 1.
///
/// *Ports*: see [`ForkPorts`].
///
/// *Behaviour*: every word of `push` is transferred exactly once on every one of `pops`. A consumer
/// that is ready does not wait for the others; the word leaves `push` with the last of them.
///
/// *Timing*: latency none, one transfer a cycle. `push.ready` depends combinationally on all
/// `pops.ready`, `pops` on `push`.
///
/// *Handshake*: the four rules of [`Stream`] on `pops`, as long as the producer keeps them on `push`.
///
/// *Reset*: nobody has had the word.
///
/// *Undefined*: `pops.payload` while not valid.
///
/// *Verification*: proved by k-induction for several `n`: numbers of words modulo 4 that came and
/// went never differ by more than the word on offer; the payload is that of `push`; the rules.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::Fork;
/// use olivine_lang::unsigned;
///
/// let mut bench = Bench::new(Fork { of: unsigned(8), n: 2 });
/// bench.run(2, |p, cycle| {
///     p.push.valid.poke(true);
///     p.pops[0].ready.poke(cycle == 0);
///     p.pops[1].ready.poke(cycle == 1);
///     assert_eq!(p.push.ready.peek() == 1, cycle == 1);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Fork<T> {
    /// The shape of a word.
    pub of: T,
    /// The number of consumers.
    pub n: usize,
}

/// The ports of [`Fork`].
#[derive(Ports)]
pub struct ForkPorts<T: Shape> {
    /// Words that come.
    pub push: Sink<T>,
    /// The same words for each consumer.
    pub pops: Vec<Source<T>>,
}

impl<T: Shape> Module for Fork<T> {
    type Ports = ForkPorts<T>;

    fn ports(&self) -> ForkPorts<T> {
        ForkPorts { push: stream(self.of), pops: vec![stream(self.of); self.n] }
    }

    #[named]
    fn build(&self, p: ForkPorts<T>) {
        let had: Vec<Bit> = (0..self.n).map(|_| reg(bit()).reset(false)).collect();
        let done = p.pops.iter().zip(&had).map(|(pop, had)| *had | pop.ready);
        p.push.ready.drive(all_of(done));
        for (pop, had) in p.pops.iter().zip(&had) {
            pop.valid.drive(p.push.valid & !*had);
            pop.payload.drive(p.push.payload);
            when(p.push.transfer(), || had.set(false))
                .otherwise_when(pop.transfer(), || had.set(true));
        }

        let kept = keeps_rules(p.push);
        let came = counted(p.push.transfer());
        for (i, (pop, had)) in p.pops.iter().zip(&had).enumerate() {
            let ahead = counted(pop.transfer()).wrapping_sub(came);
            let offered = had.as_unsigned().extend(2);
            always(format!("pop {i}: every word once, in its turn"), ahead.eq(offered));
            let same = pop.payload.same_as(p.push.payload);
            always(
                format!("pop {i}: the word that is offered"),
                pop.valid.implies(p.push.valid & same),
            );
            assert_rules_if(kept, *pop, &format!("pop {i}"));
        }
        let all_had = all_of(p.pops.iter().zip(&had).map(|(pop, had)| *had | pop.transfer()));
        let moves = p.push.transfer();
        always("a word leaves when all have had it", p.push.valid.implies(moves.eq(all_had)));
        cover("a word leaves", moves);
    }
}

/// How often it held, modulo 4.
#[named]
fn counted(transfer: Bit) -> Unsigned {
    let count = reg(unsigned(2)).reset(0);
    when(transfer, || count.set(count.wrapping_add(1)));
    count
}
