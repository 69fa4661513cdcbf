//! [`WidthConverter`].

use olivine_lang::prelude::*;

/// Words of one width into words of another: several into one, or one into several.
///
/// ```text
///          +----------------+
///  push ==>| WidthConverter |==> pop
///          +----------------+
/// ```
///
/// *Parameters*: `from` and `to`, the widths; the greater is a multiple of the other.
///
/// *Ports*: see [`WidthConverterPorts`].
///
/// *Behaviour*: the bits of `push` leave in the order in which they came; of a word the lowest bits
/// are the first. Nothing leaves before all bits of a wide word are there.
///
/// *Timing*: a wide word is held in a register: it leaves one cycle after its last part came, or
/// its first part leaves one cycle after it came. One narrow word a cycle, without gaps.
/// `push.ready` depends combinationally on `pop.ready`.
///
/// *Handshake*: the four rules of [`Stream`] on both sides.
///
/// *Reset*: empty.
///
/// *Undefined*: `pop.payload` while `pop` is not valid.
///
/// *Verification*: proved by k-induction for several widths, up and down: each part is where it
/// belongs, for a part that is arbitrary but fixed; `pop` keeps its rules.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::WidthConverter;
///
/// let mut bench = Bench::new(WidthConverter { from: 4, to: 8 });
/// bench.run(3, |p, cycle| {
///     p.push.valid.poke(true);
///     p.push.payload.poke([0xa, 0xb, 0xc][cycle]);
///     p.pop.ready.poke(true);
///     if cycle == 2 {
///         assert_eq!((p.pop.valid.peek(), p.pop.payload.peek()), (1, 0xba));
///     }
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct WidthConverter {
    /// Bits of a word that comes.
    pub from: u32,
    /// Bits of a word that leaves.
    pub to: u32,
}

/// The ports of [`WidthConverter`].
#[derive(Ports)]
pub struct WidthConverterPorts {
    /// Words that come.
    pub push: Sink<Unsigned>,
    /// Words that leave.
    pub pop: Source<Unsigned>,
}

impl Module for WidthConverter {
    type Ports = WidthConverterPorts;

    fn check(&self) -> Result<(), String> {
        let (low, high) = (self.from.min(self.to), self.from.max(self.to));
        if low > 0 && high.is_multiple_of(low) {
            return Ok(());
        }
        Err(format!("{} bits into {}: one must be a multiple of the other", self.from, self.to))
    }

    fn ports(&self) -> WidthConverterPorts {
        let [push, pop] = [self.from, self.to].map(|width| stream(unsigned(width)));
        WidthConverterPorts { push, pop }
    }

    fn build(&self, p: WidthConverterPorts) {
        if self.from < self.to {
            self.collect(&p)
        } else {
            self.spread(&p)
        }
        p.pop.assert_rules("pop");
        cover("a word leaves", p.pop.transfer());
    }
}

/// A number of so many things, arbitrary but fixed: a register that nothing changes.
#[named]
fn any_index(count: u32) -> Unsigned {
    let chosen = reg(unsigned(index_width(count as usize)));
    chosen.set(chosen);
    chosen
}

impl WidthConverter {
    /// Up: `held` parts of the word are there.
    #[named]
    fn collect(&self, p: &WidthConverterPorts) {
        let parts = self.to / self.from;
        let held = reg(unsigned(bits_for(parts.into()))).reset(0);
        let word: Vec<Unsigned> = (0..parts).map(|_| reg(unsigned(self.from))).collect();
        let full = held.eq(parts);
        let begun = mux(full, 0, held);
        p.push.ready.drive(!full | p.pop.ready);
        p.pop.valid.drive(full);
        p.pop.payload.drive(cat(word.clone()));
        when(p.pop.transfer(), || held.set(0));
        when(p.push.transfer(), || {
            held.set(begun.wrapping_add(1));
            for (i, part) in word.iter().enumerate() {
                when(begun.eq(i), || part.set(p.push.payload)).end();
            }
        });

        let (chosen, kept) = (any_index(parts), reg(unsigned(self.from)));
        let wide = chosen.extend(held.width());
        // The number of the part that comes, counted apart.
        let number = reg(chosen.shape()).reset(0);
        let last = number.eq(parts - 1);
        when(p.push.transfer(), || {
            number.set(mux(last, 0, number.wrapping_add(1)));
            when(number.eq(chosen), || kept.set(p.push.payload)).end();
        });
        let before = mux(past(p.pop.transfer()), 0, past(held));
        let came = past(p.push.transfer()).as_unsigned().extend(held.width());
        when(past_valid(), || {
            let sum = before.wrapping_add(came);
            always("the parts are there that came since a word left", held.eq(sum));
        })
        .end();
        always(
            "a part comes unless a word waits",
            p.push.ready.eq(p.pop.valid.implies(p.pop.ready)),
        );
        always("no more parts than a word has", held.le(parts));
        always("the parts are counted", number.extend(held.width()).eq(begun));
        when(wide.lt(held), || {
            always("the chosen part is in its place", select(chosen, &word).eq(kept));
        })
        .end();
        let leaving = p.pop.payload.shift_right(chosen * self.from).truncate(self.from);
        when(p.pop.valid & wide.lt(parts), || {
            always("the chosen part leaves in its place", leaving.eq(kept));
        })
        .end();
    }

    /// Down, or as wide: `left` parts of the word are still there, the next one lowest.
    #[named]
    fn spread(&self, p: &WidthConverterPorts) {
        let parts = self.from / self.to;
        let left = reg(unsigned(bits_for(parts.into()))).reset(0);
        let rest = reg(unsigned(self.from));
        p.push.ready.drive(left.eq(0) | (left.eq(1) & p.pop.ready));
        p.pop.valid.drive(left.ne(0));
        p.pop.payload.drive(rest.truncate(self.to));
        when(p.pop.transfer(), || {
            left.set(left.wrapping_sub(1));
            rest.set(rest.shift_right(self.to));
        });
        when(p.push.transfer(), || {
            left.set(parts);
            rest.set(p.push.payload);
        });

        let word = reg(unsigned(self.from));
        when(p.push.transfer(), || word.set(p.push.payload));
        // The number of the part that leaves, counted apart.
        let number = reg(unsigned(index_width(parts as usize))).reset(0);
        let last = number.eq(parts - 1);
        when(p.pop.transfer(), || number.set(mux(last, 0, number.wrapping_add(1))));
        let offsets =
            (0..parts).map(|i| constant(unsigned(bits_for(self.from.into()) + 1), i * self.to));
        let offset = select(number, &offsets.collect::<Vec<_>>());
        always("no more parts than a word has", left.le(parts));
        when(p.pop.valid, || {
            let all = (left + number).eq(parts);
            always("every part leaves once", all);
            let due = word.shift_right(offset);
            always("the parts leave in their order", rest.eq(due));
            always("the part that is due leaves", p.pop.payload.eq(due.truncate(self.to)));
        })
        .otherwise(|| always("between words it begins with the first", number.eq(0)));
        always("a word comes when the last has left", {
            let free = !p.pop.valid | (p.pop.ready & last);
            p.push.ready.eq(free)
        });
    }
}
