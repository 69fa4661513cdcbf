//! What feeds streams in tests.

use olivine_bench::Poke;
use olivine_lang::{Stream, Unsigned};

/// Offers words in order and keeps the rules: what is offered stays.
#[derive(Default)]
pub struct Producer {
    /// Words that were taken.
    pub sent: usize,
    /// One is offered now.
    pub offers: bool,
    /// Added to the words, so that those of two producers differ.
    salt: u64,
}

impl Producer {
    pub fn salted(salt: usize) -> Self {
        Self { salt: salt as u64, ..Self::default() }
    }

    /// The word of this number.
    pub fn word(&self, number: usize, width: u32) -> u64 {
        let mixed = (number as u64 + 1 + self.salt * 1000).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed >> (64 - width)
    }

    /// Offers one, if it wants to or has.
    pub fn poke(&mut self, stream: Stream<Unsigned>, wants: bool) {
        self.offers |= wants;
        stream.valid.poke(self.offers);
        stream.payload.poke(self.word(self.sent, stream.payload.width()));
    }

    /// After all pokes: the word that is transferred in this cycle.
    pub fn take(&mut self, stream: Stream<Unsigned>) -> Option<u64> {
        let moves = self.offers && stream.ready.peek() == 1;
        moves.then(|| {
            self.offers = false;
            self.sent += 1;
            self.word(self.sent - 1, stream.payload.width())
        })
    }
}

/// The word that is transferred in this cycle.
pub fn taken(stream: Stream<Unsigned>) -> Option<u64> {
    moves(stream).then(|| stream.payload.peek())
}

/// Something is transferred in this cycle.
pub fn moves<T: Clone>(stream: Stream<T>) -> bool {
    stream.valid.peek() == 1 && stream.ready.peek() == 1
}
