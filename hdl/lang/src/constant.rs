//! Constants and undefined values.

use crate::builder::Poisoned;
use crate::elaborate::with;
use crate::leaf::Leaf;
use crate::literal::Scalar;
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::signal::Signal;
use olivine_netlist::{Bits, Op};

/// A literal with a shape of its own: `constant(unsigned(8), 3)`.
#[track_caller]
pub fn constant<T: Signal>(shape: T, value: impl Operand<T>) -> T {
    let at = here();
    of(at, &shape, value.given())
}

/// Every bit zero, in the shape given.
#[track_caller]
pub fn zero<T: Signal>(shape: T) -> T {
    let at = here();
    shape.map_leaves(|leaf| {
        with(|b, e| {
            let width = b.checked_width(e, at, leaf);
            let value = b.constant(e, at, Bits::zero(width));
            b.leaf(value, leaf.reading)
        })
    })
}

/// Any value, chosen anew in each cycle: random in simulation, free in proof.
#[track_caller]
pub fn undefined<T: Signal>(shape: T) -> T {
    let at = here();
    shape.map_leaves(|leaf| {
        with(|b, e| {
            let width = b.checked_width(e, at, leaf);
            let value = b.cell(e, at, Op::Undefined, width);
            b.leaf(value, leaf.reading)
        })
    })
}

/// Says that a register, wire or memory word may stay unread.
pub fn unused<T: Signal>(signal: T) {
    for leaf in signal.leaves() {
        with(|b, _| {
            if let crate::leaf::Net::Value { owner, value } = leaf.net
                && owner == b.serial
            {
                b.excused.insert(olivine_netlist::ValueId(value));
            }
        });
    }
}

pub(crate) fn of<T: Signal>(at: At, like: &T, given: Given<T>) -> T {
    match given {
        Given::Signal(signal) => signal,
        Given::Literal(literal) => like.map_leaves(|leaf| {
            with(|b, e| match b.literal_bits(e, at, &literal, leaf) {
                Ok(value) => b.leaf(value, leaf.reading),
                Err(Poisoned) => Leaf::poison(leaf.width, leaf.reading),
            })
        }),
    }
}

pub(crate) fn scalar<T: Scalar>(at: At, shape: T, given: Given<T>) -> T {
    of(at, &shape, given)
}
