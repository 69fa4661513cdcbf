//! The handles of single values.

use crate::leaf::{Leaf, Net, Reading};
use crate::literal::Scalar;
use crate::place::{At, here};
use crate::signal::Signal;
use crate::walk::Walk;
use std::fmt;
use std::hash::{Hash, Hasher};

macro_rules! scalars {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name(pub(crate) Leaf);

        impl Signal for $name {
            fn walk(&self, walk: &mut Walk<'_>) -> Self {
                Self(walk.leaf(self.0))
            }
        }

        impl Scalar for $name {
            fn leaf(self) -> Leaf {
                self.0
            }

            fn of(leaf: Leaf) -> Self {
                Self(leaf)
            }
        }

        impl $name {
            /// Width in bits.
            pub fn width(&self) -> u32 {
                self.0.width
            }
        }

        impl fmt::Debug for $name {
            /// The shape, as an author writes it.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        /// Compares shapes, so that they can be parameters of a module. On signals it is a fault:
        /// `a.eq(b)` is the comparison in hardware.
        impl PartialEq for $name {
            #[track_caller]
            fn eq(&self, other: &Self) -> bool {
                compare(here(), self.0, other.0)
            }
        }

        impl Eq for $name {}

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.0.hash(state);
            }
        }
    )*};
}

scalars! {
    /// A number in two's complement with a binary point; see [`fixed`](crate::fixed).
    Fixed
    /// A number, 0 or above, with a binary point; see [`unsigned_fixed`](crate::unsigned_fixed()).
    UnsignedFixed
    /// One bit, a truth value.
    Bit
    /// A number, 0 or above.
    Unsigned
    /// A number in two's complement.
    Signed
    /// An IEEE-style float: sign, exponent, mantissa. Only its bits are known here; arithmetic is
    /// the business of modules.
    Float
}

pub(crate) fn compare(at: At, a: Leaf, b: Leaf) -> bool {
    let signal = |leaf: Leaf| matches!(leaf.net, Net::Value { .. });
    if signal(a) || signal(b) {
        crate::elaborate::try_with(|b, e| {
            if e.comparing {
                return;
            }
            let message = "Rust's `==` compares handles at elaboration, not values in hardware";
            let help = "say `a.eq(b)`; as a parameter of a module, a shape: `x.shape()`";
            e.fault(b, "L004", at, message, help);
        });
    }
    a.same(&b)
}

/// The shape of one bit.
pub fn bit() -> Bit {
    Bit(Leaf::shape(1, Reading::Bit))
}

/// The shape of an unsigned number; `bits_for(max)` gives a width.
pub fn unsigned(width: u32) -> Unsigned {
    Unsigned(Leaf::shape(width, Reading::Unsigned))
}

/// The shape of a number in two's complement.
pub fn signed(width: u32) -> Signed {
    Signed(Leaf::shape(width, Reading::Signed))
}

/// The shape of a float with these widths, the hidden bit not counted: `float(8, 23)` is fp32,
/// `float(8, 7)` is bf16.
pub fn float(exponent: u32, mantissa: u32) -> Float {
    let width = exponent.saturating_add(mantissa).saturating_add(1);
    Float(Leaf::shape(width, Reading::Float { exponent, mantissa }))
}

/// The shape of an IEEE half: 5 exponent bits, 10 of mantissa.
pub fn fp16() -> Float {
    float(5, 10)
}

/// The shape of a bfloat16: 8 exponent bits, 7 of mantissa.
pub fn bf16() -> Float {
    float(8, 7)
}

/// The shape of an IEEE single: 8 exponent bits, 23 of mantissa.
pub fn fp32() -> Float {
    float(8, 23)
}

/// The shape of an OCP E4M3 number: 4 exponent bits, 3 of mantissa. (Its greatest exponent holds
/// numbers, and one NaN of each sign; literals keep clear of it.)
pub fn e4m3() -> Float {
    float(4, 3)
}

/// The shape of an OCP E5M2 number: 5 exponent bits, 2 of mantissa.
pub fn e5m2() -> Float {
    float(5, 2)
}

/// The least width of an unsigned number that can be `max`; at least 1.
pub fn bits_for(max: u64) -> u32 {
    (64 - max.leading_zeros()).max(1)
}

/// The width of an index into `count` things; at least 1.
pub fn index_width(count: usize) -> u32 {
    bits_for(count.saturating_sub(1) as u64)
}
