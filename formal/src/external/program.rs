//! Running a program of others for so long and no longer.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A program under way, which is ended with its children when this is dropped.
pub(super) struct Running(Child);

impl Running {
    /// Starts it in a group of its own, so that what it starts can be ended too.
    pub fn start(command: &mut Command) -> Result<Self, String> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let child = command.stdin(Stdio::null()).spawn();
        child.map(Self).map_err(|e| format!("it does not start: {e}"))
    }

    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.0.try_wait(), Ok(None))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        #[cfg(unix)]
        if !self.has_ended() {
            let group = format!("-{}", self.0.id());
            // It may have ended by itself in the meantime.
            let _ended = Command::new("kill").args(["-9", "--", &group]).status();
        }
        let _ended = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// What a program prints, if it ends soon after the limit.
pub(super) fn run(command: &mut Command, folder: &Path, limit: Duration) -> Result<String, String> {
    let out = folder.join("said.txt");
    let file = std::fs::File::create(&out).map_err(|e| format!("cannot write: {e}"))?;
    let start = Instant::now();
    let mut running =
        Running::start(command.current_dir(folder).stdout(file).stderr(Stdio::null()))?;
    while !running.has_ended() {
        if start.elapsed() >= limit {
            return Ok("the time limit is reached".to_string());
        }
        thread::sleep(Duration::from_millis(5));
    }
    std::fs::read_to_string(out).map_err(|e| format!("cannot read what it said: {e}"))
}
