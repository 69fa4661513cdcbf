//! One-hot numbers: [`OneHotDecoder`], [`OneHotEncoder`], and what they are made of.

use olivine_lang::prelude::*;

/// The lowest bit that is one, alone; nothing of nothing.
#[track_caller]
pub(crate) fn lowest(bits: Unsigned) -> Unsigned {
    bits & (!bits).wrapping_add(1)
}

/// The bits below the one bit that is one.
#[track_caller]
pub(crate) fn below(bit: Unsigned) -> Unsigned {
    bit.wrapping_sub(1)
}

/// The bits above the one bit that is one.
#[track_caller]
pub(crate) fn above(bit: Unsigned) -> Unsigned {
    !(bit | below(bit))
}

/// For each bit of an index the ones at whose number it is set, joined by or: no priority.
#[track_caller]
pub(crate) fn index_of(one_hot: Unsigned) -> Unsigned {
    let bits = one_hot.bits();
    let width = index_width(bits.len());
    let bit_of = |b: u32| {
        let set = bits.iter().enumerate().filter(|(i, _)| i >> b & 1 == 1);
        any_of(set.map(|(_, bit)| *bit))
    };
    cat((0..width).map(bit_of).collect::<Vec<Bit>>())
}

/// A binary index as a one-hot number.
///
/// ```text
///            +---------------+
///  enable -->| OneHotDecoder |--> one_hot
///   index -->|               |
///            +---------------+
/// ```
///
/// *Parameters*: `n`, the number of bits of the result, at least 1.
///
/// *Ports*: see [`OneHotDecoderPorts`].
///
/// *Behaviour*: bit `i` of `one_hot` is `enable` and `index = i`.
///
/// *Timing*: combinational.
///
/// *Undefined*: nothing; an index at or above `n` gives zero.
///
/// *Verification*: proved for several `n`: at most one bit, the one at `index`; and
/// [`OneHotEncoder`] gives the index back.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::OneHotDecoder;
///
/// let mut bench = Bench::new(OneHotDecoder { n: 5 });
/// bench.run(1, |p, _| {
///     p.enable.poke(true);
///     p.index.poke(3u8);
///     assert_eq!(p.one_hot.peek(), 0b01000);
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct OneHotDecoder {
    /// The number of bits.
    pub n: u32,
}

/// The ports of [`OneHotDecoder`].
#[derive(Ports)]
pub struct OneHotDecoderPorts {
    /// Without it the result is zero.
    pub enable: In<Bit>,
    /// Which bit.
    pub index: In<Unsigned>,
    /// That bit alone.
    pub one_hot: Out<Unsigned>,
}

impl Module for OneHotDecoder {
    type Ports = OneHotDecoderPorts;

    fn ports(&self) -> OneHotDecoderPorts {
        let index = unsigned(index_width(self.n as usize));
        OneHotDecoderPorts { enable: bit(), index, one_hot: unsigned(self.n) }
    }

    #[named]
    fn build(&self, p: OneHotDecoderPorts) {
        let each: Vec<Bit> = (0..self.n).map(|i| p.enable & p.index.eq(i)).collect();
        p.one_hot.drive(cat(each));

        let at_index = constant(p.one_hot.shape(), 1).shift_left(p.index);
        let wanted = mux(p.enable, at_index, 0);
        always("the bit at the index, alone", p.one_hot.eq(wanted));
        let inside = p.index.extend(p.index.width() + 1).lt(self.n);
        when(p.enable & inside, || {
            always("the encoder gives the index back", index_of(p.one_hot).eq(p.index));
        });
        cover("the last bit", p.one_hot.top_bit());
    }
}

/// A one-hot number as a binary index, and whether it is one-hot.
///
/// ```text
///             +---------------+
///  one_hot -->| OneHotEncoder |--> index, is_one_hot
///             +---------------+
/// ```
///
/// *Parameters*: `n`, the number of bits, at least 1.
///
/// *Ports*: see [`OneHotEncoderPorts`].
///
/// *Behaviour*: `is_one_hot` if exactly one bit is one; then `index` is its number.
///
/// *Timing*: combinational; `index` is an or of half of the bits for each of its bits, smaller and
/// faster than a [`PriorityEncoder`](crate::PriorityEncoder).
///
/// *Undefined*: nothing; of several ones `index` is the bitwise or of their numbers, of none 0.
///
/// *Verification*: proved for several `n`: `is_one_hot` is a count of one, the bit at `index` is
/// the one; of several, the or of their numbers.
///
/// *Example*:
/// ```
/// use olivine_bench::{Bench, Poke};
/// use olivine_blocks::OneHotEncoder;
///
/// let mut bench = Bench::new(OneHotEncoder { n: 5 });
/// bench.run(1, |p, _| {
///     p.one_hot.poke(0b01000u8);
///     assert_eq!((p.is_one_hot.peek(), p.index.peek()), (1, 3));
/// });
/// ```
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct OneHotEncoder {
    /// The number of bits.
    pub n: u32,
}

/// The ports of [`OneHotEncoder`].
#[derive(Ports)]
pub struct OneHotEncoderPorts {
    /// What is encoded.
    pub one_hot: In<Unsigned>,
    /// The number of the bit that is one.
    pub index: Out<Unsigned>,
    /// Exactly one bit is one.
    pub is_one_hot: Out<Bit>,
}

impl Module for OneHotEncoder {
    type Ports = OneHotEncoderPorts;

    fn ports(&self) -> OneHotEncoderPorts {
        let index = unsigned(index_width(self.n as usize));
        OneHotEncoderPorts { one_hot: unsigned(self.n), index, is_one_hot: bit() }
    }

    #[named]
    fn build(&self, p: OneHotEncoderPorts) {
        p.index.drive(index_of(p.one_hot));
        let others = p.one_hot & below(p.one_hot);
        p.is_one_hot.drive(p.one_hot.any() & !others.any());

        always("one-hot is a count of one", p.is_one_hot.eq(p.one_hot.count_ones().eq(1)));
        when(p.is_one_hot, || {
            let at_index = constant(p.one_hot.shape(), 1).shift_left(p.index);
            always("the bit at the index is the one", p.one_hot.eq(at_index));
        });
        let each = p.one_hot.bits().into_iter().enumerate();
        let numbers = each.map(|(i, one)| mux(one, constant(p.index.shape(), i), 0));
        let joined = numbers.reduce(|a, b| a | b).expect("there is a bit");
        always("the index is the or of the numbers of the ones", p.index.eq(joined));
        cover("the last bit alone", p.is_one_hot & p.one_hot.top_bit());
    }
}
