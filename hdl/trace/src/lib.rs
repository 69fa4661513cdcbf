//! Values over cycles: one type for what every engine, counterexample and bench observed, drawn
//! as text and written as VCD in one way everywhere.

mod trace;

pub use trace::{Signal, Trace};
