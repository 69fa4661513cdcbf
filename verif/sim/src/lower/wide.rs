//! Operators on values of any width, as nodes of at most 64 bits.

use super::Nodes;
use crate::kernel::{Graph, NodeId, NodeOp};
use olivine_netlist::Op;
use smallvec::smallvec;

/// A value's width and limbs.
pub(super) struct Wide {
    width: u32,
    limbs: Nodes,
}

impl Wide {
    /// `limbs` of a value of `width` bits, least significant first.
    pub fn new(width: u32, limbs: Nodes) -> Self {
        Self { width, limbs }
    }

    /// Limb `k`; zero above the top one.
    fn limb(&self, g: &mut Graph, k: u32) -> NodeId {
        self.limbs.get(k as usize).copied().unwrap_or_else(|| g.number(0))
    }

    fn top_width(&self) -> u32 {
        limb_width(self.width, self.limbs.len() as u32 - 1)
    }

    fn top(&self) -> NodeId {
        self.limbs[self.limbs.len() - 1]
    }

    /// Bits `low..low + width` as one node; `width` is at most 64, bits above the value zero.
    fn part(&self, g: &mut Graph, low: u32, width: u32) -> NodeId {
        let (first, shift) = (low / 64, low % 64);
        let below = self.limb(g, first);
        let below = g.add(NodeOp::Slice(below, shift), width.min(64 - shift));
        if shift + width <= 64 {
            return below;
        }
        let above = self.limb(g, first + 1);
        let above = g.add(NodeOp::Slice(above, 0), shift + width - 64);
        g.add(NodeOp::Join(Box::new([(below, 0), (above, 64 - shift)])), width)
    }
}

/// Bits of limb `k` of a value of `width` bits.
pub(super) fn limb_width(width: u32, k: u32) -> u32 {
    (width - 64 * k).min(64)
}

/// The value as one limb; all ones if it needs more.
pub(super) fn saturated(g: &mut Graph, limbs: &[NodeId]) -> NodeId {
    let above = limbs[1..].to_vec();
    above.into_iter().fold(limbs[0], |low, high| {
        let (beyond, ones) = (g.any(high), g.ones(64));
        g.add(NodeOp::Mux { condition: beyond, then: ones, otherwise: low }, 64)
    })
}

/// The limbs of a pure operator.
pub(super) fn lower(g: &mut Graph, op: &Op, width: u32, operands: &[Wide]) -> Nodes {
    match (op, operands) {
        (Op::Const(bits), _) => bits.words().iter().map(|&word| g.number(word)).collect(),
        (Op::Wire(_) | Op::Extend(_), [a]) => (0..count(width)).map(|k| a.limb(g, k)).collect(),
        (Op::Not(_), [a]) => each(g, width, &[a], |v| NodeOp::Not(v[0])),
        (Op::And(..), [a, b]) => each(g, width, &[a, b], |v| NodeOp::And(v[0], v[1])),
        (Op::Or(..), [a, b]) => each(g, width, &[a, b], |v| NodeOp::Or(v[0], v[1])),
        (Op::Xor(..), [a, b]) => each(g, width, &[a, b], |v| NodeOp::Xor(v[0], v[1])),
        (Op::ReduceAnd(_), [a]) => smallvec![all(g, a)],
        (Op::ReduceOr(_), [a]) => smallvec![any(g, a)],
        (Op::ReduceXor(_), [a]) => smallvec![parity(g, a)],
        (Op::Add(..), [a, b]) => sum(g, width, a, b),
        (Op::Sub(..), [a, b]) => difference(g, width, a, b),
        (Op::MulUnsigned(..), [a, b]) => product(g, width, a, b),
        (Op::MulSigned(..), [a, b]) => {
            let (a, b) = (sign_extended(g, a, width), sign_extended(g, b, width));
            product(g, width, &a, &b)
        }
        (Op::Eq(..), [a, b]) => smallvec![equal(g, a, b)],
        (Op::LessUnsigned(..), [a, b]) => smallvec![less(g, a, b, false)],
        (Op::LessSigned(..), [a, b]) => smallvec![less(g, a, b, true)],
        (Op::ShiftLeft(..), [a, by]) => shift_left(g, a, by),
        (Op::ShiftRight(..), [a, by]) => shift_right(g, a, by, false),
        (Op::ShiftRightSigned(..), [a, by]) => shift_right(g, a, by, true),
        (Op::Mux { .. }, [c, a, b]) => each(g, width, &[a, b], |v| NodeOp::Mux {
            condition: c.limbs[0],
            then: v[0],
            otherwise: v[1],
        }),
        (Op::Select { .. }, [index, options @ ..]) => {
            let index = saturated(g, &index.limbs);
            let options: Vec<&Wide> = options.iter().collect();
            each(g, width, &options, |v| NodeOp::Select(index, v.into()))
        }
        (Op::Concat(_), parts) => concat(g, width, parts),
        (Op::Slice { low, .. }, [a]) => {
            (0..count(width)).map(|k| a.part(g, low + 64 * k, limb_width(width, k))).collect()
        }
        (Op::ExtendSigned(_), [a]) => sign_extended(g, a, width).limbs,
        _ => unreachable!("not a function of its operands: {}", op.name()),
    }
}

fn count(width: u32) -> u32 {
    width.div_ceil(64)
}

/// An operator applied limb by limb.
fn each(g: &mut Graph, width: u32, of: &[&Wide], op: impl Fn(&[NodeId]) -> NodeOp) -> Nodes {
    let limb = |k| {
        let operands: Nodes = of.iter().map(|w| w.limb(g, k)).collect();
        g.add(op(&operands), limb_width(width, k))
    };
    (0..count(width)).map(limb).collect()
}

fn all(g: &mut Graph, a: &Wide) -> NodeId {
    let mut result = g.number(1);
    for (k, &limb) in a.limbs.iter().enumerate() {
        let ones = g.ones(limb_width(a.width, k as u32));
        let full = g.add(NodeOp::Eq(limb, ones), 1);
        result = g.add(NodeOp::And(result, full), 1);
    }
    result
}

fn any(g: &mut Graph, a: &Wide) -> NodeId {
    let mut result = g.number(0);
    for &limb in &a.limbs {
        let some = g.any(limb);
        result = g.add(NodeOp::Or(result, some), 1);
    }
    result
}

fn parity(g: &mut Graph, a: &Wide) -> NodeId {
    let mut result = g.number(0);
    for &limb in &a.limbs {
        let odd = g.add(NodeOp::Parity(limb), 1);
        result = g.add(NodeOp::Xor(result, odd), 1);
    }
    result
}

/// Two limbs and a carry of one bit: the sum modulo 2^64, and its carry.
fn add_carry(g: &mut Graph, a: NodeId, b: NodeId, carry: NodeId) -> (NodeId, NodeId) {
    let s = g.add(NodeOp::Add(a, b), 64);
    let c1 = g.add(NodeOp::Less(s, a), 1);
    let t = g.add(NodeOp::Add(s, carry), 64);
    let c2 = g.add(NodeOp::Less(t, s), 1);
    (t, g.add(NodeOp::Or(c1, c2), 1))
}

fn sum(g: &mut Graph, width: u32, a: &Wide, b: &Wide) -> Nodes {
    if width <= 64 {
        return each(g, width, &[a, b], |v| NodeOp::Add(v[0], v[1]));
    }
    let mut carry = g.number(0);
    let mut limbs = Nodes::new();
    for k in 0..count(width) {
        let (x, y) = (a.limb(g, k), b.limb(g, k));
        let (s, c) = add_carry(g, x, y, carry);
        limbs.push(g.add(NodeOp::Slice(s, 0), limb_width(width, k)));
        carry = c;
    }
    limbs
}

fn difference(g: &mut Graph, width: u32, a: &Wide, b: &Wide) -> Nodes {
    if width <= 64 {
        return each(g, width, &[a, b], |v| NodeOp::Sub(v[0], v[1]));
    }
    let mut borrow = g.number(0);
    let mut limbs = Nodes::new();
    for k in 0..count(width) {
        let (x, y) = (a.limb(g, k), b.limb(g, k));
        let d = g.add(NodeOp::Sub(x, y), 64);
        let b1 = g.add(NodeOp::Less(x, y), 1);
        let e = g.add(NodeOp::Sub(d, borrow), 64);
        let b2 = g.add(NodeOp::Less(d, borrow), 1);
        limbs.push(g.add(NodeOp::Slice(e, 0), limb_width(width, k)));
        borrow = g.add(NodeOp::Or(b1, b2), 1);
    }
    limbs
}

/// The product modulo 2^`width`: schoolbook, each partial product added where it belongs.
fn product(g: &mut Graph, width: u32, a: &Wide, b: &Wide) -> Nodes {
    if width <= 64 {
        return each(g, width, &[a, b], |v| NodeOp::Mul(v[0], v[1]));
    }
    let limbs = count(width);
    let mut total: Nodes = smallvec![g.number(0); limbs as usize];
    for i in 0..(a.limbs.len() as u32).min(limbs) {
        for j in 0..(b.limbs.len() as u32).min(limbs - i) {
            let (x, y) = (a.limb(g, i), b.limb(g, j));
            let (low, high) = (NodeOp::Mul(x, y), NodeOp::MulHigh(x, y));
            for (at, op) in [(i + j, low), (i + j + 1, high)] {
                if at < limbs {
                    let part = g.add(op, 64);
                    add_at(g, &mut total, at as usize, part);
                }
            }
        }
    }
    let cut = |(k, limb): (usize, &NodeId)| (NodeOp::Slice(*limb, 0), limb_width(width, k as u32));
    total.iter().enumerate().map(cut).map(|(op, width)| g.add(op, width)).collect()
}

/// Adds `part` to the number from limb `at` upward.
fn add_at(g: &mut Graph, total: &mut [NodeId], at: usize, part: NodeId) {
    let zero = g.number(0);
    let (mut part, mut carry) = (part, zero);
    for limb in &mut total[at..] {
        (*limb, carry) = add_carry(g, *limb, part, carry);
        part = zero;
    }
}

fn equal(g: &mut Graph, a: &Wide, b: &Wide) -> NodeId {
    let mut result = g.number(1);
    for (&x, &y) in a.limbs.iter().zip(&b.limbs) {
        let same = g.add(NodeOp::Eq(x, y), 1);
        result = g.add(NodeOp::And(result, same), 1);
    }
    result
}

fn less(g: &mut Graph, a: &Wide, b: &Wide, signed: bool) -> NodeId {
    let mut result = g.number(0);
    let top = a.limbs.len() - 1;
    for (k, (&x, &y)) in a.limbs.iter().zip(&b.limbs).enumerate() {
        let op = if signed && k == top {
            NodeOp::LessSigned { a: x, b: y, bits: a.top_width() }
        } else {
            NodeOp::Less(x, y)
        };
        let (below, same) = (g.add(op, 1), g.add(NodeOp::Eq(x, y), 1));
        let rest = g.add(NodeOp::And(same, result), 1);
        result = g.add(NodeOp::Or(below, rest), 1);
    }
    result
}

fn sign_extended(g: &mut Graph, a: &Wide, width: u32) -> Wide {
    let (last, bits) = (a.limbs.len() as u32 - 1, a.top_width());
    let limb = |k: u32| match k.cmp(&last) {
        std::cmp::Ordering::Less => a.limb(g, k),
        std::cmp::Ordering::Equal => g.add(NodeOp::SignExtend(a.top(), bits), limb_width(width, k)),
        std::cmp::Ordering::Greater => {
            let sign = g.add(NodeOp::Slice(a.top(), bits - 1), 1);
            g.add(NodeOp::SignExtend(sign, 1), limb_width(width, k))
        }
    };
    Wide { width, limbs: (0..count(width)).map(limb).collect() }
}

fn concat(g: &mut Graph, width: u32, parts: &[Wide]) -> Nodes {
    let limb = |k: u32| {
        let (low, end) = (64 * k, 64 * k + limb_width(width, k));
        let (mut at, mut pieces) = (0, Vec::new());
        for part in parts {
            let (from, to) = (at.max(low), (at + part.width).min(end));
            if from < to {
                pieces.push((part.part(g, from - at, to - from), from - low));
            }
            at += part.width;
        }
        g.add(NodeOp::Join(pieces.into()), end - low)
    };
    (0..count(width)).map(limb).collect()
}

/// A shift by whole limbs (`number` of them, a node) and then by fewer than 64 bits.
struct Amount {
    limbs: NodeId,
    bits: NodeId,
    /// 64 less the bits.
    rest: NodeId,
}

fn amount(g: &mut Graph, by: &Wide) -> Amount {
    let by = saturated(g, &by.limbs);
    let bits = g.add(NodeOp::Slice(by, 0), 6);
    let full = g.number(64);
    Amount { limbs: g.add(NodeOp::Slice(by, 6), 58), bits, rest: g.add(NodeOp::Sub(full, bits), 7) }
}

/// The limb at position `k` plus (`up`) or minus the amount's limbs; `beyond` outside.
fn moved(g: &mut Graph, a: &Wide, by: &Amount, k: i64, up: bool, beyond: NodeId) -> NodeId {
    let mut result = beyond;
    for (j, &limb) in a.limbs.iter().enumerate() {
        let distance = if up { j as i64 - k } else { k - j as i64 };
        if let Ok(distance) = u64::try_from(distance) {
            let distance = g.number(distance);
            let here = g.add(NodeOp::Eq(by.limbs, distance), 1);
            let mux = NodeOp::Mux { condition: here, then: limb, otherwise: result };
            result = g.add(mux, 64);
        }
    }
    result
}

fn shift_left(g: &mut Graph, a: &Wide, by: &Wide) -> Nodes {
    if a.width <= 64 {
        let by = saturated(g, &by.limbs);
        return smallvec![g.add(NodeOp::ShiftLeft(a.limbs[0], by), a.width)];
    }
    let (by, zero) = (amount(g, by), g.number(0));
    let limb = |k: u32| {
        let here = moved(g, a, &by, i64::from(k), false, zero);
        let below = moved(g, a, &by, i64::from(k) - 1, false, zero);
        let high = g.add(NodeOp::ShiftLeft(here, by.bits), 64);
        let low = g.add(NodeOp::ShiftRight(below, by.rest), 64);
        let both = g.add(NodeOp::Or(high, low), 64);
        g.add(NodeOp::Slice(both, 0), limb_width(a.width, k))
    };
    (0..count(a.width)).map(limb).collect()
}

fn shift_right(g: &mut Graph, a: &Wide, by: &Wide, signed: bool) -> Nodes {
    if a.width <= 64 {
        let (value, amount) = (a.limbs[0], saturated(g, &by.limbs));
        let op = if signed {
            NodeOp::ShiftRightSigned { a: value, amount, bits: a.width }
        } else {
            NodeOp::ShiftRight(value, amount)
        };
        return smallvec![g.add(op, a.width)];
    }
    let by = amount(g, by);
    // Shift whole limbs, sign bits and all; what is above the width is cut off at the end.
    let full = if signed { sign_extended(g, a, 64 * count(a.width)) } else { copy(a) };
    let beyond = if signed {
        let sign = g.add(NodeOp::Slice(full.top(), 63), 1);
        g.add(NodeOp::SignExtend(sign, 1), 64)
    } else {
        g.number(0)
    };
    let limb = |k: u32| {
        let here = moved(g, &full, &by, i64::from(k), true, beyond);
        let above = moved(g, &full, &by, i64::from(k) + 1, true, beyond);
        let low = g.add(NodeOp::ShiftRight(here, by.bits), 64);
        let high = g.add(NodeOp::ShiftLeft(above, by.rest), 64);
        let both = g.add(NodeOp::Or(high, low), 64);
        g.add(NodeOp::Slice(both, 0), limb_width(a.width, k))
    };
    (0..count(a.width)).map(limb).collect()
}

fn copy(a: &Wide) -> Wide {
    Wide { width: a.width, limbs: a.limbs.clone() }
}

/// Each bit of a value repeated `times` times.
pub(super) fn repeated(g: &mut Graph, a: &Wide, times: u32) -> Nodes {
    let mut parts = Vec::new();
    for bit in 0..a.width {
        let bit = Wide::new(1, smallvec![a.part(g, bit, 1)]);
        parts.push(sign_extended(g, &bit, times));
    }
    concat(g, a.width * times, &parts)
}
