//! Timers, SPI and I²C: proofs, mutants that must not pass, and random use against models.

#[path = "../buses/common.rs"]
mod common;
mod i2c;
mod i2c_mutants;
mod spi;
mod timer;
