//! [`AxiLitePair`].

use super::axi_lite::{AxiLite, AxiLiteOpen, axi_lite};
use super::axi_lite_manager::never_kept_waiting;
use super::{Access, AxiLiteFront, AxiLiteManager, ManagerPorts, Side, bus_answer, bus_command};
use super::{BusAnswer, BusCommand, FrontPorts};
use olivine_lang::prelude::*;

/// An [`AxiLiteManager`] and an [`AxiLiteFront`] on one link, for the proof that nothing was
/// assumed in vain: what one end assumes of the other is asserted here.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiLitePair {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
}

/// The ports of [`AxiLitePair`].
#[derive(Ports)]
pub struct AxiLitePairPorts {
    /// What the manager is to do.
    pub commands: Sink<BusCommand>,
    /// How it ended.
    pub answers: Source<BusAnswer>,
    /// The registers behind the subordinate.
    pub access: Access,
}

impl AxiLitePair {
    fn ends(&self) -> (AxiLiteManager, AxiLiteFront) {
        let Self { address, data } = *self;
        (AxiLiteManager { address, data }, AxiLiteFront { address, data })
    }
}

impl Module for AxiLitePair {
    type Ports = AxiLitePairPorts;

    fn check(&self) -> Result<(), String> {
        self.ends().0.check()
    }

    fn ports(&self) -> AxiLitePairPorts {
        AxiLitePairPorts {
            commands: stream(bus_command(self.address, self.data)),
            answers: stream(bus_answer(self.data)),
            access: self.ends().1.ports().access,
        }
    }

    #[named]
    fn build(&self, p: AxiLitePairPorts) {
        let bus: AxiLite = wire(axi_lite(self.address, self.data));
        let (manager, front) = self.ends();
        let (commands, answers, access) = (p.commands, p.answers, p.access);
        let link = manager.body(&ManagerPorts { commands, answers, bus });
        let behind = front.body(&FrontPorts { bus, access });
        link.rules.named("as the manager sees it").assert(Side::Subordinate);
        never_kept_waiting(&bus);
        let same = |a: Unsigned, b: Unsigned| a.eq(b);
        let AxiLiteOpen { addresses, words, reads } = link.open;
        always("both ends count the same addresses", same(addresses, behind.addresses));
        always("both ends count the same words", same(words, behind.words));
        always("both ends count the same reads", same(reads, behind.reads));
    }
}
