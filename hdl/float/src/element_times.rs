//! [`ElementTimes`]: the exact product of two elements of MX blocks, for a sum.

use crate::element::scaled;
use crate::staged::sealed::Sealed;
use crate::unpacked::Kinds;
use crate::{Cuts, Element, Staged};
use olivine_lang::prelude::*;

/// Multiplies two elements exactly, as a term for a sum of integers.
///
/// ```text
///        +--------------+
///   a -->|              |
///        | ElementTimes |--> term
///   b -->|              |
///        +--------------+
/// ```
///
/// *Behaviour*: `term.complement + term.negative = a · b` in units of the square of the least
/// element, unless a flag says that it is special.
///
/// *Timing*: combinational. In a [`Pipelined`](crate::Pipelined) registers stand between the product
/// of the significands and the shifter: one place.
///
/// *Undefined*: `complement` and `negative` where `nan` or `infinite`.
///
/// *Verification*: all pairs of elements against the golden model.
#[derive(Clone, Debug, Hash, PartialEq, Eq)]
pub struct ElementTimes {
    /// What is multiplied.
    pub element: Element,
}

/// A product that is still to be negated: the adder of a sum has a carry for that.
#[derive(Clone, Copy, Debug, Bundle)]
pub struct Term {
    /// The product; if negative, one less.
    pub complement: Signed,
    /// One, if negative, else zero.
    pub negative: Bit,
    /// The sign, of an infinity, too.
    pub sign: Bit,
    /// An operand is a NaN, or infinity meets zero. Only where elements can be.
    pub nan: Option<Bit>,
    /// Infinite. Only where elements can be.
    pub infinite: Option<Bit>,
}

/// The ports of [`ElementTimes`].
#[derive(Ports)]
pub struct ElementTimesPorts {
    /// An element.
    pub a: In<Unsigned>,
    /// The other element.
    pub b: In<Unsigned>,
    /// Their product.
    pub term: Out<Term>,
}

impl Term {
    /// The shape of a term of this element.
    pub fn shape_of(element: Element) -> Self {
        let Kinds { nan, infinite } = element.kinds();
        Self {
            complement: signed(element.product_width()),
            negative: bit(),
            sign: bit(),
            nan: nan.then(bit),
            infinite: infinite.then(bit),
        }
    }
}

impl Module for ElementTimes {
    type Ports = ElementTimesPorts;

    fn check(&self) -> Result<(), String> {
        self.element.possible()
    }

    fn ports(&self) -> ElementTimesPorts {
        let code = unsigned(self.element.width());
        ElementTimesPorts { a: code, b: code, term: Term::shape_of(self.element) }
    }

    fn name(&self) -> String {
        format!("element_times_{}", self.element.tag())
    }

    fn build(&self, p: ElementTimesPorts) {
        self.stages(p, &mut Cuts::none());
    }
}

impl Sealed for ElementTimes {}

impl Staged for ElementTimes {
    fn places(&self) -> u32 {
        1
    }

    #[named]
    fn stages(&self, p: ElementTimesPorts, cuts: &mut Cuts) {
        let Element::Float(format) = self.element else {
            let product = cuts.here(p.a.as_signed() * p.b.as_signed());
            let (negative, sign) = (constant(bit(), false), product.top_bit());
            let term = Term { complement: product, negative, sign, nan: None, infinite: None };
            return p.term.drive(term);
        };
        let (a, b) = (scaled(p.a, format), scaled(p.b, format));
        let kinds = self.element.kinds();
        let sign = a.sign ^ b.sign;
        let lost = (a.infinite & b.zero) | (a.zero & b.infinite);
        let nan = kinds.nan.then(|| a.nan | b.nan | lost);
        let infinite = kinds.infinite.then(|| a.infinite | b.infinite);
        // One in both exponents even of subnormal numbers: together two places too many.
        let shift = a.exponent + b.exponent;
        let product = a.significand * b.significand;
        let complement = product ^ sign.repeat(product.width());
        let (complement, shift, sign) = cuts.here((complement, shift, sign));
        let (nan, infinite) = cuts.here((nan, infinite));
        let width = self.element.product_width() + 2;
        let mut shifted = cat((complement, sign.repeat(width - complement.width())));
        for stage in 0..shift.width() {
            let step = 1 << stage;
            let moved = cat((sign.repeat(step), shifted.truncate(width - step)));
            shifted = shift.bit(stage).select(moved, shifted);
        }
        let complement = shifted.slice(2, width - 2).as_signed();
        p.term.drive(Term { complement, negative: sign, sign, nan, infinite });
    }
}
