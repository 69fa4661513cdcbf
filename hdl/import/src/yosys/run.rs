//! Running Yosys.

use super::{ImportError, Options};
use olivine_tools::Tools;
use std::fs;

/// The name of the file that places speak of.
const FILE: &str = "verilog.v";

/// `prep; write_json` of a text. Registers before read ports stay registers: the waist says the
/// same with an asynchronous port.
pub(super) fn prep(
    text: &str,
    top: &str,
    options: &Options,
    tools: &Tools,
) -> Result<String, ImportError> {
    let formal = if options.formal { "-formal -DFORMAL" } else { "" };
    if !is_module_name(top) {
        return Err(ImportError::Yosys(format!("`{top}` is no name of a module")));
    }
    let script = format!(
        "from pyosys import libyosys as ys\nd = ys.Design()\n\
         ys.run_pass('tee -q -o log read_verilog {formal} {FILE}', d)\n\
         ys.run_pass('tee -q -a log prep -top {top}', d)\n\
         ys.run_pass('tee -q -a log write_json out.json', d)\n"
    );
    run(text, &script, tools)
}

pub(crate) fn is_module_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || "_$.".contains(c))
}

/// `write_json` of a text, the parameters of one of its modules set as the arguments of `chparam` say.
pub(crate) fn chosen(
    text: &str,
    module: &str,
    settings: &str,
    tools: &Tools,
) -> Result<String, ImportError> {
    // A text may have single quotes in it, though no double ones.
    let set = match settings.replace('\'', "\\'") {
        settings if settings.is_empty() => settings,
        settings => format!("ys.run_pass('tee -q -a log chparam {settings} {module}', d)\n"),
    };
    let script = format!(
        "from pyosys import libyosys as ys\nd = ys.Design()\n\
         ys.run_pass('tee -q -o log read_verilog {FILE}', d)\n{set}\
         ys.run_pass('tee -q -a log proc', d)\n\
         ys.run_pass('tee -q -a log write_json out.json', d)\n"
    );
    run(text, &script, tools)
}

/// Runs a script that makes `out.json` of the text.
fn run(text: &str, script: &str, tools: &Tools) -> Result<String, ImportError> {
    let broken = |e: std::io::Error| ImportError::Yosys(format!("it does not run: {e}"));
    let pyosys = tools.pyosys().map_err(ImportError::Missing)?;
    let folder = tempfile::tempdir().map_err(broken)?;
    fs::write(folder.path().join(FILE), text).map_err(broken)?;
    let output = pyosys.command().current_dir(&folder).args(["-c", script]).output();
    let output = output.map_err(broken)?;
    if !output.status.success() {
        let log = fs::read(folder.path().join("log")).unwrap_or_default();
        let said = [log, output.stdout, output.stderr].concat();
        return Err(ImportError::Yosys(reason(&String::from_utf8_lossy(&said))));
    }
    fs::read_to_string(folder.path().join("out.json")).map_err(broken)
}

/// The line that says it.
fn reason(said: &str) -> String {
    let line = said.lines().find(|line| line.contains("ERROR"));
    line.or(said.lines().last()).unwrap_or("no reason is given").trim().to_string()
}
