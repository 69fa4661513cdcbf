//! [`Enum`]: a signal whose values are the variants of a Rust enum.

use crate::leaf::{EnumInfo, Leaf, Net, Reading};
use crate::literal::Scalar;
use crate::logic::not;
use crate::operand::{Given, Literal, Operand};
use crate::place::{At, here};
use crate::signal::Signal;
use crate::walk::Walk;
use crate::{Bit, Unsigned};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A Rust enum that names the values of a signal or the states of a [`Machine`](crate::Machine).
/// Written by `#[derive(State)]`.
pub trait State: Clone + 'static {
    /// The names.
    const INFO: &'static EnumInfo;

    /// Which variant, counted from 0.
    fn tag(&self) -> usize;

    /// The variant with this tag, if it carries nothing.
    fn unit(tag: usize) -> Option<Self>;

    /// Visits the payload and gives the same variant of what the visit gave.
    #[must_use]
    fn walk_payload(&self, walk: &mut Walk<'_>) -> Self;
}

/// A signal whose values are the variants of `E`, in the encoding that `E` chose. What variants
/// carry is not part of it.
pub struct Enum<E> {
    pub(crate) leaf: Leaf,
    states: PhantomData<fn() -> E>,
}

/// The shape of a signal whose values are the variants of `E`.
pub fn enumeration<E: State>() -> Enum<E> {
    Enum::of(Leaf::shape(E::INFO.width(), Reading::Enum(E::INFO)))
}

impl<E> Clone for Enum<E> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E> Copy for Enum<E> {}

impl<E: State> Signal for Enum<E> {
    fn walk(&self, walk: &mut Walk<'_>) -> Self {
        Self::of(walk.leaf(self.leaf))
    }
}

impl<E: State> Scalar for Enum<E> {
    fn leaf(self) -> Leaf {
        self.leaf
    }

    fn of(leaf: Leaf) -> Self {
        Self { leaf, states: PhantomData }
    }
}

impl<E: State> crate::named::Nameable for Enum<E> {
    fn take_name(&self, name: &str) {
        crate::named::name_signal(self, name);
    }
}

impl<E> fmt::Debug for Enum<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.leaf, f)
    }
}

/// Compares shapes, so that they can be parameters of a module.
impl<E> PartialEq for Enum<E> {
    #[track_caller]
    fn eq(&self, other: &Self) -> bool {
        crate::scalar::compare(here(), self.leaf, other.leaf)
    }
}

impl<E> Eq for Enum<E> {}

impl<E> Hash for Enum<E> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.leaf.hash(state);
    }
}

impl<E: State> Operand<Enum<E>> for E {
    fn given(self) -> Given<Enum<E>> {
        Given::Literal(Literal::Int(E::INFO.code(self.tag())))
    }
}

impl<E: State> Enum<E> {
    /// Whether both are the same variant.
    #[track_caller]
    pub fn eq(&self, other: impl Operand<Self>) -> Bit {
        let at = here();
        Bit(crate::compare::equal(at, self.leaf, &other.given()))
    }

    /// Whether they are different variants.
    #[track_caller]
    pub fn ne(&self, other: impl Operand<Self>) -> Bit {
        let at = here();
        Bit(not(at, crate::compare::equal(at, self.leaf, &other.given())))
    }

    /// The bits: with the binary encoding the tag as a number.
    #[track_caller]
    pub fn as_unsigned(&self) -> Unsigned {
        let at = here();
        Unsigned(crate::convert::reread(at, self.leaf, Reading::Unsigned))
    }

    /// Runs `arm` once for each variant, under the condition that the signal is that variant, so
    /// that a `match` in it is checked by rustc to leave none out. The variants carry nothing.
    ///
    /// For wires the arms are every case: a value that is no variant takes the last arm.
    #[track_caller]
    pub fn each<R>(&self, mut arm: impl FnMut(E) -> R) {
        let at = here();
        let is = |tag| {
            let code = Given::<Self>::Literal(Literal::Int(E::INFO.code(tag)));
            Bit(crate::compare::equal(at, self.leaf, &code))
        };
        each_variant::<E>(at, is, |tag| {
            if let Some(variant) = E::unit(tag) {
                arm(variant);
            } else {
                payload_fault::<E>(at, tag, "read it from the machine: `state(..).each(..)`");
            }
        });
    }
}

impl Unsigned {
    /// The number as a code of `E`, exactly as wide: with the binary encoding, a tag. A number that
    /// is no code is no variant: it equals none, and takes the last arm of [`Enum::each`].
    #[track_caller]
    pub fn as_enum<E: State>(&self) -> Enum<E> {
        let at = here();
        let like = enumeration::<E>().leaf;
        if like.width != self.0.width {
            crate::elaborate::with(|b, e| {
                let message = format!("`{:?}` cannot be read as `{like:?}`", self.0.to_shape());
                let help = format!("its variants have {}", crate::literal::bits_text(like.width));
                e.fault(b, "L010", at, message, help);
            });
            return Enum::of(like.with_net(Net::Poison));
        }
        Enum::of(crate::convert::reread(at, self.0, like.reading))
    }
}

/// Runs `arm` for each tag in a scope of its own, under the condition that it is that one.
pub(crate) fn each_variant<E: State>(
    at: At,
    is: impl Fn(usize) -> Bit,
    mut arm: impl FnMut(usize),
) {
    use crate::elaborate::with;
    let group = with(|b, _| b.scopes.group(true));
    for tag in 0..E::INFO.variants.len() {
        let condition = Given::Signal(is(tag));
        let scope = |b: &mut _, e: &mut _| {
            let own = crate::when::condition_value(b, e, at, &condition);
            b.arm(e, at, group, Some(own))
        };
        crate::when::inside(scope, || arm(tag));
    }
    with(|b, _| b.scopes.groups[group].complete = true);
}

pub(crate) fn payload_fault<E: State>(at: At, tag: usize, help: &str) {
    crate::elaborate::with(|b, e| {
        let (name, variant) = (E::INFO.name, E::INFO.variants[tag]);
        let message = format!("the payload of `{name}::{variant}` is not known here");
        e.fault(b, "L070", at, message, help);
    });
}
