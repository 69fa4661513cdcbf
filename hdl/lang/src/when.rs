//! [`when`]: statements under a condition.

use crate::Bit;
use crate::builder::Builder;
use crate::elaborate::{Elaboration, with};
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::scope::ScopeId;
use olivine_netlist::{Op, ValueId};

/// A chain of conditions of which the first that holds is taken; see [`when`].
#[derive(Clone, Copy)]
pub struct When {
    group: usize,
}

/// Assignments, writes and properties in `body` happen only where `condition` holds.
///
/// The closure runs once, at elaboration. Expressions in it are not affected: a condition says
/// when something is *assigned*, not when it is computed. What an instance does that is placed
/// in it is not affected either.
#[track_caller]
pub fn when(condition: impl Operand<Bit>, body: impl FnOnce()) -> When {
    let at = here();
    let condition = condition.given();
    let group = with(|b, _| b.scopes.group(false));
    arm(at, group, Some(condition), body);
    When { group }
}

impl When {
    /// The same where `condition` holds and none of those before it.
    #[track_caller]
    pub fn otherwise_when(self, condition: impl Operand<Bit>, body: impl FnOnce()) -> Self {
        let at = here();
        arm(at, self.group, Some(condition.given()), body);
        self
    }

    /// Nothing where none of the conditions holds. For an arm of a `match` beside arms that end
    /// in [`When::otherwise`].
    pub fn end(self) {}

    /// The same where none of the conditions holds.
    #[track_caller]
    pub fn otherwise(self, body: impl FnOnce()) {
        let at = here();
        arm(at, self.group, None, body);
    }
}

fn arm(at: At, group: usize, condition: Option<Given<Bit>>, body: impl FnOnce()) {
    inside(
        |b, e| {
            let own = condition.map(|given| condition_value(b, e, at, &given));
            b.arm(e, at, group, own)
        },
        body,
    );
}

/// Runs `body` in the scope that `make` gives.
pub(crate) fn inside(
    make: impl FnOnce(&mut Builder, &mut Elaboration) -> ScopeId,
    body: impl FnOnce(),
) {
    let outer = with(|b, e| {
        let scope = make(b, e);
        b.scopes.enter(scope)
    });
    body();
    with(|b, _| b.scopes.enter(outer));
}

/// One bit; after a fault any.
pub(crate) fn condition_value(
    b: &mut Builder,
    e: &mut Elaboration,
    at: At,
    given: &Given<Bit>,
) -> ValueId {
    let value = b.operand(e, at, given, crate::bit().0);
    value.unwrap_or_else(|_| b.cell(e, at, Op::Undefined, 1))
}
