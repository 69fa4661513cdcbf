//! [`RunFolder`]: the files of a run.

use crate::RegressError;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Where runs go unless told otherwise: a folder for each run.
pub const DEFAULT_ROOT: &str = "target/olivine/regress";

/// The folder of one run; see the crate's documentation for its files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunFolder {
    path: PathBuf,
}

impl RunFolder {
    /// A new folder `ROOT/PLAN-NNNN`, with the lowest number above those that are there.
    pub fn create(root: &Path, plan: &str) -> Result<Self, RegressError> {
        let io = |error| RegressError::file(root, error);
        std::fs::create_dir_all(root).map_err(io)?;
        let names = std::fs::read_dir(root).map_err(io)?.flatten().map(|entry| entry.file_name());
        let numbers = names.filter_map(|name| {
            name.to_str()?.strip_prefix(plan)?.strip_prefix('-')?.parse::<u32>().ok()
        });
        let mut number = numbers.max().unwrap_or(0) + 1;
        loop {
            let path = root.join(format!("{plan}-{number:04}"));
            match std::fs::create_dir(&path) {
                // Another run has just taken it.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(io(error)),
                Ok(()) => {
                    for part in ["results", "stimuli", "logs"] {
                        std::fs::create_dir(path.join(part)).map_err(io)?;
                    }
                    return Ok(Self { path });
                }
            }
        }
    }

    /// The folder of a run that is there.
    pub fn open(path: &Path) -> Self {
        Self { path: path.into() }
    }

    /// All runs under `root`, the latest last: by the time of their manifests, which are written
    /// first and never changed.
    pub fn all(root: &Path) -> Vec<Self> {
        let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
        let mut runs: Vec<_> = entries
            .map(|entry| Self { path: entry.path() })
            .filter_map(|run| Some((run.manifest().metadata().ok()?.modified().ok()?, run.path)))
            .collect();
        runs.sort();
        runs.into_iter().map(|(_, path)| Self { path }).collect()
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.path.join("manifest.json")
    }

    pub(crate) fn results(&self) -> PathBuf {
        self.path.join("results")
    }

    pub(crate) fn result(&self, id: &str, attempt: u32) -> PathBuf {
        self.results().join(format!("{id}.{attempt}.json"))
    }

    /// Name of a stimulus file, from the run's folder.
    pub(crate) fn stimulus_name(id: &str, attempt: u32) -> String {
        format!("stimuli/{id}.{attempt}.json")
    }

    pub(crate) fn log(&self, worker: usize) -> PathBuf {
        self.path.join("logs").join(format!("worker-{worker}.log"))
    }

    /// Writes a file that appears whole or not at all; `false` if it is already there.
    pub(crate) fn write_once(&self, path: &Path, text: &str) -> Result<bool, RegressError> {
        let io = |error| RegressError::file(path, error);
        let mut file = tempfile::Builder::new().tempfile_in(&self.path).map_err(io)?;
        file.write_all(text.as_bytes()).map_err(io)?;
        match file.persist_noclobber(path) {
            Ok(_) => Ok(true),
            Err(error) if error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(io(error.error)),
        }
    }
}
