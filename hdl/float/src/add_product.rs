//! [`AddProduct`]: sum plus exact product, rounded once.

use crate::format::{Classified, classify};
use crate::multiply::exponent_width;
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
/// *Behaviour*: `sum = RNE(c + product)`, by the rules at the head of this crate.
///
/// *Timing*: combinational. In series: exponent difference, alignment shifter, adder,
/// conditional negation, normalising shifter, rounding incrementer.
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
/// 5. **The difference is negative only if it is exact**: only for `d` of 0 or −1 can *small*
///    exceed *large*. So negating the part above the extra bits is enough, as they are zero.
/// 6. **Rounding carries into the exponent**, as mantissa and exponent are incremented as one
///    number. What lies outside of the exponent's range after that is infinity or zero.
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
    /// What is added.
    pub product: In<Product>,
    /// `c + product`, rounded.
    pub sum: Out<Float>,
}

/// The bits that are kept below the last place: two exact ones and the sticky bit.
const EXTRA: u32 = 3;

impl Module for AddProduct {
    type Ports = AddProductPorts;

    fn ports(&self) -> AddProductPorts {
        let product = Product::shape_of(self.operand, self.sum);
        AddProductPorts { c: self.sum.shape(), product, sum: self.sum.shape() }
    }

    #[named]
    fn build(&self, p: AddProductPorts) {
        let c = classify(p.c, self.sum);
        let subtract = c.sign ^ p.product.sign;
        let ordered = self.order(c, p.product);
        let small = self.align(&ordered);
        let (negative, magnitude) = self.add(ordered.large, small, subtract);
        let (leading_zeros, normal) = normalise(magnitude);
        let sign = ordered.c_is_large.select(c.sign, p.product.sign) ^ negative;
        let exponent =
            ordered.exponent.wrapping_sub(leading_zeros.extend(self.exponent_width()).as_signed());
        let rounded = self.round(exponent, normal);
        let cancelled = !normal.top_bit();
        p.sum.drive(self.pack(c, p.product, Rounded { sign, cancelled, number: rounded }));
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
}

/// The exact sum, rounded with unbounded exponent.
struct Rounded {
    sign: Bit,
    /// The sum is exactly zero.
    cancelled: Bit,
    /// Exponent above mantissa.
    number: Unsigned,
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
        Ordered {
            c_is_large,
            large: c_is_large.select(c.significand.extend(x.width()), x),
            small: c_is_large.select(half_x, c.significand),
            distance: magnitude.truncate(difference.width() - 1),
            alone: c.zero | product.zero,
            exponent: c_is_large.select(c_exponent, product.exponent),
        }
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

    /// `large ± small`: whether it is negative, and its magnitude.
    fn add(&self, large: Unsigned, small: Unsigned, subtract: Bit) -> (Bit, Unsigned) {
        let width = self.sum.mantissa + EXTRA + 3;
        let large = (large << EXTRA).extend(width + 1);
        let small = small.extend(width + 1) ^ subtract.repeat(width + 1);
        // The carry in of the subtraction enters through one more bit below.
        let one = constant(bit(), true);
        let sum = cat((one, large)).wrapping_add(cat((subtract, small))) >> 1;
        let negative = sum.top_bit();
        let high = sum.slice(EXTRA, width - EXTRA);
        let inverted = high ^ negative.repeat(high.width());
        let high = inverted.wrapping_add(negative.as_unsigned().extend(high.width()));
        (negative, sum.truncate(EXTRA).concat(high))
    }

    /// Exponent above mantissa, rounded to nearest, ties to even.
    fn round(&self, exponent: Signed, normal: Unsigned) -> Unsigned {
        let dropped = normal.width() - self.sum.precision();
        let mantissa = normal.slice(dropped, self.sum.mantissa);
        let half = normal.bit(dropped - 1);
        let up = half & (normal.truncate(dropped - 1).any() | mantissa.bit(0));
        // The leading bit of `normal` has the weight 4.
        let four = constant(unsigned(self.exponent_width()), 2);
        let step = up.as_unsigned().extend(self.sum.mantissa).concat(four);
        mantissa.concat(exponent).wrapping_add(step)
    }

    fn pack(&self, c: Classified, product: Product, sum: Rounded) -> Float {
        let Format { exponent: e, mantissa: m } = self.sum;
        let exponent = sum.number.slice(m, self.exponent_width()).as_signed();
        let above = exponent.is_negative();
        let too_small = exponent.le(0);
        let too_large = !above & exponent.ge(self.sum.special_exponent());
        let any_infinite = c.infinite | product.infinite;
        let opposed = c.infinite & product.infinite & (c.sign ^ product.sign);
        let nan = c.nan | product.nan | opposed;
        let zeros = c.zero & product.zero;
        let vanishes = zeros | sum.cancelled | too_small;
        let special = nan | any_infinite;
        let infinite = any_infinite | (too_large & !vanishes);
        let sign = zeros.select(c.sign & product.sign, sum.sign & !sum.cancelled);
        let sign = any_infinite.select(product.infinite.select(product.sign, c.sign), sign);
        let ones = special | infinite;
        let clear = ones | vanishes;
        let mantissa = sum.number.truncate(m) & !clear.repeat(m);
        let quiet = constant(unsigned(m), 1).shift_left(m - 1) & nan.repeat(m);
        let field = exponent.truncate(e).as_unsigned();
        let field = (field & !clear.repeat(e)) | ones.repeat(e);
        cat((mantissa | quiet, field, sign & !nan)).as_float(self.sum.shape())
    }
}

/// The number of leading zeros and the number without them; zero stays zero.
fn normalise(value: Unsigned) -> (Unsigned, Unsigned) {
    let mut normal = value;
    let mut count = Vec::new();
    for stage in (0..bits_for(u64::from(value.width() - 1))).rev() {
        let step = 1 << stage;
        let empty = !normal.slice(value.width() - step, step).any();
        normal = empty.select(normal.shift_left(step), normal);
        count.push(empty);
    }
    count.reverse();
    (cat(count), normal)
}
