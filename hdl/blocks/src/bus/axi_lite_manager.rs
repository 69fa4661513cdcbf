//! [`AxiLiteManager`].

use super::access::check_widths;
use super::axi_lite::{AxiLite, AxiLiteOpen, AxiResponse, axi_lite, axi_lite_rules};
use super::axi_lite_front::last;
use super::{ManagerPorts, Rules, Side, bus_answer, bus_command};
use olivine_lang::prelude::*;

/// A manager of AXI4-Lite that makes one transfer for each command, one at a time.
///
/// ```text
///               +----------------+
///  commands ==> | AxiLiteManager |== bus
///   answers <== |                |
///               +----------------+
/// ```
///
/// *Parameters*: `address`, bits of a byte address; `data`, bits of a word: a power of two of
/// bytes (the standard's are 32 and 64).
///
/// *Ports*: see [`ManagerPorts`].
///
/// *Behaviour*: a write offers address and word at once and waits for the response; a read offers
/// the address and waits for the word. Then comes the answer; SLVERR and DECERR are faults. A
/// command is accepted when nothing is under way and no answer waits. `prot` is 0: unprivileged,
/// secure, data.
///
/// *Timing*: the transfer begins one cycle after its command, the answer comes one cycle after the
/// response. All outputs come from registers, or from two of them by one gate.
///
/// *Handshake*: the [rules](super::axi_lite::axi_lite_rules) that bind a manager, whatever the
/// subordinate does; [`Stream`]'s on `answers`.
///
/// *Reset*: nothing under way. What was under way is forgotten.
///
/// *Undefined*: payloads of what is not valid; `data` of a write's answer.
///
/// *Verification*: proved by k-induction, the rules that bind a subordinate assumed: its own rules;
/// one transfer for each command, of its kind, address and word; one answer for each response.
/// Against a register bank with no assumptions left: every rule of both ends asserted.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiLiteManager {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
}

impl Module for AxiLiteManager {
    type Ports = ManagerPorts<AxiLite>;

    fn check(&self) -> Result<(), String> {
        check_widths(self.address, self.data)
    }

    fn ports(&self) -> ManagerPorts<AxiLite> {
        ManagerPorts {
            commands: stream(bus_command(self.address, self.data)),
            answers: stream(bus_answer(self.data)),
            bus: axi_lite(self.address, self.data),
        }
    }

    #[named]
    fn build(&self, p: ManagerPorts<AxiLite>) {
        self.body(&p);
    }
}

/// The rules of its link and what it has open.
pub(super) struct Link {
    pub(super) rules: Rules,
    pub(super) open: AxiLiteOpen,
}

/// What is under way.
struct UnderWay {
    /// A write waits for its response.
    writing: Bit,
    /// A read waits for its word.
    reading: Bit,
}

impl AxiLiteManager {
    #[named]
    pub(super) fn body(&self, p: &ManagerPorts<AxiLite>) -> Link {
        let bus = p.bus;
        let command = reg(p.commands.payload.shape());
        let (aw, w, ar) = (offer(bus.aw.ready), offer(bus.w.ready), offer(bus.ar.ready));
        let (writing, reading) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let answered = reg(bit()).reset(false);
        let answer = reg(p.answers.payload.shape());
        when(p.answers.ready, || answered.set(false));
        when(bus.b.transfer(), || {
            writing.set(false);
            answer.fault.set(bus.b.payload.resp.as_unsigned().bit(1));
        });
        when(bus.r.transfer(), || {
            reading.set(false);
            answer.data.set(bus.r.payload.data);
            answer.fault.set(bus.r.payload.resp.as_unsigned().bit(1));
        });
        when(bus.b.transfer() | bus.r.transfer(), || answered.set(true));
        let new = p.commands.transfer();
        when(new, || command.set(p.commands.payload));
        when(new & p.commands.payload.write, || {
            [aw, w, writing].iter().for_each(|bit| bit.set(true));
        });
        when(new & !p.commands.payload.write, || {
            [ar, reading].iter().for_each(|bit| bit.set(true));
        });
        p.commands.ready.drive(!(writing | reading | answered));
        p.answers.valid.drive(answered);
        p.answers.payload.drive(answer);
        bus.aw.valid.drive(aw);
        bus.w.valid.drive(w);
        bus.ar.valid.drive(ar);
        for address in [bus.aw.payload, bus.ar.payload] {
            address.addr.drive(command.address);
            address.prot.drive(0);
        }
        bus.w.payload.data.drive(command.data);
        bus.w.payload.strb.drive(command.strobe);
        bus.b.ready.drive(writing & !aw & !w);
        bus.r.ready.drive(reading & !ar);
        unused(command.write);
        contract(p, &UnderWay { writing, reading })
    }
}

/// What every command leads to; also the manager's rules.
#[named]
fn contract(p: &ManagerPorts<AxiLite>, under_way: &UnderWay) -> Link {
    let bus = p.bus;
    let (rules, open) = axi_lite_rules(&bus, 1);
    rules.assert(Side::Manager);
    let (writing, reading) = (under_way.writing, under_way.reading);
    let after = |waiting: Bit, offered: Bit| (waiting & !offered).as_unsigned().extend(2);
    always("an accepted address is open until the response", {
        open.addresses.eq(after(writing, bus.aw.valid))
    });
    always("an accepted word is open until the response", {
        open.words.eq(after(writing, bus.w.valid))
    });
    always("an accepted read is open until the word", open.reads.eq(after(reading, bus.ar.valid)));

    let new = p.commands.transfer();
    let command = last(new, p.commands.payload);
    let response = bus.b.transfer() | bus.r.transfer();
    let due = reg(bit()).reset(false);
    when(response, || due.set(false));
    when(new, || due.set(true));
    always("one response is due for each command", due.eq(writing | reading));
    always("a write or a read is under way", !(writing & reading));
    always("an answer waits alone", !(p.answers.valid & due));
    always("nothing comes unasked", response.implies(due));
    always("one command at a time", new.implies(!due & !p.answers.valid));
    when(writing, || always("a write is of a command to write", command.write));
    when(reading, || always("a read is of a command to read", !command.write));
    when(bus.aw.valid | bus.w.valid, || {
        always("a write is offered while it is under way", writing);
        always("a write has the command's address", bus.aw.payload.addr.eq(command.address));
        always("a write has the command's word", {
            bus.w.payload.data.eq(command.data) & bus.w.payload.strb.eq(command.strobe)
        });
    });
    when(bus.ar.valid, || {
        always("a read is offered while it is under way", reading);
        always("a read has the command's address", bus.ar.payload.addr.eq(command.address));
    });
    let plain = !(bus.aw.payload.prot | bus.ar.payload.prot).any();
    always("every access is unprivileged, secure and of data", plain);
    let started = past_valid() & past(new);
    always("a command begins at once", {
        started.implies(mux(command.write, bus.aw.valid & bus.w.valid, bus.ar.valid))
    });
    answers(p);
    Link { rules, open }
}

/// One answer for each response, and what it says.
#[named]
fn answers(p: &ManagerPorts<AxiLite>) {
    let bus = p.bus;
    let refused =
        |r: Enum<AxiResponse>| r.eq(AxiResponse::SubordinateError) | r.eq(AxiResponse::DecodeError);
    let ended = bus.b.transfer() | bus.r.transfer();
    let resp = mux(bus.b.transfer(), bus.b.payload.resp, bus.r.payload.resp);
    let (word, fault) = (last(bus.r.transfer(), bus.r.payload.data), last(ended, refused(resp)));
    let was_read = last(ended, bus.r.transfer());
    let owed = reg(bit()).reset(false);
    when(p.answers.transfer(), || owed.set(false));
    when(ended, || owed.set(true));
    always("one answer for each response", p.answers.valid.eq(owed));
    when(p.answers.valid, || {
        always("the answer says whether it was refused", p.answers.payload.fault.eq(fault));
        always("the answer has the word", was_read.implies(p.answers.payload.data.eq(word)));
    });
    p.answers.assert_rules("answers");
    cover("a read is answered", p.answers.transfer() & was_read);
    cover("a write is refused", p.answers.transfer() & !was_read & fault);
}

/// An [`AxiLiteManager`] whose subordinate is assumed to keep its rules, and what it gains by
/// that. For proofs.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiLiteManagerProof(
    /// What is proved.
    pub AxiLiteManager,
);

impl Module for AxiLiteManagerProof {
    type Ports = ManagerPorts<AxiLite>;

    fn ports(&self) -> ManagerPorts<AxiLite> {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: ManagerPorts<AxiLite>) {
        self.0.body(&p).rules.assume(Side::Subordinate);
        never_kept_waiting(&p.bus);
    }
}

/// What a manager gains by a subordinate that keeps its rules.
#[named]
pub(super) fn never_kept_waiting(bus: &AxiLite) {
    always("no response waits", bus.b.valid.implies(bus.b.ready));
    always("no word waits", bus.r.valid.implies(bus.r.ready));
}

/// A valid bit that goes with its transfer.
#[named]
fn offer(ready: Bit) -> Bit {
    let valid = reg(bit()).reset(false);
    when(ready, || valid.set(false));
    valid
}
