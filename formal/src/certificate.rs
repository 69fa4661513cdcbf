//! [`Certificate`]: what a proof rests on, small enough to be kept.

use crate::options::Start;
use serde::{Deserialize, Serialize};

/// The record of a proof by k-induction: everything in it is a claim that can be checked anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// [`Design::digest`](olivine_netlist::Design::digest) of the design.
    pub design: String,
    /// Where runs start.
    pub start: Start,
    /// How many samples the inductive step relies on.
    pub k: u32,
    /// Assertions that hold and covers that are never reached, inductive together.
    pub properties: Vec<String>,
    /// Whether the inductive step considers only runs that visit no state twice.
    pub distinct_states: bool,
}
