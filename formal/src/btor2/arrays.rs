//! Arrays, every word of them a value of its own.

use super::maker::Maker;
use olivine_netlist::{Op, ValueId};
use std::collections::HashMap;
use std::rc::Rc;

/// Most bits of an array that is read.
pub(super) const ARRAY_BITS_MAX: u64 = 1 << 16;

/// The words of an array, from address 0 on.
pub(super) type Words = Rc<[ValueId]>;

/// Whether an address is each of the words'.
#[derive(Default)]
pub(super) struct Decoders(HashMap<ValueId, Rc<[ValueId]>>);

impl Decoders {
    fn of(&mut self, maker: &mut Maker, address: ValueId, count: usize) -> Rc<[ValueId]> {
        if let Some(known) = self.0.get(&address) {
            return known.clone();
        }
        let width = maker.width(address);
        let here = |i| {
            let number = maker.number(width, i as u64);
            maker.equal(address, number)
        };
        let made: Rc<[ValueId]> = (0..count).map(here).collect();
        self.0.insert(address, made.clone());
        made
    }

    /// The array with another word at the address.
    pub fn written(
        &mut self,
        maker: &mut Maker,
        words: &Words,
        address: ValueId,
        data: ValueId,
    ) -> Words {
        let here = self.of(maker, address, words.len());
        let pairs = words.iter().zip(here.iter());
        pairs.map(|(&word, &here)| maker.mux(here, data, word)).collect()
    }
}

/// The word at the address.
pub(super) fn read(maker: &mut Maker, words: &Words, address: ValueId) -> ValueId {
    let width = maker.width(words[0]);
    let options = words.iter().copied().collect();
    maker.add_cell(Op::Select { index: address, options }, width)
}

/// Whether all words are equal.
pub(super) fn equal(maker: &mut Maker, a: &Words, b: &Words) -> ValueId {
    let equal: Vec<ValueId> = a.iter().zip(b.iter()).map(|(&a, &b)| maker.equal(a, b)).collect();
    maker.all(&equal)
}

/// One array or the other.
pub(super) fn mux(maker: &mut Maker, condition: ValueId, then: &Words, otherwise: &Words) -> Words {
    then.iter().zip(otherwise.iter()).map(|(&t, &e)| maker.mux(condition, t, e)).collect()
}
