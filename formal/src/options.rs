//! [`Options`]: what to prove, how, and for how long.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How a proof is sought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The engine.
    pub engine: Engine,
    /// The longest runs that BMC searches, in samples after reset; also the largest k. PDR is not
    /// bound by it.
    pub depth: u32,
    /// Wall-clock time for everything together; without end if `None`.
    pub time_limit: Option<Duration>,
    /// Most bytes of memory that the process may hold, everything else in it included; any number
    /// if `None`, or where the system does not tell.
    pub memory_limit: Option<u64>,
    /// Where runs start.
    pub start: Start,
    /// What is proved.
    pub properties: Selection,
    /// Which runs the inductive step considers.
    pub paths: Paths,
    /// Most bits of memory that a property may depend on. Memories are expanded word by word;
    /// a property beyond the limit is `Unknown`.
    pub memory_bits_max: u64,
    /// Fewest bits of a memory that [`Engine::Auto`] tries first without expanding it, as
    /// [`Engine::Track`] does.
    pub memory_bits_tracked: u64,
    /// Most gates of an unrolled system; reaching it ends the search as a time limit does.
    pub gates_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            engine: Engine::Auto,
            depth: 20,
            time_limit: Some(Duration::from_secs(60)),
            memory_limit: None,
            start: Start::AfterReset { edges: 1 },
            properties: Selection::All,
            paths: Paths::Distinct,
            memory_bits_max: 1 << 16,
            memory_bits_tracked: 256,
            gates_max: 20_000_000,
        }
    }
}

/// Which method.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Engine {
    /// All of them, the first that decides. Algebra first, where products and long sums are; then
    /// sweeping, if two designs are compared, with a third of the time; then, where there are
    /// memories of some size, following their words, with a third of what is left, unless
    /// k-induction proves everything within a second. BMC and k-induction side by side in
    /// increasing k, the inductive step with no more time than BMC takes and two seconds beyond;
    /// exhaustion where one step is too hard for the solver and few bits are free; PDR as long as
    /// both together, and then for what time is left. Of properties that are alike, of equal
    /// instances side by side, PDR and exhaustion prove the first, and the others take over its
    /// proof.
    #[default]
    Auto,
    /// Bounded model checking alone: finds violations, proves nothing.
    Bmc,
    /// k-induction, the inductive step with all the time there is.
    KInduction,
    /// IC3/PDR alone: an invariant, or a violation of any depth. Of properties that are alike one is
    /// proved; of words that are compared and only moved, one bit.
    Pdr,
    /// Every pattern of inputs, and of state: for properties that depend on few bits.
    Exhaust,
    /// Sweeping alone: for two designs that hold the same state and compute alike.
    Sweep,
    /// Proofs alone in which one word or two of each memory are followed, at addresses that are
    /// arbitrary but fixed, and every other word may be anything: for properties of what is read,
    /// however large the memory.
    Track,
    /// Algebra alone: for sums and products, however they are computed.
    Algebra,
}

impl Engine {
    /// All engines, by their names on the command line.
    pub const NAMED: [(&'static str, Self); 8] = [
        ("auto", Self::Auto),
        ("bmc", Self::Bmc),
        ("kind", Self::KInduction),
        ("pdr", Self::Pdr),
        ("exhaust", Self::Exhaust),
        ("sweep", Self::Sweep),
        ("track", Self::Track),
        ("algebra", Self::Algebra),
    ];

    /// The engine of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMED.iter().find(|(n, _)| *n == name).map(|(_, engine)| *engine)
    }
}

/// Where runs start. At power-up a register holds its init value, a memory word its, and what has
/// none is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Start {
    /// From power-up, so many edges of every domain under active reset with free inputs, then
    /// reset inactive for ever. At those edges a register with a reset value takes it, every
    /// other register takes its cases, memories are read and written as ever. Nothing is sampled
    /// under reset, assumptions neither.
    AfterReset {
        /// Edges of each domain, the domains in turn.
        edges: u32,
    },
    /// From power-up, reset never active: for designs that rely on init values.
    PowerUp,
}

/// Which properties.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// All assertions and covers.
    #[default]
    All,
    /// Those with these names, paths included. Assumptions hold all the same.
    Named(Vec<String>),
}

/// Which runs the inductive step considers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Paths {
    /// Those that visit no state twice. Complete for large enough k.
    #[default]
    Distinct,
    /// All.
    Any,
}
