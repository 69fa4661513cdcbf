//! Public files of the model-checking competition's forms: those that packages of the registry
//! hold, and those of a folder of the user's.
//!
//! None of them is in this repository. Cargo brings the packages by their names; what they hold are
//! small examples and one design of industry. Larger sets stand in no registry: give their folder.

use super::measure::Task;
use olivine::formal::{Start, read_aiger, read_btor2};
use olivine::netlist::{Design, PropertyKind};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Packages with files in these forms.
const PACKAGES: [(&str, &str); 3] =
    [("btor2tools-sys", "=1.1.0"), ("aig", "=0.2.6"), ("rIC3", "=1.3.4")];

/// The folders of the packages, which cargo has brought.
pub fn packages() -> Result<Vec<PathBuf>, String> {
    let folder = Path::new("target/public");
    let sources = folder.join("src");
    std::fs::create_dir_all(&sources).map_err(|e| format!("{}: {e}", sources.display()))?;
    let dependency = |(name, version): &(&str, &str)| format!("{name} = \"{version}\"\n");
    let all: String = PACKAGES.iter().map(dependency).collect();
    let manifest = format!(
        "[package]\nname = \"public\"\nedition = \"2021\"\n[workspace]\n[dependencies]\n{all}"
    );
    let write = |file: PathBuf, text: &str| {
        std::fs::write(&file, text).map_err(|e| format!("{}: {e}", file.display()))
    };
    write(folder.join("Cargo.toml"), &manifest)?;
    write(sources.join("lib.rs"), "")?;
    let mut vendor = Command::new("cargo");
    vendor.args(["vendor", "--quiet", "--versioned-dirs", "packages"]).current_dir(folder);
    let output = vendor.output().map_err(|e| format!("cargo does not start: {e}"))?;
    match output.status.success() {
        true => {
            let place = |(name, version): &(&str, &str)| {
                folder.join(format!("packages/{name}-{}", version.trim_start_matches('=')))
            };
            Ok(PACKAGES.iter().map(place).collect())
        }
        false => Err(format!("cargo vendor: {}", String::from_utf8_lossy(&output.stderr).trim())),
    }
}

/// The files of these forms in folders and below, in the order of their names.
fn files(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = folders.to_vec();
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let ending = path.extension().and_then(|e| e.to_str());
            if path.is_dir() {
                waiting.push(path);
            } else if matches!(ending, Some("aag" | "aig" | "btor" | "btor2")) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> Result<Design, String> {
    let file = std::fs::read(path).map_err(|e| e.to_string())?;
    let words = path.extension().is_some_and(|e| e == "btor" || e == "btor2");
    let read = match words {
        true => read_btor2(&String::from_utf8_lossy(&file)),
        false => read_aiger(&file),
    };
    let mut design = read.map_err(|fault| fault.to_string())?;
    let safe = |kind| !matches!(kind, PropertyKind::Live | PropertyKind::Fair);
    design.modules[0].properties.retain(|p| safe(p.kind));
    let asserts = |p: &olivine::netlist::Property| p.kind == PropertyKind::Assert;
    match design.top().properties.iter().any(asserts) {
        true => Ok(design),
        false => Err("no bad state".to_string()),
    }
}

/// A task for each file with a bad state; what cannot be read is told.
pub fn tasks(folders: &[PathBuf]) -> Vec<Task> {
    let mut tasks = Vec::new();
    let mut without = 0;
    for path in files(folders) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("?").to_string();
        match read(&path) {
            Ok(design) => tasks.push(Task { name, designs: vec![design], start: Start::PowerUp }),
            Err(why) if why == "no bad state" => without += 1,
            Err(why) => eprintln!("not read: {name}: {why}"),
        }
    }
    eprintln!("{} files; {without} more have no bad state", tasks.len());
    tasks
}
