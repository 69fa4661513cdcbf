//! [`I2cSubordinate`].

use super::settled::settled;
use olivine_lang::prelude::*;

/// A subordinate of I²C (NXP UM10204) with a 7-bit address, on a clock faster than the line's.
///
/// ```text
///             +----------------+
///     scl --> |                | ==> written
/// scl_low <-- |                | <== replies
///     sda --> | I2cSubordinate |
/// sda_low <-- |                |
///             +----------------+
/// ```
///
/// *Parameters*: `address`, 0 to 127; `setup`, cycles from a bit of a reply to SCL's release, less
/// one; at least 1.
///
/// *Ports*: see [`I2cSubordinatePorts`]. Both lines are open-drain: `…_low` pulls a line low.
///
/// *Behaviour*: after a START, a repeated one too, the first byte is compared: with our address in
/// its upper seven bits it is acknowledged, else nothing is done until the next START. If its
/// lowest bit is 0, bytes follow that are acknowledged and given to `written`. If it is 1, words of
/// `replies` are sent, the highest bit first, until one is not acknowledged. A STOP ends all.
///
/// *Timing*: three cycles from an edge on the line to what follows of it: SCL must stay at a level
/// for at least four.
///
/// *Handshake*: the clock is stretched while `written` is not taken and while a reply is awaited.
/// [`Stream`]'s rules on `written`, whatever the line does.
///
/// *Reset*: both lines are released; nothing is done until a START.
///
/// *Undefined*: `written`'s payload while it is not valid.
///
/// *Verification*: proved by k-induction, whatever the line does: nobody but the addressed one
/// answers; what is written is the last eight bits on the line; the bits of a reply are shown in
/// order; SDA changes only after SCL was seen low or at a START or STOP; SCL is pulled for who
/// waits and for the setup alone. In tests together with [`I2cManager`](super::I2cManager) and on
/// lines where nobody keeps rules; designs that differ in one place are found out there unless they
/// do the same.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct I2cSubordinate {
    /// Who it is.
    pub address: u32,
    /// Cycles that SCL stays low after a bit was shown.
    pub setup: u32,
}

/// The ports of [`I2cSubordinate`].
#[derive(Ports)]
pub struct I2cSubordinatePorts {
    /// The clock.
    pub scl: In<Bit>,
    /// Pulls the clock.
    pub scl_low: Out<Bit>,
    /// The data.
    pub sda: In<Bit>,
    /// Pulls the data.
    pub sda_low: Out<Bit>,
    /// Bytes that came.
    pub written: Source<Unsigned>,
    /// Bytes to send.
    pub replies: Sink<Unsigned>,
}

/// What the present byte is.
#[derive(Clone, State)]
enum Phase {
    Idle,
    Address,
    Receive,
    Send,
}

/// What is inside, for properties.
struct Inside {
    phase: Machine<Phase>,
    count: Unsigned,
    shift: Unsigned,
    out: Unsigned,
    wanting: Bit,
    hold: Unsigned,
    scl: Bit,
    sda: Bit,
    scl_before: Bit,
    rise: Bit,
    fall: Bit,
    start: Bit,
    stop: Bit,
}

impl Module for I2cSubordinate {
    type Ports = I2cSubordinatePorts;

    fn check(&self) -> Result<(), String> {
        if self.address > 127 {
            return Err(format!("an address of {}: it has 7 bits", self.address));
        }
        if self.setup == 0 {
            return Err("`setup` must be at least 1".to_string());
        }
        Ok(())
    }

    fn ports(&self) -> I2cSubordinatePorts {
        let (bit, byte) = (bit(), stream(unsigned(8)));
        let (written, replies) = (byte, byte);
        I2cSubordinatePorts { scl: bit, scl_low: bit, sda: bit, sda_low: bit, written, replies }
    }

    #[named]
    fn build(&self, p: I2cSubordinatePorts) {
        let (scl, sda) = (settled("SCL", p.scl, true), settled("SDA", p.sda, true));
        let (scl_before, sda_before) = (reg(bit()).reset(true), reg(bit()).reset(true));
        scl_before.set(scl);
        sda_before.set(sda);
        let still = scl & scl_before;
        let (start, stop) = (still & sda_before & !sda, still & !sda_before & sda);

        let phase = state(Phase::Idle);
        // Pulses of SCL in the present byte, its acknowledgement the ninth.
        let count = reg(unsigned(4)).reset(0);
        let (shift, out, byte) = (reg(unsigned(8)), reg(unsigned(8)), reg(unsigned(8)));
        let (acknowledged, wanting) = (reg(bit()), reg(bit()).reset(false));
        let hold = reg(unsigned(bits_for(self.setup.into()))).reset(0);
        let (offered, pulls) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let sda_low = reg(bit()).reset(false);
        let own = shift.slice(1, 7).eq(self.address);

        // A pulse that is there before the clock is stretched is none of a byte's.
        let (rise, fall) = (scl & !scl_before & !wanting, !scl & scl_before);
        when(hold.any(), || hold.set(hold.wrapping_sub(1)));
        when(p.written.transfer(), || offered.set(false));
        when(rise & count.lt(8), || shift.set(push(shift, sda)));
        when(rise & count.eq(8), || acknowledged.set(!sda));
        when(rise & count.ne(9), || count.set(count.wrapping_add(1)));
        let bit_due = fall & phase.is(Phase::Send) & count.any();
        when(bit_due, || {
            sda_low.set(!out.top_bit());
            out.set(push(out, constant(bit(), false)));
        });
        when(fall & count.eq(8), || {
            phase.each(|now| match now {
                Phase::Idle => {}
                Phase::Address => {
                    when(own, || sda_low.set(true)).otherwise(|| phase.set(Phase::Idle));
                }
                Phase::Receive => when(!offered, || {
                    sda_low.set(true);
                    offered.set(true);
                    byte.set(shift);
                })
                .end(),
                Phase::Send => sda_low.set(false),
            });
        });
        when(fall & count.eq(9), || {
            count.set(0);
            sda_low.set(false);
            let sends = phase.is(Phase::Address) & shift.bit(0);
            let goes_on = phase.is(Phase::Send) & acknowledged;
            when(phase.is(Phase::Send) & !acknowledged, || phase.set(Phase::Idle));
            when(phase.is(Phase::Address), || phase.set(Phase::Receive));
            when(sends, || phase.set(Phase::Send));
            when(sends | goes_on, || wanting.set(true));
        });
        when(p.replies.transfer(), || {
            sda_low.set(!p.replies.payload.top_bit());
            out.set(push(p.replies.payload, constant(bit(), false)));
            wanting.set(false);
            hold.set(self.setup);
        });
        when(start | stop, || {
            phase.set(Phase::Idle);
            count.set(0);
            sda_low.set(false);
            wanting.set(false);
        });
        when(start, || phase.set(Phase::Address));
        pulls.set(offered | wanting | hold.any());

        p.scl_low.drive(pulls);
        p.sda_low.drive(sda_low);
        p.written.valid.drive(offered);
        p.written.payload.drive(byte);
        p.replies.ready.drive(wanting);
        let inside = Inside {
            phase,
            count,
            shift,
            out,
            wanting,
            hold,
            scl,
            sda,
            scl_before,
            rise,
            fall,
            start,
            stop,
        };
        self.addressed(&p, &inside);
        self.stretching(&p, &inside);
        received(&p, &inside);
        sent(&p, &inside);
    }
}

/// The bit below the others, the highest dropped.
#[track_caller]
fn push(word: Unsigned, low: Bit) -> Unsigned {
    cat((low, word)).truncate(word.width())
}

impl I2cSubordinate {
    /// The bits since the START, counted apart: the first eight say whether we are meant.
    #[named]
    fn addressed(&self, p: &I2cSubordinatePorts, inside: &Inside) {
        let Inside { phase, count, shift, start, stop, .. } = inside;
        let (number, first) = (reg(unsigned(4)).reset(0), reg(unsigned(8)).reset(0));
        when(inside.rise & number.ne(9), || number.set(number.wrapping_add(1)));
        when(inside.rise & number.lt(8), || first.set(push(first, inside.sda)));
        when(*start | *stop, || number.set(0));
        let begun = reg(bit()).reset(false);
        when(*start | *stop, || begun.set(*start));
        always("nothing is done without a START", phase.is(Phase::Idle) | begun);
        let own = number.ge(8) & first.slice(1, 7).eq(self.address);
        always("the first byte is counted", phase.is(Phase::Address).implies(number.eq(*count)));
        when(phase.is(Phase::Address), || {
            let known = constant(unsigned(9), 1).shift_left(*count).wrapping_sub(1).truncate(8);
            let known = mux(count.ge(8), 0xff, known);
            always("the address is the first byte", ((*shift ^ first) & known).eq(0));
            always("it is acknowledged if it is ours", p.sda_low.implies(own & count.ge(8)));
            let asked = count.eq(9) | (count.eq(8) & !inside.scl_before);
            always("ours is acknowledged", asked.implies(p.sda_low & own));
        });
        let selected = phase.is(Phase::Receive) | phase.is(Phase::Send);
        cover("an address is acknowledged", p.sda_low);
        always("bytes are moved after our address", {
            selected.implies(own & number.eq(9) & first.bit(0).eq(phase.is(Phase::Send)))
        });
        always("nobody but the addressed answers", p.sda_low.implies(own));
        let idle = phase.is(Phase::Idle);
        always("who is idle leaves SDA alone", idle.implies(!p.sda_low & !inside.wanting));
        always("a reply is awaited between bytes", {
            inside.wanting.implies(phase.is(Phase::Send) & count.eq(0))
        });
        always("a byte has eight bits and their answer", count.le(9));
        always("the setup is no longer than it may be", inside.hold.le(self.setup));
        let ended = past_valid() & past(*start | *stop);
        always("a START or STOP releases SDA", ended.implies(!p.sda_low));
        let seen = !inside.scl | *start | *stop;
        when(past_valid() & changed(p.sda_low), || {
            always("SDA changes while SCL is low", past(seen | inside.wanting));
        });
        let (rests, was) = (past_valid() & inside.scl & past(inside.scl), past(inside.sda));
        always("a START is SDA falling beside SCL", start.eq(rests & was & !inside.sda));
        always("a STOP is SDA rising beside SCL", stop.eq(rests & !was & inside.sda));
    }

    /// For whom SCL is pulled: also for `setup` cycles more than one, since a reply is shown.
    #[named]
    fn stretching(&self, p: &I2cSubordinatePorts, inside: &Inside) {
        let never = self.setup + 1;
        let age = reg(unsigned(bits_for(never.into()))).reset(never);
        when(age.ne(never), || age.set(age.wrapping_add(1)));
        when(p.replies.transfer(), || age.set(0));
        let shown = age.le(self.setup);
        let waits = past_valid() & past(p.written.valid | p.replies.ready);
        always("the clock is stretched for who waits, and for the setup", {
            p.scl_low.eq(waits | shown)
        });
        let left = constant(age.shape(), self.setup).wrapping_sub(age);
        let width = age.width().max(inside.hold.width());
        always("what is left of the setup is counted", {
            inside.hold.extend(width).eq(mux(shown, left, 0).extend(width))
        });
    }
}

/// What is written is the last eight bits.
#[named]
fn received(p: &I2cSubordinatePorts, inside: &Inside) {
    let Inside { phase, count, shift, .. } = inside;
    p.written.assert_rules("written");
    let all = reg(unsigned(8)).reset(0);
    when(inside.rise, || all.set(push(all, inside.sda)));
    let known = constant(unsigned(9), 1).shift_left(*count).wrapping_sub(1).truncate(8);
    let known = mux(count.ge(8), 0xff, known);
    let same = ((*shift ^ all) & known).eq(0);
    always("the bits of the present byte are the last on the line", count.le(8).implies(same));
    let new = past_valid() & !past(p.written.valid) & p.written.valid;
    when(new, || {
        always("a byte is the last eight bits", p.written.payload.eq(past(all)));
        always("it comes after eight, from who writes", {
            past(inside.fall & count.eq(8) & phase.is(Phase::Receive))
        });
        always("it is acknowledged", p.sda_low);
    });
    let whole = past_valid() & past(inside.fall & count.eq(8) & phase.is(Phase::Receive));
    always("no byte is lost", whole.implies(p.written.valid | past(p.written.valid)));
}

/// The bits of the reply that was taken last.
#[named]
fn sent(p: &I2cSubordinatePorts, inside: &Inside) {
    let Inside { phase, count, wanting, out, scl_before, .. } = inside;
    let reply = reg(unsigned(8));
    when(p.replies.transfer(), || reply.set(p.replies.payload));
    // Bits before the one on the line: it stays from a fall of SCL until after the next.
    let shown = count.wrapping_sub(scl_before.as_unsigned().extend(4));
    let sending = phase.is(Phase::Send) & !*wanting & (count.any() | !*scl_before);
    when(sending & shown.lt(8), || {
        let rest = reply.shift_left(shown);
        always("the bit of the reply that is due is shown", (!p.sda_low).eq(rest.top_bit()));
        always("the others follow", out.eq(rest.shift_left(1)));
    });
    let answered = sending & shown.ge(8);
    always("SDA is released for the answer to a reply", answered.implies(!p.sda_low));
}
