//! Buses: proofs of every block, mutants that must not pass, and random transfers against models.

mod axi_lite;
mod common;
mod csr;
#[rustfmt::skip]
mod csr_driver;
mod system;
