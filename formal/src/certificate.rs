//! [`Certificate`]: what a proof rests on, small enough to be kept.

use crate::options::Start;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The record of a proof: everything in it is a claim that can be checked anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// [`Design::digest`](olivine_netlist::Design::digest) of the design.
    pub design: String,
    /// Where runs start.
    pub start: Start,
    /// Assertions that hold and covers that are never reached.
    pub properties: Vec<String>,
    /// Why.
    pub evidence: Evidence,
    /// What the evidence relies on: other properties of the same design from the same start.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Certificate>,
}

/// Why the properties of a [`Certificate`] hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Evidence {
    /// They are inductive together.
    Induction {
        /// How many samples the inductive step relies on.
        k: u32,
        /// Whether the inductive step considers only runs that visit no state twice.
        distinct_states: bool,
    },
    /// They hold in every state under every input: all patterns have been tried.
    Exhaustion {
        /// Bits of state and input that they depend on.
        free_bits: u32,
    },
    /// They hold in every state under every input: conditions are polynomials, modulo powers of two,
    /// of inputs and state, and those are constant.
    Algebra {
        /// Values within a step that are equal, operands first: each to be shown from those before
        /// it. The later value stands first.
        merges: Vec<Merge>,
    },
    /// A set of states holds the states after reset, is never left, and all in it is well.
    Invariant {
        /// The states of the set are those that violate no clause.
        clauses: Vec<Vec<StateBit>>,
    },
    /// Of one property of runs without end: in so many rounds its condition holds at least once.
    /// A round is over when every fair condition has held, and every clock domain that matters
    /// has had an edge, since the round before; counting begins anew where the condition holds.
    Rounds {
        /// How many; at least 1.
        rounds: u32,
        /// Why there are never so many without it. The count is state, and clauses may speak of it:
        /// bit i of `#rounds` says that more than i rounds are over; the bits of `#met` say what
        /// was met since the last one, the fair conditions in the order of the flat design, then
        /// the domains, if they are several.
        because: Box<Evidence>,
    },
    /// Of these memories only some words are followed, each at an address that is arbitrary but
    /// fixed; a read of any other address gives anything. Whatever the addresses, every run of the
    /// design is one of that, and so what holds there holds.
    Tracked {
        /// Which memories, each once.
        memories: Vec<Tracked>,
        /// Why the properties hold there. Clauses may speak of `MEMORY#WORD.address`,
        /// `MEMORY#WORD.word` and `MEMORY.read[PORT]#address`, which is what a synchronous port
        /// read last.
        because: Box<Evidence>,
    },
    /// Some state is always equal, and in no state of that kind does a property fail.
    Correspondence {
        /// The equalities hold from power-up on, whether resets are active or not; otherwise
        /// after reset, as long as none is active.
        any_reset: bool,
        /// Bits that all have the values given here, or all the opposite ones.
        equal: Vec<Vec<StateBit>>,
        /// Bits that always have these values.
        fixed: Vec<StateBit>,
        /// Memories that always hold the same.
        memories: Vec<Vec<String>>,
        /// Values within a step that follow to be equal, operands first: each to be shown from
        /// those before it.
        merges: Vec<Merge>,
    },
    /// Modules were proved by themselves, each once, from what was proved before of those that it
    /// places. A property holds where its module is placed if all that the modules on its path
    /// assume is shown there; an assumption of a placed module is a property like others.
    Composition {
        /// In this order: nothing relies on a later one.
        steps: Vec<ComposedStep>,
    },
}

/// A memory of which some words are followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracked {
    /// The memory.
    pub memory: String,
    /// Of each word, by property: a read port. A failure of the property counts only where the
    /// word's address is the one whose word the port shows. Of a run of the design that fails, there
    /// is one with these addresses.
    pub words: Vec<BTreeMap<String, u32>>,
}

/// Proofs about one module of a design, whatever surrounds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComposedStep {
    /// The module.
    pub module: String,
    /// The instances in it of which something is relied on.
    pub placed: Vec<Placed>,
    /// Of the module as the top of a design of its own: its assertions, and the assumptions of
    /// what it places.
    pub proofs: Vec<Certificate>,
}

/// What a [`ComposedStep`] makes of an instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The instance, every element of it.
    pub instance: String,
    /// Assertions of its module that were proved before, as was before all that it assumes here.
    pub relied: Vec<String>,
    /// Whether its outputs are anything that fits these, rather than what it computes.
    pub cut: bool,
}

/// Bits of a value of the flat design that are equal to bits of another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merge {
    /// The value: a cell's index in the flat design.
    pub value: u32,
    /// Its first bit that is meant.
    pub bit: u32,
    /// How many bits.
    pub bits: u32,
    /// The earlier value and its first bit; `None` stands for zeros.
    pub of: Option<(u32, u32)>,
    /// The bits are the opposite.
    pub inverted: bool,
}

/// One bit of state and a value: the part of a clause that holds if the bit has the value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct StateBit {
    /// Path of a register; `MEMORY[ADDRESS]`, a word; `MEMORY.read[PORT]`, what a synchronous
    /// read port holds.
    pub state: String,
    /// Index of the bit.
    pub bit: u32,
    /// The value.
    pub value: bool,
}

impl fmt::Display for Evidence {
    /// In a few words: `k = 1`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Induction { k, .. } => write!(f, "k = {k}"),
            Self::Exhaustion { free_bits } => write!(f, "all patterns of {free_bits} bits"),
            Self::Algebra { merges } if merges.is_empty() => write!(f, "algebra"),
            Self::Algebra { merges } => write!(f, "algebra, {} pairs of values", merges.len()),
            Self::Invariant { clauses } => {
                let s = if clauses.len() == 1 { "" } else { "s" };
                write!(f, "invariant of {} clause{s}", clauses.len())
            }
            Self::Rounds { rounds: 1, because } => write!(f, "within a round, {because}"),
            Self::Rounds { rounds, because } => write!(f, "within {rounds} rounds, {because}"),
            Self::Tracked { memories, because } => {
                let names: Vec<&str> = memories.iter().map(|m| m.memory.as_str()).collect();
                write!(f, "{because}, any word of {}", names.join(", "))
            }
            Self::Correspondence { equal, memories, merges, .. } => {
                let state = equal.len() + memories.len();
                write!(f, "{state} pairs of state, {} of values", merges.len())
            }
            Self::Composition { steps } => {
                let mut modules: Vec<&str> = steps.iter().map(|s| s.module.as_str()).collect();
                modules.dedup();
                write!(f, "composed of proofs of {}", modules.join(", "))
            }
        }
    }
}
