//! From design to bitstream: Yosys synthesizes what [`olivine_emit`] writes, nextpnr places and
//! routes it, and the vendor-neutral packer makes the file that a board loads.
//!
//! - [`Board`]: clock, reset button and pins as data; `fpga/boards/*.toml` are built in, any
//!   other file of that form serves as well.
//! - [`build`]: one call from a [`Design`](olivine_netlist::Design) to a [`BuildReport`], which
//!   holds what the tools measured: utilization, fmax against the constraint, the critical path.
//!   A design that misses its clock is an error, never a report one could take for success.
//! - The same design, board, seed and tool versions give the same report, apart from its
//!   seconds, and the same bitstream.
//!
//! The programs are those that [`olivine_tools`] finds; nothing here needs root.

mod board;
mod build;
mod connect;
mod constraints;
mod critical_path;
mod error;
mod files;
mod measured;
mod options;
mod report;
mod run;
mod stages;
mod wrapper;

pub use board::{Active, Board, BoardError, Clock, Held, Part, Pins, Pull, ResetButton};
pub use build::build;
pub use connect::PortError;
pub use critical_path::{CriticalPath, Step, StepKind};
pub use error::BuildError;
pub use options::{Options, Progress, Stage};
pub use report::{BuildReport, ClockReport, Seconds, ToolVersion, Utilization};
