//! The artefacts of a build and where they lie.

use crate::BuildError;
use std::path::{Path, PathBuf};

/// The folder of one build. Names are fixed, so that tools can be given relative ones.
pub(crate) struct Files {
    folder: PathBuf,
}

impl Files {
    pub const DESIGN: &str = "design.v";
    pub const BOARD: &str = "board.v";
    pub const CONSTRAINTS: &str = "constraints.lpf";
    pub const SCRIPT: &str = "synthesize.ys";
    pub const NETLIST: &str = "netlist.json";
    pub const PLACED: &str = "placed.config";
    pub const MEASURED: &str = "measured.json";
    pub const BITSTREAM: &str = "bitstream.bit";
    pub const SVF: &str = "bitstream.svf";
    pub const REPORT: &str = "report.json";

    /// Opens the folder, empty of what an earlier build left: a file that is there afterwards was
    /// made by this one.
    pub fn open(folder: &Path) -> Result<Self, BuildError> {
        let files = Self { folder: folder.into() };
        std::fs::create_dir_all(folder).map_err(|error| files.error("", error))?;
        let all = [
            Self::DESIGN,
            Self::BOARD,
            Self::CONSTRAINTS,
            Self::SCRIPT,
            Self::NETLIST,
            Self::PLACED,
            Self::MEASURED,
            Self::BITSTREAM,
            Self::SVF,
            Self::REPORT,
        ];
        for name in all.into_iter().filter(|name| folder.join(name).exists()) {
            std::fs::remove_file(folder.join(name)).map_err(|error| files.error(name, error))?;
        }
        Ok(files)
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn write(&self, name: &str, text: &str) -> Result<(), BuildError> {
        std::fs::write(self.path(name), text).map_err(|error| self.error(name, error))
    }

    pub fn read(&self, name: &str) -> Result<Vec<u8>, BuildError> {
        std::fs::read(self.path(name)).map_err(|error| self.error(name, error))
    }

    fn error(&self, name: &str, error: std::io::Error) -> BuildError {
        let path = if name.is_empty() { self.folder.clone() } else { self.path(name) };
        BuildError::File(path, error)
    }
}
