//! Random numbers.

mod counter_random;
mod lfsr;

pub use counter_random::{CounterRandom, CounterRandomPorts};
pub use lfsr::{Lfsr, LfsrPorts, Polynomial};
