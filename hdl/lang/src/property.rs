//! Properties beside the logic they speak of.
//!
//! A property stands under the [`when`](crate::when) around it: an assertion and an assumption
//! say nothing where the condition does not hold, a cover is not reached there.

use crate::Bit;
use crate::elaborate::with;
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use olivine_netlist::{Op, Property, PropertyKind};

/// Asserts that `condition` holds at every edge outside of reset.
#[track_caller]
pub fn always(name: impl Into<String>, condition: impl Operand<Bit>) {
    let at = here();
    property(at, name.into(), PropertyKind::Assert, &condition.given());
}

/// Assumes that `condition` holds at every edge outside of reset: a constraint on the inputs.
#[track_caller]
pub fn assume(name: impl Into<String>, condition: impl Operand<Bit>) {
    let at = here();
    property(at, name.into(), PropertyKind::Assume, &condition.given());
}

/// Asks that `condition` can hold at some edge outside of reset.
#[track_caller]
pub fn cover(name: impl Into<String>, condition: impl Operand<Bit>) {
    let at = here();
    property(at, name.into(), PropertyKind::Cover, &condition.given());
}

fn property(at: At, name: String, kind: PropertyKind, given: &Given<Bit>) {
    with(|b, e| {
        let Ok(condition) = b.operand(e, at, given, crate::bit().0) else { return };
        let condition = match (b.enable(), kind) {
            (None, _) => condition,
            (Some(enable), PropertyKind::Cover) => b.both(e, at, enable, condition),
            (Some(enable), _) => {
                let off = b.cell(e, at, Op::Not(enable), 1);
                b.cell(e, at, Op::Or(off, condition), 1)
            }
        };
        let domain = b.domain(e, at);
        let place = e.files.place(at);
        b.module.properties.push(Property { name, kind, condition, domain, place });
    });
}
