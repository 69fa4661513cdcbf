//! [`HostError`]: why the driver could not do as told.

use super::bus::BusError;
use crate::isa::IsaError;
use std::fmt;

/// Why the driver could not do as told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostError {
    /// The bus failed.
    Bus(BusError),
    /// An instruction could not be encoded.
    Isa(IsaError),
    /// What answers on the bus is not the chip expected.
    Identity {
        /// The register.
        register: &'static str,
        /// What it reads.
        found: u32,
        /// What was expected.
        expected: u32,
    },
    /// The inner sizes of a product differ.
    Shape {
        /// Rows and columns on the left, after transposition.
        left: (usize, usize),
        /// Rows and columns on the right, after transposition.
        right: (usize, usize),
    },
    /// The device memory is full.
    MemoryFull {
        /// Rows that were wanted.
        needed_rows: u64,
        /// Rows that are free.
        free_rows: u32,
    },
    /// One row of tiles does not fit in a scratchpad or an instruction.
    SumTooLong {
        /// Tiles along the sum.
        tiles: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A matrix was used after its memory was released.
    Released,
    /// A command was skipped, or addressed what is not there.
    Refused {
        /// The status register.
        status: u32,
    },
    /// The commands did not complete.
    Stuck {
        /// The status register.
        status: u32,
        /// How many cycles the driver waited.
        waited_cycles: u64,
    },
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bus(error) => error.fmt(f),
            Self::Isa(error) => error.fmt(f),
            Self::Identity { register, found, expected } => write!(
                f,
                "the chip's `{register}` register reads {found:#x}, expected {expected:#x}; is it the configured chip?"
            ),
            Self::Shape { left, right } => write!(
                f,
                "cannot multiply {}×{} by {}×{}: the inner sizes must be equal",
                left.0, left.1, right.0, right.1
            ),
            Self::MemoryFull { needed_rows, free_rows } => write!(
                f,
                "the device memory has {free_rows} rows left, {needed_rows} are needed; release matrices or configure more memory_rows"
            ),
            Self::SumTooLong { tiles, limit } => write!(
                f,
                "a sum over {tiles} tiles is too long, the chip takes {limit}; split it or configure more scratch_tiles"
            ),
            Self::Released => f.write_str(
                "a matrix was used after its device memory was released; upload it again",
            ),
            Self::Refused { status } => {
                write!(f, "the chip refused a command (status {status:#x})")
            }
            Self::Stuck { status, waited_cycles } => write!(
                f,
                "the chip's commands did not complete in {waited_cycles} cycles (status {status:#x})"
            ),
        }
    }
}

impl std::error::Error for HostError {}

impl From<BusError> for HostError {
    fn from(error: BusError) -> Self {
        Self::Bus(error)
    }
}

impl From<IsaError> for HostError {
    fn from(error: IsaError) -> Self {
        Self::Isa(error)
    }
}
