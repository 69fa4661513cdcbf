//! Instruction selection: nodes become actions.

mod gather;
mod scalars;
mod vectors;

use super::action::{Action, Operand, Var};
use super::data::SLOT;
use super::edge::Location;
use super::elem::{CHUNK, Elem};
use super::insn::ReadPlan;
use super::storage::Storage;
use crate::kernel::{Kernel, Lane, Node, NodeId, NodeOp};
use rustc_hash::FxHashMap as HashMap;

/// Where a variable is, and what makes it.
#[derive(Clone, Debug)]
pub(crate) struct VarInfo {
    /// Offset, once it is settled.
    pub offset: Option<u32>,
    /// Bytes and alignment.
    pub size: (u32, u32),
    /// What makes it; nothing for sources, or once it is placed in a program.
    pub action: Option<Action>,
    /// Where it comes from.
    pub source: Source,
}

/// Where a variable's value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Source {
    Constant,
    /// An input slot.
    Input(u32),
    /// A state.
    State(u32),
    /// An action.
    Made,
}

/// Turns nodes into variables with actions. What is selected once is not selected again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selector {
    pub vars: Vec<VarInfo>,
    /// Variables made since they were last taken.
    pub fresh: Vec<Var>,
    pub plans: Vec<ReadPlan>,
    /// Batches, and operations in them, for who wants to know.
    pub batched: (u32, u32),
    scalars: HashMap<NodeId, Var>,
    vectors: HashMap<(NodeId, Elem), Operand>,
    numbers: HashMap<u64, Var>,
    chunks: HashMap<(u64, Elem), Operand>,
    /// Offset of each input slot.
    pub inputs: Vec<u32>,
    /// Offset of each state, once it is settled.
    pub states: Vec<Option<u32>>,
    state_vars: HashMap<u32, Vec<Var>>,
}

impl Selector {
    /// Selects all nodes that these depend on, and these.
    pub fn select(&mut self, kernel: &Kernel, storage: &mut Storage, roots: &[NodeId]) {
        let mut select = Selection { kernel, storage, to: self };
        for node in needed(kernel, roots) {
            if kernel.graph.lanes(node) == 1 {
                select.scalar(node);
            } else {
                select.native(node);
            }
        }
    }

    /// Gives a state its place.
    pub fn set_state(&mut self, state: u32, offset: u32) {
        self.states[state as usize] = Some(offset);
        for var in self.state_vars.get(&state).into_iter().flatten() {
            self.vars[var.0 as usize].offset = Some(offset);
        }
    }

    /// Where a state is.
    pub fn state_offset(&self, state: u32) -> u32 {
        self.states[state as usize].expect("the state has its place")
    }

    /// Where a lane of a node is, once it is selected and placed.
    pub fn location(&self, kernel: &Kernel, (node, lane): Lane) -> Location {
        if kernel.graph.lanes(node) == 1 {
            return Location { offset: self.offset(self.scalars[&node]), elem: SLOT };
        }
        let elem = Elem::of(kernel.graph.width(node));
        let operand = self.vectors[&(node, elem)];
        Location { offset: self.offset(operand.var) + lane * elem.bytes(), elem }
    }

    /// A variable of its own, made by an action, with the value of a node: a slot for one lane,
    /// else a vector of the type `elem`.
    pub fn made(
        &mut self,
        kernel: &Kernel,
        storage: &mut Storage,
        node: NodeId,
        (elem, lanes): (Elem, u32),
    ) -> Var {
        let mut select = Selection { kernel, storage, to: self };
        if lanes > 1 { select.made_vector(node, elem, lanes) } else { select.made_slot(node) }
    }

    /// What is known of a variable.
    pub fn info(&self, var: Var) -> &VarInfo {
        &self.vars[var.0 as usize]
    }

    /// What makes a fresh variable.
    pub fn action(&self, var: Var) -> &Action {
        self.info(var).action.as_ref().expect("fresh variables have actions")
    }

    /// Where a variable that has its place is.
    pub fn offset(&self, var: Var) -> u32 {
        self.vars[var.0 as usize].offset.expect("the variable has its place")
    }
}

/// The nodes that `roots` depend on, with them, operands first.
fn needed(kernel: &Kernel, roots: &[NodeId]) -> Vec<NodeId> {
    let mut wanted = vec![false; kernel.graph.nodes().len()];
    roots.iter().for_each(|r| wanted[r.index()] = true);
    for index in (0..wanted.len()).rev() {
        if wanted[index] {
            kernel.graph.nodes()[index].op.operands(|o| wanted[o.index()] = true);
        }
    }
    let ids = (0..wanted.len()).filter(|i| wanted[*i]);
    ids.map(|i| NodeId(i as u32)).collect()
}

struct Selection<'a> {
    kernel: &'a Kernel,
    storage: &'a mut Storage,
    to: &'a mut Selector,
}

impl Selection<'_> {
    fn node(&self, id: NodeId) -> &Node {
        self.kernel.graph.node(id)
    }

    fn width(&self, id: NodeId) -> u32 {
        self.node(id).width
    }

    fn fixed(&mut self, offset: u32, source: Source) -> Var {
        self.to.vars.push(VarInfo { offset: Some(offset), size: (0, 1), action: None, source });
        Var(self.to.vars.len() as u32 - 1)
    }

    fn state(&mut self, id: u32) -> Var {
        let (offset, source) = (self.to.states[id as usize], Source::State(id));
        self.to.vars.push(VarInfo { offset, size: (0, 1), action: None, source });
        let var = Var(self.to.vars.len() as u32 - 1);
        self.to.state_vars.entry(id).or_default().push(var);
        var
    }

    fn make(&mut self, size: (u32, u32), action: Action) -> Var {
        let (action, source) = (Some(action), Source::Made);
        self.to.vars.push(VarInfo { offset: None, size, action, source });
        let var = Var(self.to.vars.len() as u32 - 1);
        self.to.fresh.push(var);
        var
    }

    /// A new slot.
    fn make_slot(&mut self, action: Action) -> Var {
        self.make((8, 8), action)
    }

    /// A new vector of `lanes` lanes.
    fn make_vector(&mut self, elem: Elem, lanes: u32, action: Action) -> Operand {
        let var = self.make((elem.storage(lanes), CHUNK), action);
        Operand { var, elem, whole: true }
    }

    /// A slot that holds a number.
    fn number(&mut self, value: u64) -> Var {
        if let Some(&var) = self.to.numbers.get(&value) {
            return var;
        }
        let offset = self.storage.allocate(8, 8);
        self.storage.store(Elem::U64, offset, value);
        let var = self.fixed(offset, Source::Constant);
        self.to.numbers.insert(value, var);
        var
    }

    /// A chunk full of a number.
    fn chunk(&mut self, value: u64, elem: Elem) -> Operand {
        if let Some(&operand) = self.to.chunks.get(&(value, elem)) {
            return operand;
        }
        let offset = self.storage.allocate(CHUNK, CHUNK);
        for lane in 0..CHUNK / elem.bytes() {
            self.storage.store(elem, offset + lane * elem.bytes(), value);
        }
        let operand = Operand { var: self.fixed(offset, Source::Constant), elem, whole: false };
        self.to.chunks.insert((value, elem), operand);
        operand
    }

    /// The plan of an asynchronous read into lanes of type `data`.
    fn plan(&mut self, index: u32, address: (Elem, u32), data: Elem) -> u32 {
        let read = &self.kernel.reads[index as usize];
        self.to.plans.push(ReadPlan {
            memory: read.memory,
            limb: read.limb,
            first_lane: read.first_lane,
            address,
            data,
            open: read.open.clone(),
        });
        self.to.plans.len() as u32 - 1
    }

    /// Where the address of a read is: the variable, its type and the way to the next lane.
    fn address(&mut self, node: NodeId) -> (Var, Elem, u32) {
        if self.node(node).lanes == 1 {
            return (self.scalar(node), SLOT, 0);
        }
        let operand = self.native(node);
        (operand.var, operand.elem, operand.elem.bytes())
    }

    fn is_constant(&self, node: NodeId) -> bool {
        matches!(self.node(node).op, NodeOp::Const(_))
    }
}
