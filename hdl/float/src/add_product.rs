//! [`AddProduct`]: sum plus exact product, rounded once.

use crate::format::{Classified, classify};
use crate::multiply::exponent_width;
use crate::normalise::normalise_signed;
use crate::round::{Exact, Forced};
use crate::staged::sealed::Sealed;
use crate::{Cuts, Format, Product, Staged};
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
/// shifter, rounding incrementer. In a [`Pipelined`](crate::Pipelined) registers stand between
/// these, and in the middle of the normalising shifter: five places.
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
///    whether anything nonzero was shifted out below them. A shift so far that only the sticky bit
///    can be set is made the longest there is; if either term is zero, *small* is made zero, which
///    is why nothing here depends on the significand of a zero.
/// 3. **Cancellation is exact.** The difference is below 1/2 only if *large* is below 1/2 plus
///    the shifted *small*, which takes `d` from −2 to 1: shifts by at most two places, whose bits
///    the two extra ones hold. Then the sticky bit is zero and the difference exact.
/// 4. **The sticky bit is right under subtraction.** Otherwise the difference is at least 1/2, so
///    that its last place is no finer than the first of the extra bits, and rounding only asks
///    how the exact value compares with multiples of the second. What was shifted out is strictly
///    between 0 and one unit of the second extra bit; putting one half in its stead (the sticky
///    bit) leaves the difference strictly between the same two multiples.
/// 5. **A negative difference is complemented, not negated.** It is negative only if nothing is
///    shifted; then the three extra bits are zero, it is below 2 and so exact without them.
///    Its complement is its magnitude less one unit of the last extra bit: behind the mantissa
///    there are only ones, more of them shifted in from below, and rounding to nearest carries into
///    the mantissa, which gives the magnitude.
/// 6. **Rounding may carry into the exponent**, as it should. What lies outside of the exponent's
///    range after that is infinity or zero.
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

    fn build(&self, p: AddProductPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for AddProduct {}

impl Staged for AddProduct {
    fn places(&self) -> u32 {
        5
    }

    #[named]
    fn stages(&self, p: AddProductPorts, cuts: &mut Cuts) {
        let c = or_zero(classify(p.c, self.sum), p.fresh);
        let ordered = self.order(c, p.product);
        let (ordered, forced) = cuts.here((ordered, forced(c, p.product)));
        let Ordered { large, small, distance, exponent, subtract, sign } = ordered;
        let small = self.align(small, distance, subtract);
        let going_on = (exponent, subtract, sign, forced);
        let (large, small, going_on) = cuts.here((large, small, going_on));
        let (exponent, subtract, sign, forced) = going_on;
        let total = self.add(large, small, subtract);
        let negative = subtract & total.top_bit();
        let going_on = (exponent, sign ^ negative, forced);
        let (total, negative, going_on) = cuts.here((total, negative, going_on));
        let (normal, leading_zeros, going_on) = normalise_signed(total, negative, going_on, cuts);
        let (exponent, sign, forced) = going_on;
        let zeros = leading_zeros.extend(exponent.width()).as_signed();
        let exponent = exponent.wrapping_sub(zeros);
        let (exact, forced) = cuts.here((Exact { sign, exponent, normal }, forced));
        p.sum.drive(exact.round(self.sum, &forced));
    }
}

/// Zeros, infinities and NaNs among the terms.
#[named]
fn forced(c: Classified, product: Product) -> Forced {
    let infinite = c.infinite | product.infinite;
    let opposed = c.infinite & product.infinite & (c.sign ^ product.sign);
    let zero = c.zero & product.zero;
    let sign_of_infinity = product.infinite.select(product.sign, c.sign);
    Forced {
        nan: c.nan | product.nan | opposed,
        infinite,
        zero,
        sign: zero.select(c.sign & product.sign, sign_of_infinity),
    }
}

/// The two terms by exponent.
#[derive(Clone, Copy, Bundle)]
struct Ordered {
    /// `M + 2` bits, of which `M` are fraction.
    large: Unsigned,
    /// `M + 1` bits, of which `M` are fraction; zero if a term is.
    small: Unsigned,
    /// By how much `small` is shifted right, or the most there is.
    distance: Unsigned,
    /// That of `large`.
    exponent: Signed,
    /// The signs differ.
    subtract: Bit,
    /// That of `large`.
    sign: Bit,
}

impl AddProduct {
    /// Of exponents that may have left the range.
    fn exponent_width(&self) -> u32 {
        exponent_width(self.operand, self.sum)
    }

    /// Of `small` with the exact extra bits.
    fn kept_width(&self) -> u32 {
        self.sum.precision() + EXTRA - 1
    }

    #[named]
    fn order(&self, c: Classified, product: Product) -> Ordered {
        let places = self.sum.mantissa - 2 * self.operand.mantissa;
        let x = product.significand << places;
        let half_x = product.significand << (places - 1);
        let c_exponent = c.exponent.extend(self.exponent_width()).as_signed();
        let difference = product.exponent - c_exponent;
        let c_is_higher = difference.is_negative();
        let c_is_large = !c.zero & (product.zero | c_is_higher);
        let width = difference.width() - 1;
        let magnitude = difference.as_unsigned().truncate(width) ^ c_is_higher.repeat(width);
        let stages = bits_for(u64::from(self.kept_width()));
        let far = magnitude.slice(stages, width - stages).any();
        let both = !(c.zero | product.zero);
        let small = c_is_large.select(half_x, c.significand);
        Ordered {
            large: c_is_large.select(c.significand.extend(x.width()), x),
            small: small & both.repeat(small.width()),
            distance: magnitude.truncate(stages) | far.repeat(stages),
            exponent: c_is_large.select(c_exponent, product.exponent),
            subtract: c.sign ^ product.sign,
            sign: c_is_large.select(c.sign, product.sign),
        }
    }

    /// `small`, shifted, with the extra bits; complemented for a subtraction.
    #[named]
    fn align(&self, small: Unsigned, distance: Unsigned, subtract: Bit) -> Unsigned {
        let mut kept = small << (EXTRA - 1);
        let mut lost = constant(bit(), false);
        for stage in (0..distance.width()).rev() {
            let here = distance.bit(stage);
            let step = 1 << stage;
            lost = lost | (here & kept.truncate(step).any());
            kept = here.select(kept.shift_right(step), kept);
        }
        let aligned = cat((lost, kept));
        aligned ^ subtract.repeat(aligned.width())
    }

    /// `large + small`, or their difference in two's complement.
    fn add(&self, large: Unsigned, small: Unsigned, subtract: Bit) -> Unsigned {
        let width = large.width() + EXTRA + 1;
        let large = (large << EXTRA).extend(width);
        let small = cat((small, subtract.repeat(width - small.width())));
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
