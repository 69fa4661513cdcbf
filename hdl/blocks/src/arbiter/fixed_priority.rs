//! [`FixedPriority`].

use crate::bits::one_hot::{below, lowest};
use olivine_lang::prelude::*;

/// Shares one thing among `n` requesters: the lower number goes first.
///
/// ```text
///              +---------------+
///  requests -->| FixedPriority |--> grants, granted
///              +---------------+
/// ```
///
/// *Parameters*: `n`, the number of requesters, at least 1.
///
/// *Ports*: see [`FixedPriorityPorts`].
///
/// *Behaviour*: the requester with the lowest number has the grant. Who has a high number may wait
/// for ever; for fairness take [`RoundRobin`](crate::RoundRobin).
///
/// *Timing*: combinational.
///
/// *Undefined*: nothing.
///
/// *Verification*: proved for several `n`: at most one grant, to who requests, while nobody before
/// it does; and one if anybody requests.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::FixedPriority;
///
/// let mut bench = Bench::new(FixedPriority { n: 4 });
/// bench.run(1, |p, _| {
///     p.requests.poke(0b1010u8);
///     assert_eq!(p.grants.peek(), 0b0010);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct FixedPriority {
    /// The number of requesters.
    pub n: u32,
}

/// The ports of [`FixedPriority`].
#[derive(Ports)]
pub struct FixedPriorityPorts {
    /// Who requests; bit `i` is requester `i`.
    pub requests: In<Unsigned>,
    /// Who has the grant: one bit of `requests`, or none if there is none.
    pub grants: Out<Unsigned>,
    /// There is a grant.
    pub granted: Out<Bit>,
}

impl Module for FixedPriority {
    type Ports = FixedPriorityPorts;

    fn ports(&self) -> FixedPriorityPorts {
        let each = unsigned(self.n);
        FixedPriorityPorts { requests: each, grants: each, granted: bit() }
    }

    #[named]
    fn build(&self, p: FixedPriorityPorts) {
        p.grants.drive(lowest(p.requests));
        p.granted.drive(p.requests.any());

        let (requests, grants) = (p.requests, p.grants);
        always("only who requests has the grant", (grants & !requests).eq(0));
        always("at most one has the grant", (grants & below(grants)).eq(0));
        always("somebody has the grant if anybody requests", grants.any().eq(requests.any()));
        always("it says whether there is a grant", p.granted.eq(grants.any()));
        let earlier = requests & below(grants);
        always("nobody before it requests", p.granted.implies(earlier.eq(0)));
        cover("the last has the grant", grants.top_bit());
    }
}
