//! [`Meaning`]: what each operator says of a value, as a sum of products of its operands.

use super::spans::{MOST, Span, Var, mask};
use super::{Algebra, Definition};
use crate::check::Rejection;
use olivine_netlist::{Op, ValueId};

type Term = (u128, Vec<Var>);
type Terms = Vec<Term>;

/// A value and the place of its first bit.
type Placed = (ValueId, i64);

/// -1 and -2.
const LESS: u128 = u128::MAX;
const TWICE_LESS: u128 = u128::MAX - 1;

/// Words up to this width are told bit by bit.
const SHORT: u32 = 4;
/// Bits of an index that is told value by value.
const INDEX: u32 = 5;

/// A word as its bits.
pub(super) fn bits_of(word: Span) -> Definition {
    let bit = |i: u32| Var::Span(Span { low: word.low + i, width: 1, ..word });
    Definition { terms: (0..word.width).map(|i| (1 << i, vec![bit(i)])).collect(), right: MOST }
}

fn exactly(terms: Terms) -> Option<Definition> {
    Some(Definition { terms, right: MOST })
}

fn one(times: u128, span: Span) -> Term {
    (times, vec![Var::Span(span)])
}

/// The product of two sums.
fn product(a: &[Term], b: &[Term]) -> Terms {
    let with = |(times, vars): &Term| {
        let (times, vars) = (*times, vars.clone());
        b.iter()
            .map(move |(more, others)| (times.wrapping_mul(*more), [&vars[..], others].concat()))
    };
    a.iter().flat_map(with).collect()
}

/// 1 minus a sum.
fn opposite(mut terms: Terms) -> Terms {
    terms.iter_mut().for_each(|(times, _)| *times = times.wrapping_neg());
    terms.push((1, Vec::new()));
    terms
}

pub(super) struct Meaning<'m, 'a> {
    pub algebra: &'m mut Algebra<'a>,
}

impl Meaning<'_, '_> {
    /// What a value says, if anything is known of it.
    pub fn of(&mut self, var: Var) -> Result<Option<Definition>, Rejection> {
        let span = match var {
            Var::Span(span) => span,
            Var::And(a, b) if a.width == 1 => {
                return Ok(exactly(vec![(1, vec![Var::Span(a), Var::Span(b)])]));
            }
            Var::Majority([a, b, c]) if a.width == 1 => {
                let [a, b, c] = [a, b, c].map(Var::Span);
                let two = [vec![a, b], vec![a, c], vec![b, c]].map(|vars| (1, vars));
                let all = (TWICE_LESS, vec![a, b, c]);
                return Ok(exactly(two.into_iter().chain([all]).collect()));
            }
            _ => return Ok(None),
        };
        let flat = self.algebra.spans.flat;
        let Some(cell) = flat.cells.get(span.cell as usize) else { return Ok(None) };
        if span.width > MOST {
            return Ok(None);
        }
        if self.algebra.spans.is_leaf(span.cell) {
            return Ok((span.width > 1).then(|| bits_of(span)));
        }
        let is_cut = span.low == 0 && span.width > 1 && span.width < cell.width;
        let whole = || {
            let right = span.width;
            let terms = vec![one(1, self.algebra.spans.bits_now(span, 0, cell.width))];
            (is_cut && cell.width <= MOST).then_some(Definition { terms, right })
        };
        match &cell.op {
            Op::And(..) | Op::Or(..) | Op::Xor(..) if is_cut && cell.width <= MOST => Ok(whole()),
            Op::Eq(a, b) => self.equal(span, *a, *b),
            Op::ReduceAnd(a) | Op::ReduceOr(a) | Op::ReduceXor(a) => self.reduced(span, *a),
            op => Ok(self.plain(span, op).or_else(whole)),
        }
    }

    fn bits(&self, value: ValueId, low: u32, width: u32) -> Span {
        self.algebra.spans.bits(value, low, width)
    }

    /// Bit by bit both, so many times.
    fn and(&self, times: u128, a: Span, b: Span) -> Terms {
        let number = |span| self.algebra.spans.number(span);
        let (zero, ones) = (Some(0), Some(mask(a.width)));
        match () {
            () if a == b || number(b) == ones => vec![one(times, a)],
            () if number(a) == ones => vec![one(times, b)],
            () if number(a) == zero || number(b) == zero => Vec::new(),
            () => vec![(times, vec![Var::And(a.min(b), a.max(b))])],
        }
    }

    /// Bit by bit exactly one.
    fn differ(&self, a: Span, b: Span) -> Terms {
        let mut terms = vec![one(1, a), one(1, b)];
        terms.extend(self.and(TWICE_LESS, a, b));
        terms
    }

    fn plain(&self, span: Span, op: &Op) -> Option<Definition> {
        let Span { cell, low, width } = span;
        let spans = &self.algebra.spans;
        let alike = |v: ValueId| self.bits(v, low, width);
        if let Some(three) = spans.carry(cell) {
            let mut three = three.map(|one| spans.bits_now(one, low, width));
            three.sort();
            return exactly(vec![(1, vec![Var::Majority(three)])]);
        }
        match op {
            Op::Not(a) => exactly(vec![(mask(width), Vec::new()), one(LESS, alike(*a))]),
            Op::And(a, b) => exactly(self.and(1, alike(*a), alike(*b))),
            Op::Or(a, b) => {
                let (a, b) = (alike(*a), alike(*b));
                let mut terms = vec![one(1, a), one(1, b)];
                terms.extend(self.and(LESS, a, b));
                exactly(terms)
            }
            Op::Xor(a, b) => match spans.three_of_sum(cell) {
                Some(three) => {
                    let mut three = three.map(|one| spans.bits_now(one, low, width));
                    three.sort();
                    let mut terms: Terms = three.map(|span| one(1, span)).into();
                    terms.push((TWICE_LESS, vec![Var::Majority(three)]));
                    exactly(terms)
                }
                None => exactly(self.differ(alike(*a), alike(*b))),
            },
            Op::Mux { condition, then, otherwise } => {
                let bit = Var::Span(spans.whole(*condition));
                let (then, otherwise) = (alike(*then), alike(*otherwise));
                let with = |times, span| (times, vec![bit, Var::Span(span)]);
                exactly(vec![one(1, otherwise), with(1, then), with(LESS, otherwise)])
            }
            Op::Select { index, options } if spans.flat.width(*index) <= INDEX => {
                Some(self.selected(span, *index, options))
            }
            Op::Concat(_)
            | Op::Extend(_)
            | Op::ExtendSigned(_)
            | Op::ShiftLeft(..)
            | Op::ShiftRight(..)
            | Op::ShiftRightSigned(..) => self.moved(span, op),
            _ if low > 0 => None,
            Op::Add(a, b) | Op::Sub(a, b) if width == 1 => {
                exactly(self.differ(alike(*a), alike(*b)))
            }
            Op::MulUnsigned(a, b) | Op::MulSigned(a, b) if width == 1 => {
                exactly(self.and(1, alike(*a), alike(*b)))
            }
            Op::Add(a, b) => {
                let (a, b) = (alike(*a), alike(*b));
                let most = spans.most(a).checked_add(spans.most(b));
                let fits = most.is_some_and(|most| most <= mask(width));
                let right = if fits { MOST } else { width };
                Some(Definition { terms: vec![one(1, a), one(1, b)], right })
            }
            Op::Sub(a, b) => Some(Definition {
                terms: vec![one(1, alike(*a)), one(LESS, alike(*b))],
                right: width,
            }),
            Op::MulUnsigned(a, b) => {
                let factor = |v: ValueId| self.bits(v, 0, width.min(spans.flat.width(v)));
                let terms = vec![(1, vec![Var::Span(factor(*a)), Var::Span(factor(*b))])];
                let whole = width == spans.flat.cells[cell as usize].width;
                Some(Definition { terms, right: if whole { MOST } else { width } })
            }
            Op::MulSigned(a, b) => {
                let terms = product(&self.signed(*a, width), &self.signed(*b, width));
                Some(Definition { terms, right: width })
            }
            _ => None,
        }
    }

    /// A factor in two's complement, modulo 2^width.
    fn signed(&self, value: ValueId, width: u32) -> Terms {
        let own = self.algebra.spans.flat.width(value);
        if own >= width {
            return vec![one(1, self.bits(value, 0, width))];
        }
        let sign = self.bits(value, own - 1, 1);
        vec![one(1, self.bits(value, 0, own)), one((1_u128 << own).wrapping_neg(), sign)]
    }

    /// For each value of the index its option; past the end the last.
    fn selected(&self, span: Span, index: ValueId, options: &[ValueId]) -> Definition {
        let spans = &self.algebra.spans;
        let width = spans.flat.width(index);
        let mut terms = Terms::new();
        for number in 0..1_usize << width {
            let option = options[number.min(options.len() - 1)];
            let mut chosen = vec![one(1, self.bits(option, span.low, span.width))];
            for i in 0..width {
                let bit = vec![one(1, self.bits(index, i, 1))];
                let is_it = if number >> i & 1 == 1 { bit } else { opposite(bit) };
                chosen = product(&chosen, &is_it);
            }
            terms.extend(chosen);
        }
        Definition { terms, right: MOST }
    }

    /// Bits that come from elsewhere: of each value those from bit `begin` of the cell on.
    fn moved(&self, span: Span, op: &Op) -> Option<Definition> {
        let spans = &self.algebra.spans;
        let width = |v: ValueId| i64::from(spans.flat.width(v));
        let by = |v: ValueId| spans.number(spans.whole(v)).and_then(|n| i64::try_from(n).ok());
        // Each with its place; a sign also fills from a place on.
        let (values, sign): (Vec<Placed>, Option<Placed>) = match op {
            Op::Concat(joined) => {
                let mut end = 0;
                let place = |&v: &ValueId| {
                    end += width(v);
                    (v, end - width(v))
                };
                (joined.iter().map(place).collect(), None)
            }
            Op::Extend(v) => (vec![(*v, 0)], None),
            Op::ExtendSigned(v) => (vec![(*v, 0)], Some((*v, width(*v)))),
            Op::ShiftLeft(v, amount) => (vec![(*v, by(*amount)?)], None),
            Op::ShiftRight(v, amount) => (vec![(*v, -by(*amount)?)], None),
            Op::ShiftRightSigned(v, amount) => {
                let by = by(*amount)?;
                (vec![(*v, -by)], Some((*v, width(*v) - by)))
            }
            _ => return None,
        };
        let (low, high) = (i64::from(span.low), i64::from(span.low + span.width));
        let mut found: Vec<(i64, Span)> = Vec::new();
        for (value, begin) in values {
            let (from, to) = (begin.max(low), (begin + width(value)).min(high));
            if from >= to {
                continue;
            }
            // Neighbours are one before they are what they were said to be.
            let bits = spans.written(value, (from - begin) as u32, (to - from) as u32);
            match found.last_mut() {
                Some((at, last)) if follows(*last, bits) && *at + i64::from(last.width) == from => {
                    last.width += bits.width;
                }
                _ => found.push((from, bits)),
            }
        }
        let now = |bits: Span| spans.bits_now(bits, 0, bits.width);
        let place = |(at, bits): &(i64, Span)| one(1 << (at - low), now(*bits));
        let mut terms: Terms = found.iter().map(place).collect();
        if let Some((value, begin)) = sign {
            let from = begin.clamp(low, high) - low;
            let all = mask(span.width) & !if from == 0 { 0 } else { mask(from as u32) };
            terms.push(one(all, self.bits(value, width(value) as u32 - 1, 1)));
        }
        exactly(terms)
    }

    fn equal(
        &mut self,
        span: Span,
        a: ValueId,
        b: ValueId,
    ) -> Result<Option<Definition>, Rejection> {
        let (x, y) = (self.algebra.spans.whole(a), self.algebra.spans.whole(b));
        if x.width == 1 {
            return Ok(exactly(opposite(self.differ(x, y))));
        }
        let difference = [(1, x), (LESS, y)];
        if let Some(known) = self.constant(span, &difference, x.width, |value| value == 0)? {
            return Ok(exactly(vec![(u128::from(known), Vec::new())]));
        }
        if x.width > SHORT {
            return Ok(None);
        }
        let mut all: Terms = vec![(1, Vec::new())];
        for i in 0..x.width {
            let alike = opposite(self.differ(self.bits(a, i, 1), self.bits(b, i, 1)));
            all = product(&all, &alike);
        }
        Ok(exactly(all))
    }

    fn reduced(&mut self, span: Span, a: ValueId) -> Result<Option<Definition>, Rejection> {
        let flat = self.algebra.spans.flat;
        let (width, op) = (flat.width(a), &flat.cells[span.cell as usize].op);
        if width > SHORT {
            let word = [(1, self.algebra.spans.whole(a))];
            let always = self.constant(span, &word, width, |value| match op {
                Op::ReduceAnd(_) => value == mask(width),
                Op::ReduceOr(_) => value != 0,
                _ => value.count_ones() % 2 == 1,
            })?;
            return Ok(always.and_then(|known| exactly(vec![(u128::from(known), Vec::new())])));
        }
        let bit = |i: u32| vec![one(1, self.bits(a, i, 1))];
        let all = |bits: &dyn Fn(u32) -> Terms| {
            (1..width).fold(bits(0), |all, i| product(&all, &bits(i)))
        };
        let terms = match op {
            Op::ReduceAnd(_) => all(&bit),
            Op::ReduceOr(_) => opposite(all(&|i| opposite(bit(i)))),
            _ => {
                let either = |x: Terms, y: &[Term]| {
                    let both = product(&product(&x, y), &[(TWICE_LESS, Vec::new())]);
                    [x, y.to_vec(), both].concat()
                };
                (1..width).fold(bit(0), |odd, i| either(odd, &bit(i)))
            }
        };
        Ok(exactly(terms))
    }

    /// What a cell always gives, if the word that it asks about is always the same.
    fn constant(
        &mut self,
        asked_by: Span,
        sum: &[(u128, Span)],
        bits: u32,
        answer: impl Fn(u128) -> bool,
    ) -> Result<Option<bool>, Rejection> {
        if let Some(&known) = self.algebra.constant.get(&asked_by.cell) {
            return Ok(known);
        }
        let known = self.algebra.value_of(sum, bits)?.map(answer);
        self.algebra.constant.insert(asked_by.cell, known);
        Ok(known)
    }
}

/// Whether bits are those above others of the same cell.
fn follows(low: Span, high: Span) -> bool {
    low.cell == high.cell && low.low + low.width == high.low
}
