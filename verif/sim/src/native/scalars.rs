//! Nodes of one lane.

use super::build::{Builder, Form};
use super::layout::Layout;
use super::ops::{Bin, Compare, Op, Shift, V};
use crate::exec::Elem;
use crate::kernel::{NodeId, NodeOp, ones};

impl Builder<'_> {
    /// A node of one lane whose operands are made.
    pub fn make_scalar(&mut self, id: NodeId) -> V {
        let node = self.kernel.graph.node(id);
        let (op, width) = (&node.op, node.width);
        let made = match op {
            NodeOp::Const(value) => return self.number(Op::Number(*value)),
            NodeOp::Input(slot) => self.emit(Op::Load(self.layout.inputs[*slot as usize]), &[]),
            NodeOp::Undefined(index) => {
                self.emit(Op::Load(self.layout.opens[*index as usize]), &[])
            }
            NodeOp::State(state) => {
                let cell = self.layout.states[*state as usize];
                let v = self.emit(Op::Load(cell), &[]);
                self.reads(cell);
                v
            }
            NodeOp::Read(index, address) => {
                let safe = !self.kernel.leaves_range(*index, *address);
                let address = self.scalar(*address);
                self.fetch(*index, address, 0, safe)
            }
            NodeOp::Lane(node, lane) => self.lane(*node, *lane),
            NodeOp::Mux { condition, then, otherwise } => {
                let from = [*otherwise, *condition, *then].map(|n| self.scalar(n));
                self.emit(Op::Choose, &from)
            }
            NodeOp::Select(index, options) => self.select_scalar(*index, options),
            NodeOp::Join(parts) => self.join_scalar(parts),
            NodeOp::Slice(a, 0) => self.scalar(*a),
            NodeOp::Slice(a, low) => {
                let a = self.scalar(*a);
                self.emit(Op::Shift(Shift::Right, *low as u8), &[a])
            }
            NodeOp::SignExtend(a, bits) => self.extended(*a, *bits),
            NodeOp::Test { a, low, width } => self.test_scalar(*a, ones(*width) << low),
            NodeOp::Parity(a) => self.emit(Op::Parity, &[self.scalar(*a)]),
            NodeOp::Float(function, operands) => {
                let all = self.float(*function, operands, 0);
                return self.emit(Op::Extract { lane: 0, wide: false }, &[all]);
            }
            NodeOp::Not(a) if width < 32 => {
                let a = self.scalar(*a);
                return self.emit(Op::ScalarNumber(Bin::Xor, ones(width) as i32), &[a]);
            }
            NodeOp::Not(a) => self.emit(Op::ScalarNumber(Bin::Xor, -1), &[self.scalar(*a)]),
            NodeOp::Gather(_) => unreachable!("a gather has many lanes"),
            _ => self.binary_scalar(op),
        };
        self.cut_scalar(made, self.natural(op), width)
    }

    fn binary_scalar(&mut self, op: &NodeOp) -> V {
        match *op {
            NodeOp::And(a, b) => self.bin_scalar(Bin::And, a, b),
            NodeOp::AndNot(a, b) => self.bin_scalar(Bin::AndNot, a, b),
            NodeOp::Or(a, b) => self.bin_scalar(Bin::Or, a, b),
            NodeOp::Xor(a, b) => self.bin_scalar(Bin::Xor, a, b),
            NodeOp::Add(a, b) => self.bin_scalar(Bin::Add, a, b),
            NodeOp::Sub(a, b) => self.bin_scalar(Bin::Sub, a, b),
            NodeOp::Mul(a, b) => self.bin_scalar(Bin::Mul, a, b),
            NodeOp::MulHigh(a, b) => self.emit(Op::MulHigh, &[self.scalar(a), self.scalar(b)]),
            NodeOp::Eq(a, b) => self.compare_scalar(Compare::Equal, a, b),
            NodeOp::Less(a, b) => self.compare_scalar(Compare::Less, a, b),
            NodeOp::LessSigned { a, b, bits } => {
                let [a, b] = [a, b].map(|n| {
                    let n = self.scalar(n);
                    let by = (64 - bits) as u8;
                    if by == 0 { n } else { self.emit(Op::Shift(Shift::Left, by), &[n]) }
                });
                self.emit(Op::Compare(Compare::LessSigned), &[a, b])
            }
            NodeOp::ShiftLeft(a, by) => self.shift_scalar(Shift::Left, self.scalar(a), by),
            NodeOp::ShiftRight(a, by) => self.shift_scalar(Shift::Right, self.scalar(a), by),
            NodeOp::ShiftRightSigned { a, amount, bits } => {
                let a = self.extended(a, bits);
                self.shift_scalar(Shift::Signed, a, amount)
            }
            _ => unreachable!("made elsewhere: {op:?}"),
        }
    }

    /// The number, if an instruction can hold it.
    fn immediate(&self, node: NodeId) -> Option<i32> {
        self.kernel.graph.constant(node).and_then(|value| i32::try_from(value as i64).ok())
    }

    fn bin_scalar(&mut self, op: Bin, a: NodeId, b: NodeId) -> V {
        let ordered = matches!(op, Bin::Sub | Bin::AndNot);
        if let (Some(value), true) = (self.immediate(b), op != Bin::AndNot) {
            return self.emit(Op::ScalarNumber(op, value), &[self.scalar(a)]);
        }
        if let (Some(value), false) = (self.immediate(a), ordered) {
            return self.emit(Op::ScalarNumber(op, value), &[self.scalar(b)]);
        }
        self.emit(Op::Scalar(op), &[self.scalar(a), self.scalar(b)])
    }

    fn compare_scalar(&mut self, how: Compare, a: NodeId, b: NodeId) -> V {
        if let Some(value) = self.immediate(b) {
            return self.emit(Op::CompareNumber(how, value), &[self.scalar(a)]);
        }
        self.emit(Op::Compare(how), &[self.scalar(a), self.scalar(b)])
    }

    fn shift_scalar(&mut self, shift: Shift, a: V, by: NodeId) -> V {
        let within = self.width(by) <= 6;
        self.emit(Op::ShiftBy(shift, within), &[a, self.scalar(by)])
    }

    fn extended(&mut self, a: NodeId, bits: u32) -> V {
        let a = self.scalar(a);
        if bits == 64 { a } else { self.emit(Op::SignExtend(bits as u8), &[a]) }
    }

    fn test_scalar(&mut self, a: NodeId, bits: u64) -> V {
        let a = self.scalar(a);
        if let Ok(bits) = u32::try_from(bits) {
            return self.emit(Op::Test(bits), &[a]);
        }
        let bits = self.number(Op::Number(bits));
        let set = self.emit(Op::Scalar(Bin::And), &[a, bits]);
        self.is_zero(set, false)
    }

    fn select_scalar(&mut self, index: NodeId, options: &[NodeId]) -> V {
        if 1usize.checked_shl(self.width(index)) == Some(options.len()) {
            return self.select_by_bits(index, options);
        }
        let (index, last) = (self.scalar(index), options.len() - 1);
        let mut result = self.scalar(options[last]);
        for (k, option) in options[..last].iter().enumerate().rev() {
            let here = self.emit(Op::CompareNumber(Compare::Equal, k as i32), &[index]);
            result = self.emit(Op::Choose, &[result, here, self.scalar(*option)]);
        }
        result
    }

    /// One of 2ⁿ options: halves their number bit by bit.
    fn select_by_bits(&mut self, index: NodeId, options: &[NodeId]) -> V {
        let index = self.scalar(index);
        let mut left: Vec<V> = options.iter().map(|option| self.scalar(*option)).collect();
        for bit in 0.. {
            if left.len() == 1 {
                break;
            }
            let set = self.emit(Op::Test(1 << bit), &[index]);
            let pairs = left.chunks_exact(2);
            left = pairs.map(|pair| self.emit(Op::Choose, &[pair[0], set, pair[1]])).collect();
        }
        left[0]
    }

    fn join_scalar(&mut self, parts: &[(NodeId, u32)]) -> V {
        let mut result = None;
        for &(part, shift) in parts {
            let mut part = self.scalar(part);
            if shift > 0 {
                part = self.emit(Op::Shift(Shift::Left, shift as u8), &[part]);
            }
            result = Some(match result {
                None => part,
                Some(below) => self.emit(Op::Scalar(Bin::Or), &[below, part]),
            });
        }
        result.expect("a join has parts")
    }

    /// A value without the bits from `width` up, if it can have any.
    pub fn cut_scalar(&mut self, v: V, natural: u32, width: u32) -> V {
        match width {
            _ if natural <= width || width >= 64 => v,
            0..=31 => self.emit(Op::ScalarNumber(Bin::And, ones(width) as i32), &[v]),
            32 => self.emit(Op::Low, &[v]),
            _ => {
                let kept = self.number(Op::Number(ones(width)));
                self.emit(Op::Scalar(Bin::And), &[v, kept])
            }
        }
    }

    /// A lane of a node.
    pub fn lane(&mut self, node: NodeId, lane: u32) -> V {
        let (chunk, within) = (lane / self.lanes, lane % self.lanes);
        if let (NodeOp::State(state), true) =
            (&self.kernel.graph.node(node).op, self.is_peeked(node))
        {
            let cell = self.layout.states[*state as usize];
            let at = Layout::location(cell, lane).offset;
            let v = self.emit(Op::Peek(super::ops::Cell { at, size: cell.size }), &[]);
            let halves = self.lanes / 2;
            let half = cell.size == 8 && within >= halves;
            self.reads(self.layout.chunk(cell, chunk, half));
            let factor = self.layout.factors[*state as usize];
            return factor.map_or(v, |width| self.cut_scalar(v, 16, width));
        }
        match self.form(node) {
            Form::Scalar => self.scalar(node),
            Form::Mask => {
                let mask = self.mask(node, chunk);
                self.emit(Op::ExtractBit(within as u8), &[mask])
            }
            Form::Vector => {
                let vector = self.vector(node, chunk);
                self.emit(Op::Extract { lane: within as u8, wide: false }, &[vector])
            }
            Form::Wide => {
                let half = self.lanes / 2;
                let vector = self.wide(node, chunk)[(within / half) as usize];
                self.emit(Op::Extract { lane: (within % half) as u8, wide: true }, &[vector])
            }
        }
    }

    /// A word of an asynchronous read, in one of its lanes; `safe` if the address is in range.
    pub fn fetch(&mut self, index: u32, address: V, lane: u32, safe: bool) -> V {
        let read = &self.kernel.reads[index as usize];
        let memory = &self.kernel.memories[read.memory as usize];
        let size = Elem::of(memory.width).bytes();
        let row = (read.first_lane + lane) * memory.depth * memory.limbs();
        let fetch = Op::Fetch {
            pointer: self.layout.pointers[read.memory as usize],
            first: (row + read.limb) * size,
            stride: memory.limbs() * size,
            size: size as u8,
        };
        if safe {
            return self.emit(fetch, &[address]);
        }
        let depth = Op::CompareNumber(Compare::Less, memory.depth as i32);
        let inside = self.emit(depth, &[address]);
        let zero = self.number(Op::Number(0));
        let address = self.emit(Op::Choose, &[zero, inside, address]);
        let word = self.emit(fetch, &[address]);
        let beyond = Layout::location(self.layout.beyond[index as usize], lane).offset;
        let beyond = self.emit(Op::Peek(super::ops::Cell { at: beyond, size: 8 }), &[]);
        self.emit(Op::Choose, &[beyond, inside, word])
    }
}
