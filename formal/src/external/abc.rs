//! ABC's `pdr`, as Yosys brings it.

use super::program::run;
use super::{Answered, Claim, ExternalEngine, Question};
use olivine_tools::{MissingTool, Tools};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The program `yosys-abc`.
#[derive(Clone, Debug)]
pub struct Abc {
    program: PathBuf,
}

impl Abc {
    /// The one of the project's Python environment, else of `PATH`.
    ///
    /// # Errors
    /// There is none; what to install.
    pub fn find() -> Result<Self, MissingTool> {
        let program = Tools::find().yosys_abc()?.program().to_path_buf();
        Ok(Self { program })
    }
}

impl ExternalEngine for Abc {
    fn name(&self) -> String {
        "ABC pdr".to_string()
    }

    fn ask(&self, asked: &Question<'_>, limit: Duration) -> Result<Answered, String> {
        let folder = tempfile::tempdir().map_err(|e| format!("no folder to work in: {e}"))?;
        let write = std::fs::write(folder.path().join("system.aig"), asked.aiger().to_binary());
        write.map_err(|e| format!("cannot write the system: {e}"))?;
        let seconds = limit.as_secs().max(1);
        let script = format!("read_aiger system.aig; pdr -T {seconds} -d -I invariant.pla");
        let said = run(Command::new(&self.program).args(["-c", &script]), folder.path(), limit)?;
        if said.contains("Property proved") {
            let file = folder.path().join("invariant.pla");
            let excluded = std::fs::read_to_string(file).ok().and_then(|text| cubes(&text));
            return Ok(Answered::Never(excluded.map_or(Claim::Nothing, Claim::Excluded)));
        }
        let frame = said.split_once("was asserted in frame ").and_then(|(_, rest)| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("nothing");
        Ok(frame.map_or_else(|| Answered::Unknown(last.trim().to_string()), Answered::Once))
    }
}

/// The cubes of an invariant file: states that are never reached, by latch.
fn cubes(text: &str) -> Option<Vec<Vec<(usize, bool)>>> {
    let names = text.lines().find_map(|line| line.strip_prefix(".ilb"))?;
    let latches: Option<Vec<usize>> =
        names.split_whitespace().map(|name| name.strip_prefix("lo")?.parse().ok()).collect();
    let latches = latches?;
    let rows = text.lines().filter(|line| line.starts_with(['0', '1', '-']));
    let cube = |line: &str| {
        let pattern = line.split_whitespace().next()?;
        let literals = latches.iter().zip(pattern.chars()).filter_map(|(&latch, c)| match c {
            '0' => Some((latch, false)),
            '1' => Some((latch, true)),
            _ => None,
        });
        (pattern.len() == latches.len()).then(|| literals.collect())
    };
    rows.map(cube).collect()
}
