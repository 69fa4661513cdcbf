//! [`BuildError`]: why there is no bitstream to trust.

use crate::{BoardError, BuildReport, PortError};
use olivine_netlist::Faults;
use olivine_tools::MissingTool;
use std::fmt;
use std::path::PathBuf;

/// Why there is no bitstream to trust.
#[derive(Debug)]
pub enum BuildError {
    /// The design is not valid.
    Design(Faults),
    /// There is no such board.
    Board(BoardError),
    /// The design's boundary does not fit the board.
    Ports(PortError),
    /// The options contradict the board.
    Options(String),
    /// A program is not there.
    Missing(MissingTool),
    /// A program gave up, or its output cannot be used.
    Tool {
        /// Which.
        tool: &'static str,
        /// What it said, its error lines alone.
        message: String,
        /// All that it said.
        log: PathBuf,
    },
    /// The bitstream was made, but the part cannot run it at the clock asked for.
    Timing(Box<BuildReport>),
    /// A file could not be read or written.
    File(PathBuf, std::io::Error),
}

impl BuildError {
    /// The command's exit code: 1 failed, 2 bad input, 3 a tool is missing.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Design(_) | Self::Board(_) | Self::Ports(_) | Self::Options(_) => 2,
            Self::Missing(_) => 3,
            Self::Tool { .. } | Self::Timing(_) | Self::File(..) => 1,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Design(faults) => faults.fmt(f),
            Self::Board(error) => error.fmt(f),
            Self::Ports(error) => error.fmt(f),
            Self::Options(message) => f.write_str(message),
            Self::Missing(missing) => missing.fmt(f),
            Self::Tool { tool, message, log } => {
                write!(f, "{tool} failed:\n{message}\nits whole log: {}", log.display())
            }
            Self::Timing(report) => write!(f, "timing is not met: {}", report.timing()),
            Self::File(file, error) => write!(f, "{}: {error}", file.display()),
        }
    }
}

impl std::error::Error for BuildError {}

impl From<MissingTool> for BuildError {
    fn from(missing: MissingTool) -> Self {
        Self::Missing(missing)
    }
}

impl From<PortError> for BuildError {
    fn from(error: PortError) -> Self {
        Self::Ports(error)
    }
}

impl From<BoardError> for BuildError {
    fn from(error: BoardError) -> Self {
        Self::Board(error)
    }
}
