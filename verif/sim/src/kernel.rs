//! The kernel of a design: what one cycle computes, as a graph of nodes over lanes.
//!
//! A node has a value of at most 64 bits in each of its **lanes**; the lanes of a node are the
//! elements of an instance array (or all occurrences of a module), so that one node stands for
//! the same cell of every element. Wider values are several nodes, least significant limb first.
//! This is the boundary between the front half (`lower`), which knows the netlist, and the back
//! half (`exec`), which knows the machine.

mod batch;
mod build;
mod fold;
mod known;
mod simplify;

pub(crate) use build::{Graph, Owner};
pub(crate) use fold::{fold, ones};
pub(crate) use known::Known;

use olivine_netlist::{Collision, DomainId, FloatFunction, Place, PropertyKind};
use std::collections::BTreeSet;

/// Index into [`Graph::nodes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub u32);

impl NodeId {
    /// The arena index.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// One lane of a node.
pub(crate) type Lane = (NodeId, u32);

/// A value of at most 64 bits per lane. All bits at and above `width` are zero.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    /// How it comes about.
    pub op: NodeOp,
    /// An upper bound on the bits in use; results are taken modulo 2^width.
    pub width: u32,
    /// Number of lanes, 1 or more.
    pub lanes: u32,
}

/// How a node comes about. Operands have as many lanes as the node, or one lane that serves all.
/// Operand widths are bounds: a narrower operand is zero-extended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NodeOp {
    /// The same number in each lane.
    Const(u64),
    /// A limb of an input port, by input slot.
    Input(u32),
    /// A [`State`], by index.
    State(u32),
    /// An [`Open`] value, by index; anew each cycle.
    Undefined(u32),
    /// An asynchronous read, by index into [`Kernel::reads`], of an address.
    Read(u32, NodeId),
    /// Lanes taken from anywhere.
    Gather(Box<[Lane]>),
    /// One lane of a node.
    Lane(NodeId, u32),
    Not(NodeId),
    And(NodeId, NodeId),
    /// The first where the second is zero.
    AndNot(NodeId, NodeId),
    Or(NodeId, NodeId),
    Xor(NodeId, NodeId),
    Add(NodeId, NodeId),
    Sub(NodeId, NodeId),
    Mul(NodeId, NodeId),
    /// The high 64 bits of the unsigned product of two 64-bit values.
    MulHigh(NodeId, NodeId),
    /// One bit.
    Eq(NodeId, NodeId),
    /// One bit.
    Less(NodeId, NodeId),
    /// One bit; both operands are numbers of `bits` bits in two's complement.
    LessSigned {
        a: NodeId,
        b: NodeId,
        bits: u32,
    },
    /// Amounts of `width` and more give 0.
    ShiftLeft(NodeId, NodeId),
    /// Amounts of 64 and more give 0.
    ShiftRight(NodeId, NodeId),
    /// The operand is a number of `bits` bits in two's complement; sign bits enter.
    ShiftRightSigned {
        a: NodeId,
        amount: NodeId,
        bits: u32,
    },
    Mux {
        condition: NodeId,
        then: NodeId,
        otherwise: NodeId,
    },
    /// The option with this index, the last one if it is past the end.
    Select(NodeId, Box<[NodeId]>),
    /// Parts, each shifted left, that do not overlap.
    Join(Box<[(NodeId, u32)]>),
    /// Bits from this one up.
    Slice(NodeId, u32),
    /// The operand is a number of this many bits in two's complement.
    SignExtend(NodeId, u32),
    /// One bit: any of `width` bits from bit `low` up is set.
    Test {
        a: NodeId,
        low: u32,
        width: u32,
    },
    /// One bit: an odd number of bits is set.
    Parity(NodeId),
    /// A function of fp32 numbers, for machine code alone.
    Float(FloatFunction, Box<[NodeId]>),
}

/// A limb of a register, or of what a synchronous read port holds.
#[derive(Clone, Debug)]
pub(crate) struct State {
    /// Width in bits, at most 64.
    pub width: u32,
    /// Who changes it.
    pub domain: DomainId,
    /// By lane, at power-up.
    pub init: Vec<u64>,
    /// After reset.
    pub reset: Option<u64>,
    /// What an edge makes of it; nothing for what a memory's edge changes.
    pub next: Option<NodeId>,
    /// The occurrence of a module that it is part of, or all of them where they are lanes.
    pub part: u32,
}

/// A limb of values that the netlist leaves open.
#[derive(Clone, Debug)]
pub(crate) struct Open {
    /// By lane, as [`Undefined::value`](olivine_interp::Undefined::value) takes it.
    pub paths: Vec<String>,
    /// Of the whole value.
    pub width: u32,
    /// Which limb.
    pub limb: u32,
}

/// A limb of an asynchronous read port.
#[derive(Clone, Debug)]
pub(crate) struct AsyncRead {
    /// Index into [`Kernel::memories`].
    pub memory: u32,
    /// Which limb.
    pub limb: u32,
    /// The lane of the memory that lane 0 reads; the others follow.
    pub first_lane: u32,
    /// What is read out of range.
    pub open: Open,
}

/// A memory of each occurrence of a module.
#[derive(Clone, Debug)]
pub(crate) struct KernelMemory {
    /// Path of each lane.
    pub paths: Vec<String>,
    /// Width of a word in bits.
    pub width: u32,
    /// Number of words in each lane.
    pub depth: u32,
    /// Words given at power-up, limbs of one word side by side.
    pub init: Vec<u64>,
    /// By write port, then by lane.
    pub writes: Vec<Write>,
    /// The synchronous read ports.
    pub reads: Vec<SyncRead>,
}

impl KernelMemory {
    /// Limbs of a word.
    pub fn limbs(&self) -> u32 {
        self.width.div_ceil(64)
    }
}

/// A write port of a memory.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    /// When.
    pub domain: DomainId,
    /// By lane.
    pub address: Vec<Lane>,
    /// By lane; `None` is always.
    pub enable: Option<Vec<Lane>>,
    /// By limb, then by lane.
    pub data: Vec<Vec<Lane>>,
    /// Ones where it is written; by limb, then by lane.
    pub mask: Option<Vec<Vec<Lane>>>,
}

/// A synchronous read port of a memory.
#[derive(Clone, Debug)]
pub(crate) struct SyncRead {
    /// When.
    pub domain: DomainId,
    /// By lane.
    pub address: Vec<Lane>,
    /// By lane; `None` is always.
    pub enable: Option<Vec<Lane>>,
    /// Where an edge writes what is read.
    pub collision: Collision,
    /// By lane: the path of its open values.
    pub paths: Vec<String>,
    /// By limb, then by lane: the state that holds it and the lane of that state.
    pub held: Vec<Vec<(u32, u32)>>,
}

/// A property in one lane.
#[derive(Clone, Debug)]
pub(crate) struct Sampled {
    /// Scope and name.
    pub path: String,
    /// Assert or assume; covers are not sampled.
    pub kind: PropertyKind,
    /// Where it was authored.
    pub place: Place,
    /// When.
    pub domain: DomainId,
    /// One bit.
    pub condition: Lane,
}

impl Kernel {
    /// Whether a read of a memory with this address can be out of range.
    pub fn leaves_range(&self, read: u32, address: NodeId) -> bool {
        self.exceeds(address, self.memories[self.reads[read as usize].memory as usize].depth)
    }

    /// Whether an address can be that of no word of a memory of so many.
    pub fn exceeds(&self, address: NodeId, depth: u32) -> bool {
        let width = self.graph.width(address);
        width >= 32 || 1u64 << width > u64::from(depth)
    }
}

/// A value's limbs, each one lane of a node.
pub(crate) type Limbs = Box<[Lane]>;

/// All that the back half needs to know of a design.
#[derive(Clone, Debug)]
pub(crate) struct Kernel {
    /// The nodes, operands first.
    pub graph: Graph,
    /// Registers and held read data.
    pub states: Vec<State>,
    /// Cells that are undefined.
    pub undefined: Vec<Open>,
    /// Whether all that is left open is zero.
    pub zeroed: bool,
    /// Asynchronous reads.
    pub reads: Vec<AsyncRead>,
    /// Memories.
    pub memories: Vec<KernelMemory>,
    /// Assertions and assumptions, in the order of the flat design.
    pub properties: Vec<Sampled>,
    /// First input slot of each port of the top; meaningless for outputs.
    pub input_slots: Vec<u32>,
    /// Number of input slots.
    pub inputs: u32,
    /// Lanes of an input: how many stimuli run at once.
    pub stimuli: u32,
    /// Limbs of each port of the top.
    pub ports: Vec<Limbs>,
    /// The modules of which functions of floats are computed, not cells.
    pub lifted: BTreeSet<String>,
}
