//! [`Cache`]: finished files by the digest of what they were made from.

use crate::BuildError;
use olivine_tools::Tools;
use sha2::{Digest, Sha256};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of finished folders. Builders in other threads and processes may use it too: each
/// works in a folder of its own and moves it in place when it is finished.
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    pub(crate) fn at(root: PathBuf) -> Self {
        Self { root: std::path::absolute(&root).unwrap_or(root) }
    }

    /// The cache of the crate's documentation.
    pub(crate) fn find(tools: &Tools) -> Self {
        let variable = |name| env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let beside_tools = || {
            let folder = tools.environment()?.parent().filter(|f| f.ends_with("tools"))?;
            Some(folder.parent()?.to_path_buf())
        };
        let of_user = || {
            let home =
                variable("XDG_CACHE_HOME").or_else(|| Some(variable("HOME")?.join(".cache")));
            home.map(|folder| folder.join("olivine"))
        };
        let root = variable("OLIVINE_CACHE").or_else(beside_tools).or_else(of_user);
        Self::at(root.unwrap_or_else(|| env::temp_dir().join("olivine")).join("verilated"))
    }

    /// The folder `kind-digest`, in which `fill` has been called once to put everything there.
    pub(crate) fn folder(
        &self,
        kind: &str,
        inputs: &[&str],
        fill: impl FnOnce(&Path) -> Result<(), BuildError>,
    ) -> Result<PathBuf, BuildError> {
        let folder = self.root.join(format!("{kind}-{}", digest(inputs)));
        if folder.is_dir() {
            return Ok(folder);
        }
        fs::create_dir_all(&self.root).map_err(BuildError::file(&self.root))?;
        let work = TempDir::new_in(&self.root).map_err(BuildError::file(&self.root))?;
        fill(work.path())?;
        match fs::rename(work.path(), &folder) {
            Ok(()) => drop(work.keep()),
            // Somebody else was faster; what is there is as good.
            Err(_) if folder.is_dir() => {}
            Err(source) => return Err(BuildError::File { path: folder, source }),
        }
        Ok(folder)
    }
}

fn digest(inputs: &[&str]) -> String {
    let mut hash = Sha256::new();
    for input in inputs {
        hash.update((input.len() as u64).to_le_bytes());
        hash.update(input);
    }
    hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_filled_once() {
        let root = tempfile::tempdir().unwrap();
        let cache = Cache::at(root.path().join("deep/er"));
        let fill =
            |folder: &Path| fs::write(folder.join("file"), "1").map_err(BuildError::file(folder));
        let first = cache.folder("model", &["a", "b"], fill).unwrap();
        let again = cache.folder("model", &["a", "b"], |_| panic!("filled twice")).unwrap();
        assert_eq!(first, again);
        assert_eq!(fs::read_to_string(first.join("file")).unwrap(), "1");
        assert_ne!(cache.folder("model", &["ab", ""], fill).unwrap(), first);
    }

    #[test]
    fn a_failure_leaves_nothing() {
        let root = tempfile::tempdir().unwrap();
        let cache = Cache::at(root.path().to_path_buf());
        let complaint = || BuildError::Refused { tool: "t".into(), complaint: "c".into() };
        assert!(cache.folder("model", &["a"], |_| Err(complaint())).is_err());
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 0);
    }
}
