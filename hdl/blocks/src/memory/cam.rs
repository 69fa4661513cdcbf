//! [`Cam`].

use crate::bits::one_hot::{index_of, lowest};
use olivine_lang::prelude::*;

/// A content-addressable memory: where is this key?
///
/// ```text
///           +-----+
///  write -->| Cam |--> hit, index, matches
///    key -->|     |
///           +-----+
/// ```
///
/// *Parameters*: `width`, bits of a key; `entries`, how many keys it holds, at least 1.
///
/// *Ports*: see [`CamPorts`].
///
/// *Behaviour*: each entry holds a key or nothing. `write` puts `write_key` into an entry, or empties
/// it without `write_valid`. `matches` has a bit for each entry that holds `key`; `hit` if there is
/// one, and `index` is the lowest.
///
/// *Timing*: lookup is combinational, one comparator for each entry; writes act at the edge.
///
/// *Reset*: all entries are empty.
///
/// *Undefined*: nothing; without a hit `index` is 0, writes at or above `entries` do nothing.
///
/// *Verification*: proved by k-induction: an entry arbitrary but fixed matches exactly if the key
/// that was written there last is looked for; `index` is the lowest match.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::Cam;
///
/// let mut bench = Bench::new(Cam { width: 16, entries: 4 });
/// bench.run(2, |p, cycle| {
///     p.write.poke(cycle == 0);
///     p.write_valid.poke(true);
///     p.write_index.poke(2u8);
///     p.write_key.poke(0xbeefu16);
///     p.key.poke(0xbeefu16);
///     assert_eq!((p.hit.peek(), p.index.peek()), if cycle == 0 { (0, 0) } else { (1, 2) });
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct Cam {
    /// Bits of a key.
    pub width: u32,
    /// How many keys it holds.
    pub entries: usize,
}

/// The ports of [`Cam`].
#[derive(Ports)]
pub struct CamPorts {
    /// An entry is changed.
    pub write: In<Bit>,
    /// Which.
    pub write_index: In<Unsigned>,
    /// Its key.
    pub write_key: In<Unsigned>,
    /// It holds the key, instead of nothing.
    pub write_valid: In<Bit>,
    /// What is looked for.
    pub key: In<Unsigned>,
    /// For each entry whether it holds that.
    pub matches: Out<Unsigned>,
    /// One does.
    pub hit: Out<Bit>,
    /// The lowest that does; 0 if none.
    pub index: Out<Unsigned>,
}

impl Module for Cam {
    type Ports = CamPorts;

    fn ports(&self) -> CamPorts {
        let (key, index) = (unsigned(self.width), unsigned(index_width(self.entries)));
        CamPorts {
            write: bit(),
            write_index: index,
            write_key: key,
            write_valid: bit(),
            key,
            matches: unsigned(self.entries as u32),
            hit: bit(),
            index,
        }
    }

    #[named]
    fn build(&self, p: CamPorts) {
        let valids: Vec<Bit> = (0..self.entries).map(|_| reg(bit()).reset(false)).collect();
        let keys: Vec<Unsigned> = (0..self.entries).map(|_| reg(p.key.shape())).collect();
        let mut matches = Vec::new();
        for (i, (valid, key)) in valids.iter().zip(&keys).enumerate() {
            when(p.write & p.write_index.eq(i), || {
                valid.set(p.write_valid);
                key.set(p.write_key);
            });
            matches.push(*valid & key.eq(p.key));
        }
        let matches = cat(matches);
        p.matches.drive(matches);
        p.hit.drive(matches.any());
        p.index.drive(index_of(lowest(matches)));

        let chosen = reg(p.write_index.shape());
        chosen.set(chosen);
        let (held, last) = (reg(bit()).reset(false), reg(p.key.shape()));
        when(p.write & chosen.eq(p.write_index), || {
            held.set(p.write_valid);
            last.set(p.write_key);
        });
        let inside = chosen.extend(chosen.width() + 1).lt(self.entries);
        when(inside, || {
            let holds = select(chosen, &valids).eq(held);
            let same = select(chosen, &keys).eq(last);
            always("an entry holds what was written there last", holds & held.implies(same));
            let due = held & last.eq(p.key);
            always("an entry matches the key that it holds", p.matches.bit_at(chosen).eq(due));
        })
        .end();
        always("a hit is a match", p.hit.eq(p.matches.ne(0)));
        let lowest = p.matches.trailing_zeros().truncate(p.index.width());
        always("the index is the lowest match", p.index.eq(mux(p.hit, lowest, 0)));
        cover("several entries match", p.matches.count_ones().extend(8).gt(1));
    }
}
