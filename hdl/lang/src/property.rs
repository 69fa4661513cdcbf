//! Properties beside the logic they speak of.
//!
//! A property stands under the [`when`](crate::when) around it: an assertion and an assumption
//! say nothing where the condition does not hold, a cover is not reached there.

use crate::Bit;
use crate::elaborate::with;
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use olivine_netlist::{FloatFunction, Op, Property, PropertyKind};

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
