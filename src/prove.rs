//! Proofs of modules, in one line of a unit test.

use olivine_formal::{Options, Report, equivalent, prove};
use olivine_lang::{Module, elaborate};
use olivine_netlist::Design;

/// Proves the assertions of a module and reaches its covers: a proof as a unit test.
///
/// ```
/// use olivine::blocks::Fifo;
/// use olivine::lang::unsigned;
/// use olivine::prove_module;
///
/// // #[test]
/// fn the_fifo_keeps_its_contract() {
///     prove_module(Fifo { of: unsigned(4), depth: 4 }).assert_proved();
/// }
/// the_fifo_keeps_its_contract();
/// ```
///
/// # Panics
/// With the faults, if the module is wrong or has nothing to prove.
#[track_caller]
pub fn prove_module<M: Module>(module: M) -> Report {
    prove_module_with(module, &Options::default())
}

/// As [`prove_module`].
///
/// # Panics
/// As [`prove_module`].
#[track_caller]
pub fn prove_module_with<M: Module>(module: M, options: &Options) -> Report {
    prove(&design(module), options).unwrap_or_else(|faults| panic!("{faults}"))
}

/// Whether two modules give the same outputs in every run.
///
/// ```
/// use olivine::blocks::Counter;
/// use olivine::equivalent_modules;
///
/// equivalent_modules(Counter { limit: 10 }, Counter { limit: 10 }).assert_proved();
/// ```
///
/// # Panics
/// With the faults, if a module is wrong or their ports differ.
#[track_caller]
pub fn equivalent_modules<A: Module, B: Module>(first: A, second: B) -> Report {
    equivalent(&design(first), &design(second), &Options::default())
        .unwrap_or_else(|faults| panic!("{faults}"))
}

#[track_caller]
fn design<M: Module>(module: M) -> Design {
    elaborate(module).unwrap_or_else(|faults| panic!("{faults}"))
}
