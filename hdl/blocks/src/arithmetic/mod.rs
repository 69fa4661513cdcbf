//! Arithmetic: one contract, several architectures.

mod adder;
mod booth;
mod columns;
mod divider;
mod multiplier;
mod prefix;
mod recurrence;
mod square_root;

pub use adder::{Adder, AdderArchitecture, AdderPorts};
pub use divider::{Divider, DividerPorts, Division, Quotient};
pub use multiplier::{Multiplier, MultiplierArchitecture, MultiplierPorts};
pub use recurrence::Layout;
pub use square_root::{Root, SquareRoot, SquareRootPorts};
