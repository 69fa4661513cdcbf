//! [`Parts`]: which bits of which cell a value is.

use super::polynomial::ones;
use olivine_netlist::{Module, Op, ValueId};

/// Bits `low .. low + width` of a cell. Of those that name the same bits through wires, slices and
/// joins, one form is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Part {
    pub value: ValueId,
    pub low: u32,
    pub width: u32,
}

/// A part times a number, of which so many low bits have to be right.
pub(super) struct Piece {
    pub part: Part,
    pub times: u128,
    pub needed: u32,
}

/// A flat design, its cells in order.
pub(super) struct Parts<'a> {
    pub flat: &'a Module,
    /// By cell: its place in the order, constants first.
    rank: Vec<u32>,
    /// By cell: no value of it is larger.
    most: Vec<u128>,
}

impl<'a> Parts<'a> {
    pub fn new(flat: &'a Module, order: &[ValueId]) -> Self {
        let mut parts = Self {
            flat,
            rank: vec![0; flat.cells.len()],
            most: flat.cells.iter().map(|cell| ones(cell.width)).collect(),
        };
        for (place, &value) in (1..).zip(order) {
            if !matches!(flat.cell(value).op, Op::Const(_)) {
                parts.rank[value.index()] = place;
            }
            parts.most[value.index()] = parts.bound(value);
        }
        parts
    }

    /// The largest value that a cell may have, seen from its operands alone.
    fn bound(&self, value: ValueId) -> u128 {
        let cell = self.flat.cell(value);
        let most = |v: &ValueId| self.most[v.index()];
        let bound = match &cell.op {
            Op::Const(bits) => {
                let words = bits.words().iter().take(2).enumerate();
                words.map(|(i, &word)| u128::from(word) << (64 * i)).sum()
            }
            Op::Wire(v) | Op::Extend(v) => most(v),
            Op::And(a, b) => most(a).min(most(b)),
            Op::Add(a, b) => most(a).saturating_add(most(b)),
            Op::MulUnsigned(a, b) => most(a).saturating_mul(most(b)),
            Op::Mux { then, otherwise, .. } => most(then).max(most(otherwise)),
            Op::Slice { value, low: 0 } => most(value),
            _ => u128::MAX,
        };
        // What may be too large wraps to anything.
        let all = ones(cell.width);
        if bound > all { all } else { bound }
    }

    /// The largest value that a part may have.
    pub fn most(&self, part: Part) -> u128 {
        let all = ones(part.width);
        if part.low == 0 { self.most[part.value.index()].min(all) } else { all }
    }

    /// Where a part stands in the order.
    pub fn place(&self, part: Part) -> (u32, ValueId, u32) {
        (self.rank[part.value.index()], part.value, part.low)
    }

    pub fn whole(&self, value: ValueId) -> Part {
        self.part(value, 0, self.flat.width(value))
    }

    /// These bits, of the cell that they come from.
    pub fn part(&self, mut value: ValueId, mut low: u32, width: u32) -> Part {
        loop {
            let (next, from) = match &self.flat.cell(value).op {
                Op::Wire(v) => (*v, low),
                Op::Slice { value, low: begin } => (*value, low + begin),
                Op::Extend(v) | Op::ExtendSigned(v) if low + width <= self.flat.width(*v) => {
                    (*v, low)
                }
                Op::Concat(joined) => match self.inside(joined, low, width) {
                    Some(found) => found,
                    None => return Part { value, low, width },
                },
                _ => return Part { value, low, width },
            };
            (value, low) = (next, from);
        }
    }

    /// The one of these joined values in which the bits lie.
    fn inside(&self, joined: &[ValueId], low: u32, width: u32) -> Option<(ValueId, u32)> {
        let mut begin = 0;
        for &value in joined {
            let end = begin + self.flat.width(value);
            if low >= begin && low + width <= end {
                return Some((value, low - begin));
            }
            begin = end;
        }
        None
    }

    /// Bits of a part.
    pub fn within(&self, part: Part, low: u32, width: u32) -> Part {
        self.part(part.value, part.low + low, width)
    }

    pub fn sign(&self, value: ValueId) -> Part {
        self.part(value, self.flat.width(value) - 1, 1)
    }

    /// A constant that fits.
    pub fn number(&self, value: ValueId) -> Option<u32> {
        let part = self.whole(value);
        let Op::Const(bits) = &self.flat.cell(part.value).op else { return None };
        bits.slice(part.low, part.width).to_u64().and_then(|n| u32::try_from(n).ok())
    }

    /// The sum that a part is whose cell only moves bits.
    pub fn pieces(&self, part: Part) -> Option<Vec<Piece>> {
        let mut pieces = Vec::new();
        match &self.flat.cell(part.value).op {
            Op::Concat(joined) => {
                let mut begin = 0;
                for &value in joined {
                    self.overlap(&mut pieces, part, value, i64::from(begin));
                    begin += self.flat.width(value);
                }
            }
            Op::Extend(v) => self.overlap(&mut pieces, part, *v, 0),
            Op::ExtendSigned(v) => {
                self.overlap(&mut pieces, part, *v, 0);
                self.fill(&mut pieces, part, *v, i64::from(self.flat.width(*v)));
            }
            Op::ShiftLeft(v, by) => {
                self.overlap(&mut pieces, part, *v, i64::from(self.number(*by)?));
            }
            Op::ShiftRight(v, by) => {
                self.overlap(&mut pieces, part, *v, -i64::from(self.number(*by)?));
            }
            Op::ShiftRightSigned(v, by) => {
                let by = i64::from(self.number(*by)?);
                self.overlap(&mut pieces, part, *v, -by);
                self.fill(&mut pieces, part, *v, i64::from(self.flat.width(*v)) - by);
            }
            _ => return None,
        }
        Some(pieces)
    }

    /// What of a value that stands from bit `begin` on is in the part.
    fn overlap(&self, pieces: &mut Vec<Piece>, part: Part, value: ValueId, begin: i64) {
        let (low, high) = (i64::from(part.low), i64::from(part.low + part.width));
        let (from, to) = (begin.max(low), (begin + i64::from(self.flat.width(value))).min(high));
        if from >= to {
            return;
        }
        let found = self.part(value, (from - begin) as u32, (to - from) as u32);
        let up = (from - low) as u32;
        // Neighbours of one cell are one part.
        if let Some(last) = pieces.last_mut() {
            let lies = last.part.value == found.value
                && last.part.low + last.part.width == found.low
                && part.width - last.needed + last.part.width == up;
            if lies {
                let width = last.part.width + found.width;
                last.part = self.part(found.value, last.part.low, width);
                return;
            }
        }
        let (times, needed) = (1 << up, part.width - up);
        pieces.push(Piece { part: found, times, needed });
    }

    /// The sign of a value in all bits of the part from bit `begin` on.
    fn fill(&self, pieces: &mut Vec<Piece>, part: Part, value: ValueId, begin: i64) {
        let from = begin.max(i64::from(part.low)) - i64::from(part.low);
        if from < i64::from(part.width) {
            let times = ones(part.width) & !ones(from as u32);
            let needed = part.width - from as u32;
            pieces.push(Piece { part: self.sign(value), times, needed });
        }
    }
}
