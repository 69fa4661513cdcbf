//! Choosing between signals.

use crate::builder::build;
use crate::elaborate::with;
use crate::leaf::{Leaf, Reading};
use crate::operand::{Given, Operand};
use crate::place::{At, here};
use crate::signal::Signal;
use crate::{Bit, Unsigned};
use olivine_netlist::{Op, ValueId};

/// `then` where the condition holds, else `otherwise`; leaf by leaf.
pub(crate) fn choose<T: Signal>(at: At, condition: Leaf, then: &T, otherwise: &T) -> T {
    let (a, b) = (then.leaves(), otherwise.leaves());
    if !with(|builder, e| crate::drive::same_count(builder, e, at, a.len(), b.len())) {
        return then.map_leaves(|l| Leaf::poison(l.width, l.reading));
    }
    let leaves = a.iter().zip(&b).map(|(a, b)| {
        build(at, a.width, a.reading, |builder, e| {
            let condition = builder.read(e, at, condition);
            let (then, otherwise) = (builder.read(e, at, *a), builder.read(e, at, *b));
            let (then, otherwise) = (then?, otherwise?);
            builder.same_shape(e, at, *a, *b)?;
            Ok(Op::Mux { condition: condition?, then, otherwise })
        })
    });
    then.with_leaves(&leaves.collect::<Vec<_>>())
}

/// `then` where `condition` holds, else `otherwise`. Both have one shape; one may be a literal.
#[track_caller]
pub fn mux<T: Signal>(
    condition: impl Operand<Bit>,
    then: impl Operand<T>,
    otherwise: impl Operand<T>,
) -> T {
    let at = here();
    let condition = crate::logic::like(at, crate::bit().0, &condition.given());
    let (then, otherwise) = match (then.given(), otherwise.given()) {
        (Given::Signal(a), Given::Signal(b)) => (a, b),
        (Given::Signal(a), Given::Literal(b)) => {
            let b = crate::constant::of(at, &a, Given::Literal(b));
            (a, b)
        }
        (Given::Literal(a), Given::Signal(b)) => {
            let a = crate::constant::of(at, &b, Given::Literal(a));
            (a, b)
        }
        (Given::Literal(_), Given::Literal(_)) => panic!(
            "{}: both choices of a `mux` are literals, so its width is unknown; say \
             `constant(shape, value)` for one of them",
            at
        ),
    };
    choose(at, condition, &then, &otherwise)
}

impl Bit {
    /// `then` where this bit holds, else `otherwise`.
    #[track_caller]
    pub fn select<T: Signal>(&self, then: impl Operand<T>, otherwise: impl Operand<T>) -> T {
        mux(*self, then, otherwise)
    }
}

/// `options[index]`; an index past the end chooses the last option.
#[track_caller]
pub fn select<T: Signal>(index: impl Operand<Unsigned>, options: &[T]) -> T {
    let at = here();
    let Some(first) = options.first() else {
        panic!("{at}: `select` has no options and so no shape; give it at least one")
    };
    let index = match index.given() {
        Given::Signal(index) => index.0,
        given @ Given::Literal(_) => {
            let width = crate::literal::own_width(&given, Reading::Unsigned);
            crate::logic::like(at, Leaf::shape(width, Reading::Unsigned), &given)
        }
    };
    let all: Vec<Vec<Leaf>> = options.iter().map(Signal::leaves).collect();
    let leaves = all[0].iter().enumerate().map(|(i, own)| {
        build(at, own.width, own.reading, |b, e| {
            let index = b.read(e, at, index)?;
            let mut values: Vec<ValueId> = Vec::with_capacity(all.len());
            for option in &all {
                let leaf = option.get(i).copied().unwrap_or(*own);
                let value = b.read(e, at, leaf)?;
                b.same_shape(e, at, *own, leaf)?;
                values.push(value);
            }
            Ok(Op::Select { index, options: values.into_boxed_slice() })
        })
    });
    first.with_leaves(&leaves.collect::<Vec<_>>())
}
