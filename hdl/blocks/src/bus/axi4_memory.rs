//! [`Axi4Memory`].

use super::access::{check_widths, word_index, word_index_width};
use super::axi_lite_front::last;
use super::axi4::{Axi4, Axi4Address, Axi4Open, AxiBurst, OpenBurst, axi4, axi4_rules, legal};
use super::{AxiResponse, Side};
use olivine_lang::prelude::*;

/// A memory behind AXI4.
///
/// ```text
///           +------------+
///     bus ==| Axi4Memory |
///           +------------+
/// ```
///
/// *Parameters*: `address`, bits of a byte address: the memory has all of them; `data`, bits of a
/// word: a power of two of bytes; `id`, bits of identification, at least 1.
///
/// *Ports*: see [`Axi4MemoryPorts`].
///
/// *Behaviour*: bursts of every kind and of words as wide as the bus or narrower. Written words
/// take the bytes of their strobes; a read gives whole words. Every answer is OKAY. One write and
/// one read burst can be under way at once; of a word that is written while it is read, the read
/// gives what was before.
///
/// *Timing*: a word a cycle in each direction. The first read word two cycles after its address,
/// the answer of a write one cycle after its last word. No combinational path from the bus to
/// itself.
///
/// *Handshake*: the [rules](super::axi4::axi4_rules) that bind a subordinate, if the manager keeps
/// its own. An address waits while a burst of its direction is open.
///
/// *Reset*: no burst is under way; the words stay.
///
/// *Undefined*: words that were never written; payloads of what is not valid.
///
/// *Verification*: proved by k-induction as [`Axi4MemoryProof`], the manager's rules assumed: its
/// own rules; each word is at the address that a closed formula gives; any one byte, arbitrary but
/// fixed, is read as it was written last; answers are OKAY, each in its time. In tests against an
/// array.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Axi4Memory {
    /// Bits of a byte address.
    pub address: u32,
    /// Bits of a word.
    pub data: u32,
    /// Bits of identification.
    pub id: u32,
}

/// The ports of [`Axi4Memory`].
#[derive(Ports)]
pub struct Axi4MemoryPorts {
    /// The bus.
    pub bus: Flipped<Axi4>,
}

impl Module for Axi4Memory {
    type Ports = Axi4MemoryPorts;

    fn check(&self) -> Result<(), String> {
        check_widths(self.address, self.data)
    }

    fn ports(&self) -> Axi4MemoryPorts {
        Axi4MemoryPorts { bus: axi4(self.address, self.data, self.id) }
    }

    #[named]
    fn build(&self, p: Axi4MemoryPorts) {
        self.body(&p.bus);
    }
}

/// A burst under way: where it is.
pub(super) struct Walking {
    pub(super) active: Bit,
    /// Of the next word; of the burst the rest is as it was asked for.
    pub(super) now: Axi4Address,
    /// Words after the next one.
    left: Unsigned,
}

/// What is inside, for properties.
pub(super) struct Inside {
    pub(super) words: Memory<Unsigned>,
    pub(super) write: Walking,
    pub(super) read: Walking,
    /// A word is read from the memory in this cycle, and is the last of its burst.
    fetch: Bit,
    fetched_last: Bit,
}

/// Accepts an address when `free`, and goes on with each word.
#[named]
fn walk(channel: &Source<Axi4Address>, free: Bit, step: Bit) -> Walking {
    let active = reg(bit()).reset(false);
    let (now, left) = (reg(channel.payload.shape()), reg(channel.payload.len.shape()));
    channel.ready.drive(!active & free);
    when(step, || {
        now.addr.set(following(&now));
        left.set(left.wrapping_sub(1));
        when(left.eq(0), || active.set(false));
    });
    when(channel.transfer(), || {
        active.set(true);
        now.set(channel.payload);
        left.set(channel.payload.len);
    });
    Walking { active, now, left }
}

/// The address after this one.
#[named]
fn following(now: &Axi4Address) -> Unsigned {
    let shape = now.addr.shape();
    let one = constant(shape, 1).shift_left(now.size);
    let aligned = now.addr & !one.wrapping_sub(1);
    let next = aligned.wrapping_add(one);
    let wide = shape.width().max(8);
    let block = now.len.extend(wide).shift_left(now.size).truncate(shape.width());
    let block = block | one.wrapping_sub(1);
    let wrapped = (now.addr & !block) | (next & block);
    let wrapped = mux(now.burst.eq(AxiBurst::Wrap), wrapped, next);
    mux(now.burst.eq(AxiBurst::Fixed), now.addr, wrapped)
}

impl Axi4Memory {
    #[named]
    pub(super) fn body(&self, bus: &Axi4) -> Inside {
        let depth = 1usize << word_index_width(self.address, self.data).min(40);
        let words = memory(bus.w.payload.data.shape(), depth);
        let (answering, reading) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let write = walk(&bus.aw, !answering, bus.w.transfer());
        bus.w.ready.drive(write.active);
        when(bus.w.transfer(), || {
            let index = word_index(write.now.addr, self.data);
            words.write_masked(index, bus.w.payload.data, bus.w.payload.strb);
        });
        when(bus.b.ready, || answering.set(false));
        when(bus.w.transfer() & write.left.eq(0), || answering.set(true));
        bus.b.valid.drive(answering);
        bus.b.payload.id.drive(write.now.id);
        bus.b.payload.resp.drive(AxiResponse::Okay);

        let fetch = wire(bit());
        let read = walk(&bus.ar, !reading, fetch);
        fetch.drive(read.active & (!reading | bus.r.ready));
        let fetched_last = read.left.eq(0);
        let (word, is_last) = (reg(bus.r.payload.data.shape()), reg(bit()));
        when(bus.r.ready, || reading.set(false));
        when(fetch, || {
            reading.set(true);
            word.set(words.read(word_index(read.now.addr, self.data)));
            is_last.set(fetched_last);
        });
        bus.r.valid.drive(reading);
        bus.r.payload.id.drive(read.now.id);
        bus.r.payload.data.drive(word);
        bus.r.payload.resp.drive(AxiResponse::Okay);
        bus.r.payload.last.drive(is_last);
        Inside { words, write, read, fetch, fetched_last }
    }
}

/// An [`Axi4Memory`] with its contract as properties. For proofs: it is larger.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Axi4MemoryProof(
    /// What is proved.
    pub Axi4Memory,
);

impl Module for Axi4MemoryProof {
    type Ports = Axi4MemoryPorts;

    fn ports(&self) -> Axi4MemoryPorts {
        self.0.ports()
    }

    #[named]
    fn build(&self, p: Axi4MemoryPorts) {
        let bus = p.bus;
        let inside = self.0.body(&bus);
        let (rules, open) = axi4_rules(&bus);
        rules.assert(Side::Subordinate);
        rules.assume(Side::Manager);
        invariants(&bus, &inside, &open);
        self.one_byte(&bus, &inside, &open);
        timing(&bus, &inside, &open);
        cover("a burst wraps", bus.b.transfer() & open.write.address.burst.eq(AxiBurst::Wrap));
        cover("a burst of three words is read", bus.r.transfer() & open.read.beats.eq(2));
    }
}

/// What the memory knows of a burst is what the rules count.
#[named]
pub(super) fn invariants(bus: &Axi4, inside: &Inside, open: &Axi4Open) {
    let (write, read) = (&inside.write, &inside.read);
    let waiting = bus.r.valid.as_unsigned().extend(9);
    let fetched = open.read.beats.wrapping_add(waiting);
    let bytes = bus.w.payload.strb.width();
    agree("write", write, &open.write, open.write.beats, bytes);
    agree("read", read, &open.read, fetched, bytes);
    let (b, r) = (bus.b.valid, bus.r.valid);
    always("a write is walked or answered", open.write.open.eq(write.active ^ b));
    always("a write is not walked and answered", !(write.active & b));
    always("a write is answered after its last word", open.write.done.eq(b));
    always("no word is accepted before its address", open.write.open | open.write.beats.eq(0));
    always("a read is walked or gives its last word", {
        open.read.open.eq(read.active | (r & bus.r.payload.last))
    });
    always("no word is read before its address", open.read.open | open.read.beats.eq(0));
    let done = fetched.eq((open.read.address.len + 1).extend(9));
    when(r, || {
        always("a word that waits is of an open read", open.read.open);
        always("the last word that waits is the last", bus.r.payload.last.eq(done));
        always("after the last word nothing is walked", bus.r.payload.last.eq(!read.active));
    });
    let ended = last(inside.fetch, inside.fetched_last);
    always("the last word is marked", r.implies(bus.r.payload.last.eq(ended)));
}

/// Every answer is OKAY, and comes in its time.
#[named]
fn timing(bus: &Axi4, inside: &Inside, open: &Axi4Open) {
    let okay = |resp: Enum<AxiResponse>| resp.eq(AxiResponse::Okay);
    always("every answer is OKAY", okay(bus.b.payload.resp) & okay(bus.r.payload.resp));
    always("a word is taken in each cycle", bus.w.ready.eq(open.write.open & !open.write.done));
    when(past_valid(), || {
        let ends = past(bus.w.transfer() & bus.w.payload.last);
        always("a write is answered in the next cycle", ends.implies(bus.b.valid));
        let came = past(bus.ar.transfer());
        always("a read is walked in the next cycle", came.implies(inside.read.active));
        let walks = past(inside.read.active & (!bus.r.valid | bus.r.ready));
        always("a word is read in each cycle", walks.implies(bus.r.valid));
    });
}

/// A burst that is walked is the one that is open, `at` this word.
#[named]
fn agree(name: &str, walking: &Walking, open: &OpenBurst, at: Unsigned, bytes: u32) {
    let Axi4Address { id, len, size, burst, .. } = walking.now;
    let asked = open.address;
    let same = (id, len, size, burst).same_as((asked.id, asked.len, asked.size, asked.burst));
    always(format!("{name}: it is the open burst"), open.open.implies(same));
    always(
        format!("{name}: the open burst is legal"),
        open.open.implies(legal(&asked, bytes).all()),
    );
    when(walking.active, || {
        always(format!("{name}: it is open"), open.open);
        let total = at + walking.left;
        always(format!("{name}: done and left make the length"), {
            total.eq(len.extend(total.width()))
        });
        let due = formula(&asked, at);
        always(format!("{name}: the address is that of the word"), walking.now.addr.eq(due));
    });
}

/// The address of word `beat` of a burst, in closed form.
#[named]
fn formula(asked: &Axi4Address, beat: Unsigned) -> Unsigned {
    let width = asked.addr.width();
    let narrow = |x: Unsigned| x.extend(width.max(9)).truncate(width);
    let below = !constant(asked.addr.shape(), 0).wrapping_sub(1).shift_left(asked.size);
    let start = mux(beat.eq(0), asked.addr, asked.addr & !below);
    let far = start.wrapping_add(narrow(beat).shift_left(asked.size));
    let total = narrow((asked.len + 1).extend(9)).shift_left(asked.size);
    let inside = total.wrapping_sub(1);
    let wrapped = (asked.addr & !inside) | (far & inside);
    let moving = mux(asked.burst.eq(AxiBurst::Wrap), wrapped, far);
    mux(asked.burst.eq(AxiBurst::Fixed), asked.addr, moving)
}

impl Axi4MemoryProof {
    /// Any one byte is what was written last.
    #[named]
    fn one_byte(&self, bus: &Axi4, inside: &Inside, open: &Axi4Open) {
        let data = self.0.data;
        let index = reg(unsigned(word_index_width(self.0.address, data)));
        let lane = reg(bus.w.payload.strb.shape());
        index.set(index);
        lane.set(lane);
        let byte = |word: Unsigned| {
            let parts = (0..lane.width()).map(|i| mux(lane.bit(i), word.slice(8 * i, 8), 0));
            parts.reduce(|a, b| a | b).expect("a word has bytes")
        };
        let one_lane = lane.any() & (lane & lane.wrapping_sub(1)).eq(0);
        let is =
            |burst: &OpenBurst, beat| word_index(formula(&burst.address, beat), data).eq(index);
        let (known, expected) = (reg(bit()).reset(false), reg(unsigned(8)));
        let here = is(&open.write, open.write.beats) & (bus.w.payload.strb & lane).any();
        when(bus.w.transfer() & here, || {
            known.set(true);
            expected.set(byte(bus.w.payload.data));
        });
        when(one_lane & known, || {
            always("a byte is what was written last", {
                byte(inside.words.read(index)).eq(expected)
            });
        });
        let waiting = bus.r.valid.as_unsigned().extend(9);
        let fetched = is(&open.read, open.read.beats.wrapping_add(waiting));
        let (was, due) = last(inside.fetch, (fetched & one_lane & known, expected));
        when(bus.r.valid & was, || {
            always("a byte is read as it was written", byte(bus.r.payload.data).eq(due));
        });
        cover("the byte is read", bus.r.transfer() & was);
    }
}
