//! Cells become nodes.

use super::{Lowering, Nodes, Occurrences, Who, wide};
use crate::kernel::{AsyncRead, Lane, NodeOp, Open};
use olivine_netlist::{MemoryId, Op, PortId, ReadKind, ValueId};
use smallvec::{SmallVec, smallvec};

impl Lowering<'_> {
    /// Lowers a cell whose operands are lowered.
    pub fn lower(&mut self, variant: u32, cell: ValueId, who: Who) {
        let (design, lanes) = (self.design, self.lanes(variant));
        let module = design.module(self.occurrences.variants[variant as usize].module);
        let width = module.width(cell);
        self.graph().owner = self.occurrences.variants[variant as usize].module.0;
        if let Some(function) = self.lifted(variant, cell) {
            let node = self.float(variant, function, who);
            return self.record(
                self.occurrences.vertex(variant, cell) as usize,
                lanes,
                who,
                smallvec![node],
            );
        }
        let nodes = match &module.cell(cell).op {
            Op::Input(port) if variant == Occurrences::TOP => self.input(*port, width),
            Op::Input(port) => {
                let source = |lane| {
                    let (parent, value, at) = self.source(variant, port.index(), lane);
                    (self.occurrences.vertex(parent, value), at)
                };
                self.elsewhere(&sources(who, lanes).map(source).collect::<SmallVec<[_; 1]>>())
            }
            Op::InstanceOutput { instance, port, element } => {
                let source = |lane| {
                    let (child, at) = self.occurrences.child(variant, *instance, lane, *element);
                    let value = self.module(child).ports[port.index()].value;
                    (self.occurrences.vertex(child, value), at)
                };
                self.elsewhere(&sources(who, lanes).map(source).collect::<SmallVec<[_; 1]>>())
            }
            Op::Undefined => self.undefined(variant, cell, who),
            Op::Register(register) => {
                let register = register.index();
                self.state_nodes(variant, |s| &s.registers[register], who, width)
            }
            Op::ReadData { memory, port } => self.read_data(variant, *memory, *port, who),
            op => {
                let mut operands: SmallVec<[wide::Wide; 4]> = SmallVec::new();
                op.operands(|o| {
                    operands.push(wide::Wide::new(module.width(o), self.operand(variant, o, who)));
                });
                wide::lower(self.graph(), op, width, &operands)
            }
        };
        self.record(self.occurrences.vertex(variant, cell) as usize, lanes, who, nodes);
    }

    fn input(&mut self, port: PortId, width: u32) -> Nodes {
        let first = self.kernel.input_slots[port.index()];
        let limb = |k| (NodeOp::Input(first + k), wide::limb_width(width, k));
        let limbs = (0..width.div_ceil(64)).map(limb);
        limbs.map(|(op, width)| self.kernel.graph.source(op, width, 1)).collect()
    }

    /// The limbs that come lane by lane from these vertices of other occurrences.
    fn elsewhere(&mut self, sources: &[(u32, u32)]) -> Nodes {
        let graph = &mut self.kernel.graph;
        let value = |vertex: u32| {
            self.values[vertex as usize].as_ref().expect("operands are lowered first")
        };
        let gather = |k: usize| {
            let lane = |(vertex, lane): &(u32, u32)| value(*vertex).lane(graph, k, *lane);
            let lanes: SmallVec<[Lane; 1]> = sources.iter().map(lane).collect();
            graph.gather(&lanes)
        };
        let (vertex, lane) = sources[0];
        (0..value(vertex).limbs(lane)).map(gather).collect()
    }

    fn undefined(&mut self, variant: u32, cell: ValueId, who: Who) -> Nodes {
        let module = self.design.module(self.occurrences.variants[variant as usize].module);
        let (width, lanes) = (module.width(cell), self.lanes(variant));
        let path = |lane| match &module.cell(cell).label {
            Some(label) => format!("{}{}", self.prefix(variant, lane), label.name),
            None => format!("undefined[{}]", self.occurrences.flat(variant, lane, cell).0),
        };
        let paths: Vec<String> = sources(who, lanes).map(path).collect();
        let mut nodes = Nodes::new();
        for limb in 0..width.div_ceil(64) {
            let op = NodeOp::Undefined(self.kernel.undefined.len() as u32);
            self.kernel.undefined.push(Open { paths: paths.clone(), width, limb });
            let bits = wide::limb_width(width, limb);
            nodes.push(self.kernel.graph.source(op, bits, paths.len() as u32));
        }
        nodes
    }

    fn read_data(&mut self, variant: u32, memory: MemoryId, port: u32, who: Who) -> Nodes {
        let module = self.design.module(self.occurrences.variants[variant as usize].module);
        let declared = &module.memories[memory.index()];
        let read = &declared.reads[port as usize];
        let (m, p) = (memory.index(), port as usize);
        if read.kind != ReadKind::Async {
            return self.state_nodes(variant, |s| &s.held[m][p], who, declared.width);
        }
        let address = self.operand(variant, read.address, who);
        let address = wide::saturated(self.graph(), &address);
        let path = |lane| format!("{}{}.read[{port}]", self.prefix(variant, lane), declared.name);
        let paths: Vec<String> = sources(who, self.lanes(variant)).map(path).collect();
        let mut nodes = Nodes::new();
        for limb in 0..declared.width.div_ceil(64) {
            let op = NodeOp::Read(self.kernel.reads.len() as u32, address);
            self.kernel.reads.push(AsyncRead {
                memory: self.states[variant as usize].memories[m],
                limb,
                first_lane: if let Who::One(lane) = who { lane } else { 0 },
                open: Open { paths: paths.clone(), width: declared.width, limb },
            });
            let bits = wide::limb_width(declared.width, limb);
            nodes.push(self.kernel.graph.source(op, bits, paths.len() as u32));
        }
        nodes
    }
}

/// The lanes that a way of lowering covers.
pub(super) fn sources(who: Who, lanes: u32) -> std::ops::Range<u32> {
    match who {
        Who::All => 0..lanes,
        Who::One(lane) => lane..lane + 1,
    }
}
