//! What rustc says of mistakes in a `#[module]` function, and that it says so of the author's line.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the build products of this test, so that nothing is built twice.
fn target() -> PathBuf {
    let own = std::env::current_exe().expect("this test's program");
    own.ancestors().nth(3).expect("target/PROFILE/deps/PROGRAM").to_path_buf()
}

/// What rustc says of a crate with this source: lines and messages.
fn errors(name: &str, source: &str) -> BTreeSet<(u32, String)> {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\n\
         olivine-lang = {{ path = {root:?} }}\n"
    );
    fs::create_dir_all(folder.path().join("src")).expect("a folder");
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("a file");
    fs::write(folder.path().join("src/lib.rs"), source).expect("a file");
    let lock = root.join("../../Cargo.lock");
    fs::copy(lock, folder.path().join("Cargo.lock")).expect("a copy");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder.path()).args(["build", "--offline", "--message-format=short"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    let output = cargo.env("CARGO_TARGET_DIR", target()).output().expect("cargo starts");
    let text = String::from_utf8_lossy(&output.stderr);
    let of_line = |line: &str| {
        let (line, rest) = line.strip_prefix("src/lib.rs:")?.split_once(':')?;
        let (_, message) = rest.split_once("error")?;
        Some((line.parse().ok()?, message.split_once(": ")?.1.to_string()))
    };
    let found: BTreeSet<_> = text.lines().filter_map(of_line).collect();
    assert!(!output.status.success() && !found.is_empty(), "{text}");
    found
}

/// The lines marked `//~ text` are those that are blamed, and the text is in what is said.
fn check(name: &str, source: &str) {
    let mut told = errors(name, source);
    for (number, line) in (1..).zip(source.lines()) {
        let Some((_, text)) = line.split_once("//~ ") else { continue };
        let here = told.iter().find(|(at, said)| *at == number && said.contains(text)).cloned();
        let here = here.unwrap_or_else(|| panic!("line {number}, {text:?}: {told:#?}"));
        told.remove(&here);
    }
    assert!(told.is_empty(), "nothing else is said: {told:#?}");
}

#[test]
fn what_the_attribute_refuses() {
    check("refused", include_str!("module_errors/refused.rs"));
}

#[test]
fn what_rustc_refuses() {
    check("mistyped", include_str!("module_errors/mistyped.rs"));
}
