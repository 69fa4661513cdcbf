//! The front half: a design becomes a [`Kernel`].

mod cells;
mod classes;
mod lift;
mod occurrences;
mod state;
mod wide;

pub(crate) use lift::Lift;
pub(crate) use occurrences::{Occurrences, Placement};

use crate::Tuning;
use crate::kernel::{Graph, Kernel, Lane, Limbs, NodeId, NodeOp, Sampled};
use olivine_interp::Undefined;
use olivine_netlist::{Design, Direction, Module, ValueId};
use smallvec::SmallVec;
use std::collections::BTreeSet;

/// The limbs of a cell, hardly ever more than two.
type Nodes = SmallVec<[NodeId; 2]>;

/// The nodes of a cell: its limbs, for all occurrences at once or for each.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    /// One node per limb, of as many lanes as there are occurrences, or of one lane that serves
    /// all.
    All(Nodes),
    /// By occurrence, of which there are several, one node per limb; empty while not yet known.
    Each(Vec<Nodes>),
}

impl Value {
    /// How many limbs it has, asked of an occurrence in which it is known.
    fn limbs(&self, lane: u32) -> usize {
        match self {
            Self::All(nodes) => nodes.len(),
            Self::Each(lanes) => lanes[lane as usize].len(),
        }
    }

    /// A limb in one occurrence.
    fn lane(&self, graph: &Graph, limb: usize, lane: u32) -> Lane {
        match self {
            Self::All(nodes) if graph.lanes(nodes[limb]) == 1 => (nodes[limb], 0),
            Self::All(nodes) => (nodes[limb], lane),
            Self::Each(lanes) => (lanes[lane as usize][limb], 0),
        }
    }
}

/// For which occurrences a cell is lowered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    All,
    One(u32),
}

/// A lowered design: its kernel, and where the design's values are in it.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub kernel: Kernel,
    pub occurrences: Occurrences,
    /// By vertex: variant and cell.
    values: Vec<Option<Value>>,
    states: Vec<state::VariantState>,
}

impl Lowered {
    /// Lowers a validated design; what `lift` says becomes functions of floats.
    pub fn new(design: &Design, undefined: Undefined, tuning: Tuning, lift: Option<Lift>) -> Self {
        let occurrences = Occurrences::of(design);
        let mut lowering = Lowering {
            design,
            undefined,
            tuning,
            lift,
            values: vec![None; occurrences.vertices() as usize],
            states: Vec::new(),
            kernel: Kernel {
                graph: Graph::default(),
                states: Vec::new(),
                undefined: Vec::new(),
                zeroed: undefined == Undefined::Zero,
                reads: Vec::new(),
                memories: Vec::new(),
                properties: Vec::new(),
                input_slots: Vec::new(),
                inputs: 0,
                stimuli: 1,
                ports: Vec::new(),
                lifted: BTreeSet::new(),
            },
            occurrences: &occurrences,
        };
        lowering.declare_inputs();
        lowering.declare_state();
        lowering.lower_classes();
        lowering.connect_state();
        lowering.connect_boundary();
        let Lowering { kernel, values, states, .. } = lowering;
        Self { kernel, occurrences, values, states }
    }

    /// The kernel's memory for a memory of a variant.
    pub fn memory(&self, variant: u32, memory: usize) -> u32 {
        self.states[variant as usize].memories[memory]
    }

    /// Where each limb of each register is, in the order of the flattened design: a state and its
    /// lane.
    pub fn registers(&self) -> Vec<(u32, u32)> {
        let placements = self.occurrences.placements.iter();
        let of = |placement: &Placement| {
            let registers = &self.states[placement.variant as usize].registers;
            registers.iter().flat_map(|ids| places(ids, placement.lane)).collect::<Vec<_>>()
        };
        placements.flat_map(of).collect()
    }

    /// Where each limb of what the synchronous read ports of a memory hold is, in one occurrence.
    pub fn held(&self, variant: u32, memory: usize, lane: u32) -> Vec<(u32, u32)> {
        let ports = &self.states[variant as usize].held[memory];
        ports.iter().filter(|ids| !ids.is_empty()).flat_map(|ids| places(ids, lane)).collect()
    }

    /// The limbs of a value of the flattened design.
    pub fn limbs(&self, flat: ValueId) -> Limbs {
        let (variant, lane, cell) = self.occurrences.locate(flat);
        let value = self.values[self.occurrences.vertex(variant, cell) as usize].as_ref();
        let value = value.expect("every cell is lowered");
        (0..value.limbs(lane)).map(|limb| value.lane(&self.kernel.graph, limb, lane)).collect()
    }
}

/// The states of a register's limbs in one occurrence, each with its lane.
fn places(ids: &state::StateIds, lane: u32) -> Vec<(u32, u32)> {
    // Of one way of lowering, the occurrences are lanes; of more, each has states of its own.
    let (limbs, lane) = if ids.len() == 1 { (&ids[0], lane) } else { (&ids[lane as usize], 0) };
    limbs.iter().map(|state| (*state, lane)).collect()
}

struct Lowering<'a> {
    design: &'a Design,
    undefined: Undefined,
    tuning: Tuning,
    lift: Option<Lift>,
    occurrences: &'a Occurrences,
    kernel: Kernel,
    values: Vec<Option<Value>>,
    states: Vec<state::VariantState>,
}

impl Lowering<'_> {
    fn module(&self, variant: u32) -> &Module {
        self.design.module(self.occurrences.variants[variant as usize].module)
    }

    /// The path before the names in an occurrence.
    fn prefix(&self, variant: u32, lane: u32) -> String {
        self.occurrences.prefix(self.design, variant, lane)
    }

    fn lanes(&self, variant: u32) -> u32 {
        self.occurrences.variants[variant as usize].lanes
    }

    /// Whether a variant's cells are kept together.
    fn is_vector(&self, variant: u32) -> bool {
        self.lanes(variant) >= self.tuning.vector_lanes
    }

    /// The occurrences of a variant, each way of lowering once.
    fn everyone(&self, variant: u32) -> Vec<Who> {
        if self.is_vector(variant) {
            vec![Who::All]
        } else {
            (0..self.lanes(variant)).map(Who::One).collect()
        }
    }

    fn graph(&mut self) -> &mut Graph {
        &mut self.kernel.graph
    }

    /// The nodes of an operand.
    fn operand(&mut self, variant: u32, value: ValueId, who: Who) -> Nodes {
        let vertex = self.occurrences.vertex(variant, value) as usize;
        let known = self.values[vertex].as_ref().expect("operands are lowered first");
        match (known, who) {
            (Value::All(nodes), Who::All) => nodes.clone(),
            (Value::Each(lanes), Who::One(lane)) => lanes[lane as usize].clone(),
            (Value::All(nodes), Who::One(lane)) => {
                nodes.iter().map(|n| self.kernel.graph.lane((*n, lane))).collect()
            }
            (Value::Each(lanes), Who::All) => {
                let limbs = lanes[0].len();
                let limb = |k: usize| lanes.iter().map(|l| (l[k], 0)).collect::<Vec<Lane>>();
                let gathers: Vec<_> = (0..limbs).map(limb).collect();
                gathers.iter().map(|lanes| self.graph().gather(lanes)).collect()
            }
        }
    }

    /// The limbs of a value in each occurrence: by limb, then by lane.
    fn lanes_of(&self, variant: u32, value: ValueId) -> Vec<Vec<Lane>> {
        let vertex = self.occurrences.vertex(variant, value) as usize;
        let known = self.values[vertex].as_ref().expect("every cell is lowered");
        let (graph, lanes) = (&self.kernel.graph, self.lanes(variant));
        let limb = |k: usize| (0..lanes).map(|lane| known.lane(graph, k, lane)).collect();
        (0..known.limbs(0)).map(limb).collect()
    }

    fn record(&mut self, vertex: usize, lanes: u32, who: Who, nodes: Nodes) {
        match who {
            Who::One(lane) if lanes > 1 => {
                let empty = || Value::Each(vec![Nodes::new(); lanes as usize]);
                let value = self.values[vertex].get_or_insert_with(empty);
                let Value::Each(each) = value else { unreachable!("lowered in one way only") };
                each[lane as usize] = nodes;
            }
            _ => self.values[vertex] = Some(Value::All(nodes)),
        }
    }

    fn declare_inputs(&mut self) {
        let ports = &self.design.top().ports;
        for port in ports {
            self.kernel.input_slots.push(self.kernel.inputs);
            if port.direction == Direction::Input {
                self.kernel.inputs += port.width.div_ceil(64);
            }
        }
    }

    fn connect_boundary(&mut self) {
        let (design, top) = (self.design, Occurrences::TOP);
        for port in &design.top().ports {
            let limbs = self.lanes_of(top, port.value);
            self.kernel.ports.push(limbs.iter().map(|lanes| lanes[0]).collect());
        }
        for placement in &self.occurrences.placements {
            let variant = &self.occurrences.variants[placement.variant as usize];
            for property in &design.module(variant.module).properties {
                let vertex = self.occurrences.vertex(placement.variant, property.condition);
                let value = self.values[vertex as usize].as_ref().expect("every cell is lowered");
                let condition = value.lane(&self.kernel.graph, 0, placement.lane);
                let holds = matches!(self.kernel.graph.node(condition.0).op, NodeOp::Const(1));
                if property.kind.is_violated_by_a_sample() && !holds {
                    self.kernel.properties.push(Sampled {
                        path: format!(
                            "{}{}",
                            self.occurrences.path(design, placement),
                            property.name
                        ),
                        kind: property.kind,
                        place: property.place,
                        domain: variant.domains[property.domain.index()],
                        condition,
                    });
                }
            }
        }
    }
}
