//! [`SpiController`].

use super::SpiMode;
use olivine_lang::prelude::*;

/// Sends words over SPI, the highest bit first, and receives as many.
///
/// ```text
///            +---------------+--> sclk
///   words ==>|               |--> copi
///            | SpiController |<-- cipo
///     word <--|               |--> cs_n
/// received <--+---------------+
/// ```
///
/// *Parameters*: `mode`; `bits` of a word, at least 1; `divisor`, cycles of half a bit, at least
/// 1. A peripheral that samples with the same clock needs 4 or more.
///
/// *Ports*: see [`SpiControllerPorts`].
///
/// *Behaviour*: for each word `cs_n` is low and the clock makes `bits` periods; bits are shown and
/// taken as the [mode](SpiMode) says. `cs_n` stays low until a word with `last` is over.
///
/// *Timing*: a word takes (2 · `bits` + 1) · `divisor` cycles: half a bit before the first edge
/// and after the last. `received` comes with the cycle after. `sclk`, `copi` and `cs_n` come from
/// registers.
///
/// *Handshake*: `words` is ready between words. What is received is there for one cycle; put a
/// [`Fifo`](crate::Fifo) behind it.
///
/// *Reset*: no word is being sent; the clock rests, `cs_n` is high.
///
/// *Undefined*: `word` before the first `received`; `copi` while `cs_n` is high.
///
/// *Verification*: proved by k-induction for every mode: the clock is where the age of the word,
/// counted apart, says; `copi` is the bit that is due at both edges; `word` is what `cipo`
/// was before the edges; `cs_n` frames the words. In
/// tests together with [`SpiPeripheral`](super::SpiPeripheral): words go both ways in every mode.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct SpiController {
    /// When the clock rests and bits are taken.
    pub mode: SpiMode,
    /// Bits of a word.
    pub bits: u32,
    /// Cycles of half a bit.
    pub divisor: u32,
}

/// What to send.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, Bundle)]
pub struct SpiWord {
    /// The word.
    pub data: Unsigned,
    /// `cs_n` rises after it.
    pub last: Bit,
}

/// The ports of [`SpiController`].
#[derive(Ports)]
pub struct SpiControllerPorts {
    /// What to send.
    pub words: Sink<SpiWord>,
    /// The word that was received last.
    pub word: Out<Unsigned>,
    /// One cycle for each word: `word` is new.
    pub received: Out<Bit>,
    /// The clock.
    pub sclk: Out<Bit>,
    /// From controller to peripheral.
    pub copi: Out<Bit>,
    /// From peripheral to controller.
    pub cipo: In<Bit>,
    /// The peripheral is selected while this is low.
    pub cs_n: Out<Bit>,
}

impl Module for SpiController {
    type Ports = SpiControllerPorts;

    fn check(&self) -> Result<(), String> {
        if self.bits == 0 || self.divisor == 0 {
            return Err("`bits` and `divisor` must be at least 1".to_string());
        }
        Ok(())
    }

    fn ports(&self) -> SpiControllerPorts {
        let (bit, data) = (bit(), unsigned(self.bits));
        SpiControllerPorts {
            words: stream(SpiWord { data, last: bit }),
            word: data,
            received: bit,
            sclk: bit,
            copi: bit,
            cipo: bit,
            cs_n: bit,
        }
    }

    #[named]
    fn build(&self, p: SpiControllerPorts) {
        let longest = self.divisor.saturating_sub(1);
        let halves = 2 * self.bits + 1;
        let timer = reg(unsigned(bits_for(longest.into()))).reset(0);
        // Halves of bits that are left.
        let left = reg(unsigned(bits_for(halves.into()))).reset(0);
        let (sclk, selected) = (reg(bit()).reset(self.mode.rests_high()), reg(bit()).reset(false));
        let (last, received) = (reg(bit()).reset(false), reg(bit()).reset(false));
        let (out, taken) = (reg(p.words.payload.data.shape()), reg(p.word.shape()));
        let busy = left.any();
        let due = busy & timer.eq(0);
        received.set(false);
        when(busy, || timer.set(timer.wrapping_sub(1)));
        when(due, || {
            timer.set(longest);
            left.set(left.wrapping_sub(1));
        });
        // The first edge is due with `halves` left, the last with two.
        let ends = due & left.eq(1);
        let edge = due & !ends;
        let away = left.bit(0);
        let takes = edge & (if self.mode.takes_at_return() { !away } else { away });
        let shows = edge & (if self.mode.takes_at_return() { away } else { !away });
        when(edge, || sclk.set(!sclk));
        when(takes, || taken.set(push(taken, p.cipo)));
        when(shows & left.ne(halves), || out.set(push(out, constant(bit(), false))));
        when(ends, || {
            received.set(true);
            when(last, || selected.set(false));
        });
        when(p.words.transfer(), || {
            timer.set(longest);
            left.set(halves);
            selected.set(true);
            out.set(p.words.payload.data);
            last.set(p.words.payload.last);
        });
        p.words.ready.drive(!busy);
        p.word.drive(taken);
        p.received.drive(received);
        p.sclk.drive(sclk);
        p.copi.drive(out.top_bit());
        p.cs_n.drive(!selected);
        self.contract(&p, left, timer);
        self.bits_taken(&p);
    }
}

/// The bit below the others, the highest dropped.
#[track_caller]
fn push(word: Unsigned, low: Bit) -> Unsigned {
    cat((low, word)).truncate(word.width())
}

impl SpiController {
    /// What `cipo` was before each edge of the clock at which a bit is taken.
    #[named]
    fn bits_taken(&self, p: &SpiControllerPorts) {
        let rests = self.mode.rests_high();
        let taking = if self.mode.takes_at_return() { rests } else { !rests };
        let edge = past_valid() & changed(p.sclk) & p.sclk.eq(taking);
        let (bits, count) =
            (reg(p.word.shape()), reg(unsigned(bits_for(self.bits.into()))).reset(0));
        let now = mux(edge, push(bits, past(p.cipo)), bits);
        let number = mux(edge, count.wrapping_add(1), count);
        bits.set(now);
        count.set(number);
        when(p.words.transfer(), || count.set(0));
        let known = constant(unsigned(self.bits + 1), 1).shift_left(number).wrapping_sub(1);
        let same = !((p.word ^ now) & known.truncate(self.bits)).any();
        always("the bits of a word are those before the edges", same);
        when(p.received, || always("a word has all its bits", number.eq(self.bits)));
    }

    #[named]
    fn contract(&self, p: &SpiControllerPorts, left: Unsigned, timer: Unsigned) {
        let (divisor, halves) = (u64::from(self.divisor), u64::from(2 * self.bits + 1));
        let whole = divisor * halves;
        let age = reg(unsigned(bits_for(whole))).reset(whole);
        when(age.ne(whole), || age.set(age.wrapping_add(1)));
        when(p.words.transfer(), || age.set(0));
        let over = constant(left.shape(), halves).wrapping_sub(left);
        always("the halves are those of a word", left.le(halves));
        always("a half takes no more than its time", timer.le(divisor - 1));
        when(left.any(), || {
            let cycles = over * divisor + constant(timer.shape(), divisor - 1).wrapping_sub(timer);
            let width = cycles.width().max(age.width());
            always("the age is that of the halves", cycles.extend(width).eq(age.extend(width)));
        });
        always("between words a word is over", (!left.any()).eq(age.eq(whole)));
        // `over` halves are over: so many edges were made, and one less after the last half.
        let rests = constant(bit(), self.mode.rests_high());
        let moved = left.any() & over.bit(0);
        always("the clock is where the edges leave it", p.sclk.eq(rests ^ moved));
        let sent = reg(p.words.payload.shape()).reset(zero(p.words.payload.shape()));
        when(p.words.transfer(), || sent.set(p.words.payload));
        // Bits shown before the present one.
        let shift = if self.mode.takes_at_return() {
            mux(over.any(), over.wrapping_sub(1), 0).shift_right(1)
        } else {
            over.shift_right(1)
        };
        let bit = sent.data.shift_left(shift).top_bit();
        when(left.any(), || {
            always("the bit that is due is shown", p.copi.eq(bit));
            always("a word is sent to who is selected", !p.cs_n);
        });
        when(past_valid() & past(!p.cs_n) & p.cs_n, || {
            always("the selection ends with a last word", past(sent.last) & p.received);
        });
        always("nobody is selected just after reset", past_valid() | p.cs_n);
        let ended = past_valid() & past(left.any()) & !left.any();
        always("a word is received when it is over", p.received.eq(ended));
        cover("a word is received", p.received & !p.cs_n);
        cover("the selection ends", p.received & p.cs_n);
    }
}
