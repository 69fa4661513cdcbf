//! Fixed point: numbers in two's complement with a binary point.

use crate::builder::Read;
use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::{Bit, Fixed, Signed, UnsignedFixed, mux};
use olivine_netlist::Bits;
use std::ops::{Add, Mul, Neg, Sub};

/// What becomes of bits below the last one that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Towards minus infinity: the bits are dropped.
    Floor,
    /// To the nearest; halves to the even neighbour.
    NearestEven,
}

/// What becomes of a number that the new shape cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// The bits above are dropped.
    Wrap,
    /// The nearest number that can be held.
    Saturate,
}

/// The shape of a fixed-point number: `integer` bits before the point, the sign among them, and
/// `fraction` bits behind it. It holds −2^(integer−1) to 2^(integer−1) − 2^−fraction.
pub fn fixed(integer: u32, fraction: u32) -> Fixed {
    Fixed(Leaf::shape(integer.saturating_add(fraction), Reading::Fixed { fraction }))
}

impl Fixed {
    /// Bits behind the point.
    pub fn fraction(&self) -> u32 {
        match self.0.reading {
            Reading::Fixed { fraction } => fraction,
            _ => 0,
        }
    }

    /// Bits before the point, the sign among them.
    pub fn integer(&self) -> u32 {
        self.0.width.saturating_sub(self.fraction())
    }

    /// The number times 2^fraction: the same bits. Costs nothing.
    #[track_caller]
    pub fn as_signed(&self) -> Signed {
        let at = here();
        Signed(crate::convert::reread(at, self.0, Reading::Signed))
    }

    /// The number in another shape. Nothing is lost, or it is lost as `rounding` and `overflow`
    /// say.
    #[track_caller]
    pub fn convert(&self, to: Fixed, rounding: Rounding, overflow: Overflow) -> Fixed {
        let (from, fraction, width) = (self.fraction(), to.fraction(), to.0.width);
        let exact = if fraction >= from {
            self.as_signed() << (fraction - from)
        } else {
            dropped(self.as_signed(), from - fraction, rounding)
        };
        let sized = match overflow {
            _ if width >= exact.width() => exact.extend(width),
            Overflow::Saturate => exact.saturate(width),
            Overflow::Wrap => exact.truncate(width),
        };
        sized.as_fixed(fraction)
    }

    /// The number in a shape without a sign. As [`Fixed::convert`]; [`Overflow::Saturate`] makes 0 of
    /// what is negative.
    #[track_caller]
    pub fn to_unsigned(
        &self,
        to: UnsignedFixed,
        rounding: Rounding,
        overflow: Overflow,
    ) -> UnsignedFixed {
        let (fraction, width) = (to.fraction(), to.0.width);
        let room = fixed(self.integer().max(to.integer()) + 2, fraction);
        // Nothing overflows here: the number is only brought over its new denominator.
        let exact = self.convert(room, rounding, Overflow::Wrap).as_signed();
        let bits = exact.as_unsigned();
        let sized = match overflow {
            Overflow::Wrap => bits.truncate(width),
            Overflow::Saturate => {
                let magnitude = bits.truncate(exact.width() - 1).saturate(width);
                mux(exact.is_negative(), Bits::zero(width), magnitude)
            }
        };
        sized.as_unsigned_fixed(fraction)
    }

    /// Both over one denominator.
    #[track_caller]
    fn aligned(&self, at: At, other: &Given<Fixed>) -> (Signed, Signed, u32) {
        let other = self.operand(at, other);
        let fraction = self.fraction().max(other.fraction());
        let a = self.as_signed() << (fraction - self.fraction());
        let b = other.as_signed() << (fraction - other.fraction());
        let width = a.width().max(b.width());
        (a.extend(width), b.extend(width), fraction)
    }

    /// A signal as it is; a literal in the shape of this one.
    fn operand(&self, at: At, other: &Given<Fixed>) -> Fixed {
        match other {
            Given::Signal(signal) => *signal,
            Given::Literal(literal) => {
                let value: Read<_> = with(|b, e| b.literal_bits(e, at, literal, self.0));
                Fixed(match value {
                    Ok(value) => with(|b, _| b.leaf(value, self.0.reading)),
                    Err(_) => Leaf::poison(self.0.width, self.0.reading),
                })
            }
        }
    }
}

/// `bits` bits fewer at the low end.
#[track_caller]
fn dropped(number: Signed, bits: u32, rounding: Rounding) -> Signed {
    let wide = number.extend(number.width().max(bits + 1) + 1);
    let floor = wide >> bits;
    if rounding == Rounding::Floor {
        return floor;
    }
    let half = wide.bit(bits - 1);
    let odd = floor.bit(0);
    let up = half & if bits > 1 { wide.slice(0, bits - 1).any() | odd } else { odd };
    floor.wrapping_add(up.as_unsigned().extend(floor.width()).as_signed())
}

impl Signed {
    /// The number divided by 2^fraction: the same bits. Costs nothing.
    #[track_caller]
    pub fn as_fixed(&self, fraction: u32) -> Fixed {
        let at = here();
        Fixed(crate::convert::reread(at, self.0, Reading::Fixed { fraction }))
    }
}

macro_rules! operators {
    ($($trait:ident $method:ident: $make:expr;)*) => {$(
        impl<R: Operand<Fixed>> $trait<R> for Fixed {
            type Output = Fixed;

            /// Exact: as wide as the result can be.
            #[track_caller]
            fn $method(self, other: R) -> Fixed {
                let at = here();
                let (a, b, fraction) = self.aligned(at, &other.given());
                let make: fn(Signed, Signed) -> Signed = $make;
                make(a, b).as_fixed(fraction)
            }
        }
    )*};
}

operators! {
    Add add: |a, b| a + b;
    Sub sub: |a, b| a - b;
}

impl<R: Operand<Fixed>> Mul<R> for Fixed {
    type Output = Fixed;

    /// Exact: bits before and behind the point add up.
    #[track_caller]
    fn mul(self, other: R) -> Fixed {
        let at = here();
        let other = self.operand(at, &other.given());
        let product = self.as_signed() * other.as_signed();
        product.as_fixed(self.fraction() + other.fraction())
    }
}

impl Neg for Fixed {
    type Output = Fixed;

    /// One bit wider, so that the least number has its negative.
    #[track_caller]
    fn neg(self) -> Fixed {
        (-self.as_signed()).as_fixed(self.fraction())
    }
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident)*) => {$(
        impl Fixed {
            $(#[$doc])*
            #[track_caller]
            pub fn $method(&self, other: impl Operand<Self>) -> Bit {
                let at = here();
                let (a, b, _) = self.aligned(at, &other.given());
                a.$method(b)
            }
        }
    )*};
}

comparisons! {
    /// Whether both are equal, wherever their points are.
    eq
    /// Whether they differ.
    ne
    /// Whether this is less.
    lt
    /// Whether this is less or equal.
    le
    /// Whether this is greater.
    gt
    /// Whether this is greater or equal.
    ge
}

/// `value` times 2^fraction in `width` bits of two's complement, if that is exact.
pub(crate) fn exact(value: f64, width: u32, fraction: u32) -> Option<Bits> {
    let scaled = value * f64::from(i32::try_from(fraction).ok()?).exp2();
    let integer = scaled as i64;
    let same = integer as f64 == scaled && scaled.abs() < i64::MAX as f64;
    let fits = width > 63 || (integer >> (width - 1)) == (integer >> 63);
    (same && fits).then(|| Bits::from_i64(width, integer))
}
