//! [`Trace::first_difference`].

use crate::{Signal, Trace, show_value};
use olivine_netlist::Bits;
use std::fmt;

/// The first thing in which two traces differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TraceDifference {
    /// The traces do not observe the same signals.
    Signals {
        /// Paths that only the first has, or has with another width.
        left_only: Vec<String>,
        /// Paths that only the second has, or has with another width.
        right_only: Vec<String>,
    },
    /// A signal has different values.
    Value {
        /// The first cycle in which a signal does.
        cycle: usize,
        /// The signal, as the first trace has it.
        signal: Signal,
        /// The value in the first trace.
        left: Bits,
        /// The value in the second trace.
        right: Bits,
    },
    /// One trace ends where the other goes on; up to there they agree.
    Length {
        /// Cycles of the first.
        left: usize,
        /// Cycles of the second.
        right: usize,
    },
}

impl fmt::Display for TraceDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signals { left_only, right_only } => write!(
                f,
                "the traces observe different signals: left only [{}], right only [{}]",
                left_only.join(", "),
                right_only.join(", ")
            ),
            Self::Value { cycle, signal, left, right } => {
                let show = |bits| show_value(&signal.kind, bits);
                let (path, l, r) = (&signal.path, show(left), show(right));
                write!(f, "cycle {cycle}: `{path}` is {l} on the left, {r} on the right")?;
                if l == r { write!(f, " ({left} and {right})") } else { Ok(()) }
            }
            Self::Length { left, right } => {
                write!(f, "the left trace has {left} cycles, the right one {right}")
            }
        }
    }
}

impl Trace {
    /// The first difference to `other`: signals first, then values cycle by cycle, then lengths.
    /// The order of signals and their kinds do not count.
    pub fn first_difference(&self, other: &Trace) -> Option<TraceDifference> {
        let left_only = missing(self, other);
        let right_only = missing(other, self);
        if !left_only.is_empty() || !right_only.is_empty() {
            return Some(TraceDifference::Signals { left_only, right_only });
        }
        let partner: Vec<usize> = self.signals.iter().filter_map(|s| other.find(&s.path)).collect();
        for (cycle, (values, others)) in self.cycles.iter().zip(&other.cycles).enumerate() {
            let mut pairs = values.iter().zip(&partner).enumerate();
            if let Some((s, (left, r))) = pairs.find(|(_, (left, r))| **left != others[**r]) {
                let (left, right) = (left.clone(), others[*r].clone());
                let signal = self.signals[s].clone();
                return Some(TraceDifference::Value { cycle, signal, left, right });
            }
        }
        let (left, right) = (self.cycles.len(), other.cycles.len());
        (left != right).then_some(TraceDifference::Length { left, right })
    }
}

fn missing(of: &Trace, other: &Trace) -> Vec<String> {
    let there: std::collections::HashSet<_> =
        other.signals.iter().map(|s| (s.path.as_str(), s.width)).collect();
    let missing = of.signals.iter().filter(|s| !there.contains(&(s.path.as_str(), s.width)));
    missing.map(|s| s.path.clone()).collect()
}
