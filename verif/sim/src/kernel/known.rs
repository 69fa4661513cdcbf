//! A kernel in which some states and inputs are known: numbers, which simplify what reads them.

use super::{Graph, Kernel, KernelMemory, Lane, NodeId, NodeOp, Sampled, SyncRead, Write};
use rustc_hash::FxHashMap as HashMap;

/// What is known, each of one lane, with its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// By state.
    pub states: HashMap<u32, u64>,
    /// By input slot.
    pub inputs: HashMap<u32, u64>,
}

/// Old nodes as new ones.
struct Mapping<'k> {
    old: &'k Graph,
    graph: Graph,
    /// By old node.
    nodes: Vec<NodeId>,
    known: &'k Known,
}

impl Kernel {
    /// The same kernel where this is known, and its nodes by those of before. What is there at
    /// power-up is left out.
    pub fn knowing(&self, known: &Known) -> (Self, Vec<NodeId>) {
        let (old, nodes) = (&self.graph, Vec::with_capacity(self.graph.nodes().len()));
        let mut new = Mapping { old, graph: Graph::default(), nodes, known };
        for index in 0..old.nodes().len() as u32 {
            let node = new.node(NodeId(index));
            new.nodes.push(node);
        }
        let property = |p: &Sampled| Sampled { condition: new.lane(p.condition), ..p.clone() };
        let mut states = self.states.clone();
        states.iter_mut().for_each(|state| state.next = state.next.map(|n| new.nodes[n.index()]));
        let kernel = Self {
            states,
            undefined: self.undefined.clone(),
            zeroed: self.zeroed,
            reads: self.reads.clone(),
            memories: self.memories.iter().map(|memory| new.memory(memory)).collect(),
            properties: self.properties.iter().map(property).collect(),
            input_slots: self.input_slots.clone(),
            inputs: self.inputs,
            stimuli: self.stimuli,
            ports: self.ports.iter().map(|limbs| new.lanes(limbs).into()).collect(),
            lifted: self.lifted.clone(),
            graph: new.graph,
        };
        (kernel, new.nodes)
    }
}

impl Mapping<'_> {
    fn node(&mut self, id: NodeId) -> NodeId {
        let old = self.old;
        let node = old.node(id);
        self.graph.owner = old.owner_of(id);
        let number = match &node.op {
            NodeOp::Const(value) => Some(value),
            NodeOp::State(state) => self.known.states.get(state),
            NodeOp::Input(slot) => self.known.inputs.get(slot),
            _ => None,
        };
        if let Some(number) = number {
            return self.graph.number(*number);
        }
        match &node.op {
            NodeOp::Input(_) | NodeOp::State(_) | NodeOp::Undefined(_) => {
                self.graph.source(node.op.clone(), node.width, node.lanes)
            }
            NodeOp::Read(index, address) => {
                let read = NodeOp::Read(*index, self.nodes[address.index()]);
                self.graph.source(read, node.width, node.lanes)
            }
            NodeOp::Gather(sources) => {
                let lanes = self.lanes(sources);
                self.graph.gather(&lanes)
            }
            NodeOp::Lane(source, lane) => {
                let lane = self.lane((*source, *lane));
                self.graph.gather(&[lane])
            }
            op => {
                let op = op.mapped(|operand| self.nodes[operand.index()]);
                self.graph.add(op, node.width)
            }
        }
    }

    fn lane(&self, (node, lane): Lane) -> Lane {
        let new = self.nodes[node.index()];
        (new, if self.graph.lanes(new) == 1 { 0 } else { lane })
    }

    fn lanes(&self, lanes: &[Lane]) -> Vec<Lane> {
        lanes.iter().map(|lane| self.lane(*lane)).collect()
    }

    fn lists(&self, limbs: &[Vec<Lane>]) -> Vec<Vec<Lane>> {
        limbs.iter().map(|lanes| self.lanes(lanes)).collect()
    }

    fn memory(&self, memory: &KernelMemory) -> KernelMemory {
        let write = |write: &Write| Write {
            domain: write.domain,
            address: self.lanes(&write.address),
            enable: write.enable.as_ref().map(|lanes| self.lanes(lanes)),
            data: self.lists(&write.data),
            mask: write.mask.as_ref().map(|limbs| self.lists(limbs)),
        };
        let read = |read: &SyncRead| SyncRead {
            address: self.lanes(&read.address),
            enable: read.enable.as_ref().map(|lanes| self.lanes(lanes)),
            ..read.clone()
        };
        KernelMemory {
            paths: memory.paths.clone(),
            init: Vec::new(),
            writes: memory.writes.iter().map(write).collect(),
            reads: memory.reads.iter().map(read).collect(),
            ..*memory
        }
    }
}
