//! [`UartRx`].

use olivine_lang::prelude::*;

/// Receives bytes from a serial line: one start bit, eight data bits, no parity, one stop bit
/// (8N1).
///
/// ```text
///            +--------+
///    line -->| UartRx |--> byte, received, framing_error
///            +--------+
/// ```
///
/// *Parameters*: `divisor`, cycles for each bit, at least 2, better 8 or more: the clock's
/// frequency divided by the baud rate.
///
/// *Ports*: see [`UartRxPorts`].
///
/// *Behaviour*: the line goes through two registers, as it belongs to no clock of ours. Half a bit
/// after it falls it is looked at again (a shorter pulse is ignored), then once for each bit in
/// its middle. After the stop bit comes `received`; if that bit is low, `framing_error` instead,
/// and nothing more until the line is high.
///
/// *Timing*: `received` comes 9.5 bits after the start bit begins, and 3 cycles.
///
/// *Handshake*: none; a byte that nobody takes is lost. Put a [`Fifo`](crate::Fifo) behind it.
///
/// *Reset*: waits for a start bit.
///
/// *Undefined*: `byte` before the first `received`, and from the first data bit of the next on.
///
/// *Verification*: proved by k-induction: beside the age of the frame, counted apart, the line is
/// looked at when it should be, so that a byte is received or broken in its time and is what the
/// line showed. In tests also from senders that are 4 % fast or slow; short pulses and broken
/// frames.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct UartRx {
    /// Cycles for each bit.
    pub divisor: u32,
}

/// The ports of [`UartRx`].
#[derive(Ports)]
pub struct UartRxPorts {
    /// The serial line, high when idle.
    pub line: In<Bit>,
    /// The byte that was received last, until bits of the next come.
    pub byte: Out<Unsigned>,
    /// One cycle for each byte: `byte` is new.
    pub received: Out<Bit>,
    /// One cycle for each byte without a stop bit.
    pub framing_error: Out<Bit>,
}

/// What the line is expected to show.
#[derive(Clone, State)]
enum Expect {
    Idle,
    Start,
    Data,
    Stop,
    /// High again, after a stop bit that was low.
    Recovery,
}

impl Module for UartRx {
    type Ports = UartRxPorts;

    fn ports(&self) -> UartRxPorts {
        UartRxPorts { line: bit(), byte: unsigned(8), received: bit(), framing_error: bit() }
    }

    #[named]
    fn build(&self, p: UartRxPorts) {
        let (whole, half) = (self.divisor.max(2) - 1, self.divisor.max(2) / 2 - 1);
        let (unsettled, line) = (reg(bit()).reset(true), reg(bit()).reset(true));
        unsettled.set(p.line);
        line.set(unsettled);

        let timer = reg(unsigned(bits_for(whole.into()))).reset(0);
        let data_bit = reg(unsigned(3)).reset(0);
        let (received, broken) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let byte = reg(unsigned(8)).reset(0);
        received.set(false);
        broken.set(false);
        let due = timer.eq(0);
        when(!due, || timer.set(timer.wrapping_sub(1)));

        let expect = state(Expect::Idle);
        expect.each(|now| match now {
            Expect::Idle => when(!line, || {
                timer.set(half);
                expect.set(Expect::Start);
            }),
            Expect::Start => {
                when(due & line, || expect.set(Expect::Idle)).otherwise_when(due, || {
                    timer.set(whole);
                    expect.set(Expect::Data);
                })
            }
            Expect::Data => when(due, || {
                timer.set(whole);
                byte.set(cat((byte.slice(1, 7), line)));
                data_bit.set(data_bit.wrapping_add(1));
                when(data_bit.all(), || expect.set(Expect::Stop));
            }),
            Expect::Stop => when(due, || {
                received.set(line);
                broken.set(!line);
                when(line, || expect.set(Expect::Idle)).otherwise(|| expect.set(Expect::Recovery));
            }),
            Expect::Recovery => when(line, || expect.set(Expect::Idle)),
        });
        p.byte.drive(byte);
        p.received.drive(received);
        p.framing_error.drive(broken);

        always("the timer stays in its range", timer.le(whole));
        always("a byte is received or broken", !(received & broken));
        when(!expect.is(Expect::Data), || {
            always("bits are only counted among data", data_bit.eq(0));
        });
        cover("a byte is received", received);
        cover("a byte is broken", broken);
        self.contract(&p, &Inside { expect, timer, data_bit });
    }
}

/// What is inside, for properties.
struct Inside {
    expect: Machine<Expect>,
    timer: Unsigned,
    data_bit: Unsigned,
}

/// A frame as its age says it: the cycles since the line fell.
struct Frame {
    runs: Bit,
    age: Unsigned,
    /// No stop bit came, and the line is not high again.
    broken: Bit,
    /// The bits of the line in the middle of each of the frame's.
    kept: Unsigned,
}

impl UartRx {
    /// Cycles to the middle of the start bit, and of a bit.
    fn cycles(&self) -> (u64, u64) {
        let divisor = u64::from(self.divisor.max(2));
        (divisor / 2, divisor)
    }

    /// The contract, in words of age alone.
    #[named]
    fn frame(&self, p: &UartRxPorts) -> Frame {
        let (half, bit_time) = self.cycles();
        let whole = half + 9 * bit_time;
        let (first, line) = (reg(bit()).reset(true), reg(bit()).reset(true));
        first.set(p.line);
        line.set(first);
        let (runs, broken) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let age = reg(unsigned(bits_for(whole))).reset(0);
        let kept = reg(unsigned(8)).reset(0);
        when(runs, || age.set(age.wrapping_add(1)));
        when(!runs & !broken & !line, || {
            runs.set(true);
            age.set(1);
        });
        when(broken & line, || broken.set(false));
        when(runs & age.eq(half) & line, || runs.set(false));
        let bits = (0..8).map(|i| {
            let now = runs & age.eq(half + (i + 1) * bit_time);
            mux(now, line, kept.bit(i as u32)).as_unsigned()
        });
        kept.set(cat(bits.collect::<Vec<_>>()));
        let over = runs & age.eq(whole);
        when(over, || {
            runs.set(false);
            broken.set(!line);
        });
        let (good, bad) = (over & line, over & !line);
        always("a byte is received after its stop bit, in its time", {
            p.received.eq(past_valid() & past(good))
        });
        always("a byte without a stop bit is broken, in its time", {
            p.framing_error.eq(past_valid() & past(bad))
        });
        always("a received byte is what the line showed", p.received.implies(p.byte.eq(kept)));
        Frame { runs, age, broken, kept }
    }

    /// The contract, and how the state inside follows from a frame's age.
    #[named]
    fn contract(&self, p: &UartRxPorts, inside: &Inside) {
        let Inside { expect, timer, data_bit } = inside;
        let Frame { runs, age, broken, kept } = self.frame(p);
        let (half, bit_time) = self.cycles();
        let recovers = expect.is(Expect::Recovery);
        always("the line is waited for after a broken byte", broken.eq(recovers));
        always("a frame runs between", runs.eq(!recovers & !expect.is(Expect::Idle)));
        let due = (age + *timer).extend(age.width() + timer.width() + 4);
        let at = |bits: Unsigned| (bits * bit_time + half).extend(due.width()).eq(due);
        let none = constant(unsigned(4), 0);
        when(expect.is(Expect::Start), || always("the start bit is looked at again", at(none)));
        when(expect.is(Expect::Data), || {
            always("data is looked at in its middle", at((*data_bit + 1).extend(4)));
            let missing = constant(unsigned(4), 8).wrapping_sub(data_bit.extend(4));
            let known = constant(unsigned(8), 0xff).shift_right(missing);
            always("the bits so far are at the top", {
                p.byte.shift_right(missing).eq(kept & known)
            });
        });
        when(expect.is(Expect::Stop), || {
            always("the stop bit is looked at in its middle", at(constant(unsigned(4), 9)));
            always("all bits are there", p.byte.eq(kept));
        });
    }
}
