//! Explicit reinterpretation: the same bits, read otherwise.

use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::place::{At, here};
use crate::{Bit, Float, Signed, Unsigned};

impl Leaf {
    /// The same value under another reading of its width.
    pub(crate) fn read_as(self, reading: Reading) -> Self {
        Self { reading, ..self }
    }
}

/// The same value read as a signal; a shape is a fault.
pub(crate) fn reread(at: At, leaf: Leaf, reading: Reading) -> Leaf {
    crate::parts::slice(at, leaf, 0, leaf.width, reading)
}

macro_rules! conversions {
    ($($from:ident: $($method:ident -> $to:ident)*;)*) => {$($(
        impl $from {
            /// The same bits, read as another kind. Costs nothing.
            #[track_caller]
            pub fn $method(&self) -> $to {
                let at = here();
                $to(reread(at, self.0, Reading::$to))
            }
        }
    )*)*};
}

conversions! {
    Bit: as_unsigned -> Unsigned;
    Unsigned: as_signed -> Signed;
    Signed: as_unsigned -> Unsigned;
    Float: as_unsigned -> Unsigned as_signed -> Signed;
}

impl Unsigned {
    /// The same bits, read as a float of the shape `like`, which is exactly as wide.
    #[track_caller]
    pub fn as_float(&self, like: Float) -> Float {
        let at = here();
        if like.0.width != self.0.width {
            with(|b, e| {
                let (own, like) = (self.0.to_shape(), like.0.to_shape());
                let message = format!("`{own:?}` cannot be read as `{like:?}`");
                e.fault(b, "L010", at, message, "both must have the same width");
            });
            return Float(Leaf::poison(like.0.width, like.0.reading));
        }
        Float(reread(at, self.0, like.0.reading))
    }

    /// The number with a sign bit in front: one bit wider, never negative.
    #[track_caller]
    pub fn to_signed(&self) -> Signed {
        let at = here();
        let wide = crate::arith::extend(at, self.0, self.0.width + 1);
        Signed(reread(at, wide, Reading::Signed))
    }

    /// A number of one bit as a truth value.
    #[track_caller]
    pub fn as_bit(&self) -> Bit {
        let at = here();
        if self.0.width != 1 {
            with(|b, e| {
                let message = format!("`{:?}` is not one bit wide", self.0.to_shape());
                e.fault(b, "L010", at, message, "say `.bit(i)`, `.any()` or `.ne(0)`");
            });
            return Bit(Leaf::poison(1, Reading::Bit));
        }
        Bit(reread(at, self.0, Reading::Bit))
    }
}
