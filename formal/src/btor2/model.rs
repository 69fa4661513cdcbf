//! [`Btor2`]: a system as nodes, and its text.

use super::constants::to_binary;
use super::sort::Sort;
use crate::roles::{InputRole, RoleOfState, Roles, StateRole};
use crate::witness::Witnesses;
use olivine_netlist::Bits;
use std::collections::HashMap;
use std::fmt::Write;

/// A transition system on words, for engines of others.
///
/// Every run of it is one of the design, reset included, and every sample of a violated assertion
/// a step of a `bad`. Memories are arrays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Btor2 {
    pub(crate) nodes: Vec<Node>,
    pub(crate) states: Vec<StateOf>,
    pub(crate) inputs: Vec<(NodeId, InputRole)>,
    /// What every step satisfies.
    pub(crate) constraints: Vec<NodeId>,
    /// By assertion: its name, and the step that fails it.
    pub(crate) bad: Vec<(String, NodeId)>,
    /// By property of runs without end: its name, and what a run that violates it meets again and
    /// again.
    pub(crate) justice: Vec<(String, Vec<NodeId>)>,
    /// The names of the clock domains that take turns, in their order.
    pub(crate) domains: Vec<String>,
    /// Edges before samples count.
    pub(crate) edges: u32,
    /// Samples count.
    pub(crate) begun: NodeId,
    /// The input ports of the design, with their widths.
    pub(crate) ports: Vec<(String, u32)>,
}

/// Index of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(pub u32);

/// A value, operands before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Node {
    pub sort: Sort,
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum NodeKind {
    /// Free in each step, by its index.
    Input(usize),
    /// Remembered, by its index.
    State(usize),
    Const(Bits),
    /// An operator of the format, with the numbers behind its operands.
    Apply(&'static str, Vec<NodeId>, Vec<u32>),
}

/// A state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StateOf {
    pub node: NodeId,
    pub role: StateRole,
    /// Of an array: its words, or what each word is.
    pub init: Option<NodeId>,
    pub next: Option<NodeId>,
}

impl Btor2 {
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Its runs in the competition's form.
    pub fn witnesses(&self) -> Witnesses {
        let width = |node: NodeId| match self.node(node).sort {
            Sort::Bits(width) | Sort::Array { data: width, .. } => width,
        };
        let state = |state: &StateOf| RoleOfState {
            role: state.role.clone(),
            width: width(state.node),
            first: None,
        };
        Witnesses::in_words(Roles {
            states: self.states.iter().map(state).collect(),
            inputs: self.inputs.iter().map(|(node, role)| (role.clone(), width(*node))).collect(),
            ports: self.ports.clone(),
            bad: self.bad.iter().map(|(name, _)| vec![name.clone()]).collect(),
            justice: self.justice.iter().map(|(name, _)| name.clone()).collect(),
            domains: self.domains.clone(),
            edges: self.edges,
            lead: 0,
        })
    }

    /// The number of edges before samples count.
    pub(crate) fn edges_before(&self) -> u32 {
        self.edges
    }

    /// The text of the file. Lines of properties are named after them.
    pub fn to_text(&self) -> String {
        Text::new(self).finish()
    }
}

/// A text on its way: first the sorts, then the nodes, then what is said of them.
struct Text<'a> {
    model: &'a Btor2,
    sorts: HashMap<Sort, u32>,
    text: String,
    last: u32,
}

impl<'a> Text<'a> {
    fn new(model: &'a Btor2) -> Self {
        Self { model, sorts: HashMap::new(), text: String::new(), last: 0 }
    }

    fn line(&mut self, line: &str) -> u32 {
        self.last += 1;
        writeln!(self.text, "{} {line}", self.last).expect("a string takes it");
        self.last
    }

    fn sort(&mut self, sort: Sort) -> u32 {
        if let Some(&known) = self.sorts.get(&sort) {
            return known;
        }
        let line = match sort {
            Sort::Bits(width) => format!("sort bitvec {width}"),
            Sort::Array { address, data } => {
                let (address, data) = (self.sort(Sort::Bits(address)), self.sort(Sort::Bits(data)));
                format!("sort array {address} {data}")
            }
        };
        let made = self.line(&line);
        self.sorts.insert(sort, made);
        made
    }

    fn finish(mut self) -> String {
        let model = self.model;
        for node in &model.nodes {
            self.sort(node.sort);
        }
        let first = self.last + 1;
        let id = |node: NodeId| first + node.0;
        for node in &model.nodes {
            let sort = self.sort(node.sort);
            let line = match &node.kind {
                NodeKind::Input(_) => format!("input {sort}"),
                NodeKind::State(index) => format!("state {sort}{}", model.symbol(*index)),
                NodeKind::Const(bits) => format!("const {sort} {}", to_binary(bits)),
                NodeKind::Apply(name, operands, numbers) => {
                    let operands = operands.iter().map(|&operand| id(operand));
                    let all = operands.chain(numbers.iter().copied());
                    all.fold(format!("{name} {sort}"), |line, number| format!("{line} {number}"))
                }
            };
            self.line(&line);
        }
        for state in &model.states {
            let sort = self.sort(model.node(state.node).sort);
            for (word, value) in [("init", state.init), ("next", state.next)] {
                if let Some(value) = value {
                    self.line(&format!("{word} {sort} {} {}", id(state.node), id(value)));
                }
            }
        }
        for &constraint in &model.constraints {
            self.line(&format!("constraint {}", id(constraint)));
        }
        for (name, bad) in &model.bad {
            self.line(&format!("bad {} {}", id(*bad), symbol(name)));
        }
        for (name, conditions) in &model.justice {
            let count = conditions.len();
            let all = conditions.iter().map(|&condition| id(condition).to_string());
            let all = all.collect::<Vec<_>>().join(" ");
            self.line(&format!("justice {count} {all} {}", symbol(name)));
        }
        self.text
    }
}

impl Btor2 {
    fn symbol(&self, state: usize) -> String {
        match &self.states[state].role {
            StateRole::Known(None) => String::new(),
            StateRole::Known(Some(name)) | StateRole::Undefined(name) => {
                format!(" {}", symbol(name))
            }
            StateRole::Words(name, _) | StateRole::Port(name, _) => format!(" {}", symbol(name)),
        }
    }
}

/// A name without spaces, as the format wants it.
fn symbol(name: &str) -> String {
    name.chars().map(|c| if c.is_whitespace() || c == ';' { '_' } else { c }).collect()
}
