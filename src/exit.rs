//! How the command ends: exit codes and the errors that carry them.

use olivine_trace::{Trace, WaveFormat};
use std::fmt;

/// The documented exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done = 0,
    /// 1: violated or failed.
    Failed = 1,
    /// 2: wrong usage or bad input.
    Usage = 2,
    /// 3: a tool is missing.
    ToolMissing = 3,
    /// 4: ran out of its limits.
    Limits = 4,
}

impl Exit {
    /// The exit with this code; any other code means [`Exit::Failed`].
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Done,
            2 => Self::Usage,
            3 => Self::ToolMissing,
            4 => Self::Limits,
            _ => Self::Failed,
        }
    }
}

/// The table that `--help` shows.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  violated or failed
  2  wrong usage or bad input
  3  a tool is missing
  4  ran out of its limits";

/// An error for the user: one message that says what, where and how to mend it.
#[derive(Debug)]
pub struct CommandError {
    /// The code to end with.
    pub exit: Exit,
    /// The message, without `error:` before it.
    pub message: String,
}

impl CommandError {
    /// Bad input or wrong usage.
    pub fn usage(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Usage, message: message.to_string() }
    }

    /// Something asked for failed.
    pub fn failed(message: impl fmt::Display) -> Self {
        Self { exit: Exit::Failed, message: message.to_string() }
    }

    /// With the exit code that a room documents.
    pub fn with_code(code: u8, message: impl fmt::Display) -> Self {
        Self { exit: Exit::from_code(code), message: message.to_string() }
    }

    /// A tool is missing.
    pub fn tool_missing(message: impl fmt::Display) -> Self {
        Self { exit: Exit::ToolMissing, message: message.to_string() }
    }
}

impl fmt::Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for CommandError {}

/// Writing a file that the user named.
pub(crate) fn write_file(path: &std::path::Path, content: &[u8]) -> Result<(), CommandError> {
    let fail = |e| CommandError::usage(format!("cannot write {}: {e}", path.display()));
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    std::fs::write(path, content).map_err(fail)
}

/// Writes a trace as the waveform file that the name asks for.
pub(crate) fn write_wave(path: &std::path::Path, trace: &Trace) -> Result<(), CommandError> {
    let format = WaveFormat::of(path).map_err(CommandError::usage)?;
    let file = format.write(trace).map_err(CommandError::failed)?;
    write_file(path, &file)
}
