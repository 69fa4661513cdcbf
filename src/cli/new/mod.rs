//! `olivine new`: a crate to begin with, in which everything passes.

mod name;

use crate::exit::{CommandError, Exit, write_file};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(super) struct Options {
    /// The crate's name: small letters, digits, `-` and `_`; also the folder that is made
    name: String,
    /// The Olivine checkout that the crate depends on; without it the one of this command
    #[arg(long)]
    olivine: Option<PathBuf>,
}

/// Every file of the new crate, and what stands in it.
const FILES: &[(&str, &str)] = &[
    ("Cargo.toml", include_str!("template/Cargo.toml.in")),
    ("README.md", include_str!("template/README.md")),
    (".gitignore", "/target\n"),
    ("src/lib.rs", include_str!("template/lib.rs.in")),
    ("src/counter.rs", include_str!("template/counter.rs.in")),
    ("src/blinker.rs", include_str!("template/blinker.rs.in")),
    ("src/main.rs", include_str!("template/main.rs.in")),
    ("tests/counter.rs", include_str!("template/tests.rs.in")),
];

pub(super) fn run(options: &Options) -> Result<Exit, CommandError> {
    let name = options.name.as_str();
    name::check(name).map_err(CommandError::usage)?;
    let folder = Path::new(name);
    if folder.exists() {
        return Err(CommandError::usage(format!(
            "`{name}` exists already; choose another name, or move it away"
        )));
    }
    let olivine = checkout(options.olivine.as_deref())?;
    let shown = olivine.display().to_string();
    for (file, text) in FILES {
        let text = text.replace("@NAME@", name).replace("@CRATE@", &name.replace('-', "_"));
        write_file(&folder.join(file), text.replace("@OLIVINE@", &shown).as_bytes())?;
    }
    // With the checkout's versions of everything, nothing has to be fetched that is there already.
    let lock = olivine.join("Cargo.lock");
    if let Ok(versions) = std::fs::read(lock) {
        write_file(&folder.join("Cargo.lock"), &versions)?;
    }
    println!("made `{name}` with a module, its wave, a property test, a proof and an FPGA top:");
    println!("    cd {name}");
    println!("    cargo test --release");
    println!("    cargo run --release -- fpga build blinker --board ulx3s-85f");
    Ok(Exit::Done)
}

/// The folder of the `olivine` package, absolute.
fn checkout(given: Option<&Path>) -> Result<PathBuf, CommandError> {
    let folder = given.unwrap_or(Path::new(env!("CARGO_MANIFEST_DIR")));
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    if !manifest.lines().any(|line| line.trim() == "name = \"olivine\"") {
        return Err(CommandError::usage(format!(
            "{} is no checkout of Olivine; say where one is with --olivine PATH",
            folder.display()
        )));
    }
    std::path::absolute(folder).map_err(CommandError::usage)
}
