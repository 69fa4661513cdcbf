//! Arithmetic. Widths grow as the mathematics says; shrinking is explicit.

use crate::builder::build;
use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::literal::{Scalar, own_width};
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::{Signed, Unsigned, mux};
use olivine_netlist::{Op, ValueId};
use std::ops::{Add, Mul, Neg, Sub};

type Binary = fn(ValueId, ValueId) -> Op;

/// Both operands brought to one bit more than the wider, then `op`.
fn growing<T: Scalar>(at: At, a: Leaf, other: &Given<T>, reading: Reading, op: Binary) -> Leaf {
    let width = a.width.max(own_width(other, a.reading)) + 1;
    let like = Leaf::shape(width, a.reading);
    build(at, width, reading, |b, e| {
        let (x, y) = (b.read(e, at, a), b.widened(e, at, other, like));
        let x = b.extended(e, at, x?, like);
        Ok(op(x, y?))
    })
}

/// Operands of the first one's width, and so the result.
fn wrapping<T: Scalar>(at: At, a: Leaf, other: &Given<T>, op: Binary) -> Leaf {
    build(at, a.width, a.reading, |b, e| {
        let (x, y) = (b.read(e, at, a), b.operand(e, at, other, a));
        Ok(op(x?, y?))
    })
}

/// The full product.
fn product<T: Scalar>(at: At, a: Leaf, other: &Given<T>) -> Leaf {
    let width = own_width(other, a.reading);
    let like = Leaf::shape(width, a.reading);
    let op: Binary = if a.reading == Reading::Signed { Op::MulSigned } else { Op::MulUnsigned };
    build(at, a.width + width, a.reading, |b, e| {
        let (x, y) = (b.read(e, at, a), b.widened(e, at, other, like));
        Ok(op(x?, y?))
    })
}

macro_rules! operators {
    ($($kind:ident: $trait:ident $method:ident -> $result:ident = $make:expr;)*) => {$(
        impl<R: Operand<$kind>> $trait<R> for $kind {
            type Output = $result;

            #[track_caller]
            fn $method(self, other: R) -> $result {
                let at = here();
                let make: fn(At, Leaf, &Given<$kind>) -> Leaf = $make;
                $result(make(at, self.0, &other.given()))
            }
        }

        impl<R: Operand<$kind>> $trait<R> for &$kind {
            type Output = $result;

            #[track_caller]
            fn $method(self, other: R) -> $result {
                (*self).$method(other)
            }
        }
    )*};
}

operators! {
    Unsigned: Add add -> Unsigned = |at, a, b| growing(at, a, b, Reading::Unsigned, Op::Add);
    Unsigned: Sub sub -> Signed = |at, a, b| growing(at, a, b, Reading::Signed, Op::Sub);
    Unsigned: Mul mul -> Unsigned = product;
    Signed: Add add -> Signed = |at, a, b| growing(at, a, b, Reading::Signed, Op::Add);
    Signed: Sub sub -> Signed = |at, a, b| growing(at, a, b, Reading::Signed, Op::Sub);
    Signed: Mul mul -> Signed = product;
}

impl Neg for Signed {
    type Output = Signed;

    /// One bit wider, so that the least number has its negative.
    #[track_caller]
    fn neg(self) -> Signed {
        let at = here();
        let zero = Given::Literal(crate::operand::Literal::Int(0));
        let like = Leaf::shape(self.0.width + 1, Reading::Signed);
        Signed(build(at, like.width, Reading::Signed, |b, e| {
            let value = b.read(e, at, self.0)?;
            let wide = b.extended(e, at, value, like);
            let zero = b.operand::<Signed>(e, at, &zero, like)?;
            Ok(Op::Sub(zero, wide))
        }))
    }
}

macro_rules! both_kinds {
    ($($kind:ident)*) => {$(
        impl $kind {
            /// The sum modulo 2^width; both of one width.
            #[track_caller]
            pub fn wrapping_add(&self, other: impl Operand<Self>) -> Self {
                let at = here();
                Self(wrapping(at, self.0, &other.given(), Op::Add))
            }

            /// The difference modulo 2^width; both of one width.
            #[track_caller]
            pub fn wrapping_sub(&self, other: impl Operand<Self>) -> Self {
                let at = here();
                Self(wrapping(at, self.0, &other.given(), Op::Sub))
            }

            /// The same number in `width` bits, not fewer than it has.
            #[track_caller]
            pub fn extend(&self, width: u32) -> Self {
                let at = here();
                Self(extend(at, self.0, width))
            }

            /// The low `width` bits, not more than there are.
            #[track_caller]
            pub fn truncate(&self, width: u32) -> Self {
                let at = here();
                with(|b, e| e.check_product(b, at, self.0, width));
                Self(truncate(at, self.0, width))
            }

            /// The lesser of the two; both of one width.
            #[track_caller]
            pub fn min(&self, other: impl Operand<Self>) -> Self {
                let at = here();
                let other = Self(crate::logic::like(at, self.0, &other.given()));
                mux::choose(at, crate::compare::less(at, self.0, other.0), self, &other)
            }

            /// The greater of the two; both of one width.
            #[track_caller]
            pub fn max(&self, other: impl Operand<Self>) -> Self {
                let at = here();
                let other = Self(crate::logic::like(at, self.0, &other.given()));
                mux::choose(at, crate::compare::less(at, self.0, other.0), &other, self)
            }
        }
    )*};
}

both_kinds! { Unsigned Signed }

impl Unsigned {
    /// The same number in `width` bits, or the greatest that they hold.
    #[track_caller]
    pub fn saturate(&self, width: u32) -> Unsigned {
        let at = here();
        if width >= self.0.width || width == 0 {
            return Self(truncate(at, self.0, width));
        }
        let high = crate::parts::slice(at, self.0, width, self.0.width - width, Reading::Unsigned);
        let over = crate::logic::reduce(at, high, Op::ReduceOr);
        let low = Self(truncate(at, self.0, width));
        mux::choose(at, over, &Self(crate::logic::ones(at, width)), &low)
    }
}

impl Signed {
    /// The same number in `width` bits, or the nearest that they hold.
    #[track_caller]
    pub fn saturate(&self, width: u32) -> Signed {
        let at = here();
        if width >= self.0.width || width == 0 {
            return Self(truncate(at, self.0, width));
        }
        let own = self.0;
        let high =
            crate::parts::slice(at, own, width - 1, own.width - width + 1, Reading::Unsigned);
        let fits = [Op::ReduceAnd as fn(ValueId) -> Op, |v| Op::ReduceOr(v)]
            .map(|op| crate::logic::reduce(at, high, op));
        let sign = crate::parts::slice(at, own, own.width - 1, 1, Reading::Bit);
        let ends = with(|b, e| {
            let greatest = olivine_netlist::Bits::ones(width).shift_right(1, false);
            let least = greatest.not();
            [greatest, least].map(|bits| {
                let value = b.constant(e, at, bits);
                Self(b.leaf(value, Reading::Signed))
            })
        });
        let low = Self(truncate(at, own, width));
        // All of the high bits equal the sign: the number fits.
        let limit = mux::choose(at, sign, &ends[1], &ends[0]);
        let inside = mux::choose(at, sign, &crate::Bit(fits[0]), &!crate::Bit(fits[1]));
        mux::choose(at, inside.0, &low, &limit)
    }

    /// Whether it is below zero.
    #[track_caller]
    pub fn is_negative(&self) -> crate::Bit {
        let at = here();
        crate::Bit(crate::parts::slice(at, self.0, self.0.width - 1, 1, Reading::Bit))
    }

    /// The magnitude, in as many bits: the least number has one, too.
    #[track_caller]
    pub fn abs(&self) -> Unsigned {
        let at = here();
        let sign = crate::parts::slice(at, self.0, self.0.width - 1, 1, Reading::Bit);
        let negated = Unsigned(truncate(at, (-*self).0, self.0.width).read_as(Reading::Unsigned));
        mux::choose(at, sign, &negated, &Unsigned(self.0.read_as(Reading::Unsigned)))
    }
}

pub(crate) fn extend(at: At, a: Leaf, width: u32) -> Leaf {
    if width < a.width {
        return shape_fault(at, a, width, "extended", "truncate");
    }
    with(|b, e| match b.read(e, at, a) {
        Ok(value) => {
            let value = b.extended(e, at, value, Leaf::shape(width, a.reading));
            b.leaf(value, a.reading)
        }
        Err(_) => Leaf::poison(width, a.reading),
    })
}

pub(crate) fn truncate(at: At, a: Leaf, width: u32) -> Leaf {
    if width > a.width || width == 0 {
        return shape_fault(at, a, width, "truncated", "extend");
    }
    crate::parts::slice(at, a, 0, width, a.reading)
}

fn shape_fault(at: At, a: Leaf, width: u32, what: &str, other: &str) -> Leaf {
    with(|b, e| {
        let message = format!("`{:?}` cannot be {what} to {width} bits", a.to_shape());
        e.fault(b, "L014", at, message, format!("to change the width the other way say `{other}`"));
    });
    Leaf::poison(width.max(1), a.reading)
}
