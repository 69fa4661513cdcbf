//! [`ResetSynchronizer`].

use olivine_lang::prelude::*;

/// Makes a reset of any origin (a pin, a lock of a PLL) fit for a clock domain: it is given at
/// once, and taken away some edges after its origin took it away.
///
/// ```text
///           +-------------------+
///    raw -->| ResetSynchronizer |--> reset
///           +-------------------+
/// ```
///
/// *Parameters*: `to`, the domain; `stages`, the edges for which the reset outlives its origin, 2
/// or more.
///
/// *Ports*: see [`ResetSynchronizerPorts`].
///
/// *Behaviour*: `reset` holds while `raw` does, and at the `stages` edges after.
///
/// *Timing*: combinational from `raw` to a rising `reset`; it falls at an edge of `to`.
///
/// *Reset*: none of its own; at power-up `reset` holds.
///
/// A domain with an asynchronous reset of its own has the
/// [`AsyncResetSynchronizer`](super::AsyncResetSynchronizer), which has no logic behind its flops.
///
/// *Undefined*: nothing; pulses of `raw` between two edges reset nothing that samples it.
///
/// *Verification*: its contract is proved without bound.
///
/// *Example*:
/// ```
/// use olivine_blocks::cdc::ResetSynchronizer;
/// use olivine_lang::{Domain, elaborate};
///
/// assert!(elaborate(ResetSynchronizer { to: Domain::MAIN, stages: 2 }).is_ok());
/// assert!(elaborate(ResetSynchronizer { to: Domain::MAIN, stages: 1 }).is_err());
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct ResetSynchronizer {
    /// The domain that is reset.
    pub to: Domain,
    /// The number of flops.
    pub stages: u32,
}

/// The ports of [`ResetSynchronizer`].
#[derive(Ports)]
pub struct ResetSynchronizerPorts {
    /// The reset as it comes.
    pub raw: In<Bit>,
    /// The reset for domain `to`.
    pub reset: Out<Bit>,
}

impl Module for ResetSynchronizer {
    type Ports = ResetSynchronizerPorts;

    fn check(&self) -> Result<(), String> {
        (self.stages >= 2).then_some(()).ok_or("a reset needs two flops to settle".to_string())
    }

    fn ports(&self) -> ResetSynchronizerPorts {
        ResetSynchronizerPorts { raw: bit(), reset: bit() }
    }

    #[named]
    fn build(&self, p: ResetSynchronizerPorts) {
        let (stages, ones) = (self.stages, Bits::ones(self.stages));
        in_domain(self.to, || {
            let lasting = reg(unsigned(stages)).init(ones).crossing();
            lasting.set(cat((p.raw, lasting)).truncate(stages));
            p.reset.drive(p.raw | lasting.any());

            let quiet = reg(unsigned(bits_for(u64::from(stages)))).init(0).crossing();
            let enough = quiet.eq(stages);
            quiet.set(mux(p.raw, 0, mux(enough, quiet, quiet.wrapping_add(1))));
            always("it is given while its origin gives it", p.raw.implies(p.reset));
            let taken = !p.raw & enough;
            always("it is taken away after so many quiet edges", p.reset.eq(!taken));
            cover("it is taken away", fell(p.reset));
        });
    }
}
