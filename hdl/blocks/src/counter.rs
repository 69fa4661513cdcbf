//! [`Counter`].

use olivine_lang::prelude::*;

/// Counts enabled cycles modulo `limit`.
///
/// ```text
///            +---------+
///  enable -->| Counter |--> count
///            |         |--> wraps
///            +---------+
/// ```
///
/// *Parameters*: `limit`, at least 1.
///
/// *Ports*: see [`CounterPorts`].
///
/// *Behaviour*: `count' = enable ? (count + 1) mod limit : count`; `wraps` is `enable` in the last
/// of `limit` enabled cycles.
///
/// *Timing*: `count` comes from a register; `wraps` depends combinationally on `enable`.
///
/// *Reset*: `count` is 0.
///
/// *Undefined*: `count` before the first reset.
///
/// *Verification*: proved by k-induction for several limits: `count` stays below `limit`; after a
/// wrap it is 0, after another enabled cycle one more, otherwise the same; every wrap is reached.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::Counter;
///
/// let mut bench = Bench::new(Counter { limit: 3 });
/// bench.run(7, |p, cycle| {
///     p.enable.poke(true);
///     assert_eq!(p.count.peek(), cycle as u64 % 3);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Counter {
    /// The number of values that the count takes.
    pub limit: u64,
}

/// The ports of [`Counter`].
#[derive(Ports)]
pub struct CounterPorts {
    /// This cycle counts.
    pub enable: In<Bit>,
    /// Enabled cycles so far, modulo the limit.
    pub count: Out<Unsigned>,
    /// This cycle counts and the next count is 0.
    pub wraps: Out<Bit>,
}

impl Module for Counter {
    type Ports = CounterPorts;

    fn ports(&self) -> CounterPorts {
        let width = bits_for(self.limit.saturating_sub(1));
        CounterPorts { enable: bit(), count: unsigned(width), wraps: bit() }
    }

    #[named]
    fn build(&self, p: CounterPorts) {
        let highest = self.limit.saturating_sub(1);
        let count = reg(p.count.shape()).reset(0);
        let last = count.eq(highest);
        when(p.enable, || {
            when(last, || count.set(0)).otherwise(|| count.set(count.wrapping_add(1)));
        });
        p.count.drive(count);
        p.wraps.drive(last & p.enable);

        // In a form of their own, so that a fault in a shared comparison or constant shows.
        let next = count + 1;
        always("the count stays below its limit", next.le(self.limit));
        always("it wraps in the last of its cycles", p.wraps.eq(p.enable & next.eq(self.limit)));
        let (before, before_next) = (past(count), past(next));
        when(past_valid(), || {
            let counted = past(p.enable & !p.wraps);
            always("after a wrap comes 0", past(p.wraps).implies(!count.any()));
            always("an enabled cycle counts one", {
                counted.implies(count.extend(next.width()).eq(before_next))
            });
            always("another cycle counts nothing", past(!p.enable).implies(count.eq(before)));
        })
        .otherwise(|| always("it begins with 0", !count.any()));
        cover("it wraps", p.wraps);
    }
}
