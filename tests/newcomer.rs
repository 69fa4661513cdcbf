//! The crate that the README shows builds as it stands there, and its test passes; with another
//! wave it fails.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The first code block of a language in the README.
fn block(language: &str) -> String {
    let readme = include_str!("../README.md");
    let start = format!("```{language}\n");
    let (_, rest) = readme.split_once(&start).expect("a block of this language");
    rest.split_once("```").expect("the block's end").0.to_string()
}

/// The folder with the build products of this test, so that nothing is built twice.
fn target() -> PathBuf {
    let own = std::env::current_exe().expect("this test's program");
    own.ancestors().nth(3).expect("target/PROFILE/deps/PROGRAM").to_path_buf()
}

fn run(folder: &Path, source: &str) -> Output {
    let root = env!("CARGO_MANIFEST_DIR");
    let manifest = block("toml").replace("../olivine", root);
    fs::create_dir_all(folder.join("src")).expect("a folder");
    fs::write(folder.join("Cargo.toml"), manifest).expect("a file");
    fs::write(folder.join("src/lib.rs"), source).expect("a file");
    fs::copy(Path::new(root).join("Cargo.lock"), folder.join("Cargo.lock")).expect("a copy");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder).args(["test", "--offline", "--lib"]);
    if !cfg!(debug_assertions) {
        cargo.arg("--release");
    }
    cargo.env("CARGO_TARGET_DIR", target()).env("INSTA_UPDATE", "no");
    cargo.output().expect("cargo starts")
}

#[test]
fn the_crate_in_the_readme_passes_and_notices_a_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = block("rust");
    let module = source.lines().take_while(|l| !l.starts_with("#[test]"));
    let lines = module.filter(|l| !l.is_empty()).count();
    assert!(lines <= 20, "the module has {lines} lines");

    let output = run(folder.path(), &source);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert!(text.contains("1 passed"), "{text}");

    let wrong = source.replace("wrapping_add(1)", "wrapping_add(3)");
    assert_ne!(wrong, source);
    let output = run(folder.path(), &wrong);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(!output.status.success() && text.contains("1 failed"), "{text}");
}
