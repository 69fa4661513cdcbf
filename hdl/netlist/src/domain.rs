//! [`ClockDomain`]: a clock with its edge and its reset.

use crate::Place;
use std::fmt::{self, Display, Formatter};

/// The edge of a clock on which a domain acts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Edge {
    /// From 0 to 1.
    #[default]
    Rising,
    /// From 1 to 0.
    Falling,
}

/// When the reset of a domain acts on its registers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ResetKind {
    /// At acting edges of the clock.
    #[default]
    Synchronous,
    /// At once, and for as long as it is active.
    Asynchronous,
}

/// The level of the pin of a reset at which it is active. It matters at pins alone: everywhere
/// else a reset is active or not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// At 1.
    #[default]
    ActiveHigh,
    /// At 0.
    ActiveLow,
}

/// A clock with its edge and its reset.
///
/// Clocks and resets are no ports of the netlist; the emitter gives them the names that
/// [`ClockDomain::clock_name`] and [`ClockDomain::reset_name`] say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClockDomain {
    /// `lower_snake_case`; empty for the one most modules use.
    pub name: String,
    /// The acting edge.
    pub edge: Edge,
    /// When the reset acts.
    pub reset: ResetKind,
    /// At which level of its pin.
    pub polarity: Polarity,
    /// Where it was declared.
    pub place: Place,
}

impl ClockDomain {
    /// The domain of this name that acts on rising edges, with a synchronous reset that is active
    /// high.
    pub fn new(name: impl Into<String>, place: Place) -> Self {
        let (edge, reset, polarity) = Default::default();
        Self { name: name.into(), edge, reset, polarity, place }
    }

    /// Whether registers take their reset values at once.
    pub fn resets_at_once(&self) -> bool {
        self.reset == ResetKind::Asynchronous
    }

    /// Whether the reset is active at level 0 of its pin.
    pub fn active_low(&self) -> bool {
        self.polarity == Polarity::ActiveLow
    }

    /// Whether edge and reset are those of another domain, so that the two may be joined.
    pub fn acts_like(&self, other: &Self) -> bool {
        (self.edge, self.reset, self.polarity) == (other.edge, other.reset, other.polarity)
    }

    /// Edge and reset in words, as the text form has them: `rising`, or `falling asynchronous
    /// active_low`.
    pub fn manner(&self) -> impl Display {
        Manner(self.edge, self.reset, self.polarity)
    }

    /// The name of its clock in emitted code and in waveforms: `clk`, or `clk_<name>`.
    pub fn clock_name(&self) -> String {
        self.wire_name("clk")
    }

    /// The name of its reset in emitted code and in waveforms: `rst`, or `rst_<name>`; with `_n`
    /// behind it if it is active low.
    pub fn reset_name(&self) -> String {
        self.wire_name("rst") + if self.active_low() { "_n" } else { "" }
    }

    fn wire_name(&self, wire: &str) -> String {
        if self.name.is_empty() { wire.to_string() } else { format!("{wire}_{}", self.name) }
    }
}

struct Manner(Edge, ResetKind, Polarity);

impl Display for Manner {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(edge, reset, polarity) = self;
        f.write_str(if *edge == Edge::Rising { "rising" } else { "falling" })?;
        if *reset == ResetKind::Asynchronous {
            f.write_str(" asynchronous")?;
        }
        if *polarity == Polarity::ActiveLow {
            f.write_str(" active_low")?;
        }
        Ok(())
    }
}
