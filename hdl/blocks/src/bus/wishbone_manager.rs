//! [`WishboneManager`].

use super::access::{check_widths, word_index, word_index_width};
use super::command::{End, assert_one_at_a_time, one_at_a_time};
use super::wishbone::{Wishbone, wishbone, wishbone_rules};
use super::{ManagerPorts, Side, bus_answer, bus_command};
use crate::bus::axi_lite_front::last;
use olivine_lang::prelude::*;

/// A manager of Wishbone that makes one transfer for each command, one at a time.
///
/// ```text
///               +-----------------+
///  commands ==> | WishboneManager |== bus
///   answers <== |                 |
///               +-----------------+
/// ```
///
/// *Parameters*: `address`, bits of a byte address, of which the bus has those that count words;
/// `data`, bits of a word: a power of two of bytes.
///
/// *Ports*: see [`ManagerPorts`].
///
/// *Behaviour*: `cyc` and `stb` hold from the command to the end of the transfer. `err` is a
/// fault. A command is accepted when nothing is under way and no answer waits.
///
/// *Timing*: the request begins one cycle after its command, the answer comes one cycle after its
/// end. The bus' outputs come from registers.
///
/// *Handshake*: the [rules](super::wishbone::wishbone_rules) that bind a manager, whatever the
/// subordinate does; [`Stream`]'s on `answers`.
///
/// *Reset*: nothing under way. What was under way is forgotten.
///
/// *Undefined*: the bus' other outputs without `stb`; `data` of a write's answer.
///
/// *Verification*: proved by k-induction: its rules; one transfer for each command, of its kind,
/// address, word and bytes; one answer for each end. In tests against a register bank and an
/// array, every rule of both ends asserted.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct WishboneManager {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
}

impl Module for WishboneManager {
    type Ports = ManagerPorts<Wishbone>;

    fn check(&self) -> Result<(), String> {
        check_widths(self.address, self.data)
    }

    fn ports(&self) -> ManagerPorts<Wishbone> {
        ManagerPorts {
            commands: stream(bus_command(self.address, self.data)),
            answers: stream(bus_answer(self.data)),
            bus: wishbone(word_index_width(self.address, self.data), self.data),
        }
    }

    #[named]
    fn build(&self, p: ManagerPorts<Wishbone>) {
        let bus = p.bus;
        let busy = reg(bit()).reset(false);
        let end = End { ended: busy & bus.end(), fault: bus.err, data: bus.dat_r };
        let command = one_at_a_time(&p, busy, &end);
        when(bus.end(), || busy.set(false));
        when(p.commands.transfer(), || busy.set(true));
        bus.cyc.drive(busy);
        bus.stb.drive(busy);
        bus.we.drive(command.write);
        bus.adr.drive(word_index(command.address, self.data));
        bus.sel.drive(command.strobe);
        bus.dat_w.drive(command.data);
        unused(command.address);

        wishbone_rules(&bus).assert(Side::Manager);
        assert_one_at_a_time(&p, bus.request(), &end);
        let asked = last(p.commands.transfer(), p.commands.payload);
        when(bus.request(), || {
            always("the request is of the command's kind", bus.we.eq(asked.write));
            always("the request has the command's address", {
                bus.adr.eq(word_index(asked.address, self.data))
            });
            always("the request has the command's word", {
                bus.dat_w.eq(asked.data) & bus.sel.eq(asked.strobe)
            });
        });
    }
}
