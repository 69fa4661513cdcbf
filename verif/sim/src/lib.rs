//! Compiled simulation, and engines held against each other.

mod batch;
mod compiled;
mod exec;
mod kernel;
mod lockstep;
mod lower;
mod native;
mod tier;

pub use batch::{Batch, Series, SeriesMut};
pub use compiled::{Compiled, Tuning};
pub use lockstep::{Difference, Lockstep};
pub use tier::Tier;
