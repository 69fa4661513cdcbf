//! [`Ports`]: the record of a module's ports, seen from inside and from outside.

use crate::elaborate::with;
use crate::leaf::{Leaf, Net};
use crate::operand::Given;
use crate::place::{At, here};
use crate::walk::Walk;
use crate::{Bit, Unsigned};
use olivine_netlist::{Direction, Op, ValueId};

/// A port into the module. The type is `T` itself; `#[derive(Ports)]` reads the direction.
pub type In<T> = T;

/// A port out of the module. The type is `T` itself; `#[derive(Ports)]` reads the direction.
pub type Out<T> = T;

/// A record of ports seen from its other side: what was in is out.
pub type Flipped<P> = P;

/// A record of ports as it is, where a type must say that it is one: among the ports of a
/// [`module`](macro@crate::module) that is a function.
pub type Port<P> = P;

/// A record of ports. Fields are `In<T>`, `Out<T>`, [`Source<T>`](crate::Source),
/// [`Sink<T>`](crate::Sink), further records of ports (`Flipped<P>` mirrored), and vectors,
/// arrays and options of these. Written by `#[derive(Ports)]`.
///
/// The same record is seen from inside, where the outputs are driven, and from outside, where
/// the inputs are.
pub trait Ports: Sized + 'static {
    /// Visits every leaf with its direction and gives the same record of what the visit gave.
    #[must_use]
    fn walk_ports(&self, walk: &mut Walk<'_>) -> Self;
}

/// A module without ports.
impl Ports for () {
    fn walk_ports(&self, _walk: &mut Walk<'_>) -> Self {}
}

/// Joins two records of ports that mirror each other, such as a producer and a consumer of one
/// stream, or a port of this module and that of an instance inside: each leaf drives its
/// counterpart, in the direction that is possible. Where wires leave it open, `a` is the side
/// whose outputs drive.
#[track_caller]
pub fn connect<P: Ports>(a: P, b: P) {
    let at = here();
    let (left, right) = (directed_leaves(&a), directed_leaves(&b));
    if !with(|builder, e| crate::drive::same_count(builder, e, at, left.len(), right.len())) {
        return;
    }
    for ((direction, x), (_, y)) in left.into_iter().zip(right) {
        connect_leaf(at, direction, x, y);
    }
}

fn directed_leaves<P: Ports>(ports: &P) -> Vec<(Direction, Leaf)> {
    let mut list = Vec::new();
    let _ = ports.walk_ports(&mut Walk::new(&mut |visit, leaf| {
        list.push((visit.direction.unwrap_or(Direction::Output), leaf));
        leaf
    }));
    list
}

fn connect_leaf(at: At, direction: Direction, x: Leaf, y: Leaf) {
    let (from, to) = match (drivable(x), drivable(y), direction) {
        (true, false, _) | (true, true, Direction::Input) => (y, x),
        (false, true, _) | (true, true, Direction::Output) => (x, y),
        (false, false, _) => {
            return with(|b, e| {
                let message = "neither side of the connection can be driven";
                let help = "connect a producer to a consumer; a record that faces the other way \
                            is declared `Flipped<..>`, `Source<..>` or `Sink<..>`";
                let places = [x, y].map(|leaf| made_at(b, leaf));
                let fault = e.fault(b, "L080", at, message, help);
                for place in places.into_iter().flatten() {
                    fault.label(place, "this side is only read");
                }
            });
        }
    };
    match to.reading {
        crate::Reading::Bit => crate::drive::drive(at, &Bit(to), Given::Signal(Bit(from))),
        _ => crate::drive::drive(at, &Unsigned(to), Given::Signal(Unsigned(from))),
    }
}

fn made_at(b: &crate::builder::Builder, leaf: Leaf) -> Option<olivine_netlist::Place> {
    match leaf.net {
        Net::Value { owner, value } if owner == b.serial => {
            Some(b.module.cell(ValueId(value)).place)
        }
        _ => None,
    }
}

/// Whether `drive` may be said of it. What is faulty counts, to be complained of by `drive`.
fn drivable(leaf: Leaf) -> bool {
    with(|b, _| match leaf.net {
        Net::Value { owner, value } if owner == b.serial => {
            matches!(b.module.cell(ValueId(value)).op, Op::Wire(_))
                && b.driven_index(ValueId(value)).is_some()
        }
        _ => true,
    })
}
