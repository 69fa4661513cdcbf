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
    /// The circle: it begins after the last whose grant was taken.
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
        let upper = constant(unsigned(n), Bits::ones(n)).shift_left(begin);
        // From the beginning of the circle to the grant, once round where that is before it.
        let before = below(p.grants);
        let passed = mux((p.grants & upper).any(), before & upper, before | upper);
        always("the first in the circle that requests has the grant", {
            p.granted.implies((p.requests & passed).eq(0))
        });
        always("the circle begins at a requester", begin.le(n));
        always("those preferred are the rest of the circle", first.eq(upper));
    }

    /// For one requester, arbitrary but fixed: who has taken a grant since it began to request. Each
    /// of them was before it in the circle, and no more is.
    #[named]
    fn fairness(&self, p: &RoundRobinPorts, first: Unsigned) {
        let chosen = reg(unsigned(index_width(self.n as usize)));
        chosen.set(chosen);
        let chosen_bit = constant(unsigned(self.n), 1).shift_left(chosen);
        let requests = (p.requests & chosen_bit).any();
        let has_grant = (p.grants & chosen_bit).any();
        let passed = reg(unsigned(self.n)).reset(0);
        when(!requests | (has_grant & p.taken), || passed.set(0))
            .otherwise_when(p.taken, || passed.set(passed | p.grants));

        let preferred = (first & chosen_bit).any();
        let before = below(chosen_bit);
        let ahead = mux(preferred, first & before, first | before);
        let low = lowest(first);
        always("those preferred are the upper ones", first.eq(0) | (first | below(low)).all());
        when(chosen_bit.any(), || {
            always("who waits moves up", (passed & ahead).eq(0));
            always("who has the grant does not wait", (passed & chosen_bit).eq(0));
            always("who waits is passed over by each other requester at most once", {
                !requests | (p.grants & passed).eq(0)
            });
        });
        if self.n > 8 {
            // For all others would be a run of `n` cycles, which takes long to find.
            cover("somebody waits for another", passed.any());
        } else {
            cover("somebody waits for all the others", (passed | chosen_bit).all());
        }
    }
}
