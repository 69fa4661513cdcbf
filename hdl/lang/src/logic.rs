//! Bitwise logic and reductions.

use crate::builder::{Poisoned, build};
use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::literal::Scalar;
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::signal::Signal;
use crate::{Bit, Float, Signed, Unsigned};
use olivine_netlist::{Bits, Op, ValueId};
use std::ops::{BitAnd, BitOr, BitXor, Not};

type Binary = fn(ValueId, ValueId) -> Op;

fn bitwise<T: Scalar>(at: At, a: T, other: &Given<T>, op: Binary) -> T {
    let own = a.leaf();
    T::of(build(at, own.width, own.reading, |b, e| {
        let (x, y) = (b.read(e, at, own), b.operand(e, at, other, own));
        Ok(op(x?, y?))
    }))
}

macro_rules! operators {
    ($($kind:ident)*) => {$(
        operators! { @one $kind BitAnd bitand Op::And }
        operators! { @one $kind BitOr bitor Op::Or }
        operators! { @one $kind BitXor bitxor Op::Xor }

        impl Not for $kind {
            type Output = $kind;

            #[track_caller]
            fn not(self) -> $kind {
                let at = here();
                $kind(not(at, self.0))
            }
        }

        impl Not for &$kind {
            type Output = $kind;

            #[track_caller]
            fn not(self) -> $kind {
                !*self
            }
        }
    )*};
    (@one $kind:ident $trait:ident $method:ident $op:expr) => {
        impl<R: Operand<$kind>> $trait<R> for $kind {
            type Output = $kind;

            #[track_caller]
            fn $method(self, other: R) -> $kind {
                let at = here();
                bitwise(at, self, &other.given(), $op)
            }
        }

        impl<R: Operand<$kind>> $trait<R> for &$kind {
            type Output = $kind;

            #[track_caller]
            fn $method(self, other: R) -> $kind {
                let at = here();
                bitwise(at, *self, &other.given(), $op)
            }
        }
    };
}

operators! { Bit Unsigned Signed Float }

pub(crate) fn or(at: At, a: Bit, b: Bit) -> Bit {
    bitwise(at, a, &Given::Signal(b), Op::Or)
}

pub(crate) fn not(at: At, a: Leaf) -> Leaf {
    build(at, a.width, a.reading, |b, e| Ok(Op::Not(b.read(e, at, a)?)))
}

pub(crate) fn reduce(at: At, a: Leaf, op: fn(ValueId) -> Op) -> Leaf {
    build(at, 1, Reading::Bit, |b, e| Ok(op(b.read(e, at, a)?)))
}

/// All bits one, unsigned.
pub(crate) fn ones(at: At, width: u32) -> Leaf {
    with(|b, e| {
        let value = b.constant(e, at, Bits::ones(width));
        b.leaf(value, Reading::Unsigned)
    })
}

/// An operand as a leaf with the shape of `like`.
pub(crate) fn like<T: Scalar>(at: At, like: Leaf, given: &Given<T>) -> Leaf {
    with(|b, e| match b.operand(e, at, given, like) {
        Ok(value) => b.leaf(value, like.reading),
        Err(Poisoned) => Leaf::poison(like.width, like.reading),
    })
}

macro_rules! reductions {
    ($($kind:ident)*) => {$(
        impl $kind {
            /// Whether any bit is one.
            #[track_caller]
            pub fn any(&self) -> Bit {
                let at = here();
                Bit(reduce(at, self.0, Op::ReduceOr))
            }

            /// Whether all bits are one.
            #[track_caller]
            pub fn all(&self) -> Bit {
                let at = here();
                Bit(reduce(at, self.0, Op::ReduceAnd))
            }

            /// Whether an odd number of bits is one.
            #[track_caller]
            pub fn parity(&self) -> Bit {
                let at = here();
                Bit(reduce(at, self.0, Op::ReduceXor))
            }
        }
    )*};
}

reductions! { Unsigned Signed }

impl Bit {
    /// False only where this bit holds and the other does not.
    #[track_caller]
    pub fn implies(&self, other: impl Operand<Bit>) -> Bit {
        let at = here();
        bitwise(at, Bit(not(at, self.0)), &other.given(), Op::Or)
    }
}

pub(crate) fn same_as<T: Signal>(at: At, signal: &T, given: Given<T>) -> Bit {
    let own = signal.leaves();
    let Some(others) = given.leaves() else {
        let Given::Literal(literal) = given else { return Bit(Leaf::poison(1, Reading::Bit)) };
        return Bit(equal(at, own[0], |b, e| b.literal_bits(e, at, &literal, own[0])));
    };
    if !with(|b, e| crate::drive::same_count(b, e, at, own.len(), others.len())) {
        return Bit(Leaf::poison(1, Reading::Bit));
    }
    let each = own.iter().zip(&others).map(|(a, b)| {
        Bit(equal(at, *a, |builder, e| {
            let value = builder.read(e, at, *b)?;
            builder.same_shape(e, at, *a, *b).map(|()| value)
        }))
    });
    let all = each.reduce(|a, b| bitwise(at, a, &Given::Signal(b), Op::And));
    all.unwrap_or_else(|| Bit(Leaf::poison(1, Reading::Bit)))
}

fn equal(
    at: At,
    a: Leaf,
    other: impl FnOnce(
        &mut crate::builder::Builder,
        &mut crate::elaborate::Elaboration,
    ) -> crate::builder::Read<ValueId>,
) -> Leaf {
    build(at, 1, Reading::Bit, |b, e| {
        let (x, y) = (b.read(e, at, a), other(b, e));
        Ok(Op::Eq(x?, y?))
    })
}

/// Whether any of the bits holds; false of none.
#[track_caller]
pub fn any_of(bits: impl IntoIterator<Item = Bit>) -> Bit {
    let at = here();
    let joined = bits.into_iter().reduce(|a, b| bitwise(at, a, &Given::Signal(b), Op::Or));
    match joined {
        Some(bit) => bit,
        None => crate::constant::scalar(at, crate::bit(), false.given()),
    }
}

/// Whether all of the bits hold; true of none.
#[track_caller]
pub fn all_of(bits: impl IntoIterator<Item = Bit>) -> Bit {
    let at = here();
    let joined = bits.into_iter().reduce(|a, b| bitwise(at, a, &Given::Signal(b), Op::And));
    match joined {
        Some(bit) => bit,
        None => crate::constant::scalar(at, crate::bit(), true.given()),
    }
}
