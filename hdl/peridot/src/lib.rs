//! Peridot: the training chip, its instruction set and its driver.

pub mod chip;
mod config;
pub mod host;
pub mod isa;

pub use chip::{Peridot, PeridotUart};
pub use config::{ConfigError, PeridotConfig};
