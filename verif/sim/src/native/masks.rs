//! Nodes of many lanes of one bit.

use super::build::{Builder, Chunk, Size};
use super::ops::{Bin, Compare, Op, V};
use crate::kernel::{NodeId, NodeOp, ones};

impl Builder<'_> {
    /// A chunk of bits whose operands are made.
    pub fn make_mask(&mut self, chunk: Chunk) -> V {
        let node = self.kernel.graph.node(chunk.0);
        let at = chunk.1;
        match node.op {
            NodeOp::State(state) if self.layout.states[state as usize].size == 0 => {
                let cell = self.layout.chunk(self.layout.states[state as usize], at, false);
                let v = self.emit(Op::MaskLoad(cell.at), &[]);
                self.reads(cell);
                v
            }
            NodeOp::Eq(a, b) => self.equal(a, b, at),
            NodeOp::Less(a, b) if self.are_bits(&[a, b]) => self.masks(Bin::AndNot, b, a, at),
            NodeOp::Less(a, b) => self.compare(Compare::Less, (a, b), None, at),
            NodeOp::LessSigned { a, b, bits: 1 } => self.masks(Bin::AndNot, a, b, at),
            NodeOp::LessSigned { a, b, bits } => {
                self.compare(Compare::LessSigned, (a, b), Some(bits), at)
            }
            NodeOp::Test { a, low, width } => self.test(a, ones(width) << low, at),
            NodeOp::Slice(a, low) => self.test(a, 1 << low, at),
            NodeOp::Not(a) if self.are_bits(&[a]) => {
                let a = self.mask(a, at);
                self.emit(Op::MaskNot, &[a])
            }
            NodeOp::And(a, b) if self.are_bits(&[a, b]) => self.masks(Bin::And, a, b, at),
            NodeOp::AndNot(a, b) if self.are_bits(&[a, b]) => self.masks(Bin::AndNot, a, b, at),
            NodeOp::Or(a, b) if self.are_bits(&[a, b]) => self.masks(Bin::Or, a, b, at),
            NodeOp::Xor(a, b) if self.are_bits(&[a, b]) => self.masks(Bin::Xor, a, b, at),
            NodeOp::Mux { condition, then, otherwise } if self.are_bits(&[then, otherwise]) => {
                self.choice(condition, then, otherwise, at)
            }
            _ => {
                let size = self.working_size(&node.op, node.width);
                let parts = self.value(chunk, size);
                self.tested(&parts, 1, size)
            }
        }
    }

    fn are_bits(&self, nodes: &[NodeId]) -> bool {
        nodes.iter().all(|n| self.width(*n) == 1)
    }

    fn masks(&mut self, op: Bin, a: NodeId, b: NodeId, chunk: u32) -> V {
        let from = [self.mask(a, chunk), self.mask(b, chunk)];
        self.emit(Op::Masks(op), &from)
    }

    fn choice(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId, chunk: u32) -> V {
        let condition = self.mask(condition, chunk);
        let (then, otherwise) = (self.mask(then, chunk), self.mask(otherwise, chunk));
        let then = self.emit(Op::Masks(Bin::And), &[condition, then]);
        let otherwise = self.emit(Op::Masks(Bin::AndNot), &[otherwise, condition]);
        self.emit(Op::Masks(Bin::Or), &[then, otherwise])
    }

    fn tested(&mut self, parts: &[V], value: u64, size: Size) -> V {
        let test = Op::VectorTest { value, wide: size.is_wide() };
        let masks = self.each(test, parts);
        self.joined(&masks)
    }

    /// Whether any of these bits is set.
    fn test(&mut self, a: NodeId, bits: u64, chunk: u32) -> V {
        if self.are_bits(&[a]) {
            return if bits & 1 == 1 {
                self.mask(a, chunk)
            } else {
                self.number(Op::MaskNumber(false))
            };
        }
        let size = Size::of(self.width(a).min(64 - bits.leading_zeros()));
        let parts = self.parts(size, a, chunk);
        self.tested(&parts, bits & ones(size.bits()), size)
    }

    fn equal(&mut self, a: NodeId, b: NodeId, chunk: u32) -> V {
        if self.are_bits(&[a, b]) {
            let differ = self.masks(Bin::Xor, a, b, chunk);
            return self.emit(Op::MaskNot, &[differ]);
        }
        self.compare(Compare::Equal, (a, b), None, chunk)
    }

    /// A comparison; of numbers of so many bits in two's complement, if they are given.
    fn compare(
        &mut self,
        op: Compare,
        (a, b): (NodeId, NodeId),
        bits: Option<u32>,
        chunk: u32,
    ) -> V {
        let size = Size::of(self.width(a).max(self.width(b)).max(bits.unwrap_or(0)));
        let wide = size.is_wide();
        let op = match op {
            // Without a sign bit the order is the same, and some instruction sets have only that.
            Compare::Less if self.width(a).max(self.width(b)) < size.bits() => Compare::LessSigned,
            op => op,
        };
        if let (Some(value), None) = (self.kernel.graph.constant(b), bits) {
            let a = self.parts(size, a, chunk);
            let masks = self.each(Op::VectorCompareWith { op, value, wide }, &a);
            return self.joined(&masks);
        }
        let [a, b] = [a, b].map(|node| {
            let parts = self.parts(size, node, chunk);
            match bits {
                None => parts,
                Some(bits) => parts.iter().map(|v| self.aligned(*v, bits, size)).collect(),
            }
        });
        let masks = self.both(Op::VectorCompare { op, wide }, &a, &b);
        self.joined(&masks)
    }
}
