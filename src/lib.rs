//! Olivine: hardware description and verification in Rust.
//!
//! # Begin
//! - [`guide`]: the tutorial, and comparisons with other languages.
//!
//! # Write hardware
//! - [`prelude`]: what a file of hardware and its tests needs. [`lang`] is the tour.
//! - [`blocks`]: counters, FIFOs, arbiters. [`peridot`]: the training chip.
//!
//! # Look at it
//! - [`netlist`]: a [`Design`](netlist::Design) is a plain value with a text form.
//! - [`trace`]: values over cycles, drawn and dumped. [`wave`]: waves in the terminal.
//! - [`show`]: a design's hierarchy and schematics.
//!
//! # Run it
//! - [`interp`]: the meaning, and the [`Engine`](interp::Engine) trait.
//! - [`sim`]: compiled simulation; [`cosim`]: Verilator; [`EngineKind`]: by name.
//! - [`bench`]: one module, poked and peeked. [`regress`]: many seeds on many benches.
//!
//! - [`train`](mod@train): networks on the simulated chip.
//!
//! # Prove it
//! - [`formal`]: a verdict for each property; a trace for each violation. [`prove_module`] and
//!   [`equivalent_modules`] are a proof in one line of a unit test.
//!
//! - [`fuzz`]: the engines held against each other on random designs.
//!
//! # Take it elsewhere
//! - [`emit`]: Verilog. [`fpga`]: bitstreams.
//!
//! # The command
//! [`main`] is the `olivine` command for a [`Registry`] of designs of your own.

pub mod benches;
mod cli;
mod dependence;
pub mod designs;
mod engine;
mod exit;
pub mod fuzz;
pub mod guide;
pub mod prelude;
mod prove;
mod registry;
pub mod show;
mod simulate;
pub mod train;
pub mod wave;

pub use dependence::{Dependence, first_dependence};
pub use engine::EngineKind;
pub use exit::{CommandError, Exit};
pub use prove::{equivalent_modules, prove_module, prove_module_with};
pub use registry::{Arguments, Entry, Parameter, Registry, elaborated, elaborated_in};
pub use simulate::{Outcome, Run, simulate, simulate_each};

pub use olivine_bench as bench;
pub use olivine_blocks as blocks;
pub use olivine_cosim as cosim;
pub use olivine_emit as emit;
pub use olivine_formal as formal;
pub use olivine_fpga as fpga;
pub use olivine_interp as interp;
pub use olivine_lang as lang;
pub use olivine_netlist as netlist;
pub use olivine_peridot as peridot;
pub use olivine_regress as regress;
pub use olivine_sim as sim;
pub use olivine_trace as trace;

use std::process::ExitCode;

/// The `olivine` command on this process's arguments, with these designs and benches.
pub fn main(designs: &Registry, benches: &regress::Registry) -> ExitCode {
    ExitCode::from(cli::run(designs, benches, std::env::args_os()) as u8)
}
