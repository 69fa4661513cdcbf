//! The designs of this repository, by name: what `olivine list` shows.

use crate::exit::CommandError;
use crate::registry::{Parameter, Registry};
use olivine_lang::{Module, elaborate};
use olivine_netlist::Design;
use olivine_peridot::{Peridot, PeridotConfig};

const ARRAY: Parameter =
    Parameter { name: "array", default: "8", summary: "rows and columns, a power of two" };

/// Every design of this repository.
pub fn all() -> Registry {
    Registry::empty()
        .design("bf16_mac", "fused bf16×bf16+fp32, rounded once", &[], |_| {
            finish(olivine_float::Mac::BF16)
        })
        .design("peridot", "the training chip behind its host bus", &[ARRAY], |a| {
            peridot(crate::train::chip_config(a.get("array")?)?)
        })
}

/// The design of a chip of these sizes.
///
/// # Errors
/// The faults of the design.
pub fn peridot(config: PeridotConfig) -> Result<Design, CommandError> {
    finish(Peridot::new(config).map_err(CommandError::usage)?)
}

/// The design of a module; faults are bad input.
fn finish<M: Module>(module: M) -> Result<Design, CommandError> {
    elaborate(module).map_err(CommandError::usage)
}
