//! Cells become nodes.

use super::{Lowering, Occurrences, Who, lane_of, wide};
use crate::kernel::{AsyncRead, Lane, NodeId, NodeOp, Open};
use olivine_netlist::{MemoryId, Op, PortId, ReadKind, ValueId};

impl Lowering<'_> {
    /// Lowers a cell whose operands are lowered.
    pub fn lower(&mut self, variant: u32, cell: ValueId, who: Who) {
        let (design, lanes) = (self.design, self.lanes(variant));
        let module = design.module(self.occurrences.variants[variant as usize].module);
        let width = module.width(cell);
        if let Some(function) = self.lifted(variant, cell) {
            let node = self.float(variant, function, who);
            return self.record(
                self.occurrences.vertex(variant, cell) as usize,
                lanes,
                who,
                vec![node],
            );
        }
        let nodes = match &module.cell(cell).op {
            Op::Input(port) if variant == Occurrences::TOP => self.input(*port, width),
            Op::Input(port) => {
                let source = |lane| self.source(variant, port.index(), lane);
                self.elsewhere(&sources(who, lanes).map(source).collect::<Vec<_>>())
            }
            Op::InstanceOutput { instance, port, element } => {
                let source = |lane| {
                    let (child, at) = self.occurrences.child(variant, *instance, lane, *element);
                    (child, self.module(child).ports[port.index()].value, at)
                };
                self.elsewhere(&sources(who, lanes).map(source).collect::<Vec<_>>())
            }
            Op::Undefined => self.undefined(variant, cell, who),
            Op::Register(register) => {
                let register = register.index();
                self.state_nodes(variant, |s| &s.registers[register], who, width)
            }
            Op::ReadData { memory, port } => self.read_data(variant, *memory, *port, who),
            op => {
                let mut operands = Vec::new();
                op.operands(|o| operands.push(o));
                let limbs: Vec<wide::Wide> = operands
                    .iter()
                    .map(|o| wide::Wide::new(module.width(*o), self.operand(variant, *o, who)))
                    .collect();
                wide::lower(self.graph(), op, width, &limbs)
            }
        };
        self.record(self.occurrences.vertex(variant, cell) as usize, lanes, who, nodes);
    }

    fn input(&mut self, port: PortId, width: u32) -> Vec<NodeId> {
        let first = self.kernel.input_slots[port.index()];
        let limb = |k| (NodeOp::Input(first + k), wide::limb_width(width, k));
        let limbs = (0..width.div_ceil(64)).map(limb);
        limbs.map(|(op, width)| self.kernel.graph.source(op, width, 1)).collect()
    }

    /// The limbs that come lane by lane from these values of other occurrences.
    fn elsewhere(&mut self, sources: &[(u32, ValueId, u32)]) -> Vec<NodeId> {
        let limbs: Vec<_> = sources
            .iter()
            .map(|(variant, value, lane)| {
                let vertex = self.occurrences.vertex(*variant, *value) as usize;
                let value = self.values[vertex].as_ref().expect("operands are lowered first");
                lane_of(&self.kernel.graph, value, *lane)
            })
            .collect();
        let by_limb = (0..limbs[0].len()).map(|k| limbs.iter().map(|l| l[k]).collect());
        by_limb.map(|lanes: Vec<Lane>| self.kernel.graph.gather(&lanes)).collect()
    }

    fn undefined(&mut self, variant: u32, cell: ValueId, who: Who) -> Vec<NodeId> {
        let module = self.design.module(self.occurrences.variants[variant as usize].module);
        let (width, lanes) = (module.width(cell), self.lanes(variant));
        let path = |lane| match &module.cell(cell).label {
            Some(label) => format!("{}{}", self.occurrences.prefix(variant, lane), label.name),
            None => format!("undefined[{}]", self.occurrences.flat(variant, lane, cell).0),
        };
        let paths: Vec<String> = sources(who, lanes).map(path).collect();
        let mut nodes = Vec::new();
        for limb in 0..width.div_ceil(64) {
            let op = NodeOp::Undefined(self.kernel.undefined.len() as u32);
            self.kernel.undefined.push(Open { paths: paths.clone(), width, limb });
            let bits = wide::limb_width(width, limb);
            nodes.push(self.kernel.graph.source(op, bits, paths.len() as u32));
        }
        nodes
    }

    fn read_data(&mut self, variant: u32, memory: MemoryId, port: u32, who: Who) -> Vec<NodeId> {
        let module = self.design.module(self.occurrences.variants[variant as usize].module);
        let declared = &module.memories[memory.index()];
        let read = &declared.reads[port as usize];
        let (m, p) = (memory.index(), port as usize);
        if read.kind != ReadKind::Async {
            return self.state_nodes(variant, |s| &s.held[m][p], who, declared.width);
        }
        let address = self.operand(variant, read.address, who);
        let address = wide::saturated(self.graph(), &address);
        let path = |lane| {
            format!("{}{}.read[{port}]", self.occurrences.prefix(variant, lane), declared.name)
        };
        let paths: Vec<String> = sources(who, self.lanes(variant)).map(path).collect();
        let mut nodes = Vec::new();
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
