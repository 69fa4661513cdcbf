//! [`Carries`]: which cells are carries of three values, however they are written.

use super::parts::{Part, Parts};
use olivine_netlist::{Op, ValueId};
use std::collections::{HashMap, HashSet};

/// By cell that is the majority of three parts: these.
#[derive(Default)]
pub(super) struct Carries {
    found: HashMap<ValueId, [Part; 3]>,
    known: HashSet<[Part; 3]>,
}

impl Carries {
    pub fn new(parts: &Parts<'_>, order: &[ValueId]) -> Self {
        let mut carries = Self::default();
        for &value in order {
            if let Some(mut three) = majority(parts, value) {
                three.sort_unstable();
                if three[0] == three[1] || three[1] == three[2] {
                    continue;
                }
                carries.known.insert(three);
                carries.found.insert(value, three);
            }
        }
        carries
    }

    /// The three of which a cell is the majority.
    pub fn majority(&self, value: ValueId) -> Option<[Part; 3]> {
        self.found.get(&value).copied()
    }

    /// The three of which a cell is the exclusive or, if there is a carry of them.
    pub fn sum(&self, parts: &Parts<'_>, value: ValueId) -> Option<[Part; 3]> {
        let Op::Xor(a, b) = parts.flat.cell(value).op else { return None };
        let (a, b) = (parts.whole(a), parts.whole(b));
        [(a, b), (b, a)].into_iter().find_map(|(half, last)| {
            let [first, second] = pair(parts, half, Gate::Xor)?;
            let mut three = [first, second, last];
            three.sort_unstable();
            self.known.contains(&three).then_some(three)
        })
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Gate {
    And,
    Or,
    Xor,
}

/// The operands of a part that is a whole cell of this kind.
fn pair(parts: &Parts<'_>, part: Part, wanted: Gate) -> Option<[Part; 2]> {
    let (gate, a, b) = match parts.flat.cell(part.value).op {
        Op::And(a, b) => (Gate::And, a, b),
        Op::Or(a, b) => (Gate::Or, a, b),
        Op::Xor(a, b) => (Gate::Xor, a, b),
        _ => return None,
    };
    let is_whole = part.low == 0 && part.width == parts.flat.width(part.value);
    (is_whole && gate == wanted).then(|| [parts.whole(a), parts.whole(b)])
}

fn same(first: [Part; 2], second: [Part; 2]) -> bool {
    first == second || first == [second[1], second[0]]
}

fn majority(parts: &Parts<'_>, value: ValueId) -> Option<[Part; 3]> {
    let (is_or, a, b) = match parts.flat.cell(value).op {
        Op::Or(a, b) => (true, a, b),
        Op::Xor(a, b) => (false, a, b),
        Op::Mux { condition, then, otherwise } if parts.flat.width(value) == 1 => {
            // Where two differ the third decides.
            let two = pair(parts, parts.whole(condition), Gate::Xor)?;
            let (then, otherwise) = (parts.whole(then), parts.whole(otherwise));
            return two.contains(&otherwise).then_some([two[0], two[1], then]);
        }
        _ => return None,
    };
    let (a, b) = (parts.whole(a), parts.whole(b));
    [(a, b), (b, a)].into_iter().find_map(|(first, second)| {
        let two = pair(parts, first, Gate::And)?;
        let with_third = || of_sum(parts, two, second, is_or);
        let of_pairs = || if is_or { of_three_pairs(parts, two, second) } else { None };
        with_third().or_else(of_pairs)
    })
}

/// Two, beside the third and one or the other of the two: exactly one, or if both may be, either.
fn of_sum(parts: &Parts<'_>, two: [Part; 2], second: Part, either: bool) -> Option<[Part; 3]> {
    let [a, b] = pair(parts, second, Gate::And)?;
    let is_sum = |part: Part| {
        let exactly = pair(parts, part, Gate::Xor);
        let sum = exactly.or_else(|| pair(parts, part, Gate::Or).filter(|_| either));
        sum.is_some_and(|sum| same(sum, two))
    };
    match () {
        () if is_sum(a) => Some([two[0], two[1], b]),
        () if is_sum(b) => Some([two[0], two[1], a]),
        () => None,
    }
}

/// Two, beside each with the third.
fn of_three_pairs(parts: &Parts<'_>, [a, b]: [Part; 2], second: Part) -> Option<[Part; 3]> {
    let [left, right] = pair(parts, second, Gate::Or)?;
    let (left, right) = (pair(parts, left, Gate::And)?, pair(parts, right, Gate::And)?);
    let third = left.into_iter().find(|&part| part != a && part != b)?;
    let (one, other) = ([a, third], [b, third]);
    let both = same(left, one) && same(right, other) || same(left, other) && same(right, one);
    both.then_some([a, b, third])
}
