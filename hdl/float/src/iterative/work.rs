//! [`Work`]: what is kept from cycle to cycle, and what a digit does with it.

use crate::quotient;
use crate::unpacked::Unpacked;
use olivine_lang::prelude::*;

/// A significand that comes a digit after the other.
#[derive(Clone, Copy)]
pub enum Work {
    /// A product with a factor of so many bits. What is kept is the product so far, above the digits of
    /// that factor that are still to come.
    Product(u32),
    /// A quotient of so many bits. What is kept is the rest, above the quotient so far.
    Quotient(u32),
}

/// Two operands.
type Pair<'a> = [&'a Unpacked; 2];

impl Work {
    /// Bits that are to come.
    pub fn bits(self) -> u32 {
        let (Self::Product(bits) | Self::Quotient(bits)) = self;
        bits
    }

    /// What has these bits.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Product(_) => "significand",
            Self::Quotient(_) => "quotient",
        }
    }

    /// What is kept before the first of so many digits.
    #[track_caller]
    pub fn begun(self, [a, b]: Pair, steps: u32, digit: u32) -> Unsigned {
        let below = steps * digit;
        match self {
            Self::Product(precision) => b.significand.extend(precision + below),
            Self::Quotient(_) => {
                let [rest, _] = quotient::significands(a, b);
                zero(unsigned(below)).concat(rest)
            }
        }
    }

    /// What is kept after the next digit.
    #[named]
    #[track_caller]
    pub fn next(self, kept: Unsigned, [a, b]: Pair, digit: u32) -> Unsigned {
        match self {
            Self::Product(_) => next_of_product(kept, a.significand, digit),
            Self::Quotient(_) => {
                let [_, divisor] = quotient::significands(a, b);
                (0..digit).fold(kept, |kept, _| next_of_quotient(kept, divisor))
            }
        }
    }

    /// Whether what is kept is right when so many bits have come.
    #[named]
    #[track_caller]
    pub fn holds(self, kept: Unsigned, [a, b]: Pair, met: u32) -> Bit {
        match self {
            Self::Product(_) => product_holds(kept, [a.significand, b.significand], met),
            Self::Quotient(_) => quotient_holds(kept, quotient::significands(a, b), met) | b.zero,
        }
    }
}

/// The lowest digit meets `a`; the sum moves down over it.
fn next_of_product(kept: Unsigned, a: Unsigned, digit: u32) -> Unsigned {
    let below = kept.width() - a.width();
    let so_far = kept.slice(below, a.width());
    let sum = (a * kept.truncate(digit)).wrapping_add(so_far.extend(a.width() + digit));
    match below - digit {
        0 => sum,
        rest => cat((kept.slice(digit, rest), sum)),
    }
}

/// A bit of the quotient enters below; the rest moves up.
fn next_of_quotient(kept: Unsigned, divisor: Unsigned) -> Unsigned {
    let below = kept.width() - divisor.width();
    let (rest, fits) = quotient::step(kept.slice(below, divisor.width()), divisor);
    cat((fits, kept.truncate(below - 1), rest))
}

/// So many bits of `b` are multiplied, the others still to come.
fn product_holds(kept: Unsigned, [a, b]: [Unsigned; 2], met: u32) -> Bit {
    let below = kept.width() - a.width();
    let b = b.extend(below);
    let to_come = match below - met {
        0 => constant(bit(), true),
        rest => kept.truncate(rest).eq(b.slice(met, rest)),
    };
    let so_far = kept.slice(below - met, a.width() + met);
    let right = match met {
        0 => !so_far.any(),
        _ => so_far.eq(a * b.truncate(met)),
    };
    to_come & right
}

/// `first · 2^met = 2 · quotient · divisor + rest`, and the rest is below twice the divisor.
fn quotient_holds(kept: Unsigned, [first, divisor]: [Unsigned; 2], met: u32) -> Bit {
    let below = kept.width() - first.width();
    let rest = kept.slice(below, first.width());
    let small = rest.lt(divisor.shift_left(1));
    if met == 0 {
        return small & rest.eq(first) & !kept.truncate(below).any();
    }
    let width = first.width() + met + 1;
    let product = (kept.truncate(met) * divisor).extend(width).shift_left(1);
    let whole = product.wrapping_add(rest.extend(width));
    let right = whole.eq(first.extend(width).shift_left(met));
    let unused = match below - met {
        0 => constant(bit(), true),
        more => !kept.slice(met, more).any(),
    };
    small & right & unused
}
