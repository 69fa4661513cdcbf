//! [`Choice`]: an instruction between two values.

use crate::native::ops::{Inst, Op, V, When};

/// A condition of bodies, and what it is about.
pub(super) type Condition = (When, bool, Vec<V>);

/// A choice between two values.
pub(super) struct Choice {
    pub when: When,
    pub about: Vec<V>,
    pub then: V,
    pub otherwise: V,
}

impl Choice {
    pub fn of(inst: &Inst) -> Option<Self> {
        let (when, about, then, otherwise) = match (inst.op, inst.from.as_slice()) {
            (Op::Choose, &[otherwise, a, then]) => (When::Set, vec![a], then, otherwise),
            (Op::ChooseCompare(how), &[otherwise, a, b, then]) => {
                (When::Compare(how), vec![a, b], then, otherwise)
            }
            (Op::ChooseNumber(how, value), &[otherwise, a, then]) => {
                (When::Number(how, value), vec![a], then, otherwise)
            }
            (Op::ChooseTest(bits), &[otherwise, a, then]) => {
                (When::Test(bits), vec![a], then, otherwise)
            }
            (Op::Blend { .. }, &[mask, then, otherwise]) => {
                (When::Any, vec![mask], then, otherwise)
            }
            _ => return None,
        };
        Some(Self { when, about, then, otherwise })
    }
}
