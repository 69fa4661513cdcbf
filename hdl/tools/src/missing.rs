//! [`MissingTool`]: an external program that is not there.

use std::fmt;

/// An external program that is not there. The command's exit code for it is 3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingTool {
    /// What was looked for, as users know it: `verilator`, `nextpnr-ecp5`, …
    pub name: String,
    /// What to type, or what is wrong with the place that was named.
    pub how_to_install: String,
}

impl fmt::Display for MissingTool {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "`{}` is not installed\nhelp: {}", self.name, self.how_to_install)
    }
}

impl std::error::Error for MissingTool {}
