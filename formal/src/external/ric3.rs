//! rIC3, an IC3 of today, as a program apart.

use super::program::run;
use super::{Answered, Claim, ExternalEngine, Question};
use olivine_tools::{MissingTool, Tool, Tools};
use std::time::Duration;

/// The program `rIC3`, its IC3 with dynamic generalization.
#[derive(Clone, Debug)]
pub struct Ric3 {
    tool: Tool,
}

impl Ric3 {
    /// The one of the peers' folder, else of `PATH`.
    ///
    /// # Errors
    /// There is none; what to do.
    pub fn find() -> Result<Self, MissingTool> {
        Ok(Self { tool: Tools::find().peer("rIC3")? })
    }
}

impl ExternalEngine for Ric3 {
    fn name(&self) -> String {
        "rIC3".to_string()
    }

    fn ask(&self, asked: &Question<'_>, limit: Duration) -> Result<Answered, String> {
        let folder = tempfile::tempdir().map_err(|e| format!("no folder to work in: {e}"))?;
        let write = std::fs::write(folder.path().join("system.aig"), asked.aiger().to_binary());
        write.map_err(|e| format!("cannot write the system: {e}"))?;
        let mut command = self.tool.command();
        command.args(["--engine", "ic3", "--ic3-dynamic", "system.aig", "certificate"]);
        let said = run(&mut command, folder.path(), limit)?;
        let certificate = std::fs::read(folder.path().join("certificate"));
        if said.contains("result: safe") {
            let claim = certificate.map_or(Claim::Nothing, Claim::Circuit);
            return Ok(Answered::Never(claim));
        }
        if said.contains("result: unsafe") {
            // Its witness has a line for each step, behind three others and before the last.
            let lines = certificate.map_or(0, |file| file.split(|&b| b == b'\n').count());
            return Ok(Answered::Once((lines as u32).saturating_sub(6)));
        }
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("nothing");
        Ok(Answered::Unknown(last.trim().to_string()))
    }
}
