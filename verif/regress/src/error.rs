//! [`RegressError`]: why a regression could not be run at all.

use crate::PlanError;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why a regression or a replay could not be run at all.
#[derive(Debug)]
pub enum RegressError {
    /// The plan is wrong.
    Plan(PlanError),
    /// There is no such task, bench or stimulus; with what to do.
    Unknown(String),
    /// A file could not be read or written, or does not hold what it should.
    File(PathBuf, String),
}

impl RegressError {
    /// The command's exit code: 1 failed, 2 wrong usage or bad input.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Plan(_) | Self::Unknown(_) => 2,
            Self::File(..) => 1,
        }
    }

    pub(crate) fn file(path: &Path, error: impl fmt::Display) -> Self {
        Self::File(path.into(), error.to_string())
    }
}

impl fmt::Display for RegressError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Plan(error) => error.fmt(f),
            Self::Unknown(message) => f.write_str(message),
            Self::File(path, message) => write!(f, "{}: {message}", path.display()),
        }
    }
}

impl std::error::Error for RegressError {}

impl From<PlanError> for RegressError {
    fn from(error: PlanError) -> Self {
        Self::Plan(error)
    }
}
