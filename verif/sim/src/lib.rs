//! Compiled simulation, and engines held against each other.

mod adaptive;
mod batch;
mod compiled;
mod exec;
mod kernel;
mod lockstep;
mod lower;
mod native;
mod profile;
mod snapshot;
mod tier;

pub use adaptive::Adaptive;
pub use batch::{Batch, Series, SeriesMut};
pub use compiled::{Compiled, Tuning};
pub use lockstep::{Difference, Lockstep};
pub use profile::Work;
pub use tier::Tier;
