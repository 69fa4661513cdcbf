//! [`Choice`]: an instruction between two values.

use crate::native::ops::{Inst, Op, Operands, V, When};
use smallvec::smallvec;

/// A condition of bodies, and what it is about.
pub(super) type Condition = (When, bool, Operands);

/// A choice between two values.
pub(in crate::native) struct Choice {
    pub when: When,
    pub about: Operands,
    pub then: V,
    pub otherwise: V,
}

impl Choice {
    pub fn of(inst: &Inst) -> Option<Self> {
        let (when, about, then, otherwise) = match (inst.op, inst.from.as_slice()) {
            (Op::Choose, &[otherwise, a, then]) => (When::Set, smallvec![a], then, otherwise),
            (Op::ChooseCompare(how), &[otherwise, a, b, then]) => {
                (When::Compare(how), smallvec![a, b], then, otherwise)
            }
            (Op::ChooseNumber(how, value), &[otherwise, a, then]) => {
                (When::Number(how, value), smallvec![a], then, otherwise)
            }
            (Op::ChooseTest(bits), &[otherwise, a, then]) => {
                (When::Test(bits), smallvec![a], then, otherwise)
            }
            (Op::Blend { .. }, &[mask, then, otherwise]) => {
                (When::Any, smallvec![mask], then, otherwise)
            }
            _ => return None,
        };
        Some(Self { when, about, then, otherwise })
    }
}
