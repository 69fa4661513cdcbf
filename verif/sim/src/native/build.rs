//! [`Builder`]: nodes become instructions, chunk of lanes by chunk of lanes.

use super::layout::Layout;
use super::ops::{Bin, Cell, Compare, Inst, Op, Operands, Shift, V};
use super::vectors::Parts;
use crate::kernel::{Kernel, NodeId, NodeOp, Owner, ones};
use rustc_hash::FxHashMap as HashMap;
use smallvec::smallvec;

/// A node, and which chunk of its lanes; 0 for a node of one lane.
pub(super) type Chunk = (NodeId, u32);

/// In what form a node's value is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// One lane.
    Scalar,
    /// Lanes of one bit.
    Mask,
    /// Lanes of up to 32 bits.
    Vector,
    /// Lanes of more, in two halves.
    Wide,
}

/// The lanes' width in an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    Narrow,
    Wide,
}

/// In what form lanes are taken from anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    Narrow,
    Wide,
    /// Numbers of so many bits in two's complement, as factors.
    Factor(u32),
}

impl Size {
    pub fn of(width: u32) -> Self {
        if width > 32 { Self::Wide } else { Self::Narrow }
    }

    pub fn bits(self) -> u32 {
        if self == Self::Wide { 64 } else { 32 }
    }

    pub fn is_wide(self) -> bool {
        self == Self::Wide
    }
}

/// A lane of what a synchronous read port holds, and the chunk in which others read it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub cell: Cell,
    pub chunk: Cell,
}

/// Instructions in the making.
pub(super) struct Builder<'a> {
    pub kernel: &'a Kernel,
    pub layout: &'a Layout,
    /// Lanes of a chunk.
    pub lanes: u32,
    pub insts: Vec<Inst>,
    /// Number of values.
    pub values: u32,
    /// By value: the module that it is made for.
    pub owners: Vec<Owner>,
    /// The module that values are made for now.
    pub owner: Owner,
    /// Lanes of permutations, and numbers of lanes.
    pub tables: Vec<[u32; 16]>,
    pub known_tables: HashMap<[u32; 16], u32>,
    /// By value: what made it, and of what first.
    made: Vec<(Op, Option<V>)>,
    known: HashMap<(Op, Operands), V>,
    scalars: HashMap<NodeId, V>,
    masks: HashMap<Chunk, V>,
    vectors: HashMap<Chunk, V>,
    wides: HashMap<Chunk, [V; 2]>,
    /// Chunks with the sign of so many bits extended, in lanes of 64 bits if `true`.
    pub extended: HashMap<(NodeId, u32, u32, bool), Parts>,
    /// By first byte of a state's chunk: the last instruction that reads it.
    pub last_reads: HashMap<u32, usize>,
}

impl<'a> Builder<'a> {
    pub fn new(kernel: &'a Kernel, layout: &'a Layout) -> Self {
        Self {
            kernel,
            layout,
            lanes: layout.shape.lanes,
            insts: Vec::new(),
            values: 0,
            owners: Vec::new(),
            owner: 0,
            tables: Vec::new(),
            known_tables: HashMap::default(),
            made: Vec::new(),
            known: HashMap::default(),
            scalars: HashMap::default(),
            masks: HashMap::default(),
            vectors: HashMap::default(),
            wides: HashMap::default(),
            extended: HashMap::default(),
            last_reads: HashMap::default(),
        }
    }

    pub fn form(&self, node: NodeId) -> Form {
        let node = self.kernel.graph.node(node);
        match (node.lanes, node.width) {
            (1, _) => Form::Scalar,
            (_, 1) => Form::Mask,
            (_, 2..=32) => Form::Vector,
            _ => Form::Wide,
        }
    }

    pub fn width(&self, node: NodeId) -> u32 {
        self.kernel.graph.width(node)
    }

    /// The value of an operation, each distinct one once.
    pub fn emit(&mut self, op: Op, from: &[V]) -> V {
        if let Some((op, from)) = self.simpler(op, from) {
            return self.emit(op, &[from]);
        }
        let key = (op, Operands::from_slice(from));
        if let Some(v) = self.known.get(&key) {
            return *v;
        }
        let to = self.emit_again(op, from);
        self.known.insert(key, to);
        to
    }

    /// The value of an operation that may have another than when it was made before.
    pub fn emit_again(&mut self, op: Op, from: &[V]) -> V {
        let to = V(self.values);
        self.values += 1;
        self.owners.push(self.owner);
        self.insts.push(Inst { op, to: Some(to), from: from.into() });
        self.made.push((op, from.first().copied()));
        to
    }

    /// Whether a value is made of another and of numbers alone.
    pub fn derives(&self, v: V, from: V) -> bool {
        let (op, source) = self.made[v.0 as usize];
        let simple = matches!(op, Op::VectorShift { .. } | Op::VectorWith { .. });
        simple && source == Some(from)
    }

    /// An operation on one lane-wise operand that looks through what made it.
    fn simpler(&self, op: Op, from: &[V]) -> Option<(Op, V)> {
        let &[v] = from else { return None };
        let (inner, source) = self.made[v.0 as usize];
        let narrow = ones(32);
        match (op, inner, source?) {
            (
                Op::VectorWith { op: Bin::And, value: a, wide },
                Op::VectorWith { op: Bin::And, value: b, wide: w },
                source,
            ) if w == wide => Some((Op::VectorWith { op: Bin::And, value: a & b, wide }, source)),
            (
                Op::VectorTest { value: a, wide },
                Op::VectorWith { op: Bin::And, value: b, wide: w },
                source,
            ) if w == wide => Some((Op::VectorTest { value: a & b, wide }, source)),
            (
                Op::VectorTestNot { value: a, wide },
                Op::VectorWith { op: Bin::And, value: b, wide: w },
                source,
            ) if w == wide => Some((Op::VectorTestNot { value: a & b, wide }, source)),
            (
                Op::VectorTest { value, wide: false },
                Op::VectorShift { op: Shift::Right, by, wide: false },
                source,
            ) => Some((Op::VectorTest { value: value << by & narrow, wide: false }, source)),
            (
                Op::VectorTestNot { value, wide: false },
                Op::VectorShift { op: Shift::Right, by, wide: false },
                source,
            ) => Some((Op::VectorTestNot { value: value << by & narrow, wide: false }, source)),
            (Op::MaskNot, Op::VectorTest { value, wide }, source) => {
                Some((Op::VectorTestNot { value, wide }, source))
            }
            (Op::MaskNot, Op::VectorTestNot { value, wide }, source) => {
                Some((Op::VectorTest { value, wide }, source))
            }
            (Op::VectorCompareWith { op: Compare::Equal, value: 0, wide: false }, ..) => {
                Some((Op::VectorTestNot { value: narrow, wide: false }, v))
            }
            _ => None,
        }
    }

    pub fn emit_store(&mut self, op: Op, from: V) {
        self.insts.push(Inst { op, to: None, from: smallvec![from] });
    }

    /// A number, made once.
    pub fn number(&mut self, op: Op) -> V {
        self.emit(op, &[])
    }

    /// A lane of a state that a memory's edge changes: it is stored lane by lane.
    pub fn held(&self, state: u32, lane: u32) -> Held {
        let cell = self.layout.states[state as usize];
        let (chunk, within) = (lane / self.lanes, lane % self.lanes);
        let half = cell.size == 8 && within >= self.lanes / 2;
        Held {
            cell: Cell { at: Layout::location(cell, lane).offset, size: cell.size },
            chunk: self.layout.chunk(cell, chunk, half),
        }
    }

    /// Notes that the last instruction reads a chunk of a state.
    pub fn reads(&mut self, chunk: Cell) {
        self.last_reads.insert(chunk.at, self.insts.len() - 1);
    }

    /// Makes a chunk, and first all that it depends on.
    pub fn make(&mut self, root: Chunk) {
        let mut stack = vec![(root, false)];
        while let Some((chunk, ready)) = stack.pop() {
            if self.is_made(chunk) {
                continue;
            }
            if ready {
                self.make_one(chunk);
                continue;
            }
            stack.push((chunk, true));
            let before = stack.len();
            self.operands(chunk, |operand| stack.push((operand, false)));
            stack[before..].reverse();
        }
    }

    fn is_made(&self, chunk: Chunk) -> bool {
        match self.form(chunk.0) {
            Form::Scalar => self.scalars.contains_key(&chunk.0),
            Form::Mask => self.masks.contains_key(&chunk),
            Form::Vector => self.vectors.contains_key(&chunk),
            Form::Wide => self.wides.contains_key(&chunk),
        }
    }

    /// The chunks that a chunk is made of.
    fn operands(&self, (node, chunk): Chunk, mut visit: impl FnMut(Chunk)) {
        let graph = &self.kernel.graph;
        let of = |o: NodeId| (o, if graph.lanes(o) == 1 { 0 } else { chunk });
        match &graph.node(node).op {
            NodeOp::Lane(source, _) if self.is_peeked(*source) => {}
            NodeOp::Lane(source, lane) => visit((*source, lane / self.lanes)),
            NodeOp::Gather(lanes) => {
                let (first, end) = self.extent(chunk, lanes.len());
                let mut last = None;
                for (source, lane) in &lanes[first..end] {
                    let source = (*source, lane / self.lanes);
                    if last != Some(source) {
                        visit(source);
                        last = Some(source);
                    }
                }
            }
            op => op.operands(|o| visit(of(o))),
        }
    }

    /// The first lane of a chunk, and the one after its last.
    pub fn extent(&self, chunk: u32, lanes: usize) -> (usize, usize) {
        let first = (chunk * self.lanes) as usize;
        (first, lanes.min(first + self.lanes as usize))
    }

    /// Whether lanes are taken from a state's cell itself.
    pub fn is_peeked(&self, node: NodeId) -> bool {
        match self.kernel.graph.node(node).op {
            NodeOp::State(state) => self.layout.states[state as usize].size > 0,
            _ => false,
        }
    }

    fn make_one(&mut self, chunk: Chunk) {
        self.owner = self.kernel.graph.owner_of(chunk.0);
        match self.form(chunk.0) {
            Form::Scalar => {
                let v = self.make_scalar(chunk.0);
                self.scalars.insert(chunk.0, v);
            }
            Form::Mask => {
                let v = self.make_mask(chunk);
                self.masks.insert(chunk, v);
            }
            Form::Vector => {
                let v = self.make_vector(chunk);
                self.vectors.insert(chunk, v);
            }
            Form::Wide => {
                let v = self.make_wide(chunk);
                self.wides.insert(chunk, v);
            }
        }
    }

    /// A node of one lane that is made.
    pub fn scalar(&self, node: NodeId) -> V {
        self.scalars[&node]
    }

    fn of(&self, node: NodeId, chunk: u32) -> Chunk {
        (node, if self.kernel.graph.lanes(node) == 1 { 0 } else { chunk })
    }

    /// A chunk as lanes of 32 bits: the low ones.
    pub fn vector(&mut self, node: NodeId, chunk: u32) -> V {
        let key = self.of(node, chunk);
        if let Some(v) = self.vectors.get(&key) {
            return *v;
        }
        let v = match self.form(node) {
            Form::Scalar => match self.kernel.graph.constant(node) {
                Some(value) => {
                    let value = value & ones(32);
                    return self.number(Op::VectorNumber { value, wide: false });
                }
                None => self.emit(Op::Splat { wide: false }, &[self.scalars[&node]]),
            },
            Form::Mask => self.emit(Op::Masked { value: 1, wide: false }, &[self.masks[&key]]),
            Form::Vector => unreachable!("operands are made first"),
            Form::Wide => self.emit(Op::Narrow, &self.wides[&key].clone()),
        };
        self.vectors.insert(key, v);
        v
    }

    /// A chunk as two halves of lanes of 64 bits.
    pub fn wide(&mut self, node: NodeId, chunk: u32) -> [V; 2] {
        let key = self.of(node, chunk);
        if let Some(v) = self.wides.get(&key) {
            return *v;
        }
        let v = match self.form(node) {
            Form::Scalar => match self.kernel.graph.constant(node) {
                Some(value) => [self.number(Op::VectorNumber { value, wide: true }); 2],
                None => [self.emit(Op::Splat { wide: true }, &[self.scalars[&node]]); 2],
            },
            Form::Mask => {
                let mask = self.masks[&key];
                self.halves_of(mask)
                    .map(|half| self.emit(Op::Masked { value: 1, wide: true }, &[half]))
            }
            Form::Vector => {
                let v = self.vectors[&key];
                [false, true].map(|high| self.emit(Op::Widen { high }, &[v]))
            }
            Form::Wide => unreachable!("operands are made first"),
        };
        self.wides.insert(key, v);
        v
    }

    /// The masks of the two halves of a chunk.
    pub fn halves_of(&mut self, mask: V) -> [V; 2] {
        [false, true].map(|high| self.emit(Op::MaskHalf { high }, &[mask]))
    }

    /// A chunk as a mask: where any bit is set.
    pub fn mask(&mut self, node: NodeId, chunk: u32) -> V {
        let key = self.of(node, chunk);
        if let Some(v) = self.masks.get(&key) {
            return *v;
        }
        let v = match self.form(node) {
            Form::Scalar => match self.kernel.graph.constant(node) {
                Some(value) => return self.number(Op::MaskNumber(value != 0)),
                None => {
                    let mut scalar = self.scalars[&node];
                    if self.width(node) > 1 {
                        scalar = self.is_zero(scalar, false);
                    }
                    self.emit(Op::MaskSplat, &[scalar])
                }
            },
            Form::Vector => {
                let test = Op::VectorTest { value: ones(32), wide: false };
                self.emit(test, &[self.vectors[&key]])
            }
            Form::Wide => self.test_wide(node, chunk, u64::MAX),
            Form::Mask => unreachable!("operands are made first"),
        };
        self.masks.insert(key, v);
        v
    }

    /// A mask: whether any of these bits is set.
    pub fn test_wide(&mut self, node: NodeId, chunk: u32, value: u64) -> V {
        let halves = self.wide(node, chunk);
        let [low, high] = halves.map(|v| self.emit(Op::VectorTest { value, wide: true }, &[v]));
        self.emit(Op::MaskJoin, &[low, high])
    }

    /// 1 if a scalar is zero, or if it is not.
    pub fn is_zero(&mut self, scalar: V, zero: bool) -> V {
        let is_zero = self.emit(Op::CompareNumber(Compare::Equal, 0), &[scalar]);
        if zero { is_zero } else { self.emit(Op::ScalarNumber(Bin::Xor, 1), &[is_zero]) }
    }

    /// How many bits the result of an operation can have before it is cut.
    pub fn natural(&self, op: &NodeOp) -> u32 {
        let w = |id: &NodeId| self.width(*id);
        match op {
            NodeOp::And(a, b) => w(a).min(w(b)),
            NodeOp::AndNot(a, _) | NodeOp::ShiftRight(a, _) => w(a),
            NodeOp::Or(a, b) | NodeOp::Xor(a, b) => w(a).max(w(b)),
            NodeOp::Add(a, b) => w(a).max(w(b)) + 1,
            NodeOp::Mul(a, b) => w(a) + w(b),
            NodeOp::Eq(..) | NodeOp::Less(..) | NodeOp::LessSigned { .. } => 1,
            NodeOp::Test { .. } | NodeOp::Parity(_) => 1,
            NodeOp::Mux { then, otherwise, .. } => w(then).max(w(otherwise)),
            NodeOp::Select(_, options) => options.iter().map(w).max().unwrap_or(1),
            NodeOp::Join(parts) => parts.iter().map(|(p, s)| w(p) + s).max().unwrap_or(1),
            NodeOp::Slice(a, low) => w(a).saturating_sub(*low),
            NodeOp::Float(..) => 32,
            NodeOp::Input(_) | NodeOp::State(_) | NodeOp::Undefined(_) => 1,
            NodeOp::Read(..) | NodeOp::Lane(..) | NodeOp::Gather(_) => 1,
            _ => 64,
        }
    }

    /// The factors of a product of numbers in two's complement that fits into `bits` bits, each
    /// with its bits.
    pub fn signed_factors(&self, product: NodeId, bits: u32) -> Option<[(NodeId, u32); 2]> {
        let NodeOp::Mul(a, b) = self.kernel.graph.node(product).op else { return None };
        let [a, b] = [a, b].map(|factor| match self.kernel.graph.node(factor).op {
            NodeOp::SignExtend(inner, bits) => Some((inner, bits)),
            _ => None,
        });
        let factors = [a?, b?];
        (factors[0].1 + factors[1].1 <= bits).then_some(factors)
    }

    /// A shift that brings a number of `bits` bits to the top of a lane.
    pub fn aligned(&mut self, v: V, bits: u32, size: Size) -> V {
        let by = (size.bits() - bits) as u8;
        if by == 0 {
            return v;
        }
        self.emit(Op::VectorShift { op: Shift::Left, by, wide: size.is_wide() }, &[v])
    }
}
