//! Compiled simulation, and engines held against each other.

mod compiled;
mod exec;
mod kernel;
mod lockstep;
mod lower;
mod native;
mod tier;

pub use compiled::{Compiled, Tuning};
pub use lockstep::{Difference, Lockstep};
pub use tier::Tier;
