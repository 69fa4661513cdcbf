//! [`FormatFault`]: a file of another's format that cannot be taken.

use std::fmt;

/// A file that is not of its format, or says what no design here can say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatFault {
    /// The line, from 1 on; of a binary part the line at which it begins.
    pub line: usize,
    /// What is wrong there.
    pub message: String,
}

impl fmt::Display for FormatFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for FormatFault {}
