//! [`RoundRobin`].

use crate::bits::one_hot::{above, below, lowest};
use olivine_lang::prelude::*;

/// Shares one thing among `n` requesters, in turn.
///
/// ```text
///              +------------+
///  requests -->|            |--> grants
///     taken -->| RoundRobin |--> granted
///              +------------+
/// ```
///
/// *Parameters*: `n`, the number of requesters, at least 1.
///
/// *Ports*: see [`RoundRobinPorts`].
///
/// *Behaviour*: the order of precedence is a circle that begins after the requester whose grant was
/// taken last. The first in it that requests has the grant. The grant follows the requests from
/// cycle to cycle; where `taken` says that it was used, the circle moves on.
///
/// *Timing*: combinational from `requests` to `grants`.
///
/// *Reset*: requester 0 is first.
///
/// *Undefined*: nothing.
///
/// *Verification*: proved by k-induction for several `n`: at most one grant, only to who requests,
/// and one if anybody does, the first in the circle; who keeps requesting sees at most `n` − 1
/// grants taken by others before its own.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::RoundRobin;
///
/// let mut bench = Bench::new(RoundRobin { n: 3 });
/// let mut grants = Vec::new();
/// bench.run(4, |p, _| {
///     p.requests.poke(0b101);
///     p.taken.poke(true);
///     grants.push(p.grants.peek());
/// });
/// assert_eq!(grants, [0b001, 0b100, 0b001, 0b100]);
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RoundRobin {
    /// The number of requesters.
    pub n: u32,
}

/// The ports of [`RoundRobin`].
#[derive(Ports)]
pub struct RoundRobinPorts {
    /// Who requests; bit `i` is requester `i`.
    pub requests: In<Unsigned>,
    /// The grant is used in this cycle.
    pub taken: In<Bit>,
    /// Who has the grant: one bit of `requests`, or none if there is none.
    pub grants: Out<Unsigned>,
    /// There is a grant.
    pub granted: Out<Bit>,
}

impl Module for RoundRobin {
    type Ports = RoundRobinPorts;

    fn ports(&self) -> RoundRobinPorts {
        let each = unsigned(self.n);
        RoundRobinPorts { requests: each, taken: bit(), grants: each, granted: bit() }
    }

    #[named]
    fn build(&self, p: RoundRobinPorts) {
        let first = reg(p.requests.shape()).reset(0);
        let preferred = p.requests & first;
        let grants = lowest(mux(preferred.any(), preferred, p.requests));
        when(p.taken & grants.any(), || first.set(above(grants)));
        p.grants.drive(grants);
        p.granted.drive(p.requests.any());

        always("only who requests has the grant", (grants & !p.requests).eq(0));
        always("at most one has the grant", (grants & below(grants)).eq(0));
        always("somebody has the grant if anybody requests", grants.any().eq(p.requests.any()));
        always("it says whether there is a grant", p.granted.eq(grants.any()));
        always("after reset requester 0 is first", past_valid() | first.eq(0));
        self.circle(&p, first);
        self.fairness(&p, first);
    }
}

impl RoundRobin {
    /// The circle, turned so that it begins at bit 0: after the last whose grant was taken.
    #[named]
    fn circle(&self, p: &RoundRobinPorts, first: Unsigned) {
        let n = self.n;
        let begin = reg(unsigned(bits_for(n.into()))).reset(n);
        let numbers: Vec<Unsigned> = (1..=n).map(|i| constant(begin.shape(), i)).collect();
        when(p.taken & p.granted, || {
            for (after, grant) in numbers.iter().zip(p.grants.bits()) {
                when(grant, || begin.set(after)).end();
            }
        });
        let turned = |bits: Unsigned| cat((bits, bits)).shift_right(begin).truncate(n);
        always("the first in the circle that requests has the grant", {
            turned(p.grants).eq(lowest(turned(p.requests)))
        });
        let upper = constant(unsigned(n), Bits::ones(n)).shift_left(begin);
        always("those preferred are the rest of the circle", first.eq(upper));
    }

    /// For one requester, arbitrary but fixed: how many grants were taken since it began to
    /// request. Each of them went to somebody before it in the circle, of whom one less is left.
    #[named]
    fn fairness(&self, p: &RoundRobinPorts, first: Unsigned) {
        let chosen = reg(unsigned(index_width(self.n as usize)));
        chosen.set(chosen);
        let chosen_bit = constant(unsigned(self.n), 1).shift_left(chosen);
        let requests = (p.requests & chosen_bit).any();
        let has_grant = (p.grants & chosen_bit).any();
        let waited = reg(unsigned(bits_for(u64::from(self.n)))).reset(0);
        when(!requests | (has_grant & p.taken), || waited.set(0))
            .otherwise_when(p.taken, || waited.set(waited.wrapping_add(1)));

        let preferred = (first & chosen_bit).any();
        let before = below(chosen_bit);
        let ahead = mux(preferred, first & before, first | before).count_ones();
        let low = lowest(first);
        always("those preferred are the upper ones", first.eq(0) | (first | below(low)).all());
        let wide = chosen.width() + 1;
        when(chosen.extend(wide).lt(self.n), || {
            always("who waits moves up", (waited + ahead).lt(self.n));
            always("who waits is passed over by each other requester at most once", {
                waited.lt(self.n)
            });
        });
        cover("somebody waits for all the others", waited.eq(self.n - 1));
    }
}
