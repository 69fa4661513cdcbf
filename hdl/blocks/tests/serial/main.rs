//! Timers and SPI: proofs, mutants that must not pass, and random use against models.

#[path = "../buses/common.rs"]
mod common;
mod spi;
mod timer;
