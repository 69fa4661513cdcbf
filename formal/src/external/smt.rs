//! k-induction by solvers of SMT-LIB: one process looks for a run from the beginning, another for
//! one from anywhere, deeper and deeper.

use super::program::Running;
use super::{Answered, Claim, ExternalEngine, Question};
use crate::smt::{Begin, script};
use olivine_tools::{MissingTool, Tool, Tools};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A solver of SMT-LIB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SmtSolver {
    /// z3, as a program.
    Z3,
    /// bitwuzla, as a Python package.
    Bitwuzla,
    /// cvc5, as a Python package.
    Cvc5,
}

impl SmtSolver {
    /// All, by their names on the command line.
    pub const NAMED: [(&'static str, Self); 3] =
        [("z3", Self::Z3), ("bitwuzla", Self::Bitwuzla), ("cvc5", Self::Cvc5)];

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::NAMED[self as usize].0
    }

    /// The one of the peers' folder, else of the project's Python environment or `PATH`.
    ///
    /// # Errors
    /// There is none; what to do.
    pub fn find(self) -> Result<Tool, MissingTool> {
        match self {
            Self::Z3 => Tools::find().peer("z3"),
            Self::Bitwuzla | Self::Cvc5 => Tools::find().peer_module(self.name()),
        }
    }

    /// A command that reads a script and prints each answer as it comes.
    pub fn command(self, tool: &Tool, script: &Path) -> Command {
        const BITWUZLA: &str = "\
import sys, bitwuzla
options = bitwuzla.Options()
parser = bitwuzla.Parser(bitwuzla.TermManager(), options, 'smt2')
parser.parse(sys.argv[1])";
        const CVC5: &str = "\
import sys, cvc5
solver = cvc5.Solver(cvc5.TermManager())
solver.setOption('incremental', 'true')
parser = cvc5.InputParser(solver)
parser.setFileInput(cvc5.InputLanguage.SMT_LIB_2_6, sys.argv[1])
while not (command := parser.nextCommand()).isNull():
    print(command.invoke(solver, parser.getSymbolManager()), end='', flush=True)";
        let mut command = tool.command();
        match self {
            Self::Z3 => {}
            Self::Bitwuzla => _ = command.args(["-c", BITWUZLA]),
            Self::Cvc5 => _ = command.args(["-c", CVC5]),
        }
        command.arg(script);
        command
    }
}

/// k-induction by a solver.
#[derive(Clone, Debug)]
pub struct SmtInduction {
    solver: SmtSolver,
    tool: Tool,
}

/// Deeper nobody looks.
const DEPTHS: u32 = 40;

impl SmtInduction {
    /// With the solver that [`SmtSolver::find`] finds.
    ///
    /// # Errors
    /// There is none; what to do.
    pub fn find(solver: SmtSolver) -> Result<Self, MissingTool> {
        Ok(Self { solver, tool: solver.find()? })
    }

    fn start(&self, folder: &Path, name: &str, text: &str) -> Result<Asking, String> {
        let script = folder.join(format!("{name}.smt2"));
        let said = folder.join(format!("{name}.txt"));
        std::fs::write(&script, text).map_err(|e| format!("cannot write: {e}"))?;
        let out = std::fs::File::create(&said).map_err(|e| format!("cannot write: {e}"))?;
        let mut command = self.solver.command(&self.tool, &script);
        let running = Running::start(command.stdout(out).stderr(Stdio::null()))?;
        Ok(Asking { running, said })
    }
}

/// A process that answers depth by depth.
struct Asking {
    running: Running,
    said: PathBuf,
}

impl Asking {
    /// The answers so far, and whether more may come.
    fn answers(&mut self) -> Result<(Vec<bool>, bool), String> {
        let ended = self.running.has_ended();
        let text = std::fs::read_to_string(&self.said)
            .map_err(|e| format!("cannot read what it said: {e}"))?;
        let mut answers = Vec::new();
        for line in text.lines() {
            match line.trim() {
                "sat" => answers.push(true),
                "unsat" => answers.push(false),
                other => return Err(other.to_string()),
            }
        }
        Ok((answers, !ended))
    }
}

impl ExternalEngine for SmtInduction {
    fn name(&self) -> String {
        format!("{}, k-induction", self.solver.name())
    }

    fn ask(&self, asked: &Question<'_>, limit: Duration) -> Result<Answered, String> {
        let begin = Instant::now();
        let folder = tempfile::tempdir().map_err(|e| format!("no folder to work in: {e}"))?;
        let model = asked.btor2();
        let depths = DEPTHS + model.edges_before();
        let first = script(&model, Begin::First, depths);
        let anywhere = script(&model, Begin::Anywhere, DEPTHS);
        let mut base = self.start(folder.path(), "base", &first)?;
        let mut step = self.start(folder.path(), "step", &anywhere)?;
        loop {
            let (reached, base_goes_on) = base.answers()?;
            if let Some(depth) = reached.iter().position(|&sat| sat) {
                // The bit-level form has a step before the first, if there is none under reset.
                let lead = u32::from(model.edges_before() == 0);
                return Ok(Answered::Once(depth as u32 + lead));
            }
            let (left, step_goes_on) = step.answers()?;
            if let Some(k) = left.iter().position(|&sat| !sat)
                && reached.len() >= k + model.edges_before() as usize
            {
                return Ok(Answered::Never(Claim::Induction { k: k as u32 }));
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
