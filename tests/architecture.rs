//! The crate table of ARCHITECTURE.md says exactly what the manifests say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a crate depends on: (for its code, for its tests only), our crates only, sorted.
type Dependencies = (Vec<String>, Vec<String>);

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn ours(manifest: &toml::Table, section: &str) -> Vec<String> {
    let table = manifest.get(section).and_then(|t| t.as_table());
    let names = table.into_iter().flat_map(|t| t.keys());
    let mut rooms: Vec<String> =
        names.filter_map(|n| n.strip_prefix("olivine-").map(str::to_string)).collect();
    rooms.sort();
    rooms
}

/// `folder → dependencies` from the manifests.
fn manifests() -> BTreeMap<String, Dependencies> {
    let mut folders = vec![String::new(), "formal".into(), "fpga".into()];
    for group in ["hdl", "verif"] {
        for entry in fs::read_dir(root().join(group)).expect("a room").flatten() {
            if entry.path().join("Cargo.toml").exists() {
                folders.push(format!("{group}/{}", entry.file_name().to_string_lossy()));
            }
        }
    }
    let crates = folders.into_iter().map(|folder| {
        let text = read(&root().join(&folder).join("Cargo.toml"));
        let manifest: toml::Table = text.parse().expect("a manifest");
        let tests_only = ours(&manifest, "dev-dependencies");
        (folder, (ours(&manifest, "dependencies"), tests_only))
    });
    crates.collect()
}

/// `folder → dependencies` from the table; the root package stands as `.`.
fn table() -> BTreeMap<String, Dependencies> {
    let list = |cell: &str| {
        let names = cell.split_whitespace().filter(|n| *n != "–");
        let mut names: Vec<String> = names.map(str::to_string).collect();
        names.sort();
        names
    };
    let text = read(&root().join("ARCHITECTURE.md"));
    let rows = text.lines().filter(|l| l.starts_with("| `"));
    let cells = rows.map(|l| l.split('|').map(str::trim).collect::<Vec<_>>());
    cells
        .filter(|c| c.len() == 6)
        .map(|c| {
            let folder = c[1].trim_matches('`').trim_matches('.').to_string();
            (folder, (list(c[3]), list(c[4])))
        })
        .collect()
}

#[test]
fn table_matches_manifests() {
    let (said, found) = (table(), manifests());
    assert!(!said.is_empty(), "ARCHITECTURE.md has no crate table");
    for (folder, found) in &found {
        let said = said.get(folder).unwrap_or_else(|| panic!("no row for `{folder}`"));
        assert_eq!(said, found, "row of `{folder}`: (may know, tests only), left is the table");
    }
    let gone: Vec<_> = said.keys().filter(|k| !found.contains_key(*k)).collect();
    assert!(gone.is_empty(), "rows without a crate: {gone:?}");
}

#[test]
fn rooms_keep_apart() {
    let room_of = |name: &str| match name {
        "formal" | "fpga" => name.to_string(),
        "sim" | "cosim" | "bench" | "golden" | "regress" => "verif".to_string(),
        _ => "hdl".to_string(),
    };
    for (folder, (dependencies, _)) in manifests() {
        let room = folder.split('/').next().unwrap_or_default();
        for dependency in dependencies.iter().filter(|_| !room.is_empty()) {
            let other = room_of(dependency);
            assert!(other == "hdl" || other == room, "{folder} may not know {dependency}");
        }
    }
}

#[test]
fn files_hold_one_idea() {
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().to_string());
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".rs") {
                let lines = read(&path).lines().count();
                assert!(
                    lines <= 1000,
                    "{} has {lines} lines; none goes above 1,000",
                    path.display()
                );
            }
        }
    }
}

/// Packages with their features, as `cargo tree` lists them for these arguments.
fn features(arguments: &[&str]) -> BTreeSet<String> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(root()).args(["tree", "--offline", "--prefix", "none", "-f", "{p} {f}"]);
    let output = cargo.args(arguments).output().expect("cargo starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|l| l.trim_end_matches(" (*)").replace(" (proc-macro)", "")).collect()
}

/// What the command needs is built once for `cargo run` and `cargo test --workspace` together.
#[test]
fn the_command_and_the_tests_share_what_they_build() {
    let all = features(&["--workspace", "-e", "normal,build,dev"]);
    let command = features(&["-p", "olivine", "-e", "normal,build"]);
    assert!(command.len() > 50, "{command:?}");
    let other: Vec<&String> = command.difference(&all).collect();
    assert!(other.is_empty(), "with other features than in tests, see Cargo.toml: {other:?}");
}
