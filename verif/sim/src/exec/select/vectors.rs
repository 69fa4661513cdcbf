//! Nodes of many lanes: vectors of the narrowest type.

use super::super::action::{Action, Operand, Var};
use super::super::elem::{CHUNK, Elem};
use super::super::vector::VectorOp;
use super::{Selection, Source};
use crate::kernel::{NodeId, NodeOp, ones};

/// A vector operation but for its operands.
struct Shape {
    op: VectorOp,
    elem: Elem,
    lanes: u32,
    shift: u8,
    mask: u64,
}

impl Selection<'_> {
    /// The vector of a node in its own type.
    pub(super) fn native(&mut self, node: NodeId) -> Operand {
        self.vector(node, Elem::of(self.width(node)))
    }

    /// The vector of a node in a type; bits that do not fit it are cut off.
    pub(super) fn vector(&mut self, node: NodeId, elem: Elem) -> Operand {
        if let Some(&operand) = self.to.vectors.get(&(node, elem)) {
            return operand;
        }
        let own = Elem::of(self.width(node));
        let operand = if let NodeOp::Const(value) = self.node(node).op {
            self.chunk(value & ones(elem.bits()), elem)
        } else if self.node(node).lanes == 1 {
            let from = self.scalar(node);
            let var = self.make((CHUNK, CHUNK), Action::Splat { from, elem });
            Operand { var, elem, whole: false }
        } else if elem == own {
            self.make_native(node)
        } else {
            let from = self.vector(node, own);
            let (lanes, mask) = (self.node(node).lanes, ones(elem.bits()));
            self.operation(Shape { op: VectorOp::Slice, elem, lanes, shift: 0, mask }, &[from])
        };
        self.to.vectors.insert((node, elem), operand);
        operand
    }

    /// A vector with a value for each lane that an action makes.
    pub(super) fn made_vector(&mut self, node: NodeId, elem: Elem, lanes: u32) -> Var {
        let operand = self.vector(node, elem);
        if operand.whole && self.to.info(operand.var).source == Source::Made {
            return operand.var;
        }
        let shape = Shape { op: VectorOp::Or, elem, lanes, shift: 0, mask: u64::MAX };
        self.operation(shape, &[operand, operand]).var
    }

    fn operation(&mut self, shape: Shape, from: &[Operand]) -> Operand {
        let Shape { op, elem, lanes, shift, mask } = shape;
        let action = Action::Vector { op, from: from.to_vec(), elem, lanes, shift, mask };
        self.make_vector(elem, lanes, action)
    }

    fn make_native(&mut self, id: NodeId) -> Operand {
        let node = self.node(id).clone();
        let (elem, lanes) = (Elem::of(node.width), node.lanes);
        let mut shape = Shape { op: VectorOp::Not, elem, lanes, shift: 0, mask: ones(node.width) };
        let types;
        let operands = match &node.op {
            NodeOp::Const(_) | NodeOp::Input(_) | NodeOp::Lane(..) => {
                unreachable!("a node of one lane")
            }
            NodeOp::State(state) => {
                let var = self.state(*state);
                return Operand { var, elem, whole: true };
            }
            NodeOp::Undefined(index) => {
                return self.make_vector(
                    elem,
                    lanes,
                    Action::Undefined { index: *index, elem, lanes },
                );
            }
            NodeOp::Read(index, address) => {
                let (address, of, step) = self.address(*address);
                let plan = self.plan(*index, (of, step), elem);
                return self.make_vector(elem, lanes, Action::Read { plan, address, lanes });
            }
            NodeOp::Gather(sources) => return self.gather(sources, elem),
            NodeOp::Select(index, options) => return self.choose(*index, options, elem, lanes),
            NodeOp::Join(parts) => return self.join_vectors(parts, elem, lanes),
            NodeOp::Slice(a, low) => {
                (shape.op, shape.shift) = (VectorOp::Slice, *low as u8);
                types = Elem::of(self.width(*a));
                vec![*a]
            }
            NodeOp::SignExtend(a, bits) => {
                types = Elem::of(*bits);
                (shape.op, shape.shift) = (VectorOp::SignExtend, (types.bits() - bits) as u8);
                vec![*a]
            }
            NodeOp::ShiftLeft(a, by) => {
                shape.op = VectorOp::ShiftLeft;
                return self.shifted(shape, elem, *a, *by);
            }
            NodeOp::ShiftRight(a, by) => {
                (shape.op, types) = (VectorOp::ShiftRight, Elem::of(self.width(*a)));
                return self.shifted(shape, types, *a, *by);
            }
            NodeOp::ShiftRightSigned { a, amount, bits } => {
                types = Elem::of(*bits);
                (shape.op, shape.shift) = (VectorOp::ShiftRightSigned, (types.bits() - bits) as u8);
                return self.shifted(shape, types, *a, *amount);
            }
            NodeOp::Mux { condition, then, otherwise } => {
                let from = [
                    self.vector(*then, elem),
                    self.vector(*otherwise, elem),
                    self.vector(*condition, Elem::U8),
                ];
                shape.op = VectorOp::Mux;
                return self.operation(shape, &from);
            }
            NodeOp::LessSigned { a, b, bits } => {
                types = Elem::of(*bits);
                (shape.op, shape.shift) = (VectorOp::LessSigned, (types.bits() - bits) as u8);
                vec![*a, *b]
            }
            NodeOp::Test { a, low, width } => {
                types = Elem::of(self.width(*a));
                (shape.op, shape.mask) = (VectorOp::Test, ones(*width) << low);
                vec![*a]
            }
            op => {
                let mut operands = Vec::new();
                op.operands(|o| operands.push(o));
                (shape.op, types) = self.plain(op, elem);
                operands
            }
        };
        let from: Vec<Operand> = operands.iter().map(|o| self.vector(*o, types)).collect();
        self.operation(shape, &from)
    }

    /// The operator and the operands' type of nodes that need nothing else.
    fn plain(&self, op: &NodeOp, result: Elem) -> (VectorOp, Elem) {
        let widest = |a: &NodeId, b: &NodeId| Elem::of(self.width(*a).max(self.width(*b)));
        match op {
            NodeOp::Not(_) => (VectorOp::Not, result),
            NodeOp::And(..) => (VectorOp::And, result),
            NodeOp::AndNot(..) => (VectorOp::AndNot, result),
            NodeOp::Or(..) => (VectorOp::Or, result),
            NodeOp::Xor(..) => (VectorOp::Xor, result),
            NodeOp::Add(..) => (VectorOp::Add, result),
            NodeOp::Sub(..) => (VectorOp::Sub, result),
            NodeOp::Mul(..) => (VectorOp::Mul, result),
            NodeOp::MulHigh(..) => (VectorOp::MulHigh, Elem::U64),
            NodeOp::Eq(a, b) => (VectorOp::Eq, widest(a, b)),
            NodeOp::Less(a, b) => (VectorOp::Less, widest(a, b)),
            NodeOp::Parity(a) => (VectorOp::Parity, Elem::of(self.width(*a))),
            _ => unreachable!("selected on its own"),
        }
    }

    /// A shift of `a` in the type `types`; the result is brought to the shape's type.
    fn shifted(&mut self, shape: Shape, types: Elem, a: NodeId, by: NodeId) -> Operand {
        let (value, amount) = (self.vector(a, types), self.amount(by, types, shape.lanes));
        let (elem, lanes, mask) = (shape.elem, shape.lanes, shape.mask);
        let result = self.operation(Shape { elem: types, ..shape }, &[value, amount]);
        if types == elem {
            return result;
        }
        self.operation(Shape { op: VectorOp::Slice, elem, lanes, shift: 0, mask }, &[result])
    }

    /// A shift amount in the type of the shifted value; one that does not fit becomes 64.
    fn amount(&mut self, by: NodeId, elem: Elem, lanes: u32) -> Operand {
        if self.width(by) <= elem.bits() {
            return self.vector(by, elem);
        }
        let own = Elem::of(self.width(by));
        let (value, beyond) = (self.vector(by, own), self.chunk(64, own));
        let byte = Elem::U8;
        let less = Shape { op: VectorOp::Less, elem: byte, lanes, shift: 0, mask: 1 };
        let inside = self.operation(less, &[value, beyond]);
        let low = Shape { op: VectorOp::Slice, elem, lanes, shift: 0, mask: 63 };
        let low = self.operation(low, &[value]);
        let far = self.chunk(64, elem);
        let mux = Shape { op: VectorOp::Mux, elem, lanes, shift: 0, mask: u64::MAX };
        self.operation(mux, &[low, far, inside])
    }

    /// The option with an index, by choosing between halves at each bit of the index.
    fn choose(&mut self, index: NodeId, options: &[NodeId], elem: Elem, lanes: u32) -> Operand {
        let mut row: Vec<Operand> = options.iter().map(|o| self.vector(*o, elem)).collect();
        let (own, bits) = (Elem::of(self.width(index)), self.width(index));
        let value = self.vector(index, own);
        // An index past the end chooses the last option, which also fills the row up.
        let size = options.len().next_power_of_two();
        row.resize(size, row[options.len() - 1]);
        let byte = |op, shift, mask| Shape { op, elem: Elem::U8, lanes, shift, mask };
        for bit in 0..size.trailing_zeros() {
            let set = self.operation(byte(VectorOp::Slice, bit as u8, 1), &[value]);
            row = row.chunks(2).map(|pair| self.pick(pair, set, elem, lanes)).collect();
        }
        let last = row[0];
        if bits <= size.trailing_zeros() {
            return last;
        }
        let end = self.chunk(size as u64 - 1, own);
        let beyond = self.operation(byte(VectorOp::Less, 0, 1), &[end, value]);
        let end = self.vector(options[options.len() - 1], elem);
        self.pick(&[last, end], beyond, elem, lanes)
    }

    /// The second of a pair where `set`, else the first.
    fn pick(&mut self, pair: &[Operand], set: Operand, elem: Elem, lanes: u32) -> Operand {
        if pair[0] == pair[1] {
            return pair[0];
        }
        let shape = Shape { op: VectorOp::Mux, elem, lanes, shift: 0, mask: u64::MAX };
        self.operation(shape, &[pair[1], pair[0], set])
    }

    fn join_vectors(&mut self, parts: &[(NodeId, u32)], elem: Elem, lanes: u32) -> Operand {
        let shape = |op, shift: u32| Shape { op, elem, lanes, shift: shift as u8, mask: u64::MAX };
        let mut result = None;
        for &(part, shift) in parts {
            let value = self.native(part);
            result = Some(match result {
                None if shift == 0 => self.vector(part, elem),
                None => self.operation(shape(VectorOp::Place, shift), &[value]),
                Some(low) => self.operation(shape(VectorOp::Insert, shift), &[low, value]),
            });
        }
        result.expect("a join has parts")
    }
}
