//! Finds the external programs that tests and FPGA builds run.
//!
//! Nothing in Olivine's core needs one; a room that does asks here, and passes the typed
//! [`MissingTool`] on when there is none. Searched in this order:
//!
//! 1. the Python environment named by the variable `OLIVINE_TOOLS`;
//! 2. `.cache/tools/venv` in the current folder or one above it, then in Olivine's checkout:
//!    what `scripts/setup` makes;
//! 3. `PATH`.
//!
//! ```no_run
//! let tools = olivine_tools::Tools::find();
//! let verilator = tools.verilator()?;
//! println!("Verilator {}", verilator.version().unwrap_or_default());
//! verilator.command().arg("--lint-only").arg("top.v").status().expect("it starts");
//! # Ok::<(), olivine_tools::MissingTool>(())
//! ```

mod missing;
mod tool;
mod tools;

pub use missing::MissingTool;
pub use tool::Tool;
pub use tools::Tools;
