//! [`Fault`]: what is wrong with a design, where, and how to mend it.

use crate::{Design, Place};
use std::fmt;

/// One thing wrong with a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A stable code: a letter for who found it (`N` for the netlist; `W` for a mere warning) and
    /// three digits.
    pub code: &'static str,
    /// Where it is shown.
    pub place: Place,
    /// What is wrong, in one line.
    pub message: String,
    /// All the parts that take part in it, each with its place and what it is.
    pub labels: Vec<(Place, String)>,
    /// How to mend it, in one line.
    pub help: String,
}

impl Fault {
    /// A fault without labels.
    pub fn new(
        code: &'static str,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { code, place, message: message.into(), labels: Vec::new(), help: help.into() }
    }

    /// Adds a part that takes part in it.
    pub fn label(&mut self, place: Place, text: impl Into<String>) -> &mut Self {
        self.labels.push((place, text.into()));
        self
    }
}

/// `1 bit`, `2 bits`.
pub(crate) fn count(number: impl Into<u64>, what: &str) -> String {
    let number = number.into();
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// The faults of one design, with the names of the files their places speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults {
    /// At least one, in the order in which they were found.
    pub faults: Vec<Fault>,
    /// As [`Design::files`].
    pub files: Vec<String>,
}

impl Faults {
    /// `faults`, with places in `design`.
    pub fn new(design: &Design, faults: Vec<Fault>) -> Self {
        Self { faults, files: design.files.clone() }
    }
}

impl std::error::Error for Faults {}

impl fmt::Display for Faults {
    /// All faults in one stable text:
    ///
    /// ```text
    /// error[N012]: what is wrong
    ///   --> src/pe.rs:12:9
    ///   src/pe.rs:10:9: a part of it
    ///   help: how to mend it
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, fault) in self.faults.iter().enumerate() {
            let gap = if i == 0 { "" } else { "\n" };
            let what = if fault.code.starts_with('W') { "warning" } else { "error" };
            writeln!(f, "{gap}{what}[{}]: {}", fault.code, fault.message)?;
            writeln!(f, "  --> {}", fault.place.show(&self.files))?;
            for (place, text) in &fault.labels {
                writeln!(f, "  {}: {text}", place.show(&self.files))?;
            }
            writeln!(f, "  help: {}", fault.help)?;
        }
        Ok(())
    }
}
