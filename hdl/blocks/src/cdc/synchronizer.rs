//! [`Synchronizer`].

use olivine_lang::prelude::*;

/// Takes one bit into another clock domain.
///
/// ```text
///          +--------------+
///     d -->| Synchronizer |--> q
///          +--------------+
/// ```
///
/// *Parameters*: `to`, the domain that takes the bit; `stages`, the flops it goes through, 2 or
/// more.
///
/// *Ports*: see [`SynchronizerPorts`].
///
/// *Behaviour*: `q` is `d` as it was `stages` edges of `to` ago. A pulse of `d` shorter than a
/// cycle of `to` may be lost. Several bits that belong together must not go through several of
/// these: use a [`Handshake`](super::Handshake).
///
/// *Timing*: `stages` edges of `to`; no combinational path. `d` comes directly from a register of
/// its own domain, so that it has no glitches.
///
/// *Reset*: `q` is 0 after reset of `to`.
///
/// *Verification*: its contract is proved without bound, edges of both clocks in any order.
///
/// *Example*:
/// ```
/// use olivine_blocks::cdc::Synchronizer;
/// use olivine_lang::{Domain, elaborate};
///
/// let fast = Domain::new("fast");
/// let design = elaborate(Synchronizer { to: fast, stages: 2 }).unwrap();
/// assert_eq!(design.top().domains[0].name, "fast");
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Synchronizer {
    /// The domain that takes the bit.
    pub to: Domain,
    /// The number of flops.
    pub stages: u32,
}

/// The ports of [`Synchronizer`].
#[derive(Ports)]
pub struct SynchronizerPorts {
    /// The bit, of any domain.
    pub d: In<Bit>,
    /// The bit in domain `to`.
    pub q: Out<Bit>,
}

impl Module for Synchronizer {
    type Ports = SynchronizerPorts;

    fn check(&self) -> Result<(), String> {
        (self.stages >= 2).then_some(()).ok_or("a bit needs two flops to settle".to_string())
    }

    fn ports(&self) -> SynchronizerPorts {
        SynchronizerPorts { d: bit(), q: bit() }
    }

    #[named]
    fn build(&self, p: SynchronizerPorts) {
        in_domain(self.to, || {
            let settling = reg(bit()).reset(false).init(false).crossing();
            settling.set(p.d);
            let mut q = settling;
            for _ in 1..self.stages {
                let next = reg(bit()).reset(false).init(false);
                next.set(q);
                q = next;
            }
            p.q.drive(q);
            let seen = reg(unsigned(self.stages)).reset(0).init(0).crossing();
            seen.set(cat((p.d, seen)).truncate(self.stages));
            always("`q` is the bit of so many edges ago", q.eq(seen.top_bit()));
            cover("the bit comes through", rose(q));
        });
    }
}
