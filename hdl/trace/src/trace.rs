//! [`Trace`]: signals and their values, cycle by cycle.

use olivine_netlist::{Bits, Kind};

/// Something that has a value in every cycle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signal {
    /// Scope and name joined by dots, such as `pe[1][2].sum`; a port of the top has no dot.
    pub path: String,
    /// Width in bits.
    pub width: u32,
    /// The reading.
    pub kind: Kind,
}

/// Values of some signals over consecutive cycles. The values of a cycle are those just before
/// its acting clock edge, when every combinational value has settled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// What was observed.
    pub signals: Vec<Signal>,
    /// `cycles[c][s]` is the value of signal `s` in cycle `c`, of the signal's width.
    pub cycles: Vec<Vec<Bits>>,
}
