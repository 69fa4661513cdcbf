//! Values that are equal by algebra, shown backwards: a difference is a sum of products of values,
//! in which the value that settles last is replaced by what it is computed from, until nothing is
//! left of it.
//!
//! A value is the number that its bits are. What replaces it is either that number, or the same
//! modulo a power of two ([`Definition::right`]); the latter is done only where the number it is
//! multiplied by makes up for the rest. A bit is its own square. That `x ^ y` is `x + y - 2 (x & y)`
//! and `x ^ y ^ z` is `x + y + z - 2 m`, with `m` the majority bit by bit, and what each operator
//! means (`algebra/meaning.rs`), is all that is trusted.

mod goal;
mod meaning;
mod spans;

use super::Rejection;
use crate::certificate::Merge;
use crate::solver::Deadline;
use goal::Goal;
use meaning::Meaning;
use olivine_netlist::{Module, Op, PropertyId, PropertyKind};
use spans::{MOST, Span, Spans, Var};
use std::collections::HashMap;

/// Questions within questions that are asked.
const DEEP: u32 = 50;

/// What of a value is said by those that it is computed from.
struct Definition {
    /// A sum of products, each so many times.
    terms: Vec<(u128, Vec<Var>)>,
    /// It is this sum modulo 2^right.
    right: u32,
}

/// One check on its way.
pub(super) struct Algebra<'a> {
    spans: Spans<'a>,
    deadline: Deadline,
    /// By cell that asks whether a word is constant: what it always gives, if anything.
    constant: HashMap<u32, Option<bool>>,
    depth: u32,
}

impl<'a> Algebra<'a> {
    pub fn new(flat: &'a Module, deadline: Deadline) -> Self {
        Self { spans: Spans::new(flat), deadline, constant: HashMap::new(), depth: 0 }
    }

    /// That all these are equal, each from those before it, and that these properties follow.
    pub fn check(&mut self, merges: &[Merge], properties: &[PropertyId]) -> Result<(), Rejection> {
        for merge in merges {
            if !self.holds(merge)? {
                return Err(Rejection::UnequalValue(merge.value));
            }
            self.spans.merge(merge);
            self.constant.clear();
        }
        for property in properties {
            let property = &self.spans.flat.properties[property.index()];
            let wanted = u128::from(property.kind != PropertyKind::Cover);
            let condition = self.spans.whole(property.condition);
            if self.value_of(&[(1, condition)], 1)? != Some(wanted) {
                return Err(Rejection::Algebra);
            }
        }
        Ok(())
    }

    fn holds(&mut self, merge: &Merge) -> Result<bool, Rejection> {
        let Some((value, other)) = self.spans.sides(merge) else { return Ok(false) };
        let other = match other {
            Some(other) => other,
            None => Span::constant(merge.inverted, merge.bits),
        };
        if value == other || self.computed_alike(value, other) {
            return Ok(true);
        }
        let difference = [(1, value), (u128::MAX, other)];
        Ok(self.value_of(&difference, merge.bits)? == Some(0))
    }

    /// Whether two whole cells do the same with the same.
    fn computed_alike(&self, a: Span, b: Span) -> bool {
        let (Some(first), Some(second)) = (self.spans.whole_op(a), self.spans.whole_op(b)) else {
            return false;
        };
        let is_function = matches!(
            first,
            Op::Eq(..)
                | Op::LessUnsigned(..)
                | Op::LessSigned(..)
                | Op::ReduceAnd(_)
                | Op::ReduceOr(_)
                | Op::ReduceXor(_)
                | Op::ShiftLeft(..)
                | Op::ShiftRight(..)
                | Op::ShiftRightSigned(..)
                | Op::Select { .. }
        );
        let operands = |op: &Op| {
            let mut spans = Vec::new();
            op.operands(|v| spans.push(self.spans.whole(v)));
            if matches!(op, Op::Eq(..)) {
                spans.sort();
            }
            spans
        };
        is_function
            && first.name() == second.name()
            && a.width == b.width
            && operands(first) == operands(second)
    }

    /// The sum of these modulo 2^bits, if it is always the same.
    fn value_of(&mut self, sum: &[(u128, Span)], bits: u32) -> Result<Option<u128>, Rejection> {
        if bits > MOST || self.depth > DEEP {
            return Ok(None);
        }
        self.depth += 1;
        let mut goal = Goal::new(bits);
        for &(times, span) in sum {
            goal.add(times, &[Var::Span(span)], &self.spans);
        }
        let mut ended = self.replace_all(&mut goal, false);
        if ended == Ok(()) && goal.value().is_none() {
            goal.begin_again(&self.spans);
            ended = self.replace_all(&mut goal, true);
        }
        self.depth -= 1;
        ended.map(|()| goal.value())
    }

    /// Replaces what settles last, until only what has no definition is left. What may be replaced
    /// in some of the products alone is left as it is, or is replaced there, `in_part`.
    fn replace_all(&mut self, goal: &mut Goal, in_part: bool) -> Result<(), Rejection> {
        while let Some((var, terms)) = goal.take_last() {
            if self.deadline.is_over() {
                return Err(Rejection::Time);
            }
            let definition = match var {
                Var::Span(span) if self.spans.is_word_of_leaf(span) => {
                    goal.has_bits_of(span, &terms).then(|| meaning::bits_of(span))
                }
                _ => Meaning { algebra: self }.of(var)?,
            };
            goal.replace(var, terms, definition.as_ref(), in_part, &self.spans);
        }
        Ok(())
    }
}
