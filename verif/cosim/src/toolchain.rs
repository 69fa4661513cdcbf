//! [`Toolchain`]: Verilator and the C++ compiler, and how they are called.

use crate::{BuildError, Effort};
use olivine_tools::{MissingTool, Tool, Tools};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The prefix of the classes that Verilator writes.
pub(crate) const PREFIX: &str = "Vmodel";

/// What C++ files are compiled with. Symbols are hidden, so that models loaded together do not
/// take each other's.
const CXX_FLAGS: &[&str] = &[
    "-std=c++17",
    "-fPIC",
    "-fvisibility=hidden",
    "-pthread",
    "-w",
    "-DVERILATOR=1",
    "-DVM_COVERAGE=0",
    "-DVM_SC=0",
    "-DVM_TRACE=0",
    "-DVL_TIME_CONTEXT",
    "-DVL_IGNORE_UNKNOWN_ARCH",
];

/// How Verilator is called. The text it reads is lint-clean; what it still warns of (loops
/// through vectors, say) costs speed only.
const VERILATOR_FLAGS: &[&str] =
    &["--cc", "-O3", "--x-assign", "0", "--x-initial", "0", "-Wno-fatal", "--prefix", PREFIX];

/// The programs that make a model.
pub(crate) struct Toolchain {
    verilator: Tool,
    compiler: Tool,
    include: PathBuf,
    unique_symbols_off: bool,
    /// Tells one toolchain on one machine from others.
    pub(crate) identity: String,
}

impl Toolchain {
    pub(crate) fn find(tools: &Tools) -> Result<Self, BuildError> {
        let verilator = tools.verilator()?;
        let compiler = compiler(tools)?;
        let root = match verilator.variable("VERILATOR_ROOT") {
            Some(root) => PathBuf::from(root),
            None => root_of(&verilator)?,
        };
        let said = output(compiler.command().arg("--version"), &compiler)?;
        let identity = format!(
            "{}\n{said}\n{}\n{VERILATOR_FLAGS:?}{CXX_FLAGS:?}",
            verilator.version().unwrap_or_default(),
            processor()
        );
        let unique_symbols_off = !said.contains("clang");
        Ok(Self {
            verilator,
            compiler,
            include: root.join("include"),
            unique_symbols_off,
            identity,
        })
    }

    /// Makes C++ of `source` in `folder`.
    pub(crate) fn verilate(
        &self,
        folder: &Path,
        source: &str,
        top: &str,
    ) -> Result<(), BuildError> {
        let mut command = self.verilator.command();
        command.current_dir(folder).args(VERILATOR_FLAGS);
        command.args(["--top-module", top, "--Mdir", ".", source]);
        output(&mut command, &self.verilator).map(drop)
    }

    /// Starts compiling `source` in `folder` into an object file of its name.
    pub(crate) fn compile(
        &self,
        folder: &Path,
        source: &str,
        flags: &[&str],
    ) -> Result<Compilation<'_>, BuildError> {
        let mut command = self.compiler.command();
        command.current_dir(folder).args(CXX_FLAGS).args(flags);
        if self.unique_symbols_off {
            command.arg("-fno-gnu-unique");
        }
        command.arg("-I.").arg("-I").arg(&self.include).arg("-I").arg(self.include.join("vltstd"));
        command.args(["-c", source, "-o", &object_of(source)]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let child = command.spawn().map_err(BuildError::file(self.compiler.program()))?;
        Ok(Compilation { child, compiler: &self.compiler })
    }

    /// Links objects in `folder` and `runtime` into the shared library `name`.
    pub(crate) fn link(
        &self,
        folder: &Path,
        objects: &[String],
        runtime: &Path,
        name: &str,
    ) -> Result<(), BuildError> {
        let mut command = self.compiler.command();
        command.current_dir(folder).args(["-shared", "-pthread"]).args(objects).arg(runtime);
        command.args(["-o", name]);
        output(&mut command, &self.compiler).map(drop)
    }
}

/// A compiler at work.
pub(crate) struct Compilation<'a> {
    child: std::process::Child,
    compiler: &'a Tool,
}

impl Compilation<'_> {
    pub(crate) fn wait(self) -> Result<(), BuildError> {
        let program = self.compiler.program();
        let output = self.child.wait_with_output().map_err(BuildError::file(program))?;
        match output.status.success() {
            true => Ok(()),
            false => Err(refused(self.compiler, &output)),
        }
    }
}

/// The flags for what runs every cycle.
pub(crate) fn optimization(effort: Effort) -> &'static [&'static str] {
    match effort {
        Effort::Quick => &["-O1"],
        Effort::Full => &["-O3", "-march=native"],
    }
}

/// The object file of a source file.
pub(crate) fn object_of(source: &str) -> String {
    format!("{}.o", source.trim_end_matches(".cpp"))
}

fn compiler(tools: &Tools) -> Result<Tool, MissingTool> {
    let named = std::env::var("CXX").ok().filter(|name| !name.is_empty());
    let candidates = named.as_deref().into_iter().chain(["g++", "c++", "clang++"]);
    let mut found = candidates.filter_map(|name| tools.program(name).ok());
    found.next().ok_or_else(|| MissingTool {
        name: "g++".to_string(),
        how_to_install: "install a C++ compiler (on Debian: `apt install g++`), or set CXX to \
                         the name of one on PATH"
            .to_string(),
    })
}

/// `VERILATOR_ROOT` of an installation that knows it itself.
fn root_of(verilator: &Tool) -> Result<PathBuf, BuildError> {
    let said = output(verilator.command().args(["--getenv", "VERILATOR_ROOT"]), verilator)?;
    Ok(PathBuf::from(said.trim()))
}

/// Models are compiled for the processor at hand; a cache may move to another one.
fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let about = |line: &&str| line.starts_with("model name") || line.starts_with("flags");
    text.lines().filter(about).take(2).collect::<Vec<_>>().join("\n")
}

/// Runs a command to its end; what it wrote to standard output.
fn output(command: &mut Command, tool: &Tool) -> Result<String, BuildError> {
    let output = command.stdin(Stdio::null()).output().map_err(BuildError::file(tool.program()))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(refused(tool, &output)),
    }
}

fn refused(tool: &Tool, output: &std::process::Output) -> BuildError {
    let said = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    let complaint = match said.is_empty() {
        true => format!("(it said nothing and ended with {})", output.status),
        false => String::from_utf8_lossy(&said).into_owned(),
    };
    BuildError::Refused { tool: tool.name().to_string(), complaint }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_complaint_is_shown_whole() {
        let toolchain = Toolchain::find(&Tools::find()).unwrap_or_else(|e| panic!("{e}"));
        let folder = tempfile::tempdir().unwrap();
        let text = "module top;\n  wire a = missing_signal;\nendmodule\n";
        std::fs::write(folder.path().join("top.v"), text).unwrap();
        let error = toolchain.verilate(folder.path(), "top.v", "top").unwrap_err().to_string();
        assert!(error.starts_with("`verilator` refused"), "{error}");
        assert!(error.contains("top.v:2:12") && error.contains("missing_signal"), "{error}");
        std::fs::write(folder.path().join("bad.cpp"), "int x = y;\n").unwrap();
        let compilation = toolchain.compile(folder.path(), "bad.cpp", &[]).unwrap();
        let error = compilation.wait().unwrap_err().to_string();
        assert!(error.contains("bad.cpp:1") && error.contains("refused"), "{error}");
    }
}
