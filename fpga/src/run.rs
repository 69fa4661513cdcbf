//! Runs a program, keeps all it says in a log, and passes its lines on as progress.

use crate::files::Files;
use crate::{BuildError, Progress, Stage};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Lines of a log that are shown when none of them calls itself an error.
const LAST_LINES: usize = 5;

/// Runs `command` in the build's folder; an error unless it ends well.
pub(crate) fn run(
    tool: &'static str,
    mut command: Command,
    files: &Files,
    stage: Stage,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), BuildError> {
    let log = files.path(&format!("{tool}.log"));
    let failed = |message: String| BuildError::Tool { tool, message, log: log.clone() };
    let lines = match run_logged(&mut command, files.folder(), &log, stage, progress) {
        Ok((true, _)) => return Ok(()),
        Ok((false, lines)) => lines,
        Err(error) => return Err(failed(error.to_string())),
    };
    Err(failed(error_lines(&lines)))
}

fn run_logged(
    command: &mut Command,
    folder: &Path,
    log: &Path,
    stage: Stage,
    progress: &mut dyn FnMut(Progress),
) -> std::io::Result<(bool, Vec<String>)> {
    let mut log = File::create(log)?;
    let (reader, writer) = std::io::pipe()?;
    command.current_dir(folder).stdin(Stdio::null());
    let mut child = command.stdout(writer.try_clone()?).stderr(writer).spawn()?;
    // The command holds the pipe's writing ends; the reader ends when none is left.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut lines = Vec::new();
    for line in BufReader::new(reader).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).trim_end().to_string();
        writeln!(log, "{line}")?;
        progress(Progress::Line(stage, &line));
        lines.push(line);
    }
    Ok((child.wait()?.success(), lines))
}

/// What a program says is wrong: its lines with `error`, else its last ones.
fn error_lines(lines: &[String]) -> String {
    let said: Vec<&str> = lines.iter().map(String::as_str).filter(|l| !l.is_empty()).collect();
    let mut errors: Vec<&str> =
        said.iter().copied().filter(|l| l.to_lowercase().contains("error")).collect();
    if errors.is_empty() {
        errors = said[said.len().saturating_sub(LAST_LINES)..].to_vec();
    }
    if errors.is_empty() {
        errors.push("it said nothing");
    }
    errors.iter().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> (Result<(), BuildError>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::open(folder.path()).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let mut seen = Vec::new();
        let mut progress = |p: Progress| {
            if let Progress::Line(_, line) = p {
                seen.push(line.to_string());
            }
        };
        let result = run("sh", command, &files, Stage::Pack, &mut progress);
        let log = std::fs::read_to_string(files.path("sh.log")).unwrap();
        assert_eq!(log.lines().collect::<Vec<_>>(), seen);
        (result, seen)
    }

    #[test]
    fn both_outputs_are_seen_in_order() {
        let (result, seen) = shell("echo one; echo two >&2; echo three");
        assert!(result.is_ok());
        assert_eq!(seen, ["one", "two", "three"]);
    }

    #[test]
    fn a_failure_shows_its_error_lines() {
        let (result, _) = shell("echo noise; echo 'ERROR: no room'; echo more; exit 3");
        assert!(result.unwrap_err().to_string().starts_with("sh failed:\n  ERROR: no room\nits"));
    }

    #[test]
    fn a_silent_failure_shows_the_last_lines() {
        let (result, _) = shell("for i in 1 2 3 4 5 6 7; do echo line $i; done; exit 1");
        let text = result.unwrap_err().to_string();
        assert!(text.contains("  line 3\n") && !text.contains("line 2"), "{text}");
        let (result, _) = shell("kill -9 $$");
        assert!(result.unwrap_err().to_string().contains("it said nothing"));
    }
}
