//! [`AddProduct`]: sum plus exact product, rounded once.

use crate::format::{Classified, classify};
use crate::multiply::exponent_width;
use crate::normalise::normalise;
use crate::round::{Exact, Forced};
use crate::{Format, Product};
use olivine_lang::prelude::*;

/// Adds an exact product to a sum and rounds once, to nearest, ties to even.
///
/// ```text
///             +------------+
///         c ->|            |
///             | AddProduct |-> sum
///   product ->|            |
///             +------------+
/// ```
///
/// *Behaviour*: `sum = RNE(c + product)`, by the rules at the head of this crate; where `fresh`,
/// `sum = RNE(+0 + product)`.
///
/// *Timing*: combinational. In series: exponent difference, alignment shifter, adder, normalising
/// shifter, rounding incrementer.
///
/// *Undefined*: nothing.
///
/// *Verification*: as part of [`Mac`](crate::Mac).
///
/// # Why it is right
/// Let `M` be the mantissa width of the sum, and read significands as binary fractions with `M`
/// fraction bits. The product's is `x` in [1, 4), with many trailing zeros; that of `c` is `y` in
/// [1, 2). Let `d` be the product's exponent minus that of `c`.
///
/// 1. **Order by exponent alone.** `d ≥ 0`: *large* is `x`, *small* is `y`, to be shifted right by
///    `d`. `d < 0`: *large* is `y`, *small* is `x/2`, to be shifted right by `−d − 1`, which is the
///    complement of `d`: no negation, and *small* is below 2 either way.
/// 2. **Three more bits.** Two bits below the last place are kept exactly, and a sticky bit says
///    whether anything nonzero was shifted out below them. If the shift is so far that only the
///    sticky bit can be set, it is; if either term is zero, *small* is made zero, which is why
///    nothing here depends on the significand of a zero.
/// 3. **Cancellation is exact.** The difference is below 1/2 only if *large* is below 1/2 plus
///    the shifted *small*, which takes `d` from −2 to 1: shifts by at most two places, whose bits
///    the two extra ones hold. Then the sticky bit is zero and the difference exact.
/// 4. **The sticky bit is right under subtraction.** Otherwise the difference is at least 1/2, so
///    that its last place is no finer than the first of the extra bits, and rounding only asks
///    how the exact value compares with multiples of the second. What was shifted out is strictly
///    between 0 and one unit of the second extra bit; putting one half in its stead (the sticky
///    bit) leaves the difference strictly between the same two multiples.
/// 5. **The difference is negative only if nothing is shifted**: only for `d` of 0 or −1 can
///    *small* exceed *large*. So both comparisons, on the terms as they are, go on beside exponents
///    and shifter, and decide which of the two is subtracted.
/// 6. **Rounding may carry into the exponent.** Both exponents are worked out beside the mantissa's
///    increment, and its carry chooses. What lies outside of the exponent's range after that is
///    infinity or zero.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct AddProduct {
    /// The format of the product's factors.
    pub operand: Format,
    /// The format of the sum.
    pub sum: Format,
}

/// The ports of [`AddProduct`].
#[derive(Ports)]
pub struct AddProductPorts {
    /// The sum so far.
    pub c: In<Float>,
    /// Reads `c` as +0.
    pub fresh: In<Bit>,
    /// What is added.
    pub product: In<Product>,
    /// `c + product`, rounded.
    pub sum: Out<Float>,
}

/// The bits that are kept below the last place: two exact ones and the sticky bit.
const EXTRA: u32 = 3;

impl Module for AddProduct {
    type Ports = AddProductPorts;

    fn check(&self) -> Result<(), String> {
        crate::Mac::new(self.operand, self.sum).map(|_| ()).map_err(|error| error.to_string())
    }

    fn ports(&self) -> AddProductPorts {
        let product = Product::shape_of(self.operand, self.sum);
        AddProductPorts { c: self.sum.shape(), fresh: bit(), product, sum: self.sum.shape() }
    }

    fn name(&self) -> String {
        format!("add_product_{}_{}", self.operand.tag(), self.sum.tag())
    }

    #[named]
    fn build(&self, p: AddProductPorts) {
        let c = or_zero(classify(p.c, self.sum), p.fresh);
        let subtract = c.sign ^ p.product.sign;
        let ordered = self.order(c, p.product);
        let negative = subtract & ordered.exceeds;
        let magnitude = self.add(&ordered, self.align(&ordered), subtract, negative);
        let (leading_zeros, normal) = normalise(magnitude);
        let sign = ordered.c_is_large.select(c.sign, p.product.sign) ^ negative;
        let exact = Exact { sign, exponent: ordered.exponent, leading_zeros, normal };
        p.sum.drive(exact.round(self.sum, &forced(c, p.product)));
    }
}

/// Zeros, infinities and NaNs among the terms.
fn forced(c: Classified, product: Product) -> Forced {
    let infinite = c.infinite | product.infinite;
    let opposed = c.infinite & product.infinite & (c.sign ^ product.sign);
    let zeros = c.zero & product.zero;
    let sign_of_infinity = product.infinite.select(product.sign, c.sign);
    Forced {
        nan: c.nan | product.nan | opposed,
        infinite,
        zero: zeros,
        sign: zeros.select(c.sign & product.sign, sign_of_infinity),
    }
}

/// The two terms by exponent.
struct Ordered {
    c_is_large: Bit,
    /// `M + 2` bits, of which `M` are fraction.
    large: Unsigned,
    /// `M + 1` bits, of which `M` are fraction.
    small: Unsigned,
    /// By how much `small` is shifted right.
    distance: Unsigned,
    /// A term is zero: `small` does not count.
    alone: Bit,
    /// That of `large`.
    exponent: Signed,
    /// `small` is greater than `large`, and not shifted.
    exceeds: Bit,
}

impl AddProduct {
    /// Of exponents that may have left the range.
    fn exponent_width(&self) -> u32 {
        exponent_width(self.operand, self.sum)
    }

    fn order(&self, c: Classified, product: Product) -> Ordered {
        let places = self.sum.mantissa - 2 * self.operand.mantissa;
        let x = product.significand << places;
        let half_x = product.significand << (places - 1);
        let c_exponent = c.exponent.extend(self.exponent_width()).as_signed();
        let difference = product.exponent - c_exponent;
        let c_is_higher = difference.is_negative();
        let c_is_large = !c.zero & (product.zero | c_is_higher);
        let magnitude = difference.as_unsigned() ^ c_is_higher.repeat(difference.width());
        let alone = c.zero | product.zero;
        let exceeds = self.exceeds(c.significand, product.significand, c_is_large);
        Ordered {
            c_is_large,
            large: c_is_large.select(c.significand.extend(x.width()), x),
            small: c_is_large.select(half_x, c.significand),
            distance: magnitude.truncate(difference.width() - 1),
            alone,
            exceeds: exceeds & !magnitude.any() & !alone,
            exponent: c_is_large.select(c_exponent, product.exponent),
        }
    }

    /// Whether the term with the lower exponent, not shifted, is the greater one. Both comparisons
    /// leave out the product's trailing zeros, and wait for no exponent.
    fn exceeds(&self, y: Unsigned, product: Unsigned, c_is_large: Bit) -> Bit {
        let places = self.sum.mantissa - 2 * self.operand.mantissa;
        let width = product.width();
        let half_x_over_y = (y >> (places - 1)).extend(width).lt(product);
        let below = y.truncate(places).any();
        let y_over_x =
            cat((constant(bit(), false), product)).lt(cat((below, (y >> places).extend(width))));
        c_is_large.select(half_x_over_y, y_over_x)
    }

    /// `small`, shifted, with the extra bits.
    fn align(&self, ordered: &Ordered) -> Unsigned {
        let mut kept = ordered.small << (EXTRA - 1);
        let mut lost = constant(bit(), false);
        let stages = bits_for(u64::from(kept.width()));
        for stage in 0..stages {
            let here = ordered.distance.bit(stage);
            let step = 1 << stage;
            lost = lost | (here & kept.truncate(step).any());
            kept = here.select(kept.shift_right(step), kept);
        }
        let far = ordered.distance.slice(stages, ordered.distance.width() - stages).any();
        let none = far | ordered.alone;
        let sticky = none.select(!ordered.alone, lost);
        let kept = kept & !none.repeat(kept.width());
        cat((sticky, kept))
    }

    /// `large + small`, or the magnitude of `large − small`, which may be negative.
    fn add(&self, ordered: &Ordered, small: Unsigned, subtract: Bit, negative: Bit) -> Unsigned {
        let width = self.sum.mantissa + EXTRA + 3;
        let large = (ordered.large << EXTRA).extend(width) ^ negative.repeat(width);
        let small = small.extend(width) ^ (subtract & !negative).repeat(width);
        // The carry in of the subtraction enters through one more bit below.
        let one = constant(bit(), true);
        cat((one, large)).wrapping_add(cat((subtract, small))) >> 1
    }
}

/// +0 instead, where `fresh`; its significand and exponent then mean nothing.
fn or_zero(c: Classified, fresh: Bit) -> Classified {
    Classified {
        sign: c.sign & !fresh,
        zero: c.zero | fresh,
        infinite: c.infinite & !fresh,
        nan: c.nan & !fresh,
        ..c
    }
}
