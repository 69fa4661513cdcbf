//! [`Operand`]: what stands on the other side of an operator; a signal or a literal.

use crate::leaf::{Leaf, Reading};
use crate::signal::Signal;
use crate::{Bit, Fixed, Float, Signed, Unsigned, UnsignedFixed};
use olivine_netlist::Bits;

/// A signal of type `T`, or a literal that can become one: `bool` for [`Bit`], integers for
/// [`Unsigned`], [`Signed`] and [`Fixed`], `f32` and `f64` for [`Float`] and [`Fixed`], `Bits` for
/// any of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot stand where a `{T}` is wanted",
    label = "not a `{T}` and no literal for one",
    note = "kinds do not mix silently: reinterpret with `as_unsigned()`, `as_signed()`, \
            `as_float(..)`, `bit(i)`; a `Bit` takes `true` and `false`"
)]
pub trait Operand<T: Signal> {
    /// What it is.
    #[doc(hidden)]
    fn given(self) -> Given<T>;
}

/// A signal, or a literal still without a width.
#[doc(hidden)]
pub enum Given<T> {
    /// A signal.
    Signal(T),
    /// A literal.
    Literal(Literal),
}

/// A literal in the author's Rust.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub enum Literal {
    /// An integer or a truth value.
    Int(i128),
    /// A float.
    Float(f64),
    /// Bits of a width of their own.
    Bits(Bits),
}

impl<T: Signal> Operand<T> for T {
    fn given(self) -> Given<T> {
        Given::Signal(self)
    }
}

impl<T: Signal> Operand<T> for &T {
    fn given(self) -> Given<T> {
        Given::Signal(self.clone())
    }
}

/// Literals for vectors and arrays are literals for each element.
macro_rules! of_each_element {
    ($($literal:ty)*) => {$(
        impl<T: Signal> Operand<Vec<T>> for $literal
        where
            $literal: Operand<T>,
        {
            fn given(self) -> Given<Vec<T>> {
                of_each(Operand::<T>::given(self))
            }
        }

        impl<T: Signal, const N: usize> Operand<[T; N]> for $literal
        where
            $literal: Operand<T>,
        {
            fn given(self) -> Given<[T; N]> {
                of_each(Operand::<T>::given(self))
            }
        }
    )*};
}

of_each_element! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize i128 bool f32 f64 Bits }

fn of_each<T, V>(element: Given<T>) -> Given<V> {
    match element {
        Given::Literal(literal) => Given::Literal(literal),
        Given::Signal(_) => unreachable!("what a literal gives is one"),
    }
}

macro_rules! integers {
    ($($int:ty)*) => {$(
        impl Operand<Unsigned> for $int {
            fn given(self) -> Given<Unsigned> {
                Given::Literal(Literal::Int(self as i128))
            }
        }

        impl Operand<Fixed> for $int {
            fn given(self) -> Given<Fixed> {
                Given::Literal(Literal::Float(self as f64))
            }
        }

        impl Operand<UnsignedFixed> for $int {
            fn given(self) -> Given<UnsignedFixed> {
                Given::Literal(Literal::Float(self as f64))
            }
        }

        impl Operand<Signed> for $int {
            fn given(self) -> Given<Signed> {
                Given::Literal(Literal::Int(self as i128))
            }
        }
    )*};
}

integers! { u8 u16 u32 u64 usize i8 i16 i32 i64 isize i128 }

macro_rules! literals {
    ($($from:ty => $to:ty, $make:expr;)*) => {$(
        impl Operand<$to> for $from {
            fn given(self) -> Given<$to> {
                Given::Literal($make(self))
            }
        }
    )*};
}

literals! {
    bool => Bit, |value| Literal::Int(i128::from(value));
    f32 => Float, |value| Literal::Float(f64::from(value));
    f64 => Float, Literal::Float;
    f32 => Fixed, |value| Literal::Float(f64::from(value));
    f64 => Fixed, Literal::Float;
    Bits => Fixed, Literal::Bits;
    f32 => UnsignedFixed, |value| Literal::Float(f64::from(value));
    f64 => UnsignedFixed, Literal::Float;
    Bits => UnsignedFixed, Literal::Bits;
    Bits => Bit, Literal::Bits;
    Bits => Unsigned, Literal::Bits;
    Bits => Signed, Literal::Bits;
    Bits => Float, Literal::Bits;
}

impl Literal {
    /// As a constant of this width and reading; `None` if it is not one.
    pub(crate) fn fit(&self, width: u32, reading: Reading) -> Option<Bits> {
        match (self, reading) {
            (Self::Bits(bits), _) => (bits.width() == width).then(|| bits.clone()),
            (Self::Int(value), Reading::Signed) => {
                let fits = width > 127 || (*value >> (width - 1)) == (*value >> 127);
                fits.then(|| int_bits(width, *value))
            }
            (Self::Int(value), _) => {
                let fits = *value >= 0 && (width > 126 || *value >> width == 0);
                fits.then(|| int_bits(width, *value))
            }
            (Self::Float(value), Reading::Float { exponent, mantissa }) => {
                crate::float::exact(*value, exponent, mantissa)
            }
            (Self::Float(value), Reading::Fixed { fraction }) => {
                crate::fixed::exact(*value, width, fraction)
            }
            (Self::Float(value), Reading::UnsignedFixed { fraction }) => {
                crate::unsigned_fixed::exact(*value, width, fraction)
            }
            (Self::Float(_), _) => None,
        }
    }

    /// The least width that holds it under this reading.
    pub(crate) fn least_width(&self, reading: Reading) -> u32 {
        match (self, reading) {
            (Self::Bits(bits), _) => bits.width(),
            (Self::Int(value), Reading::Signed) => {
                let magnitude = if *value < 0 { !*value } else { *value };
                129 - magnitude.leading_zeros()
            }
            (Self::Int(value), _) => (128 - value.max(&1).leading_zeros()).max(1),
            (Self::Float(_), _) => 1,
        }
    }

    /// As the author wrote it.
    pub(crate) fn show(&self) -> String {
        match self {
            Self::Int(value) => value.to_string(),
            Self::Float(value) => format!("{value:?}"),
            Self::Bits(bits) => bits.to_string(),
        }
    }
}

fn int_bits(width: u32, value: i128) -> Bits {
    let words = [value as u64, (value >> 64) as u64];
    let fill = if value < 0 { u64::MAX } else { 0 };
    let words: Vec<u64> = words
        .into_iter()
        .chain(std::iter::repeat(fill))
        .take(width.div_ceil(64) as usize)
        .collect();
    Bits::from_words(width, &words)
}

impl<T: Signal> Given<T> {
    /// The leaves of a signal; a literal has none.
    pub(crate) fn leaves(&self) -> Option<Vec<Leaf>> {
        match self {
            Self::Signal(signal) => Some(signal.leaves()),
            Self::Literal(_) => None,
        }
    }
}
