//! [`Model`]: from a design to a loaded library.

use crate::cache::Cache;
use crate::library::Library;
use crate::shim::shim;
use crate::toolchain::{Toolchain, object_of, optimization};
use crate::{BuildError, Verilated};
use olivine_emit::{PublicRegister, Verilog};
use olivine_interp::{Interface, PortInfo};
use olivine_netlist::{ClockDomain, Design};
use olivine_tools::Tools;
use olivine_trace::Signal;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// C++ files are joined until they have this many bytes: each file costs its headers again, and
/// each is compiled beside the others.
const UNIT_BYTES: u64 = 400_000;
/// The most files compiled at one time.
const JOBS_MAX: usize = 8;

/// How much work the C++ compiler puts into a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Effort {
    /// Ready early: for tests that simulate a little.
    Quick,
    /// Fast to run: `-O3` for the processor at hand.
    #[default]
    Full,
}

/// How to build.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How much the compiler optimizes.
    pub effort: Effort,
    /// Verilog of the modules that black boxes of the design are; without any, their behavioural models
    /// stand for them.
    pub black_boxes: Vec<String>,
    /// Whether registers can be read beside the ports; it costs speed.
    pub registers: bool,
    /// Where the tools are searched; by default as [`Tools::find`] says.
    pub tools: Option<Tools>,
    /// The cache folder; by default that of the crate's documentation.
    pub cache: Option<PathBuf>,
}

/// A design as a loaded library, of which simulations can be started.
#[derive(Clone)]
pub struct Model {
    pub(crate) library: Arc<Library>,
    pub(crate) interface: Interface,
    pub(crate) domains: Vec<ClockDomain>,
    /// Ports, then registers.
    pub(crate) signals: Vec<Signal>,
}

impl Model {
    /// Builds the model of a validated design, or takes it from the cache.
    ///
    /// # Errors
    /// See [`BuildError`].
    pub fn build(design: &Design, options: &Options) -> Result<Self, BuildError> {
        let tools = options.tools.clone().unwrap_or_else(Tools::find);
        let toolchain = Toolchain::find(&tools)?;
        let cache = match &options.cache {
            Some(folder) => Cache::at(folder.clone()),
            None => Cache::find(&tools),
        };
        let writing = olivine_emit::Options {
            undefined: olivine_emit::Undefined::Zero,
            properties: false,
            comments: false,
            public_registers: options.registers,
            black_boxes: match options.black_boxes.is_empty() {
                true => olivine_emit::BlackBoxes::Models,
                false => olivine_emit::BlackBoxes::Instances,
            },
        };
        let mut verilog = Verilog::new(design, &writing);
        options.black_boxes.iter().for_each(|text| verilog.text += text);
        let domains = design.top().domains.clone();
        let job = Job { toolchain: &toolchain, cache: &cache, effort: options.effort };
        let file = job.library(&verilog, &shim(&verilog, &domains))?;
        let interface = Interface::of(design);
        let registers = new_registers(&verilog, &interface);
        let pins = verilog.ports.len() + 2 * domains.len();
        let library = Arc::new(Library::load(&file, pins, &registers)?);
        let port =
            |p: &PortInfo| Signal { path: p.name.clone(), width: p.width, kind: p.kind.clone() };
        let register = |r: &&PublicRegister| Signal {
            path: r.path.clone(),
            width: r.width,
            kind: r.kind.clone(),
        };
        let signals =
            interface.ports.iter().map(port).chain(registers.iter().map(register)).collect();
        Ok(Self { library, interface, domains, signals })
    }

    /// A simulation at power-up.
    pub fn start(&self) -> Verilated {
        Verilated::start(self)
    }
}

/// The registers that have no port's name.
fn new_registers<'a>(verilog: &'a Verilog, interface: &Interface) -> Vec<&'a PublicRegister> {
    verilog.registers.iter().filter(|r| interface.find(&r.path).is_none()).collect()
}

struct Job<'a> {
    toolchain: &'a Toolchain,
    cache: &'a Cache,
    effort: Effort,
}

impl Job<'_> {
    /// The library's file.
    fn library(&self, verilog: &Verilog, shim: &str) -> Result<PathBuf, BuildError> {
        let effort = format!("{:?}", self.effort);
        let inputs = [self.toolchain.identity.as_str(), &effort, shim, &verilog.text];
        let folder = self.cache.folder("model", &inputs, |folder| {
            let work = folder.join("work");
            fs::create_dir(&work).map_err(BuildError::file(&work))?;
            write(&folder.join("model.v"), &verilog.text)?;
            write(&work.join("shim.cpp"), shim)?;
            self.toolchain.verilate(&work, "../model.v", &verilog.top)?;
            let objects = self.compile(&work)?;
            self.toolchain.link(&work, &objects, &self.runtime()?, "../model.so")?;
            fs::remove_dir_all(&work).map_err(BuildError::file(&work))
        })?;
        Ok(folder.join("model.so"))
    }

    /// Verilator's own part of every model, compiled once.
    fn runtime(&self) -> Result<PathBuf, BuildError> {
        let folder = self.cache.folder("runtime", &[&self.toolchain.identity], |folder| {
            let text = "#include \"verilated.cpp\"\n#include \"verilated_threads.cpp\"\n";
            write(&folder.join("runtime.cpp"), text)?;
            self.toolchain.compile(folder, "runtime.cpp", &["-O2"])?.wait()
        })?;
        Ok(folder.join("runtime.o"))
    }

    /// Compiles what Verilator wrote; the object files.
    fn compile(&self, work: &Path) -> Result<Vec<String>, BuildError> {
        let (rare, often): (Vec<_>, Vec<_>) =
            sources(work)?.into_iter().partition(|(name, _)| name.ends_with("Slow.cpp"));
        let rare = units(rare).into_iter().map(|unit| (unit, &["-O0"][..]));
        let often = units(often).into_iter().map(|unit| (unit, optimization(self.effort)));
        let units: Vec<_> = often.chain(rare).collect();
        let mut objects = Vec::new();
        for (batch, group) in units.chunks(jobs()).enumerate() {
            let mut running = Vec::new();
            for (i, (unit, flags)) in group.iter().enumerate() {
                let name = format!("unit{}.cpp", batch * jobs() + i);
                write(&work.join(&name), unit)?;
                running.push(self.toolchain.compile(work, &name, flags)?);
                objects.push(object_of(&name));
            }
            let ended: Vec<_> = running.into_iter().map(|compilation| compilation.wait()).collect();
            ended.into_iter().collect::<Result<(), _>>()?;
        }
        Ok(objects)
    }
}

fn jobs() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from).min(JOBS_MAX)
}

fn write(path: &Path, text: &str) -> Result<(), BuildError> {
    fs::write(path, text).map_err(BuildError::file(path))
}

/// The C++ files in a folder, with their sizes, by name.
fn sources(folder: &Path) -> Result<Vec<(String, u64)>, BuildError> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(BuildError::file(folder))? {
        let entry = entry.map_err(BuildError::file(folder))?;
        let size = entry.metadata().map_err(BuildError::file(folder))?.len();
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".cpp") {
            files.push((name, size));
        }
    }
    files.sort();
    Ok(files)
}

/// Files joined into units of compilation.
fn units(files: Vec<(String, u64)>) -> Vec<String> {
    let mut units = Vec::new();
    let (mut unit, mut bytes) = (String::new(), 0);
    for (name, size) in files {
        if bytes > 0 && bytes + size > UNIT_BYTES {
            units.push(std::mem::take(&mut unit));
            bytes = 0;
        }
        unit += &format!("#include \"{name}\"\n");
        bytes += size;
    }
    if !unit.is_empty() {
        units.push(unit);
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_files_share_a_unit() {
        let file = |name: &str, size| (name.to_string(), size);
        let joined = units(vec![file("a", 1), file("b", UNIT_BYTES), file("c", 2), file("d", 3)]);
        let lines: Vec<_> = joined.iter().map(|unit| unit.lines().count()).collect();
        assert_eq!(lines, [1, 1, 2]);
        assert_eq!(units(vec![]), Vec::<String>::new());
    }
}
