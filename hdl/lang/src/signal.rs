//! [`Signal`]: what all handles can do, from a bit to a record of records.

use crate::drive;
use crate::leaf::Leaf;
use crate::operand::Operand;
use crate::place::here;
use crate::walk::Walk;
use crate::{Bit, Unsigned, logic, parts, register};
use std::fmt::Debug;
use std::hash::Hash;

/// A signal whose shape can be a parameter of a module: `Fifo { of: unsigned(8), depth: 16 }`.
pub trait Shape: Signal + Copy + Debug + Hash + Eq {}

impl<T: Signal + Copy + Debug + Hash + Eq> Shape for T {}

/// A handle, or a record, tuple, array or vector of handles.
///
/// A handle without a net is its own shape: `unsigned(8)`, `Req { addr: unsigned(32), … }`.
/// [`reg`](crate::reg()), [`wire`](crate::wire()) and ports give it nets.
/// Records of the author's get this by `#[derive(Clone, Copy, Bundle)]`.
pub trait Signal: Clone + 'static {
    /// Visits every leaf, in the order of the fields, and gives the same record of what the visit
    /// gave for each. Written by the derive.
    #[must_use]
    fn walk(&self, walk: &mut Walk<'_>) -> Self;

    /// Makes an output, a wire or an instance's input carry `value`, from now on and in this
    /// cycle. Inside [`when`](crate::when) only where the condition holds; of several assignments
    /// the last whose condition holds wins.
    #[track_caller]
    fn drive(&self, value: impl Operand<Self>) {
        let at = here();
        drive::drive(at, self, value.given());
    }

    /// The same signal, that carries `value` where nothing else is driven: [`Signal::drive`] before
    /// all others. For outputs, wires and inputs of instances.
    #[track_caller]
    #[must_use]
    fn otherwise(self, value: impl Operand<Self>) -> Self {
        let at = here();
        drive::drive(at, &self, value.given());
        self
    }

    /// Makes a register take `value` at the coming edge. Inside [`when`](crate::when) only where
    /// the condition holds; of several assignments the last whose condition holds wins, and
    /// without any the register keeps what it has.
    #[track_caller]
    fn set(&self, value: impl Operand<Self>) {
        let at = here();
        drive::set(at, self, value.given());
    }

    /// Gives a register the value that it takes under reset. The value is a literal or constant.
    #[track_caller]
    fn reset(self, value: impl Operand<Self>) -> Self {
        let at = here();
        register::reset(at, &self, value.given());
        self
    }

    /// Gives a register the value that it has at power-up. The value is a literal or constant.
    #[track_caller]
    fn init(self, value: impl Operand<Self>) -> Self {
        let at = here();
        register::init(at, &self, value.given());
        self
    }

    /// Says that a register takes state of other clock domains on purpose. That is the business of
    /// blocks which are made for it: the value may be old, and of several bits some old, some new.
    #[track_caller]
    fn crossing(self) -> Self {
        let at = here();
        register::crossing(at, &self);
        self
    }

    /// Gives the signal its name in waveforms, netlists and reports.
    #[track_caller]
    fn named(self, name: &str) -> Self {
        let at = here();
        crate::named::rename(at, &self, name);
        self
    }

    /// All leaves joined into one number, the first field lowest.
    #[track_caller]
    fn as_bits(&self) -> Unsigned {
        let at = here();
        parts::pack(at, self)
    }

    /// The inverse of [`Signal::as_bits`]: a record shaped like this one, of the bits of `value`,
    /// which is exactly as wide.
    #[track_caller]
    fn unpack(&self, value: Unsigned) -> Self {
        let at = here();
        parts::unpack(at, self, value)
    }

    /// Whether every leaf is equal.
    #[track_caller]
    fn same_as(&self, other: impl Operand<Self>) -> Bit {
        let at = here();
        logic::same_as(at, self, other.given())
    }

    /// The same record without nets: its shape.
    #[must_use]
    fn shape(&self) -> Self {
        self.map_leaves(Leaf::to_shape)
    }

    /// Width in bits, all leaves together.
    fn width(&self) -> u32 {
        self.leaves().iter().map(|l| l.width).sum()
    }

    /// Every leaf, in the order of the fields.
    #[doc(hidden)]
    fn leaves(&self) -> Vec<Leaf> {
        let mut list = Vec::with_capacity(1);
        let _ = self.walk(&mut Walk::new(&mut |_, leaf| {
            list.push(leaf);
            leaf
        }));
        list
    }

    /// The same record of what `map` gives for each leaf.
    #[doc(hidden)]
    #[must_use]
    fn map_leaves(&self, mut map: impl FnMut(Leaf) -> Leaf) -> Self {
        self.walk(&mut Walk::new(&mut |_, leaf| map(leaf)))
    }

    /// The same record of these leaves, one for each.
    #[doc(hidden)]
    #[must_use]
    fn with_leaves(&self, leaves: &[Leaf]) -> Self {
        let mut next = leaves.iter();
        self.map_leaves(|own| next.next().copied().unwrap_or(own))
    }
}
