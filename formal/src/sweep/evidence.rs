//! What was found, for the checker: which state is equal, and which values inside a step are.

use super::candidates::latch_names;
use super::classes::Classes;
use super::image::Image;
use crate::bits::WholeSystem;
use crate::certificate::{Evidence, Merge, StateBit};
use crate::gates::Lit;
use crate::sabotage::{Bug, planted};
use crate::system::TransitionSystem;
use olivine_netlist::{Module, Op, ValueId};
use std::collections::HashMap;

/// The evidence for everything that follows from these classes.
pub(super) fn evidence(
    system: &TransitionSystem,
    whole: &WholeSystem,
    classes: &Classes,
    image: &Image,
    any_reset: bool,
) -> Evidence {
    let names = latch_names(system);
    let bit = |latch: usize, value| {
        let (state, bit) = names[latch].clone();
        StateBit { state, bit, value }
    };
    let (mut equal, mut fixed) = (Vec::new(), Vec::new());
    for (leader, members) in classes.groups() {
        let parts = members.into_iter().map(|latch| match leader {
            None => bit(latch, classes.inverted[latch]),
            Some(_) => bit(latch, !classes.inverted[latch]),
        });
        match leader {
            None => fixed.extend(parts),
            Some(_) => equal.push(parts.collect()),
        }
    }
    let any_reset = any_reset || planted(Bug::ResetOversaid);
    let merges = Merges::new(&system.flat, whole, image).found;
    Evidence::Correspondence {
        any_reset,
        equal,
        fixed,
        memories: memories(system, classes),
        merges,
    }
}

fn memories(system: &TransitionSystem, classes: &Classes) -> Vec<Vec<String>> {
    let name = |i: usize| system.flat.memories[i].name.clone();
    let mut groups: Vec<Vec<String>> = Vec::new();
    for leader in 0..classes.memories.len() {
        let members = (0..classes.memories.len()).filter(|&m| classes.memories[m] == leader);
        let members: Vec<String> = members.map(name).collect();
        if members.len() > 1 {
            groups.push(members);
        }
    }
    groups
}

/// A bit of a value.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Point {
    value: ValueId,
    bit: u32,
    lit: Lit,
}

/// The values of a step that are equal to earlier ones.
struct Merges<'a> {
    flat: &'a Module,
    whole: &'a WholeSystem,
    image: &'a Image,
    /// By merged gate: the first bit that it is.
    owners: HashMap<usize, Point>,
    found: Vec<Merge>,
}

impl<'a> Merges<'a> {
    fn new(flat: &'a Module, whole: &'a WholeSystem, image: &'a Image) -> Self {
        let mut merges = Self { flat, whole, image, owners: HashMap::new(), found: Vec::new() };
        for &(value, _) in &whole.made {
            let word = merges.word(value);
            let op = &flat.cell(value).op;
            if (computes(op) || is_reset_at_once(flat, op)) && !merges.is_copy(value, &word) {
                merges.merge(value, &word);
            }
            for (bit, &lit) in (0..).zip(&word) {
                merges.owners.entry(lit.gate()).or_insert(Point { value, bit, lit });
            }
        }
        merges
    }

    fn word(&self, value: ValueId) -> Vec<Lit> {
        self.whole.values[value.index()].iter().map(|&lit| self.image.of(lit)).collect()
    }

    /// Whether an earlier cell does the same with the same operands: then it needs no saying.
    fn is_copy(&self, value: ValueId, word: &[Lit]) -> bool {
        let cell = self.flat.cell(value);
        let other = word.iter().find_map(|lit| self.owners.get(&lit.gate()));
        let Some(other) = other.map(|point| point.value) else { return false };
        let kind = |v: ValueId| std::mem::discriminant(&self.flat.cell(v).op);
        let operands = |v: ValueId| {
            let mut all = Vec::new();
            self.flat.cell(v).op.operands(|o| all.push(self.word(o)));
            all
        };
        let plain = !matches!(cell.op, Op::ReadData { .. } | Op::Register(_));
        plain
            && kind(other) == kind(value)
            && self.flat.width(other) == cell.width
            && operands(other) == operands(value)
    }

    fn merge(&mut self, value: ValueId, word: &[Lit]) {
        for (bit, &lit) in (0..).zip(word) {
            let (of, inverted) = match self.owners.get(&lit.gate()) {
                _ if lit.to_constant().is_some() => (None, lit == Lit::ONE),
                Some(owner) => {
                    (Some((owner.value.0, owner.bit)), owner.lit.inverted() != lit.inverted())
                }
                None => continue,
            };
            let inverted = inverted != planted(Bug::MergeTurned);
            let goes_on = |last: &Merge| {
                let next = last.of.map(|(v, b)| (v, b + last.bits));
                let next_bit = last.bit + last.bits;
                last.value == value.0 && next_bit == bit && next == of && last.inverted == inverted
            };
            match self.found.last_mut().filter(|last| goes_on(last)) {
                Some(last) => last.bits += 1,
                None => self.found.push(Merge { value: value.0, bit, bits: 1, of, inverted }),
            }
        }
    }
}

/// Whether a register is seen otherwise than it is remembered, while a reset is active.
fn is_reset_at_once(flat: &Module, op: &Op) -> bool {
    let Op::Register(register) = op else { return false };
    let register = &flat.registers[register.index()];
    register.reset.is_some() && flat.domains[register.domain.index()].resets_at_once()
}

/// Whether a cell is more than another place for bits that exist.
fn computes(op: &Op) -> bool {
    !matches!(
        op,
        Op::Const(_)
            | Op::Input(_)
            | Op::Undefined
            | Op::Register(_)
            | Op::Wire(_)
            | Op::Not(_)
            | Op::Slice { .. }
            | Op::Concat(_)
            | Op::Extend(_)
            | Op::ExtendSigned(_)
    )
}
