//! Comparisons. Both sides have one shape; a literal takes the other side's.

use crate::builder::build;
use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::literal::Scalar;
use crate::logic::not;
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::{Bit, Float, Signed, Unsigned};
use olivine_netlist::{Op, ValueId};

type Binary = fn(ValueId, ValueId) -> Op;

fn compared<T: Scalar>(at: At, a: Leaf, other: &Given<T>, op: Binary) -> Leaf {
    build(at, 1, Reading::Bit, |b, e| {
        let (x, y) = (b.read(e, at, a), b.operand(e, at, other, a));
        Ok(op(x?, y?))
    })
}

pub(crate) fn equal<T: Scalar>(at: At, a: Leaf, other: &Given<T>) -> Leaf {
    compared(at, a, other, Op::Eq)
}

fn less_op(reading: Reading) -> Binary {
    if reading == Reading::Signed { Op::LessSigned } else { Op::LessUnsigned }
}

pub(crate) fn less(at: At, a: Leaf, b: Leaf) -> Leaf {
    build(at, 1, Reading::Bit, |builder, e| {
        let (x, y) = (builder.read(e, at, a), builder.read(e, at, b));
        Ok(less_op(a.reading)(x?, y?))
    })
}

macro_rules! equalities {
    ($($kind:ident)*) => {$(
        impl $kind {
            /// Whether both are equal.
            #[track_caller]
            pub fn eq(&self, other: impl Operand<Self>) -> Bit {
                let at = here();
                Bit(equal(at, self.0, &other.given()))
            }

            /// Whether they differ.
            #[track_caller]
            pub fn ne(&self, other: impl Operand<Self>) -> Bit {
                let at = here();
                Bit(not(at, equal(at, self.0, &other.given())))
            }
        }
    )*};
}

equalities! { Bit Unsigned Signed Float }

macro_rules! orders {
    ($($kind:ident)*) => {$(
        impl $kind {
            /// Whether this is less.
            #[track_caller]
            pub fn lt(&self, other: impl Operand<Self>) -> Bit {
                let at = here();
                Bit(below(at, self.0, &other.given()))
            }

            /// Whether this is greater.
            #[track_caller]
            pub fn gt(&self, other: impl Operand<Self>) -> Bit {
                let at = here();
                Bit(swapped(at, self.0, &other.given()))
            }

            /// Whether this is less or equal.
            #[track_caller]
            pub fn le(&self, other: impl Operand<Self>) -> Bit {
                let at = here();
                Bit(not(at, swapped(at, self.0, &other.given())))
            }

            /// Whether this is greater or equal.
            #[track_caller]
            pub fn ge(&self, other: impl Operand<Self>) -> Bit {
                let at = here();
                Bit(not(at, below(at, self.0, &other.given())))
            }
        }
    )*};
}

fn below<T: Scalar>(at: At, a: Leaf, other: &Given<T>) -> Leaf {
    with(|b, e| e.check_order(b, at, a, other, false));
    compared(at, a, other, less_op(a.reading))
}

fn swapped<T: Scalar>(at: At, a: Leaf, other: &Given<T>) -> Leaf {
    with(|b, e| e.check_order(b, at, a, other, true));
    let other = crate::logic::like(at, a, other);
    less(at, other, a)
}

orders! { Unsigned Signed }
