//! [`Graph`]: nodes, each distinct one once.

use super::{Lane, Node, NodeId, NodeOp, fold, ones, simplify::simplify};
use indexmap::IndexSet;
use indexmap::set::Slice;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

/// Nodes, operands first. Equal nodes are one, and simple identities are applied as they are
/// made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    nodes: IndexSet<Node, FxBuildHasher>,
    /// By node: who had it made first.
    owners: Vec<Owner>,
    /// Who makes nodes now.
    pub owner: Owner,
}

/// The module that a node belongs to, by its index in the design; what is made for no module
/// belongs to the first.
pub(crate) type Owner = u32;

impl NodeOp {
    /// The same operation on other operands. Gathers and lanes are made otherwise.
    pub fn mapped(&self, mut map: impl FnMut(NodeId) -> NodeId) -> Self {
        let mut two = |a: &NodeId, b: &NodeId| (map(*a), map(*b));
        match self {
            Self::And(a, b) => pair(Self::And, two(a, b)),
            Self::AndNot(a, b) => pair(Self::AndNot, two(a, b)),
            Self::Or(a, b) => pair(Self::Or, two(a, b)),
            Self::Xor(a, b) => pair(Self::Xor, two(a, b)),
            Self::Add(a, b) => pair(Self::Add, two(a, b)),
            Self::Sub(a, b) => pair(Self::Sub, two(a, b)),
            Self::Mul(a, b) => pair(Self::Mul, two(a, b)),
            Self::MulHigh(a, b) => pair(Self::MulHigh, two(a, b)),
            Self::Eq(a, b) => pair(Self::Eq, two(a, b)),
            Self::Less(a, b) => pair(Self::Less, two(a, b)),
            Self::ShiftLeft(a, b) => pair(Self::ShiftLeft, two(a, b)),
            Self::ShiftRight(a, b) => pair(Self::ShiftRight, two(a, b)),
            Self::LessSigned { a, b, bits } => {
                Self::LessSigned { a: map(*a), b: map(*b), bits: *bits }
            }
            Self::ShiftRightSigned { a, amount, bits } => {
                Self::ShiftRightSigned { a: map(*a), amount: map(*amount), bits: *bits }
            }
            Self::Mux { condition, then, otherwise } => Self::Mux {
                condition: map(*condition),
                then: map(*then),
                otherwise: map(*otherwise),
            },
            Self::Select(index, options) => {
                Self::Select(map(*index), options.iter().map(|option| map(*option)).collect())
            }
            Self::Join(parts) => Self::Join(parts.iter().map(|(p, at)| (map(*p), *at)).collect()),
            Self::Not(a) => Self::Not(map(*a)),
            Self::Slice(a, low) => Self::Slice(map(*a), *low),
            Self::SignExtend(a, bits) => Self::SignExtend(map(*a), *bits),
            Self::Test { a, low, width } => Self::Test { a: map(*a), low: *low, width: *width },
            Self::Parity(a) => Self::Parity(map(*a)),
            Self::Float(function, operands) => {
                Self::Float(*function, operands.iter().map(|operand| map(*operand)).collect())
            }
            _ => self.clone(),
        }
    }

    /// Calls `visit` with each operand, in order.
    pub fn operands(&self, mut visit: impl FnMut(NodeId)) {
        match self {
            Self::Const(_) | Self::Input(_) | Self::State(_) | Self::Undefined(_) => {}
            Self::Read(_, a) | Self::Lane(a, _) | Self::Not(a) => visit(*a),
            Self::Slice(a, _) | Self::SignExtend(a, _) | Self::Test { a, .. } | Self::Parity(a) => {
                visit(*a);
            }
            Self::And(a, b)
            | Self::AndNot(a, b)
            | Self::Or(a, b)
            | Self::Xor(a, b)
            | Self::Add(a, b) => {
                visit(*a);
                visit(*b);
            }
            Self::Sub(a, b) | Self::Mul(a, b) | Self::MulHigh(a, b) | Self::Eq(a, b) => {
                visit(*a);
                visit(*b);
            }
            Self::Less(a, b) | Self::LessSigned { a, b, .. } | Self::ShiftLeft(a, b) => {
                visit(*a);
                visit(*b);
            }
            Self::ShiftRight(a, b) | Self::ShiftRightSigned { a, amount: b, .. } => {
                visit(*a);
                visit(*b);
            }
            Self::Mux { condition, then, otherwise } => {
                visit(*condition);
                visit(*then);
                visit(*otherwise);
            }
            Self::Select(index, options) => {
                visit(*index);
                options.iter().copied().for_each(visit);
            }
            Self::Float(_, operands) => operands.iter().copied().for_each(visit),
            Self::Gather(lanes) => lanes.iter().for_each(|(node, _)| visit(*node)),
            Self::Join(parts) => parts.iter().for_each(|(node, _)| visit(*node)),
        }
    }
}

fn pair(op: fn(NodeId, NodeId) -> NodeOp, (a, b): (NodeId, NodeId)) -> NodeOp {
    op(a, b)
}

impl Graph {
    /// The nodes.
    pub fn nodes(&self) -> &Slice<Node> {
        self.nodes.as_slice()
    }

    /// A node.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// Who had a node made first.
    pub fn owner_of(&self, id: NodeId) -> Owner {
        self.owners[id.index()]
    }

    /// The bound on a node's bits.
    pub fn width(&self, id: NodeId) -> u32 {
        self.node(id).width
    }

    /// A node's lanes.
    pub fn lanes(&self, id: NodeId) -> u32 {
        self.node(id).lanes
    }

    /// The number, if the node is a constant.
    pub fn constant(&self, id: NodeId) -> Option<u64> {
        match self.node(id).op {
            NodeOp::Const(value) => Some(value),
            _ => None,
        }
    }

    /// A constant.
    pub fn number(&mut self, value: u64) -> NodeId {
        let width = (64 - value.leading_zeros()).max(1);
        self.intern(Node { op: NodeOp::Const(value), width, lanes: 1 })
    }

    /// A node that is a source: an input, a state, an undefined value or a read.
    pub fn source(&mut self, op: NodeOp, width: u32, lanes: u32) -> NodeId {
        self.intern(Node { op, width, lanes })
    }

    /// A node for `op` taken modulo 2^`width`, or a simpler one of the same value.
    pub fn add(&mut self, op: NodeOp, width: u32) -> NodeId {
        let (mut numbers, mut lanes, mut constant) = (SmallVec::<[u64; 4]>::new(), 1, true);
        op.operands(|o| {
            lanes = lanes.max(self.lanes(o));
            match self.constant(o) {
                Some(number) => numbers.push(number),
                None => constant = false,
            }
        });
        if let Some(value) = constant.then(|| fold(&op, width, &numbers)).flatten() {
            return self.number(value);
        }
        if let Some(simpler) = simplify(self, &op, width) {
            return simpler;
        }
        let width = width.min(self.bound(&op));
        self.intern(Node { op, width, lanes })
    }

    /// One lane of a node, as a node of one lane.
    pub fn lane(&mut self, (node, lane): Lane) -> NodeId {
        let Node { op, width, lanes } = self.node(node);
        let (width, lanes) = (*width, *lanes);
        match op {
            _ if lanes == 1 => node,
            NodeOp::Gather(sources) => self.lane(sources[lane as usize]),
            _ => self.intern(Node { op: NodeOp::Lane(node, lane), width, lanes: 1 }),
        }
    }

    /// A node with these lanes.
    pub fn gather(&mut self, sources: &[Lane]) -> NodeId {
        if let [only] = sources {
            return self.lane(self.resolve(*only));
        }
        let resolved: Box<[Lane]> = sources.iter().map(|&lane| self.resolve(lane)).collect();
        let first = resolved[0];
        let lanes = resolved.len() as u32;
        if resolved.iter().all(|&lane| lane == first) {
            return self.lane(first);
        }
        let in_order = resolved.iter().enumerate().all(|(i, l)| *l == (first.0, i as u32));
        if in_order && self.lanes(first.0) == lanes {
            return first.0;
        }
        let width = resolved.iter().map(|(node, _)| self.width(*node)).max().unwrap_or(1);
        self.intern(Node { op: NodeOp::Gather(resolved), width, lanes })
    }

    /// Where a lane really comes from.
    pub fn resolve(&self, (node, lane): Lane) -> Lane {
        match &self.node(node).op {
            _ if self.lanes(node) == 1 && lane != 0 => self.resolve((node, 0)),
            NodeOp::Gather(sources) => self.resolve(sources[lane as usize]),
            NodeOp::Lane(from, lane) => self.resolve((*from, *lane)),
            _ => (node, lane),
        }
    }

    fn intern(&mut self, node: Node) -> NodeId {
        let (index, new) = self.nodes.insert_full(node);
        if new {
            self.owners.push(self.owner);
        }
        NodeId(index as u32)
    }

    /// How many bits the result can have at most, from the operands' bounds.
    fn bound(&self, op: &NodeOp) -> u32 {
        let w = |id: &NodeId| self.width(*id);
        match op {
            NodeOp::And(a, b) => w(a).min(w(b)),
            NodeOp::AndNot(a, _) => w(a),
            NodeOp::Or(a, b) | NodeOp::Xor(a, b) => w(a).max(w(b)),
            NodeOp::Add(a, b) => w(a).max(w(b)) + 1,
            NodeOp::Mul(a, b) => w(a) + w(b),
            NodeOp::Eq(..) | NodeOp::Less(..) | NodeOp::LessSigned { .. } => 1,
            NodeOp::Test { .. } | NodeOp::Parity(_) => 1,
            NodeOp::ShiftRight(a, _) => w(a),
            NodeOp::Mux { then, otherwise, .. } => w(then).max(w(otherwise)),
            NodeOp::Select(_, options) => options.iter().map(w).max().unwrap_or(1),
            NodeOp::Join(parts) => parts.iter().map(|(p, s)| w(p) + s).max().unwrap_or(1),
            NodeOp::Slice(a, low) => w(a).saturating_sub(*low).max(1),
            _ => 64,
        }
    }

    /// One bit: any bit of a node is set.
    pub fn any(&mut self, a: NodeId) -> NodeId {
        self.add(NodeOp::Test { a, low: 0, width: self.width(a) }, 1)
    }

    /// `width` ones.
    pub fn ones(&mut self, width: u32) -> NodeId {
        self.number(ones(width))
    }
}
