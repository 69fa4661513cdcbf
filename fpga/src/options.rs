//! [`Options`] of a build, and its [`Progress`].

use olivine_tools::Tools;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How to build.
#[derive(Clone, Debug)]
pub struct Options {
    /// What the artefacts are called after; the top module's name without it.
    pub name: Option<String>,
    /// Where the artefacts go; `target/olivine/fpga/<name>-<board>` without it.
    pub folder: Option<PathBuf>,
    /// The placer's seed.
    pub seed: u32,
    /// The clock to place and route for, in MHz, at least the board's; the board's without it.
    pub mhz: Option<f64>,
    /// Board pins for ports whose names differ: design port → board port.
    pub connect: BTreeMap<String, String>,
    /// Where the programs are searched.
    pub tools: Tools,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: None,
            folder: None,
            seed: 1,
            mhz: None,
            connect: BTreeMap::new(),
            tools: Tools::find(),
        }
    }
}

/// A step of the flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Writing Verilog, the board's wrapper and constraints.
    Emit,
    /// Yosys: from Verilog to the part's cells.
    Synthesize,
    /// nextpnr: cells to places, nets to wires; timing analysis.
    PlaceAndRoute,
    /// Bits for the part's configuration memory.
    Pack,
}

impl Stage {
    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Emit => "emit",
            Self::Synthesize => "synthesize",
            Self::PlaceAndRoute => "place and route",
            Self::Pack => "pack",
        }
    }
}

/// What a build is doing, told while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress<'a> {
    /// A stage begins.
    Begin(Stage),
    /// A line that the stage's program has printed.
    Line(Stage, &'a str),
}
