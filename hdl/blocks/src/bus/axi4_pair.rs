//! [`Axi4Pair`].

use super::access::word_index_width;
use super::axi4::{Axi4, AxiBurst, axi4, axi4_rules};
use super::axi4_manager::Inside as Manager;
use super::axi4_memory::{Inside as Behind, invariants};
use super::{
    Axi4Manager, Axi4ManagerPorts, Axi4ManagerProof, Axi4Memory, BurstCommand, BurstEnd, BurstWord,
    BusAnswer,
};
use olivine_lang::prelude::*;

/// An [`Axi4Manager`] and an [`Axi4Memory`] on one link, for the proof that nothing was assumed in
/// vain: the rules of both ends are asserted here, all that is assumed is that `words` keeps those
/// of [`Stream`].
///
/// What both are together is proved besides: a memory that is written and read by commands. Each
/// word goes to the word that its command means, any one byte, arbitrary but fixed, is read as it
/// was written last, a command moves as many words as it says, has one end, and is never refused.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Axi4Pair {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
    /// Bits of identification.
    pub id: u32,
}

/// The ports of [`Axi4Pair`].
#[derive(Ports)]
pub struct Axi4PairPorts {
    /// What to do.
    pub commands: Sink<BurstCommand>,
    /// Words to write.
    pub words: Sink<BurstWord>,
    /// Words that were read.
    pub read: Source<BusAnswer>,
    /// One for each command.
    pub ends: Source<BurstEnd>,
}

impl Axi4Pair {
    fn manager(&self) -> Axi4Manager {
        let Self { address, data, id } = *self;
        Axi4Manager { address, data, id }
    }
}

impl Module for Axi4Pair {
    type Ports = Axi4PairPorts;

    fn check(&self) -> Result<(), String> {
        self.manager().check()
    }

    fn ports(&self) -> Axi4PairPorts {
        let Axi4ManagerPorts { commands, words, read, ends, .. } = self.manager().ports();
        Axi4PairPorts { commands, words, read, ends }
    }

    #[named]
    fn build(&self, p: Axi4PairPorts) {
        let Self { address, data, id } = *self;
        let bus: Axi4 = wire(axi4(address, data, id));
        let Axi4PairPorts { commands, words, read, ends } = p;
        let ports = Axi4ManagerPorts { commands, words, read, ends, bus };
        let inside = self.manager().body(&ports);
        let behind = Axi4Memory { address, data, id }.body(&bus);
        let (rules, open) = axi4_rules(&bus);
        rules.assert_both();
        Axi4ManagerProof(self.manager()).contract(&ports, &inside, &open);
        invariants(&bus, &behind, &open);
        self.places(&bus, &inside, &behind);
        self.one_byte(&ports, &inside, &behind);
        always("no command is refused", inside.busy().implies(!inside.fault));
        let end = ports.ends.valid.implies(!ports.ends.payload.fault);
        always("no end says that it was refused", end);
    }
}

impl Axi4Pair {
    /// Both ends are at the same word.
    #[named]
    fn places(&self, bus: &Axi4, inside: &Manager, behind: &Behind) {
        let lanes = self.manager().lanes();
        for (name, walking) in [("write", &behind.write), ("read", &behind.read)] {
            let now = walking.now;
            let whole = now.burst.eq(AxiBurst::Increment) & now.size.eq(lanes);
            let text = format!("{name}: words as wide as the bus, one after the other");
            always(text, walking.active.implies(whole));
        }
        let ahead = bus.r.valid.as_unsigned().extend(inside.word.width());
        when(behind.write.active, || {
            let same = behind.write.now.addr.eq(inside.word << lanes);
            always("a word is written where its command says", same);
        });
        when(behind.read.active, || {
            let next = inside.word.wrapping_add(ahead);
            always("a word is read where its command says", {
                behind.read.now.addr.eq(next << lanes)
            });
        });
    }

    /// Any one byte, in the words of commands alone.
    #[named]
    fn one_byte(&self, p: &Axi4ManagerPorts, inside: &Manager, behind: &Behind) {
        let index = reg(unsigned(word_index_width(self.address, self.data)));
        let lane = reg(unsigned(index_width((self.data / 8) as usize)));
        index.set(index);
        lane.set(lane);
        let byte = |word: Unsigned| {
            let parts: Vec<_> = (0..self.data / 8).map(|i| word.slice(8 * i, 8)).collect();
            select(lane, &parts)
        };
        let here = inside.word.eq(index);
        let strobes: Vec<Bit> = p.words.payload.strobe.bits();
        let (known, expected) = (reg(bit()).reset(false), reg(unsigned(8)));
        when(p.words.transfer() & here & select(lane, &strobes), || {
            known.set(true);
            expected.set(byte(p.words.payload.data));
        });
        when(known, || {
            always("a byte is what was written last", {
                byte(behind.words.read(index)).eq(expected)
            });
            always("a byte is read as it was written", {
                (p.bus.r.valid & here).implies(byte(p.bus.r.payload.data).eq(expected))
            });
        });
        cover("a byte that was written is read", p.read.transfer() & here & known);
    }
}
