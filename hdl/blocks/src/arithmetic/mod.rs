//! Arithmetic: one contract, several architectures.

mod adder;
mod booth;
mod columns;
mod multiplier;
mod prefix;

pub use adder::{Adder, AdderArchitecture, AdderPorts};
pub use multiplier::{Multiplier, MultiplierArchitecture, MultiplierPorts};
