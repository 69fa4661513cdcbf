//! Memory: the largest process of a command and of all that it starts.

use std::ffi::OsString;
use std::process::{Command, ExitCode, Output};

/// What the last line of standard error begins with.
const SAID: &str = "largest process, KiB: ";

/// Runs a command as another process of this program does it; the output, and how many MiB its
/// largest process had in memory at most, where that is known.
pub fn measured(command: &Command) -> Result<(Output, Option<f64>), String> {
    let program = command.get_program();
    let failed = |e: std::io::Error| format!("{}: {e}", program.to_string_lossy());
    let own = std::env::current_exe().map_err(failed)?;
    let mut wrapped = Command::new(own);
    wrapped.arg("--measured").arg(program).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => wrapped.env(name, value),
            None => wrapped.env_remove(name),
        };
    }
    let mut output = wrapped.output().map_err(failed)?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let (rest, said) = text.rsplit_once(SAID).unwrap_or((&text, ""));
    output.stderr = rest.as_bytes().to_vec();
    Ok((output, said.trim().parse().ok().map(|kib: f64| kib / 1024.0)))
}

/// What the other process does: runs the command, hands on its exit code, and says how large it
/// was.
pub fn run(command: &[OsString]) -> ExitCode {
    let [program, arguments @ ..] = command else { return ExitCode::from(2) };
    match Command::new(program).args(arguments).status() {
        Ok(status) => {
            largest_child().into_iter().for_each(|kib| eprintln!("{SAID}{kib}"));
            ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
        }
        Err(error) => {
            eprintln!("{}: {error}", program.to_string_lossy());
            ExitCode::FAILURE
        }
    }
}

/// KiB of the largest process that was waited for, and that such a one waited for.
#[cfg(target_os = "linux")]
fn largest_child() -> Option<i64> {
    #[repr(C)]
    struct Usage {
        times: [i64; 4],
        largest: i64,
        others: [i64; 13],
    }
    unsafe extern "C" {
        fn getrusage(who: i32, usage: *mut Usage) -> i32;
    }
    const CHILDREN: i32 = -1;
    let mut usage = Usage { times: [0; 4], largest: 0, others: [0; 13] };
    // SAFETY: the structure is that of 64-bit Linux, which writes nothing else.
    let failed = unsafe { getrusage(CHILDREN, &mut usage) } != 0;
    (!failed).then_some(usage.largest)
}

/// Not known on other systems.
#[cfg(not(target_os = "linux"))]
fn largest_child() -> Option<i64> {
    None
}
