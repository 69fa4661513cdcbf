//! [`SpiPeripheral`].

use super::SpiMode;
use super::settled::settled;
use olivine_lang::prelude::*;

/// The peripheral's end of SPI, on a clock of its own that is faster than the line's.
///
/// ```text
///            +---------------+
///   sclk -->|               |--> word
///   copi -->| SpiPeripheral |--> received
///   cs_n -->|               |<-- reply
///   cipo <--+---------------+
/// ```
///
/// *Parameters*: `mode`; `bits` of a word, at least 2.
///
/// *Ports*: see [`SpiPeripheralPorts`].
///
/// *Behaviour*: the line goes through two registers, as it belongs to no clock of ours. While
/// `cs_n` is low, bits are taken and shown as the [mode](SpiMode) says, the highest first. After
/// `bits` of them comes `received`. `reply` is taken with each `received`, and when `cs_n` falls.
///
/// *Timing*: three cycles from an edge on the line to what follows of it: half a bit must take at
/// least four.
///
/// *Handshake*: none; a word that nobody takes is lost.
///
/// *Reset*: not selected.
///
/// *Undefined*: `word` before the first `received`. `cipo` drives the line only with
/// `cipo_enable`.
///
/// *Verification*: proved by k-induction: `received` comes with every `bits`-th bit taken while
/// selected, and never otherwise; `word` is the bits in their order. In tests with
/// [`SpiController`](super::SpiController): words go both ways in every mode.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SpiPeripheral {
    /// When the clock rests and bits are taken.
    pub mode: SpiMode,
    /// Bits of a word.
    pub bits: u32,
}

/// The ports of [`SpiPeripheral`].
#[derive(Ports)]
pub struct SpiPeripheralPorts {
    /// The clock.
    pub sclk: In<Bit>,
    /// From controller to peripheral.
    pub copi: In<Bit>,
    /// Selected while this is low.
    pub cs_n: In<Bit>,
    /// From peripheral to controller.
    pub cipo: Out<Bit>,
    /// Drive `cipo` onto the line.
    pub cipo_enable: Out<Bit>,
    /// The word to send next.
    pub reply: In<Unsigned>,
    /// The word that was received last.
    pub word: Out<Unsigned>,
    /// One cycle for each word: `word` is new.
    pub received: Out<Bit>,
}

impl Module for SpiPeripheral {
    type Ports = SpiPeripheralPorts;

    fn check(&self) -> Result<(), String> {
        if self.bits < 2 {
            return Err(format!("words of {} bits: give 2 or more", self.bits));
        }
        Ok(())
    }

    fn ports(&self) -> SpiPeripheralPorts {
        let (bit, word) = (bit(), unsigned(self.bits));
        SpiPeripheralPorts {
            sclk: bit,
            copi: bit,
            cs_n: bit,
            cipo: bit,
            cipo_enable: bit,
            reply: word,
            word,
            received: bit,
        }
    }

    #[named]
    fn build(&self, p: SpiPeripheralPorts) {
        let rests = self.mode.rests_high();
        let (sclk, before) = (settled("SCLK", p.sclk, rests), reg(bit()).reset(rests));
        let (copi, cs_n) = (settled("COPI", p.copi, false), settled("CS", p.cs_n, true));
        let was_selected = reg(bit()).reset(false);
        before.set(sclk);
        was_selected.set(!cs_n);
        let selected = !cs_n & was_selected;
        let rise = selected & sclk & !before;
        let fall = selected & !sclk & before;
        let (away, back) = if rests { (fall, rise) } else { (rise, fall) };
        let (takes, shows) = if self.mode.takes_at_return() { (back, away) } else { (away, back) };

        let count = reg(unsigned(bits_for(u64::from(self.bits - 1)))).reset(0);
        let (word, out) = (reg(p.word.shape()), reg(p.reply.shape()));
        let received = reg(bit()).reset(false);
        let is_last = takes & count.eq(self.bits - 1);
        received.set(is_last);
        when(takes, || {
            word.set(cat((copi, word)).truncate(self.bits));
            count.set(count.wrapping_add(1));
        });
        when(shows & count.any(), || {
            out.set(cat((constant(bit(), false), out)).truncate(self.bits))
        });
        when(is_last | !selected, || count.set(0));
        when(received | !selected, || out.set(p.reply));
        p.cipo.drive(out.top_bit());
        p.cipo_enable.drive(!cs_n);
        p.word.drive(word);
        p.received.drive(received);

        always("the count stays below a word", (count + 1).le(self.bits));
        self.contract(&p, &Line { takes, shows, sclk, copi, selected, out }, count);
        always("who is selected drives the line", p.cipo_enable.eq(!cs_n));
    }
}

/// What the line does in this cycle.
struct Line {
    takes: Bit,
    shows: Bit,
    sclk: Bit,
    copi: Bit,
    selected: Bit,
    out: Unsigned,
}

impl SpiPeripheral {
    /// The bits since the beginning of the word, with a one before them: its place says how many.
    #[named]
    fn contract(&self, p: &SpiPeripheralPorts, line: &Line, count: Unsigned) {
        let wide = unsigned(self.bits + 1);
        let bits = reg(wide).reset(1);
        let begun = mux(!line.selected | bits.top_bit(), constant(wide, 1), bits);
        bits.set(begun);
        when(line.takes, || bits.set(cat((line.copi, begun)).truncate(self.bits + 1)));
        always("a word is received with its last bit", p.received.eq(bits.top_bit()));
        when(p.received, || {
            always("a word is its bits", p.word.eq(bits.truncate(self.bits)));
        });
        // As many bits as are counted stand behind the one.
        let one = constant(wide, 1).shift_left(count);
        let same = bits.eq(one | (p.word.extend(self.bits + 1) & one.wrapping_sub(1)));
        always("the bits of the present word are counted", p.received | same);
        always("a word that is over is not counted", p.received.implies(!count.any()));
        always("bits are taken from who selects", line.takes.implies(p.cipo_enable));
        cover("a word is received", p.received);
        self.edges(line);
        self.reply(p, line, count);
    }

    /// Bits are taken at the clock's edges to one level and shown at those to the other.
    #[named]
    fn edges(&self, line: &Line) {
        let rests = constant(bit(), self.mode.rests_high());
        let moved = line.selected & past_valid() & changed(line.sclk);
        let back = moved & line.sclk.eq(rests);
        let away = moved & !line.sclk.eq(rests);
        let (takes, shows) = if self.mode.takes_at_return() { (back, away) } else { (away, back) };
        always("bits are taken at the mode's edge", line.takes.eq(takes));
        always("bits are shown at the other edge", line.shows.eq(shows));
    }

    /// The reply that was taken last, and how many of its bits are over.
    #[named]
    fn reply(&self, p: &SpiPeripheralPorts, line: &Line, count: Unsigned) {
        let reply = reg(p.reply.shape());
        let over = reg(unsigned(bits_for(u64::from(self.bits)))).reset(0);
        let goes_on = over.ne(self.bits);
        when(line.shows & count.any() & goes_on, || over.set(over.wrapping_add(1)));
        when(p.received | !line.selected, || {
            reply.set(p.reply);
            over.set(0);
        });
        when(past_valid(), || {
            always("the reply is shown bit by bit", line.out.eq(reply.shift_left(over)));
            always("the bit of the reply that is due is shown", {
                p.cipo.eq(reply.shift_left(over).top_bit())
            });
        });
    }
}
