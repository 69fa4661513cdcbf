//! [`TrainError`]: why a training run ended early.

use olivine_peridot::ConfigError;
use olivine_peridot::host::{BusError, HostError};
use std::fmt;

/// Why a training run ended early.
#[derive(Clone, Debug, PartialEq)]
pub enum TrainError {
    /// An option cannot be as given.
    Option {
        /// The option's name.
        name: &'static str,
        /// Its value.
        value: String,
        /// What it must be.
        must_be: &'static str,
    },
    /// The chip cannot have this size.
    Config(ConfigError),
    /// The chip or its driver failed.
    Host(HostError),
    /// Properties of the chip were violated in simulation.
    Violated {
        /// How many times.
        count: usize,
        /// The first: its path and cycle.
        first: String,
    },
    /// The loss is no number any more.
    Diverged {
        /// The step.
        step: u64,
    },
    /// The chip did fewer multiply-accumulates than the network needs.
    Unaccounted {
        /// What the network needs.
        needed: u64,
        /// What the chip's counters say it did.
        done: u64,
    },
}

impl fmt::Display for TrainError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Option { name, value, must_be } => {
                write!(f, "--{name} {value}: must be {must_be}")
            }
            Self::Config(error) => error.fmt(f),
            Self::Host(error) => error.fmt(f),
            Self::Violated { count, first } => {
                write!(f, "the chip violated its properties {count} times, first {first}")
            }
            Self::Diverged { step } => {
                write!(f, "the loss is not finite at step {step}; lower the learning rate")
            }
            Self::Unaccounted { needed, done } => write!(
                f,
                "the chip counted {done} multiply-accumulates, but the network needs {needed}: \
                 its counters or its driver are wrong"
            ),
        }
    }
}

impl std::error::Error for TrainError {}

impl From<ConfigError> for TrainError {
    fn from(error: ConfigError) -> Self {
        Self::Config(error)
    }
}

impl From<HostError> for TrainError {
    fn from(error: HostError) -> Self {
        Self::Host(error)
    }
}

impl From<BusError> for TrainError {
    fn from(error: BusError) -> Self {
        Self::Host(error.into())
    }
}
