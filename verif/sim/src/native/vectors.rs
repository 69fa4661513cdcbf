//! Nodes of many lanes: values of up to 32 bits, and of up to 64 in two halves.

use super::build::{Builder, Chunk, Form, Size, View};
use super::ops::{Bin, Compare, Op, Shift, V};
use crate::kernel::{NodeId, NodeOp, ones};
use olivine_netlist::FloatFunction;
use smallvec::{SmallVec, smallvec};

/// One register, or two halves.
pub(super) type Parts = SmallVec<[V; 2]>;

impl Builder<'_> {
    /// A chunk as one register, or as two halves.
    pub fn parts(&mut self, size: Size, node: NodeId, chunk: u32) -> Parts {
        if size.is_wide() {
            self.wide(node, chunk).into()
        } else {
            smallvec![self.vector(node, chunk)]
        }
    }

    /// A chunk of up to 32 bits whose operands are made.
    pub fn make_vector(&mut self, chunk: Chunk) -> V {
        let node = self.kernel.graph.node(chunk.0);
        let size = self.working_size(&node.op, node.width);
        let parts = self.value(chunk, size);
        if size.is_wide() { self.emit(Op::Narrow, &parts) } else { parts[0] }
    }

    /// A chunk of more than 32 bits whose operands are made.
    pub fn make_wide(&mut self, chunk: Chunk) -> [V; 2] {
        let parts = self.value(chunk, Size::Wide);
        [parts[0], parts[1]]
    }

    /// The lanes' width in which an operation is done whose result has `width` bits.
    pub fn working_size(&self, op: &NodeOp, width: u32) -> Size {
        let w = |n: &NodeId| self.width(*n);
        Size::of(match op {
            NodeOp::ShiftLeft(_, by) => width.max(w(by)),
            NodeOp::ShiftRight(a, by) => w(a).max(w(by)),
            NodeOp::ShiftRightSigned { a, amount, bits } => w(a).max(w(amount)).max(*bits),
            NodeOp::Slice(a, low) => w(a).min(low + width),
            NodeOp::Input(_) | NodeOp::Undefined(_) | NodeOp::Parity(_) => 64,
            _ => width,
        })
    }

    /// The value of a chunk in lanes of this width.
    pub fn value(&mut self, (id, chunk): Chunk, size: Size) -> Parts {
        let node = self.kernel.graph.node(id);
        let (op, width) = (&node.op, node.width);
        let made = match op {
            NodeOp::Gather(lanes) => {
                let view = if size.is_wide() { View::Wide } else { View::Narrow };
                return self.gather(lanes, chunk, view);
            }
            NodeOp::Read(index, address) => {
                let safe = !self.kernel.leaves_range(*index, *address);
                return self.by_lane(id, chunk, size, |b, lane| {
                    let address = b.lane_or_one(*address, lane);
                    b.fetch(*index, address, lane, safe)
                });
            }
            NodeOp::MulHigh(x, y) => {
                return self.by_lane(id, chunk, size, |b, lane| {
                    let from = [*x, *y].map(|n| b.lane_or_one(n, lane));
                    b.emit(Op::MulHigh, &from)
                });
            }
            NodeOp::State(state) => {
                let cell = self.layout.states[*state as usize];
                let made = self.load(cell, chunk, size.is_wide(), true);
                let factor = self.layout.factors[*state as usize];
                return factor.map_or(made.clone(), |width| self.cut(size, made, 16, width));
            }
            NodeOp::Input(slot) => {
                return self.load(self.layout.inputs[*slot as usize], chunk, true, false);
            }
            NodeOp::Undefined(index) => {
                return self.load(self.layout.opens[*index as usize], chunk, true, false);
            }
            NodeOp::Mux { condition, then, otherwise } => {
                self.blend(size, (*condition, chunk), *then, *otherwise)
            }
            NodeOp::Select(index, options) => self.select(size, (*index, chunk), options),
            NodeOp::Join(parts) => self.join(size, parts, chunk),
            NodeOp::Slice(a, low) => {
                let a = self.parts(size, *a, chunk);
                self.shifted(size, a, Shift::Right, *low)
            }
            NodeOp::SignExtend(a, bits) => self.sign_extended(size, (*a, chunk), *bits),
            NodeOp::Parity(a) => self.parity((*a, chunk)),
            NodeOp::Float(function, operands) => smallvec![self.float(*function, operands, chunk)],
            NodeOp::Not(a) => {
                let (value, a) = (ones(width), self.parts(size, *a, chunk));
                self.each(Op::VectorWith { op: Bin::Xor, value, wide: size.is_wide() }, &a)
            }
            _ => self.binary(size, op, chunk),
        };
        // An inversion within the width needs no cut.
        let natural = match op {
            NodeOp::Not(a) => self.width(*a).max(width),
            _ => self.natural(op),
        };
        self.cut(size, made, natural, width)
    }

    /// A function of fp32 numbers.
    pub fn float(&mut self, function: FloatFunction, operands: &[NodeId], chunk: u32) -> V {
        let from: Vec<V> = operands.iter().map(|operand| self.vector(*operand, chunk)).collect();
        self.emit(Op::Float(function), &from)
    }

    fn binary(&mut self, size: Size, op: &NodeOp, chunk: u32) -> Parts {
        let wide = size.is_wide();
        match *op {
            NodeOp::And(a, b) => self.bin(size, Bin::And, a, b, chunk),
            NodeOp::AndNot(a, b) => self.bin(size, Bin::AndNot, a, b, chunk),
            NodeOp::Or(a, b) => self.bin(size, Bin::Or, a, b, chunk),
            NodeOp::Xor(a, b) => self.bin(size, Bin::Xor, a, b, chunk),
            NodeOp::Add(a, b) => self.bin(size, Bin::Add, a, b, chunk),
            NodeOp::Sub(a, b) => self.bin(size, Bin::Sub, a, b, chunk),
            NodeOp::Mul(a, b) if !wide && self.width(a).max(self.width(b)) <= 15 => {
                let (a, b) = (self.parts(size, a, chunk), self.parts(size, b, chunk));
                self.both(Op::MulShort, &a, &b)
            }
            NodeOp::Mul(a, b) => self.bin(size, Bin::Mul, a, b, chunk),
            NodeOp::ShiftLeft(a, by) => {
                let (a, by) = (self.parts(size, a, chunk), self.parts(size, by, chunk));
                self.both(Op::VectorShiftBy { op: Shift::Left, wide }, &a, &by)
            }
            NodeOp::ShiftRight(a, by) => {
                let (a, by) = (self.parts(size, a, chunk), self.parts(size, by, chunk));
                self.both(Op::VectorShiftBy { op: Shift::Right, wide }, &a, &by)
            }
            NodeOp::ShiftRightSigned { a, amount, bits } => {
                let a = self.sign_extended(size, (a, chunk), bits);
                let by = self.parts(size, amount, chunk);
                self.both(Op::VectorShiftBy { op: Shift::Signed, wide }, &a, &by)
            }
            _ => unreachable!("made elsewhere: {op:?}"),
        }
    }

    /// An operation on both registers, part by part.
    pub fn both(&mut self, op: Op, a: &[V], b: &[V]) -> Parts {
        a.iter().zip(b).map(|(a, b)| self.emit(op, &[*a, *b])).collect()
    }

    /// An operation on each part.
    pub fn each(&mut self, op: Op, a: &[V]) -> Parts {
        a.iter().map(|a| self.emit(op, &[*a])).collect()
    }

    fn bin(&mut self, size: Size, op: Bin, a: NodeId, b: NodeId, chunk: u32) -> Parts {
        let (graph, wide) = (&self.kernel.graph, size.is_wide());
        let mut with = match (graph.constant(a), graph.constant(b)) {
            (_, Some(value)) => Some((a, value)),
            (Some(value), _) if !matches!(op, Bin::Sub | Bin::AndNot) => Some((b, value)),
            _ => None,
        };
        let mut op = op;
        if let (Bin::AndNot, Some((_, value))) = (op, &mut with) {
            (op, *value) = (Bin::And, !*value);
        }
        if let Some((other, value)) = with {
            let (value, other) = (value & ones(size.bits()), self.parts(size, other, chunk));
            return self.each(Op::VectorWith { op, value, wide }, &other);
        }
        let (a, b) = (self.parts(size, a, chunk), self.parts(size, b, chunk));
        self.both(Op::Vector { op, wide }, &a, &b)
    }

    /// The second where the first is not zero, else the third.
    fn blend(&mut self, size: Size, condition: Chunk, then: NodeId, otherwise: NodeId) -> Parts {
        let chunk = condition.1;
        let mask = self.mask(condition.0, chunk);
        let otherwise = self.parts(size, otherwise, chunk);
        let then = self.parts(size, then, chunk);
        self.blended(size, mask, &then, &otherwise)
    }

    /// The second where the mask is set, else the third.
    pub fn blended(&mut self, size: Size, mask: V, then: &[V], otherwise: &[V]) -> Parts {
        // What changes stands first, so that one masked instruction can do both.
        if self.derives(otherwise[0], then[0]) {
            let inverse = self.emit(Op::MaskNot, &[mask]);
            return self.blended_parts(size, inverse, otherwise, then);
        }
        self.blended_parts(size, mask, then, otherwise)
    }

    fn blended_parts(&mut self, size: Size, mask: V, then: &[V], otherwise: &[V]) -> Parts {
        let masks: Parts =
            if size.is_wide() { self.halves_of(mask).into() } else { smallvec![mask] };
        let blend = Op::Blend { wide: size.is_wide() };
        let parts = masks.iter().zip(then).zip(otherwise);
        parts.map(|((m, t), o)| self.emit(blend, &[*m, *t, *o])).collect()
    }

    fn select(&mut self, size: Size, (index, chunk): Chunk, options: &[NodeId]) -> Parts {
        let last = options.len() - 1;
        let mut result = self.parts(size, options[last], chunk);
        for (k, option) in options[..last].iter().enumerate().rev() {
            let here = self.equals(index, k as u64, chunk);
            let option = self.parts(size, *option, chunk);
            result = self.blended(size, here, &option, &result);
        }
        result
    }

    /// A mask: where a node is this number.
    fn equals(&mut self, node: NodeId, value: u64, chunk: u32) -> V {
        let size = Size::of(self.width(node));
        let parts = self.parts(size, node, chunk);
        let wide = size.is_wide();
        let op = Op::VectorCompareWith { op: Compare::Equal, value, wide };
        let masks = self.each(op, &parts);
        self.joined(&masks)
    }

    /// The mask of a chunk from those of its parts.
    pub fn joined(&mut self, masks: &[V]) -> V {
        if let [low, high] = masks { self.emit(Op::MaskJoin, &[*low, *high]) } else { masks[0] }
    }

    fn join(&mut self, size: Size, parts: &[(NodeId, u32)], chunk: u32) -> Parts {
        let mut result: Option<Parts> = None;
        for &(part, shift) in parts {
            let part = self.placed(size, (part, chunk), shift);
            result = Some(match result {
                None => part,
                Some(below) => {
                    let or = Op::Vector { op: Bin::Or, wide: size.is_wide() };
                    self.both(or, &below, &part)
                }
            });
        }
        result.expect("a join has parts")
    }

    /// A node shifted left.
    fn placed(&mut self, size: Size, (node, chunk): Chunk, shift: u32) -> Parts {
        let wide = size.is_wide();
        if let Some(value) = self.kernel.graph.constant(node) {
            let value = (value << shift) & ones(size.bits());
            let number = self.number(Op::VectorNumber { value, wide });
            return smallvec![number; if wide { 2 } else { 1 }];
        }
        if self.form(node) == Form::Mask && shift > 0 {
            let mask = self.mask(node, chunk);
            let masks: Parts = if wide { self.halves_of(mask).into() } else { smallvec![mask] };
            return self.each(Op::Masked { value: 1 << shift, wide }, &masks);
        }
        let node = self.parts(size, node, chunk);
        self.shifted(size, node, Shift::Left, shift)
    }

    fn shifted(&mut self, size: Size, a: Parts, op: Shift, by: u32) -> Parts {
        if by == 0 {
            return a;
        }
        self.each(Op::VectorShift { op, by: by as u8, wide: size.is_wide() }, &a)
    }

    fn sign_extended(&mut self, size: Size, (node, chunk): Chunk, bits: u32) -> Parts {
        let wide = size.is_wide();
        if bits == 1 && self.form(node) == Form::Mask {
            let mask = self.mask(node, chunk);
            let masks: Parts = if wide { self.halves_of(mask).into() } else { smallvec![mask] };
            return self.each(Op::Masked { value: ones(size.bits()), wide }, &masks);
        }
        if let Some([a, b]) = self.signed_factors(node, bits) {
            if !wide && a.1.max(b.1) <= 16 {
                let from = [a, b].map(|(factor, bits)| self.factor(factor, chunk, bits));
                return smallvec![self.emit(Op::MulShort, &from)];
            }
            let [a, b] = [a, b].map(|(n, bits)| self.sign_extended(size, (n, chunk), bits));
            return self.both(Op::Vector { op: Bin::Mul, wide }, &a, &b);
        }
        if bits >= size.bits() {
            return self.parts(size, node, chunk);
        }
        if let Some(known) = self.extended.get(&(node, chunk, bits, wide)) {
            return known.clone();
        }
        // The sign's weight becomes negative: two operations that more units can do than shifts.
        let parts = self.parts(size, node, chunk);
        let (parts, value) = (self.cut(size, parts, self.width(node), bits), 1 << (bits - 1));
        let turned = self.each(Op::VectorWith { op: Bin::Xor, value, wide }, &parts);
        let result = self.each(Op::VectorWith { op: Bin::Sub, value, wide }, &turned);
        self.extended.insert((node, chunk, bits, wide), result.clone());
        result
    }

    /// A chunk with the sign of so many bits, at most 16, extended to the low half of each lane;
    /// the high half is zero.
    pub fn factor(&mut self, node: NodeId, chunk: u32, bits: u32) -> V {
        let graph = &self.kernel.graph;
        match &graph.node(node).op {
            NodeOp::State(state) if self.layout.factors[*state as usize] == Some(bits) => {
                let cell = self.layout.states[*state as usize];
                self.load(cell, chunk, false, true)[0]
            }
            NodeOp::Gather(lanes) if graph.width(node) == bits => {
                self.gather(lanes, chunk, View::Factor(bits))[0]
            }
            NodeOp::Mux { condition, then, otherwise }
                if graph.lanes(node) > 1 && graph.width(node) == bits =>
            {
                let mask = self.mask(*condition, chunk);
                let [then, otherwise] = [then, otherwise].map(|n| [self.factor(*n, chunk, bits)]);
                self.blended(Size::Narrow, mask, &then, &otherwise)[0]
            }
            _ => {
                let (parts, sign) = (smallvec![self.vector(node, chunk)], 1 << (bits - 1));
                let cut = self.cut(Size::Narrow, parts, self.width(node), bits)[0];
                let turn = Op::VectorWith { op: Bin::Xor, value: sign, wide: false };
                let turned = self.emit(turn, &[cut]);
                self.emit(Op::LessShort(sign as u16), &[turned])
            }
        }
    }

    /// In lanes of 64 bits: whether an odd number of bits is set.
    fn parity(&mut self, (node, chunk): Chunk) -> Parts {
        let mut folded = self.parts(Size::Wide, node, chunk);
        for by in [32, 16, 8, 4, 2, 1] {
            let moved = self.shifted(Size::Wide, folded.clone(), Shift::Right, by);
            folded = self.both(Op::Vector { op: Bin::Xor, wide: true }, &folded, &moved);
        }
        self.each(Op::VectorWith { op: Bin::And, value: 1, wide: true }, &folded)
    }

    /// Lanes without the bits from `width` up, if they can have any.
    pub fn cut(&mut self, size: Size, parts: Parts, natural: u32, width: u32) -> Parts {
        if natural <= width || width >= size.bits() {
            return parts;
        }
        let kept = Op::VectorWith { op: Bin::And, value: ones(width), wide: size.is_wide() };
        self.each(kept, &parts)
    }
}
