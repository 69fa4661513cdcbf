//! The simulators by name, all behind [`Engine`].

use crate::exit::CommandError;
use olivine_interp::{Engine, Interp, Undefined};
use olivine_netlist::Design;

/// A simulator, as `--engine` names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum EngineKind {
    /// The compiled simulator; short runs are interpreted.
    #[default]
    Sim,
    /// The interpreter: slow, and the meaning of a design.
    Interp,
    /// Compiled simulator and interpreter in lockstep, compared after every edge.
    Lockstep,
    /// The emitted Verilog in Verilator.
    Verilator,
}

impl EngineKind {
    /// A simulator for `design`, which has passed validation. Verilator knows no undefined
    /// values: it takes zero for them, whatever `undefined` says.
    ///
    /// # Errors
    /// Verilator is missing or refuses the design.
    pub fn start(
        self,
        design: &Design,
        undefined: Undefined,
    ) -> Result<Box<dyn Engine>, CommandError> {
        Ok(match self {
            Self::Sim => Box::new(olivine_sim::Adaptive::new(design, undefined)),
            Self::Interp => Box::new(Interp::new(design, undefined)),
            Self::Lockstep => Box::new(olivine_sim::Lockstep::new(
                olivine_sim::Compiled::new(design, undefined),
                Interp::new(design, undefined),
            )),
            Self::Verilator => Box::new(olivine_cosim::Verilated::new(design)?),
        })
    }
}

impl From<olivine_cosim::BuildError> for CommandError {
    fn from(error: olivine_cosim::BuildError) -> Self {
        match error {
            olivine_cosim::BuildError::Missing(missing) => Self::tool_missing(missing),
            other => Self::failed(other),
        }
    }
}
