//! Taking values apart and joining them.

use crate::builder::{Poisoned, build};
use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::place::{At, here};
use crate::signal::Signal;
use crate::{Bit, Float, Signed, Unsigned};
use olivine_netlist::{Op, ValueId};

/// `width` bits from `low` on; the whole value is the value itself.
pub(crate) fn slice(at: At, a: Leaf, low: u32, width: u32, reading: Reading) -> Leaf {
    if width == 0 || u64::from(low) + u64::from(width) > u64::from(a.width) {
        with(|b, e| {
            let message = match width {
                1 => format!("`{:?}` has no bit {low}", a.to_shape()),
                _ => format!("`{:?}` has no {width} bits from bit {low} on", a.to_shape()),
            };
            e.fault(b, "L013", at, message, "bits are counted from 0, the least significant");
        });
        return Leaf::poison(width.max(1), reading);
    }
    if width == a.width {
        return with(|b, e| match b.read(e, at, a) {
            Ok(value) => b.leaf(value, reading),
            Err(Poisoned) => Leaf::poison(width, reading),
        });
    }
    build(at, width, reading, |b, e| Ok(Op::Slice { value: b.read(e, at, a)?, low }))
}

/// The leaves joined, the first lowest.
fn join(at: At, leaves: &[Leaf]) -> Leaf {
    if let [one] = leaves {
        return slice(at, *one, 0, one.width, Reading::Unsigned);
    }
    let width = leaves.iter().map(|l| l.width).sum();
    if leaves.is_empty() {
        with(|b, e| {
            let message = "nothing is joined: the result would have no bits";
            e.fault(b, "L016", at, message, "join at least one signal");
        });
        return Leaf::poison(1, Reading::Unsigned);
    }
    build(at, width, Reading::Unsigned, |b, e| {
        let values: Vec<_> = leaves.iter().map(|l| b.read(e, at, *l)).collect();
        let values: Result<Vec<ValueId>, Poisoned> = values.into_iter().collect();
        Ok(Op::Concat(values?.into_boxed_slice()))
    })
}

pub(crate) fn pack<T: Signal>(at: At, signal: &T) -> Unsigned {
    Unsigned(join(at, &signal.leaves()))
}

pub(crate) fn unpack<T: Signal>(at: At, like: &T, value: Unsigned) -> T {
    let width = Signal::width(like);
    if width != value.0.width {
        with(|b, e| {
            let message =
                format!("`{:?}` is unpacked to a record of {width} bits", value.0.to_shape());
            e.fault(b, "L010", at, message, "both must have the same width");
        });
        return like.map_leaves(|l| Leaf::poison(l.width, l.reading));
    }
    let mut low = 0;
    like.map_leaves(|leaf| {
        let part = slice(at, value.0, low, leaf.width, leaf.reading);
        low += leaf.width;
        part
    })
}

/// All parts joined into one number, the first lowest: `cat((low, middle, high))`, or of a
/// vector, whose element 0 is lowest.
#[track_caller]
pub fn cat<T: Signal>(parts: T) -> Unsigned {
    let at = here();
    pack(at, &parts)
}

macro_rules! words {
    ($($kind:ident)*) => {$(
        impl $kind {
            /// Bit `index`; 0 is the least significant.
            #[track_caller]
            pub fn bit(&self, index: u32) -> Bit {
                let at = here();
                Bit(slice(at, self.0, index, 1, Reading::Bit))
            }

            /// `width` bits from bit `low` on.
            #[track_caller]
            pub fn slice(&self, low: u32, width: u32) -> Unsigned {
                let at = here();
                Unsigned(slice(at, self.0, low, width, Reading::Unsigned))
            }

            /// Every bit, the least significant first.
            #[track_caller]
            pub fn bits(&self) -> Vec<Bit> {
                let at = here();
                (0..self.0.width).map(|i| Bit(slice(at, self.0, i, 1, Reading::Bit))).collect()
            }

            /// The most significant bit.
            #[track_caller]
            pub fn top_bit(&self) -> Bit {
                let at = here();
                Bit(slice(at, self.0, self.0.width.saturating_sub(1), 1, Reading::Bit))
            }

            /// This number in the low bits and `high` above it.
            #[track_caller]
            pub fn concat(&self, high: impl Signal) -> Unsigned {
                let at = here();
                let mut leaves = vec![self.0];
                leaves.extend(high.leaves());
                Unsigned(join(at, &leaves))
            }
        }
    )*};
}

words! { Unsigned Signed Float }

macro_rules! repeats {
    ($($kind:ident)*) => {$(
        impl $kind {
            /// `count` copies joined.
            #[track_caller]
            pub fn repeat(&self, count: u32) -> Unsigned {
                let at = here();
                Unsigned(join(at, &vec![self.0; count as usize]))
            }
        }
    )*};
}

repeats! { Bit Unsigned }
