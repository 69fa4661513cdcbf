//! Bringing the leading one to the front.

use olivine_lang::prelude::*;

/// The number of leading zeros, and the number shifted left by as many; zero stays zero, and its
/// count means nothing.
///
/// The zeros are counted by a tree beside the shifter, whose widest stages come first, as the
/// upper bits of the count are known first.
pub(crate) fn normalise(value: Unsigned) -> (Unsigned, Unsigned) {
    let stages = bits_for(u64::from(value.width() - 1));
    let padding = (1 << stages) - value.width();
    let mut bits = vec![constant(bit(), false); padding as usize];
    bits.extend(value.bits());
    let (_, count) = leading_zeros(&bits);
    let shifted = (0..stages)
        .rev()
        .fold(value, |now, stage| count[stage as usize].select(now.shift_left(1 << stage), now));
    (cat(count), shifted)
}

/// Of a power of two of bits, the least significant first: whether all are zero, and the number of
/// leading zeros otherwise.
fn leading_zeros(bits: &[Bit]) -> (Bit, Vec<Bit>) {
    let [only] = bits else {
        let (low, high) = bits.split_at(bits.len() / 2);
        let (low_empty, low_count) = leading_zeros(low);
        let (high_empty, high_count) = leading_zeros(high);
        let pairs = low_count.into_iter().zip(high_count);
        let count = pairs.map(|(low, high)| high_empty.select(low, high)).chain([high_empty]);
        return (low_empty & high_empty, count.collect());
    };
    (!*only, Vec::new())
}
