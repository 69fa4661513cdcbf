//! A kernel for many stimuli at once: every lane becomes as many lanes as there are stimuli.

use super::{
    AsyncRead, Graph, Kernel, KernelMemory, Lane, NodeId, NodeOp, Open, Sampled, State, SyncRead,
    Write,
};

/// Old nodes as new ones, for `stimuli` lanes each.
struct Widening<'k> {
    old: &'k Graph,
    graph: Graph,
    /// By old node.
    nodes: Vec<NodeId>,
    stimuli: u32,
}

impl Kernel {
    /// The kernel for so many stimuli: lane `l` of a stimulus `s` is lane `l · stimuli + s` of the
    /// same node. The limbs of ports are those of the first stimulus, the others follow.
    pub fn batched(&self, stimuli: u32) -> Self {
        let mut wide =
            Widening { old: &self.graph, graph: Graph::default(), nodes: Vec::new(), stimuli };
        for index in 0..self.graph.nodes().len() as u32 {
            let node = wide.node(NodeId(index));
            wide.nodes.push(node);
        }
        Self {
            states: self.states.iter().map(|state| wide.state(state)).collect(),
            undefined: self.undefined.iter().map(|open| wide.open(open)).collect(),
            zeroed: self.zeroed,
            reads: self.reads.iter().map(|read| wide.read(read)).collect(),
            memories: self.memories.iter().map(|memory| wide.memory(memory)).collect(),
            properties: self.properties.iter().flat_map(|p| wide.properties(p)).collect(),
            input_slots: self.input_slots.clone(),
            inputs: self.inputs,
            stimuli,
            ports: self
                .ports
                .iter()
                .map(|limbs| limbs.iter().map(|lane| wide.lane(*lane, 0)).collect())
                .collect(),
            lifted: self.lifted.clone(),
            graph: wide.graph,
        }
    }
}

impl Widening<'_> {
    /// Where a lane of a stimulus is.
    fn lane(&self, (node, lane): Lane, stimulus: u32) -> Lane {
        let new = self.nodes[node.index()];
        (new, if self.graph.lanes(new) == 1 { 0 } else { lane * self.stimuli + stimulus })
    }

    /// Where lanes are, all stimuli of each.
    fn lanes(&self, lanes: &[Lane]) -> Vec<Lane> {
        let all = |lane: &Lane| (0..self.stimuli).map(|s| self.lane(*lane, s)).collect::<Vec<_>>();
        lanes.iter().flat_map(all).collect()
    }

    fn lists(&self, limbs: &[Vec<Lane>]) -> Vec<Vec<Lane>> {
        limbs.iter().map(|lanes| self.lanes(lanes)).collect()
    }

    /// A list with each element once for each stimulus.
    fn repeated<T: Clone>(&self, list: &[T]) -> Vec<T> {
        let times = self.stimuli as usize;
        list.iter().flat_map(|item| std::iter::repeat_n(item, times)).cloned().collect()
    }

    fn node(&mut self, id: NodeId) -> NodeId {
        let old = self.old;
        let node = old.node(id);
        let lanes = node.lanes * self.stimuli;
        self.graph.owner = old.owner_of(id);
        match &node.op {
            NodeOp::Const(value) => self.graph.number(*value),
            NodeOp::Input(_) | NodeOp::State(_) | NodeOp::Undefined(_) => {
                self.graph.source(node.op.clone(), node.width, lanes)
            }
            NodeOp::Read(index, address) => {
                let address = self.operand(*address, node.lanes);
                self.graph.source(NodeOp::Read(*index, address), node.width, lanes)
            }
            NodeOp::Gather(sources) => {
                let lanes = self.lanes(sources);
                self.graph.gather(&lanes)
            }
            NodeOp::Lane(source, lane) => {
                let lanes = self.lanes(&[(*source, *lane)]);
                self.graph.gather(&lanes)
            }
            op => {
                let op = op.mapped(|operand| self.operand(operand, node.lanes));
                self.graph.add(op, node.width)
            }
        }
    }

    /// An operand of a node of so many lanes: one lane that served all serves those of its
    /// stimulus.
    fn operand(&mut self, operand: NodeId, lanes: u32) -> NodeId {
        let new = self.nodes[operand.index()];
        if self.graph.lanes(new) == 1 || self.old.lanes(operand) == lanes {
            return new;
        }
        let sources: Vec<Lane> =
            (0..lanes).flat_map(|_| (0..self.stimuli).map(|s| (new, s))).collect();
        self.graph.gather(&sources)
    }

    fn state(&mut self, state: &State) -> State {
        let lanes = state.init.len() as u32;
        let next = state.next.map(|next| self.operand(next, lanes));
        State { init: self.repeated(&state.init), next, ..*state }
    }

    fn open(&self, open: &Open) -> Open {
        Open { paths: self.repeated(&open.paths), ..*open }
    }

    fn read(&self, read: &AsyncRead) -> AsyncRead {
        let first_lane = read.first_lane * self.stimuli;
        AsyncRead { first_lane, open: self.open(&read.open), ..*read }
    }

    fn memory(&self, memory: &KernelMemory) -> KernelMemory {
        let words = (memory.depth * memory.limbs()) as usize;
        let times = self.stimuli as usize;
        let init = memory.init.chunks(words).flat_map(|lane| lane.repeat(times)).collect();
        KernelMemory {
            paths: self.repeated(&memory.paths),
            init,
            writes: memory.writes.iter().map(|write| self.write(write)).collect(),
            reads: memory.reads.iter().map(|read| self.sync_read(read)).collect(),
            ..*memory
        }
    }

    fn write(&self, write: &Write) -> Write {
        Write {
            domain: write.domain,
            address: self.lanes(&write.address),
            enable: write.enable.as_ref().map(|lanes| self.lanes(lanes)),
            data: self.lists(&write.data),
            mask: write.mask.as_ref().map(|limbs| self.lists(limbs)),
        }
    }

    fn sync_read(&self, read: &SyncRead) -> SyncRead {
        let held = |&(state, lane): &(u32, u32)| {
            (0..self.stimuli).map(move |s| (state, lane * self.stimuli + s))
        };
        SyncRead {
            domain: read.domain,
            address: self.lanes(&read.address),
            enable: read.enable.as_ref().map(|lanes| self.lanes(lanes)),
            collision: read.collision,
            paths: self.repeated(&read.paths),
            held: read.held.iter().map(|limb| limb.iter().flat_map(held).collect()).collect(),
        }
    }

    /// A property of each stimulus.
    fn properties(&self, property: &Sampled) -> Vec<Sampled> {
        let of = |s| Sampled { condition: self.lane(property.condition, s), ..property.clone() };
        (0..self.stimuli).map(of).collect()
    }
}
