//! [`CertificateFile`]: proofs together with their design, to be kept and checked elsewhere.

use crate::certificate::Certificate;
use crate::check::Rejection;
use crate::report::{Report, Verdict};
use olivine_netlist::{Design, Faults};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// The certificates of a report and the design that they are of, in its text form: all that
/// checking needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateFile {
    /// [`CertificateFile::FORMAT`].
    pub format: String,
    /// [`Design::digest`] of the design.
    pub digest: String,
    /// The design.
    pub netlist: String,
    /// The proofs.
    pub certificates: Vec<Certificate>,
}

/// A file that cannot be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// It is of another format.
    Format(String),
    /// Its design cannot be read or is invalid.
    Design(String),
    /// Its design is not the one that its digest says.
    Digest,
    /// It proves nothing.
    Empty,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(found) => {
                write!(f, "the format is `{found}`; wanted is `{}`", CertificateFile::FORMAT)
            }
            Self::Design(fault) => write!(f, "the design in it is wrong: {fault}"),
            Self::Digest => f.write_str("the design in it is not the one of its digest"),
            Self::Empty => f.write_str("it holds no certificate"),
        }
    }
}

impl std::error::Error for FileFault {}

impl CertificateFile {
    /// What [`CertificateFile::format`] has to be.
    pub const FORMAT: &str = "olivine certificates 1";

    /// The proofs of a report about this design, each once.
    pub fn new(design: &Design, report: &Report) -> Self {
        let mut certificates: Vec<Certificate> = Vec::new();
        for row in &report.rows {
            if let Verdict::Proved { certificate, .. } = &row.verdict
                && !certificates.contains(certificate)
            {
                certificates.push(Certificate::clone(certificate));
            }
        }
        Self {
            format: Self::FORMAT.to_string(),
            digest: design.digest(),
            netlist: design.to_string(),
            certificates,
        }
    }

    /// The design, if the file is sound so far.
    ///
    /// # Errors
    /// Another format; an invalid design, or another than the digest says; no certificate.
    pub fn design(&self) -> Result<Design, FileFault> {
        if self.format != Self::FORMAT {
            return Err(FileFault::Format(self.format.clone()));
        }
        let wrong = |fault: &dyn fmt::Display| FileFault::Design(fault.to_string());
        let design = Design::parse(&self.netlist).map_err(|fault| wrong(&fault))?;
        design.validate().map_err(|faults| wrong(&Faults::new(&design, faults)))?;
        if design.digest() != self.digest {
            return Err(FileFault::Digest);
        }
        if self.certificates.is_empty() { Err(FileFault::Empty) } else { Ok(design) }
    }

    /// Checks every certificate; what came of each.
    ///
    /// # Errors
    /// As [`CertificateFile::design`].
    pub fn check(
        &self,
        time_limit: Option<Duration>,
    ) -> Result<Vec<Result<(), Rejection>>, FileFault> {
        let design = self.design()?;
        Ok(self.certificates.iter().map(|c| c.check(&design, time_limit)).collect())
    }
}
