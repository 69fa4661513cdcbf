//! Many states that one input makes numbers, or that become numbers unless it is set: on each tier
//! as in the interpreter, whatever else moves.

use olivine_interp::{Engine, Interp, Undefined, undefined_bits};
use olivine_lang::prelude::*;
use olivine_netlist::{DomainId, PortId};
use olivine_sim::{Compiled, Lockstep, Tier, Tuning};

/// Words and bits that `clear` makes numbers, others that `keep` does not; `go` lets them move.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
struct Cleared;

#[derive(Ports)]
struct ClearedPorts {
    clear: In<Bit>,
    keep: In<Bit>,
    go: In<Bit>,
    x: In<Unsigned>,
    seen: Out<Unsigned>,
}

impl Module for Cleared {
    type Ports = ClearedPorts;

    fn ports(&self) -> ClearedPorts {
        ClearedPorts { clear: bit(), keep: bit(), go: bit(), x: unsigned(8), seen: unsigned(8) }
    }

    #[named]
    fn build(&self, p: ClearedPorts) {
        let mut seen = p.x ^ 0;
        for k in 0..6u64 {
            let word = reg(unsigned(8)).init(0);
            when(p.go, || word.set(word.wrapping_add(p.x ^ k)));
            when(p.clear, || word.set(40 + k));
            let flag = reg(bit()).init(false);
            flag.set(!flag ^ p.go);
            when(p.clear, || flag.set(k % 2 == 0));
            let other = reg(unsigned(8)).init(0);
            other.set(other.wrapping_add(word));
            when(!p.keep, || other.set(3 * k));
            seen = seen ^ word ^ mux(flag, other, p.x);
        }
        p.seen.drive(seen);
    }
}

#[test]
fn states_that_an_input_makes_numbers_agree() {
    let design = elaborate(Cleared).unwrap();
    for tier in Tier::ALL.into_iter().filter(|tier| tier.is_available()) {
        let tuning = Tuning { tier: Some(tier), ..Tuning::default() };
        let interp = Interp::new(&design, Undefined::Zero);
        let mut both = Lockstep::new(interp, Compiled::tuned(&design, Undefined::Zero, tuning));
        for cycle in 0..300 {
            for port in 0..4 {
                let value = undefined_bits(7, &format!("{port}"), cycle, 8).low_u64();
                both.set_u64(PortId(port), value);
            }
            both.step(DomainId(0));
        }
        both.compare();
    }
}
