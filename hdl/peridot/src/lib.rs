//! Peridot: the training chip, its instruction set and its driver.

mod config;
pub mod host;
pub mod isa;

pub use config::{ConfigError, PeridotConfig};
