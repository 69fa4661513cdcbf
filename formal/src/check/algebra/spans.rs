//! [`Span`]: bits of a cell, by the name that they have once wires, slices and joins are followed
//! and what was shown to be equal is one.

use crate::certificate::Merge;
use olivine_netlist::{Module, Op, ValueId};
use std::collections::{HashMap, HashSet};

/// Words of more bits are never looked at.
pub(super) const MOST: u32 = 128;

/// The cell of bits that are constant without being one in the design: its bit 0 stands for zeros,
/// bit 1 for ones.
const NOWHERE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Span {
    pub cell: u32,
    pub low: u32,
    pub width: u32,
}

impl Span {
    /// Zeros or ones.
    pub fn constant(ones: bool, width: u32) -> Self {
        Self { cell: NOWHERE, low: u32::from(ones), width }
    }
}

/// A factor of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Var {
    /// The number that bits are.
    Span(Span),
    /// Of two spans of one width, ascending, bit by bit.
    And(Span, Span),
    /// Of three, ascending, bit by bit.
    Majority([Span; 3]),
}

impl Var {
    pub fn width(self) -> u32 {
        match self {
            Self::Span(span) | Self::And(span, _) | Self::Majority([span, ..]) => span.width,
        }
    }
}

/// All ones.
pub(super) fn mask(width: u32) -> u128 {
    u128::MAX >> (MOST - width.min(MOST))
}

pub(super) struct Spans<'a> {
    pub flat: &'a Module,
    place: Vec<u32>,
    most: Vec<u128>,
    /// By cell: its bits that are those of others.
    merged: HashMap<u32, Vec<Merge>>,
    /// By cell: the three of which it is the majority, before anything was merged.
    carries: HashMap<u32, [Span; 3]>,
    of_carries: HashSet<[Span; 3]>,
}

impl<'a> Spans<'a> {
    pub fn new(flat: &'a Module) -> Self {
        let count = flat.cells.len();
        let mut spans = Self {
            flat,
            place: vec![0; count],
            most: flat.cells.iter().map(|cell| mask(cell.width)).collect(),
            merged: HashMap::new(),
            carries: HashMap::new(),
            of_carries: HashSet::new(),
        };
        let order = flat.combinational_order().expect("a validated design has no loop");
        for (place, value) in (1..).zip(order) {
            spans.place[value.index()] = place;
            let largest = spans.largest(value).filter(|&l| l <= mask(flat.width(value)));
            spans.most[value.index()] = largest.unwrap_or(mask(flat.width(value)));
            if let Some(mut three) = spans.find_carry(value) {
                three.sort();
                spans.of_carries.insert(three);
                spans.carries.insert(value.0, three);
            }
        }
        spans
    }

    /// The largest number that a cell's operands allow, where it does not wrap.
    fn largest(&self, value: ValueId) -> Option<u128> {
        let of = |v: ValueId| self.most[v.index()];
        match &self.flat.cell(value).op {
            Op::Const(_) => self.number(self.any(value)),
            Op::Add(a, b) => of(*a).checked_add(of(*b)),
            Op::MulUnsigned(a, b) => of(*a).checked_mul(of(*b)),
            Op::And(a, b) => Some(of(*a).min(of(*b))),
            Op::Mux { then, otherwise, .. } => Some(of(*then).max(of(*otherwise))),
            Op::Wire(a) | Op::Extend(a) | Op::Slice { value: a, low: 0 } => Some(of(*a)),
            _ => None,
        }
    }

    /// The largest number that bits can be.
    pub fn most(&self, span: Span) -> u128 {
        let all = mask(span.width);
        match span.low {
            0 if span.cell != NOWHERE => self.most[span.cell as usize].min(all),
            _ => all,
        }
    }

    fn any(&self, value: ValueId) -> Span {
        Span { cell: value.0, low: 0, width: self.flat.width(value) }
    }

    /// All bits of a value.
    pub fn whole(&self, value: ValueId) -> Span {
        self.now(self.any(value))
    }

    /// Bits of a value.
    pub fn bits(&self, value: ValueId, low: u32, width: u32) -> Span {
        self.now(Span { cell: value.0, low, width })
    }

    /// The same, before anything was merged.
    pub fn written(&self, value: ValueId, low: u32, width: u32) -> Span {
        self.followed(Span { cell: value.0, low, width })
    }

    /// The constant that bits are.
    pub fn number(&self, span: Span) -> Option<u128> {
        if span.cell == NOWHERE {
            return Some(if span.low == 0 { 0 } else { mask(span.width) });
        }
        let Op::Const(bits) = &self.flat.cells[span.cell as usize].op else { return None };
        let set = (0..span.width.min(MOST)).filter(|&i| bits.bit(span.low + i));
        Some(set.fold(0, |number, i| number | 1 << i))
    }

    /// The operator, of bits that are a whole cell.
    pub fn whole_op(&self, span: Span) -> Option<&'a Op> {
        let flat = self.flat;
        let cell = flat.cells.get(span.cell as usize)?;
        (span.low == 0 && span.width == cell.width).then_some(&cell.op)
    }

    pub fn is_leaf(&self, cell: u32) -> bool {
        let leaf = |op: &Op| {
            matches!(op, Op::Input(_) | Op::Undefined | Op::Register(_) | Op::ReadData { .. })
        };
        self.flat.cells.get(cell as usize).is_some_and(|cell| leaf(&cell.op))
    }

    pub fn is_word_of_leaf(&self, span: Span) -> bool {
        self.is_leaf(span.cell) && span.width > 1 && self.whole_op(span).is_some()
    }

    /// What settles later has a larger number, an and or a carry a larger one than its operands.
    pub fn rank(&self, var: Var) -> u32 {
        let above = |spans: &[Span]| {
            let ranks = spans.iter().map(|&span| self.rank(Var::Span(span)));
            ranks.max().unwrap_or(0).max(7)
        };
        match var {
            Var::Span(span) if span.cell == NOWHERE => 1,
            // Words of inputs and state come last but for their bits.
            Var::Span(span) if self.is_leaf(span.cell) => match span.width {
                1 => 1,
                _ if self.is_word_of_leaf(span) => 2,
                _ => 3,
            },
            Var::Span(span) => {
                // Some low bits of a cell may be those of the whole cell.
                let is_cut = span.low == 0 && self.whole_op(span).is_none();
                16 * (self.place[span.cell as usize] + 1) + if is_cut { 6 } else { 3 }
            }
            Var::And(a, b) => above(&[a, b]) + 1,
            Var::Majority(three) => above(&three) + 2,
        }
    }

    /// Both sides of what is said to be equal, if the later one is said to be the earlier one.
    pub fn sides(&self, merge: &Merge) -> Option<(Span, Option<Span>)> {
        let inside = |cell: u32, low: u32| {
            let own = self.flat.cells.get(cell as usize)?.width;
            let fits = low.checked_add(merge.bits).is_some_and(|end| end <= own);
            fits.then_some(Span { cell, low, width: merge.bits })
        };
        let value = inside(merge.value, merge.bit).filter(|_| merge.bits > 0)?;
        let Some((cell, low)) = merge.of else { return Some((self.now(value), None)) };
        let other = inside(cell, low)?;
        let place = |span: Span| (self.settles(span.cell), span.cell, span.low);
        let ordered = place(other) < place(value) && !merge.inverted;
        ordered.then(|| (self.now(value), Some(self.now(other))))
    }

    /// Constants settle first.
    fn settles(&self, cell: u32) -> u32 {
        let is_constant = matches!(self.flat.cells[cell as usize].op, Op::Const(_));
        if is_constant { 0 } else { self.place[cell as usize] }
    }

    /// From now on these bits are the others.
    pub fn merge(&mut self, merge: &Merge) {
        self.merged.entry(merge.value).or_default().push(merge.clone());
    }

    /// The name of bits.
    fn now(&self, span: Span) -> Span {
        let mut span = self.followed(span);
        while let Some(next) = self.said_to_be(span) {
            span = self.followed(next);
        }
        span
    }

    fn said_to_be(&self, span: Span) -> Option<Span> {
        let all = self.merged.get(&span.cell)?;
        let covers = |m: &&Merge| m.bit <= span.low && span.low + span.width <= m.bit + m.bits;
        // What was said of fewer bits was said for their sake; a constant needs no other.
        let closest = |merge: &&Merge| (merge.bits, merge.of.is_some());
        let merge = all.iter().filter(covers).min_by_key(closest)?;
        Some(match merge.of {
            Some((cell, low)) => Span { cell, low: low + span.low - merge.bit, ..span },
            None => Span::constant(merge.inverted, span.width),
        })
    }

    /// Where bits come from.
    fn followed(&self, mut span: Span) -> Span {
        while let Some(op) = self.flat.cells.get(span.cell as usize).map(|cell| &cell.op) {
            let end = span.low + span.width;
            let next = match op {
                Op::Wire(v) => Some((*v, span.low)),
                Op::Slice { value, low } => Some((*value, span.low + low)),
                Op::Extend(v) | Op::ExtendSigned(v) => {
                    (end <= self.flat.width(*v)).then_some((*v, span.low))
                }
                Op::Concat(joined) => {
                    let mut begin = 0;
                    joined.iter().find_map(|&v| {
                        let low = begin;
                        begin += self.flat.width(v);
                        (low <= span.low && end <= begin).then_some((v, span.low.wrapping_sub(low)))
                    })
                }
                _ => None,
            };
            let Some((value, low)) = next else { break };
            span = Span { cell: value.0, low, ..span };
        }
        span
    }

    /// The three of which a cell is the majority.
    pub fn carry(&self, cell: u32) -> Option<[Span; 3]> {
        self.carries.get(&cell).copied()
    }

    /// The three of which a cell is the exclusive or, where some cell is their majority.
    pub fn three_of_sum(&self, cell: u32) -> Option<[Span; 3]> {
        let [a, b] = self.operands(Span { cell, ..self.any(ValueId(cell)) }, "xor")?;
        [[a, b], [b, a]].into_iter().find_map(|[half, third]| {
            let [first, second] = self.operands(half, "xor")?;
            let mut three = [first, second, third];
            three.sort();
            self.of_carries.contains(&three).then_some(three)
        })
    }

    /// Bits of something before anything was merged, as they are now.
    pub fn bits_now(&self, span: Span, low: u32, width: u32) -> Span {
        self.now(Span { cell: span.cell, low: span.low + low, width })
    }

    /// The operands of bits that are a whole cell of two operands and this name.
    fn operands(&self, span: Span, name: &str) -> Option<[Span; 2]> {
        let (Op::And(a, b) | Op::Or(a, b) | Op::Xor(a, b)) = self.whole_op(span)? else {
            return None;
        };
        let named = self.flat.cells[span.cell as usize].op.name() == name;
        named.then(|| [*a, *b].map(|v| self.followed(self.any(v))))
    }

    /// Two values that a cell takes, and a third, of which its table is that of the majority.
    fn find_carry(&self, value: ValueId) -> Option<[Span; 3]> {
        let own = self.any(value);
        let whole = |v: ValueId| self.followed(self.any(v));
        let pairs: Vec<[Span; 2]> = match self.flat.cell(value).op {
            Op::Or(a, b) | Op::Xor(a, b) => {
                [a, b].iter().filter_map(|&v| self.operands(whole(v), "and")).collect()
            }
            Op::Mux { condition, .. } if own.width == 1 => {
                self.operands(whole(condition), "xor").into_iter().collect()
            }
            _ => return None,
        };
        let mut near = Vec::new();
        self.near(own, 3, &mut near);
        let table = |three: [Span; 3]| self.table(own, &three, 3) == Some(0b1110_1000);
        let threes = pairs.iter().flat_map(|&[a, b]| near.iter().map(move |&c| [a, b, c]));
        threes.into_iter().find(|&three| table(three))
    }

    /// What is at most so many operators away.
    fn near(&self, span: Span, steps: u32, found: &mut Vec<Span>) {
        if steps == 0 {
            return;
        }
        if let Some(Op::And(..) | Op::Or(..) | Op::Xor(..) | Op::Mux { .. }) = self.whole_op(span) {
            self.flat.cells[span.cell as usize].op.operands(|v| {
                let operand = self.followed(self.any(v));
                found.push(operand);
                self.near(operand, steps - 1, found);
            });
        }
    }

    /// By the eight values of three spans: a bit of what is computed from them alone.
    fn table(&self, span: Span, three: &[Span; 3], steps: u32) -> Option<u8> {
        if let Some(i) = three.iter().position(|&one| one == span) {
            return Some([0b1010_1010, 0b1100_1100, 0b1111_0000][i]);
        }
        let steps = steps.checked_sub(1)?;
        let of = |v: &ValueId| self.table(self.followed(self.any(*v)), three, steps);
        Some(match self.whole_op(span)? {
            Op::And(a, b) => of(a)? & of(b)?,
            Op::Or(a, b) => of(a)? | of(b)?,
            Op::Xor(a, b) => of(a)? ^ of(b)?,
            Op::Mux { condition, then, otherwise } if span.width == 1 => {
                let condition = of(condition)?;
                of(then)? & condition | of(otherwise)? & !condition
            }
            _ => return None,
        })
    }
}
