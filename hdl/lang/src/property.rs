//! Properties beside the logic they speak of, and the temporal operators to say them with.
//!
//! A property stands under the [`when`](crate::when) around it: an assertion and an assumption
//! say nothing where the condition does not hold, a cover is not reached there.

use crate::Bit;
use crate::elaborate::with;
use crate::leaf::Reading;
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::scope::BODY;
use crate::signal::Signal;
use olivine_netlist::{Bits, Op, Property, PropertyKind};

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

/// Whether there was an edge outside of reset before the present cycle.
#[track_caller]
pub fn past_valid() -> Bit {
    let at = here();
    has_past(at)
}

fn has_past(at: At) -> Bit {
    with(|b, e| {
        if let Some(value) = b.past_valid {
            return Bit(b.leaf(value, Reading::Bit));
        }
        let leaf = b.register(e, at, crate::bit().0);
        let register = b.module.registers.len() - 1;
        let value = b.module.registers[register].value;
        let name = b.unique("past_valid");
        let state = &mut b.module.registers[register];
        state.name = name;
        state.reset = Some(Bits::zero(1));
        state.init = Some(Bits::zero(1));
        let one = b.constant(e, at, Bits::ones(1));
        b.sets[register].push(crate::builder::Drive { scope: BODY, value: one, at });
        b.past_valid = Some(value);
        Bit(leaf)
    })
}

/// The value one cycle ago; undefined where there is [no past](past_valid).
#[track_caller]
pub fn past<T: Signal>(signal: T) -> T {
    crate::register::delay(signal, 1)
}

/// Whether a bit holds that did not hold a cycle ago; not without a past.
#[track_caller]
pub fn rose(bit: Bit) -> Bit {
    has_past(here()) & bit & !past(bit)
}

/// Whether a bit held a cycle ago and does not now; not without a past.
#[track_caller]
pub fn fell(bit: Bit) -> Bit {
    has_past(here()) & !bit & past(bit)
}

/// Whether a signal is as it was a cycle ago; without a past it is.
#[track_caller]
pub fn stable<T: Signal>(signal: T) -> Bit {
    let at = here();
    let same = signal.same_as(past(signal.clone()));
    !has_past(at) | same
}

/// Whether a signal differs from what it was a cycle ago; without a past it does not.
#[track_caller]
pub fn changed<T: Signal>(signal: T) -> Bit {
    !stable(signal)
}
