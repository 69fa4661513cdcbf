//! [`BuildError`]: why there is no model.

use olivine_tools::MissingTool;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why a design could not be made into a Verilator model.
#[derive(Debug)]
pub enum BuildError {
    /// Verilator or the C++ compiler is not installed. The command's exit code for it is 3.
    Missing(MissingTool),
    /// A tool refused its input.
    Refused {
        /// The tool.
        tool: String,
        /// All that it said.
        complaint: String,
    },
    /// A file could not be read or written.
    File {
        /// The file or folder.
        path: PathBuf,
        /// What happened.
        source: std::io::Error,
    },
    /// The finished library could not be loaded.
    Load {
        /// The library.
        path: PathBuf,
        /// What happened.
        source: libloading::Error,
    },
}

impl BuildError {
    pub(crate) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::File { path, source }
    }

    pub(crate) fn load(path: &Path) -> impl Fn(libloading::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Load { path: path.clone(), source }
    }
}

impl From<MissingTool> for BuildError {
    fn from(missing: MissingTool) -> Self {
        Self::Missing(missing)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Missing(missing) => missing.fmt(f),
            Self::Refused { tool, complaint } => {
                write!(f, "`{tool}` refused the model of the design:\n{}", complaint.trim_end())
            }
            Self::File { path, source } => write!(
                f,
                "cannot write the model's files: {}: {source}\n\
                 help: set OLIVINE_CACHE to a folder that can be written",
                path.display()
            ),
            Self::Load { path, source } => write!(
                f,
                "cannot load the model {}: {source}\n\
                 help: delete that file; it is built again",
                path.display()
            ),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Missing(missing) => Some(missing),
            Self::Refused { .. } => None,
            Self::File { source, .. } => Some(source),
            Self::Load { source, .. } => Some(source),
        }
    }
}
