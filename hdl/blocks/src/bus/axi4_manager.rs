//! [`Axi4Manager`].

use super::access::check_widths;
use super::axi_lite_front::last;
use super::axi4::{Axi4, Axi4Open, AxiBurst, axi4, axi4_rules};
use super::{AxiResponse, BusAnswer, Side, bus_answer};
use olivine_lang::prelude::*;

/// Words to move.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct BurstCommand {
    /// Write; otherwise read.
    pub write: Bit,
    /// Which word is first, counted in words.
    pub word: Unsigned,
    /// How many words, less one.
    pub more: Unsigned,
}

/// A word to write.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct BurstWord {
    /// The word.
    pub data: Unsigned,
    /// Bit `i`: byte `i` is written.
    pub strobe: Unsigned,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct BurstEnd {
    /// Some word was refused.
    pub fault: Bit,
}

/// A manager of AXI4 that moves up to 256 words for each command, in INCR bursts.
///
/// ```text
///               +-------------+
///  commands ==> |             |== bus
///     words ==> | Axi4Manager |
///      read <== |             |
///      ends <== |             |
///               +-------------+
/// ```
///
/// *Parameters*: `address`, bits of a byte address; `data`, bits of a word: a power of two of
/// bytes up to 128; `id`, bits of identification, at least 1.
///
/// *Ports*: see [`Axi4ManagerPorts`].
///
/// *Behaviour*: a command is one burst, or several where it crosses a boundary of 4 KiB (or the
/// end of the addresses, after which address 0 follows): then each begins after the answer of the
/// one before. `id` is 0. After all words comes one end, a fault if any answer was SLVERR or
/// DECERR.
///
/// *Timing*: one cycle from the command to its first address; a word a cycle. Combinational from
/// `words.valid` to `wvalid` and `wready` to `words.ready`, from `rvalid` to `read.valid` and
/// `read.ready` to `rready`.
///
/// *Handshake*: the [rules](super::axi4::axi4_rules) that bind a manager, if `words` keeps those
/// of [`Stream`] and the subordinate its own; [`Stream`]'s on `ends` and `read`.
///
/// *Reset*: nothing under way.
///
/// *Undefined*: payloads of what is not valid.
///
/// *Verification*: proved by k-induction as [`Axi4ManagerProof`], the subordinate's rules assumed:
/// its own rules, the boundary among them; as many words as the command says, at the addresses
/// after its own; one end for each command. In tests against a memory and an array.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Axi4Manager {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
    /// Bits of identification.
    pub id: u32,
}

/// The ports of [`Axi4Manager`].
#[derive(Ports)]
pub struct Axi4ManagerPorts {
    /// What to do.
    pub commands: Sink<BurstCommand>,
    /// Words to write.
    pub words: Sink<BurstWord>,
    /// Words that were read.
    pub read: Source<BusAnswer>,
    /// One for each command.
    pub ends: Source<BurstEnd>,
    /// The bus.
    pub bus: Axi4,
}

/// Where a command is.
#[derive(Clone, State)]
enum Phase {
    Idle,
    Address,
    Words,
    Answer,
    End,
}

impl Module for Axi4Manager {
    type Ports = Axi4ManagerPorts;

    fn check(&self) -> Result<(), String> {
        check_widths(self.address, self.data)?;
        match self.data / 8 {
            bytes if bytes > 128 => Err(format!("words of {bytes} bytes: AXI4 has up to 128")),
            _ => Ok(()),
        }
    }

    fn ports(&self) -> Axi4ManagerPorts {
        let word = unsigned(self.address.saturating_sub(self.lanes()).max(1));
        let (data, strobe) = (unsigned(self.data), unsigned(self.data / 8));
        Axi4ManagerPorts {
            commands: stream(BurstCommand { write: bit(), word, more: unsigned(8) }),
            words: stream(BurstWord { data, strobe }),
            read: stream(bus_answer(self.data)),
            ends: stream(BurstEnd { fault: bit() }),
            bus: axi4(self.address, self.data, self.id),
        }
    }

    #[named]
    fn build(&self, p: Axi4ManagerPorts) {
        self.body(&p);
    }
}

/// What is inside, for properties.
pub(super) struct Inside {
    phase: Machine<Phase>,
    write: Bit,
    /// The next word.
    pub(super) word: Unsigned,
    left: Unsigned,
    beats: Unsigned,
    pub(super) fault: Bit,
}

impl Inside {
    /// A command is under way.
    #[track_caller]
    pub(super) fn busy(&self) -> Bit {
        !self.phase.is(Phase::Idle)
    }
}

impl Axi4Manager {
    /// The bits of an address within a word.
    pub(super) fn lanes(&self) -> u32 {
        (self.data / 8).max(1).trailing_zeros()
    }

    /// The words of the next burst: those left, as far as the page's end.
    #[named]
    fn burst(&self, word: Unsigned, left: Unsigned) -> Unsigned {
        let page = (self.address.min(12) - self.lanes()).min(word.width());
        let width = (page + 1).max(9);
        let size = constant(unsigned(width), 1u64 << page);
        let room = size.wrapping_sub(word.truncate(page).extend(width));
        left.extend(width).min(room).truncate(9)
    }

    #[named]
    pub(super) fn body(&self, p: &Axi4ManagerPorts) -> Inside {
        let bus = p.bus;
        let phase = state(Phase::Idle);
        let (write, fault) = (reg(bit()), reg(bit()));
        let word = reg(p.commands.payload.word.shape());
        let (left, beats) = (reg(unsigned(9)).reset(0), reg(unsigned(9)).reset(0));
        let burst = self.burst(word, left);
        let next = || {
            when(left.eq(0), || phase.set(Phase::End)).otherwise(|| phase.set(Phase::Address));
        };
        when(p.commands.transfer(), || {
            write.set(p.commands.payload.write);
            word.set(p.commands.payload.word);
            left.set(p.commands.payload.more + 1);
            fault.set(false);
            phase.set(Phase::Address);
        });
        when(bus.aw.transfer() | bus.ar.transfer(), || {
            beats.set(burst);
            left.set(left.wrapping_sub(burst));
            phase.set(Phase::Words);
        });
        let moved = bus.w.transfer() | bus.r.transfer();
        let is_last = beats.eq(1);
        when(moved, || {
            beats.set(beats.wrapping_sub(1));
            word.set(word.wrapping_add(1));
            when(is_last & write, || phase.set(Phase::Answer)).otherwise_when(is_last, next);
        });
        let refused = |r: Enum<AxiResponse>| r.as_unsigned().bit(1);
        when(bus.r.transfer() & refused(bus.r.payload.resp), || fault.set(true));
        when(bus.b.transfer(), || {
            when(refused(bus.b.payload.resp), || fault.set(true));
            next();
        });
        when(p.ends.transfer(), || phase.set(Phase::Idle));

        p.commands.ready.drive(phase.is(Phase::Idle));
        let (asks, moves) = (phase.is(Phase::Address), phase.is(Phase::Words));
        for (channel, valid) in [(bus.aw, asks & write), (bus.ar, asks & !write)] {
            channel.valid.drive(valid);
            channel.payload.id.drive(0);
            channel.payload.addr.drive(word << self.lanes());
            channel.payload.len.drive(burst.wrapping_sub(1).truncate(8));
            channel.payload.size.drive(self.lanes());
            channel.payload.burst.drive(AxiBurst::Increment);
        }
        bus.w.valid.drive(moves & write & p.words.valid);
        bus.w.payload.data.drive(p.words.payload.data);
        bus.w.payload.strb.drive(p.words.payload.strobe);
        bus.w.payload.last.drive(is_last);
        p.words.ready.drive(moves & write & bus.w.ready);
        bus.b.ready.drive(phase.is(Phase::Answer));
        p.read.valid.drive(moves & !write & bus.r.valid);
        p.read.payload.data.drive(bus.r.payload.data);
        p.read.payload.fault.drive(refused(bus.r.payload.resp));
        bus.r.ready.drive(moves & !write & p.read.ready);
        p.ends.valid.drive(phase.is(Phase::End));
        p.ends.payload.fault.drive(fault);
        Inside { phase, write, word, left, beats, fault }
    }
}

/// An [`Axi4Manager`] with its contract as properties. For proofs: it is larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Axi4ManagerProof(
    /// What is proved.
    pub Axi4Manager,
);

impl Module for Axi4ManagerProof {
    type Ports = Axi4ManagerPorts;

    fn ports(&self) -> Axi4ManagerPorts {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: Axi4ManagerPorts) {
        let inside = self.0.body(&p);
        let (rules, open) = axi4_rules(&p.bus);
        rules.assert(Side::Manager);
        rules.assume(Side::Subordinate);
        self.contract(&p, &inside, &open);
    }
}

impl Axi4ManagerProof {
    /// All but the rules of the bus.
    #[track_caller]
    pub(super) fn contract(&self, p: &Axi4ManagerPorts, inside: &Inside, open: &Axi4Open) {
        p.words.assume_rules("words");
        p.ends.assert_rules("ends");
        p.read.assert_rules("read");
        self.bursts(p, inside, open);
        self.command(p, inside);
        self.words(p, inside);
    }

    /// What the bursts have to do with the phases.
    #[named]
    fn bursts(&self, p: &Axi4ManagerPorts, inside: &Inside, open: &Axi4Open) {
        let bus = p.bus;
        let Inside { phase, write, beats, left, .. } = inside;
        let (moves, answer) = (phase.is(Phase::Words), phase.is(Phase::Answer));
        always("a write is open from its address to its answer", {
            open.write.open.eq(*write & (moves | answer))
        });
        always("a read is open while its words come", open.read.open.eq(!*write & moves));
        always("the last word is written before the answer", open.write.done.eq(*write & answer));
        always("words are left while they move", moves.eq(beats.any()));
        always("words are left for the next burst", phase.is(Phase::Address).implies(left.any()));
        let whole = |len: Unsigned, at: Unsigned| {
            let sum = at + *beats;
            sum.eq((len + 1).extend(sum.width()))
        };
        for (name, burst) in [("write", open.write), ("read", open.read)] {
            let whole = whole(burst.address.len, burst.beats);
            always(format!("{name}: words moved and left make the length"), {
                burst.open.implies(whole)
            });
            always(format!("{name}: no word without a burst"), burst.open | !burst.beats.any());
        }
        always("no answer waits", bus.b.valid.implies(bus.b.ready));
    }

    /// No word is lost or doubled on its way through, and every command has one end.
    #[named]
    fn words(&self, p: &Axi4ManagerPorts, inside: &Inside) {
        let bus = p.bus;
        always("a word is written when it is taken", p.words.transfer().eq(bus.w.transfer()));
        when(bus.w.valid, || {
            let (to, from) = (bus.w.payload, p.words.payload);
            always("it is written as it came", to.data.eq(from.data) & to.strb.eq(from.strobe));
        });
        always("a word is given when it is read", p.read.transfer().eq(bus.r.transfer()));
        when(p.read.valid, || {
            always("it is given as it was read", p.read.payload.data.eq(bus.r.payload.data));
            let resp = bus.r.payload.resp;
            let bad = resp.eq(AxiResponse::SubordinateError) | resp.eq(AxiResponse::DecodeError);
            always("it says whether it was refused", p.read.payload.fault.eq(bad));
        });
        let due = reg(bit()).reset(false);
        when(p.ends.transfer(), || due.set(false));
        when(p.commands.transfer(), || due.set(true));
        always("one end is due for each command", due.eq(inside.busy()));
        always("one command at a time", p.commands.transfer().implies(!due));
    }

    /// What every command leads to.
    #[named]
    fn command(&self, p: &Axi4ManagerPorts, inside: &Inside) {
        let bus = p.bus;
        let new = p.commands.transfer();
        let command = last(new, p.commands.payload);
        let count = reg(unsigned(9)).reset(0);
        let moved = bus.w.transfer() | bus.r.transfer();
        when(moved, || count.set(count.wrapping_add(1)));
        when(new, || count.set(0));
        let busy = inside.busy();
        let refused = reg(bit());
        let answer = |valid: Bit, resp: Enum<AxiResponse>| {
            valid & (resp.eq(AxiResponse::SubordinateError) | resp.eq(AxiResponse::DecodeError))
        };
        let bad = answer(bus.b.transfer(), bus.b.payload.resp)
            | answer(bus.r.transfer(), bus.r.payload.resp);
        when(bad, || refused.set(true));
        when(new, || refused.set(false));
        when(busy, || {
            let sum = count + inside.beats;
            let sum = sum + inside.left;
            always("words moved and left are the command's", {
                sum.eq((command.more + 1).extend(sum.width()))
            });
            let width = command.word.width();
            let far = count.extend(width.max(9)).truncate(width);
            always("each word is at its place", inside.word.eq(command.word.wrapping_add(far)));
            always("a command is what it was", inside.write.eq(command.write));
        });
        when(bus.aw.valid | bus.ar.valid, || {
            let addr = mux(bus.aw.valid, bus.aw.payload.addr, bus.ar.payload.addr);
            always("a burst begins at its word", addr.eq(inside.word << self.0.lanes()));
        });
        when(p.ends.valid, || {
            always("all words were moved", count.eq(command.more + 1));
            always("the end says whether any was refused", p.ends.payload.fault.eq(refused));
        });
        let begins = past_valid() & past(new);
        always("a command asks in the next cycle", {
            begins.implies(mux(command.write, bus.aw.valid, bus.ar.valid))
        });
        always("a refusal is remembered", busy.implies(inside.fault.eq(refused)));
        always("what was moved was asked for", moved.implies(busy));
        let burst = last(bus.aw.transfer() | bus.ar.transfer(), bus.aw.payload.len);
        cover("a command of two words is one burst", p.ends.valid & burst.eq(1));
        let twice = reg(bit()).reset(false);
        when(busy & bus.ar.transfer() & count.any(), || twice.set(true));
        cover("a command is cut at a boundary", p.ends.valid & twice);
    }
}
