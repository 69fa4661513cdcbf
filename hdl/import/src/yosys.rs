//! Verilog through Yosys.

mod arrays;
mod beside;
mod cells;
mod clocks;
mod divide;
mod instances;
mod json;
mod memory;
mod module;
mod properties;
mod reset;
mod run;
mod select;
mod shift;
mod state;

pub(crate) use run::{chosen, is_module_name};

use olivine_netlist::{Design, Fault, Faults, Module, ModuleId};
use olivine_tools::{MissingTool, Tools};
use std::fmt;

/// How to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether ports named like resets are the resets of their domains. Without it they are
    /// ordinary inputs.
    pub resets: bool,
    /// Whether `` `FORMAL `` is defined: assertions, assumptions and covers are read.
    pub formal: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { resets: true, formal: false }
    }
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// Yosys is not there.
    Missing(MissingTool),
    /// Yosys refuses the text; its own words.
    Yosys(String),
    /// What was read is no design.
    Faults(Faults),
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(missing) => missing.fmt(f),
            Self::Yosys(said) => write!(f, "Yosys cannot read this Verilog: {said}"),
            Self::Faults(faults) => faults.fmt(f),
        }
    }
}

impl std::error::Error for ImportError {}

/// The design that Verilog text describes, with the module `top` outermost. Places name the file
/// `verilog.v`.
///
/// # Errors
/// Yosys is missing or refuses the text; see also [`yosys_json`].
///
/// ```
/// use olivine_import::{Options, verilog};
/// use olivine_tools::Tools;
///
/// let text = "module inverter (input [3:0] a, output [3:0] y); assign y = ~a; endmodule";
/// let design = verilog(text, "inverter", &Options::default(), &Tools::find())?;
/// assert_eq!(design.top().ports[1].name, "y");
/// # Ok::<(), olivine_import::ImportError>(())
/// ```
pub fn verilog(
    text: &str,
    top: &str,
    options: &Options,
    tools: &Tools,
) -> Result<Design, ImportError> {
    let json = run::prep(text, top, options, tools)?;
    yosys_json(&json, options).map_err(ImportError::Faults)
}

/// The design in the JSON that Yosys' `write_json` writes after `prep`.
///
/// # Errors
/// Every fault of the text; those of the design, if it is none.
pub fn yosys_json(text: &str, options: &Options) -> Result<Design, Faults> {
    match read(text, options) {
        Err(Refused { doubtful: true, .. }) => {
            let options = Options { resets: false, ..options.clone() };
            read(text, &options).map_err(|refused| refused.faults)
        }
        read => read.map_err(|refused| refused.faults),
    }
}

/// A text that is not read.
struct Refused {
    faults: Faults,
    /// What is wrong is that a reset which is asynchronous, or active low, is more than that: then it
    /// is an input that only looked like one.
    doubtful: bool,
}

impl From<Faults> for Refused {
    fn from(faults: Faults) -> Self {
        Self { faults, doubtful: false }
    }
}

fn read(text: &str, options: &Options) -> Result<Design, Refused> {
    let fault = |fault| Faults { faults: vec![fault], files: Vec::new() };
    let mut source = json::read(text).map_err(fault)?;
    let mut log = Log::default();
    let clocks = clocks::find(&mut source, options, &mut log);
    let mut modules: Vec<Module> = Vec::new();
    for (index, module) in source.modules.iter().enumerate() {
        let built = module::build(module, &clocks, index, &modules, &mut log);
        modules.push(built);
    }
    unique(&mut modules);
    let resets = clocks.iter().flatten().filter_map(|clock| clock.reset.as_ref());
    let unusual = resets.map(|reset| reset.manner()).any(|manner| manner != Default::default());
    if !log.faults.is_empty() {
        let about_resets = |fault: &Fault| matches!(fault.code, "I012" | "I013");
        let doubtful = unusual && log.faults.iter().all(about_resets);
        return Err(Refused { faults: Faults { faults: log.faults, files: log.files }, doubtful });
    }
    let design = Design { modules, top: ModuleId(source.top as u32), files: log.files };
    if let Err(faults) = design.validate() {
        // Modules that are placed under resets of several manners do not fit all of them.
        let doubtful = unusual && faults.iter().all(|fault| fault.code == "N054");
        return Err(Refused { faults: Faults::new(&design, faults), doubtful });
    }
    Ok(design)
}

/// Module names that became one are told apart.
fn unique(modules: &mut [Module]) {
    let mut names = crate::names::Names::default();
    modules.iter_mut().for_each(|m| m.name = names.claim(&m.name, None));
}

/// What is gathered on the way.
#[derive(Default)]
pub(crate) struct Log {
    files: Vec<String>,
    faults: Vec<Fault>,
    /// For each module that was read: what its ports were called in the text, by their names here.
    ports: Vec<std::collections::HashMap<String, String>>,
}

impl Log {
    /// The place in an attribute `src`: the first of `file.v:12.3-14.5|other.v:…`.
    fn place(&mut self, src: &str) -> olivine_netlist::Place {
        json::place(src, &mut self.files)
    }

    fn fault(
        &mut self,
        code: &'static str,
        src: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let place = self.place(src);
        self.faults.push(Fault::new(code, place, message, help));
    }
}
