//! Verilog writer: a validated [`Design`] as Verilog-2005 that a person can read and that
//! Verilator, Yosys and Icarus read alike.
//!
//! - One module per configuration, instances and arrays of instances kept, the author's names,
//!   the author's source line beside each statement.
//! - Every expression has the width of its value whatever stands around it, so that Verilog's
//!   context rules never change a result (see `expr.rs` for the argument).
//! - Each clock domain gives a module two ports that come first: `clk` and `rst` for the domain
//!   with the empty name, `clk_<name>` and `rst_<name>` for others; a reset that is active low has
//!   `_n` behind its name. One that is asynchronous stands in the sensitivity lists of the registers
//!   that it resets.
//! - Registers and memory words without an init value get none; see [`Undefined`] for everything
//!   the netlist leaves undefined.
//! - A module that is somebody else's is an instance of theirs; see [`BlackBoxes`].
//! - Properties stand as immediate assertions under `` `ifdef FORMAL ``.
//! - The same design always gives the same text.
//!
//! Invariant: nothing here changes a design. What could be written simpler is for a pass to
//! simplify.

mod array;
mod enums;
mod expr;
mod external;
mod instance;
mod literal;
mod liveness;
mod memory;
mod module;
mod names;
mod naming;
mod plan;
mod property;
mod public;
mod state;
mod text;

use names::Namer;
use olivine_netlist::{Design, Module};
pub use public::PublicRegister;

/// Verilator's lint rules that the text does not keep to, each with its reason; a Verilator
/// configuration file.
pub const VERILATOR_WAIVERS: &str = include_str!("waivers.vlt");

/// What is written where the netlist says *undefined*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Undefined {
    /// Whatever costs the least hardware: zero for [`Op::Undefined`](olivine_netlist::Op), the
    /// old word for an undefined collision, any word for an address past the depth. No init
    /// value is added.
    #[default]
    Free,
    /// Always zero, at power-up too: what engines give under their policy of the same name. For
    /// comparison in simulation; it may cost hardware.
    Zero,
    /// Verilog's `x`: shows what depends on it in a four-state simulator.
    Unknown,
}

/// What is written of a module that is somebody else's in Verilog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BlackBoxes {
    /// An instance of theirs, in a module of ours with our ports.
    #[default]
    Instances,
    /// The behavioural model, as if it were ours: for those who have not got theirs.
    Models,
}

/// How to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What is written for undefined values.
    pub undefined: Undefined,
    /// Whether properties are written.
    pub properties: bool,
    /// Whether source lines are noted as comments.
    pub comments: bool,
    /// Whether registers are marked for Verilator as readable from outside, and listed.
    pub public_registers: bool,
    /// What is written of modules that are somebody else's.
    pub black_boxes: BlackBoxes,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            undefined: Undefined::Free,
            properties: true,
            comments: true,
            public_registers: false,
            black_boxes: BlackBoxes::Instances,
        }
    }
}

/// The pins of a clock domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainPins {
    /// Name of the clock port.
    pub clock: String,
    /// Name of the reset port.
    pub reset: String,
    /// Whether the reset is active at 0.
    pub active_low: bool,
}

impl DomainPins {
    /// The expression that is true while the reset is active.
    pub fn active(&self) -> String {
        format!("{}{}", if self.active_low { "!" } else { "" }, self.reset)
    }

    /// The expression that is true while the reset is not active.
    pub fn inactive(&self) -> String {
        format!("{}{}", if self.active_low { "" } else { "!" }, self.reset)
    }
}

/// A design in Verilog, with the names that the outside needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verilog {
    /// The source text.
    pub text: String,
    /// Name of the top module.
    pub top: String,
    /// Names of the top module's ports, by `PortId`.
    pub ports: Vec<String>,
    /// Clock and reset ports of the top module, by `DomainId`.
    pub domains: Vec<DomainPins>,
    /// The registers of all instances, if [`Options::public_registers`] asks for them.
    pub registers: Vec<PublicRegister>,
}

impl Verilog {
    /// Writes a design that validation accepts.
    pub fn new(design: &Design, options: &Options) -> Self {
        let boundaries = boundaries(design);
        let opaque = |module: &Module| match options.black_boxes {
            BlackBoxes::Instances => module.external.clone(),
            BlackBoxes::Models => None,
        };
        let written = external::written(design, options.black_boxes);
        let mut text = String::new();
        let mut insides = Vec::new();
        for (i, module) in design.modules.iter().enumerate() {
            let plan = plan::Plan::new(design, module, &boundaries, i, options);
            let external = opaque(module);
            if written[i] {
                let module = match &external {
                    Some(external) => external::write(&plan, external),
                    None => module::write(&plan),
                };
                text.push_str(&module);
                text.push('\n');
            }
            insides.push(match external {
                Some(_) => public::Inside::default(),
                None => public::Inside::of(&plan),
            });
        }
        let text = format!("`default_nettype none\n\n{text}`default_nettype wire\n");
        let top = &boundaries[design.top.0 as usize];
        let registers = match options.public_registers {
            true => public::registers(design, &top.name, &insides),
            false => Vec::new(),
        };
        Self {
            text,
            top: top.name.clone(),
            ports: top.ports.clone(),
            domains: top.domains.clone(),
            registers,
        }
    }
}

/// The Verilog of a validated design, with the default [`Options`].
pub fn emit(design: &Design) -> String {
    Verilog::new(design, &Options::default()).text
}

/// What a module is called by those that place it.
pub(crate) struct Boundary {
    name: String,
    ports: Vec<String>,
    domains: Vec<DomainPins>,
}

fn boundaries(design: &Design) -> Vec<Boundary> {
    let mut modules = Namer::new();
    let theirs = design.modules.iter().filter_map(|m| m.external.as_ref());
    theirs.for_each(|external| drop(modules.claim(&external.name)));
    let of = |module: &Module| {
        let mut inside = Namer::new();
        let domains = module.domains.iter().map(|d| DomainPins {
            clock: inside.claim(&d.clock_name()),
            reset: inside.claim(&d.reset_name()),
            active_low: d.active_low(),
        });
        let domains = domains.collect();
        let ports = module.ports.iter().map(|p| inside.claim(&p.name)).collect();
        Boundary { name: modules.claim(&module.name), ports, domains }
    };
    design.modules.iter().map(of).collect()
}
