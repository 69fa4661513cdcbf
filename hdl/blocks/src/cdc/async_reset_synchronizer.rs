//! [`AsyncResetSynchronizer`].

use olivine_lang::prelude::*;

/// Takes the asynchronous reset of a domain away at an edge of its clock: asynchronous assertion,
/// synchronous release.
///
/// ```text
///           +------------------------+
///           | AsyncResetSynchronizer |--> reset
///           +------------------------+
/// ```
///
/// *Parameters*: `domain`, whose reset is asynchronous; `stages`, the number of flops, 2 or more.
///
/// *Ports*: see [`AsyncResetSynchronizerPorts`]. The reset that comes is that of `domain`, and no port.
///
/// *Behaviour*: `reset` holds as soon as the reset of `domain` is active, with no edge, and until the
/// last of `stages` edges after that is not.
///
/// *Timing*: `reset` comes from the last of a chain of flops, with no logic behind it (but for the
/// inverter of devices whose flops are all 0 at power-up), so that it has no glitches and may reset
/// flops asynchronously. It falls at an acting edge.
///
/// *Reset*: that is what it is about. At power-up `reset` holds.
///
/// *Undefined*: nothing; a release that comes too near to an edge counts from that edge or the next.
///
/// *Verification*: its contract after a reset is proved without bound; that it acts without an edge is
/// tested on the interpreter, with which the other engines agree, beside a mutant whose reset is
/// synchronous.
///
/// *Example*:
/// ```
/// use olivine_blocks::cdc::AsyncResetSynchronizer;
/// use olivine_lang::{Domain, elaborate};
///
/// let pin = Domain::new("pin").asynchronous_reset().active_low();
/// assert!(elaborate(AsyncResetSynchronizer { domain: pin, stages: 2 }).is_ok());
/// assert!(elaborate(AsyncResetSynchronizer { domain: Domain::MAIN, stages: 2 }).is_err());
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AsyncResetSynchronizer {
    /// The domain whose reset comes.
    pub domain: Domain,
    /// The number of flops.
    pub stages: u32,
}

/// The ports of [`AsyncResetSynchronizer`].
#[derive(Ports)]
pub struct AsyncResetSynchronizerPorts {
    /// The reset, released at an edge; active high.
    pub reset: Out<Bit>,
}

impl Module for AsyncResetSynchronizer {
    type Ports = AsyncResetSynchronizerPorts;

    fn check(&self) -> Result<(), String> {
        if !self.domain.resets_at_once() {
            return Err(
                "its domain's reset is synchronous; `ResetSynchronizer` takes a reset that \
                        is a signal"
                    .to_string(),
            );
        }
        (self.stages >= 2).then_some(()).ok_or("a reset needs two flops to settle".to_string())
    }

    fn ports(&self) -> AsyncResetSynchronizerPorts {
        AsyncResetSynchronizerPorts { reset: bit() }
    }

    #[named]
    fn build(&self, p: AsyncResetSynchronizerPorts) {
        let (stages, ones) = (self.stages, Bits::ones(self.stages));
        in_domain(self.domain, || {
            let lasting = reg(unsigned(stages)).reset(ones.clone()).init(ones);
            lasting.set(cat((constant(bit(), false), lasting)).truncate(stages));
            let flops = lasting.bits();
            p.reset.drive(flops[flops.len() - 1]);

            let edges = reg(unsigned(bits_for(u64::from(stages)))).reset(0);
            when(edges.lt(stages), || edges.set(edges.wrapping_add(1)));
            always("edges are counted up to the last", edges.le(stages));
            for (flop, lasts) in (0u32..).zip(flops) {
                let name = format!("flop {flop} lasts for its edges");
                always(name, lasts.eq(edges.le(flop)));
            }
            always("it holds for so many edges and no longer", p.reset.eq(edges.lt(stages)));
            cover("it is taken away", fell(p.reset));
        });
    }
}
