//! Arbiters: who may, of those that want to.

mod fixed_priority;
mod round_robin;
mod weighted;

pub use fixed_priority::{FixedPriority, FixedPriorityPorts};
pub use round_robin::{RoundRobin, RoundRobinPorts};
pub use weighted::{WeightedRoundRobin, WeightedRoundRobinPorts};
