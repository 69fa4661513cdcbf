//! Nodes of one lane: slots of 64 bits.

use super::super::action::{Action, Place, Var};
use super::super::data::SLOT;
use super::super::scalar::ScalarOp;
use super::{Selection, Source};
use crate::kernel::{NodeId, NodeOp};

impl Selection<'_> {
    /// The slot of a node of one lane.
    pub(super) fn scalar(&mut self, node: NodeId) -> Var {
        if let Some(&var) = self.to.scalars.get(&node) {
            return var;
        }
        let var = self.make_scalar(node);
        self.to.scalars.insert(node, var);
        var
    }

    /// A slot with the node's value that an action makes.
    pub(super) fn made_slot(&mut self, node: NodeId) -> Var {
        let var = self.scalar(node);
        if self.to.info(var).source == Source::Made {
            return var;
        }
        let from = vec![(var, 0)];
        self.make_slot(Action::Scalar { op: ScalarOp::Load, from, parameter: 0 })
    }

    fn make_scalar(&mut self, node: NodeId) -> Var {
        let (op, spare) = (self.node(node).op.clone(), 64 - self.width(node));
        let (operator, operands, parameter) = match op {
            NodeOp::Const(value) => return self.number(value),
            NodeOp::Input(slot) => {
                return self.fixed(self.to.inputs[slot as usize], Source::Input(slot));
            }
            NodeOp::State(id) => return self.state(id),
            NodeOp::Undefined(index) => {
                return self.make_slot(Action::Undefined { index, elem: SLOT, lanes: 1 });
            }
            NodeOp::Read(index, address) => {
                let (var, elem, _) = self.address(address);
                let plan = self.plan(index, (elem, 0), SLOT);
                return self.make_slot(Action::Read { plan, address: var, lanes: 1 });
            }
            NodeOp::Lane(from, lane) => return self.load(from, lane),
            NodeOp::Gather(_) => unreachable!("a gather has several lanes"),
            NodeOp::Select(index, options) => {
                let index = self.scalar(index);
                let options = options.iter().map(|o| self.scalar(*o)).collect();
                return self.make_slot(Action::Select { index, options });
            }
            NodeOp::Join(parts) => return self.join(&parts),
            NodeOp::Not(a) => (ScalarOp::Not, vec![a], spare),
            NodeOp::And(a, b) => (ScalarOp::And, vec![a, b], 0),
            NodeOp::AndNot(a, b) => (ScalarOp::AndNot, vec![a, b], 0),
            NodeOp::Or(a, b) => (ScalarOp::Or, vec![a, b], 0),
            NodeOp::Xor(a, b) => (ScalarOp::Xor, vec![a, b], 0),
            NodeOp::Add(a, b) => (ScalarOp::Add, vec![a, b], spare),
            NodeOp::Sub(a, b) => (ScalarOp::Sub, vec![a, b], spare),
            NodeOp::Mul(a, b) => (ScalarOp::Mul, vec![a, b], spare),
            NodeOp::MulHigh(a, b) => (ScalarOp::MulHigh, vec![a, b], 0),
            NodeOp::Eq(a, b) => (ScalarOp::Eq, vec![a, b], 0),
            NodeOp::Less(a, b) => (ScalarOp::Less, vec![a, b], 0),
            NodeOp::LessSigned { a, b, bits } => (ScalarOp::LessSigned, vec![a, b], 64 - bits),
            NodeOp::ShiftLeft(a, b) => (ScalarOp::ShiftLeft, vec![a, b], spare),
            NodeOp::ShiftRight(a, b) => (ScalarOp::ShiftRight, vec![a, b], 0),
            NodeOp::ShiftRightSigned { a, amount, bits } => {
                (ScalarOp::ShiftRightSigned, vec![a, amount], (64 - bits) | spare << 8)
            }
            NodeOp::Mux { condition, then, otherwise } => {
                (ScalarOp::Mux, vec![then, otherwise, condition], 0)
            }
            NodeOp::Slice(a, low) => (ScalarOp::Slice, vec![a], (spare - low) | spare << 8),
            NodeOp::SignExtend(a, bits) => {
                (ScalarOp::SignExtend, vec![a], (64 - bits) | spare << 8)
            }
            NodeOp::Test { a, low, width } => {
                (ScalarOp::Test, vec![a], (64 - low - width) | (64 - width) << 8)
            }
            NodeOp::Parity(a) => (ScalarOp::Parity, vec![a], 0),
            NodeOp::Float(..) => unreachable!("lifted for machine code alone"),
        };
        let from = operands.into_iter().map(|o| (self.scalar(o), 0)).collect();
        self.make_slot(Action::Scalar { op: operator, from, parameter })
    }

    /// One lane of a vector.
    pub(super) fn load(&mut self, from: NodeId, lane: u32) -> Var {
        let operand = self.native(from);
        let place: Place = (operand.var, lane * operand.elem.bytes());
        let parameter = 64 - operand.elem.bits();
        self.make_slot(Action::Scalar { op: ScalarOp::Load, from: vec![place], parameter })
    }

    fn join(&mut self, parts: &[(NodeId, u32)]) -> Var {
        let (var, shift) = self.join_tree(parts);
        if shift == 0 {
            return var;
        }
        self.make_slot(Action::Scalar {
            op: ScalarOp::Slice,
            from: vec![(var, 0)],
            parameter: shift,
        })
    }

    /// The parts joined, shifted down so that the first one starts at bit 0, and that shift. Half
    /// and half, so that what is independent stays so.
    fn join_tree(&mut self, parts: &[(NodeId, u32)]) -> (Var, u32) {
        if let [(part, shift)] = parts {
            return (self.scalar(*part), *shift);
        }
        let (left, right) = parts.split_at(parts.len() / 2);
        let ((a, low), (b, high)) = (self.join_tree(left), self.join_tree(right));
        let (a, b, low, high) = if low <= high { (a, b, low, high) } else { (b, a, high, low) };
        let from = vec![(a, 0), (b, 0)];
        let action = Action::Scalar { op: ScalarOp::Insert, from, parameter: high - low };
        (self.make_slot(action), low)
    }
}
