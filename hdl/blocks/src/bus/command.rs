//! What managers are told to do and what they say of it, the same for every bus.

use olivine_lang::prelude::*;

/// One transfer that a manager is to make.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct BusCommand {
    /// Write; otherwise read.
    pub write: Bit,
    /// The byte address.
    pub address: Unsigned,
    /// The word to write.
    pub data: Unsigned,
    /// Bit `i`: byte `i` is written.
    pub strobe: Unsigned,
}

/// How a transfer ended.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct BusAnswer {
    /// The word that was read; after a write undefined.
    pub data: Unsigned,
    /// The subordinate refused it.
    pub fault: Bit,
}

/// The shape of commands with addresses of `address` bits and words of `data` bits.
pub fn bus_command(address: u32, data: u32) -> BusCommand {
    let (address, data, strobe) = (unsigned(address), unsigned(data), unsigned(data / 8));
    BusCommand { write: bit(), address, data, strobe }
}

/// The shape of answers with words of `data` bits.
pub fn bus_answer(data: u32) -> BusAnswer {
    BusAnswer { data: unsigned(data), fault: bit() }
}

/// The ports of a manager that makes one transfer for each command.
#[derive(Ports)]
pub struct ManagerPorts<L: Ports> {
    /// What to do.
    pub commands: Sink<BusCommand>,
    /// How it ended, in the order of the commands.
    pub answers: Source<BusAnswer>,
    /// The bus.
    pub bus: L,
}

/// The end of a transfer.
pub(super) struct End {
    /// It ends in this cycle.
    pub ended: Bit,
    /// It was refused.
    pub fault: Bit,
    /// The word that was read.
    pub data: Unsigned,
}

/// Keeps the command, and after its `end` the answer until it is taken. `busy` says that a
/// transfer is under way; a command is accepted when there is none and no answer waits.
#[named]
pub(super) fn one_at_a_time<L: Ports>(p: &ManagerPorts<L>, busy: Bit, end: &End) -> BusCommand {
    let command = reg(p.commands.payload.shape());
    when(p.commands.transfer(), || command.set(p.commands.payload));
    let answered = reg(bit()).reset(false);
    let answer = reg(p.answers.payload.shape());
    when(p.answers.ready, || answered.set(false));
    when(end.ended, || {
        answered.set(true);
        answer.data.set(end.data);
        answer.fault.set(end.fault);
    });
    p.commands.ready.drive(!(busy | answered));
    p.answers.valid.drive(answered);
    p.answers.payload.drive(answer);
    command
}

/// One end for each command, one answer for each end.
#[named]
pub(super) fn assert_one_at_a_time<L: Ports>(p: &ManagerPorts<L>, busy: Bit, end: &End) {
    let (new, taken) = (p.commands.transfer(), p.answers.transfer());
    let (due, owed) = (reg(bit()).reset(false), reg(bit()).reset(false));
    when(end.ended, || due.set(false));
    when(new, || due.set(true));
    when(taken, || owed.set(false));
    when(end.ended, || owed.set(true));
    always("a transfer is under way for each command", busy.eq(due));
    always("nothing ends unasked", end.ended.implies(due));
    always("one command at a time", new.implies(!due & !owed));
    always("an answer waits alone", !(owed & due));
    always("one answer for each end", p.answers.valid.eq(owed));
    let (data, fault) = super::axi_lite_front::last(end.ended, (end.data, end.fault));
    when(p.answers.valid, || {
        always("the answer has the word", p.answers.payload.data.eq(data));
        always("the answer says whether it was refused", p.answers.payload.fault.eq(fault));
    });
    p.answers.assert_rules("answers");
    cover("a command is answered", taken & !fault);
    cover("a command is refused", taken & fault);
}
