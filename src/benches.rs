//! The benches of this repository: what plans can name.
//!
//! Each takes `mutation`: the number of a one-place fault in the netlist of its dut (−1 for
//! none), to show that the bench notices faults.

mod fifo;
mod gemm;
mod mac;
mod recorded;

use crate::designs;
use crate::exit::CommandError;
use olivine_netlist::Design;
use olivine_regress::{Failure, Parameter, Parameters, Registry, Stimulated};

/// Every bench of this repository.
pub fn all() -> Registry {
    Registry::new()
        .with(Stimulated(mac::MacBench))
        .with(Stimulated(fifo::FifoBench))
        .with(Stimulated(gemm::GemmBench))
}

/// The design under test of the bench `gemm`, without a fault.
///
/// # Errors
/// The faults of the design.
pub fn gemm_dut() -> Result<Design, CommandError> {
    designs::peridot(gemm::config())
}

/// The parameter that plants a fault.
fn mutation_parameter() -> Parameter {
    Parameter::new("mutation", -1, "one-place fault to plant in the dut, by number; -1 for none")
}

/// The dut with the fault that the parameters ask for.
fn with_mutation(design: Design, parameters: &Parameters) -> Result<Design, Failure> {
    let number = parameters.integer("mutation");
    if number < 0 {
        return Ok(design);
    }
    let mutations = design.mutations();
    let mutation = mutations.get(number as usize).ok_or_else(|| {
        let message = format!("the dut has mutations 0 to {}", mutations.len() - 1);
        Failure::new("no such mutation", message)
    })?;
    Ok(mutation.apply(&design))
}
