//! Algebra: values as polynomials in inputs and state, modulo powers of two.
//!
//! A word of w bits is known modulo 2^w at least, so that sums, products, shifts, choices and
//! joined words are polynomials whatever wraps; where it may wrap and more bits are asked for, its
//! value is an atom. Bit by bit `x ^ y` is `x + y - 2 (x & y)` and `x ^ y ^ z` is `x + y + z - 2 m`
//! with the carry `m` an atom, so that carries cancel where they are added again: trees of
//! carry-save adders cost no more than rows. Two values are equal if their polynomials are; if those
//! differ, nothing is known.
//!
//! What is found rests on the polynomials of all values; the certificate names only those parts of
//! values that had to be found equal on the way, and the checker goes backwards.

mod carries;
mod forms;
mod parts;
mod polynomial;

use crate::certificate::Merge;
use crate::solver::Deadline;
use carries::Carries;
use forms::Forms;
use olivine_netlist::{Module, Op, PropertyId, PropertyKind, ValueId};
use parts::Parts;
use std::collections::HashSet;
use std::time::Duration;

/// Terms that are handled for one property, no more than a second's work.
const WORK: usize = 2_000_000;
/// Cells that are looked at to find out whether there is anything to gain.
const LOOKED_AT: usize = 2_000_000;
/// What a property depends on is worth it with a product, or so many sums of so many bits.
const LONG: usize = 4;
const WIDE: u32 = 4;
/// Sums of single bits that are worth a sum of words.
const BITS: usize = 4;
/// What it may take where other engines wait for it.
pub(crate) const SHARE: Duration = Duration::from_secs(2);

/// Properties that algebra proves in every state, and the equalities that it needs.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub proved: Vec<PropertyId>,
    pub merges: Vec<Merge>,
}

/// What it proves of these.
pub(crate) fn algebra(flat: &Module, wanted: &[PropertyId], deadline: Deadline) -> Found {
    if wanted.is_empty() {
        return Found::default();
    }
    let order = flat.combinational_order().expect("a validated design has no loop");
    let parts = Parts::new(flat, &order);
    let carries = Carries::new(&parts, &order);
    let mut forms = Forms::new(&parts, &carries, deadline);
    loop {
        let proves = |p: &&PropertyId| {
            let property = &flat.properties[p.index()];
            forms.is_always(property.condition, property.kind != PropertyKind::Cover, WORK)
        };
        let proved: Vec<PropertyId> = wanted.iter().filter(proves).copied().collect();
        if !forms.stale {
            let merges = if proved.is_empty() { Vec::new() } else { forms.merges };
            return Found { proved, merges };
        }
        forms.restart();
    }
}

/// The targets for which products or long sums are computed.
pub(crate) fn of_arithmetic(flat: &Module, targets: &[PropertyId]) -> Vec<PropertyId> {
    let mut looked_at = 0;
    let mut has = |p: &&PropertyId| {
        has_arithmetic(flat, flat.properties[p.index()].condition, &mut looked_at)
    };
    targets.iter().filter(|p| has(p)).copied().collect()
}

/// Whether products or long sums are computed for a value in one step.
fn has_arithmetic(flat: &Module, value: ValueId, looked_at: &mut usize) -> bool {
    let mut seen = HashSet::from([value]);
    let mut waiting = vec![value];
    let mut sums = 0;
    while let Some(value) = waiting.pop() {
        *looked_at += 1;
        if *looked_at > LOOKED_AT {
            return false;
        }
        let cell = flat.cell(value);
        let is_xor = |v: ValueId| matches!(flat.cell(v).op, Op::Xor(..));
        sums += match cell.op {
            Op::MulUnsigned(..) | Op::MulSigned(..) => LONG * BITS,
            Op::Add(..) | Op::Sub(..) if cell.width >= WIDE => BITS,
            // Without a carry.
            Op::Xor(a, b) if is_xor(a) || is_xor(b) => {
                if cell.width >= WIDE {
                    BITS
                } else {
                    1
                }
            }
            _ => 0,
        };
        if sums >= LONG * BITS {
            return true;
        }
        cell.op.operands(|operand| {
            if seen.insert(operand) {
                waiting.push(operand);
            }
        });
    }
    false
}
