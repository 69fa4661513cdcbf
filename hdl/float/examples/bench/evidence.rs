//! [`Row`]: one thing that was shown.

use std::time::{Duration, Instant};

/// How it was shown.
#[derive(Clone, Copy)]
pub enum Method {
    /// All inputs.
    Exhaustive,
    /// Equal to a description of another structure, for all inputs.
    Proof,
    /// Directed and random inputs.
    Vectors,
    /// A proof that was not found in the time that it was given: nothing is shown.
    Unknown,
}

/// One thing that was shown.
pub struct Row {
    /// What does it.
    pub unit: String,
    /// In which formats.
    pub format: String,
    /// How it was shown.
    pub method: Method,
    /// By what it was judged.
    pub against: &'static str,
    /// How many inputs.
    pub cases: f64,
    /// How long that took.
    pub time: Duration,
    /// A fault that the same method found.
    pub mutant: String,
}

impl Method {
    fn name(self) -> &'static str {
        match self {
            Self::Exhaustive => "exhaustive",
            Self::Proof => "equivalence proof",
            Self::Vectors => "vectors",
            Self::Unknown => "Unknown",
        }
    }
}

/// The head of the table.
pub fn print_head() {
    println!("| unit | format | method | against | cases | seconds | the fault that was found |");
    println!("|---|---|---|---|---|---|---|");
}

impl Row {
    /// The row, which is printed as soon as it is known.
    pub fn new(
        (unit, format): (&str, &str),
        (method, against): (Method, &'static str),
        cases: f64,
        start: Instant,
        mutant: String,
    ) -> Result<Self, String> {
        if cases < 1.0 && !matches!(method, Method::Unknown) {
            return Err(format!("{unit}, {format}: no case was compared"));
        }
        let (unit, format) = (unit.to_string(), format.to_string());
        let row = Self { unit, format, method, against, cases, time: start.elapsed(), mutant };
        let cases = if cases < 1e7 { cases.to_string() } else { format!("{cases:.2e}") };
        println!(
            "| {} | {} | {} | {against} | {cases} | {:.2} | {} |",
            row.unit,
            row.format,
            method.name(),
            row.time.as_secs_f64(),
            row.mutant
        );
        Ok(row)
    }

    /// For the report.
    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({
            "unit": self.unit, "format": self.format, "method": self.method.name(),
            "against": self.against, "cases": self.cases, "seconds": self.time.as_secs_f64(),
            "mutant": self.mutant,
        })
    }
}
