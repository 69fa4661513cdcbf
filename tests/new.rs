//! The crates that newcomers begin with: that of `olivine new`, in which everything passes and whose
//! command works, and that of the README, which builds as it stands there. With a change, both fail.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn olivine(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_olivine"));
    command.current_dir(folder).args(arguments).output().expect("the command starts")
}

/// The folder with the build products of this test, so that nothing is built twice.
fn target() -> PathBuf {
    let own = std::env::current_exe().expect("this test's program");
    own.ancestors().nth(3).expect("target/PROFILE/deps/PROGRAM").to_path_buf()
}

/// In another workspace our crates are built again: without optimization, in a third of the time; the
/// crates of others as they are here, so that they are not.
fn unoptimized() -> impl Iterator<Item = String> {
    let manifest = include_str!("../Cargo.toml").lines();
    let names = manifest.filter_map(|line| line.split_once(" = { path = ").map(|(name, _)| name));
    let ours = names.filter(|name| name.starts_with("olivine"));
    ours.chain(["olivine"])
        .map(|name| format!("--config=profile.release.package.{name}.opt-level=0"))
        .chain(["--config=profile.release.lto=\"off\"".to_string()])
}

fn cargo(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(folder).args(&arguments[..1]).arg("--offline");
    if !cfg!(debug_assertions) {
        cargo.arg("--release").args(unoptimized());
    }
    cargo.args(&arguments[1..]).env("CARGO_TARGET_DIR", target()).env("INSTA_UPDATE", "no");
    let output = cargo.output().expect("cargo starts");
    let text = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&text).into_owned())
}

#[test]
fn the_new_crate_passes_and_its_command_works() {
    let folder = tempfile::tempdir().expect("a folder");
    let made =
        olivine(folder.path(), &["new", "first-chip", "--olivine", env!("CARGO_MANIFEST_DIR")]);
    assert_eq!(made.status.code(), Some(0), "{}", String::from_utf8_lossy(&made.stderr));
    let own = folder.path().join("first-chip");
    // The versions that are built already.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    fs::copy(lock, own.join("Cargo.lock")).expect("a file");

    let (passed, text) = cargo(&own, &["test", "--test", "counter"]);
    assert!(passed && text.contains("4 passed"), "{text}");
    for test in ["wave", "counts", "proof", "blinker"] {
        assert!(text.contains(&format!("test {test} ... ok")), "{text}");
    }
    let (listed, text) = cargo(&own, &["run", "--", "list", "--names"]);
    assert!(listed && text.contains("counter\nblinker\n"), "{text}");
    // The target of the FPGA, up to where the tools of a board begin.
    let (refused, text) =
        cargo(&own, &["run", "--", "fpga", "build", "blinker", "--board", "none"]);
    assert!(!refused && text.contains("there is no board `none`"), "{text}");
    let (emitted, text) = cargo(&own, &["run", "--", "emit", "blinker"]);
    assert!(emitted && text.contains("leds"), "{text}");

    // The tests can fail: with a wrong module, each of them does.
    let module = own.join("src/counter.rs");
    let right = fs::read_to_string(&module).expect("the module");
    let wrong = right.replace("mux(last, 0, ", "mux(last, count, ");
    assert_ne!(wrong, right);
    fs::write(&module, wrong).expect("a file");
    let (passed, text) = cargo(&own, &["test", "--test", "counter"]);
    assert!(!passed && text.contains("0 passed; 4 failed"), "{text}");
}

/// The first code block of a language in the README.
fn block(language: &str) -> String {
    let readme = include_str!("../README.md");
    let start = format!("```{language}\n");
    let (_, rest) = readme.split_once(&start).expect("a block of this language");
    rest.split_once("```").expect("the block's end").0.to_string()
}

#[test]
fn the_crate_in_the_readme_passes_and_notices_a_change() {
    let folder = tempfile::tempdir().expect("a folder");
    let source = block("rust");
    let module = source.lines().take_while(|l| !l.starts_with("#[test]"));
    let lines = module.filter(|l| !l.is_empty()).count();
    assert!(lines <= 20, "the module has {lines} lines");

    let root = env!("CARGO_MANIFEST_DIR");
    let write = |file: &str, text: &str| fs::write(folder.path().join(file), text).expect("a file");
    fs::create_dir(folder.path().join("src")).expect("a folder");
    write("Cargo.toml", &block("toml").replace("../olivine", root));
    let lock = Path::new(root).join("Cargo.lock");
    fs::copy(lock, folder.path().join("Cargo.lock")).expect("a copy");
    write("src/lib.rs", &source);
    let (passed, text) = cargo(folder.path(), &["test", "--lib"]);
    assert!(passed && text.contains("1 passed"), "{text}");

    let wrong = source.replace("wrapping_add(1)", "wrapping_add(3)");
    assert_ne!(wrong, source);
    write("src/lib.rs", &wrong);
    let (passed, text) = cargo(folder.path(), &["test", "--lib"]);
    assert!(!passed && text.contains("1 failed"), "{text}");
}

#[test]
fn what_cannot_be_made_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("taken")).expect("a folder");
    for (arguments, told) in [
        (&["new", "taken"][..], "`taken` exists already"),
        (&["new", "Chip"], "not with `C`"),
        (&["new", "olivine"], "called `olivine`"),
        (&["new", "chip", "--olivine", "taken"], "taken is no checkout of Olivine"),
        (&["new"], "<NAME>"),
    ] {
        let output = olivine(folder.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(told), "{arguments:?}: {said}");
    }
    let left = fs::read_dir(folder.path()).expect("the folder").count();
    assert_eq!(left, 1, "what is refused leaves nothing behind");
}
