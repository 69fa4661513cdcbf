//! [`Layout`]: where everything is that outlives a cycle, or is looked at from outside.

use super::ops::Cell;
use crate::exec::{Elem, Location, Storage};
use crate::kernel::{Graph, Kernel, NodeId, NodeOp, ones};
use rustc_hash::{FxHashMap as HashMap, FxHashSet as HashSet};

/// The form in which vectors lie in the storage.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Lanes of a chunk.
    pub lanes: u32,
    /// Bytes of a chunk of one-bit states: one bit for each lane, or four bytes, all bits alike.
    pub mask: u32,
}

impl Shape {
    /// Whether one-bit states have one bit for each lane.
    fn is_packed(self) -> bool {
        self.mask < self.lanes
    }
}

/// Places in the storage.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub shape: Shape,
    /// Instructions that a body which is skipped must have.
    pub least_body: u32,
    /// By state. One of many lanes and one bit has size 0.
    pub states: Vec<Cell>,
    /// By state: its width, if it is kept as a factor, its sign extended to 16 bits.
    pub factors: Vec<Option<u32>>,
    /// By input slot.
    pub inputs: Vec<Cell>,
    /// By undefined cell of the kernel.
    pub opens: Vec<Cell>,
    /// By asynchronous read: what is read out of range.
    pub beyond: Vec<Cell>,
    /// By memory: the pointer to its words.
    pub pointers: Vec<u32>,
    /// By memory, by synchronous read port, by lane: where the code notes that an edge reads what is
    /// left open. None if that is zero.
    pub opened: Vec<Vec<Vec<Cell>>>,
    /// As `opened`: where the code notes that of several lanes together, if this is the first.
    pub any_opened: Vec<Vec<Vec<Cell>>>,
    /// Nodes that are looked at.
    pub seen: HashMap<NodeId, Cell>,
}

impl Layout {
    /// For a kernel, with its states at power-up and all else zero.
    pub fn new(kernel: &Kernel, shape: Shape, least_body: u32, storage: &mut Storage) -> Self {
        let mut layout = Self {
            shape,
            least_body,
            states: Vec::new(),
            factors: factors(kernel),
            inputs: Vec::new(),
            opens: Vec::new(),
            beyond: Vec::new(),
            pointers: Vec::new(),
            opened: Vec::new(),
            any_opened: Vec::new(),
            seen: HashMap::default(),
        };
        for state in &kernel.states {
            let lanes = state.init.len() as u32;
            // What a memory's edge changes is changed lane by lane.
            let packed = state.next.is_some();
            let cell = layout.cell(storage, state.width, lanes, packed);
            layout.states.push(cell);
        }
        for state in 0..kernel.states.len() {
            let init = kernel.states[state].init.iter().enumerate();
            for (lane, value) in init.filter(|(_, value)| **value != 0) {
                layout.set_state(storage, state, lane as u32, *value);
            }
        }
        for _ in 0..kernel.inputs {
            let cell = layout.cell(storage, 64, kernel.stimuli, false);
            layout.inputs.push(cell);
        }
        for open in &kernel.undefined {
            let cell = layout.cell(storage, 64, open.paths.len() as u32, false);
            layout.opens.push(cell);
        }
        for read in &kernel.reads {
            let cell = layout.cell(storage, 64, read.open.paths.len() as u32, false);
            layout.beyond.push(cell);
        }
        layout.pointers = kernel.memories.iter().map(|_| storage.allocate(8, 8)).collect();
        for memory in kernel.memories.iter().filter(|_| !kernel.zeroed) {
            let mut cell = || Cell { at: storage.allocate(8, 8), size: 8 };
            for noted in [&mut layout.opened, &mut layout.any_opened] {
                let mut port = || memory.paths.iter().map(|_| cell()).collect();
                noted.push(memory.reads.iter().map(|_| port()).collect());
            }
        }
        layout
    }

    /// A place for lanes of this width; as bits if `packed`.
    fn cell(&self, storage: &mut Storage, width: u32, lanes: u32, packed: bool) -> Cell {
        if lanes == 1 {
            return Cell { at: storage.allocate(8, 8), size: 8 };
        }
        let chunks = lanes.div_ceil(self.shape.lanes);
        if packed && width == 1 {
            return Cell {
                at: storage.allocate(chunks * self.shape.mask, self.shape.mask.max(8)),
                size: 0,
            };
        }
        // States are stored as they are in registers.
        let least = if packed { Elem::U32 } else { Elem::U8 };
        let size = Elem::of(width).max(least).bytes();
        let bytes = chunks * self.shape.lanes * size;
        Cell { at: storage.allocate(bytes, 64), size: size as u8 }
    }

    /// A place for a node that is looked at.
    pub fn see(&mut self, kernel: &Kernel, storage: &mut Storage, node: NodeId) -> Cell {
        if let Some(cell) = self.seen.get(&node) {
            return *cell;
        }
        let (width, lanes) = (kernel.graph.width(node), kernel.graph.lanes(node));
        let cell = self.cell(storage, width, lanes, false);
        self.seen.insert(node, cell);
        cell
    }

    /// Nodes that are looked at, in order, each with its place.
    pub fn places(&self, seen: &[NodeId]) -> Vec<(NodeId, Cell)> {
        seen.iter().map(|node| (*node, self.seen[node])).collect()
    }

    /// Where a lane of a cell is, which is not one of bits.
    pub fn location(cell: Cell, lane: u32) -> Location {
        let elem = match cell.size {
            1 => Elem::U8,
            2 => Elem::U16,
            4 => Elem::U32,
            _ => Elem::U64,
        };
        Location { offset: cell.at + lane * u32::from(cell.size), elem }
    }

    /// Where a bit is, and its place there.
    fn bit(&self, cell: Cell, lane: u32) -> (Location, u32) {
        if self.shape.is_packed() {
            (Location { offset: cell.at + lane / 8, elem: Elem::U8 }, lane % 8)
        } else {
            (Location { offset: cell.at + 4 * lane, elem: Elem::U32 }, 0)
        }
    }

    /// A lane of a state.
    pub fn state(&self, storage: &Storage, state: usize, lane: u32) -> u64 {
        let cell = self.states[state];
        if cell.size > 0 {
            let at = Self::location(cell, lane);
            let value = storage.load(at.elem, at.offset);
            return self.factors[state].map_or(value, |width| value & ones(width));
        }
        let (at, bit) = self.bit(cell, lane);
        storage.load(at.elem, at.offset) >> bit & 1
    }

    /// Gives a lane of a state a value.
    pub fn set_state(&self, storage: &mut Storage, state: usize, lane: u32, value: u64) {
        let cell = self.states[state];
        if cell.size > 0 {
            let at = Self::location(cell, lane);
            let sign =
                |width: u32| if value >> (width - 1) & 1 == 1 { 0xffff & !ones(width) } else { 0 };
            let value = value | self.factors[state].map_or(0, sign);
            return storage.store(at.elem, at.offset, value);
        }
        let (at, bit) = self.bit(cell, lane);
        let ones = if self.shape.is_packed() { 1 << bit } else { ones(32) };
        let before = storage.load(at.elem, at.offset);
        let after = if value & 1 == 1 { before | ones } else { before & !ones };
        storage.store(at.elem, at.offset, after);
    }

    /// The cell of a chunk of a cell; of a half chunk of a state of 64 bits, if `half`.
    pub fn chunk(&self, cell: Cell, chunk: u32, half: bool) -> Cell {
        let lanes = self.shape.lanes;
        let bytes = if cell.size == 0 { self.shape.mask } else { lanes * u32::from(cell.size) };
        let half = if half { lanes / 2 * 8 } else { 0 };
        Cell { at: cell.at + chunk * bytes + half, size: cell.size }
    }
}

/// By state of many lanes: its width, if it reaches a product as a number in two's complement.
fn factors(kernel: &Kernel) -> Vec<Option<u32>> {
    let graph = &kernel.graph;
    let mut found = vec![None; kernel.states.len()];
    let mut seen = HashSet::default();
    for node in graph.nodes() {
        let NodeOp::Mul(a, b) = node.op else { continue };
        for factor in [a, b] {
            if let NodeOp::SignExtend(inner, bits @ 2..=16) = graph.node(factor).op {
                reach(graph, inner, bits, &mut seen, &mut found);
            }
        }
    }
    for (state, found) in kernel.states.iter().zip(&mut found) {
        if state.init.len() == 1 || state.next.is_none() || Some(state.width) != *found {
            *found = None;
        }
    }
    found
}

/// Notes the states that a node hands on unchanged.
fn reach(
    graph: &Graph,
    node: NodeId,
    bits: u32,
    seen: &mut HashSet<(NodeId, u32)>,
    found: &mut [Option<u32>],
) {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if !seen.insert((node, bits)) {
            continue;
        }
        match &graph.node(node).op {
            NodeOp::State(state) => found[*state as usize] = Some(bits),
            NodeOp::Gather(lanes) => stack.extend(lanes.iter().map(|(node, _)| *node)),
            NodeOp::Mux { then, otherwise, .. } => stack.extend([*then, *otherwise]),
            _ => {}
        }
    }
}
