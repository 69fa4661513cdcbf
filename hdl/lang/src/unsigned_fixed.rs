//! Fixed point without a sign.

use crate::builder::Read;
use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::{Bit, Fixed, Overflow, Rounding, Unsigned, UnsignedFixed};
use olivine_netlist::Bits;
use std::ops::{Add, Mul, Sub};

/// The shape of a fixed-point number without a sign: `integer` bits before the point and `fraction`
/// bits behind it. It holds 0 to 2^integer − 2^−fraction.
pub fn unsigned_fixed(integer: u32, fraction: u32) -> UnsignedFixed {
    let width = integer.saturating_add(fraction);
    UnsignedFixed(Leaf::shape(width, Reading::UnsignedFixed { fraction }))
}

impl UnsignedFixed {
    /// Bits behind the point.
    pub fn fraction(&self) -> u32 {
        match self.0.reading {
            Reading::UnsignedFixed { fraction } => fraction,
            _ => 0,
        }
    }

    /// Bits before the point.
    pub fn integer(&self) -> u32 {
        self.0.width.saturating_sub(self.fraction())
    }

    /// The number times 2^fraction: the same bits. Costs nothing.
    #[track_caller]
    pub fn as_unsigned(&self) -> Unsigned {
        let at = here();
        Unsigned(crate::convert::reread(at, self.0, Reading::Unsigned))
    }

    /// The same number with room for a sign: one bit more before the point. Costs nothing.
    #[track_caller]
    pub fn to_signed(&self) -> Fixed {
        self.as_unsigned().to_signed().as_fixed(self.fraction())
    }

    /// The number in another shape. Nothing is lost, or it is lost as `rounding` and `overflow`
    /// say.
    #[track_caller]
    pub fn convert(&self, to: UnsignedFixed, rounding: Rounding, overflow: Overflow) -> Self {
        let (from, fraction, width) = (self.fraction(), to.fraction(), to.0.width);
        let exact = if fraction >= from {
            self.as_unsigned() << (fraction - from)
        } else {
            dropped(self.as_unsigned(), from - fraction, rounding)
        };
        let sized = match overflow {
            _ if width >= exact.width() => exact.extend(width),
            Overflow::Saturate => exact.saturate(width),
            Overflow::Wrap => exact.truncate(width),
        };
        sized.as_unsigned_fixed(fraction)
    }

    /// Both over one denominator.
    #[track_caller]
    fn aligned(&self, at: At, other: &Given<Self>) -> (Unsigned, Unsigned, u32) {
        let other = self.operand(at, other);
        let fraction = self.fraction().max(other.fraction());
        let a = self.as_unsigned() << (fraction - self.fraction());
        let b = other.as_unsigned() << (fraction - other.fraction());
        let width = a.width().max(b.width());
        (a.extend(width), b.extend(width), fraction)
    }

    /// A signal as it is; a literal in the shape of this one.
    fn operand(&self, at: At, other: &Given<Self>) -> Self {
        match other {
            Given::Signal(signal) => *signal,
            Given::Literal(literal) => {
                let value: Read<_> = with(|b, e| b.literal_bits(e, at, literal, self.0));
                Self(match value {
                    Ok(value) => with(|b, _| b.leaf(value, self.0.reading)),
                    Err(_) => Leaf::poison(self.0.width, self.0.reading),
                })
            }
        }
    }
}

/// `bits` bits fewer at the low end; one more at the high end if rounding can need it.
#[track_caller]
fn dropped(number: Unsigned, bits: u32, rounding: Rounding) -> Unsigned {
    let wide = number.extend(number.width().max(bits) + 1);
    let floor = wide.slice(bits, wide.width() - bits);
    if rounding == Rounding::Floor {
        return floor;
    }
    let half = wide.bit(bits - 1);
    let odd = floor.bit(0);
    let up = half & if bits > 1 { wide.slice(0, bits - 1).any() | odd } else { odd };
    floor.wrapping_add(up.as_unsigned().extend(floor.width()))
}

impl Unsigned {
    /// The number divided by 2^fraction: the same bits. Costs nothing.
    #[track_caller]
    pub fn as_unsigned_fixed(&self, fraction: u32) -> UnsignedFixed {
        let at = here();
        UnsignedFixed(crate::convert::reread(at, self.0, Reading::UnsignedFixed { fraction }))
    }
}

impl<R: Operand<UnsignedFixed>> Add<R> for UnsignedFixed {
    type Output = UnsignedFixed;

    /// Exact: one bit wider than the wider.
    #[track_caller]
    fn add(self, other: R) -> UnsignedFixed {
        let at = here();
        let (a, b, fraction) = self.aligned(at, &other.given());
        (a + b).as_unsigned_fixed(fraction)
    }
}

impl<R: Operand<UnsignedFixed>> Sub<R> for UnsignedFixed {
    type Output = Fixed;

    /// Exact, and so with a sign.
    #[track_caller]
    fn sub(self, other: R) -> Fixed {
        let at = here();
        let (a, b, fraction) = self.aligned(at, &other.given());
        (a - b).as_fixed(fraction)
    }
}

impl<R: Operand<UnsignedFixed>> Mul<R> for UnsignedFixed {
    type Output = UnsignedFixed;

    /// Exact: bits before and behind the point add up.
    #[track_caller]
    fn mul(self, other: R) -> UnsignedFixed {
        let at = here();
        let other = self.operand(at, &other.given());
        let product = self.as_unsigned() * other.as_unsigned();
        product.as_unsigned_fixed(self.fraction() + other.fraction())
    }
}

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident)*) => {$(
        impl UnsignedFixed {
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

/// `value` times 2^fraction in `width` bits, if that is exact.
pub(crate) fn exact(value: f64, width: u32, fraction: u32) -> Option<Bits> {
    let scaled = value * f64::from(i32::try_from(fraction).ok()?).exp2();
    let integer = scaled as u64;
    let same = integer as f64 == scaled && scaled < u64::MAX as f64;
    let fits = width > 63 || integer >> width == 0;
    (same && fits).then(|| Bits::new(width, integer))
}
