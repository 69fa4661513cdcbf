//! The netlist's operators on words of literals, least significant first.

use crate::gates::{Gates, Lit};
use crate::sabotage::{Bug, planted};
use olivine_netlist::Bits;

/// A value as literals, least significant first.
pub(crate) type Word = Box<[Lit]>;

/// A constant.
pub(crate) fn constant(bits: &Bits) -> Word {
    (0..bits.width()).map(|i| Lit::constant(bits.bit(i))).collect()
}

/// Applies a two-input function bit by bit.
pub(crate) fn zip(a: &[Lit], b: &[Lit], mut gate: impl FnMut(Lit, Lit) -> Lit) -> Word {
    a.iter().zip(b).map(|(&a, &b)| gate(a, b)).collect()
}

/// Each bit inverted.
pub(crate) fn not(a: &[Lit]) -> Word {
    a.iter().map(|&a| !a).collect()
}

/// `then` if `condition`, else `otherwise`.
pub(crate) fn mux(gates: &mut Gates, condition: Lit, then: &[Lit], otherwise: &[Lit]) -> Word {
    zip(then, otherwise, |t, e| gates.mux(condition, t, e))
}

/// `a + b + carry` modulo 2^width, and the carry out.
fn add_with_carry(gates: &mut Gates, a: &[Lit], b: &[Lit], carry: Lit) -> (Word, Lit) {
    let mut carry = carry;
    let sum = zip(a, b, |a, b| {
        let differ = gates.xor(a, b);
        let sum = gates.xor(differ, carry);
        carry = if planted(Bug::CarryLost) { Lit::ZERO } else { gates.mux(differ, carry, a) };
        sum
    });
    (sum, carry)
}

/// Sum modulo 2^width.
pub(crate) fn add(gates: &mut Gates, a: &[Lit], b: &[Lit]) -> Word {
    add_with_carry(gates, a, b, Lit::ZERO).0
}

/// Difference modulo 2^width.
pub(crate) fn sub(gates: &mut Gates, a: &[Lit], b: &[Lit]) -> Word {
    add_with_carry(gates, a, &not(b), Lit::ONE).0
}

/// Equality.
pub(crate) fn equal(gates: &mut Gates, a: &[Lit], b: &[Lit]) -> Lit {
    let same = zip(a, b, |a, b| !gates.xor(a, b));
    gates.all(same)
}

/// Equality with a number; false if the number does not fit.
pub(crate) fn equals_number(gates: &mut Gates, a: &[Lit], number: u64) -> Lit {
    let bit = |i: usize| i < 64 && number >> i & 1 == 1;
    let fits = a.len() >= 64 || number >> a.len() == 0;
    if !fits {
        return Lit::ZERO;
    }
    gates.all(a.iter().enumerate().map(|(i, &lit)| lit.invert_if(!bit(i))))
}

/// `a < b`, unsigned.
pub(crate) fn less_unsigned(gates: &mut Gates, a: &[Lit], b: &[Lit]) -> Lit {
    a.iter().zip(b).fold(Lit::ZERO, |less, (&a, &b)| {
        let differ = gates.xor(a, b);
        gates.mux(differ, b, less)
    })
}

/// `a < b`, two's complement: with the sign bits inverted the order is the unsigned one.
pub(crate) fn less_signed(gates: &mut Gates, a: &[Lit], b: &[Lit]) -> Lit {
    less_unsigned(gates, &flip_sign(a), &flip_sign(b))
}

fn flip_sign(a: &[Lit]) -> Word {
    let mut flipped: Word = a.into();
    if let Some(sign) = flipped.last_mut().filter(|_| !planted(Bug::SignIgnored)) {
        *sign = !*sign;
    }
    flipped
}

/// The full product: one row for each bit of `b`, added from the least significant on. In two's
/// complement the last row, that of the sign, is subtracted.
pub(crate) fn mul(gates: &mut Gates, a: &[Lit], b: &[Lit], signed: bool) -> Word {
    let sign_of = |word: &[Lit]| if signed { word[word.len() - 1] } else { Lit::ZERO };
    let width = a.len() + 1;
    let mut product = Vec::with_capacity(a.len() + b.len());
    // What is still above the product's bits that are done; one bit wider than a row.
    let mut above: Vec<Lit> = vec![Lit::ZERO; width];
    for (i, &bit) in b.iter().enumerate() {
        let mut row: Vec<Lit> = a.iter().map(|&a| gates.and(a, bit)).collect();
        row.push(sign_of(&row));
        let last_of_signed = signed && i == b.len() - 1;
        let sum = match last_of_signed {
            true => sub(gates, &above, &row),
            false => add(gates, &above, &row),
        };
        product.push(sum[0]);
        above.clear();
        above.extend(&sum[1..]);
        above.push(sign_of(&sum));
    }
    product.extend(&above[..a.len()]);
    product.into()
}

/// `a` shifted towards the most significant bit.
pub(crate) fn shift_left(gates: &mut Gates, a: &[Lit], amount: &[Lit]) -> Word {
    let reversed: Word = a.iter().rev().copied().collect();
    let shifted = shift_right(gates, &reversed, amount, Lit::ZERO);
    shifted.iter().rev().copied().collect()
}

/// `a` shifted towards the least significant bit; `fill` enters. One stage of choices for each
/// bit of the amount that can leave anything of `a`; any bit above leaves nothing.
pub(crate) fn shift_right(gates: &mut Gates, a: &[Lit], amount: &[Lit], fill: Lit) -> Word {
    let stages = (0..amount.len()).take_while(|&i| i < 32 && 1 << i < a.len()).count();
    let mut value: Word = a.into();
    for (i, &bit) in amount[..stages].iter().enumerate() {
        let skip = 1 << i;
        let moved: Word = (0..a.len()).map(|j| *value.get(j + skip).unwrap_or(&fill)).collect();
        value = mux(gates, bit, &moved, &value);
    }
    let too_far = match planted(Bug::ShiftTooFar) {
        true => Lit::ZERO,
        false => gates.any(amount[stages..].iter().copied()),
    };
    mux(gates, too_far, &vec![fill; a.len()], &value)
}

/// `options[index]`, or `beyond` where the index is past the end.
pub(crate) fn select(gates: &mut Gates, index: &[Lit], options: &[Word], beyond: &Word) -> Word {
    let bits = options.len().next_power_of_two().trailing_zeros() as usize;
    let mut level: Vec<Word> = options.to_vec();
    for i in 0..bits {
        let bit = index.get(i).copied().unwrap_or(Lit::ZERO);
        if level.len() % 2 == 1 {
            level.push(beyond.clone());
        }
        level = level.chunks(2).map(|pair| mux(gates, bit, &pair[1], &pair[0])).collect();
    }
    let too_far = gates.any(index.iter().skip(bits).copied());
    mux(gates, too_far, beyond, &level[0])
}
