//! Registers and memories.

use super::{Lowering, Nodes, Who, cells::sources, wide};
use crate::kernel::{KernelMemory, Lane, NodeId, NodeOp, State, SyncRead, Write};
use olivine_interp::Undefined;
use olivine_netlist::{Bits, DomainId, Memory, ReadKind, Register, ValueId};

/// The states of a variant.
#[derive(Debug, Default)]
pub(super) struct VariantState {
    /// By register.
    pub registers: Vec<StateIds>,
    /// By memory, by read port; nothing for asynchronous ones.
    pub held: Vec<Vec<StateIds>>,
    /// By memory: index into the kernel's memories.
    pub memories: Vec<u32>,
}

/// By way of lowering (all lanes at once, or lane by lane), then by limb: indices of states.
pub(super) type StateIds = Vec<Vec<u32>>;

impl Lowering<'_> {
    /// Makes the states of all registers and synchronous read ports, and the memories.
    pub fn declare_state(&mut self) {
        let design = self.design;
        for index in 0..self.occurrences.variants.len() as u32 {
            let module = design.module(self.occurrences.variants[index as usize].module);
            let mut state = VariantState::default();
            for register in &module.registers {
                state.registers.push(self.declare_register(index, register));
            }
            for memory in &module.memories {
                let held = memory.reads.iter().enumerate().map(|(port, read)| match read.kind {
                    ReadKind::Async => Vec::new(),
                    ReadKind::Sync { domain, .. } => {
                        let name = format!("{}.read[{port}]", memory.name);
                        self.declare(index, domain, memory.width, &None, None, &name)
                    }
                });
                state.held.push(held.collect());
                state.memories.push(self.kernel.memories.len() as u32);
                let memory = self.declare_memory(index, memory);
                self.kernel.memories.push(memory);
            }
            self.states.push(state);
        }
    }

    fn declare_register(&mut self, variant: u32, register: &Register) -> StateIds {
        let Register { domain, width, init, reset, name, .. } = register;
        self.declare(variant, *domain, *width, init, reset.as_ref(), name)
    }

    fn declare(
        &mut self,
        variant: u32,
        domain: DomainId,
        width: u32,
        init: &Option<Bits>,
        reset: Option<&Bits>,
        name: &str,
    ) -> StateIds {
        let domain = self.occurrences.variants[variant as usize].domains[domain.index()];
        let first_part = self.occurrences.variants[..variant as usize].iter();
        let first_part: u32 = first_part.map(|variant| variant.lanes).sum();
        let (occurrences, design, undefined) = (self.occurrences, self.design, self.undefined);
        let start = |lane| {
            let path = || format!("{}{name}", occurrences.prefix(design, variant, lane));
            init.clone().unwrap_or_else(|| undefined.value_at(path, 0, width))
        };
        // What is given is the same in all lanes.
        let varies = init.is_none() && undefined != Undefined::Zero;
        let mut ids = Vec::new();
        for (way, who) in self.everyone(variant).into_iter().enumerate() {
            let lanes = sources(who, self.lanes(variant));
            let different = if varies { lanes.len() } else { 1 };
            let starts: Vec<Bits> = lanes.clone().take(different).map(start).collect();
            let limb = |k: u32| State {
                width: wide::limb_width(width, k),
                domain,
                init: starts
                    .iter()
                    .flat_map(|bits| {
                        std::iter::repeat_n(bits.words()[k as usize], lanes.len() / different)
                    })
                    .collect(),
                reset: reset.map(|bits| bits.words()[k as usize]),
                next: None,
                part: first_part + way as u32,
            };
            let first = self.kernel.states.len() as u32;
            self.kernel.states.extend((0..width.div_ceil(64)).map(limb));
            ids.push((first..self.kernel.states.len() as u32).collect());
        }
        ids
    }

    /// A memory with its words, not yet its ports.
    fn declare_memory(&self, variant: u32, memory: &Memory) -> KernelMemory {
        let path = |lane| format!("{}{}", self.prefix(variant, lane), memory.name);
        let paths: Vec<String> = (0..self.lanes(variant)).map(path).collect();
        let mut init = Vec::new();
        for path in &paths {
            for address in 0..memory.depth {
                let word = memory.init.get(address as usize).cloned();
                let open =
                    || self.undefined.value_at(|| format!("{path}[{address}]"), 0, memory.width);
                init.extend(word.unwrap_or_else(open).words());
            }
        }
        let (width, depth) = (memory.width, memory.depth);
        KernelMemory { paths, width, depth, init, writes: Vec::new(), reads: Vec::new() }
    }

    /// The nodes of the states that `of` picks.
    pub fn state_nodes(
        &mut self,
        variant: u32,
        of: impl Fn(&super::state::VariantState) -> &StateIds,
        who: Who,
        width: u32,
    ) -> Nodes {
        let ids = of(&self.states[variant as usize]);
        let (lanes, wanted) = (self.lanes(variant), if let Who::One(l) = who { l } else { 0 });
        let together = self.is_vector(variant);
        let limbs = ids[if together { 0 } else { wanted as usize }].clone();
        let node_lanes = if together { lanes } else { 1 };
        let graph = &mut self.kernel.graph;
        let nodes = limbs.iter().enumerate().map(|(k, &id)| {
            let bits = wide::limb_width(width, k as u32);
            let node = graph.source(NodeOp::State(id), bits, node_lanes);
            if who == Who::All { node } else { graph.lane((node, wanted)) }
        });
        nodes.collect()
    }

    /// Gives registers what they become, and memories their ports.
    pub fn connect_state(&mut self) {
        let design = self.design;
        for variant in 0..self.occurrences.variants.len() as u32 {
            let id = self.occurrences.variants[variant as usize].module;
            let module = design.module(id);
            self.graph().owner = id.0;
            for (index, register) in module.registers.iter().enumerate() {
                for (way, who) in self.everyone(variant).into_iter().enumerate() {
                    let ids = self.states[variant as usize].registers[index][way].clone();
                    self.connect_register(variant, register, who, &ids);
                }
            }
            for (index, memory) in module.memories.iter().enumerate() {
                self.connect_memory(variant, index, memory);
            }
        }
    }

    fn connect_register(&mut self, variant: u32, register: &Register, who: Who, ids: &[u32]) {
        let before = self.operand(variant, register.value, who);
        let mut next = before.clone();
        for case in &register.cases {
            let value = self.operand(variant, case.value, who);
            let condition = case.condition.map(|c| self.operand(variant, c, who)[0]);
            for (limb, value) in next.iter_mut().zip(value) {
                *limb = match condition {
                    None => value,
                    Some(condition) => {
                        let op = NodeOp::Mux { condition, then: value, otherwise: *limb };
                        self.graph().add(op, 64)
                    }
                };
            }
        }
        for ((id, next), before) in ids.iter().zip(next).zip(before) {
            self.kernel.states[*id as usize].next = (next != before).then_some(next);
        }
    }

    fn connect_memory(&mut self, variant: u32, index: usize, memory: &Memory) {
        let domains = &self.occurrences.variants[variant as usize].domains;
        let domains = domains.clone();
        let id = self.states[variant as usize].memories[index] as usize;
        for write in &memory.writes {
            let port = Write {
                domain: domains[write.domain.index()],
                address: self.address(variant, write.address),
                enable: write.enable.map(|e| self.lanes_of(variant, e).swap_remove(0)),
                data: self.lanes_of(variant, write.data),
                mask: write.mask.map(|mask| self.mask(variant, mask, memory)),
            };
            self.kernel.memories[id].writes.push(port);
        }
        for (port, read) in memory.reads.iter().enumerate() {
            let ReadKind::Sync { domain, enable, collision } = read.kind else { continue };
            let path = |lane: u32| {
                let prefix = self.prefix(variant, lane);
                format!("{prefix}{}.read[{port}]", memory.name)
            };
            let paths = (0..self.lanes(variant)).map(path).collect();
            let port = SyncRead {
                domain: domains[domain.index()],
                address: self.address(variant, read.address),
                enable: enable.map(|e| self.lanes_of(variant, e).swap_remove(0)),
                collision,
                paths,
                held: self.held_lanes(variant, index, port),
            };
            self.kernel.memories[id].reads.push(port);
        }
    }

    /// By limb, by lane: the state that holds what a port reads, and its lane.
    fn held_lanes(&self, variant: u32, memory: usize, port: usize) -> Vec<Vec<(u32, u32)>> {
        let ids = &self.states[variant as usize].held[memory][port];
        let lanes = self.lanes(variant);
        let together = self.is_vector(variant);
        let place = |lane: u32, k: usize| {
            if together { (ids[0][k], lane) } else { (ids[lane as usize][k], 0) }
        };
        (0..ids[0].len()).map(|k| (0..lanes).map(|lane| place(lane, k)).collect()).collect()
    }

    /// The address in each lane, in one limb.
    fn address(&mut self, variant: u32, value: ValueId) -> Vec<Lane> {
        let mut lanes = vec![(NodeId(0), 0); self.lanes(variant) as usize];
        for who in self.everyone(variant) {
            let limbs = self.operand(variant, value, who);
            let node = wide::saturated(self.graph(), &limbs);
            self.spread(&mut lanes, who, node);
        }
        lanes
    }

    /// The mask with each bit repeated over its part of the word: by limb, by lane.
    fn mask(&mut self, variant: u32, mask: ValueId, memory: &Memory) -> Vec<Vec<Lane>> {
        let lanes = self.lanes(variant) as usize;
        let limbs = memory.width.div_ceil(64) as usize;
        let mut result = vec![vec![(NodeId(0), 0); lanes]; limbs];
        let bits = self.module(variant).width(mask);
        for who in self.everyone(variant) {
            let nodes = self.operand(variant, mask, who);
            let mask = wide::Wide::new(bits, nodes);
            let spread = wide::repeated(self.graph(), &mask, memory.width / bits);
            for (limb, node) in result.iter_mut().zip(spread) {
                self.spread(limb, who, node);
            }
        }
        result
    }

    /// Notes a node as the source of the lanes it covers.
    fn spread(&self, lanes: &mut [Lane], who: Who, node: NodeId) {
        let one = self.kernel.graph.lanes(node) == 1;
        for lane in sources(who, lanes.len() as u32) {
            lanes[lane as usize] = (node, if one { 0 } else { lane });
        }
    }
}
