//! The emitted Verilog in Verilator, behind the [`Engine`](olivine_interp::Engine) trait: the
//! independent referee.
//!
//! [`Model::build`] writes the design as Verilog, lets Verilator make C++ of it and compiles
//! that into a shared library, which is kept in a cache folder under the digest of everything it
//! was made from; [`Model::start`] gives simulations of it, as many as wanted.
//! [`Verilated::new`] does both.
//!
//! - Undefined values are zero (`Undefined::Zero`): compare with engines under that policy.
//! - Signals are the top's ports, and its registers with [`Options::registers`]; memories cannot
//!   be looked into; properties are not sampled.
//! - The cache is `$OLIVINE_CACHE/verilated`, else the folder `verilated` beside that of the
//!   installed tools (`.cache/verilated`), else `olivine/verilated` in the user's cache folder.
//!   It can be deleted at any time.
//!
//! Needs Verilator (5.006 or later) and a C++ compiler; without one there is a
//! [`BuildError::Missing`] that says how to get it.
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use olivine_cosim::Verilated;
//! use olivine_interp::Engine;
//! use olivine_netlist::{Design, DomainId};
//!
//! let design: Design = Design::parse(&std::fs::read_to_string("counter.nl")?)?;
//! let mut engine = Verilated::new(&design)?;
//! let enable = engine.interface().find("enable").ok_or("no such port")?;
//! engine.set_u64(enable, 1);
//! engine.step(DomainId(0));
//! # Ok(())
//! # }
//! ```

mod build;
mod cache;
mod engine;
mod error;
mod library;
mod shim;
mod toolchain;

pub use build::{Effort, Model, Options};
pub use engine::Verilated;
pub use error::BuildError;
