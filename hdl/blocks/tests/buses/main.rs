//! Buses: proofs of every block, mutants that must not pass, and random transfers against models.

mod apb;
mod axi4;
mod axi_lite;
mod axi_stream;
mod common;
mod csr;
#[rustfmt::skip]
mod csr_driver;
mod system;
mod wishbone;
