//! What the states and inputs of a file stand for in a design.

use olivine_netlist::Bits;

/// What a state of a file stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StateRole {
    /// Something of known first value, the file's own or the design's, with its name there.
    Known(Option<String>),
    /// Something of the design that is undefined at power-up, by its path.
    Undefined(String),
    /// A memory with its name, and by word its path where it is undefined at power-up.
    Words(String, Vec<Option<String>>),
    /// An input port of the design: the file has a state without a next value; with a first value
    /// it is free behind the first step alone.
    Port(String, bool),
}

/// What an input of a file stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InputRole {
    /// Whether the step is an edge of this domain, if it is of none before it.
    Turn(String),
    /// An input port.
    Port(String),
    /// An undefined value by its path, as the step sees it or, `later`, as it is behind the step.
    Undefined {
        /// The path.
        path: String,
        /// Whether it is behind the step.
        later: bool,
    },
    /// Something undefined at power-up, by its path, chosen in the first step.
    AtFirst(String),
    /// Whether a loop begins here, for this property of runs without end.
    Loop(String),
}

/// A state of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RoleOfState {
    pub role: StateRole,
    /// Of it, or of one of its words.
    pub width: u32,
    /// Its first value, if it is a constant.
    pub first: Option<Bits>,
}

/// All states and inputs of a file, in its order, and how its steps are cycles of the design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Roles {
    pub states: Vec<RoleOfState>,
    /// With their widths.
    pub inputs: Vec<(InputRole, u32)>,
    /// The input ports of the design, with their widths.
    pub ports: Vec<(String, u32)>,
    /// By number of a bad state: the assertions that it may be.
    pub bad: Vec<Vec<String>>,
    /// By number of a justice property: its name.
    pub justice: Vec<String>,
    /// The domains that take turns.
    pub domains: Vec<String>,
    /// Steps under reset.
    pub edges: u32,
    /// Steps before the first cycle of the design.
    pub lead: u32,
}
