//! [`AxiLiteFront`].

use super::access::{check_widths, word_index, word_index_width};
use super::axi_lite::{AxiLite, AxiLiteOpen, AxiResponse, axi_lite, axi_lite_rules};
use super::{Access, FrontPorts, RegisterBus, Rules, Side, access};
use olivine_lang::prelude::*;

/// A subordinate of AXI4-Lite that turns transfers into [accesses](Access) of registers.
///
/// ```text
///           +--------------+
///     bus ==| AxiLiteFront |== access
///           +--------------+
/// ```
///
/// *Parameters*: `address`, bits of a byte address; `data`, bits of a word: a power of two of
/// bytes (the standard's are 32 and 64).
///
/// *Ports*: `bus`, the link, named as the standard does (`bus_awaddr` …); `access`, see [`Access`].
///
/// *Behaviour*: each accepted pair of write address and word makes one write access, each accepted
/// read address one read access, in their order. Faults answer SLVERR, everything else OKAY. The
/// low bits of an address, within the word, and `prot` do not matter. Reads and writes do not wait
/// for each other: a manager that wants an order waits for the answer.
///
/// *Timing*: access one cycle after acceptance, answer one cycle after access; one read and one
/// write every two cycles. No combinational path from the bus to itself.
///
/// *Handshake*: the [rules](super::axi_lite::axi_lite_rules) that bind a subordinate, one of each
/// open, two while an answer waits; whatever the manager does.
///
/// *Reset*: nothing accepted, nothing to answer.
///
/// *Undefined*: payloads of what is not valid; the access' index and data without `read`, `write`.
///
/// *Verification*: proved by k-induction: the rules; as many accesses as acceptances, each as soon
/// as it can be; each access has the address and word accepted last, each answer the data of the
/// last access. In tests against a map of words, see [`RegisterBank`](super::RegisterBank).
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AxiLiteFront {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
}

impl RegisterBus for AxiLiteFront {
    type Link = AxiLite;

    fn rules(link: &AxiLite) -> Rules {
        axi_lite_rules(link, 2).0
    }
}

impl Module for AxiLiteFront {
    type Ports = FrontPorts<AxiLite>;

    fn check(&self) -> Result<(), String> {
        check_widths(self.address, self.data)
    }

    fn ports(&self) -> FrontPorts<AxiLite> {
        FrontPorts {
            bus: axi_lite(self.address, self.data),
            access: access(word_index_width(self.address, self.data), self.data),
        }
    }

    #[named]
    fn build(&self, p: FrontPorts<AxiLite>) {
        self.body(&p);
    }
}

impl AxiLiteFront {
    #[named]
    pub(super) fn body(&self, p: &FrontPorts<AxiLite>) -> AxiLiteOpen {
        let (bus, access) = (p.bus, p.access);
        let holding = Holding {
            address: held(bus.aw, access.write),
            word: held(bus.w, access.write),
            read: held(bus.ar, access.read),
        };
        self.accesses(&bus, &access, &holding);
        answer(&bus, &access);
        self.contract(&bus, &access, &holding)
    }
}

/// A payload that was accepted.
struct Held<T> {
    full: Bit,
    payload: T,
}

struct Holding {
    address: Held<super::axi_lite::AxiLiteAddress>,
    word: Held<super::axi_lite::AxiLiteWrite>,
    read: Held<super::axi_lite::AxiLiteAddress>,
}

/// Accepts one payload and keeps it until it is `used`.
#[named]
fn held<T: Signal>(from: Stream<T>, used: Bit) -> Held<T> {
    let full = reg(bit()).reset(false);
    let payload = reg(from.payload.shape());
    from.ready.drive(!full);
    when(used, || full.set(false));
    when(from.transfer(), || {
        full.set(true);
        payload.set(from.payload.clone());
    });
    Held { full, payload }
}

impl AxiLiteFront {
    /// Each access as soon as there is room for its answer.
    #[named]
    fn accesses(&self, bus: &AxiLite, access: &Access, holding: &Holding) {
        let (address, word) = (&holding.address, &holding.word);
        access.write.drive(address.full & word.full & (!bus.b.valid | bus.b.ready));
        access.write_index.drive(word_index(address.payload.addr, self.data));
        access.write_data.drive(word.payload.data);
        access.write_strobe.drive(word.payload.strb);
        access.read.drive(holding.read.full & (!bus.r.valid | bus.r.ready));
        access.read_index.drive(word_index(holding.read.payload.addr, self.data));
        unused(address.payload);
        unused(holding.read.payload);
    }

    /// In a form of its own: what was accepted last, and the answer of the last access.
    #[named]
    fn contract(&self, bus: &AxiLite, access: &Access, holding: &Holding) -> AxiLiteOpen {
        let (rules, open) = axi_lite_rules(bus, 2);
        rules.assert(Side::Subordinate);
        let inside = |held: Bit, answers: Bit| held.as_unsigned() + answers.as_unsigned();
        let (b, r) = (bus.b.valid, bus.r.valid);
        always("write addresses are held or answered", {
            open.addresses.eq(inside(holding.address.full, b))
        });
        always("words are held or answered", open.words.eq(inside(holding.word.full, b)));
        always("read addresses are held or answered", open.reads.eq(inside(holding.read.full, r)));

        let write_address = last(bus.aw.transfer(), bus.aw.payload.addr);
        let write = last(bus.w.transfer(), bus.w.payload);
        let read_address = last(bus.ar.transfer(), bus.ar.payload.addr);
        let (full, own) = (holding.address.full, holding.address.payload.addr);
        always("the write address is held", full.implies(own.eq(write_address)));
        always("the word is held", holding.word.full.implies(holding.word.payload.same_as(write)));
        let (full, own) = (holding.read.full, holding.read.payload.addr);
        always("the read address is held", full.implies(own.eq(read_address)));
        when(access.write, || {
            always("a write is of the word at the address that came last", {
                access.write_index.eq(word_index(write_address, self.data))
                    & access.write_data.eq(write.data)
                    & access.write_strobe.eq(write.strb)
            });
        });
        when(access.read, || {
            always("a read is of the address that came last", {
                access.read_index.eq(word_index(read_address, self.data))
            });
        });
        let more = |open: Unsigned, answer: Bit| open.gt(answer.as_unsigned().extend(open.width()));
        let due = more(open.addresses, b) & more(open.words, b) & (!b | bus.b.ready);
        always("a write is made as soon as its answer has room", access.write.eq(due));
        let due = more(open.reads, r) & (!r | bus.r.ready);
        always("a read is made as soon as its answer has room", access.read.eq(due));
        let done = last(access.write, access.write_fault);
        let answer = last(access.read, (access.read_data, access.read_fault));
        when(b, || always("a write says how it ended", says(bus.b.payload.resp, done)));
        when(r, || {
            always("a read gives the word", bus.r.payload.data.eq(answer.0));
            always("a read says how it ended", says(bus.r.payload.resp, answer.1));
        });
        when(past_valid() & past(access.write), || always("a write is answered at once", b));
        when(past_valid() & past(access.read), || always("a read is answered at once", r));
        cover("a write is answered while another waits", b & access.write);
        cover("a read is refused", bus.r.transfer() & bus.r.payload.resp.ne(AxiResponse::Okay));
        open
    }
}

/// One cycle after each access its answer.
#[named]
fn answer(bus: &AxiLite, access: &Access) {
    let (b_valid, r_valid) = (reg(bit()).reset(false), reg(bit()).reset(false));
    let (b_fault, r_fault) = (reg(bit()), reg(bit()));
    let r_data = reg(access.read_data.shape());
    when(bus.b.ready, || b_valid.set(false));
    when(access.write, || {
        b_valid.set(true);
        b_fault.set(access.write_fault);
    });
    when(bus.r.ready, || r_valid.set(false));
    when(access.read, || {
        r_valid.set(true);
        r_fault.set(access.read_fault);
        r_data.set(access.read_data);
    });
    bus.b.valid.drive(b_valid);
    bus.b.payload.resp.drive(response(b_fault));
    bus.r.valid.drive(r_valid);
    bus.r.payload.resp.drive(response(r_fault));
    bus.r.payload.data.drive(r_data);
}

/// SLVERR of a fault, else OKAY.
#[track_caller]
fn response(fault: Bit) -> Enum<AxiResponse> {
    cat((constant(bit(), false), fault)).as_enum()
}

/// Whether the response is that of a fault or of none; for properties.
#[track_caller]
fn says(response: Enum<AxiResponse>, fault: Bit) -> Bit {
    mux(fault, response.eq(AxiResponse::SubordinateError), response.eq(AxiResponse::Okay))
}

/// What the value was when the event happened last.
#[named]
pub(super) fn last<T: Signal>(event: Bit, value: T) -> T {
    let last = reg(value.shape());
    when(event, || last.set(value));
    last
}
