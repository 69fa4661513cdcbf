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
/// *Undefined*: nothing.
///
/// *Verification*: proved by k-induction: the timers stay in their range, a byte is either
/// received or broken. In tests every byte comes from [`UartTx`](crate::UartTx), also from one
/// that is 4 % fast or slow; short pulses and broken frames.
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
    /// The byte that was received last.
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
    }
}
