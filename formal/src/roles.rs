//! What the states and inputs of a file stand for in a design.

/// What a state of a file stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StateRole {
    /// The file's own, of known first value.
    Own,
    /// Something of the design that is known at power-up.
    Known(String),
    /// Something of the design that is undefined at power-up, by its path.
    Undefined(String),
    /// The words of a memory, by its name; those from `known` on are undefined at power-up.
    Words {
        /// The memory.
        name: String,
        /// How many words it has.
        depth: u32,
        /// How many are known.
        known: u32,
    },
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
    /// Whether a loop begins here, for this property of runs without end.
    Loop(String),
}
