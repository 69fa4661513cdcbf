//! The temporal layer: what a property says about more than one cycle, as hardware.
//!
//! Every operator gives a [`Bit`] of the present cycle, made of registers of the present clock
//! domain; so each can stand in [`always`](crate::always), [`assume`](crate::assume),
//! [`cover`](crate::cover) and in logic. Cycles count from the edge after reset: no operator
//! remembers what was before. A [`when`](crate::when) around them does not change what they see.

use crate::builder::Drive;
use crate::elaborate::with;
use crate::leaf::Reading;
use crate::place::{At, here};
use crate::register::{delay, reg};
use crate::scope::{BODY, outside_conditions};
use crate::signal::Signal;
use crate::{Bit, cat, mux, unsigned};
use olivine_netlist::Bits;

/// Whether there was an edge outside of reset before the present cycle.
#[track_caller]
pub fn past_valid() -> Bit {
    let at = here();
    has_past(at)
}

fn has_past(at: At) -> Bit {
    with(|b, e| {
        let domain = b.domain(e, at);
        if let Some(value) = b.past_valid.get(&domain) {
            return Bit(b.leaf(*value, Reading::Bit));
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
        b.sets[register].push(Drive { scope: BODY, value: one, at });
        b.past_valid.insert(domain, value);
        Bit(leaf)
    })
}

/// A bit of so many cycles ago; false where there was no such cycle.
#[track_caller]
fn before(bit: Bit, cycles: u32) -> Bit {
    let mut now = bit;
    for _ in 0..cycles {
        let later = reg(crate::bit()).reset(false).init(false);
        outside_conditions(|| later.set(now));
        now = later;
    }
    now
}

/// The value one cycle ago; undefined where there is [no past](past_valid).
#[track_caller]
pub fn past<T: Signal>(signal: T) -> T {
    delay(signal, 1)
}

/// The value so many cycles ago; undefined where there was no such cycle.
#[track_caller]
pub fn past_n<T: Signal>(signal: T, cycles: u32) -> T {
    delay(signal, cycles)
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

/// A cycle after `cause`, `effect` holds: false in the cycle in which it should and does not.
#[track_caller]
pub fn implies_next(cause: Bit, effect: Bit) -> Bit {
    implies_after(cause, 1, effect)
}

/// So many cycles after `cause`, `effect` holds: false in the cycle in which it should and does
/// not.
#[track_caller]
pub fn implies_after(cause: Bit, cycles: u32, effect: Bit) -> Bit {
    !before(cause, cycles) | effect
}

/// After `cause`, `effect` holds in the same cycle or in one of the next `cycles`: false in the
/// last of these, if it held in none.
#[track_caller]
pub fn within(cause: Bit, cycles: u32, effect: Bit) -> Bit {
    if cycles == 0 {
        return cause.implies(effect);
    }
    // Bit `i` is a cause of `i + 1` cycles ago, still without its effect.
    let waiting = reg(unsigned(cycles)).reset(0).init(0);
    let with_new = cat((cause, waiting));
    let unserved = mux(effect, 0, with_new);
    outside_conditions(|| waiting.set(unserved.truncate(cycles)));
    !unserved.top_bit()
}

/// From `cause` on, `held` holds in every cycle before that of `release`; `release` need not come,
/// and in its cycle `held` is free. False in each cycle in which `held` should hold and does not.
#[track_caller]
pub fn until(cause: Bit, held: Bit, release: Bit) -> Bit {
    let waiting = reg(crate::bit()).reset(false).init(false);
    let bound = (cause | waiting) & !release;
    outside_conditions(|| waiting.set(bound));
    bound.implies(held)
}
