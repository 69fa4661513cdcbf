//! Verilator's side: models built with `-O3 -march=native`, one thread, each a program that says
//! its checksum and its CPU time.

use super::memory;
use olivine_tools::Tool;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// The harness: two cycles of reset, then so many without.
const HARNESS: &str = r#"
#include "Vbench.h"
#include "verilated.h"
#include <cstdio>
#include <cstdlib>
#include <ctime>
static double now() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec + 1e-9 * t.tv_nsec;
}
double sc_time_stamp() { return 0; }
int main(int argc, char** argv) {
    long cycles = atol(argv[1]);
    VerilatedContext context;
    Vbench top{&context};
    top.seed = strtoul(argv[2], nullptr, 0);
    auto tick = [&] { top.CLK = 1; top.eval(); top.CLK = 0; top.eval(); };
    top.CLK = 0;
    top.RST = 1;
    top.eval();
    tick();
    tick();
    top.RST = 0;
    double start = now();
    for (long i = 0; i < cycles; i++) tick();
    double seconds = now() - start;
    printf("%u %.9f\n", (unsigned)top.chk, seconds);
    top.final();
    return 0;
}
"#;

/// What to build a model of.
#[derive(Clone)]
pub struct Source {
    /// Whose text it is.
    pub name: &'static str,
    /// Verilog, or files of it.
    pub files: Vec<PathBuf>,
    /// The top module.
    pub top: String,
    /// A parameter of the top.
    pub parameter: Option<String>,
    /// Clock and reset.
    pub pins: (String, String),
}

/// A built model.
pub struct Model {
    /// Whose text it is of.
    pub source: &'static str,
    /// Verilator's version.
    pub version: String,
    program: PathBuf,
    /// Seconds that the build took.
    pub build: f64,
    /// MiB of the largest process of the build.
    pub build_memory: Option<f64>,
}

/// One run.
#[derive(Clone, Copy, Debug)]
pub struct Ran {
    /// Of all sums.
    pub checksum: u32,
    /// CPU time of the cycles.
    pub seconds: f64,
}

impl Model {
    /// Builds a model from nothing, in a folder of its own.
    pub fn build(tool: &Tool, folder: &Path, source: Source) -> Result<Self, String> {
        let failed = |e: std::io::Error| format!("{}: {e}", folder.display());
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(failed)?;
        }
        fs::create_dir_all(folder).map_err(failed)?;
        let harness = folder.join("harness.cpp");
        let pins = format!("#define CLK {}\n#define RST {}\n", source.pins.0, source.pins.1);
        fs::write(&harness, format!("{pins}{HARNESS}")).map_err(failed)?;
        let start = Instant::now();
        let mut command = tool.command();
        command.args(["--cc", "--exe", "--build", "-O3", "--noassert", "-Wno-fatal"]);
        command.args(["--x-assign", "fast", "--x-initial", "fast", "--prefix", "Vbench"]);
        command.args(["-CFLAGS", "-O3 -march=native", "-MAKEFLAGS"]);
        command.arg("CFG_CXXFLAGS_PCH_I=-include OPT_FAST=-O3 OPT_SLOW=-O1");
        command.args(["--top-module", &source.top]);
        command.args(source.parameter.map(|p| format!("-G{p}")));
        command.arg("--Mdir").arg(folder.join("obj")).args(["-o", "model"]);
        command.args(&source.files).arg(&harness);
        let (log, build_memory) = memory::measured(&command)?;
        if !log.status.success() {
            let text = String::from_utf8_lossy(&log.stderr);
            return Err(format!("Verilator on the {} text: {text}", source.name));
        }
        let build = start.elapsed().as_secs_f64();
        let version = tool.version().unwrap_or_else(|| "?".into());
        let program = folder.join("obj/model");
        Ok(Self { source: source.name, version, program, build, build_memory })
    }

    /// MiB of the largest process of the build or of a run.
    pub fn memory(&self) -> Result<Option<f64>, String> {
        let mut run = Command::new(&self.program);
        run.args(["1000", "1"]);
        let (_, of_run) = memory::measured(&run)?;
        Ok(self.build_memory.zip(of_run).map(|(build, run)| build.max(run)))
    }

    /// Runs it.
    pub fn run(&self, cycles: u64, seed: u32) -> Result<Ran, String> {
        let output = Command::new(&self.program)
            .args([cycles.to_string(), seed.to_string()])
            .output()
            .map_err(|e| format!("{}: {e}", self.program.display()))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let mut words = text.split_whitespace();
        let checksum = words.next().and_then(|w| w.parse().ok());
        let seconds = words.next().and_then(|w| w.parse().ok());
        match (checksum, seconds) {
            (Some(checksum), Some(seconds)) => Ok(Ran { checksum, seconds }),
            _ => Err(format!("{} said `{text}`", self.program.display())),
        }
    }
}
