//! Assignment: recorded when it is written, resolved when the module is finished.

use crate::builder::{Builder, Drive, Read};
use crate::elaborate::{Elaboration, with};
use crate::leaf::Leaf;
use crate::operand::{Given, Literal};
use crate::place::At;
use crate::signal::Signal;
use olivine_netlist::{Op, ValueId};

/// What is assigned to one leaf.
enum Source<'a> {
    Leaf(Leaf),
    Literal(&'a Literal),
}

type Assign = fn(&mut Builder, &mut Elaboration, At, Leaf, Source<'_>);

pub(crate) fn drive<T: Signal>(at: At, target: &T, given: Given<T>) {
    each(at, target, &given, drive_leaf);
}

pub(crate) fn set<T: Signal>(at: At, target: &T, given: Given<T>) {
    each(at, target, &given, set_leaf);
}

fn each<T: Signal>(at: At, target: &T, given: &Given<T>, assign: Assign) {
    let targets = target.leaves();
    let sources = given.leaves();
    with(|b, e| match (&sources, given) {
        (Some(sources), _) => {
            if same_count(b, e, at, targets.len(), sources.len()) {
                let pairs = targets.iter().zip(sources);
                pairs.for_each(|(t, s)| assign(b, e, at, *t, Source::Leaf(*s)));
            }
        }
        (None, Given::Literal(literal)) => {
            targets.iter().for_each(|t| assign(b, e, at, *t, Source::Literal(literal)));
        }
        (None, Given::Signal(_)) => {}
    });
}

/// Whether two vectors are of one length.
pub(crate) fn same_count(b: &Builder, e: &mut Elaboration, at: At, to: usize, from: usize) -> bool {
    if to != from {
        let message = format!("{from} values meet {to}: the vectors differ in length");
        e.fault(b, "L015", at, message, "make both of one length");
    }
    to == from
}

fn drive_leaf(b: &mut Builder, e: &mut Elaboration, at: At, target: Leaf, source: Source<'_>) {
    let value = source_value(b, e, at, target, source);
    let Ok(own) = b.read_target(e, at, target) else { return };
    let Some(index) = b.driven_index(own) else {
        return cannot_drive(b, e, at, own);
    };
    if let Ok(value) = value {
        let scope = b.scopes.id();
        b.driven[index].drives.push(Drive { scope, value, at });
    } else {
        let value = b.cell(e, at, Op::Undefined, b.module.width(own));
        b.driven[index].drives.push(Drive { scope: b.scopes.id(), value, at });
    }
}

fn set_leaf(b: &mut Builder, e: &mut Elaboration, at: At, target: Leaf, source: Source<'_>) {
    let value = source_value(b, e, at, target, source);
    let Ok(own) = b.read_target(e, at, target) else { return };
    let Op::Register(register) = b.module.cell(own).op else {
        let what = b.show(own);
        let message = format!("{what} is set, but is no register");
        let help = "`set` is for registers, at the coming edge; `drive` is for wires, at once";
        let place = b.module.cell(own).place;
        e.fault(b, "L021", at, message, help).label(place, format!("{what} is made here"));
        return;
    };
    let value = value.unwrap_or_else(|_| b.cell(e, at, Op::Undefined, b.module.width(own)));
    let scope = b.scopes.id();
    b.sets[register.index()].push(Drive { scope, value, at });
}

fn source_value(
    b: &mut Builder,
    e: &mut Elaboration,
    at: At,
    target: Leaf,
    source: Source<'_>,
) -> Read<ValueId> {
    match source {
        Source::Literal(literal) => b.literal_bits(e, at, literal, target),
        Source::Leaf(leaf) => {
            let value = b.read(e, at, leaf)?;
            b.same_shape(e, at, target, leaf)?;
            Ok(value)
        }
    }
}

fn cannot_drive(b: &Builder, e: &mut Elaboration, at: At, own: ValueId) {
    let what = b.show(own);
    let (why, help) = match b.module.cell(own).op {
        Op::Input(_) => ("an input of this module", "read it; its driver is outside"),
        Op::Register(_) => ("set at edges", "say `set`: a register changes at the coming edge"),
        Op::InstanceOutput { .. } => {
            ("an output of the instance", "read it; the instance drives it")
        }
        _ => ("the result of an expression", "declare a `wire(shape)` and drive that"),
    };
    let place = b.module.cell(own).place;
    e.fault(b, "L020", at, format!("{what} cannot be driven: it is {why}"), help)
        .label(place, "it is made here");
}

impl Builder {
    /// The value of something that is assigned to.
    fn read_target(&self, e: &mut Elaboration, at: At, target: Leaf) -> Read<ValueId> {
        self.read(e, at, target)
    }

    /// Whether an assignment can never be seen: the later one that always hides it.
    pub(crate) fn hidden_by(&self, drives: &[Drive], index: usize) -> Option<Drive> {
        let later = drives.get(index + 1..)?;
        later.iter().find(|d| self.encloses(d.scope, drives[index].scope)).copied()
    }

    pub(crate) fn encloses(
        &self,
        outer: crate::scope::ScopeId,
        inner: crate::scope::ScopeId,
    ) -> bool {
        let mut at = inner;
        loop {
            if at == outer {
                return true;
            }
            if at == crate::scope::BODY {
                return false;
            }
            at = self.scope(at).parent;
        }
    }
}
