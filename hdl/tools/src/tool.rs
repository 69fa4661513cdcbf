//! [`Tool`]: a program that was found, ready to run.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program that was found, with the environment it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    name: String,
    program: PathBuf,
    variables: Vec<(&'static str, OsString)>,
    package_version: Option<String>,
}

impl Tool {
    pub(crate) fn new(name: &str, program: PathBuf) -> Self {
        Self { name: name.into(), program, variables: Vec::new(), package_version: None }
    }

    pub(crate) fn with_variable(mut self, key: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((key, value.into()));
        self
    }

    pub(crate) fn with_package_version(mut self, version: Option<String>) -> Self {
        self.package_version = version;
        self
    }

    /// What users call it: `verilator`, `nextpnr-ecp5`, `pyosys`, …
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file that runs; for a Python module, the interpreter that can import it.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Environment variables that the program needs; [`Tool::command`] has set them.
    pub fn variables(&self) -> &[(&'static str, OsString)] {
        &self.variables
    }

    /// The value of one of [`Tool::variables`], such as `VERILATOR_ROOT`.
    pub fn variable(&self, key: &str) -> Option<&OsString> {
        self.variables.iter().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// A command that starts it, without arguments.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.envs(self.variables.iter().map(|(k, v)| (k, v)));
        command
    }

    /// Its version: that of the Python package it came in, else the first number with a dot that
    /// `--version` prints.
    pub fn version(&self) -> Option<String> {
        self.package_version.clone().or_else(|| {
            let output = self.command().arg("--version").stdin(Stdio::null()).output().ok()?;
            let text = [output.stdout, output.stderr].concat();
            version_in(&String::from_utf8_lossy(&text))
        })
    }
}

/// The first word of `text` that holds a number with a dot, from its first digit on.
fn version_in(text: &str) -> Option<String> {
    text.split_whitespace().find_map(|word| {
        let start = word.find(|c: char| c.is_ascii_digit())?;
        let word = word[start..].trim_end_matches([')', ',', ';']);
        word.contains('.').then(|| word.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_the_first_dotted_number() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(version_in(text).as_deref(), expect, "{text}");
        };
        check("Verilator 5.006 2023-01-22 rev (Debian 5.006-3)", Some("5.006"));
        check("\"nextpnr-ecp5\" -- Place and Route (Version nextpnr-0.11.1)", Some("0.11.1"));
        check("Yosys 0.23 (git sha1 7ce5011c24b)", Some("0.23"));
        check("no number", None);
    }
}
