//! ABC's `pdr`, as Yosys brings it.

use super::{Answered, ExternalEngine};
use crate::aiger::Aiger;
use olivine_tools::{MissingTool, Tools};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

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

    fn ask(&self, system: &Aiger, limit: Duration) -> Result<Answered, String> {
        let folder = tempfile::tempdir().map_err(|e| format!("no folder to work in: {e}"))?;
        let write = std::fs::write(folder.path().join("system.aig"), system.to_binary());
        write.map_err(|e| format!("cannot write the system: {e}"))?;
        let seconds = limit.as_secs().max(1);
        let script = format!("read_aiger system.aig; pdr -T {seconds} -d -I invariant.pla");
        let said = run(Command::new(&self.program).args(["-c", &script]), folder.path(), limit)?;
        if said.contains("Property proved") {
            let file = folder.path().join("invariant.pla");
            let excluded = std::fs::read_to_string(file).ok().and_then(|text| cubes(&text));
            return Ok(Answered::Never { excluded });
        }
        let frame = said.split_once("was asserted in frame ").and_then(|(_, rest)| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        });
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("nothing");
        Ok(frame.map_or_else(|| Answered::Unknown(last.trim().to_string()), Answered::Once))
    }
}

/// What a program prints, if it ends soon after the limit.
fn run(command: &mut Command, folder: &std::path::Path, limit: Duration) -> Result<String, String> {
    let out = folder.join("said.txt");
    let file = std::fs::File::create(&out).map_err(|e| format!("cannot write: {e}"))?;
    let start = Instant::now();
    let mut child = command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("it does not start: {e}"))?;
    loop {
        match child.try_wait() {
            Ok(Some(_)) => break,
            Ok(None) if start.elapsed() < limit => thread::sleep(Duration::from_millis(5)),
            _ => {
                // It may have ended by itself in the meantime.
                let _ended = child.kill();
                let _reaped = child.wait();
                return Ok("the time limit is reached".to_string());
            }
        }
    }
    std::fs::read_to_string(out).map_err(|e| format!("cannot read what it said: {e}"))
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
