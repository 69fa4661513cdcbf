//! Bringing the leading one to the front.

use crate::Cuts;
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

/// A number in two's complement, complemented where `negative`, with its leading one in front, and
/// how many places it went; zero stays zero, and its count means nothing. Where `negative`, ones
/// come in from below. `along` passes the same registers, for which there is one place.
///
/// Each step looks at the bits that the one before left: later, but smaller than a tree beside.
#[named]
pub(crate) fn normalise_signed<T: Signal>(
    value: Unsigned,
    negative: Bit,
    along: T,
    cuts: &mut Cuts,
) -> (Unsigned, Unsigned, T) {
    let stages = bits_for(u64::from(value.width() - 1));
    let mut now = value ^ negative.repeat(value.width());
    let (mut fill, mut along) = (negative, along);
    let mut count = Vec::new();
    for stage in (0..stages).rev() {
        let step = 1 << stage;
        let here = !now.slice(now.width() - step, step).any();
        let moved = cat((fill.repeat(step), now.truncate(now.width() - step)));
        now = here.select(moved, now);
        count.push(here);
        if stage == stages / 2 + 1 {
            (now, fill, count, along) = cuts.here((now, fill, count, along));
        }
    }
    count.reverse();
    (now, cat(count), along)
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
