//! [`ApbManager`].

use super::access::check_widths;
use super::apb::{Apb, apb, apb_rules};
use super::axi_lite_front::last;
use super::command::{End, assert_one_at_a_time, one_at_a_time};
use super::{ManagerPorts, Side, bus_answer, bus_command};
use olivine_lang::prelude::*;

/// A manager of APB that makes one transfer for each command, one at a time.
///
/// ```text
///               +------------+
///  commands ==> | ApbManager |== bus
///   answers <== |            |
///               +------------+
/// ```
///
/// *Parameters*: `address`, bits of a byte address; `data`, bits of a word: a power of two of
/// bytes (the standard's are 8, 16 and 32).
///
/// *Ports*: see [`ManagerPorts`].
///
/// *Behaviour*: one setup cycle, then access cycles until `pready`. `pslverr` is a fault. A
/// command is accepted when nothing is under way and no answer waits. `pprot` is 0: unprivileged,
/// secure, data.
///
/// *Timing*: setup one cycle after the command, the answer one cycle after the end. The bus'
/// outputs come from registers, `pstrb` through one gate.
///
/// *Handshake*: the [rules](super::apb::apb_rules) that bind a manager, whatever the subordinate
/// does; [`Stream`]'s on `answers`.
///
/// *Reset*: nothing under way. What was under way is forgotten.
///
/// *Undefined*: the bus' other outputs without `psel`; `data` of a write's answer.
///
/// *Verification*: proved by k-induction: its rules; one transfer for each command, of its kind,
/// address, word and bytes; one answer for each end. In tests against a register bank and an
/// array, every rule of both ends asserted.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct ApbManager {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
}

impl Module for ApbManager {
    type Ports = ManagerPorts<Apb>;

    fn check(&self) -> Result<(), String> {
        check_widths(self.address, self.data)
    }

    fn ports(&self) -> ManagerPorts<Apb> {
        ManagerPorts {
            commands: stream(bus_command(self.address, self.data)),
            answers: stream(bus_answer(self.data)),
            bus: apb(self.address, self.data),
        }
    }

    #[named]
    fn build(&self, p: ManagerPorts<Apb>) {
        let bus = p.bus;
        let (selected, enabled) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let end = End { ended: enabled & bus.pready, fault: bus.pslverr, data: bus.prdata };
        let command = one_at_a_time(&p, selected, &end);
        when(selected, || enabled.set(true));
        when(end.ended, || {
            selected.set(false);
            enabled.set(false);
        });
        when(p.commands.transfer(), || selected.set(true));
        bus.psel.drive(selected);
        bus.penable.drive(enabled);
        bus.pwrite.drive(command.write);
        bus.paddr.drive(command.address);
        bus.pprot.drive(0);
        bus.pwdata.drive(command.data);
        bus.pstrb.drive(mux(command.write, command.strobe, 0));

        apb_rules(&bus).assert(Side::Manager);
        assert_one_at_a_time(&p, bus.psel, &End { ended: bus.end(), ..end });
        let asked = last(p.commands.transfer(), p.commands.payload);
        always("every access is unprivileged, secure and of data", !bus.pprot.any());
        when(bus.psel, || {
            always("the transfer is of the command's kind", bus.pwrite.eq(asked.write));
            always("the transfer has the command's address", bus.paddr.eq(asked.address));
            always("the transfer has the command's word", bus.pwdata.eq(asked.data));
            let strobe = asked.write.implies(bus.pstrb.eq(asked.strobe));
            always("the transfer has the command's bytes", strobe);
        });
        cover("a transfer waits", past_valid() & past(bus.access()) & bus.access());
    }
}
