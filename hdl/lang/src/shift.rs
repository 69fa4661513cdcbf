//! Shifts. `<<` and `>>` by a number grow and shrink as multiplying and dividing by a power of
//! two do; `shift_left` and `shift_right` keep the width and take signals too.

use crate::builder::build;
use crate::leaf::{Leaf, Reading};
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::{Signed, Unsigned};
use olivine_netlist::{Bits, Op, ValueId};
use std::ops::{Shl, Shr};

type Binary = fn(ValueId, ValueId) -> Op;

fn shift(at: At, a: Leaf, amount: &Given<Unsigned>, op: Binary) -> Leaf {
    let width = crate::literal::own_width(amount, Reading::Unsigned);
    build(at, a.width, a.reading, |b, e| {
        let value = b.read(e, at, a);
        let amount = b.operand(e, at, amount, Leaf::shape(width, Reading::Unsigned));
        Ok(op(value?, amount?))
    })
}

/// Zeros below: exactly the product with 2^amount.
fn scaled(at: At, a: Leaf, amount: u32) -> Leaf {
    if amount == 0 {
        return a;
    }
    build(at, a.width + amount, a.reading, |b, e| {
        let value = b.read(e, at, a)?;
        let zeros = b.constant(e, at, Bits::zero(amount));
        Ok(Op::Concat(Box::new([zeros, value])))
    })
}

macro_rules! shifts {
    ($($kind:ident $right:expr;)*) => {$(
        impl $kind {
            /// Shifted towards the most significant bit; zeros enter, the width stays.
            #[track_caller]
            pub fn shift_left(&self, amount: impl Operand<Unsigned>) -> Self {
                let at = here();
                Self(shift(at, self.0, &amount.given(), Op::ShiftLeft))
            }

            /// Shifted towards the least significant bit; zeros enter an unsigned number, copies
            /// of the sign a signed one. The width stays.
            #[track_caller]
            pub fn shift_right(&self, amount: impl Operand<Unsigned>) -> Self {
                let at = here();
                Self(shift(at, self.0, &amount.given(), $right))
            }
        }

        impl Shl<u32> for $kind {
            type Output = $kind;

            /// The product with 2^amount: `amount` bits wider.
            #[track_caller]
            fn shl(self, amount: u32) -> $kind {
                let at = here();
                $kind(scaled(at, self.0, amount))
            }
        }

        impl Shr<u32> for $kind {
            type Output = $kind;

            /// The quotient by 2^amount, rounded down: `amount` bits narrower, at least one
            /// bit must stay.
            #[track_caller]
            fn shr(self, amount: u32) -> $kind {
                let at = here();
                let width = self.0.width.saturating_sub(amount);
                $kind(crate::parts::slice(at, self.0, amount, width, self.0.reading))
            }
        }
    )*};
}

shifts! {
    Unsigned Op::ShiftRight;
    Signed Op::ShiftRightSigned;
}
