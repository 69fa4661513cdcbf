//! The host's side: what a program on the other end of the bus does to use the chip.
//!
//! | item | for |
//! |---|---|
//! | [`HostBus`] | reading and writing words; a simulator, a model or a board is behind it |
//! | [`EngineBus`] | the bus of a chip in any simulator |
//! | [`Driver`] | the driver: matrices up, products computed, results down, counters |
//! | [`Matrix`], [`to_bf16`] | operands and results |

mod bf16;
mod block;
mod bus;
mod counters;
mod driver;
mod engine_bus;
mod error;
mod matrix;
mod memory;
mod product;
mod scratchpad;

pub use bf16::to_bf16;
pub use bus::{BusError, HostBus};
pub use counters::Counters;
pub use driver::{Driver, Factor, Mark};
pub use engine_bus::EngineBus;
pub use error::HostError;
pub use matrix::Matrix;
pub use memory::DeviceMatrix;
