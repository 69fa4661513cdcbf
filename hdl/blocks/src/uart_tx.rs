//! [`UartTx`].

use olivine_lang::prelude::*;

/// Sends bytes over a serial line: one start bit, eight data bits, no parity, one stop bit (8N1).
///
/// ```text
///            +--------+
///   bytes ==>| UartTx |--> line
///            +--------+
/// ```
///
/// *Parameters*: `divisor`, cycles for each bit, at least 1: the clock's frequency divided by the
/// baud rate.
///
/// *Ports*: see [`UartTxPorts`].
///
/// *Behaviour*: for each byte the line is low for one bit, then shows the byte from its lowest bit
/// on, then is high for one bit. Between bytes it is high.
///
/// *Timing*: a byte takes 10 · `divisor` cycles, and one cycle lies between it and the next. The
/// line comes from a register; no combinational paths.
///
/// *Handshake*: `bytes` is ready between bytes.
///
/// *Reset*: the line is high, no byte is being sent.
///
/// *Undefined*: nothing.
///
/// *Verification*: proved by k-induction for several divisors: at each moment the line is the bit
/// of the frame that is due, which says all that it does. Together with [`UartRx`](crate::UartRx),
/// every byte is sent and received in a test.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct UartTx {
    /// Cycles for each bit.
    pub divisor: u32,
}

/// The ports of [`UartTx`].
#[derive(Ports)]
pub struct UartTxPorts {
    /// What to send.
    pub bytes: Sink<Unsigned>,
    /// The serial line, high when idle.
    pub line: Out<Bit>,
}

/// Start bit, data, stop bit.
const FRAME: u32 = 10;

impl Module for UartTx {
    type Ports = UartTxPorts;

    fn ports(&self) -> UartTxPorts {
        UartTxPorts { bytes: stream(unsigned(8)), line: bit() }
    }

    #[named]
    fn build(&self, p: UartTxPorts) {
        let longest = self.divisor.saturating_sub(1);
        let timer = reg(unsigned(bits_for(longest.into()))).reset(0);
        let bits_left = reg(unsigned(bits_for(FRAME.into()))).reset(0);
        let line = reg(bit()).reset(true);
        let rest = reg(unsigned(8)).reset(0xff);
        let idle = bits_left.eq(0);
        when(!idle, || {
            when(timer.ne(0), || timer.set(timer.wrapping_sub(1))).otherwise(|| {
                timer.set(longest);
                bits_left.set(bits_left.wrapping_sub(1));
                line.set(rest.bit(0));
                rest.set(cat((rest.slice(1, 7), constant(bit(), true))));
            });
        });
        when(p.bytes.transfer(), || {
            timer.set(longest);
            bits_left.set(FRAME);
            line.set(false);
            rest.set(p.bytes.payload);
        });
        p.bytes.ready.drive(idle);
        p.line.drive(line);

        always("a bit takes no more than its time", timer.le(longest));
        always("no more bits than a frame has", bits_left.le(FRAME));
        self.timing(&p, bits_left, timer);
        let sent = reg(unsigned(8)).reset(0);
        when(p.bytes.transfer(), || sent.set(p.bytes.payload));
        // The frame with stop bits without end, and how much of it is over.
        let frame = cat((constant(bit(), false), sent, constant(unsigned(11), 0x7ff)));
        let over = constant(bits_left.shape(), FRAME).wrapping_sub(bits_left);
        let due = frame.shift_right(over);
        always("the line shows the bit that is due", line.eq(due.bit(0)));
        always("the rest is what comes after it", rest.eq(due.slice(1, 8)));
        cover("a byte is sent", past_valid() & rose(idle));
    }
}

impl UartTx {
    /// The age of a frame, counted apart, says how many bits are left.
    #[named]
    fn timing(&self, p: &UartTxPorts, bits_left: Unsigned, timer: Unsigned) {
        let divisor = u64::from(self.divisor.max(1));
        let whole = divisor * u64::from(FRAME);
        let age = reg(unsigned(bits_for(whole))).reset(whole);
        when(age.ne(whole), || age.set(age.wrapping_add(1)));
        when(p.bytes.transfer(), || age.set(0));
        let passed = constant(timer.shape(), divisor - 1).wrapping_sub(timer);
        // age = (FRAME − bits_left) · divisor + passed, without the subtraction.
        let (one, other) = (bits_left * divisor + age, passed + whole);
        let width = one.width().max(other.width());
        when(bits_left.ne(0), || {
            always("each bit takes its time", one.extend(width).eq(other.extend(width)));
        });
        always("between bytes a frame is over", bits_left.eq(0).eq(age.eq(whole)));
    }
}
