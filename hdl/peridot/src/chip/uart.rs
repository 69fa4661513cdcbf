//! [`PeridotUart`]: the chip behind a serial line.

use super::bus::Request;
use super::device_memory::WORD_BITS;
use super::peridot::Peridot;
use crate::isa::{
    ADDRESS_BITS, UART_ADDRESS_BYTES, UART_COUNT_BYTES, UART_DONE, UART_READ, UART_UNKNOWN,
    UART_WRITE,
};
use olivine_blocks::{UartRx, UartTx};
use olivine_lang::prelude::*;

/// The chip behind a serial line, as for an FPGA board: 8N1, packets as in `ISA.md`.
///
/// ```text
///                 +----------------------------------------+
///    uart_rx ---->| UartRx ---> UartBridge <==> Peridot    |
///    uart_tx <----| UartTx <---                            |
///                 +----------------------------------------+
/// ```
///
/// *Behaviour*: the host sends a packet and waits for its answer before it sends the next.
///
/// *Reset*: as of its parts; waits for a packet.
///
/// *Verification*: a program sent over the line, against the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct PeridotUart {
    /// The chip.
    pub chip: Peridot,
    /// Cycles for each bit on the line: the clock's frequency divided by the baud rate.
    pub divisor: u32,
}

/// The ports of [`PeridotUart`].
#[derive(Ports)]
pub struct PeridotUartPorts {
    /// From the host.
    pub uart_rx: In<Bit>,
    /// To the host.
    pub uart_tx: Out<Bit>,
}

impl Module for PeridotUart {
    type Ports = PeridotUartPorts;

    fn ports(&self) -> PeridotUartPorts {
        PeridotUartPorts { uart_rx: bit(), uart_tx: bit() }
    }

    fn name(&self) -> String {
        format!("{}_uart", self.chip.name())
    }

    fn build(&self, p: PeridotUartPorts) {
        let (rx, tx) = (UartRx { divisor: self.divisor }, UartTx { divisor: self.divisor });
        let (rx, tx) = (instance(rx, "rx"), instance(tx, "tx"));
        let bridge = instance(UartBridge, "bridge");
        let chip = instance(self.chip.clone(), "chip");
        rx.line.drive(p.uart_rx);
        bridge.byte.drive(rx.byte);
        bridge.received.drive(rx.received);
        bridge.broken.drive(rx.framing_error);
        connect(bridge.answer, tx.bytes);
        p.uart_tx.drive(tx.line);
        connect(bridge.req, chip.req);
        connect(chip.resp, bridge.resp);
    }
}

/// Turns packets of bytes into requests on the host bus, and responses into bytes.
///
/// *Behaviour*: the packets of `ISA.md`, one at a time. A word is written when its last byte has
/// come, and read when the one before has left.
///
/// *Timing*: a word waits for the bus as long as it must. Bytes that come while a word waits, or
/// while an answer leaves, are lost: a host that waits for the answer sends none then.
///
/// *Handshake*: the stream rules on `req`, `resp` and `answer`; bytes come without one.
///
/// *Reset*: waits for a packet.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct UartBridge;

/// The ports of [`UartBridge`].
#[derive(Ports)]
pub struct UartBridgePorts {
    /// A byte from the host.
    pub byte: In<Unsigned>,
    /// It is new.
    pub received: In<Bit>,
    /// A byte had no stop bit.
    pub broken: In<Bit>,
    /// Bytes for the host.
    pub answer: Source<Unsigned>,
    /// Requests to the chip.
    pub req: Source<Request>,
    /// What the chip responds.
    pub resp: Sink<Unsigned>,
}

/// What comes next.
#[derive(Clone, State)]
enum Next {
    /// The first byte of a packet.
    Packet,
    /// Address and count.
    Header,
    /// The bytes of a word to be written.
    Data,
    /// The bus takes the word.
    Write,
    /// The bus takes the wish to read a word.
    Read,
    /// The word that was read.
    Response,
    /// Its bytes leave.
    Send,
    /// The one byte of an answer leaves.
    Answer,
}

const BYTE: u32 = 8;
const HEADER_BYTES: u32 = UART_ADDRESS_BYTES + UART_COUNT_BYTES;
const WORD_BYTES: u32 = WORD_BITS / BYTE;

impl Module for UartBridge {
    type Ports = UartBridgePorts;

    fn ports(&self) -> UartBridgePorts {
        UartBridgePorts {
            byte: unsigned(BYTE),
            received: bit(),
            broken: bit(),
            answer: stream(unsigned(BYTE)),
            req: stream(Request::shape_of()),
            resp: stream(unsigned(WORD_BITS)),
        }
    }

    #[named]
    fn build(&self, p: UartBridgePorts) {
        let next = state(Next::Packet);
        let writes = reg(bit()).reset(false);
        let header = reg(unsigned(HEADER_BYTES * BYTE)).reset(0);
        let word = reg(unsigned(WORD_BITS)).reset(0);
        let bytes = reg(unsigned(bits_for(u64::from(HEADER_BYTES)))).reset(0);
        let answer = reg(unsigned(BYTE)).reset(0);
        let address = header.truncate(ADDRESS_BITS);
        let words_left = header.slice(ADDRESS_BITS, UART_COUNT_BYTES * BYTE);
        let last_word = words_left.eq(0);

        let take_byte = |count: u32| {
            let last = bytes.eq(count - 1);
            bytes.set(mux(last, 0, bytes.wrapping_add(1)));
            last
        };
        let next_word = |then: Next, end: Next| {
            let further = cat((address.wrapping_add(1), words_left.wrapping_sub(1)));
            when(last_word, || next.set(end)).otherwise(|| {
                header.set(further);
                next.set(then);
            });
        };
        next.each(|now| match now {
            Next::Packet => when(p.received, || {
                let (write, read) = (p.byte.eq(UART_WRITE), p.byte.eq(UART_READ));
                writes.set(write);
                answer.set(mux(write, UART_DONE, constant(answer.shape(), UART_UNKNOWN)));
                when(write | read, || next.set(Next::Header)).otherwise(|| next.set(Next::Answer));
            }),
            Next::Header => when(p.received, || {
                header.set(header.slice(BYTE, header.width() - BYTE).concat(p.byte));
                when(take_byte(HEADER_BYTES), || {
                    when(writes, || next.set(Next::Data)).otherwise(|| next.set(Next::Read));
                });
            }),
            Next::Data => when(p.received, || {
                word.set(word.slice(BYTE, WORD_BITS - BYTE).concat(p.byte));
                when(take_byte(WORD_BYTES), || next.set(Next::Write));
            }),
            Next::Write => when(p.req.ready, || next_word(Next::Data, Next::Answer)),
            Next::Read => when(p.req.ready, || next.set(Next::Response)),
            Next::Response => when(p.resp.valid, || {
                word.set(p.resp.payload);
                next.set(Next::Send);
            }),
            Next::Send => when(p.answer.ready, || {
                word.set((word >> BYTE).extend(WORD_BITS));
                when(take_byte(WORD_BYTES), || next_word(Next::Read, Next::Packet));
            }),
            Next::Answer => when(p.answer.ready, || next.set(Next::Packet)),
        });
        // A break ends a packet that is being sent; a word on its way is not stopped.
        when(p.broken & (next.is(Next::Header) | next.is(Next::Data)), || {
            bytes.set(0);
            next.set(Next::Packet);
        });

        p.req.valid.drive(next.is(Next::Write) | next.is(Next::Read));
        p.req.payload.drive(Request { write: writes, address, data: word });
        p.resp.ready.drive(next.is(Next::Response));
        p.answer.valid.drive(next.is(Next::Send) | next.is(Next::Answer));
        p.answer.payload.drive(mux(next.is(Next::Send), word.truncate(BYTE), answer));
        always("bytes are counted from zero in each packet", {
            next.is(Next::Packet).implies(bytes.eq(0))
        });
    }
}
