//! Properties beside the logic they speak of.
//!
//! A property stands under the [`when`](crate::when) around it: an assertion and an assumption
//! say nothing where the condition does not hold, a cover is not reached there.

use crate::Bit;
use crate::elaborate::with;
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::register::reg;
use crate::scope::outside_conditions;
use crate::signal::Signal;
use olivine_netlist::{FloatFunction, Op, Property, PropertyKind};

/// Asserts that `condition` holds at every edge outside of reset.
#[track_caller]
pub fn always(name: impl Into<String>, condition: impl Operand<Bit>) {
    let at = here();
    property(at, name.into(), PropertyKind::Assert, &condition.given());
}

/// Assumes that `condition` holds at every edge outside of reset: a constraint on the inputs. It is
/// given where the module is the top. Where it is placed it is asserted: simulation checks it, and a
/// proof shows that what surrounds the module keeps it.
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

/// Asserts that `condition` holds again and again: in every run without end, at infinitely many
/// edges outside of reset. Runs count that keep the [assumptions](assume), are
/// [fair](assume_again), and in which every clock runs on. A proof gives a verdict; simulators
/// cannot judge it.
///
/// ```
/// use olivine_lang::prelude::*;
///
/// #[module]
/// fn Blinker() {
///     let led: Out<Bit> = reg(bit()).reset(false);
///     led.set(!led);
///     always_again("it goes on", led);
///     always_again("it goes off", !led);
/// }
/// ```
#[track_caller]
pub fn always_again(name: impl Into<String>, condition: impl Operand<Bit>) {
    let at = here();
    property(at, name.into(), PropertyKind::Live, &condition.given());
}

/// Assumes that `condition` holds again and again: of runs without end only those in which it
/// holds at infinitely many edges count for [`always_again`] and [`answered`]. What is violated in
/// finite time does not depend on it. Where the module is placed it is asserted, as by
/// [`always_again`].
#[track_caller]
pub fn assume_again(name: impl Into<String>, condition: impl Operand<Bit>) {
    let at = here();
    property(at, name.into(), PropertyKind::Fair, &condition.given());
}

/// Asserts that every `request` is answered, in its own cycle or in some later one, however late.
/// Of several requests before an answer the answer is for all. Made of one register and
/// [`always_again`]: nothing waits for ever.
#[track_caller]
pub fn answered(name: impl Into<String>, request: Bit, answer: Bit) {
    let at = here();
    let waiting = waits(request, answer);
    property(at, name.into(), PropertyKind::Live, &(!waiting).given());
}

/// Assumes that every `request` is answered, as [`answered`] asserts it.
#[track_caller]
pub fn assume_answered(name: impl Into<String>, request: Bit, answer: Bit) {
    let at = here();
    let waiting = waits(request, answer);
    property(at, name.into(), PropertyKind::Fair, &(!waiting).given());
}

/// A request of this cycle or of an earlier one is without an answer.
#[track_caller]
fn waits(request: Bit, answer: Bit) -> Bit {
    let before = reg(crate::bit()).reset(false).init(false);
    let waiting = (request | before) & !answer;
    outside_conditions(|| before.set(waiting));
    waiting
}

/// Says what function of floats the module being built is: a simulator may then compute it with
/// the machine's own floats instead of the module's gates. See [`FloatFunction`] for what the
/// ports have to be (N055), and for what is promised; a proof or a test has to keep the promise.
///
/// ```
/// use olivine_lang::prelude::*;
/// use olivine_lang::{FloatFunction, computes};
///
/// # #[derive(Clone, Debug, Hash, PartialEq, Eq)]
/// # struct Negative;
/// # #[derive(Ports)]
/// # struct NegativePorts { a: In<Unsigned>, b: In<Unsigned>, z: Out<Unsigned> }
/// # impl Module for Negative {
/// #     type Ports = NegativePorts;
/// #     fn ports(&self) -> NegativePorts {
/// #         NegativePorts { a: unsigned(32), b: unsigned(32), z: unsigned(32) }
/// #     }
/// #     fn build(&self, p: NegativePorts) {
/// computes(FloatFunction::MULTIPLY.flushing_subnormals());
/// #         p.z.drive(p.a ^ p.b);
/// #     }
/// # }
/// # assert!(elaborate(Negative).unwrap().top().computes.is_some());
/// ```
pub fn computes(function: FloatFunction) {
    with(|b, _| b.module.computes = Some(function));
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
