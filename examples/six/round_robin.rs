//! A round-robin arbiter.

use olivine::prelude::*;

#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct RoundRobin {
    pub n: u32,
}

#[derive(Ports)]
pub struct RoundRobinPorts {
    pub requests: In<Unsigned>,
    pub grants: Out<Unsigned>,
}

/// The lowest bit that is one, alone.
fn lowest(bits: Unsigned) -> Unsigned {
    bits & (!bits).wrapping_add(1)
}

impl Module for RoundRobin {
    type Ports = RoundRobinPorts;

    fn ports(&self) -> RoundRobinPorts {
        RoundRobinPorts { requests: unsigned(self.n), grants: unsigned(self.n) }
    }

    #[named]
    fn build(&self, p: RoundRobinPorts) {
        // Those behind the one that was served last.
        let first = reg(p.requests.shape()).reset(0);
        let preferred = p.requests & first;
        let grants = lowest(mux(preferred.any(), preferred, p.requests));
        when(grants.any(), || first.set(!(grants | grants.wrapping_sub(1))));
        p.grants.drive(grants);
        always("only who requests is granted", (grants & !p.requests).eq(0));
    }
}
