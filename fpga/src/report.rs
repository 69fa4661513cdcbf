//! [`BuildReport`]: what the tools measured.

use crate::CriticalPath;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;

/// What the tools measured. Its JSON form is `report.json` in the build's folder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BuildReport {
    /// Version of this form: 1.
    pub format: u32,
    /// What the build was called.
    pub design: String,
    /// Digest of the netlist, places left out.
    pub design_digest: String,
    /// The board.
    pub board: String,
    /// The part's order code.
    pub part: String,
    /// The placer's seed.
    pub seed: u32,
    /// The programs that made it.
    pub tools: Vec<ToolVersion>,
    /// Every resource that the part has.
    pub utilization: Vec<Utilization>,
    /// Every clock that drives something.
    pub clocks: Vec<ClockReport>,
    /// The slowest way between each pair of clocks, and to and from pins.
    pub critical_paths: Vec<CriticalPath>,
    /// The file to load into the board.
    pub bitstream: PathBuf,
    /// SHA-256 of the bitstream.
    pub bitstream_digest: String,
    /// How long it took: the only part that differs from run to run.
    pub seconds: Seconds,
}

/// A program that took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolVersion {
    /// Its name.
    pub name: String,
    /// Its version, `unknown` if it does not tell.
    pub version: String,
}

/// How much of a resource is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Utilization {
    /// The vendor's name: `TRELLIS_COMB` (look-up tables), `TRELLIS_FF`, `MULT18X18D`, ….
    pub resource: String,
    /// By the design.
    pub used: u64,
    /// In the part.
    pub available: u64,
}

/// A clock's constraint against what was reached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClockReport {
    /// The clock.
    pub clock: String,
    /// What it must run at.
    pub constraint_mhz: f64,
    /// What it can run at.
    pub fmax_mhz: f64,
    /// Whether that suffices.
    pub met: bool,
}

/// Wall-clock seconds of each stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Seconds {
    /// Yosys.
    pub synthesize: f64,
    /// nextpnr.
    pub place_and_route: f64,
    /// The packer.
    pub pack: f64,
}

impl BuildReport {
    /// Whether every clock runs as fast as it must. A report without a clock proves nothing, and
    /// is not met.
    pub fn timing_met(&self) -> bool {
        !self.clocks.is_empty() && self.clocks.iter().all(|clock| clock.met)
    }

    /// How much of a resource is used, by the vendor's name.
    pub fn used(&self, resource: &str) -> Option<&Utilization> {
        self.utilization.iter().find(|u| u.resource == resource)
    }

    /// One line on the clocks, and one on the slowest way between two edges of them.
    pub fn timing(&self) -> String {
        let mut lines: Vec<String> = self.clocks.iter().map(ClockReport::to_string).collect();
        if lines.is_empty() {
            lines.push("the tools saw no clock".into());
        }
        let paths = self.critical_paths.iter();
        let between = paths.filter(|p| !p.from.contains("async") && !p.to.contains("async"));
        if let Some(path) = between.max_by(|a, b| a.delay_ns.total_cmp(&b.delay_ns)) {
            let (first, last) = path.ends();
            lines.push(format!(
                "critical path {:.2} ns ({:.2} in {} cells, {:.2} in wires): {first} → {last}",
                path.delay_ns,
                path.logic_ns,
                path.levels(),
                path.routing_ns
            ));
            let mut places: Vec<&str> =
                path.steps.iter().filter_map(|step| step.place.as_deref()).collect();
            places.dedup();
            if !places.is_empty() {
                lines.push(format!("  by way of {}", places.join(", ")));
            }
        }
        lines.join("\n")
    }
}

impl fmt::Display for ClockReport {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let verdict = if self.met { "met" } else { "NOT met" };
        let Self { clock, constraint_mhz, fmax_mhz, .. } = self;
        write!(f, "{clock}: {constraint_mhz:.2} MHz asked, {fmax_mhz:.2} MHz reached: {verdict}")
    }
}

impl fmt::Display for BuildReport {
    /// The report for people: a table of what is used, then the timing.
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Self { design, board, part, seed, .. } = self;
        writeln!(f, "{design} on {board} ({part}), seed {seed}\n")?;
        writeln!(f, "{:<16}{:>8}{:>12}{:>9}", "resource", "used", "available", "share")?;
        for Utilization { resource, used, available } in
            self.utilization.iter().filter(|u| u.used > 0)
        {
            let share = 100.0 * *used as f64 / *available as f64;
            writeln!(f, "{resource:<16}{used:>8}{available:>12}{share:>7.1} %")?;
        }
        writeln!(f, "\n{}\n\nbitstream {}", self.timing(), self.bitstream.display())?;
        let tools = self.tools.iter().map(|tool| format!("{} {}", tool.name, tool.version));
        writeln!(f, "tools     {}", tools.collect::<Vec<_>>().join(", "))?;
        let Seconds { synthesize, place_and_route, pack } = self.seconds;
        write!(
            f,
            "seconds   synthesize {synthesize:.1}, place and route {place_and_route:.1}, pack \
             {pack:.1}"
        )
    }
}
